//! Optimisation: gradient descent, momentum and Adam on mini-batches. Three ways down the same slope.

pub(crate) mod test_cases;

use nablab_data::{Generator, Parts};
use nablab_engine::optim::AdamForm;
use nablab_engine::{Hidden, Init, Loss, Optimizer, Precision, Recipe, Seed, Settings};
use nablab_report::figure::Rectangle;
use nablab_report::{Block, Lang, number};

use crate::curve::{Steps, overlay_figure};
use crate::experiment::Experiment;
use crate::record::{Item, LabRecord, Number, Summary};
use crate::summary::{Measure, SAME_COST, compared, ranking, summarize};
use crate::training_items::{
    add_boundary, add_numbers, add_predictions, data_item, probability_figures, training_item,
};
use crate::turned::turned;
use crate::variant::{Run, Shown, Variant};
use crate::{Knobs, Lab, LabError, own_data};

const STEPS: Steps = Steps { every: 100, label: "epochs (per 100)", unit: "epochs", equals: "= " };
const VIEW: Rectangle = Rectangle { x: (-1.5, 2.5), y: (-1.0, 1.5) };
/// The variant that other update rules are looked at beside.
const BEST: &str = "adam";
/// The course's second edition trains this long.
const SECOND_EDITION_EPOCHS: u64 = 5000;
/// Momentum that moves a parameter by less than this times its gradient, over the gradients it averages, sees
/// almost the same gradient throughout.
const SHORT: f64 = 0.1;

/// Moons as in the course: 300 to learn from.
pub(crate) fn plan(data: Option<&Parts>, knobs: &Knobs) -> Result<Experiment, LabError> {
    let moons = Generator::Moons { samples: 300, noise: 0.2, seed: 3 };
    let (data, differences) =
        own_data::given_or(data, || Ok(Parts { train: moons.generate()?, test: None }))?;
    let adam = |form| Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, form };
    let variant = |names, optimizer, item, prefix, title| -> Result<Variant, LabError> {
        let shown = Shown { item, prefix, title, steps: STEPS, view: VIEW };
        let variant = Variant::new(names, settings(optimizer), shown)?;
        let own = (names.0 != BEST).then_some("optimizer");
        Ok(Variant { judge_after: Some(SECOND_EDITION_EPOCHS), own, ..variant })
    };
    let (descent, momentum) = (Optimizer::GradientDescent, Optimizer::Momentum { beta: 0.9 });
    let of_descent = ("gd", "Gradient descent", "梯度下降");
    let of_momentum = ("momentum", "Momentum", "动量法");
    let of_adam = (BEST, "Adam", "Adam");
    let of_uncorrected = ("adam-uncorrected", "Adam, s not corrected", "Adam（s 未修正）");
    let on_adam = "Model with Adam optimization";
    let uncorrected = adam(AdamForm::Uncorrected);
    let variants = vec![
        variant(of_descent, descent, "optimization.7", "", "Model with Gradient Descent optimization")?,
        variant(of_momentum, momentum, "optimization.8", "", "Model with Momentum optimization")?,
        variant(of_adam, adam(AdamForm::Standard), "optimization.9", "", on_adam)?,
        Variant {
            aside: true,
            ..variant(of_uncorrected, uncorrected, "optimization.9", "uncorrected_s.", on_adam)?
        },
    ];
    Experiment::new(Lab::Optimization, data, differences, variants).with(knobs)
}

/// 2-5-2-1, batches of 64, rate 0.0007, 10000 epochs.
fn settings(optimizer: Optimizer) -> Settings {
    Settings {
        hidden: vec![Hidden::relu(5), Hidden::relu(2)],
        loss: Loss::SigmoidCrossEntropyDirect,
        init: Init::He,
        optimizer,
        learning_rate: 0.0007,
        batch_size: Some(64),
        epochs: 10_000,
        seed: Seed::Course { weights: 3, dropout: 0, shuffle: 11 },
        precision: Precision::F64,
        ..Settings::default()
    }
}

/// The nine items of the course, and the summary.
pub(crate) fn record(experiment: &Experiment, lang: Lang) -> LabRecord {
    let moons = lang.choose(
        "Two interleaving half circles with noise 0.2: scikit-learn's `make_moons`, 300 points, seed 3, the same \
         bits. The course has no test set here.",
        "两个交错的半圆，噪声 0.2：与 scikit-learn 的 `make_moons`（300 点，种子 3）逐位相同。课程在此没有测试集。",
    );
    let (name, source) = match experiment.has_own_data() {
        true => own_data::source(lang),
        false => (lang.choose("two moons", "两个月牙"), moons),
    };
    let items = vec![
        test_cases::gradient_descent(lang),
        test_cases::momentum_start(lang),
        test_cases::momentum(lang),
        test_cases::adam_start(lang),
        test_cases::adam(lang),
        data_item("optimization.6", name, source, experiment, lang),
        training("gd", experiment, lang),
        training("momentum", experiment, lang),
        with_uncorrected(training("adam", experiment, lang), experiment, lang),
    ];
    let turned = turned(experiment, Measure::Cost, statements, lang);
    LabRecord { turned, ..LabRecord::new(experiment, items, summary(experiment, lang), lang) }
}

