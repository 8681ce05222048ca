//! The validation loss has risen since its lowest: whoever stops early keeps more.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::percent;
use crate::{Advice, Certainty, EpochLosses, Evidence, Finding, Thresholds, number};

/// Fewer epochs are no curve to read anything from.
const FEWEST: usize = 10;
/// Values for `--early-stopping` that someone would type.
const PATIENCES: [u64; 8] = [5, 10, 20, 50, 100, 200, 500, 1000];

/// Risen, on average over the last tenth, by more than it jumps from epoch to epoch, while the training loss did not.
pub(super) fn rising_validation_loss(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let history = &evidence.history[..];
    let known = history.iter().all(|at| at.validation_loss.is_finite() && at.train_loss.is_finite());
    if history.len() < FEWEST || !known {
        return Vec::new();
    }
    let window = (history.len() / 10).max(3);
    // The first of equal ones, as early stopping takes it.
    let lowest = (0..history.len())
        .min_by(|&a, &b| history[a].validation_loss.total_cmp(&history[b].validation_loss))
        .unwrap_or(0);
    let around = lowest.saturating_sub(window / 2)..(lowest + window / 2 + 1).min(history.len());
    let last = history.len() - window..history.len();
    if around.end > last.start {
        return Vec::new();
    }
    let mean = |range: &std::ops::Range<usize>, field: fn(&EpochLosses) -> f64| {
        history[range.clone()].iter().map(field).sum::<f64>() / range.len() as f64
    };
    let validation: fn(&EpochLosses) -> f64 = |at| at.validation_loss;
    let train: fn(&EpochLosses) -> f64 = |at| at.train_loss;
    // How it fell at its start is no noise.
    let end = &history[history.len() - 2 * window..];
    let jumps = end.windows(2).map(|pair| (pair[1].validation_loss - pair[0].validation_loss).abs());
    let jumps = jumps.sum::<f64>() / (end.len() - 1) as f64;
    let (before, after) = (mean(&around, validation), mean(&last, validation));
    if after - before <= jumps.max(by.rising_validation_loss_rise * before)
        || mean(&last, train) > mean(&around, train)
    {
        return Vec::new();
    }
    let best = &history[lowest];
    let rise = after / best.validation_loss - 1.0;
    vec![
        RisingValidationLoss { best_epoch: best.epoch, rise, patience: patience(&history[..=lowest]) }.into(),
    ]
}

/// The smallest usual patience with which a training would have come to the last of these epochs, its best.
fn patience(history: &[EpochLosses]) -> Option<u64> {
    let (mut lowest, mut since, mut longest) = (f64::INFINITY, 0, 0);
    for at in history {
        if at.validation_loss < lowest {
            longest = longest.max(at.epoch - since);
            (lowest, since) = (at.validation_loss, at.epoch);
        }
    }
    PATIENCES.into_iter().find(|&patience| patience >= longest)
}

/// The validation loss has risen since its lowest.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RisingValidationLoss {
    /// The epoch of the lowest.
    pub best_epoch: u64,
    /// How much higher it is at the end, as a share of the lowest.
    #[serde(with = "number")]
    pub rise: f64,
    /// The smallest usual patience with which the training would have come to that epoch.
    pub patience: Option<u64>,
}

impl Describe for RisingValidationLoss {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "Prechelt 1998, Early stopping, but when?"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { best_epoch, rise, .. } = self;
        lang.choose(
            format!(
                "The validation loss was lowest after epoch {best_epoch}; at the end it is {} higher, while the training loss has \
                 not risen.",
                percent(*rise)
            ),
            format!("验证损失在第 {best_epoch} 轮最低；结束时高出 {}，而训练损失没有上升。", percent(*rise)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.early_stopping(self.patience)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(loss: fn(f64) -> (f64, f64)) -> Vec<Finding> {
        let at = |epoch: u64| {
            let (train_loss, validation_loss) = loss(epoch as f64 / 100.0);
            EpochLosses { epoch, cost: f64::NAN, train_loss, validation_loss, validation_metric: f64::NAN }
        };
        let evidence = Evidence { history: (1..=100).map(at).collect(), ..Evidence::default() };
        rising_validation_loss(&evidence, &Thresholds::default())
    }

    #[test]
    fn only_what_rises_is_told() {
        let rises = told(|t| (1.0 - 0.5 * t, 0.5 + (t - 0.4) * (t - 0.4)));
        let [Finding::RisingValidationLoss(RisingValidationLoss { best_epoch: 40, rise, patience: Some(5) })] =
            rises[..]
        else {
            panic!("{rises:?}")
        };
        // Over the last ten epochs (t − 0.4)² is on average 0.309.
        assert!((rise - 0.618).abs() < 0.001, "{rise}");
        let quiet: [fn(f64) -> (f64, f64); 5] = [
            |t| (0.5 + t, 0.5 + (t - 0.4) * (t - 0.4)),
            |t| (1.0 - 0.5 * t, 1.0 - 0.5 * t),
            |t| (0.5, 0.5 + 0.01 * (t * 300.0).sin()),
            |t| (0.5, 0.5 + 0.01 * (t - 0.4) * (t - 0.4)),
            // Noise alone has a lowest value too, somewhere.
            |t| (0.5, 1.0 + (t * 12_345.678).sin() * 0.3),
        ];
        for loss in quiet {
            assert_eq!(told(loss), []);
        }
    }
}
