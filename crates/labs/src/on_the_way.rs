//! What is kept of a training on its way, for figures: most happens early, so the costs and parameters kept lie close together
//! there, and further and further apart.

use nablab_engine::{CostHistory, EpochCosts, Float, Observer, Progress};

/// Parameters of larger networks are not kept: there are some dozen copies.
const MOST_PARAMS: usize = 100_000;

/// The parameters after so many epochs.
#[derive(Clone, Debug, PartialEq)]
pub struct Moment {
    /// Epochs done.
    pub epochs: u64,
    /// Of the network then.
    pub params: Vec<f64>,
}

impl Moment {
    /// These parameters, if they are to be kept: before the first epoch, and after 1, 2, 5, 10, 20, 50, … of them.
    pub(crate) fn of<F: Float>(epochs: u64, params: &[F]) -> Option<Self> {
        let is_kept = matches!(leading(epochs), Some(0 | 1 | 2 | 5)) && params.len() <= MOST_PARAMS;
        is_kept.then(|| Self { epochs, params: params.iter().map(|v| v.to_f64()).collect() })
    }
}

/// The only digit of a number that is not 0; `None` where there are several.
fn leading(number: u64) -> Option<u64> {
    let power = 10_u64.pow(number.checked_ilog10().unwrap_or(0));
    number.is_multiple_of(power).then_some(number / power)
}

/// The costs kept of a training.
#[derive(Clone, Debug)]
pub(crate) struct Costs {
    /// As the course keeps them.
    pub(crate) regular: CostHistory,
    /// Those between them, of epochs that have a single digit that is not 0: 1, 2, …, 9, 10, 20, …
    pub(crate) between: Vec<EpochCosts>,
}

impl Costs {
    /// Every so many of so many epochs, and those between them.
    pub(crate) fn new(every: u64, epochs: u64) -> Self {
        Self { regular: CostHistory::new(every, epochs), between: Vec::new() }
    }
}

impl<F: Float> Observer<F> for Costs {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        leading(at.epoch).is_some() || Observer::<F>::wants_cost(&mut self.regular, at)
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        if Observer::<F>::wants_cost(&mut self.regular, at) {
            return self.regular.cost(at, cost);
        }
        if at.batch == 0 {
            self.between.push(EpochCosts { epoch: at.epoch, batches: Vec::with_capacity(at.batches) });
        }
        if let Some(epoch) = self.between.last_mut() {
            epoch.batches.push((at.examples, cost.to_f64()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_moments_are_further_and_further_apart() {
        let kept: Vec<u64> = (0..=30_000).filter(|&n| Moment::of(n, &[0.5_f32]).is_some()).collect();
        assert_eq!(kept, [0, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000]);
        assert_eq!(Moment::of(1, &vec![0.0_f64; MOST_PARAMS + 1]), None);
        assert_eq!((leading(0), leading(7), leading(70), leading(71)), (Some(0), Some(7), Some(7), None));
    }
}
