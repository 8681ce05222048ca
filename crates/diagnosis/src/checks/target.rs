//! Whether the loss suits what is to be predicted.

use nablab_engine::Loss;

use crate::{Evidence, Finding, Misfit, Thresholds};

pub(super) fn unfitting_loss(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(settings), Some(target)) = (&evidence.settings, evidence.target) else { return Vec::new() };
    let (low, high, rows) = (target.low, target.high, evidence.rows);
    let classes = evidence.classes.len();
    let misfit = match settings.loss {
        Loss::SquaredError if target.different == 2 => Some(Misfit::TwoValues { low, high }),
        Loss::SquaredError => None,
        _ if classes > 2 && (classes as f64) * by.unfitting_loss_rows_per_class > rows as f64 => {
            Some(Misfit::ManyClasses { classes, rows })
        }
        // Classes may be called by any numbers; without classes the numbers themselves are learned.
        _ if classes == 0 && (low < 0.0 || high > 1.0) => Some(Misfit::Beyond { low, high }),
        _ => None,
    };
    let loss = match settings.loss {
        Loss::SquaredError => "squared-error",
        Loss::SoftmaxCrossEntropy => "softmax-cross-entropy",
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => "sigmoid-cross-entropy",
    };
    misfit.map(|misfit| Finding::UnfittingLoss { misfit, loss: loss.to_owned() }).into_iter().collect()
}
