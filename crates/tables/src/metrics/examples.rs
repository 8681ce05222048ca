//! Which examples count, and how much.

use super::MetricsError;

/// The examples of positive weight.
pub(super) struct Examples {
    /// Row and weight.
    rows: Vec<(usize, f64)>,
    total: f64,
}

impl Examples {
    /// Of so many rows; each weighs 1 without weights.
    pub(super) fn new(count: usize, weights: Option<&[f64]>) -> Result<Self, MetricsError> {
        if let Some(weights) = weights.filter(|weights| weights.len() != count) {
            let expected = format!("one for each of {count} examples");
            return Err(MetricsError::Shape { what: "number of weights", expected, got: weights.len() });
        }
        let (mut rows, mut total) = (Vec::with_capacity(count), 0.0);
        for example in 0..count {
            let weight = weights.map_or(1.0, |weights| weights[example]);
            total += weight;
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
            if weight > 0.0 {
                rows.push((example, weight));
            }
        }
        if rows.is_empty() { Err(MetricsError::NoExamples) } else { Ok(Self { rows, total }) }
    }

    /// Of predictions, called `what` in an error, and targets, both (examples, outputs) with a row for each example.
    pub(super) fn of_rows(
        what: &'static str,
        predictions: &[f64],
        targets: &[f64],
        outputs: usize,
        weights: Option<&[f64]>,
    ) -> Result<Self, MetricsError> {
        let shape = |what, expected, got| Err(MetricsError::Shape { what, expected, got });
        if outputs == 0 {
            return shape("number of outputs", "at least one".into(), outputs);
        }
        if !targets.len().is_multiple_of(outputs) {
            return shape(
                "number of targets",
                format!("a multiple of {outputs}, the outputs"),
                targets.len(),
            );
        }
        if predictions.len() != targets.len() {
            return shape(what, format!("as many as targets, {}", targets.len()), predictions.len());
        }
        Self::new(targets.len() / outputs, weights)
    }

    /// How many count.
    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Row and weight of each.
    pub(super) fn iter(&self) -> impl Iterator<Item = (usize, f64)> + '_ {
        self.rows.iter().copied()
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
