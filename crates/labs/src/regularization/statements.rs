//! What this lab's run shows: gaps, weights, frozen masks, and whether the best is better.

use nablab_data::Dataset;
use nablab_engine::Seed;
use nablab_report::{Lang, number};

use crate::experiment::Experiment;
use crate::pairs::SIGNIFICANCE;
use crate::summary::{Measure, are_alike, compared, ranking};
use crate::variant::{Fit, Run, Variant};
use crate::verdict::findings;
use nablab_statistics::mcnemar;

/// A cost with frozen masks below this share of the cost without masks has fitted the masks.
const FITTED_MASKS: f64 = 0.5;

/// What this run shows: every word depends on a measured number.
pub(super) fn statements(experiment: &Experiment, lang: Lang) -> Vec<String> {
    let mut statements = vec![best_statement(experiment, lang)];
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
        statements.push(lang.choose(
            format!(
                "Dropout changes the training accuracy by {train} points and the test accuracy by {test}."
            ),
            format!("dropout 使训练准确率变化 {train} 个百分点，测试准确率变化 {test} 个百分点。"),
        ));
    }
    statements.extend(masks_statement(experiment, lang));
    statements
}

/// A cost with the masks far below the cost without them: the training has fitted the masks.
fn masks_statement(experiment: &Experiment, lang: Lang) -> Option<String> {
    let (variant, run) = experiment.run("dropout");
    let (masked, whole) = (run.costs().last()?.1, run.train.cost);
    if matches!(variant.recipe.seed, Seed::Streams(_)) || masked >= FITTED_MASKS * whole {
        return None;
    }
    let [masked, whole] = [masked, whole].map(|cost| number(cost, 4));
    Some(lang.choose(
        format!(
            "The cost printed while training with dropout ends at {masked}, but with dropout off the same network \
             costs {whole}: the course draws the same masks in every iteration, so the training has fitted the \
             thinned network each example meets, not the whole one."
        ),
        format!(
            "使用 dropout 训练时打印的代价最后为 {masked}，而关闭 dropout 后，同一网络的代价是 {whole}：\
             课程在每次迭代中使用相同的掩码，训练拟合的是每个样本所遇到的稀疏网络，而不是完整的网络。"
        ),
    ))
}

/// Standard error of an accuracy over n examples.
fn standard_error(accuracy: f64, examples: usize) -> f64 {
    (accuracy * (1.0 - accuracy) / examples as f64).sqrt()
}

/// Called overfitting where the diagnosis calls it so.
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
             {gap_text} points (standard error {error_text}).",
            variant.en
        ),
        format!(
            "**{}**：训练点正确率 {right} %，测试点正确率 {right_new} %，相差 {gap_text} 个百分点\
             （标准误差 {error_text}）。",
            variant.zh
        ),
    );
    let overfits = findings(variant, run).iter().any(|finding| finding.code() == "overfitting");
    let verdict = if overfits {
        lang.choose(
            " It has learned some of the noise by heart: overfitting.",
            "它记住了一部分噪声：过拟合。",
        )
    } else if gap > error {
        lang.choose(" Chance may explain that.", "这一差距可能只是偶然。")
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

/// The best variant, and whether the test set can tell it from the next.
fn best_statement(experiment: &Experiment, lang: Lang) -> String {
    let measure = Measure::accuracy(experiment);
    let order = ranking(experiment, measure, lang);
    let what = measure.name(lang);
    if are_alike(experiment, measure) {
        return lang.choose(
            format!("By {what} all are alike: {order}."),
            format!("各方案的{what}都相同：{order}。"),
        );
    }
    let ranked =
        lang.choose(format!("By {what}, best first: {order}."), format!("按{what}从高到低：{order}。"));
    let mut runs: Vec<_> =
        compared(experiment).filter_map(|(variant, run, _)| Some((variant, run.test.as_ref()?))).collect();
    runs.sort_by(|a, b| b.1.accuracy.total_cmp(&a.1.accuracy));
    let (Some(test), [(first, best), (second, next), ..]) = (experiment.test(), &runs[..]) else {
        return ranked;
    };
    if best.accuracy == next.accuracy {
        return ranked;
    }
    let only = |a: &Fit, b: &Fit| a.right(test).zip(b.right(test)).filter(|(a, b)| *a && !*b).count();
    let (won, lost) = (only(best, next), only(next, best));
    let p = mcnemar(won, lost);
    let (p_text, points) = (number(p, 2), test.examples());
    let ahead = format!("{:.1}", 100.0 * (best.accuracy - next.accuracy));
    let (first, second) = (first.name(lang), second.name(lang));
    let facts = lang.choose(
        format!(
            " **{first}** is {ahead} points ahead of **{second}**: of the {points} test points {won} are right with \
             it alone, {lost} with the other alone"
        ),
        format!("**{first}**领先**{second}** {ahead} 个百分点：{points} 个测试点中，{won} 个只有前者正确，{lost} 个只有后者正确"),
    );
    let verdict = if p < SIGNIFICANCE {
        lang.choose(
            format!(", more than chance (McNemar's test: p = {p_text})."),
            format!("，不是偶然（McNemar 检验 p = {p_text}）。"),
        )
    } else {
        lang.choose(
            format!(", so these points cannot tell the two apart (McNemar's test: p = {p_text})."),
            format!("，因此这些点无法区分两者（McNemar 检验 p = {p_text}）。"),
        )
    };
    // Of what knobs change the seeds speak elsewhere.
    let seeds = compared(experiment).any(|(variant, _, seeds)| !seeds.is_empty() || variant.beside.is_some());
    let hint = match p >= SIGNIFICANCE && !seeds {
        true => lang.choose(" `--seeds 100` asks more.", "`--seeds 100` 可以给出更多证据。"),
        false => "",
    };
    ranked + &facts + &verdict + hint
}
