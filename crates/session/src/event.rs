//! What a session answers.

use nablab_tables::Ending;
use serde::Serialize;

use crate::clinic::{Healed, Patient, Revealed, Treated};
use crate::compare::Compared;
use crate::diagnosis::Diagnosed;
use crate::gradient_check::GradientCheck;
use crate::unit::Unit;

/// Everything a command brought about, in order. Long rows of numbers lie beside the events, so that no page parses them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reply {
    /// What happened.
    pub events: Vec<Event>,
    /// The numbers that events speak of.
    pub numbers: Vec<f32>,
}

/// Some of the numbers of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Numbers {
    /// The first one.
    pub at: usize,
    /// How many.
    pub len: usize,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A training has begun.
    Began(Box<Began>),
    /// Where it stands.
    At(At),
    /// What the network says over the plane: for each output, the cells row by row, from the lowest second feature up. A
    /// probability, or the number itself where the target is one.
    Boundary {
        /// Cells along each side.
        cells: usize,
        /// Outputs × cells × cells.
        numbers: Numbers,
    },
    /// The output of each hidden unit over the plane, layer by layer: units × cells × cells, as above.
    Units {
        /// Cells along each side.
        cells: usize,
        /// All layers, one after the other.
        numbers: Numbers,
    },
    /// All parameters, in the order of [`Began::layers`].
    Parameters {
        /// `W1` (units, inputs) row by row, `b1`, `W2`, ….
        numbers: Numbers,
    },
    /// What the network says of each row, in the order of [`Began::points`]: outputs × rows. A probability, or the number itself.
    Predictions {
        /// Output by output.
        numbers: Numbers,
    },
    /// A unit in the next step.
    Unit(Box<Unit>),
    /// The gradient of the next step, checked.
    GradientCheck(Box<GradientCheck>),
    /// Points of the curves, five numbers each: step, loss and accuracy on the rows learned from, and on those held out (no
    /// numbers where none are).
    Curve {
        /// The points, one after the other.
        numbers: Numbers,
    },
    /// How to repeat it.
    Repeat {
        /// The plan, with the changes on the way.
        plan: crate::Plan,
        /// The recipe as a file.
        recipe: String,
        /// Commands for a terminal that end with the same numbers; none where a change on the way cannot be said in them.
        commands: Option<Vec<String>>,
    },
    /// What became of trainings beside this one, six numbers each: steps made, loss and accuracy on the rows learned from, and on
    /// those held out (no numbers where none are), and 1 where it diverged: a gradient or the loss was no finite number.
    Trained {
        /// One training after the other.
        numbers: Numbers,
    },
    /// What is wrong with the training as it stands.
    Diagnosis(Box<Diagnosed>),
    /// A learning rate that a range test found.
    Rate {
        /// To two digits.
        rate: f64,
    },
    /// A training to be healed.
    Patient(Box<Patient>),
    /// What is wrong with it.
    Revealed(Revealed),
    /// How a cure did with one seed.
    Treated(Treated),
    /// Whether it heals.
    Healed(Healed),
    /// How two recipes compare over the same seeds.
    Compared(Compared),
    /// The command was not carried out, or what was to be shown cannot be.
    Refused {
        /// Why, and what helps.
        message: String,
    },
}

/// What a page has to know of a training to draw it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Began {
    /// Names of the features, as the network gets them.
    pub features: Vec<String>,
    /// Layers, the output layer last.
    pub layers: Vec<Layer>,
    /// Parameters in all.
    pub parameters: usize,
    /// Names of the classes, or of the numbers that are predicted.
    pub targets: Vec<String>,
    /// The target is a class.
    pub is_classification: bool,
    /// Rows learned from, and held out.
    pub rows: [usize; 2],
    /// Steps of an epoch, and of the whole recipe.
    pub steps: [u64; 2],
    /// The plane, where there are two features, both numbers: its left, right, lower and upper edge.
    pub plane: Option<[f64; 4]>,
    /// The rows learned from, then those held out: first feature, second feature, target (a class's place among the names), where
    /// there is a plane.
    pub points: Option<Numbers>,
    /// The first parameter of each layer's weights, and of its biases.
    pub places: Vec<[usize; 2]>,
}

/// A layer as a page draws it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Layer {
    /// Units.
    pub units: usize,
    /// Its activation.
    pub activation: nablab_engine::Activation,
    /// Share of units silenced while training.
    pub dropout: f64,
    /// Normalised over the batch.
    pub batch_norm: bool,
}

/// Where a training stands.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct At {
    /// Steps made.
    pub step: u64,
    /// Epochs finished.
    pub epoch: u64,
    /// Batches done of the epoch that is begun.
    pub batch: usize,
    /// Steps of an epoch, and those that are made by the end of the recipe, as both are from here on.
    pub steps: [u64; 2],
    /// Mean loss of the rows learned from, without penalty and dropout.
    pub loss: f64,
    /// Share of them that is right, where the target is a class.
    pub accuracy: Option<f64>,
    /// The same of the rows held out.
    pub held_out_loss: Option<f64>,
    /// The same.
    pub held_out_accuracy: Option<f64>,
    /// Why no further step is made, if none is.
    pub ended: Option<Ended>,
}

/// Why a training makes no further step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "because", rename_all = "kebab-case")]
pub enum Ended {
    /// All epochs of the recipe are done.
    Finished,
    /// No step leads lower, and the gradient is flat.
    Converged,
    /// No step leads lower, although the gradient is not flat.
    SearchFailed,
    /// A gradient was no number.
    Diverged {
        /// Where, in words.
        message: String,
    },
}

impl Ended {
    /// Of an ending; none of one that a session does not know.
    pub(crate) fn of(ending: Ending) -> Option<Self> {
        Some(match ending {
            Ending::Finished => Self::Finished,
            Ending::Converged => Self::Converged,
            Ending::SearchFailed => Self::SearchFailed,
            Ending::Diverged(divergence) => Self::Diverged { message: divergence.to_string() },
            Ending::StoppedEarly | Ending::GivenUp => return None,
        })
    }
}

impl Reply {
    /// Numbers for an event that comes.
    pub(crate) fn keep(&mut self, numbers: impl IntoIterator<Item = f32>) -> Numbers {
        let at = self.numbers.len();
        self.numbers.extend(numbers);
        Numbers { at, len: self.numbers.len() - at }
    }
}
