//! Whether the loss suits what is to be predicted.

use nablab_engine::Loss;
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::n;
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

pub(super) fn unfitting_loss(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(settings), Some(target)) = (&evidence.settings, evidence.target) else { return Vec::new() };
    let (low, high, rows) = (target.low, target.high, evidence.rows);
    let classes = evidence.classes.len();
    let misfit = match settings.loss {
        Loss::SquaredError if target.different == 2 => Some(Misfit::TwoValues { low, high }),
        Loss::SquaredError | Loss::Poisson => None,
        _ if classes > 2 && (classes as f64) * by.unfitting_loss_rows_per_class > rows as f64 => {
            Some(Misfit::ManyClasses { classes, rows })
        }
        // Classes may be called by any numbers; without classes the numbers themselves are learned.
        _ if classes == 0 && (low < 0.0 || high > 1.0) => Some(Misfit::Beyond { low, high }),
        _ => None,
    };
    let loss = match settings.loss {
        Loss::SquaredError => "squared-error",
        Loss::Poisson => "poisson",
        Loss::SoftmaxCrossEntropy => "softmax-cross-entropy",
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => "sigmoid-cross-entropy",
    };
    misfit.map(|misfit| UnfittingLoss { misfit, loss: loss.to_owned() }.into()).into_iter().collect()
}

/// Why a loss does not suit a target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Misfit {
    /// Cross-entropy of targets beyond 0 and 1.
    Beyond {
        /// The least target.
        #[serde(with = "number")]
        low: f64,
        /// The largest.
        #[serde(with = "number")]
        high: f64,
    },
    /// A distance between numbers, of which there are only two.
    TwoValues {
        /// One.
        #[serde(with = "number")]
        low: f64,
        /// The other.
        #[serde(with = "number")]
        high: f64,
    },
    /// Classes that are numbers, nearly as many as rows.
    ManyClasses {
        /// How many.
        classes: usize,
        /// Rows there are.
        rows: usize,
    },
}

/// A loss that does not suit what the target's values are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnfittingLoss {
    /// Why.
    pub misfit: Misfit,
    /// The loss.
    pub loss: String,
}

impl Describe for UnfittingLoss {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 6.2"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { misfit, loss } = self;
        match *misfit {
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

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        let Self { misfit, .. } = self;
        match misfit {
            Misfit::TwoValues { .. } => vec![Some(Advice::Binary)],
            Misfit::Beyond { .. } | Misfit::ManyClasses { .. } => vec![Some(Advice::Regression)],
        }
    }
}
