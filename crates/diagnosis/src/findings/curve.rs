//! How the loss went down, and whether it was still on its way at the end.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, percent};
use crate::{Advice, Certainty, EpochLosses, Evidence, Finding, Thresholds, number};

/// Fewer epochs are no curve to read anything from.
pub(crate) const FEWEST_EPOCHS: usize = 8;

/// A curve of losses: the means of its tenths, and how it jumps at its end.
pub(super) struct Curve {
    pub(super) tenths: Vec<f64>,
    pub(super) jumps: f64,
}

impl Curve {
    /// Of the rows learned from, without penalty and dropout, where that is known; else of the cost.
    pub(super) fn of_learning(evidence: &Evidence) -> Option<Self> {
        Self::of(&evidence.history, |at| if at.train_loss.is_nan() { at.cost } else { at.train_loss })
    }

    /// Of the rows held out; of those learned from where none are.
    fn of_judgement(evidence: &Evidence) -> Option<Self> {
        let judged = |at: &EpochLosses| {
            if at.validation_loss.is_nan() { at.train_loss } else { at.validation_loss }
        };
        Self::of(&evidence.history, judged)
    }

    /// None of few epochs, or if it ends in infinity; on the way a loss may have been infinite.
    fn of(history: &[EpochLosses], field: impl Fn(&EpochLosses) -> f64) -> Option<Self> {
        let ends_well = field(history.last()?).is_finite();
        let values: Vec<f64> = history.iter().map(field).filter(|v| v.is_finite()).collect();
        if values.len() < FEWEST_EPOCHS || !ends_well {
            return None;
        }
        let width = (values.len() / 10).max(1);
        let mean = |part: &[f64]| part.iter().sum::<f64>() / part.len() as f64;
        let tenths = values.rchunks(width).map(mean).collect::<Vec<_>>().into_iter().rev().collect();
        let end = &values[values.len() - values.len().min(2 * width + 1)..];
        let steps: Vec<f64> = end.windows(2).map(|pair| pair[1] - pair[0]).collect();
        // A steady fall is no jump.
        let trend = mean(&steps);
        let jumps = mean(&steps.iter().map(|step| (step - trend).abs()).collect::<Vec<_>>());
        Some(Self { tenths, jumps })
    }

    pub(super) fn end(&self) -> f64 {
        self.tenths.last().copied().unwrap_or(f64::NAN)
    }

    pub(super) fn lowest(&self) -> f64 {
        self.tenths.iter().copied().fold(f64::INFINITY, f64::min)
    }

    /// By which share of itself it fell over the last tenth.
    pub(super) fn fall(&self) -> f64 {
        match self.tenths[..] {
            [.., before, end] => 1.0 - end / before,
            _ => 0.0,
        }
    }
}

/// By what share the losses of the rows learned from and of those held out have fallen over the last half of the epochs; none of few
/// epochs, which are no curve.
pub(crate) fn falls(evidence: &Evidence) -> [Option<f64>; 2] {
    let fall = |curve: Curve| 1.0 - curve.end() / curve.tenths[curve.tenths.len() / 2];
    [Curve::of_learning(evidence).map(fall), Curve::of_judgement(evidence).map(fall)]
}

pub(super) fn stopped_too_early(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let Some(curve) = Curve::of_judgement(evidence).filter(|_| evidence.is_finished) else {
        return Vec::new();
    };
    let (fall, epochs) = (curve.fall(), evidence.epochs);
    let before = curve.end() / (1.0 - fall);
    if fall > by.stopped_too_early_fall && before - curve.end() > curve.jumps {
        return vec![StoppedTooEarly { fall, epochs }.into()];
    }
    Vec::new()
}

/// It ended while the loss was falling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoppedTooEarly {
    /// By what share the loss fell over the last tenth of the epochs.
    #[serde(with = "number")]
    pub fall: f64,
    /// Epochs in all.
    pub epochs: u64,
}

