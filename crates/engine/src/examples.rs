//! Whether examples fit a network: their shapes, their numbers, and what each counts for.

use crate::{EngineError, Float, Loss, MatRef, Network, YRef};

impl Network {
    /// Check that X is (inputs, m) and Y (outputs, m), with m ≥ 1.
    ///
    /// # Errors
    /// [`EngineError::Shape`] otherwise.
    pub fn check_shapes<'y, F: Float>(
        &self,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
    ) -> Result<(), EngineError> {
        let y = y.into();
        let shape = |what, expected: String, got: String| Err(EngineError::Shape { what, expected, got });
        if x.cols() == 0 {
            return shape("examples", "at least 1".into(), "0".into());
        }
        if x.rows() != self.inputs() {
            return shape("features of X", self.inputs().to_string(), x.rows().to_string());
        }
        if (y.outputs(), y.m()) != (self.outputs(), x.cols()) {
            let (expected, got) = ((self.outputs(), x.cols()), (y.outputs(), y.m()));
            return shape("shape of Y", format!("{expected:?}"), format!("{got:?}"));
        }
        Ok(())
    }

    /// Check that all of X and Y are finite numbers.
    ///
    /// # Errors
    /// [`EngineError::NotFinite`] with the place of the first that is not.
    pub fn check_finite<'y, F: Float>(
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
    ) -> Result<(), EngineError> {
        for (what, numbers) in [("X", x.into()), ("Y", y.into())] {
            if let Some((row, example, got)) = numbers.first_infinite() {
                return Err(EngineError::NotFinite { what, row, example, got: got.to_string() });
            }
        }
        Ok(())
    }

    /// Check that the loss has a meaning for all targets.
    fn check_targets<F: Float>(&self, y: YRef<'_, F>) -> Result<(), EngineError> {
        let (Loss::Poisson, YRef::Matrix(y)) = (self.loss(), y) else { return Ok(()) };
        match y.data().iter().position(|y| y.to_f64() < 0.0) {
            None => Ok(()),
            Some(at) => Err(EngineError::Target {
                row: at / y.cols(),
                example: at % y.cols(),
                expected: "a count, 0 or more, with a Poisson loss",
                got: y.data()[at].to_string(),
            }),
        }
    }

    /// Check that there is a weight for each of `m` examples, finite, none below 0 and not 0 alone, or none at all.
    fn check_weights(weights: &[f64], m: usize) -> Result<(), EngineError> {
        if !weights.is_empty() && weights.len() != m {
            let (expected, got) = (m.to_string(), weights.len().to_string());
            return Err(EngineError::Shape { what: "weights", expected, got });
        }
        let wrong = |expected, got| Err(EngineError::Setting { field: "weights".into(), expected, got });
        if let Some(example) = weights.iter().position(|w| !w.is_finite()) {
            let got = weights[example].to_string();
            return Err(EngineError::NotFinite { what: "weights", row: 0, example, got });
        }
        match weights.iter().find(|w| **w < 0.0) {
            Some(w) => wrong("0 or more", w.to_string()),
            None if !weights.is_empty() && !weights.iter().any(|&w| w > 0.0) => {
                wrong("above 0 for at least one example", "0 for all".into())
            }
            None => Ok(()),
        }
    }

    /// Check X, Y and the weights of examples, and scale the weights to a mean of 1.
    pub(crate) fn check_examples<F: Float>(
        &self,
        x: MatRef<'_, F>,
        y: YRef<'_, F>,
        weights: &[f64],
    ) -> Result<Vec<F>, EngineError> {
        self.check_shapes(x, y)?;
        Self::check_finite(x, y)?;
        self.check_targets(y)?;
        Self::check_weights(weights, x.cols())?;
        Ok(Self::weights_of_mean_1(weights))
    }

    /// Weights scaled to a mean of 1: a weight of k is the example k times, whose mean loss is Σ w · loss / Σ w.
    fn weights_of_mean_1<F: Float>(weights: &[f64]) -> Vec<F> {
        let largest = weights.iter().copied().fold(0.0, f64::max);
        // By the largest first, so that their sum is finite whatever they are.
        let mean = weights.iter().map(|w| w / largest).sum::<f64>() / weights.len() as f64;
        weights.iter().map(|w| F::from_f64(w / largest / mean)).collect()
    }
}
