//! Findings in sentences: what was measured, and what it means. Short, plain, no more certain than the numbers.

use nablab_report::{Lang, number};

use crate::Finding;

fn n(v: f64) -> String {
    number(v, 3)
}

fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share, 3))
}

pub(crate) fn sentence(finding: &Finding, lang: Lang) -> String {
    match finding {
        Finding::SymmetricUnits { layer, symmetric, units } => lang.choose(
            format!(
                "In layer {layer}, {symmetric} of {units} units began as copies of each other and still are: they get \
                 equal gradients, and work as one unit. Weights have to begin different."
            ),
            format!(
                "第 {layer} 层的 {units} 个单元中有 {symmetric} 个从一开始就彼此相同，并且始终相同：它们得到相同的梯度，等于一个单元。\
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
        Finding::DeadUnits { layer, dead, units } => lang.choose(
            format!(
                "In layer {layer}, {dead} of {units} units are 0 for every example of the sample: relu gives them no gradient, so \
                 that they stay dead."
            ),
            format!("第 {layer} 层的 {units} 个单元中有 {dead} 个对所有抽样样本都输出 0：relu 不给它们梯度，于是一直“死亡”。"),
        ),
        Finding::SaturatedUnits { layer, saturated, units } => lang.choose(
            format!(
                "In layer {layer}, {saturated} of {units} units sit at an end of their range for nearly every example: there the \
                 slope is almost 0."
            ),
            format!("第 {layer} 层的 {units} 个单元中有 {saturated} 个几乎对所有样本都处在取值范围的端点：那里斜率几乎为 0（饱和）。"),
        ),
        Finding::Diverged { step, place } => lang.choose(
            format!("At step {step} the gradient of {place} was no number any more: the training diverged."),
            format!("第 {step} 步时 {place} 的梯度不再是数：训练发散。"),
        ),
        Finding::LearningRateTooHigh { rate, died, .. } if *died > 0 => lang.choose(
            format!("With a learning rate of {rate}, {died} units of a layer that began alive have died: the steps are too long."),
            format!("学习率为 {rate} 时，某一层有 {died} 个原本正常的单元在训练中“死亡”：步子太大。"),
        ),
        Finding::LearningRateTooHigh { rate, lowest, end, .. } => lang.choose(
            format!(
                "With a learning rate of {rate} the loss ends at {} after {}, leaps from epoch to epoch, or has thrown the weights \
                 away: the steps are too long.",
                n(*end),
                n(*lowest)
            ),
            format!("学习率为 {rate} 时，损失最后为 {}，此前曾低至 {}，或在各轮之间跳动，或把权重甩到很远：步子太大。", n(*end), n(*lowest)),
        ),
        Finding::LearningRateTooLow { rate, could_be, fall } => lang.choose(
            format!(
                "The cost was still falling at the end, by {} over the last tenth, and a learning rate of {rate} is far below what \
                 the cost allows (about {}).",
                percent(*fall),
                n(*could_be)
            ),
            format!("结束时代价仍在下降（最后十分之一的轮次下降 {}），而学习率 {rate} 远低于可用的大小（约 {}）。", percent(*fall), n(*could_be)),
        ),
        Finding::StoppedTooEarly { fall, epochs } => lang.choose(
            format!(
                "The loss was still falling when the {epochs} epochs were over, by {} over the last tenth.",
                percent(*fall)
            ),
            format!("{epochs} 轮结束时损失仍在下降，最后十分之一的轮次下降 {}。", percent(*fall)),
        ),
        Finding::Overfitting { train_loss, validation_loss, train, validation } => lang.choose(
            format!(
                "The loss is {} on the rows learned from and {} on the others (metric {} and {}): more than chance explains. The \
                 network has learned its rows by heart.",
                n(*train_loss),
                n(*validation_loss),
                n(*train),
                n(*validation)
            ),
            format!(
                "训练行上的损失为 {}，其他行上为 {}（指标 {} 与 {}）：差距超出偶然波动。网络记住了训练行（过拟合）。",
                n(*train_loss),
                n(*validation_loss),
                n(*train),
                n(*validation)
            ),
        ),
        Finding::NoSkill { metric, constant } => lang.choose(
            format!(
                "On the rows held out the network scores {}; an answer that looks at no feature scores {}, and cannot be told from \
                 it.",
                n(*metric),
                n(*constant)
            ),
            format!("网络在留出的行上得分 {}，完全不看特征的回答得分 {}：二者没有可辨的差别。", n(*metric), n(*constant)),
        ),
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
        Finding::PenaltyTooStrong { l2, l1, loss, constant } => {
            let of = if l2 > l1 { format!("L2 = {l2}") } else { format!("L1 = {l1}") };
            lang.choose(
                format!(
                    "The penalty ({of}) has shrunk the weights to less than a third, and the loss stays at {}, near the {} of an \
                     answer that looks at no feature.",
                    n(*loss),
                    n(*constant)
                ),
                format!("惩罚项（{of}）把权重压到不足三分之一，损失停在 {}，接近不看特征的回答的 {}。", n(*loss), n(*constant)),
            )
        }
        Finding::DropoutTooStrong { rate, loss, constant } => lang.choose(
            format!(
                "Dropout silences {} of the units, and the loss stays at {}, near the {} of an answer that looks at no feature.",
                percent(*rate),
                n(*loss),
                n(*constant)
            ),
            format!("dropout 关闭了 {} 的单元，损失停在 {}，接近不看特征的回答的 {}。", percent(*rate), n(*loss), n(*constant)),
        ),
        Finding::ClassCollapse { class, rows, recall } => lang.choose(
            format!("Of the {} rows of class `{class}`, {} are found: the network all but never predicts it.", n(*rows), percent(*recall)),
            format!("类别 `{class}` 的 {} 行只找出 {}：网络几乎从不预测它。", n(*rows), percent(*recall)),
        ),
        Finding::ClassImbalance { class, share, recall, others } => lang.choose(
            format!(
                "Class `{class}` has {} of the rows; {} of them are found, of the best class {}.",
                percent(*share),
                percent(*recall),
                percent(*others)
            ),
            format!("类别 `{class}` 占 {}，其中 {} 被找出；最好的类别为 {}。", percent(*share), percent(*recall), percent(*others)),
        ),
        Finding::UnscaledInputs { column, size, least } => lang.choose(
            format!(
                "Feature `{column}` has numbers of the size {}, others of {}: the large ones decide every step.",
                n(*size),
                n(*least)
            ),
            format!("特征 `{column}` 的数值大小约 {}，其他特征约 {}：每一步都由大的数值决定。", n(*size), n(*least)),
        ),
        Finding::ConstantInput { column } => lang.choose(
            format!("Feature `{column}` is the same in all rows learned from: nothing can be learned from it."),
            format!("特征 `{column}` 在所有训练行中都相同：从中学不到东西。"),
        ),
        Finding::LeakingFeature { column, alone } => lang.choose(
            format!(
                "Feature `{column}` alone tells the target (its score is {} of 1). Will it be known when predictions are wanted?",
                n(*alone)
            ),
            format!("仅凭特征 `{column}` 就能得知目标（得分 {}，满分 1）。预测时真的能知道它吗？", n(*alone)),
        ),
        Finding::SharedRows { shared, rows } => lang.choose(
            format!("{shared} of the {rows} rows held out have the same features as a row learned from: on them memory counts as skill."),
            format!("留出的 {rows} 行中有 {shared} 行的特征与某个训练行相同：在这些行上，记忆被当成了能力。"),
        ),
        Finding::SuspectLabels { suspects, unsure } => {
            let rows: Vec<String> = suspects.iter().take(8).map(|s| s.row.to_string()).collect();
            let more = if suspects.len() > rows.len() { ", …" } else { "" };
            lang.choose(
                format!(
                    "{} rows have a label that the network, good otherwise, finds all but impossible (it is unsure of {} others): rows \
                     {}{more}. Look at them.",
                    suspects.len(),
                    unsure,
                    rows.join(", ")
                ),
                format!(
                    "有 {} 行的标签在（其他方面表现良好的）网络看来几乎不可能（另有 {} 行它不确定）：第 {}{more} 行。请检查。",
                    suspects.len(),
                    unsure,
                    rows.join(", ")
                ),
            )
        }
        Finding::BatchTooSmall { batch, noise_scale } => lang.choose(
            format!(
                "Gradients of single rows disagree so much that {} rows a step would have as much signal as noise; a batch has \
                 {batch}.",
                n(*noise_scale)
            ),
            format!("各行的梯度分歧很大：每步约 {} 行才能使信号与噪声相当，而一批只有 {batch} 行。", n(*noise_scale)),
        ),
        Finding::ValidationTooSmall { rows, margin } => lang.choose(
            format!("{rows} rows are held out: the accuracy on them is known to ± {} only.", percent(*margin)),
            format!("只留出了 {rows} 行：其准确率的误差有 ± {}。", percent(*margin)),
        ),
    }
}
