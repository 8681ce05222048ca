//! What a training is between two steps, and how it goes on from there.

use super::Trainer;
use crate::line_search::LineSearch;
use crate::{EngineError, Float};

/// All that a training is between two steps, beside its recipe and its data: what a checkpoint keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct State<F> {
    /// Epochs finished.
    pub epoch: u64,
    /// Batches done of the epoch that is begun; 0 between two epochs.
    pub batch: usize,
    /// Updates made.
    pub step: u64,
    /// The parameters.
    pub params: Vec<F>,
    /// What the update rule remembers of each parameter.
    pub moments: Vec<Vec<F>>,
    /// The generator of the dropout masks of each layer that has them.
    pub mask_generators: Vec<Vec<u64>>,
}

impl<F: Float> Trainer<F> {
    /// What is needed to go on from here in another process.
    pub fn state(&self) -> State<F> {
        State {
            epoch: self.epoch,
            batch: self.batch,
            step: self.step,
            params: self.params.clone(),
            moments: self.rule.moments().map(<[F]>::to_vec).collect(),
            mask_generators: self.masks.generators(),
        }
    }

    /// Go on where another training of the same recipe and data stood: every bit will be as if it had never stopped.
    ///
    /// ```
    /// use nablab_engine::{Hidden, MatRef, Settings, Trainer};
    /// let hidden = vec![Hidden { dropout: 0.5, ..Hidden::relu(8) }];
    /// let recipe = Settings { hidden, batch_size: Some(2), epochs: 9, ..Settings::default() }.check()?;
    /// let (x, y) = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]);
    /// let (x, y) = (MatRef::new(&x, 2, 4), MatRef::new(&y, 1, 4));
    /// let mut first = Trainer::<f64>::new(&recipe, x, y)?;
    /// (0..4).for_each(|_| first.epoch(&mut ()).unwrap());
    /// let mut second = Trainer::new(&recipe, x, y)?;
    /// second.resume(first.state())?;
    /// assert_eq!(second.run(&mut ()), first.run(&mut ()));
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    ///
    /// # Errors
    /// [`EngineError::Shape`] if the state is that of another network, rule or dropout.
    pub fn resume(&mut self, state: State<F>) -> Result<(), EngineError> {
        F::resume(self, state)
    }

    pub(crate) fn restart(&mut self, state: State<F>) -> Result<(), EngineError> {
        let shape = |what, expected: usize, got: usize| match expected == got {
            true => Ok(()),
            false => Err(EngineError::Shape { what, expected: expected.to_string(), got: got.to_string() }),
        };
        shape("parameters of the state", self.params.len(), state.params.len())?;
        if !self.rule.may_remember(state.moments.len()) {
            shape("moments of the state", self.rule.moments().count(), state.moments.len())?;
        }
        for moment in &state.moments {
            shape("components of a moment of the state", self.params.len(), moment.len())?;
        }
        let generators = self.masks.generators();
        shape("generators of masks of the state", generators.len(), state.mask_generators.len())?;
        for (here, there) in generators.iter().zip(&state.mask_generators) {
            shape("words of a generator of the state", here.len(), there.len())?;
        }
        if state.batch >= self.batches.count() {
            let expected = format!("fewer than {}", self.batches.count());
            let what = "batches done of the epoch of the state";
            return Err(EngineError::Shape { what, expected, got: state.batch.to_string() });
        }
        self.masks.set_generators(&state.mask_generators);
        self.rule = self.recipe.optimizer.start(self.params.len());
        self.rule.resume(state.step, state.moments);
        self.batches.restart_at(state.epoch);
        (self.params, self.step, self.epoch) = (state.params, state.step, state.epoch);
        self.batch = state.batch;
        if self.batch > 0 {
            self.batches.start_epoch(self.epoch);
        }
        self.search = self.search.take().map(|_| LineSearch::new(self.params.len()));
        self.search_end = None;
        Ok(())
    }
}
