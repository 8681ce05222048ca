//! Which examples count, and how much.

use super::MetricsError;

/// The examples of positive weight.
#[derive(Clone, Copy)]
pub(super) struct Examples<'w> {
    /// All of them, those that do not count too.
    count: usize,
    weights: Option<&'w [f64]>,
    /// Of positive weight.
    len: usize,
    total: f64,
}

impl<'w> Examples<'w> {
    /// Of so many rows; each weighs 1 without weights.
    pub(super) fn new(count: usize, weights: Option<&'w [f64]>) -> Result<Self, MetricsError> {
        if let Some(weights) = weights.filter(|weights| weights.len() != count) {
            let expected = format!("one for each of {count} examples");
            return Err(MetricsError::Shape { what: "number of weights", expected, got: weights.len() });
        }
        let (mut len, mut total) = (count, count as f64);
        if let Some(weights) = weights {
            (len, total) = (0, 0.0);
            for (example, &weight) in weights.iter().enumerate() {
                total += weight;
                len += usize::from(weight > 0.0);
                // An infinite sum is refused too; not-a-number fails both comparisons.
                if !(weight >= 0.0 && total < f64::INFINITY) {
                    return Err(MetricsError::Value {
                        what: "weight",
                        example,
                        expected: "a finite number that is not negative".into(),
                        got: weight.to_string(),
                        hint: "a weight says how many examples this one stands for",
                    });
                }
            }
        }
        if len == 0 { Err(MetricsError::NoExamples) } else { Ok(Self { count, weights, len, total }) }
    }

    /// Those of predictions, called `what` in an error, and targets: so many numbers, of so many outputs.
    pub(super) fn of_rows(
        what: &'static str,
        [predictions, targets]: [usize; 2],
        outputs: usize,
        weights: Option<&'w [f64]>,
    ) -> Result<Self, MetricsError> {
        let shape = |what, expected, got| Err(MetricsError::Shape { what, expected, got });
        if outputs == 0 {
            return shape("number of outputs", "at least one".into(), outputs);
        }
        if !targets.is_multiple_of(outputs) {
            return shape("number of targets", format!("a multiple of {outputs}, the outputs"), targets);
        }
        if predictions != targets {
            return shape(what, format!("as many as targets, {targets}"), predictions);
        }
        Self::new(targets / outputs, weights)
    }

    /// How many count.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    /// All examples, those that do not count too.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// What an example weighs.
    pub(super) fn weight(&self, example: usize) -> f64 {
        self.weights.map_or(1.0, |weights| weights[example])
    }

    /// Row and weight of each.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        (0..self.count).map(|row| (row, self.weight(row))).filter(|(_, weight)| *weight > 0.0)
    }

    /// Σ w: positive and finite.
    pub(super) fn total(&self) -> f64 {
        self.total
    }

    /// Σ w v(row) / Σ w. Never above 1 where no v is: both sums are in the same order, and rounding is monotone.
    pub(super) fn mean(&self, value: impl Fn(usize) -> f64) -> f64 {
        self.iter().map(|(row, weight)| weight * value(row)).sum::<f64>() / self.total
    }
}
