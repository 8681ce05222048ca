//! The costs of a training, kept for curves and tables.

use crate::{Float, Observer, Progress};

/// Keeps the costs of every n-th epoch, and of the last: an [`Observer`] for curves and tables.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CostHistory {
    every: u64,
    last: u64,
    /// What was kept, in order.
    pub epochs: Vec<EpochCosts>,
}

/// The costs of the batches of one epoch, each before its update.
#[derive(Clone, Debug, PartialEq)]
pub struct EpochCosts {
    /// The epoch, from 0; of a full-batch training, the iteration.
    pub epoch: u64,
    /// Examples and cost of each batch.
    pub batches: Vec<(usize, f64)>,
}

impl EpochCosts {
    /// Cost of the last batch: what the course's first edition prints.
    pub fn last_batch(&self) -> f64 {
        self.batches.last().map_or(f64::NAN, |&(_, cost)| cost)
    }

    /// Mean over the examples of the epoch: what its later editions print.
    pub fn mean(&self) -> f64 {
        let examples: usize = self.batches.iter().map(|&(n, _)| n).sum();
        self.batches.iter().map(|&(n, cost)| cost * n as f64).sum::<f64>() / examples as f64
    }

    /// Sum of the batches' costs: what one published notebook prints.
    pub fn sum(&self) -> f64 {
        self.batches.iter().map(|&(_, cost)| cost).sum()
    }
}

impl CostHistory {
    /// Keep epochs 0, `every`, 2·`every`, … and the last of `epochs`.
    pub fn new(every: u64, epochs: u64) -> Self {
        Self { every: every.max(1), last: epochs.saturating_sub(1), epochs: Vec::new() }
    }
}

impl<F: Float> Observer<F> for CostHistory {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        at.epoch.is_multiple_of(self.every) || at.epoch == self.last
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        if at.batch == 0 {
            self.epochs.push(EpochCosts { epoch: at.epoch, batches: Vec::with_capacity(at.batches) });
        }
        if let Some(epoch) = self.epochs.last_mut() {
            epoch.batches.push((at.examples, cost.to_f64()));
        }
    }
}
