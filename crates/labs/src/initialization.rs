//! Initialisation: zeros, large random numbers, He. What the first weights do to learning.

use nablab_data::{Generator, Parts};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Hidden, Init, Layout, Loss, Optimizer, Precision, Seed, Settings};
use nablab_report::figure::Rectangle;
use nablab_report::{Block, Lang, counted, number};

use crate::curve::{Steps, overlay_figure};
use crate::experiment::Experiment;
use crate::record::{Item, LabRecord, Summary};
use crate::summary::{Measure, compared, ranked, summarize};
use crate::training_items::{
    add_predictions, boundary_item, data_item, predictions_item, probability_figures, training_item,
};
use crate::turned::turned;
use crate::variant::{Run, Shown, Variant};
use crate::{Knobs, Lab, LabError, own_data, symmetry};

const STEPS: Steps =
    Steps { every: 1000, label: "iterations (per hundreds)", unit: "iterations", equals: "=" };
const VIEW: Rectangle = Rectangle { x: (-1.5, 1.5), y: (-1.5, 1.5) };
/// Seed of the weights in the course.
const SEED: u32 = 3;
/// A network that always gives the same answer may be right by this much more than the larger class.
const NOTHING_LEARNED: f64 = 0.02;

/// The variant that other initial weights are looked at beside.
const BEST: &str = "he";

/// A variant and its items in the course.
struct Course {
    key: &'static str,
    en: &'static str,
    zh: &'static str,
    init: Init,
    /// Layers of the printed parameters.
    layers: &'static [usize],
    parameters: &'static str,
    training: &'static str,
    predictions: Option<&'static str>,
    boundary: &'static str,
    title: &'static str,
}

const COURSE: [Course; 3] = [
    Course {
        key: "zeros",
        en: "Zeros",
        zh: "全零初始化",
        init: Init::Zeros,
        layers: &[3, 2, 1],
        parameters: "initialization.2",
        training: "initialization.3",
        predictions: Some("initialization.4"),
        boundary: "initialization.5",
        title: "Model with Zeros initialization",
    },
    Course {
        key: "random",
        en: "Random × 10",
        zh: "10 倍随机初始化",
        init: Init::Normal { scale: 10.0 },
        layers: &[3, 2, 1],
        parameters: "random-initialization.1",
        training: "random-initialization.2",
        predictions: Some("random-initialization.3"),
        boundary: "random-initialization.4",
        title: "Model with large random initialization",
    },
    Course {
        key: "he",
        en: "He",
        zh: "He 初始化",
        init: Init::He,
        layers: &[2, 4, 1],
        parameters: "he-initialization.1",
        training: "he-initialization.2",
        predictions: None,
        boundary: "he-initialization.3",
        title: "Model with He initialization",
    },
];

/// Circles as in the course: 300 to learn from, 100 to judge on.
pub(crate) fn plan(data: Option<&Parts>, knobs: &Knobs) -> Result<Experiment, LabError> {
    let circles = |samples, seed| Generator::Circles { samples, noise: 0.05, factor: 0.8, seed }.generate();
    let own = || Ok(Parts { train: circles(300, 1)?, test: Some(circles(100, 2)?) });
    let (data, differences) = own_data::given_or(data, own)?;
    let variant = |course: &Course| {
        let shown =
            Shown { item: course.training, prefix: "", title: course.title, steps: STEPS, view: VIEW };
        let names = (course.key, course.en, course.zh);
        let variant = Variant::new(names, settings(course.init), shown)?;
        Ok(Variant { own: (course.key != BEST).then_some("init"), ..variant })
    };
    let variants = COURSE.iter().map(variant).collect::<Result<_, LabError>>()?;
    Experiment::new(Lab::Initialization, data, differences, variants).with(knobs)
}

/// 2-10-5-1, gradient descent on all examples, rate 0.01, 15000 iterations.
fn settings(init: Init) -> Settings {
    Settings {
        hidden: vec![Hidden::relu(10), Hidden::relu(5)],
        loss: Loss::SigmoidCrossEntropyDirect,
        init,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.01,
        epochs: 15_000,
        seed: Seed::Course { weights: SEED, dropout: 0, shuffle: 0 },
        precision: Precision::F64,
        ..Settings::default()
    }
}