impl Describe for StoppedTooEarly {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { fall, epochs } = self;
        lang.choose(
            format!(
                "The loss was still falling when the {epochs} epochs were over, by {} over the last tenth.",
                percent(*fall)
            ),
            format!("{epochs} 轮结束时损失仍在下降，最后十分之一的轮次下降 {}。", percent(*fall)),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![Some(Advice::Epochs(2 * self.epochs))]
    }
}

/// The rows learned from have come no further since the middle of the training, or earlier.
pub(super) fn plateau(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(learning), Some(constant)) = (Curve::of_learning(evidence), evidence.constant) else {
        return Vec::new();
    };
    // Less is a loss that has nowhere to fall to.
    let is_high = learning.end() > by.least_descent * constant;
    let end = learning.end();
    let near = |loss: f64| (loss - end).abs() <= by.plateau_change * end;
    let flat = learning.tenths.iter().rev().take_while(|&&loss| near(loss)).count();
    if is_high && 2 * flat > learning.tenths.len() {
        let share = 1.0 - flat as f64 / learning.tenths.len() as f64;
        let since = (share * evidence.epochs as f64).round() as u64;
        return vec![Plateau { since, epochs: evidence.epochs, loss: end }.into()];
    }
    Vec::new()
}

/// The loss has long stopped falling.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plateau {
    /// The epoch since which the loss stays.
    pub since: u64,
    /// Epochs in all.
    pub epochs: u64,
    /// Where it stays.
    #[serde(with = "number")]
    pub loss: f64,
}

impl Describe for Plateau {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        match self {
            Self {since: 0, epochs, loss} => lang.choose(
            format!(
                "The loss has stayed at {} through all {epochs} epochs: what could be learned was learned in the first, or \
                 nothing was.",
                n(*loss)
            ),
            format!("{epochs} 轮中损失一直停在 {}：能学到的在第一轮就学到了，或者什么也没有学到。", n(*loss)),
        ),
            Self {since, epochs, loss} => lang.choose(
            format!("Since epoch {since} of {epochs} the loss has stayed at {}: more of the same steps lead nowhere.", n(*loss)),
            format!("共 {epochs} 轮，从第 {since} 轮起损失停在 {}：继续同样的步不会再有进展。", n(*loss)),
        )
        }
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        let Self { since, .. } = self;
        // Of a loss that has never fallen, fewer epochs are no remedy.
        let sooner = (*since as usize >= FEWEST_EPOCHS).then_some(Advice::Epochs(*since));
        vec![useful.cosine(), sooner]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn evidence(loss: impl Fn(u64) -> f64) -> Evidence {
        let at = |epoch| EpochLosses {
            epoch,
            cost: loss(epoch),
            train_loss: f64::NAN,
            validation_loss: f64::NAN,
            validation_metric: f64::NAN,
        };
        Evidence {
            history: (1..=100).map(at).collect(),
            epochs: 100,
            constant: Some(1.0),
            ..Evidence::default()
        }
    }

    #[test]
    fn a_flat_end_is_a_plateau() {
        let by = Thresholds::default();
        let stuck = evidence(|epoch| if epoch <= 30 { 1.0 - epoch as f64 / 60.0 } else { 0.5 });
        assert_eq!(plateau(&stuck, &by), [Finding::Plateau(Plateau { since: 30, epochs: 100, loss: 0.5 })]);
        assert_eq!(plateau(&evidence(|epoch| 1.0 / epoch as f64), &by), []);
        // Learned to the end.
        assert_eq!(plateau(&evidence(|_| 1e-3), &by), []);
    }

    /// One infinite loss on the way hides nothing.
    #[test]
    fn a_curve_survives_infinity() {
        let leap = |epoch| if epoch == 3 { f64::INFINITY } else { 2.0 };
        let curve = Curve::of_learning(&evidence(leap)).unwrap();
        assert_eq!((curve.lowest(), curve.end()), (2.0, 2.0));
        assert!(Curve::of_learning(&evidence(|epoch| 1.0 / (100 - epoch) as f64)).is_none());
    }
}
