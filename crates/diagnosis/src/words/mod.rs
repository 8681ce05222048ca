//! Findings in sentences: what was measured, and what it means. Short, plain, no more certain than the numbers.

mod branching;
mod phrases;

use nablab_report::{Lang, number};

use crate::Finding;
pub(crate) use phrases::name;
use phrases::{after, n, percent, which};

#[expect(clippy::too_many_lines, reason = "a sentence of each finding, in two languages")]
pub(crate) fn sentence(finding: &Finding, lang: Lang) -> String {
    match finding {
        Finding::SymmetricUnits { layer, symmetric, units } => lang.choose(
            format!(
                "In layer {layer}, {symmetric} of {units} units began as copies of each other and still are: they get \
                 equal gradients, and work as one unit. Weights have to begin different."
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {symmetric} 个从一开始就彼此相同，并且始终相同：它们得到相同的梯度，相当于一个单元。\
                 权重必须从不同的值开始。"
            ),
        ),
        Finding::InitialLoss { loss, expected } => lang.choose(
            format!(
                "The loss before the first step is {}; a network that knows nothing yet has about {}. It starts with wrong \
                 beliefs, which it must unlearn first.",
                n(*loss),
                n(*expected)
            ),
            format!(
                "第一步之前的损失为 {}，而一无所知的网络约为 {}。它一开始就抱有错误的判断，必须先把它们忘掉。",
                n(*loss),
                n(*expected)
            ),
        ),
        Finding::SaturatedOutput { share } => lang.choose(
            format!(
                "Before the first step the network is all but certain of its answer for {} of the examples. Saturated outputs \
                 cannot be right yet, and learn slowly.",
                percent(*share)
            ),
            format!("第一步之前，网络对 {} 的样本就几乎完全确信。饱和的输出此时不可能正确，学习也很慢。", percent(*share)),
        ),
        Finding::LargeWeights { layer, gain } => lang.choose(
            format!(
                "The initial weights of layer {layer} multiply what goes in by {}; 1 to 1.4 keeps its size from layer to layer.",
                n(*gain)
            ),
            format!("第 {layer} 层的初始权重把输入放大 {} 倍；1 到 1.4 倍才能使信号逐层保持大小。", n(*gain)),
        ),
        Finding::VanishingGradients { first, last, layers } => lang.choose(
            format!(
                "Errors fade on their way back through {layers} hidden layers, to {} of their size: the first layers hardly learn.",
                percent(first / last)
            ),
            format!("误差反向经过 {layers} 个隐藏层后只剩 {}：靠前的层几乎学不到东西（梯度消失）。", percent(first / last)),
        ),
        Finding::ExplodingGradients { first, last, layers } => lang.choose(
            format!(
                "Errors grow on their way back through {layers} hidden layers, {} times: a step that suits one layer is wrong for \
                 the others.",
                n(first / last)
            ),
            format!("误差反向经过 {layers} 个隐藏层后放大到 {} 倍：适合某一层的步长对其他层并不合适（梯度爆炸）。", n(first / last)),
        ),
        Finding::WrongGradient { checked } => {
            let (wrong, components) = (checked.wrong, checked.components);
            let mistakes = checked.mistakes.join("; ");
            lang.choose(
                format!(
                    "{wrong} of {components} components of the gradient differ from finite differences of the cost (relative \
                     difference {}): {mistakes}.",
                    n(checked.difference)
                ),
                format!(
                    "梯度的 {components} 个分量中有 {wrong} 个与代价的有限差分不符（相对差 {}）：{mistakes}。",
                    n(checked.difference)
                ),
            )
        }
        Finding::DeadUnits { layer, dead, units, since } => lang.choose(
            format!(
                "In layer {layer}, {dead} of {units} units are 0 for every example of the sample, since {}: relu gives them no \
                 gradient, so that they stay dead.",
                after(*since, lang)
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {dead} 个对所有抽样样本都输出 0（{}）：relu 不给它们梯度，于是一直“死亡”。",
                after(*since, lang)
            ),
        ),
        Finding::SaturatedUnits { layer, saturated, units, since } => lang.choose(
            format!(
                "In layer {layer}, {saturated} of {units} units sit at an end of their range for nearly every example, since {}: \
                 there the slope is almost 0.",
                after(*since, lang)
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {saturated} 个几乎对所有样本都处在取值范围的端点（{}）：那里斜率几乎为 0（饱和）。",
                after(*since, lang)
            ),
        ),
        Finding::Diverged { step, place } => {
            // Batch normalisation's statistics have no gradient.
            let is_statistic = place.starts_with("mean") || place.starts_with("variance");
            let (en, zh) = match is_statistic {
                true => (format!("the running statistic {place}"), format!("滑动统计量 {place}")),
                false => (format!("the gradient of {place}"), format!("{place} 的梯度")),
            };
            lang.choose(
                format!("At step {step} {en} was no finite number any more: the training diverged."),
                format!("第 {step} 步时，{zh}不再是有限的数：训练发散。"),
            )
        }
        Finding::LearningRateTooHigh { rate, lowest, end, sign } => {
            branching::too_high(*rate, *lowest, *end, *sign, lang)
        }
        Finding::LearningRateTooLow { rate, could_be, fall } => lang.choose(
            format!(
                "The loss is still high (it fell by {} over the last tenth), and a learning rate of {rate} is far below what the \
                 cost allows (about {}).",
                percent(*fall),
                n(*could_be)
            ),
            format!("损失仍然很高（最后十分之一的轮次下降 {}），而学习率 {rate} 远低于可用的大小（约 {}）。", percent(*fall), n(*could_be)),
        ),
        Finding::EdgeOfStability { rate, curvature, edge } => lang.choose(
            format!(
                "Along the gradient the cost curves by {}: there, steps with a rate above {} climb, and the rate is {rate}. A \
                 training can go on like this, at the edge of stability, but not smoothly.",
                n(*curvature),
                n(*edge)
            ),
            format!(
                "代价沿梯度方向的曲率为 {}：学习率超过 {} 时，这一方向上的步会使代价上升，而现在的学习率是 {rate}。训练可以在稳定性边缘继续，\
                 但不会平稳。",
                n(*curvature),
                n(*edge)
            ),
        ),
        Finding::StoppedTooEarly { fall, epochs } => lang.choose(
            format!(
                "The loss was still falling when the {epochs} epochs were over, by {} over the last tenth.",
                percent(*fall)
            ),
            format!("{epochs} 轮结束时损失仍在下降，最后十分之一的轮次下降 {}。", percent(*fall)),
        ),
        Finding::Plateau { since: 0, epochs, loss } => lang.choose(
            format!(
                "The loss has stayed at {} through all {epochs} epochs: what could be learned was learned in the first, or \
                 nothing was.",
                n(*loss)
            ),
            format!("{epochs} 轮中损失一直停在 {}：能学到的在第一轮就学到了，或者什么也没有学到。", n(*loss)),
        ),
        Finding::Plateau { since, epochs, loss } => lang.choose(
            format!("Since epoch {since} of {epochs} the loss has stayed at {}: more of the same steps lead nowhere.", n(*loss)),
            format!("共 {epochs} 轮，从第 {since} 轮起损失停在 {}：继续同样的步不会再有进展。", n(*loss)),
        ),
        Finding::Overfitting { score, train_loss, validation_loss, train, validation } => lang.choose(
            format!(
                "The loss is {} on the rows learned from and {} on the others ({} {} and {}), more than chance explains: part of \
                 what was learned holds for those rows only.",
                n(*train_loss),
                n(*validation_loss),
                score.name(lang),
                score.number(*train),
                score.number(*validation)
            ),
            format!(
                "训练行上的损失为 {}，其他行上为 {}（{} {} 与 {}），差距超出偶然波动：学到的东西只有一部分适用于其他行（过拟合）。",
                n(*train_loss),
                n(*validation_loss),
                score.name(lang),
                score.number(*train),
                score.number(*validation)
            ),
        ),
        Finding::NoSkill { score, metric, constant } => branching::no_skill(*score, *metric, *constant, lang),
        Finding::RisingValidationLoss { best_epoch, rise, .. } => lang.choose(
            format!(
                "The validation loss was lowest after epoch {best_epoch}; at the end it is {} higher, while the training loss has \
                 not risen.",
                percent(*rise)
            ),
            format!("验证损失在第 {best_epoch} 轮最低；结束时高出 {}，而训练损失没有上升。", percent(*rise)),
        ),
        Finding::Underfitting { loss, constant } => lang.choose(
            format!(
                "Even on the rows it learned from the loss is {}; an answer that looks at no feature has {}.",
                n(*loss),
                n(*constant)
            ),
            format!("即使在训练行上，损失也有 {}；完全不看特征的回答为 {}（欠拟合）。", n(*loss), n(*constant)),
        ),
        Finding::PenaltyTooStrong { l2, l1, weight_decay, loss, constant } => {
            branching::penalty_too_strong([*l2, *l1, *weight_decay], *loss, *constant, lang)
        }
        Finding::PenaltyOvershoots { strength, rate, step } => lang.choose(
            format!(
                "At a learning rate of {rate} the penalty ({strength}) takes {} times its own size off a weight in a step: beyond 2 \
                 the weight comes out larger than before, on the other side of 0.",
                n(*step)
            ),
            format!(
                "学习率为 {rate} 时，惩罚项（{strength}）每步从权重中减去其自身大小的 {} 倍：超过 2 倍，权重就会越过 0，而且比原来更大。",
                n(*step)
            ),
        ),
        Finding::DropoutTooStrong { rate, loss, constant } => lang.choose(
            format!(
                "Dropout silences {} of the units, and the loss stays at {}; an answer that looks at no feature has {}.",
                percent(*rate),
                n(*loss),
                n(*constant)
            ),
            format!("dropout 关闭了 {} 的单元，损失停在 {}，而不看特征的回答为 {}。", percent(*rate), n(*loss), n(*constant)),
        ),
        Finding::PenaltyWithoutEffect { l2, l1, share } => {
            let (of, strength) = if l2 > l1 { ("L2", l2) } else { ("L1", l1) };
            lang.choose(
                format!(
                    "The penalty ({of} = {strength}) makes up at most {} of the gradient of any layer's weights: it does nothing.",
                    percent(*share)
                ),
                format!("惩罚项（{of} = {strength}）在任何一层权重的梯度中最多占 {}：没有作用。", percent(*share)),
            )
        }
        Finding::DropoutWithoutEffect { rate, silenced } => lang.choose(
            format!("A dropout of {rate} silences {} units of a layer on average: it does nothing.", n(*silenced)),
            format!("{rate} 的 dropout 平均只关闭一层中的 {} 个单元：没有作用。", n(*silenced)),
        ),
        Finding::UntaughtClass { class, judged } => lang.choose(
            format!(
                "Class `{}`: no row to learn from, while {} of the rows judged on are of it. Other rows held out, or other groups, \
                 would leave some to learn from.",
                name(class),
                n(*judged as f64)
            ),
            format!(
                "类别 `{}`：没有训练行，而评判行中有 {} 行属于它。换一种留出方式或分组，才能留下可学的行。",
                name(class),
                n(*judged as f64)
            ),
        ),
        Finding::ClassCollapse { class, rows, recall, is_held_out } => lang.choose(
            format!(
                "Of the {} rows of class `{}` among those {}, {} are found: the network all but never predicts it.",
                n(*rows),
                name(class),
                which(*is_held_out, lang),
                percent(*recall)
            ),
            format!(
                "{}中类别 `{}` 共 {} 行，只找出 {}：网络几乎从不预测它。",
                which(*is_held_out, lang),
                name(class),
                n(*rows),
                percent(*recall)
            ),
        ),
        Finding::ClassImbalance { class, share, recall, others, is_held_out } => lang.choose(
            format!(
                "Class `{}` has {} of the rows {}; {} of them are found, of the best class {}.",
                name(class),
                percent(*share),
                which(*is_held_out, lang),
                percent(*recall),
                percent(*others)
            ),
            format!(
                "类别 `{}` 占{}的 {}，其中 {} 被找出；最好的类别为 {}。",
                name(class),
                which(*is_held_out, lang),
                percent(*share),
                percent(*recall),
                percent(*others)
            ),
        ),
        Finding::UnscaledInputs { column, size, least } => lang.choose(
            format!(
                "Feature `{}` has numbers of the size {}, the smallest feature of {}; a network starts out for numbers of \
                 about 1, and large ones decide every step.",
                name(column),
                n(*size),
                n(*least)
            ),
            format!(
                "特征 `{}` 的数值大小约 {}，最小的特征约 {}；网络的初始权重适合约为 1 的数值，大的数值决定每一步。",
                name(column),
                n(*size),
                n(*least)
            ),
        ),
        Finding::ConstantInput { columns, is_left_out } => {
            const SHOWN: usize = 8;
            let mut shown: Vec<String> =
                columns.iter().take(SHOWN).map(|column| format!("`{}`", name(column))).collect();
            if columns.len() > SHOWN {
                shown.push("…".to_owned());
            }
            let (en, zh) = match is_left_out {
                true => ("left out", "已略去"),
                false => ("nothing can be learned from them", "从中学不到东西"),
            };
            lang.choose(
                format!(
                    "Features that are the same in all rows learned from: {}, {} in all; {en}.",
                    shown.join(", "),
                    columns.len()
                ),
                format!("在所有训练行中都相同的特征：{}，共 {} 个；{zh}。", shown.join("、"), columns.len()),
            )
        }
        Finding::IdAsFeature { lookalike } | Finding::DateAsNumber { lookalike } => lookalike.sentence(lang),
        Finding::LeakingFeature { column, alone } => lang.choose(
            format!(
                "Feature `{}` alone all but tells the target ({} where 1 is perfect). Will it be known when predictions are wanted?",
                name(column),
                number(*alone, 4)
            ),
            format!("仅凭特征 `{}` 几乎就能得知目标（{}，1 为完全）。预测时真的能知道它吗？", name(column), number(*alone, 4)),
        ),
        Finding::SharedRows { shared, rows } => lang.choose(
            format!(
                "{shared} of the {rows} rows held out have the same features as a row learned from: on them memory counts as skill. \
                 Remove copies, or hold them out together with --group."
            ),
            format!(
                "{rows} 个留出行中有 {shared} 行的特征与某个训练行相同：在这些行上，记忆被当成了能力。请去掉重复行，或用 --group 把它们一起留出。"
            ),
        ),
        Finding::NoBetterThanShuffled { score, metric, shuffled, seeds } => lang.choose(
            format!(
                "Over {seeds} seeds, {} on the rows held out is {} with the targets as they are and {} with the targets shuffled among \
                 the rows, and the loss is no lower: nothing was found in the features that tells the target.",
                score.name(lang),
                score.number(*metric),
                score.number(*shuffled)
            ),
            format!(
                "{seeds} 个随机种子下，留出行上的{}在原来的目标上为 {}，在打乱的目标上为 {}，损失也没有更低：没有发现特征能说明目标。",
                score.name(lang),
                score.number(*metric),
                score.number(*shuffled)
            ),
        ),
        Finding::SuspectLabels { suspects, rows, unsure } => {
            branching::suspect_labels(suspects, *rows, *unsure, lang)
        }
        Finding::UnfittingLoss { misfit, loss } => branching::unfitting_loss(*misfit, loss, lang),
        Finding::BatchTooSmall { batch, noise_scale } => lang.choose(
            format!(
                "Gradients of single rows disagree so much that {} rows a step would have as much signal as noise; a batch has \
                 {batch}.",
                n(*noise_scale)
            ),
            format!("各行的梯度分歧很大：每步约 {} 行才能使信号与噪声相当，而一批只有 {batch} 行。", n(*noise_scale)),
        ),
        Finding::ValidationTooSmall { score, rows, margin } => lang.choose(
            format!(
                "The {} on so few rows held out ({rows}) is known to ± {} only. Smaller differences between trainings are chance.",
                score.name(lang),
                score.number(*margin)
            ),
            format!(
                "留出行太少（{rows} 行）：{}的误差约为 ±{}，训练之间更小的差别只是偶然。",
                score.name(lang),
                score.number(*margin)
            ),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_no_orders() {
        let leak = Finding::LeakingFeature { column: "a\u{1b}[31m\n".into(), alone: 1.0 };
        let said = leak.sentence(Lang::En);
        assert!(!said.chars().any(char::is_control) && said.contains("\\u{1b}[31m\\n"), "{said}");
    }
}