fn summary(experiment: &Experiment, lang: Lang) -> Summary {
    let figures =
        vec![Block::Figures(vec![overlay_figure(experiment, lang)]), probability_figures(experiment, lang)];
    summarize(experiment, Measure::Cost, statements(experiment, lang), figures, lang)
}

/// A run with its boundary, and the views of later editions of the course.
fn training(key: &str, experiment: &Experiment, lang: Lang) -> Item {
    let mut item = training_item(key, experiment, lang);
    let (_, run) = experiment.run(key);
    add_predictions(&mut item, run);
    item.series("epoch_mean_costs", "epoch_mean_cost", &run.mean_costs());
    let sums: Vec<_> = run.costs.iter().map(|epoch| (epoch.epoch, epoch.sum())).collect();
    item.series("epoch_sum_costs", "epoch_sum_cost", &sums);
    if let Some(accuracy) = run.accuracy_before {
        item.number(&format!("train_accuracy[{SECOND_EDITION_EPOCHS}]"), accuracy);
    }
    if key == "gd" {
        item.note(
            lang.choose("Why the curve zigzags", "曲线为什么呈锯齿状"),
            lang.choose(
                "The course's first edition prints the cost of the epoch's last mini-batch, other examples each \
                 time. Later editions print the mean over the epoch, and one notebook the sum over the five \
                 batches. All three are compared here; the figure shows the first.",
                "课程第一版打印的是每轮最后一个小批量的代价，每次的样本都不同。后来的版本打印整轮的平均值，\
                 还有一份笔记本打印五个小批量之和。这里三种都做了比较；图中画的是第一种。",
            ),
        );
    }
    add_boundary(&mut item, key, experiment, lang);
    item
}

/// Adam's item with the run that explains two published tables.
fn with_uncorrected(mut item: Item, experiment: &Experiment, lang: Lang) -> Item {
    let (variant, run) = experiment.run("adam-uncorrected");
    add_numbers(&mut item, variant, run);
    let standard = experiment.run("adam").1;
    item.value("cost_apart", Number((run.train.cost - standard.train.cost).abs()).into());
    let [standard, accuracy] = [standard, run].map(|run| number(run.train.accuracy, 3));
    let beside = match standard == accuracy {
        true => lang.choose(format!("accuracy {accuracy}, too"), format!("准确率也是 {accuracy}")),
        false => lang.choose(
            format!("accuracy {accuracy} instead of {standard}"),
            format!("准确率 {accuracy}，标准 Adam 为 {standard}"),
        ),
    };
    let role = match experiment.as_published() {
        true => lang.choose("is compared as `uncorrected_s`", "以 `uncorrected_s` 为名进行比较"),
        false => lang.choose("is kept as `uncorrected_s`", "以 `uncorrected_s` 为名保存"),
    };
    item.note(
        lang.choose("The published table of another Adam", "另一种 Adam 的公布数值"),
        lang.choose(
            format!(
                "Two published cost tables come from an Adam whose second moment is not corrected. That training was \
                 run too and {role}: {beside}."
            ),
            format!(
                "有两份公布的代价表来自没有修正二阶矩的 Adam。这里也运行了那种训练，并{role}：{beside}。"
            ),
        ),
    );
    item
}

/// What this run shows: every word depends on a measured number.
fn statements(experiment: &Experiment, lang: Lang) -> Vec<String> {
    let [costs, accuracies] = [Measure::Cost, Measure::TrainAccuracy].map(|m| ranking(experiment, m, lang));
    let mut statements = vec![lang.choose(
        format!("By final cost, best first: {costs}. By training accuracy: {accuracies}."),
        format!("按最终代价从低到高：{costs}。按训练准确率从高到低：{accuracies}。"),
    )];
    statements.push(momentum_statement(experiment, lang));
    statements.extend(adam_statement(experiment, lang));
    let jumps = compared(experiment)
        .map(|(variant, run, _)| format!("{} {:.0} %", variant.name(lang), 100.0 * jump(run)));
    let jumps = jumps.collect::<Vec<_>>().join(lang.choose(", ", "、"));
    statements.push(lang.choose(
        format!(
            "Mean relative change of the printed cost (of the last mini-batch) from one record to the next, in the \
             second half of the training: {jumps}."
        ),
        format!("训练后半段，相邻两次记录的代价（最后一个小批量）平均相对变化：{jumps}。"),
    ));
    statements
}

