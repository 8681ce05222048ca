//! Signals while a training goes on: measured rarely enough to cost little.

use nablab_diagnosis::Reading;
use nablab_engine::signals::Probe;
use nablab_engine::{EngineError, Float, Network, Penalty};

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

/// The readings of a training.
#[derive(Debug)]
pub(crate) struct Signalling<F: Float> {
    probe: Probe<F>,
    penalty: Penalty,
    rows: usize,
    pub(crate) readings: Vec<Reading>,
}

impl<F: Float> Signalling<F> {
    /// On a sample of the rows learned from; `initial` are the parameters before the first step.
    pub(crate) fn new(
        network: &Network,
        sample: &Part<F>,
        rows: usize,
        penalty: Penalty,
        initial: &[F],
    ) -> Result<Self, EngineError> {
        let probe = Probe::new(network, sample.x(), sample.y(), &sample.loss_weights, initial)?;
        Ok(Self { probe, penalty, rows, readings: Vec::new() })
    }

    /// Measure after so many epochs, if it is time.
    pub(crate) fn take(&mut self, epoch: u64, params: &[F]) {
        let is_due = match self.readings.last() {
            None => true,
            Some(last) => {
                let spent = (self.readings.len() + 1) * PASSES * self.probe.examples();
                epoch as f64 >= SPACING * last.epoch as f64
                    && epoch > last.epoch
                    && spent as f64 <= BUDGET * (epoch as f64 * self.rows as f64)
            }
        };
        if is_due {
            let reading = self.read(epoch, params);
            self.readings.push(reading);
        }
    }

    /// All readings, with one of how things stand now.
    pub(crate) fn with_end(&mut self, epoch: u64, params: &[F]) -> Vec<Reading> {
        let mut readings = self.readings.clone();
        if readings.last().is_none_or(|last| last.epoch < epoch) {
            readings.push(self.read(epoch, params));
        }
        readings
    }

    fn read(&mut self, epoch: u64, params: &[F]) -> Reading {
        Reading { epoch, examples: self.probe.examples(), signals: self.probe.measure(params, &self.penalty) }
    }
}
