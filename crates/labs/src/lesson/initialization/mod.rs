//! The lessons of the initialisation lab.

mod zeros;

use nablab_data::Dataset;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Init, Layout, Loss};
use nablab_report::{Block, Cell, Lang, Table, number};

use super::best_line::best_line;
use super::spelled::{steps, term};
use super::{Code, Lesson, Wrong, on_the_wrong_side};
use crate::by_hand::{Layer, Matrix, Problem};
use crate::experiment::Experiment;
use zeros::zeros;

/// Seed of the weights in the course.
const SEED: u32 = 3;
/// A cost of so many times ln 2 is far above it.
const FAR: f64 = 2.0;

pub(super) fn lesson(id: &str, experiment: &Experiment, lang: Lang) -> Lesson {
    match id {
        "initialization.1" => data(experiment, lang),
        "initialization.2" => zeros(&experiment.data.train, lang),
        "random-initialization.1" => large(&experiment.data.train, lang),
        "he-initialization.1" => he(lang),
        "initialization.3" => training(
            lang.choose(
                "All weights begin at 0. Before you look: what is the cost in the first iteration, and in the last?",
                "所有权重从 0 开始。先不看结果：第一次迭代的代价是多少？最后一次呢？",
            ),
            lang.choose(
                "The cost begins at ln 2 = 0.693, which is what not knowing costs. The gradient of every weight is exactly 0, so only the last bias could change it; with as many points of either label its gradient is 0, too.",
                "代价从 ln 2 = 0.693（完全不知道时的代价）开始。每个权重的梯度都恰好是 0，只有最后一个偏置可能改变它；两类各占一半时，它的梯度也是 0。",
            ),
        ),
        "random-initialization.2" => random_training(experiment, lang),
        "he-initialization.2" => he_training(experiment, lang),
        "initialization.4" | "random-initialization.3" => Lesson {
            question: lang
                .choose(
                    "Which points would you expect this network to get right?",
                    "你预计这个网络能把哪些点分对？",
                )
                .into(),
            look_at: lang
                .choose(
                    "A network that answered the same for every point would have an accuracy, too: that of the more frequent label. An accuracy means \
                     something only beside that number.",
                    "对所有点都给出同一答案的网络也有准确率：即较多那一类的比例。准确率只有与这个数比较才有意义。",
                )
                .into(),
            ..Lesson::default()
        },
        "initialization.5" => boundary(experiment, "zeros", lang),
        "random-initialization.4" => boundary(experiment, "random", lang),
        "he-initialization.3" => boundary(experiment, "he", lang),
        _ => Lesson::default(),
    }
}

/// `initialization.1`
fn data(experiment: &Experiment, lang: Lang) -> Lesson {
    let classes = match experiment.has_own_data() {
        true => lang.choose("classes", "类"),
        false => lang.choose("circles", "个圆"),
    };
    let best = format!("{:.0}", 100.0 * best_line(&experiment.data.train));
    Lesson {
        question: lang.choose(
            format!("Could a straight line separate the two {classes}? What must the hidden layers do?"),
            format!("一条直线能把两{classes}分开吗？隐藏层必须做什么？"),
        ),
        look_at: lang.choose(
            format!(
                "Of straight lines in steps of half a degree the best gets {best} % of the training points right. Whatever more is \
                 learned here is learned by hidden units that differ from each other."
            ),
            format!("每隔半度取一个方向的直线中，最好的能分对 {best} % 的训练点。超出的部分都靠彼此不同的隐藏单元学到。"),
        ),
        ..Lesson::default()
    }
}

/// The first cost of a training.
fn first_cost(experiment: &Experiment, key: &str) -> f64 {
    experiment.run(key).1.costs().first().map_or(f64::NAN, |&(_, cost)| cost)
}

/// `random-initialization.2`
fn random_training(experiment: &Experiment, lang: Lang) -> Lesson {
    let (first, chance) = (first_cost(experiment, "random"), 2f64.ln());
    let [shown, ln_2] = [first, chance].map(|cost| number(cost, 3));
    let look_at = match first > FAR * chance {
        true => lang.choose(
            format!(
                "The first cost is {shown}, far above ln 2 = {ln_2}: outputs are near 0 or 1 before anything is learned, and some of them \
                 are wrong. The training first has to undo what the initial weights were sure of."
            ),
            format!("第一个代价为 {shown}，远高于 ln 2 = {ln_2}：什么都没学到时输出就接近 0 或 1，其中有些是错的。训练先要消除初始权重的“自信”。"),
        ),
        false => lang.choose(
            format!("The first cost is {shown}, not far from ln 2 = {ln_2}: on these points even such weights are not sure of much."),
            format!("第一个代价为 {shown}，离 ln 2 = {ln_2} 不远：在这些点上，这样的权重也没有那么“自信”。"),
        ),
    };
    training(
        lang.choose(
            "The weights begin ten times as large as usual. What does the first cost say, and what are the first thousand iterations spent on?",
            "权重的初值是通常的十倍。第一个代价说明什么？最初的一千次迭代用在了什么上？",
        ),
        &look_at,
    )
}