fn momentum_statement(experiment: &Experiment, lang: Lang) -> String {
    let (variant, run) = experiment.run("momentum");
    let (plain, momentum) = (experiment.run("gd").1.train.cost, run.train.cost);
    let apart = (momentum - plain).abs() / plain.abs().max(f64::MIN_POSITIVE);
    let percent = number(100.0 * apart, 2);
    if apart <= SAME_COST {
        let same = lang.choose(
            format!("Momentum and gradient descent arrive at the same cost, to {percent} %."),
            format!("动量法与梯度下降到达几乎相同的代价，相差 {percent} %。"),
        );
        return same + &short_memory(&variant.recipe, lang).unwrap_or_default();
    }
    let better = momentum < plain;
    lang.choose(
        format!(
            "Momentum ends at a cost {percent} % {} than gradient descent's.",
            if better { "lower" } else { "higher" }
        ),
        format!("动量法的最终代价比梯度下降{} {percent} %。", if better { "低" } else { "高" }),
    )
}

/// Why a mean of recent gradients is almost the latest one, where it is.
fn short_memory(recipe: &Recipe, lang: Lang) -> Option<String> {
    let Optimizer::Momentum { beta } = recipe.optimizer else { return None };
    let averaged = 1.0 / (1.0 - beta);
    let moved = averaged * recipe.learning_rate;
    let [steps, delay, rate, way] =
        [averaged, averaged * beta, recipe.learning_rate, moved].map(|v| number(v, 3));
    (moved < SHORT).then(|| {
        lang.choose(
            format!(
                " It uses each gradient in full, spread over about {steps} steps (1 / (1 − β)), which makes it β / (1 − β) = {delay} steps late on average. But at a rate of {rate} \
                 {steps} steps move a parameter by only {way} times its gradient, so the delay changes nothing: the path \
                 is nearly the same."
            ),
            format!(
                "动量法同样用足每个梯度，只是分摊到约 {steps} 步中（1 / (1 − β)），平均晚 β / (1 − β) = {delay} 步。但学习率为 {rate} 时，{steps} 步只使参数移动其梯度的 \
                 {way} 倍，这点延迟没有影响：所走的路径几乎相同。"
            ),
        )
    })
}

/// Nothing where another rule has taken Adam's place.
fn adam_statement(experiment: &Experiment, lang: Lang) -> Option<String> {
    let (plain, (variant, adam)) = (experiment.run("gd").1, experiment.run("adam"));
    if !matches!(variant.recipe.optimizer, Optimizer::Adam { .. }) {
        return None;
    }
    let (end, plain_end) = (adam.train.cost, plain.train.cost);
    if end > plain_end * (1.0 - SAME_COST) {
        let costs = [end, plain_end].map(|cost| number(cost, 3));
        return Some(lang.choose(
            format!(
                "Adam gains nothing here: it ends at a cost of {}, gradient descent at {}.",
                costs[0], costs[1]
            ),
            format!("Adam 在这里没有优势：最终代价 {}，梯度下降为 {}。", costs[0], costs[1]),
        ));
    }
    let target = plain.mean_costs().last().map_or(f64::NAN, |&(_, cost)| cost);
    let epochs = experiment.variants[0].recipe.epochs;
    Some(match adam.mean_costs().iter().find(|(_, cost)| *cost <= target) {
        Some(&(at, _)) if at < epochs / 2 => lang.choose(
            format!(
                "Adam is at gradient descent's final cost, {}, by epoch {at} of {epochs}: it divides each \
                 parameter's gradient by its own size.",
                number(target, 3)
            ),
            format!(
                "Adam 在第 {at} 轮（共 {epochs} 轮）就达到了梯度下降的最终代价 {}：它把每个参数的梯度除以其自身的大小。",
                number(target, 3)
            ),
        ),
        Some(&(at, _)) => lang.choose(
            format!("Adam is no faster by much: it reaches gradient descent's final cost at epoch {at} of {epochs}."),
            format!("Adam 并没有快多少：第 {at} 轮（共 {epochs} 轮）才达到梯度下降的最终代价。"),
        ),
        None => lang.choose(
            format!("Adam falls below gradient descent's final cost, {}, only at the very end.", number(target, 3)),
            format!("Adam 直到最后才低于梯度下降的最终代价 {}。", number(target, 3)),
        ),
    })
}

/// Mean change of the printed cost between kept epochs, as a share of its mean, over the second half.
pub(crate) fn jump(run: &Run) -> f64 {
    let costs: Vec<f64> = run.costs().iter().map(|(_, cost)| *cost).collect();
    let late = &costs[costs.len() / 2..];
    let changes: f64 = late.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum();
    let mean = late.iter().sum::<f64>() / late.len() as f64;
    changes / (late.len().max(2) - 1) as f64 / mean
}
