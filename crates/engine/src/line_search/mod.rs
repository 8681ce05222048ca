//! The length of a step of L-BFGS: along its direction, costs are compared until one is low enough.

mod wolfe;

use crate::Float;
use crate::objective::Objective;
use crate::optim::{Lbfgs, dot};
use wolfe::{Trial, strong_wolfe};

/// A gradient without a larger component counts as 0: PyTorch's `tolerance_grad`.
const LEAST_SLOPE: f64 = 1e-7;

/// Where along a direction the costs were tried last.
#[derive(Clone, Debug)]
pub(crate) struct LineSearch<F> {
    params: Vec<F>,
    grads: Vec<F>,
    /// The cost where the next step starts, if the last one tried it: its gradient is then known, too.
    known: Option<F>,
    /// The cost where this step starts.
    cost: f64,
}

impl<F: Float> LineSearch<F> {
    /// Of so many parameters.
    pub(crate) fn new(len: usize) -> Self {
        Self { params: vec![F::ZERO; len], grads: vec![F::ZERO; len], known: None, cost: f64::NAN }
    }

    /// Cost and gradient at `params`, where a step begins: as [`Objective::at`].
    pub(crate) fn begin(
        &mut self,
        objective: &mut Objective<'_, F>,
        params: &[F],
        grads: &mut [F],
    ) -> (Option<F>, bool) {
        let (cost, is_finite) = match self.known.take() {
            Some(cost) => {
                grads.copy_from_slice(&self.grads);
                (Some(cost), true)
            }
            None => objective.at(params, true, grads),
        };
        self.cost = cost.map_or(f64::NAN, F::to_f64);
        (cost, is_finite)
    }

    /// Turn the gradient where the step began into the direction, and say how far to go along it; nothing where no
    /// lower step is found.
    pub(crate) fn length(
        &mut self,
        rule: &mut Lbfgs<F>,
        objective: &mut Objective<'_, F>,
        params: &[F],
        grads: &mut [F],
    ) -> Option<F> {
        if grads.iter().all(|g| g.abs().to_f64() <= LEAST_SLOPE) {
            return None;
        }
        rule.update(params, grads);
        loop {
            let slope = -dot(rule.gradient(), grads);
            let start = Trial { step: 0.0, cost: self.cost, slope };
            // Costs that differ by less are the same but for the order in which they were added up.
            let round_off = 8.0 * F::EPSILON.to_f64() * self.cost.abs();
            let mut last = 0.0;
            let found = match slope < 0.0 {
                true => strong_wolfe(start, rule.first_step(grads), round_off, |step| {
                    last = step;
                    self.try_step(objective, params, grads, step)
                }),
                false => None,
            };
            if let Some(found) = found.filter(|found| found.cost < self.cost - round_off) {
                self.known = self.known.filter(|_| found.step == last);
                return Some(F::from_f64(found.step));
            }
            // No step is made: the gradient kept is not that of the parameters.
            self.known = None;
            // What was remembered may mislead; steepest descent does not.
            grads.copy_from_slice(rule.forget()?);
        }
    }

    fn try_step(
        &mut self,
        objective: &mut Objective<'_, F>,
        params: &[F],
        direction: &[F],
        step: f64,
    ) -> Trial {
        let rate = F::from_f64(step);
        for ((tried, &w), &d) in self.params.iter_mut().zip(params).zip(direction) {
            *tried = w - rate * d;
        }
        let (cost, is_finite) = objective.at(&self.params, true, &mut self.grads);
        self.known = cost.filter(|_| is_finite);
        let cost = self.known.map_or(f64::NAN, F::to_f64);
        Trial { step, cost, slope: -dot(&self.grads, direction) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batches::Batches;
    use crate::dropout::Masks;
    use crate::flat::Flat;
    use crate::passes::Passes;
    use crate::threads::Threads;
    use crate::{Loss, MatRef, Network, Penalty, Seed};

    /// The cost is 500 000 + (w + b)² / 2: what the search finds at the bottom is lower by less than round-off.
    #[test]
    fn a_failed_search_keeps_no_gradient() {
        let (network, seed) = (Network::new(1, &[], 1, Loss::SquaredError), Seed::Streams(0));
        let (x, y) = (MatRef::new(&[1.0, 1.0], 1, 2), MatRef::new(&[1000.0, -1000.0], 1, 2));
        let batches = Batches::new(x, y, None, seed);
        let mut objective = Objective {
            network: &network,
            penalty: &Penalty::default(),
            batch: &batches.batch(0),
            passes: &mut Passes::new(&network, &batches, Threads::ONE),
            flat: &Flat::new(network.layout()),
            masks: &mut Masks::new::<f64>(&[], 2, seed),
        };
        let (mut search, mut rule) = (LineSearch::new(2), Lbfgs::new(3));
        let (params, mut grads) = ([1e-5; 2], [0.0; 2]);
        search.begin(&mut objective, &params, &mut grads);
        let gradient = grads;
        assert!(gradient.iter().all(|g: &f64| (g - 2e-5).abs() < 1e-9), "{gradient:?}");
        assert_eq!(search.length(&mut rule, &mut objective, &params, &mut grads), None);

        search.begin(&mut objective, &params, &mut grads);
        assert_eq!(grads, gradient, "that of the parameters, which have not moved");
    }
}
