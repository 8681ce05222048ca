//! The learning-rate range test: raise the rate at every step, and see where the cost falls and where it blows up.

use std::num::NonZeroUsize;

use nablab_engine::{Done, Float, Observer, Progress, Schedule, Trainer, Watch, in_precision};
use serde::{Deserialize, Serialize};

use crate::label_smoothing::smoothed;
use crate::prepared::{Prepared, recipe_for};
use crate::{Error, Settings, Tables};

/// What a range test found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RangeTest {
    /// The cost at each rate, before the step with it.
    pub steps: Vec<Step>,
    /// A tenth of the rate at which the smoothed cost was lowest, to two digits.
    pub suggestion: f64,
}

/// A step of a range test.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// The learning rate.
    pub rate: f64,
    /// Cost of the batch.
    pub cost: f64,
    /// Exponentially weighted mean of the costs so far.
    pub smoothed: f64,
}

/// The rates tried, lowest to highest.
const RATES: [f64; 2] = [1e-6, 10.0];
/// Steps at least, so that neighbouring rates differ by less than a tenth.
const STEPS: usize = 200;
/// What is kept of the mean cost at each step.
const KEPT: f64 = 0.9;
/// Beyond so many times the lowest mean, it has blown up.
const BLOWN_UP: f64 = 4.0;

impl Settings {
    /// Look for a learning rate for these settings and this table: train with a rate that grows evenly on a logarithmic scale,
    /// from 10⁻⁶ to 10, and take a tenth of where the smoothed cost was lowest, before it blew up.
    ///
    /// It sees the first steps only: [`find_rate`](Self::find_rate) tries what it suggests.
    ///
    /// Smith 2017, Cyclical learning rates for training neural networks (arXiv 1506.01186); the tenth is fastai's.
    ///
    /// # Errors
    /// Whatever does not fit the table; [`Error::Stopped`].
    pub fn range_test(&self, tables: &Tables<'_>, watch: &dyn Watch<Done>) -> Result<RangeTest, Error> {
        in_precision!(self.training.precision, F => {
            self.test_on(&Prepared::<F>::new(self, tables, NonZeroUsize::MIN)?, watch)
        })
    }

    /// The same on what was made ready for these settings.
    pub(crate) fn test_on<F: Float>(
        &self,
        prepared: &Prepared<F>,
        watch: &dyn Watch<Done>,
    ) -> Result<RangeTest, Error> {
        let mut settings = self.clone();
        let train = &prepared.train;
        let batches = train.m.div_ceil(settings.training.batch_of(train.m));
        let epochs = STEPS.div_ceil(batches);
        let [lowest, highest] = RATES;
        settings.training.learning_rate = lowest;
        settings.training.epochs = epochs as u64;
        let factor = (highest / lowest).powf(1.0 / epochs as f64);
        settings.training.schedule = Schedule::Exponential { factor };
        let target = &prepared.found.target;
        let recipe = recipe_for(&settings, target)?;
        let y = smoothed(&train.y, target, settings.data.label_smoothing);
        let mut costs = Costs { all: Vec::new(), steps: epochs * batches, watch };
        Trainer::weighted(&recipe, train.x(), y.view(train.m), &train.loss_weights)?.run(&mut costs);
        if watch.stop() {
            return Err(Error::Stopped);
        }
        Ok(RangeTest::new(costs.all))
    }
}

impl RangeTest {
    /// Smooth the costs, and choose.
    fn new(costs: Vec<(f64, f64)>) -> Self {
        let (mut mean, mut weight, mut lowest) = (0.0, 0.0, f64::INFINITY);
        let (mut steps, mut best) = (Vec::new(), RATES[0]);
        for (rate, cost) in costs {
            mean = KEPT * mean + (1.0 - KEPT) * cost;
            // Corrected for its start at 0, as Adam's moments are.
            weight = KEPT * weight + (1.0 - KEPT);
            let smoothed = mean / weight;
            if !smoothed.is_finite() || smoothed > BLOWN_UP * lowest {
                break;
            }
            if smoothed < lowest {
                (lowest, best) = (smoothed, rate);
            }
            steps.push(Step { rate, cost, smoothed });
        }
        Self { steps, suggestion: two_digits(best / 10.0) }
    }
}

/// Rounded to two digits: it stands in recipes, and people read those.
pub fn two_digits(v: f64) -> f64 {
    format!("{v:.1e}").parse().unwrap_or(v)
}

/// Rates and costs of the steps.
struct Costs<'w> {
    all: Vec<(f64, f64)>,
    /// Steps in all.
    steps: usize,
    watch: &'w dyn Watch<Done>,
}

impl<F: Float> Observer<F> for Costs<'_> {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        true
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        self.all.push((at.learning_rate, cost.to_f64()));
        self.watch.saw(&Done { done: self.all.len(), of: self.steps });
    }

    fn gives_up(&mut self) -> bool {
        self.watch.stop()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenth_of_the_lowest_is_chosen_before_it_blows_up() {
        let rates = (0..700).map(|i| 1e-6 * 10_f64.powf(f64::from(i) / 100.0));
        // Falls until 0.1; from there on it rises without bounds.
        let cost = |rate: f64| if rate < 0.1 { -rate.log10() } else { 100.0 * rate };
        let test = RangeTest::new(rates.map(|rate| (rate, cost(rate))).collect());
        assert_eq!(test.suggestion, 0.01);
        assert!(test.steps.iter().all(|step| step.rate < 0.12), "cut where it has blown up");
    }
}
