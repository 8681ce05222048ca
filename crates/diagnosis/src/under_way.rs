//! What a training does not show before its end.

use crate::findings::is_falling;
use crate::{Evidence, Finding, Thresholds};

/// What speaks of how little was learned. Of a loss that still falls, nobody knows yet.
const OUTCOMES: [&str; 8] = [
    "underfitting",
    "no-skill",
    "class-collapse",
    "class-imbalance",
    "batch-too-small",
    "plateau",
    "penalty-too-strong",
    "dropout-too-strong",
];

/// Leave out what is told too soon.
pub(crate) fn keep_what_is_known(findings: &mut Vec<Finding>, evidence: &Evidence, by: &Thresholds) {
    if evidence.is_under_way && is_falling(evidence, by) {
        findings.retain(|finding| !OUTCOMES.contains(&finding.code()));
    }
}

impl Evidence {
    /// Epochs done and epochs asked for, of a training that goes on.
    pub(crate) fn epochs_to_come(&self) -> Option<(u64, u64)> {
        let settings = self.settings.as_ref().filter(|_| self.is_under_way)?;
        Some((self.epochs, settings.epochs))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{EpochLosses, Fit, OpenQuestion, diagnose};
    use nablab_engine::Settings;

    fn evidence(is_under_way: bool, loss: impl Fn(u64) -> f64, epochs: u64) -> Evidence {
        let nan = f64::NAN;
        let row = |epoch| EpochLosses {
            epoch,
            cost: loss(epoch),
            train_loss: nan,
            validation_loss: nan,
            validation_metric: nan,
        };
        Evidence {
            settings: Some(Settings { epochs: 100, ..Settings::default() }),
            history: (1..=epochs).map(row).collect(),
            epochs,
            constant: Some(0.69),
            train: Some(Fit { rows: 100, loss: loss(epochs), deviation: 0.1, metric: 0.5 }),
            is_under_way,
            ..Evidence::default()
        }
    }

    #[test]
    fn while_the_loss_falls_nobody_says_how_little_was_learned() {
        let codes = |evidence: &Evidence| diagnose(evidence).iter().map(Finding::code).collect::<Vec<_>>();
        let falls = |epoch: u64| 0.69 - 0.001 * epoch as f64;
        assert!(codes(&evidence(false, falls, 20)).contains(&"underfitting"));
        assert!(!codes(&evidence(true, falls, 20)).contains(&"underfitting"));
        assert!(!codes(&evidence(true, |_| 0.69, 3)).contains(&"underfitting"), "three epochs are no curve");
        assert!(codes(&evidence(true, |_| 0.69, 20)).contains(&"underfitting"), "it falls no more");
        let open = evidence(true, falls, 20).open_questions();
        assert!(open.contains(&OpenQuestion::UnderWay { epochs: 20, of: 100 }), "{open:?}");
    }
}