/// The items of the course, and the summary.
pub(crate) fn record(experiment: &Experiment, lang: Lang) -> LabRecord {
    let circles = lang.choose(
        "Two noisy circles, one inside the other: scikit-learn's `make_circles` with noise 0.05, seed 1 for \
         the 300 training points and seed 2 for the 100 test points, the same bits as NumPy's.",
        "两个带噪声的同心圆：与 scikit-learn 的 `make_circles`（noise=0.05）逐位相同；300 个训练点用种子 1，\
         100 个测试点用种子 2。",
    );
    let (name, source) = match experiment.has_own_data() {
        true => own_data::source(lang),
        false => (lang.choose("two circles", "两个同心圆"), circles),
    };
    let mut items = vec![data_item("initialization.1", name, source, experiment, lang)];
    for course in &COURSE {
        items.push(parameters_item(course, lang));
        let mut training = training_item(course.key, experiment, lang);
        explain_curve(&mut training, experiment, course, lang);
        match course.predictions {
            Some(id) => items.extend([training, predictions_item(id, course.key, experiment, lang)]),
            None => {
                add_predictions(&mut training, experiment.run(course.key).1);
                items.push(training);
            }
        }
        items.push(boundary_item(course.boundary, course.key, experiment, lang));
    }
    let turned = turned(experiment, Measure::accuracy(experiment), statements, lang);
    LabRecord { turned, ..LabRecord::new(experiment, items, summary(experiment, lang), lang) }
}

fn summary(experiment: &Experiment, lang: Lang) -> Summary {
    let figures =
        vec![Block::Figures(vec![overlay_figure(experiment, lang)]), probability_figures(experiment, lang)];
    summarize(experiment, Measure::accuracy(experiment), statements(experiment, lang), figures, lang)
}

/// The parameters the course prints, of a network small enough to print.
fn parameters_item(course: &Course, lang: Lang) -> Item {
    let name = lang.choose(course.en, course.zh);
    let title = lang.choose(format!("Initial parameters: {name}"), format!("初始参数：{name}"));
    let mut item = Item::new(course.parameters, &title, true);
    let layout = Layout::dense(course.layers);
    let mut params = vec![0.0; layout.len()];
    course.init.fill(&layout, &mut NumpyRng::new(SEED), &mut params);
    let sizes: Vec<_> = course.layers.iter().map(usize::to_string).collect();
    let sizes = sizes.join("-");
    item.paragraph(match course.init {
        Init::Zeros => lang.choose(
            format!("A network {sizes} whose weights and biases are all 0."),
            format!("{sizes} 网络，权重与偏置全为 0。"),
        ),
        Init::He => lang.choose(
            format!(
                "A network {sizes}: Gaussian numbers (seed {SEED}) times √(2 / inputs of the layer), biases 0."
            ),
            format!("{sizes} 网络：高斯随机数（种子 {SEED}）乘以 √(2 / 上一层单元数)，偏置为 0。"),
        ),
        _ => lang.choose(
            format!("A network {sizes}: Gaussian numbers (seed {SEED}) times 10, biases 0."),
            format!("{sizes} 网络：高斯随机数（种子 {SEED}）乘以 10，偏置为 0。"),
        ),
    });
    item.parameters("", "", &layout, &params);
    item
}

