//! One training step.

use super::Trainer;
use crate::line_search::{Length, LineSearch};
use crate::objective::{Objective, Size};
use crate::optim::Rule;
use crate::{BatchMean, Divergence, Float, Observer, Progress};

/// What a step works with, in parts that can be changed side by side.
struct Parts<'t, F: Float> {
    objective: Objective<'t, F>,
    params: &'t mut [F],
    grads: &'t mut [F],
    rule: &'t mut Rule<F>,
    search: &'t mut Option<LineSearch<F>>,
}

impl<F: Float> Trainer<F> {
    /// batch → forward → loss → backward → mean and penalty → clip → rule → apply.
    pub(super) fn step(&mut self, batch: usize, observer: &mut dyn Observer<F>) -> Result<(), Divergence> {
        let at = self.progress(batch);
        let (cost, size) = self.gradient(batch, observer.wants_cost(&at));
        if let Some(cost) = cost {
            observer.cost(&at, cost);
            if observer.wants_penalty() {
                let (_, examples) = self.divisors(batch);
                observer
                    .penalty(&at, self.recipe.penalty.value(self.network.layout(), &self.params, examples));
            }
        }
        self.check_finite(size, at.examples)?;
        self.recipe.clip.apply(&mut self.grads);
        if size == Size::Large {
            self.rule.tame(&mut self.grads);
        }
        match self.length(batch, at.learning_rate) {
            Length::Step(length) => self.apply(length, &at, observer),
            Length::Nowhere(end) => self.search_end = Some(end),
        }
        Ok(())
    }

    /// Where the training stands.
    fn progress(&self, batch: usize) -> Progress {
        let examples = self.batches.batch(batch).m();
        let (batches, learning_rate) = (self.batches.count(), self.learning_rate(batch));
        Progress { step: self.step, epoch: self.epoch, batch, batches, examples, learning_rate }
    }

    /// By the schedule; 1 where a search finds the length of the step.
    fn learning_rate(&self, batch: usize) -> f64 {
        if self.search.is_some() {
            return 1.0;
        }
        let (recipe, batches) = (&self.recipe, self.batches.count() as f64);
        let time = self.epoch as f64 + batch as f64 / batches;
        self.rate_factor
            * recipe.learning_rate
            * recipe.schedule.factor(time, 1.0 / batches, recipe.epochs as f64)
    }

    /// What the summed loss of a batch is divided by, and the strength of the penalty.
    fn divisors(&self, batch: usize) -> (f64, f64) {
        match self.recipe.batch_mean {
            BatchMean::OfTraining => (self.batches.batch(batch).m() as f64, self.penalty_examples),
            // A batch of examples that count nothing asks for nothing.
            BatchMean::OfBatch => match self.batches.weight(batch) {
                0.0 => (f64::INFINITY, f64::INFINITY),
                weight => (weight, weight * self.mean_weight),
            },
        }
    }

    fn parts(&mut self, batch: usize) -> Parts<'_, F> {
        let (examples, penalty_examples) = self.divisors(batch);
        let objective = Objective {
            network: &self.network,
            penalty: &self.recipe.penalty,
            penalty_examples,
            examples,
            batch: self.batches.batch(batch),
            passes: &mut self.passes,
            flat: &self.flat,
            masks: &mut self.masks,
        };
        let (params, grads, rule) = (&mut self.params[..], &mut self.grads[..], &mut self.rule);
        Parts { objective, params, grads, rule, search: &mut self.search }
    }

    /// The cost of all examples at these parameters, mean loss plus penalty, and its gradient, for whoever searches its minimum by
    /// itself.
    ///
    /// ```
    /// use nablab_engine::{Loss, MatRef, Settings, Trainer};
    /// let recipe = Settings { loss: Loss::SquaredError, ..Settings::default() }.check()?; // ½ (w x + b − y)²
    /// let mut trainer = Trainer::<f64>::new(&recipe, MatRef::new(&[2.0], 1, 1), MatRef::new(&[1.0], 1, 1))?;
    /// let mut gradient = [0.0; 2];
    /// assert_eq!(trainer.cost_and_gradient(&[3.0, 0.5], &mut gradient), 0.5 * 5.5 * 5.5);
    /// assert_eq!(gradient, [5.5 * 2.0, 5.5]);
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    ///
    /// # Panics
    /// If the training is cut into batches, or there are not as many numbers as parameters.
    pub fn cost_and_gradient(&mut self, params: &[F], gradient: &mut [F]) -> F {
        F::cost_and_gradient(self, params, gradient)
    }

    /// What the penalty adds to [`Self::cost_and_gradient`].
    pub fn penalty(&self, params: &[F]) -> F {
        let (_, examples) = self.divisors(0);
        self.recipe.penalty.value(self.network.layout(), params, examples)
    }

    pub(crate) fn objective_at(&mut self, params: &[F], gradient: &mut [F]) -> F {
        assert_eq!(self.batches.count(), 1, "all examples in one batch");
        let Parts { mut objective, .. } = self.parts(0);
        let (cost, _) = objective.at(params, true, gradient);
        cost.expect("it was wanted")
    }

    /// The gradient of a batch at the parameters by now, of which nothing else is to be known.
    pub(super) fn gradient_at(&mut self, batch: usize) {
        let Parts { mut objective, params, grads, .. } = self.parts(batch);
        objective.at(params, false, grads);
    }

    /// The gradient of a batch, its cost where that is wanted, and how large the gradient is.
    fn gradient(&mut self, batch: usize, wants_cost: bool) -> (Option<F>, Size) {
        let Parts { mut objective, params, grads, search, .. } = self.parts(batch);
        let (cost, size) = match search {
            Some(search) => search.begin(&mut objective, params, grads),
            None => objective.at(params, wants_cost, grads),
        };
        (cost.filter(|_| wants_cost), size)
    }

    /// An error where a component of the gradient, or a running statistic of batch normalisation, is no finite number.
    fn check_finite(&self, size: Size, examples: usize) -> Result<(), Divergence> {
        let layout = self.network.layout();
        let lost = match size {
            Size::Tame | Size::Large => self.passes.first_lost_statistic(layout, &self.params, examples),
            Size::Infinite => self.grads.iter().position(|g| !g.is_finite()),
        };
        match lost {
            None => Ok(()),
            Some(at) => Err(Divergence { step: self.step, epoch: self.epoch, place: layout.locate(at) }),
        }
    }

    /// How far to go: by the learning rate, or as far as a search finds.
    fn length(&mut self, batch: usize, learning_rate: f64) -> Length<F> {
        let Parts { mut objective, params, grads, rule, search } = self.parts(batch);
        match (search, rule) {
            (Some(search), Rule::Lbfgs(rule)) => search.length(rule, &mut objective, params, grads),
            _ => Length::Step(F::from_f64(learning_rate)),
        }
    }

    /// Move the parameters by the update rule.
    fn apply(&mut self, length: F, at: &Progress, observer: &mut dyn Observer<F>) {
        let (layout, params) = (self.network.layout(), &mut self.params[..]);
        let before = observer.wants_update(at).then(|| params.to_vec());
        let (_, on) = self.passes.parts();
        self.flat.update(on, &mut self.rule, length, (layout, params), &mut self.grads);
        if let Some(before) = before {
            observer.update(at, &before, params);
        }
        self.passes.follow_statistics(layout, params, at.examples);
        self.step += 1;
    }
}
