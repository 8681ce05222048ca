//! What the next step will work with, for whoever follows it by hand.

use super::Trainer;
use crate::{Float, Workspace};

/// The examples of a step, and what dropout lets through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The examples, by their places in X, in the order of the batch.
    pub examples: Vec<usize>,
    /// Of each hidden layer with dropout, unit by unit, whether its output stays for each of these examples.
    pub masks: Vec<Option<Vec<bool>>>,
}

impl<F: Float> Trainer<F> {
    /// What the next step will work with. The training stays as it is, and its next step is that one.
    ///
    /// ```
    /// use nablab_engine::{Hidden, MatRef, Settings, Trainer};
    /// let hidden = vec![Hidden { dropout: 0.5, ..Hidden::relu(3) }];
    /// let recipe = Settings { hidden, batch_size: Some(2), ..Settings::default() }.check()?;
    /// let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0], [0.0, 0.0, 1.0, 1.0, 1.0]);
    /// let (x, y) = (MatRef::new(&x, 1, 5), MatRef::new(&y, 1, 5));
    /// let trainer = Trainer::<f64>::new(&recipe, x, y)?;
    /// let next = trainer.next_step();
    /// assert_eq!((next.examples.len(), next.masks[0].as_ref().unwrap().len()), (2, 6));
    /// # Ok::<(), nablab_engine::EngineError>(())
    /// ```
    pub fn next_step(&self) -> NextStep {
        let examples = self.batches.examples(self.batch, self.epoch, self.batch == 0);
        let (network, size, m) = (&self.network, self.passes.block(), examples.len());
        let mut drawn = self.masks.clone();
        let mut work = Workspace::<F>::new(network, size);
        let mut blocks = Vec::new();
        // As the passes draw them: block by block.
        for first in (0..m).step_by(size) {
            let count = size.min(m - first);
            drawn.put_into(&mut work, first, count);
            blocks.push((count, work.kept(network, count)));
        }
        let of_layer = |l: usize| {
            let hidden = network.hidden().get(l).filter(|hidden| hidden.dropout > 0.0)?;
            let of_unit = |unit: usize| {
                let rows = blocks.iter().filter_map(move |(count, kept)| {
                    kept[l].as_ref().map(|kept| &kept[unit * count..][..*count])
                });
                rows.flatten().copied()
            };
            Some((0..hidden.units).flat_map(of_unit).collect())
        };
        NextStep { examples, masks: (0..network.hidden().len()).map(of_layer).collect() }
    }
}
