//! What a network says of rows, as it lies in memory when it comes out of the engine.

use std::num::NonZeroUsize;

use nablab_data::prepare::Target;
use nablab_engine::{Float, YRef};

use crate::Error;
use crate::metrics::{Metrics, OfClass, metrics_of};

/// What a network says of some rows: their classes' or labels' probabilities, or numbers in their own units.
///
/// It is read from where the engine has written it: of a large table a copy in double precision might not fit into the memory.
#[derive(Clone, Debug)]
pub(crate) struct Outputs<F> {
    target: Target,
    /// (outputs, m).
    numbers: Vec<F>,
    m: usize,
    /// From which probability on the second of two classes is predicted.
    threshold: f64,
}

impl<F: Float> Outputs<F> {
    pub(crate) fn new(target: Target, numbers: Vec<F>, m: usize, threshold: f64) -> Self {
        Self { target, numbers, m, threshold }
    }

    /// Number of rows.
    pub(crate) fn rows(&self) -> usize {
        self.m
    }

    /// Numbers of each row.
    pub(crate) fn width(&self) -> usize {
        match &self.target {
            // The network says how probable the second class is.
            Target::Classes { levels, .. } => levels.len(),
            target => target.outputs(),
        }
    }

    /// Number `k` of row `j`.
    pub(crate) fn at(&self, j: usize, k: usize) -> f64 {
        let number = |k: usize| self.numbers[k * self.m + j].to_f64();
        match &self.target {
            Target::Classes { levels, .. } if levels.len() == 2 => match k {
                0 => 1.0 - number(0),
                _ => number(0),
            },
            Target::Numbers { center, scale, .. } => number(k) * scale[k] + center[k],
            Target::Classes { .. } | Target::Labels { .. } => number(k),
        }
    }

    /// What is predicted.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Compare with Y (outputs, m), each row counting as much as its weight says; all the same without weights. Of classes
    /// also the sums that the metrics are made of.
    pub(crate) fn metrics(
        &self,
        y: YRef<'_, F>,
        weights: &[f64],
        threads: NonZeroUsize,
    ) -> Result<(Metrics, Vec<OfClass>), Error> {
        let said = |j: usize, k: usize| self.at(j, k);
        Ok(metrics_of(&self.target, said, y, weights, self.threshold, threads)?)
    }
}