/// `he-initialization.2`
fn he_training(experiment: &Experiment, lang: Lang) -> Lesson {
    let chance = 2f64.ln();
    let costs = experiment.run("he").1.costs();
    let half = costs.iter().find(|(_, cost)| *cost <= chance / 2.0).map(|(at, _)| at);
    let [first, random, ln_2] =
        [first_cost(experiment, "he"), first_cost(experiment, "random"), chance].map(|cost| number(cost, 3));
    let begins = lang.choose(
        format!("The first cost is {first}; not knowing costs ln 2 = {ln_2}, and the large weights began at {random}."),
        format!("第一个代价为 {first}；完全不知道时的代价为 ln 2 = {ln_2}，而大权重从 {random} 开始。"),
    );
    let reaches = match half {
        Some(at) => lang.choose(
            format!(
                " Of the costs that are kept, that of iteration {at} is the first not above half of ln 2."
            ),
            format!("在记录的代价中，第 {at} 次迭代首次降到 ln 2 的一半以下。"),
        ),
        None => lang.choose(
            " None of the costs that are kept is below half of ln 2.".to_owned(),
            "记录的代价都高于 ln 2 的一半。".to_owned(),
        ),
    };
    let course = match experiment.has_own_data() {
        true => "",
        false => lang.choose(
            " It falls slowly while the units find their directions, then fast.",
            "单元寻找方向时下降得慢，之后下降得快。",
        ),
    };
    training(
        lang.choose(
            "The weights have the variance 2 / inputs. Where does the cost begin, and when is it half of ln 2?",
            "权重的方差为 2 / 输入数。代价从哪里开始？何时降到 ln 2 的一半？",
        ),
        &(begins + &reaches + course),
    )
}

fn boundary(experiment: &Experiment, key: &str, lang: Lang) -> Lesson {
    let wrong = on_the_wrong_side(experiment, key, lang);
    Lesson {
        question: lang
            .choose(
                "Draw the boundary that you expect before you look at the figure.",
                "先画出你预计的决策边界，再看图。",
            )
            .into(),
        look_at: wrong
            + match experiment.run(key).1.train.accuracy > experiment.majority() {
                true => lang.choose(
                    " A closed curve needs at least three units that cut the plane in different directions.",
                    "封闭的曲线至少需要三个从不同方向切割平面的单元。",
                ),
                false => lang.choose(
                    " It answers the same everywhere, or no better than that: nothing of the two classes has been learned.",
                    "它处处给出同一个答案，或并不比这更好：两类的形状一点也没有学到。",
                ),
            },
        ..Lesson::default()
    }
}

fn training(question: &str, look_at: &str) -> Lesson {
    Lesson {
        question: question.into(),
        formulas: vec![
            r"J = -\frac{1}{m}\sum_j \bigl(y_j \ln a_j + (1-y_j)\ln(1-a_j)\bigr),\qquad W \leftarrow W - \alpha\,\mathrm{d}W",
        ],
        look_at: look_at.into(),
        code: Some(Code { function: "fill", file: "crates/engine/src/init.rs" }),
        maths: Some("init"),
        ..Lesson::default()
    }
}

/// A network by hand on points of the lab.
fn network(set: &Dataset, points: usize, sizes: &[usize], hidden: Activation, init: Init) -> Problem {
    let layout = Layout::dense(sizes);
    let mut params = vec![0.0; layout.len()];
    init.fill(&layout, &mut NumpyRng::new(SEED), &mut params);
    let layers = (0..sizes.len() - 1).map(|l| {
        let (w, b) = layout.layer(l, &params);
        let activation = if l + 2 == sizes.len() { Activation::Sigmoid } else { hidden };
        let w = Matrix::from_fn(sizes[l + 1], sizes[l], |i, k| w.at(i, k));
        Layer { w, b: Matrix::new(sizes[l + 1], 1, b), activation, dropout: None }
    });
    let x = Matrix::from_fn(set.features(), points, |i, j| set.feature(i)[j]);
    let y = Matrix::from_fn(1, points, |_, j| f64::from(set.labels()[j]));
    Problem { x, y, layers: layers.collect(), loss: Loss::SigmoidCrossEntropy, l2: 0.0 }
}

