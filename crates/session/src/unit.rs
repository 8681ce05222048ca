//! A unit opened: its arithmetic for one example of the next step, forward and backward, each number of it.

use nablab_by_hand::{LayerGradient, Problem, backward, derivative};
use nablab_engine::{Activation, Loss};
use serde::Serialize;

use crate::SessionError;
use crate::by_hand::Followed;

/// All numbers of a unit in the next step, for one of its examples.
///
/// ```text
/// z = Σ w · input + b        a = g(z)        a ∘ mask / keep
/// dZ = a − y                                  of the output
/// dA = Σ w_next · dZ_next, ∘ mask / keep      dZ = dA · g′(z)
/// dW = 1/m · Σ dZ · input + λ/m · W           db = 1/m · Σ dZ
/// ```
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Unit {
    /// Its layer, from 0; the last one is the output.
    pub layer: usize,
    /// Its place in the layer.
    pub unit: usize,
    /// The example's place in the batch.
    pub example: usize,
    /// The examples of the step, by their places among the rows learned from.
    pub rows: Vec<usize>,
    /// Its activation; of the output, what the loss makes of z.
    pub activation: Activation,
    /// What the outputs are compared by.
    pub loss: Loss,
    /// What comes in, and by which weight.
    pub inputs: Vec<Incoming>,
    /// Its bias.
    pub bias: Parameter,
    /// Σ w · input + b.
    pub z: f64,
    /// g(z).
    pub activated: f64,
    /// Whether dropout lets it speak for this example.
    pub dropout: Option<Kept>,
    /// What goes out.
    pub a: f64,
    /// What should come out, of a unit of the output.
    pub target: Option<f64>,
    /// What comes back, of a hidden unit.
    pub back: Option<Back>,
    /// ∂loss/∂z of this example.
    pub dz: f64,
    /// λ of the penalty, and what it is divided by.
    pub penalty: (f64, f64),
}

/// A weight with what it carries.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Incoming {
    /// What the unit before says, or the feature.
    pub input: f64,
    /// The weight.
    pub weight: Parameter,
}

/// A parameter in the next step.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Parameter {
    /// Its place among all parameters.
    pub place: usize,
    /// Its value.
    pub value: f64,
    /// What this example says: dZ · input, of the bias dZ.
    pub of_example: f64,
    /// The mean of what all examples of the step say.
    pub mean: f64,
    /// What the penalty adds.
    pub penalty: f64,
    /// Both together: the gradient.
    pub gradient: f64,
    /// Its value after the step; none where no step is made.
    pub after: Option<f64>,
}

/// What dropout does with a unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Kept {
    /// It speaks.
    pub stays: bool,
    /// The probability of that.
    pub keep: f64,
}

/// What comes back to a hidden unit.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Back {
    /// From each unit of the next layer: its weight for this one, and its dZ.
    pub from: Vec<(f64, f64)>,
    /// Σ weight · dZ: ∂loss/∂ of what goes out.
    pub behind_mask: f64,
    /// The same through dropout: dA.
    pub da: f64,
    /// g′(z).
    pub slope: f64,
}

impl Unit {
    /// Of the next step.
    pub(crate) fn new(
        followed: &Followed,
        layer: usize,
        unit: usize,
        example: usize,
    ) -> Result<Self, SessionError> {
        let Followed { problem, rows, penalty, .. } = followed;
        let no_such = |what, count, got| Err(SessionError::NoSuch { what, count, got });
        let Some(own) = problem.layers.get(layer) else {
            return no_such("layer", problem.layers.len(), layer);
        };
        if unit >= own.w.rows() {
            return no_such("unit of the layer", own.w.rows(), unit);
        }
        if example >= rows.len() {
            return no_such("example of the step", rows.len(), example);
        }
        let cache = problem.forward();
        let gradients = backward(problem, &cache, &[]);
        let at = Place { problem, followed, gradient: &gradients[layer], layer, unit, example };
        let input = problem.input(layer, &cache);
        let incoming = |k: usize| {
            let input = input.at(k, example);
            Incoming { input, weight: at.weight(k, input) }
        };
        let activated = cache.activated[layer].at(unit, example);
        let dropout = own
            .dropout
            .as_ref()
            .map(|dropout| Kept { stays: dropout.mask.at(unit, example) > 0.0, keep: dropout.keep });
        let next = problem.layers.get(layer + 1).map(|next| &next.w).zip(gradients.get(layer + 1));
        let back = next.map(|(w, next)| Back {
            from: (0..w.rows()).map(|k| (w.at(k, unit), next.dz.at(k, example))).collect(),
            behind_mask: at.gradient.da_behind_mask.at(unit, example),
            da: at.gradient.da.at(unit, example),
            slope: derivative(own.activation, activated),
        });
        Ok(Self {
            layer,
            unit,
            example,
            rows: rows.clone(),
            activation: own.activation,
            loss: problem.loss,
            inputs: (0..own.w.cols()).map(incoming).collect(),
            bias: at.bias(),
            z: cache.z[layer].at(unit, example),
            activated,
            dropout,
            a: cache.a[layer].at(unit, example),
            target: back.is_none().then(|| problem.y.at(unit, example)),
            back,
            dz: at.dz(),
            penalty: *penalty,
        })
    }
}

/// Where a unit is, and for which example.
struct Place<'f> {
    problem: &'f Problem,
    followed: &'f Followed,
    gradient: &'f LayerGradient,
    layer: usize,
    unit: usize,
    example: usize,
}

impl Place<'_> {
    fn dz(&self) -> f64 {
        self.gradient.dz.at(self.unit, self.example)
    }

    fn weight(&self, k: usize, input: f64) -> Parameter {
        let w = &self.problem.layers[self.layer].w;
        let penalty = self.problem.l2 / self.problem.examples() as f64 * w.at(self.unit, k);
        let gradient = self.gradient.dw.at(self.unit, k);
        self.parameter(
            0,
            self.unit * w.cols() + k,
            w.at(self.unit, k),
            [self.dz() * input, penalty, gradient],
        )
    }

    fn bias(&self) -> Parameter {
        let value = self.problem.layers[self.layer].b.at(self.unit, 0);
        self.parameter(1, self.unit, value, [self.dz(), 0.0, self.gradient.db.at(self.unit, 0)])
    }

    /// The entry of a slot, 0 the weights and 1 the biases: what the example says, what the penalty adds, and the gradient.
    fn parameter(&self, slot: usize, entry: usize, value: f64, said: [f64; 3]) -> Parameter {
        let [of_example, penalty, gradient] = said;
        let slots = self.followed.layout.by_layer().nth(self.layer);
        let place = slots.map_or(0, |slots| slots[slot].range.start) + entry;
        let after = self.followed.after.as_ref().map(|after| after[place]);
        Parameter { place, value, of_example, mean: gradient - penalty, penalty, gradient, after }
    }
}