/// What a reader of the figure should know.
fn explain_curve(item: &mut Item, experiment: &Experiment, course: &Course, lang: Lang) {
    let (variant, run) = experiment.run(course.key);
    if variant.keep_every == STEPS.every && course.key == "zeros" {
        item.note(
            lang.choose("About the axis", "关于横轴"),
            lang.choose(
                "“per hundreds” is the course's own label in this lab, and a slip: a cost is kept every 1000 \
                 iterations, so 1 on this axis stands for 1000.",
                "本实验的横轴标签 “per hundreds” 是课程原图的笔误：实际每 1000 次迭代记录一次代价，横轴上的 1 代表 1000 次迭代。",
            ),
        );
    }
    if run.costs().iter().any(|(_, cost)| cost.is_infinite()) {
        item.note(
            lang.choose("Infinite costs", "无穷大的代价"),
            lang.choose(
                "Where a saturated output is exactly 1 for a point of label 0, the cost is −ln 0 = ∞. Such costs \
                 are kept as infinity and not drawn; the gradient stays finite, so the training goes on.",
                "若某个标签为 0 的点的输出饱和到恰好为 1，代价为 −ln 0 = ∞。这样的代价按无穷大记录、不画在图上；\
                 梯度仍然有限，训练可以继续。",
            ),
        );
    }
    if experiment.as_published() && course.key == "random" {
        item.note(
            lang.choose("Why the tolerance is wide here", "为什么这里的容差较大"),
            lang.choose(
                "This run amplifies round-off: two correct programs agree to 1e-12 at iteration 60, differ in the \
                 third digit at iteration 1000 and come together again at the end. Published tables of different \
                 people differ in the same way, so each cost has its own tolerance.",
                "这次训练会放大舍入误差：两个都正确的程序在第 60 次迭代相差约 1e-12，到第 1000 次已在第三位数字上不同，\
                 最后又逐渐接近。不同人公布的数值也如此，因此每个代价各有其容差。",
            ),
        );
    }
}

/// What this run shows: every word depends on a measured number.
fn statements(experiment: &Experiment, lang: Lang) -> Vec<String> {
    let ranked = ranked(experiment, Measure::accuracy(experiment), lang);
    let each = compared(experiment).map(|(variant, run, _)| statement(experiment, variant, run, lang));
    std::iter::once(ranked).chain(each).collect()
}

fn statement(experiment: &Experiment, variant: &Variant, run: &Run, lang: Lang) -> String {
    let mut parts = Vec::new();
    let accuracy = number(run.train.accuracy, 3);
    let (always, is_none) = (experiment.majority(), run.train.accuracy <= experiment.majority());
    parts.push(match run.train.accuracy <= always + NOTHING_LEARNED {
        true if !is_none => lang.choose(
            format!(
                "**{}** learned almost nothing: a training accuracy of {accuracy}, where always giving the same answer \
                 gets {}.",
                variant.en,
                number(always, 3)
            ),
            format!(
                "**{}**几乎没有学到东西：训练准确率 {accuracy}，而总是给出同一个答案也有 {}。",
                variant.zh,
                number(always, 3)
            ),
        ),
        true => lang.choose(
            format!(
                "**{}** learned nothing: a training accuracy of {accuracy} is what one gets by always giving the \
                 same answer.",
                variant.en
            ),
            format!("**{}**没有学到东西：训练准确率 {accuracy}，与总是给出同一个答案相同。", variant.zh),
        ),
        false => lang.choose(
            format!("**{}** learned to a training accuracy of {accuracy}.", variant.en),
            format!("**{}**学到了 {accuracy} 的训练准确率。", variant.zh),
        ),
    });
    parts.extend(symmetry::statement(variant, run, lang));
    let costs = run.costs();
    let chance = std::f64::consts::LN_2;
    if let Some(&(_, first)) = costs.first().filter(|(_, cost)| *cost > 2.0 * chance) {
        let (first, chance) = (number(first, 3), number(chance, 3));
        parts.push(lang.choose(
            format!(
                "It starts at a cost of {first}, where not knowing costs ln 2 = {chance}: it is sure, and wrong."
            ),
            format!("它的初始代价为 {first}，而“完全不知道”的代价只有 ln 2 = {chance}：它很自信，却错了。"),
        ));
    }
    let half = number(chance / 2.0, 3);
    match costs.iter().find(|(_, cost)| *cost <= chance / 2.0) {
        Some((at, _)) => parts.push(lang.choose(
            format!("The cost first lies below {half} (half of ln 2) at iteration {at}."),
            format!("代价首次低于 {half}（ln 2 的一半）是在第 {at} 次迭代。"),
        )),
        None => parts.push(lang.choose(
            format!(
                "In {} the cost never falls below {half} (half of ln 2).",
                counted(variant.recipe.epochs, "iteration")
            ),
            format!("在 {} 次迭代中，代价从未低于 {half}（ln 2 的一半）。", variant.recipe.epochs),
        )),
    }
    parts.join(lang.choose(" ", ""))
}
