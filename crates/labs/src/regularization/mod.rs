//! Regularisation: none, L2, dropout. What keeps a network from learning the noise by heart.

mod test_cases;

use nablab_data::{Dataset, Parts, generate::pitch_parts};
use nablab_engine::{Hidden, Init, Loss, Optimizer, Penalty, Seed, Settings};
use nablab_report::{Block, Lang, number};

use crate::boundary::View;
use crate::curve::{Steps, overlay_figure};
use crate::experiment::{Fit, Run, Variant};
use crate::record::LabRecord;
use crate::study::Study;
use crate::summary::{Measure, compared, summarize};
use crate::training_items::{add_predictions, boundary_item, data_item, probability_figures, training_item};
use crate::{Knobs, Lab, LabError};

const STEPS: Steps = Steps { every: 1000, label: "iterations (x1,000)", unit: "iterations", equals: "=" };
const VIEW: View = View { x: (-0.75, 0.40), y: (-0.75, 0.65) };
/// Strength of the L2 penalty in the course.
const L2: f64 = 0.7;
/// The course keeps units with probability 0.86.
const DROPOUT: f64 = 1.0 - 0.86;
/// Seed of the embedded pitch: of the first eight the one most like the course's data. With six of the eight a
/// network without regularisation is right on 3 to 8 points in a hundred more in training than in test.
const PITCH_SEED: u32 = 5;
/// Examples of the course's file, by which its data is recognised.
const COURSE_EXAMPLES: (usize, usize) = (211, 200);
/// A gap between training and test accuracy this many standard errors wide is called overfitting; one error wide,
/// a sign of it.
const CLEAR_GAP: f64 = 2.0;

/// The given data, or the embedded pitch.
pub(crate) fn plan(data: Option<Parts>, knobs: &Knobs) -> Result<Study, LabError> {
    let from_file = data.is_some();
    let data = match data {
        Some(data) => data,
        None => pitch_parts(PITCH_SEED)?,
    };
    for set in [Some(&data.train), data.test.as_ref()].into_iter().flatten() {
        if set.features() != 2 {
            let got = format!("{} features", set.features());
            return Err(LabError::Unsuitable { expected: "2", got });
        }
        if set.classes() != 2 {
            let got = format!("{} classes", set.classes());
            return Err(LabError::Unsuitable { expected: "2", got });
        }
        if set.examples() == 0 {
            return Err(LabError::Unsuitable { expected: "at least 1", got: "0 examples".into() });
        }
    }
    let examples = (data.train.examples(), data.test.as_ref().map_or(0, |set| set.examples()));
    let as_published = from_file && examples == COURSE_EXAMPLES && !knobs.are_turned();

    let none = settings();
    let l2 = Settings { penalty: Penalty { l2: L2, l1: 0.0 }, ..settings() };
    let mut dropout = settings();
    dropout.hidden.iter_mut().for_each(|hidden| hidden.dropout = DROPOUT);
    let variants = vec![
        Variant::new(("none", "No regularization", "无正则化"), none, knobs, STEPS)?,
        Variant::new(("l2", "L2 regularization", "L2 正则化"), l2, knobs, STEPS)?,
        Variant::new(("dropout", "Dropout", "dropout（随机失活）"), dropout, knobs, STEPS)?,
    ];
    Ok(Study::new(Lab::Regularization, data, as_published, variants))
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
        ..Settings::default()
    }
}

/// The eleven items of the course, and the summary.
pub(crate) fn tell(study: &Study, lang: Lang) -> LabRecord {
    let training = |id: &str, key: &str| {
        let mut item = training_item(id, key, study, STEPS, lang);
        add_predictions(&mut item, study.run(key).1);
        item
    };
    let boundary = |id: &str, key: &str, title: &str| boundary_item(id, key, title, VIEW, study, lang);
    let mut dropout = training("regularization.10", "dropout");
    dropout.note(
        lang.choose("The masks never change here", "这里的掩码始终不变"),
        lang.choose(
            "The course seeds the generator anew in each forward pass, so the same units are dropped for the same \
             example in all iterations: a fixed thinning of the network rather than noise. It is repeated here to \
             match its numbers. With other seeds (`--seeds`) the masks are drawn afresh in each iteration, as \
             dropout is meant.",
            "课程在每次前向传播开始时都重新设置随机种子，因此所有迭代中同一样本总是丢弃相同的单元：这是对网络的固定\
             稀疏化，而不是噪声。为了与公布的数值一致，这里照做。用其他种子（`--seeds`）训练时，每次迭代都重新抽取掩码，\
             这才是 dropout 的本意。",
        ),
    );
    let items = vec![
        data_item("regularization.1", &source(study, lang), study, lang),
        training("regularization.2", "none"),
        boundary("regularization.3", "none", "Model without regularization"),
        test_cases::l2_cost(lang),
        test_cases::l2_gradients(lang),
        training("regularization.6", "l2"),
        boundary("regularization.7", "l2", "Model with L2-regularization"),
        test_cases::dropout_forward(lang),
        test_cases::dropout_backward(lang),
        dropout,
        boundary("regularization.11", "dropout", "Model with dropout"),
    ];
    let figures = vec![
        Block::Figures(vec![overlay_figure(study, STEPS, lang)]),
        probability_figures(study, VIEW, lang),
    ];
    let measure = if study.test().is_some() { Measure::TestAccuracy } else { Measure::TrainAccuracy };
    let summary = summarize(study, measure, statements(study, lang), figures, lang);
    LabRecord { lab: study.lab, items, summary, lang }
}