/// `random-initialization.1`: what the size of the weights does to the output.
fn large(train: &Dataset, lang: Lang) -> Lesson {
    let sizes = [2, 10, 5, 1];
    let row = |(name, init): (&str, Init)| {
        let problem = network(train, train.examples(), &sizes, Activation::Relu, init);
        let cache = problem.forward();
        let (z, a) = (cache.z[2].entries(), cache.a[2].entries());
        let largest = z.iter().fold(0.0, |max: f64, z| max.max(z.abs()));
        let sure = a.iter().filter(|&&a| !(0.01..=0.99).contains(&a)).count() as f64 / a.len() as f64;
        let cost = problem.cost(&cache);
        let cost = if cost.is_finite() { Cell::Number(cost, 3) } else { Cell::text("∞") };
        vec![Cell::text(name), Cell::Number(largest, 3), Cell::text(format!("{:.0} %", 100.0 * sure)), cost]
    };
    let rows = [
        (lang.choose("He: √(2 / inputs)", "He：√(2 / 输入数)"), Init::He),
        (lang.choose("Gaussian × 1", "高斯 × 1"), Init::Normal { scale: 1.0 }),
        (lang.choose("Gaussian × 10", "高斯 × 10"), Init::Normal { scale: 10.0 }),
    ];
    let columns = lang.choose(
        ["Weights", "largest \\(|z|\\) of the output", "outputs below 0.01 or above 0.99", "cost"],
        ["权重", "输出层最大的 \\(|z|\\)", "低于 0.01 或高于 0.99 的输出", "代价"],
    );
    Lesson {
        question: lang
            .choose(
                "Each of three layers has weights ten times as large. How much larger are the numbers that reach the sigmoid?",
                "三层的权重都变为十倍。到达 sigmoid 的数会变为多少倍？",
            )
            .into(),
        formulas: vec![r"\operatorname{relu}(10\,z) = 10\operatorname{relu}(z)"],
        computation: vec![Block::Table(Table {
            caption: lang.choose(
                "The lab's network 2-10-5-1 before any training, on its training set",
                "训练之前的 2-10-5-1 网络，在训练集上",
            ).into(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(row).collect(),
        })],
        look_at: lang
            .choose(
                "Ten times in each of three layers makes a thousand times. The sigmoid of a large number is 0 or 1 to many digits. A network that has seen nothing is then sure of everything, and where it is wrong \
                 the cost is large without limit.",
                "三层各十倍，合起来是一千倍。很大的数的 sigmoid 在许多位上就是 0 或 1。这时，一个什么都没见过的网络对一切都很“自信”，而它错的地方代价可以无限大。",
            )
            .into(),
        code: Some(Code { function: "fill", file: "crates/engine/src/init.rs" }),
        maths: Some("init"),
        ..Lesson::default()
    }
}

/// `he-initialization.1`
fn he(lang: Lang) -> Lesson {
    let layout = Layout::dense(&[2, 4, 1]);
    let mut rng = NumpyRng::new(SEED);
    let drawn: Vec<f64> = (0..12).map(|_| rng.gaussian()).collect();
    let mut params = vec![0.0; layout.len()];
    Init::He.fill(&layout, &mut NumpyRng::new(SEED), &mut params);
    let (first, second) = (layout.layer(0, &params).0.at(0, 0), layout.layer(1, &params).0.at(0, 0));
    let wrong = |mistake: &str, factor: f64| Wrong {
        mistake: mistake.into(),
        name: "W2[0, 0]".into(),
        right: second,
        wrong: drawn[8] * factor,
    };
    Lesson {
        question: lang
            .choose(
                "A relu unit adds up n inputs and cuts off one half of what comes out. How large may its weights be, so that the signal neither dies nor explodes?",
                "relu 单元把 n 个输入相加，再截去结果的一半。权重应当多大，信号才既不消失也不爆炸？",
            )
            .into(),
        formulas: vec![
            r"\operatorname{Var}(z) = n\,\operatorname{Var}(w)\,\mathbb{E}[x^2],\qquad \mathbb{E}[\operatorname{relu}(z)^2] = \tfrac12 \operatorname{Var}(z)",
            r"n\cdot\operatorname{Var}(w)\cdot\tfrac12 = 1 \quad\Rightarrow\quad w = \sqrt{2/n}\;g,\qquad g \sim \mathcal{N}(0, 1)",
        ],
        computation: vec![steps(
            lang.choose("One weight of each layer", "每层一个权重"),
            vec![
                ("`W1[0, 0]`".into(), r"\sqrt{2/2}\;g", format!("√(2 / 2) · {}", term(drawn[0])), first),
                ("`W2[0, 0]`".into(), r"\sqrt{2/4}\;g", format!("√(2 / 4) · {}", term(drawn[8])), second),
            ],
            lang,
        )],
        look_at: lang
            .choose(
                format!(
                    "n is the number of inputs of the layer, not of its units. Over ten relu layers a variance of 1/n in place of 2/n leaves a share of \
                     {} of the mean square.",
                    number(0.5f64.powi(10), 2)
                ),
                format!(
                    "n 是该层的输入数，而不是它的单元数。经过十个 relu 层，若方差为 1/n 而不是 2/n，均方值只剩 {}。",
                    number(0.5f64.powi(10), 2)
                ),
            ),
        if_wrong: vec![
            wrong(lang.choose("2/n without the root", "2/n 没有开方"), 2.0 / 4.0),
            Wrong {
                mistake: lang.choose("√(1/n): as for tanh", "√(1/n)：用于 tanh 的").into(),
                name: "W1[0, 0]".into(),
                right: first,
                wrong: drawn[0] * (1.0f64 / 2.0).sqrt(),
            },
            wrong(lang.choose("n is the layer's units", "把 n 当作本层的单元数"), 2f64.sqrt()),
        ],
        code: Some(Code { function: "fill", file: "crates/engine/src/init.rs" }),
        maths: Some("init"),
        ..Lesson::default()
    }
}
