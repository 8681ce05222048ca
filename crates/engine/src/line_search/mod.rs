//! The length of a step of L-BFGS: along its direction, costs are compared until one is low enough.

mod wolfe;

use crate::norm::largest;
use crate::objective::{Objective, Size};
use crate::optim::{Lbfgs, dot};
use crate::{Float, SearchEnd};
use wolfe::{Trial, proves_descent, strong_wolfe};

/// A gradient without a larger component counts as 0: PyTorch's `tolerance_grad`.
const LEAST_SLOPE: f64 = 1e-7;

/// How far to go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Length<F> {
    /// So many times the direction.
    Step(F),
    /// Nowhere.
    Nowhere(SearchEnd),
}

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
    ) -> (Option<F>, Size) {
        let (cost, size) = match self.known.take() {
            Some(cost) => {
                grads.copy_from_slice(&self.grads);
                (Some(cost), Size::Tame)
            }
            None => objective.at(params, true, grads),
        };
        self.cost = cost.map_or(f64::NAN, F::to_f64);
        (cost, size)
    }

    /// Turn the gradient where the step began into the direction, and say how far to go along it.
    ///
    /// A cost tells no difference below its round-off, a gradient does: of a problem whose features are of very different
    /// sizes, a step may lower the cost by less and yet lead to where most of it is lost. So a step that the costs cannot
    /// tell from none is taken where the slopes at both its ends say that it leads down, unless the gradient is as flat as
    /// such costs can make it.
    pub(crate) fn length(
        &mut self,
        rule: &mut Lbfgs<F>,
        objective: &mut Objective<'_, F>,
        params: &[F],
        grads: &mut [F],
    ) -> Length<F> {
        // Costs that differ by less are the same but for the order in which they were added up.
        let round_off = 8.0 * F::EPSILON.to_f64() * self.cost.abs();
        let slope_left = largest(grads);
        if slope_left <= LEAST_SLOPE {
            return Length::Nowhere(SearchEnd::Converged);
        }
        let is_flat = slope_left <= flat_enough::<F>(self.cost);
        rule.update(params, grads);
        loop {
            let slope = -dot(rule.gradient(), grads);
            let start = Trial { step: 0.0, cost: self.cost, slope };
            let mut last = 0.0;
            let found = match slope < 0.0 {
                true => strong_wolfe(start, rule.first_step(grads), round_off, |step| {
                    last = step;
                    self.try_step(objective, params, grads, step)
                }),
                false => None,
            };
            let is_lower = |found: &Trial| {
                found.cost < self.cost - round_off || !is_flat && proves_descent(&start, found)
            };
            if let Some(found) = found.filter(is_lower) {
                self.known = self.known.filter(|_| found.step == last);
                return Length::Step(F::from_f64(found.step));
            }
            // No step is made: the gradient kept is not that of the parameters.
            self.known = None;
            // What was remembered may mislead; steepest descent does not.
            let Some(steepest) = rule.forget() else {
                return Length::Nowhere(if is_flat { SearchEnd::Converged } else { SearchEnd::Failed });
            };
            grads.copy_from_slice(steepest);
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
        let (cost, size) = objective.at(&self.params, true, &mut self.grads);
        self.known = cost.filter(|_| size != Size::Infinite);
        let cost = self.known.map_or(f64::NAN, F::to_f64);
        Trial { step, cost, slope: -dot(&self.grads, direction) }
    }
}

/// Where no lower cost is found, a gradient without a larger component proves a minimum: half the digits of the cost, since
/// near a minimum the cost rises by the square of the way. A cost near 0 is still added up of losses that are not.
fn flat_enough<F: Float>(cost: f64) -> f64 {
    const LEAST_COST: f64 = 0.01;
    F::EPSILON.to_f64().sqrt().max(LEAST_SLOPE) * cost.abs().max(LEAST_COST)
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
            penalty_examples: 2.0,
            examples: 2.0,
            batch: batches.batch(0),
            passes: &mut Passes::new(&network, &batches, Threads::ONE),
            flat: &Flat::new(network.layout()),
            masks: &mut Masks::new::<f64>(&[], 2, seed),
        };
        let (mut search, mut rule) = (LineSearch::new(2), Lbfgs::new(3));
        let (params, mut grads) = ([1e-5; 2], [0.0; 2]);
        search.begin(&mut objective, &params, &mut grads);
        let gradient = grads;
        assert!(gradient.iter().all(|g: &f64| (g - 2e-5).abs() < 1e-9), "{gradient:?}");
        let length = search.length(&mut rule, &mut objective, &params, &mut grads);
        assert_eq!(length, Length::Nowhere(SearchEnd::Converged));

        search.begin(&mut objective, &params, &mut grads);
        assert_eq!(grads, gradient, "that of the parameters, which have not moved");
    }
}
