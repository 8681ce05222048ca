//! What a training does not show before its end.

use crate::findings::falls;
use crate::{Evidence, Finding, Thresholds};

/// What speaks of how little was learned. Of a loss that still falls, nobody knows yet.
const OF_LEARNING: [&str; 8] = [
    "underfitting",
    "no-skill",
    "class-collapse",
    "class-imbalance",
    "batch-too-small",
    "plateau",
    "penalty-too-strong",
    "dropout-too-strong",
];
/// What speaks of rows held out, or of single ones, against a network that still learns what holds for all.
const OF_OTHER_ROWS: [&str; 2] = ["overfitting", "suspect-labels"];
/// What is said of a loss that crawls; this one falls.
const OF_CRAWLING: [&str; 1] = ["learning-rate-too-low"];

/// Leave out what is told too soon.
pub(crate) fn keep_what_is_known(findings: &mut Vec<Finding>, evidence: &Evidence, by: &Thresholds) {
    if !evidence.is_under_way {
        return;
    }
    // Of too few epochs for a curve, nobody knows.
    let [learning, others] = falls(evidence).map(|fall| fall.unwrap_or(f64::INFINITY));
    let too_soon = [
        (learning > by.plateau_change, &OF_LEARNING[..]),
        (others > by.plateau_change, &OF_OTHER_ROWS[..]),
        (learning > by.under_way_fall, &OF_CRAWLING[..]),
    ];
    findings.retain(|finding| {
        !too_soon.iter().any(|(is_soon, codes)| *is_soon && codes.contains(&finding.code()))
    });
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
        let falling = |epoch: u64| 0.69 - 0.001 * epoch as f64;
        assert!(codes(&evidence(false, falling, 20)).contains(&"underfitting"));
        assert!(!codes(&evidence(true, falling, 20)).contains(&"underfitting"));
        assert!(!codes(&evidence(true, |_| 0.69, 3)).contains(&"underfitting"), "three epochs are no curve");
        assert!(codes(&evidence(true, |_| 0.69, 20)).contains(&"underfitting"), "it falls no more");
        let overfits = |held_out: fn(u64) -> f64| {
            let mut evidence = evidence(true, falling, 20);
            let fit = |loss, metric| Some(Fit { rows: 1000, loss, deviation: 0.1, metric });
            (evidence.train, evidence.validation) = (fit(0.1, 0.99), fit(0.6, 0.8));
            evidence.history.iter_mut().for_each(|row| row.validation_loss = held_out(row.epoch));
            codes(&evidence).contains(&"overfitting")
        };
        assert!(overfits(|epoch| 0.4 + 0.01 * epoch as f64), "the loss of other rows rises");
        assert!(!overfits(|epoch| 0.8 - 0.01 * epoch as f64), "it still falls");
        let open = evidence(true, falling, 20).open_questions();
        assert!(open.contains(&OpenQuestion::UnderWay { epochs: 20, of: 100 }), "{open:?}");
    }
}
