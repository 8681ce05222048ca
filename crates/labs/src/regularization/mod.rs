//! Regularisation: none, L2, dropout. What keeps a network from learning the noise by heart.

mod statements;
pub(crate) mod test_cases;

use nablab_data::{Parts, generate::pitch_parts};
use nablab_engine::{Hidden, Init, Loss, Optimizer, Penalty, Precision, Seed, Settings};
use nablab_report::figure::Rectangle;
use nablab_report::{Block, Lang};

use crate::curve::{Steps, overlay_figure};
use crate::experiment::{Difference, Experiment};
use crate::record::{LabRecord, Summary};
use crate::summary::{Measure, summarize};
use crate::training_items::{add_predictions, boundary_item, data_item, probability_figures, training_item};
use crate::turned::turned;
use crate::variant::{Shown, Variant};
use crate::{Knobs, Lab, LabError, own_data};

const STEPS: Steps = Steps { every: 1000, label: "iterations (x1,000)", unit: "iterations", equals: "=" };
const VIEW: Rectangle = Rectangle { x: (-0.75, 0.40), y: (-0.75, 0.65) };
/// Strength of the L2 penalty in the course.
const L2: f64 = 0.7;
/// The course keeps units with probability 0.86.
const DROPOUT: f64 = 1.0 - 0.86;
/// Seed of the embedded pitch: of the first eight the one most like the course's data. With six of the eight a
/// network without regularisation is right on 3 to 8 points in a hundred more in training than in test.
const PITCH_SEED: u32 = 5;

/// The given data, or the embedded pitch.
pub(crate) fn plan(data: Option<&Parts>, knobs: &Knobs) -> Result<Experiment, LabError> {
    let (parts, mut differences) = own_data::given_or(data, || pitch_parts(PITCH_SEED))?;
    match data {
        Some(data) if own_data::is_of_the_course(data) => differences.clear(),
        Some(_) => {}
        None => differences.push(Difference::EmbeddedData),
    }
    let none = settings();
    let l2 = Settings { penalty: Penalty { l2: L2, l1: 0.0 }, ..settings() };
    let mut dropout = settings();
    dropout.hidden.iter_mut().for_each(|hidden| hidden.dropout = DROPOUT);
    let shown = |item, title| Shown { item, prefix: "", title, steps: STEPS, view: VIEW };
    let of_none = shown("regularization.2", "Model without regularization");
    let of_l2 = shown("regularization.6", "Model with L2-regularization");
    let of_dropout = shown("regularization.10", "Model with dropout");
    let variants = vec![
        Variant::new(("none", "No regularization", "无正则化"), none, of_none)?,
        Variant::new(("l2", "L2 regularization", "L2 正则化"), l2, of_l2)?,
        Variant::new(("dropout", "Dropout", "dropout 正则化"), dropout, of_dropout)?,
    ];
    Experiment::new(Lab::Regularization, parts, differences, variants).with(knobs)
}

/// 2-20-3-1, gradient descent on all examples, rate 0.3, 30000 iterations.
fn settings() -> Settings {
    Settings {
        hidden: vec![Hidden::relu(20), Hidden::relu(3)],
        loss: Loss::SigmoidCrossEntropyDirect,
        init: Init::Lecun,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.3,
        epochs: 30_000,
        seed: Seed::Course { weights: 3, dropout: 1, shuffle: 0 },
        precision: Precision::F64,
        ..Settings::default()
    }
}

/// The eleven items of the course, and the summary.
pub(crate) fn record(experiment: &Experiment, lang: Lang) -> LabRecord {
    let training = |key: &str| {
        let mut item = training_item(key, experiment, lang);
        add_predictions(&mut item, experiment.run(key).1);
        item
    };
    let boundary = |id: &str, key: &str| boundary_item(id, key, experiment, lang);
    let mut dropout = training("dropout");
    dropout.note(
        lang.choose("The masks never change here", "这里的掩码始终不变"),
        lang.choose(
            "The course seeds the generator anew in each forward pass, so the same units are dropped for the same \
             example in all iterations: a fixed thinning of the network rather than noise. It is repeated here to \
             match its numbers. With other seeds the masks are drawn afresh in each iteration, as \
             dropout is meant.",
            "课程在每次前向传播开始时都重新设置随机种子，因此所有迭代中同一样本总是丢弃相同的单元：这是对网络的固定\
             稀疏化，而不是噪声。为了与公布的数值一致，这里照做。用其他种子训练时，每次迭代都重新抽取掩码，\
             这才是 dropout 的本意。",
        ),
    );
    let (name, source) = source(experiment, lang);
    let items = vec![
        data_item("regularization.1", name, &source, experiment, lang),
        training("none"),
        boundary("regularization.3", "none"),
        test_cases::l2_cost(lang),
        test_cases::l2_gradients(lang),
        training("l2"),
        boundary("regularization.7", "l2"),
        test_cases::dropout_forward(lang),
        test_cases::dropout_backward(lang),
        dropout,
        boundary("regularization.11", "dropout"),
    ];
    let turned = turned(experiment, Measure::accuracy(experiment), statements::statements, lang);
    LabRecord { turned, ..LabRecord::new(experiment, items, summary(experiment, lang), lang) }
}

fn summary(experiment: &Experiment, lang: Lang) -> Summary {
    let figures =
        vec![Block::Figures(vec![overlay_figure(experiment, lang)]), probability_figures(experiment, lang)];
    let (measure, statements) = (Measure::accuracy(experiment), statements::statements(experiment, lang));
    summarize(experiment, measure, statements, figures, lang)
}

/// The data's name in the heading, and where it comes from.
fn source(experiment: &Experiment, lang: Lang) -> (&'static str, String) {
    let (name, source) = match () {
        () if experiment.differences.contains(&Difference::EmbeddedData) => (
            lang.choose("football pitch (embedded)", "足球场（内置）"),
            lang.choose(
                "The embedded `pitch`: where on a football pitch the ball lands, and which team heads it. Made by \
                 nablab's own generator.",
                "内置数据 `pitch`：足球落在球场的什么位置，以及哪一队用头顶到了球。由 nablab 自己的生成器产生。",
            ),
        ),
        () if experiment.differences.contains(&Difference::OwnData) => own_data::source(lang),
        () => (
            lang.choose("football pitch (the course's)", "足球场（课程）"),
            lang.choose(
                "The course's data: where on a football pitch the ball landed, and which team headed it.",
                "课程的数据：足球落在球场的什么位置，以及哪一队用头顶到了球。",
            ),
        ),
    };
    let why = experiment.why_not_compared(lang).map_or_else(String::new, |why| {
        lang.choose(
            format!(" The trainings are not compared with published numbers: {why}."),
            format!("这些训练未与公布的数值比较：{why}。"),
        )
    });
    (name, source.to_owned() + &why)
}
