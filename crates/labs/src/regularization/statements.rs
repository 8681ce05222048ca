//! What this lab's run shows: gaps, weights, frozen masks.

use nablab_data::Dataset;
use nablab_diagnosis::Thresholds;
use nablab_report::{Lang, number};

use crate::experiment::Experiment;
use crate::masks::FittedMasks;
use crate::summary::{Measure, compared, ranked};
use crate::variant::{Fit, Run, Variant};
use crate::verdict::Verdict;

/// What this run shows: every word depends on a measured number.
pub(super) fn statements(experiment: &Experiment, lang: Lang) -> Vec<String> {
    let mut statements = vec![ranked(experiment, Measure::accuracy(experiment), lang)];
    statements.extend(compared(experiment).map(|(variant, run, _)| match &run.test {
        Some(test) => gap_statement(experiment, variant, run, test, lang),
        None => untested_statement(variant, &run.train, lang),
    }));
    let (none, l2, dropout) = (experiment.run("none").1, experiment.run("l2").1, experiment.run("dropout").1);
    statements.push(weights_statement(none, l2, lang));
    if let (Some(plain), Some(dropped)) = (&none.test, &dropout.test) {
        let points = |a: f64, b: f64| format!("{:+.1}", 100.0 * (a - b));
        let train = points(dropout.train.accuracy, none.train.accuracy);
        let test = points(dropped.accuracy, plain.accuracy);
        let name = experiment.run("dropout").0.name(lang);
        statements.push(lang.choose(
            format!(
                "{name} changes the training accuracy by {train} percentage points and the test accuracy by {test}."
            ),
            format!("{name}使训练准确率变化 {train} 个百分点，测试准确率变化 {test} 个百分点。"),
        ));
    }
    let fitted = compared(experiment).filter_map(|(variant, run, _)| FittedMasks::of(variant, run));
    statements.extend(fitted.map(|masks| masks.sentence(lang)));
    statements
}

/// Standard error of an accuracy over n examples.
fn standard_error(accuracy: f64, examples: usize) -> f64 {
    (accuracy * (1.0 - accuracy) / examples as f64).sqrt()
}

/// Called overfitting where the verdict has it.
fn gap_statement(experiment: &Experiment, variant: &Variant, run: &Run, test: &Fit, lang: Lang) -> String {
    let train = &run.train;
    let gap = train.accuracy - test.accuracy;
    let error = standard_error(train.accuracy, experiment.data.train.examples())
        .hypot(standard_error(test.accuracy, experiment.test().map_or(1, Dataset::examples)));
    let percent = |value: f64| format!("{:.1}", 100.0 * value);
    let (right, right_new) = (percent(train.accuracy), percent(test.accuracy));
    let (gap_text, error_text) = (percent(gap), percent(error));
    let facts = lang.choose(
        format!(
            "**{}**: right on {right} % of the training points and {right_new} % of the test points, a gap of \
             {gap_text} percentage points (standard error {error_text}).",
            variant.en
        ),
        format!(
            "**{}**：训练点正确率 {right} %，测试点正确率 {right_new} %，相差 {gap_text} 个百分点\
             （标准误 {error_text}）。",
            variant.zh
        ),
    );
    let [on_training, on_test] = [train.cost, test.cost].map(|cost| number(cost, 3));
    let verdict = match Verdict::of(variant, run).has("overfitting") {
        true => lang.choose(
            format!(
                " Its mean loss is {on_training} on the former and {on_test} on the latter, more than chance explains: it has \
                 learned some of the noise by heart (overfitting)."
            ),
            format!("平均损失分别为 {on_training} 与 {on_test}，差距超出偶然波动：它记住了一部分噪声（过拟合）。"),
        ),
        false => {
            let least = number(100.0 * Thresholds::default().overfitting_accuracy_gap, 3);
            lang.choose(
                format!(
                    " Its mean loss is {on_training} on the former and {on_test} on the latter. The diagnosis does not call \
                     that overfitting, which takes a gap of more than {least} points that chance does not explain."
                ),
                format!(
                    "平均损失分别为 {on_training} 与 {on_test}。诊断不称之为过拟合：那需要超过 {least} 个百分点、且不能用偶然解释的差距。"
                ),
            )
        }
    };
    facts + &verdict
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

/// Without a test set there is nothing to compare the training accuracy with.
fn untested_statement(variant: &Variant, train: &Fit, lang: Lang) -> String {
    let right = format!("{:.1}", 100.0 * train.accuracy);
    lang.choose(
        format!(
            "**{}**: right on {right} % of the training points; without a test set overfitting cannot be seen.",
            variant.en
        ),
        format!("**{}**：训练点正确率 {right} %；没有测试集，无法判断是否过拟合。", variant.zh),
    )
}
