//! The next step of a training as a problem that is followed entry by entry.

use nablab_by_hand::{Dropout, Layer, Matrix, Problem};
use nablab_engine::{Activation, BatchMean, Float, Layout, NextStep, Recipe, Trainer, YRef};
use nablab_tables::{Part, Prepared, Settings};

use crate::SessionError;

/// The next step: its examples and parameters, what dropout lets through, and what it comes to.
pub(crate) struct Followed {
    /// All that its forward and backward pass need.
    pub(crate) problem: Problem,
    /// Its examples, by their places among the rows learned from.
    pub(crate) rows: Vec<usize>,
    /// The strength of the penalty as the recipe says it, and what it is divided by.
    pub(crate) penalty: (f64, f64),
    /// The parameters after the step; none where no step is made.
    pub(crate) after: Option<Vec<f64>>,
    /// The names of the parameters.
    pub(crate) layout: Layout,
}

impl Followed {
    /// Of a training, which stays where it is.
    pub(crate) fn new<F: Float>(
        trainer: &mut Trainer<F>,
        prepared: &Prepared<F>,
        settings: &Settings,
    ) -> Result<Self, SessionError> {
        let (recipe, part) = (&prepared.recipe, &*prepared.train);
        is_followed(recipe, part, settings)?;
        let NextStep { examples: rows, masks } = trainer.next_step();
        let m = rows.len();
        let (network, layout) = (trainer.network(), trainer.network().layout().clone());
        let inputs = network.inputs();
        let x = Matrix::from_fn(inputs, m, |i, j| part.x[i * part.m + rows[j]].to_f64());
        let targets: YRef<'_, F> = part.y();
        let y = Matrix::from_fn(network.outputs(), m, |k, j| targets.at(k, rows[j]).to_f64());
        let params: Vec<f64> = trainer.params().iter().map(|parameter| parameter.to_f64()).collect();
        let layers = layout.by_layer().enumerate().map(|(l, slots)| {
            let matrix =
                |at: usize| Matrix::new(slots[at].rows, slots[at].cols, &params[slots[at].range.clone()]);
            let hidden = network.hidden().get(l);
            let dropout = hidden.zip(masks.get(l).and_then(Option::as_ref)).map(|(hidden, mask)| Dropout {
                mask: Matrix::from_fn(hidden.units, m, |i, j| f64::from(u8::from(mask[i * m + j]))),
                keep: 1.0 - hidden.dropout,
            });
            // The output's activation is that of the loss.
            let activation = hidden.map_or(Activation::Identity, |hidden| hidden.activation);
            Layer { w: matrix(0), b: matrix(1), activation, dropout }
        });
        let layers = layers.collect();
        let divided = match recipe.batch_mean {
            BatchMean::OfTraining => recipe.penalty_examples(part.m as f64),
            BatchMean::OfBatch => m as f64,
        };
        let l2 = recipe.penalty.l2 * m as f64 / divided;
        let loss = recipe.loss;
        let after = after(trainer);
        let penalty = (recipe.penalty.l2, divided);
        Ok(Self { problem: Problem { x, y, layers, loss, l2 }, rows, penalty, after, layout })
    }
}

/// An error where the recipe has something that the formulas by hand have not.
fn is_followed<F>(recipe: &Recipe, part: &Part<F>, settings: &Settings) -> Result<(), SessionError> {
    let not = match () {
        () if recipe.hidden.iter().any(|layer| layer.batch_norm) => "batch normalisation",
        () if recipe.penalty.l1 > 0.0 => "an L1 penalty",
        () if !part.loss_weights.is_empty() => "weighted rows",
        () if settings.data.label_smoothing > 0.0 => "label smoothing",
        () => return Ok(()),
    };
    Err(SessionError::NotByHand { what: not })
}

/// The parameters after one step more, of which the training is taken back.
fn after<F: Float>(trainer: &mut Trainer<F>) -> Option<Vec<f64>> {
    if trainer.search_end().is_some() {
        return None;
    }
    let state = trainer.state();
    let made = trainer.steps(1, &mut ());
    let after = trainer.params().iter().map(|parameter| parameter.to_f64()).collect();
    trainer.resume(state).expect("a state of this training");
    matches!(made, Ok(1)).then_some(after)
}
