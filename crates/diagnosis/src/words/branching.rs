//! Sentences that branch by what was found.

use nablab_report::Lang;

use super::phrases::{n, percent};
use crate::{Misfit, Score, Sign, Suspect};

/// How a learning rate shows that it is too high.
pub(super) fn too_high(rate: f64, lowest: f64, end: f64, sign: Sign, lang: Lang) -> String {
    let (lowest, end) = (n(lowest), n(end));
    let (en, zh) = match sign {
        Sign::Rose => (
            format!("the loss ends at {end}, after {lowest} on the way"),
            format!("损失最后为 {end}，途中曾低至 {lowest}"),
        ),
        Sign::Jumps => (
            format!("the loss jumps from epoch to epoch, at last around {end}"),
            format!("损失在各轮之间跳动，最后约为 {end}"),
        ),
        Sign::Leapt => (
            format!("the first steps made the loss leap above where it began; it ends at {end}"),
            format!("最初几步就使损失高于起点；最后为 {end}"),
        ),
        Sign::Thrown => (
            format!("the weights were carried far from their start, and the loss ends at {end}"),
            format!("权重远离了初始值，损失最后为 {end}"),
        ),
        Sign::Stride { share } => (
            format!(
                "the last step alone changed a layer's weights by {} of their size (0.1 % is usual)",
                percent(share)
            ),
            format!("仅最后一步就使某一层的权重改变了自身大小的 {}（通常约为 0.1 %）", percent(share)),
        ),
        Sign::Died { units } => (
            format!("{units} units of a layer that began alive have died, and the loss ends at {end}"),
            format!("某一层有 {units} 个原本正常的单元在训练中“死亡”，损失最后为 {end}"),
        ),
    };
    lang.choose(
        format!("With a learning rate of {rate} {en}: the steps are too long."),
        format!("学习率为 {rate} 时，{zh}：步长太大。"),
    )
}

/// A network beside an answer that looks at no feature.
pub(super) fn no_skill(score: Score, metric: f64, constant: f64, lang: Lang) -> String {
    let (what, metric_is) = (score.name(lang), score.number(metric));
    let is_worse = score == Score::R2 && metric < -0.1;
    lang.choose(
                format!(
                    "On the rows held out the network has {what} {metric_is}; an answer that looks at no feature has {}{}.",
                    score.number(constant),
                    if is_worse { ", and is better" } else { ", and cannot be told from it" }
                ),
                format!(
                    "网络在留出行上的{what}为 {metric_is}，完全不看特征的回答为 {}：{}。",
                    score.number(constant),
                    if is_worse { "后者更好" } else { "二者没有可辨的差别" }
                ),
            )
}

/// The strongest of L2, L1 and weight decay.
pub(super) fn penalty_too_strong(each: [f64; 3], loss: f64, constant: f64, lang: Lang) -> String {
    let named = ["L2", "L1", lang.choose("weight decay", "权重衰减")].into_iter().zip(each);
    let strongest = named.max_by(|a, b| a.1.total_cmp(&b.1));
    let (name, strength) = strongest.unwrap_or_default();
    lang.choose(
                format!(
                    "The penalty ({name} = {strength}) has shrunk weights to less than a third, and the loss stays at {}; an \
                     answer that looks at no feature has {}.",
                    n(loss),
                    n(constant)
                ),
                format!(
                    "惩罚项（{name} = {strength}）把权重压缩到不足原来的三分之一，损失停在 {}，而不看特征的回答为 {}。",
                    n(loss),
                    n(constant)
                ),
            )
}

/// The first rows whose label is improbable, and who says so.
pub(super) fn suspect_labels(suspects: &[Suspect], rows: usize, unsure: usize, lang: Lang) -> String {
    const SHOWN: usize = 20;
    let mut shown: Vec<usize> = suspects.iter().take(SHOWN).map(|s| s.row).collect();
    shown.sort_unstable();
    let shown: Vec<String> = shown.iter().map(usize::to_string).collect();
    let is_all = rows == shown.len();
    let (en, zh) = match suspects.iter().filter(|s| !s.is_held_out).count() {
        0 => ("", ""),
        n if n == suspects.len() => (
            " The network has learned from these rows, so that others may be learned by heart: --deep asks networks that have not.",
            "网络学习过这些行，因此可能还有别的错误标签已被记住：--deep 用没有学过这些行的网络来判断。",
        ),
        _ => (
            " It has learned from most of the rows, so that others may be learned by heart: --deep asks networks that have not.",
            "网络学习过其中大部分行，因此可能还有别的错误标签已被记住：--deep 用没有学过这些行的网络来判断。",
        ),
    };
    lang.choose(
        format!(
            "{rows} rows have a label that the network, good otherwise, finds improbable, while it is as sure of another class as it \
             usually is (it is unsure of {unsure} others): rows {}{}. Look at them.{en}",
            shown.join(", "),
            if is_all { "" } else { ", …" }
        ),
        format!(
            "有 {rows} 行的标签在（其他方面表现良好的）网络看来不大可能，而它对另一类别的把握与平常一样大（另有 {unsure} 行它不确定）：\
             第 {} 行{}。请检查。{zh}",
            shown.join("、"),
            if is_all { "" } else { "等" }
        ),
    )
}

/// Why a loss does not suit a target.
pub(super) fn unfitting_loss(misfit: Misfit, loss: &str, lang: Lang) -> String {
    match misfit {
            Misfit::Beyond { low, high } => lang.choose(
                format!(
                    "The targets reach from {} to {}, and {loss} takes them for probabilities, from 0 to 1.",
                    n(low),
                    n(high)
                ),
                format!("目标从 {} 到 {}，而 {loss} 把它们当作 0 到 1 的概率。", n(low), n(high)),
            ),
            Misfit::TwoValues { low, high } => lang.choose(
                format!(
                    "The target is always {} or {}, and {loss} takes it for a quantity: the probability of one of two classes fits.",
                    n(low),
                    n(high)
                ),
                format!("目标总是 {} 或 {}，而 {loss} 把它当作数量：二分类的概率才合适。", n(low), n(high)),
            ),
            Misfit::ManyClasses { classes, rows } => lang.choose(
                format!(
                    "The target is a number with {classes} different values in {rows} rows, and {loss} takes each for a class of its \
                     own: that 3 is near 4 is lost."
                ),
                format!("目标是数，{rows} 行中有 {classes} 个不同的值，而 {loss} 把每个值当作一个类别：3 与 4 相近这一点就丢失了。"),
            ),
        }
}
