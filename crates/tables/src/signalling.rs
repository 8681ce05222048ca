//! Signals while a training goes on: measured rarely enough to cost little.

use nablab_diagnosis::Reading;
use nablab_engine::signals::Probe;
use nablab_engine::{EngineError, Float, Network, Penalty, Recipe};

use crate::prepared::Part;

/// Training rows that are measured on.
pub(crate) const SAMPLE: usize = 256;
/// Rows that go forward and backward in the time of a row measured: twice through the network, and as long to be looked at.
const PASSES: usize = 4;
/// Share of a training's rows that measuring may take. It is counted in rows, not in time, so that the same training is
/// measured at the same epochs.
const BUDGET: f64 = 0.015;
/// A reading comes after so many times the epochs of the one before: most happens at the start.
const SPACING: f64 = 1.4;

/// What measures inside a training.
#[derive(Debug)]
pub(crate) struct Signalling<F: Float> {
    probe: Probe<F>,
    penalty: Penalty,
    penalty_examples: f64,
    rows: usize,
}

impl<F: Float> Signalling<F> {
    /// On a sample of the rows learned from, `train`; `initial` are the parameters before the first step.
    pub(crate) fn new(
        network: &Network,
        sample: &Part<F>,
        train: &Part<F>,
        recipe: &Recipe,
        initial: &[F],
    ) -> Result<Self, EngineError> {
        let probe = Probe::new(network, sample.x(), sample.y(), &sample.loss_weights, initial)?;
        let penalty_examples = recipe.penalty_examples(train.count());
        Ok(Self { probe, penalty: recipe.penalty, penalty_examples, rows: train.m })
    }

    /// It is time to measure after so many epochs.
    pub(crate) fn is_due(&self, epoch: u64, readings: &[Reading]) -> bool {
        readings.last().is_none_or(|last| {
            let spent = (readings.len() + 1) * PASSES * self.probe.examples();
            epoch as f64 >= SPACING * last.epoch as f64
                && epoch > last.epoch
                && spent as f64 <= BUDGET * (epoch as f64 * self.rows as f64)
        })
    }

    /// Measure; `updates` are how much the step before changed each layer, where that is known.
    pub(crate) fn read(&mut self, epoch: u64, params: &[F], updates: &[f64]) -> Reading {
        let mut signals = self.probe.measure(params, &self.penalty, self.penalty_examples);
        for (layer, &update) in signals.layers.iter_mut().zip(updates) {
            layer.update = update;
        }
        Reading { epoch, examples: self.probe.examples(), signals }
    }
}