fn source(study: &Study, lang: Lang) -> String {
    if study.as_published {
        return lang
            .choose(
                "The course's data: where on a football pitch the ball landed, and which team headed it.",
                "课程的数据：足球落在球场的什么位置，以及哪一队用头顶到了球。",
            )
            .to_owned();
    }
    let embedded = pitch_parts(PITCH_SEED).is_ok_and(|parts| parts == study.data);
    match embedded {
        true => lang.choose(
            "The embedded `pitch`: where on a football pitch the ball lands, and which team heads it. Made by \
             nablab's own generator, so the course published no numbers for it; give the course's file with \
             `--data data.mat` to compare.",
            "内置数据 `pitch`：足球落在球场的什么位置，以及哪一队用头顶到了球。由 nablab 自己的生成器产生，\
             课程没有公布它的数值；用 `--data data.mat` 给出课程的文件即可比较。",
        ),
        false => lang.choose(
            "Your data. The course published no numbers for it, or a knob was turned.",
            "您的数据。课程没有公布它的数值，或者设置已被修改。",
        ),
    }
    .to_owned()
}

/// What this run shows: every word depends on a measured number.
fn statements(study: &Study, lang: Lang) -> Vec<String> {
    let mut statements = Vec::new();
    for (variant, run, _) in compared(study) {
        if let Some(test) = &run.test {
            statements.push(gap_statement(study, variant, &run.train, test, lang));
        }
    }
    let (none, l2, dropout) = (study.run("none").1, study.run("l2").1, study.run("dropout").1);
    statements.push(weights_statement(none, l2, lang));
    if let (Some(plain), Some(dropped)) = (&none.test, &dropout.test) {
        let points = |a: f64, b: f64| format!("{:+.1}", 100.0 * (a - b));
        let train = points(dropout.train.accuracy, none.train.accuracy);
        let test = points(dropped.accuracy, plain.accuracy);
        statements.push(lang.choose(
            format!(
                "Dropout changes the training accuracy by {train} points and the test accuracy by {test}."
            ),
            format!("dropout 使训练准确率变化 {train} 个百分点，测试准确率变化 {test} 个百分点。"),
        ));
    }
    statements.extend(best_statement(study, lang));
    statements
}

/// Standard error of an accuracy over n examples.
fn standard_error(accuracy: f64, examples: usize) -> f64 {
    (accuracy * (1.0 - accuracy) / examples as f64).sqrt()
}

fn gap_statement(study: &Study, variant: &Variant, train: &Fit, test: &Fit, lang: Lang) -> String {
    let gap = train.accuracy - test.accuracy;
    let error = standard_error(train.accuracy, study.data.train.examples())
        .hypot(standard_error(test.accuracy, study.test().map_or(1, Dataset::examples)));
    let percent = |value: f64| format!("{:.1}", 100.0 * value);
    let (right, right_new) = (percent(train.accuracy), percent(test.accuracy));
    let (gap_text, error_text) = (percent(gap), percent(error));
    let facts = lang.choose(
        format!(
            "**{}**: right on {right} % of the training points and {right_new} % of the test points, a gap of \
             {gap_text} points (standard error {error_text}).",
            variant.en
        ),
        format!(
            "**{}**：训练点正确率 {right} %，测试点正确率 {right_new} %，相差 {gap_text} 个百分点\
             （标准误差 {error_text}）。",
            variant.zh
        ),
    );
    let verdict = if gap > CLEAR_GAP * error {
        lang.choose(
            " It has learned some of the noise by heart: overfitting.",
            "它记住了一部分噪声：过拟合。",
        )
    } else if gap > error {
        lang.choose(" A sign of overfitting.", "有过拟合的迹象。")
    } else {
        lang.choose(" No overfitting to be seen.", "看不出过拟合。")
    };
    facts + verdict
}

fn weights_statement(none: &Run, l2: &Run, lang: Lang) -> String {
    let (plain, penalized) = (none.squared_weights(), l2.squared_weights());
    let (ratio, from, to) = (number(penalized / plain, 2), number(plain, 4), number(penalized, 4));
    if penalized < 0.9 * plain {
        return lang.choose(
            format!(
                "L2 keeps the weights small: the sum of their squares is {to} instead of {from} (× {ratio}), and \
                 small weights make a smooth boundary."
            ),
            format!("L2 使权重保持较小：权重平方和为 {to}，而不加时为 {from}（× {ratio}）；小权重带来平滑的边界。"),
        );
    }
    lang.choose(
        format!("L2 hardly shrinks the weights here: the sum of their squares is {to}, without it {from}."),
        format!("这里 L2 几乎没有缩小权重：权重平方和为 {to}，不加时为 {from}。"),
    )
}

fn best_statement(study: &Study, lang: Lang) -> Option<String> {
    let mut order: Vec<_> = compared(study)
        .filter_map(|(variant, run, _)| Some((variant.name(lang), run.test.as_ref()?.accuracy)))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1));
    let [(best, first), (_, second), ..] = order[..] else { return None };
    let error = standard_error(first, study.test()?.examples());
    let accuracy = number(first, 3);
    let (ahead, error_text) = (100.0 * (first - second), format!("{:.1}", 100.0 * error));
    Some(if first - second > error {
        lang.choose(
            format!("Best on the test set: **{best}** ({accuracy}), {ahead:.1} points ahead of the next."),
            format!("测试集上最好的是 **{best}**（{accuracy}），领先第二名 {ahead:.1} 个百分点。"),
        )
    } else {
        lang.choose(
            format!(
                "Best on the test set: **{best}** ({accuracy}), but only {ahead:.1} points ahead, no more than one \
                 standard error ({error_text}): try `--seeds 100` before believing it."
            ),
            format!(
                "测试集上最好的是 **{best}**（{accuracy}），但只领先 {ahead:.1} 个百分点，不超过一个标准误差\
                 （{error_text}）：下结论之前请试试 `--seeds 100`。"
            ),
        )
    })
}
