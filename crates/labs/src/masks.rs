//! Dropout masks that never change: a training fits them as it would fit a smaller network.

use nablab_engine::{Seed, Settings};
use nablab_report::{Lang, number};

use crate::variant::{Run, Variant};

/// A cost with frozen masks below this share of the cost without masks has fitted the masks.
const FITTED: f64 = 0.5;

/// Dropout whose masks are the same in every iteration: those of the course's own seed are, those of any other are drawn afresh.
pub(crate) fn are_frozen(recipe: &Settings) -> bool {
    matches!(recipe.seed, Seed::Course { .. }) && recipe.hidden.iter().any(|hidden| hidden.dropout > 0.0)
}

/// A training that has fitted the masks: its cost with them, and without.
pub(crate) struct FittedMasks {
    masked: f64,
    whole: f64,
}

impl FittedMasks {
    /// In verdicts, beside the codes of the diagnosis.
    pub(crate) const CODE: &'static str = "fitted-masks";
    /// The same for a Chinese reader.
    pub(crate) const ZH: &'static str = "拟合了固定的掩码";

    /// Found where the masks are the same in every iteration, and the cost with them lies far below the cost without.
    pub(crate) fn of(variant: &Variant, run: &Run) -> Option<Self> {
        let (masked, whole) = (run.costs().last()?.1, run.train.cost);
        (are_frozen(&variant.recipe) && masked < FITTED * whole).then_some(Self { masked, whole })
    }

    pub(crate) fn sentence(&self, lang: Lang) -> String {
        let [masked, whole] = [self.masked, self.whole].map(|cost| number(cost, 4));
        lang.choose(
            format!(
                "The cost printed while training with dropout ends at {masked}, but with dropout off the same network \
                 costs {whole}: the course draws the same masks in every iteration, so the training has fitted the \
                 thinned network each example meets, not the whole one."
            ),
            format!(
                "使用 dropout 训练时打印的代价最后为 {masked}，而关闭 dropout 后，同一网络的代价是 {whole}：\
                 课程在每次迭代中使用相同的掩码，训练拟合的是每个样本所遇到的稀疏网络，而不是完整的网络。"
            ),
        )
    }
}
