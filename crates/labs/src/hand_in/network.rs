//! Problems of a network: its numbers, built in, of a recipe, and read again.

use nablab_data::Dataset;
use nablab_data::named_arrays::NamedArray;
use nablab_engine::dropout::masks_of_first_step;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Loss, Recipe};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::formulas::{Formulas, check_right, is_telling};
use super::forward::{Asked, Forward};
use super::given::{Given, problem};
use super::gradient::Gradient;
use super::hand_out::PROBLEM;
use super::task::{Computed, Instructions, Written, array};
use super::{HandInError, network_words};
use crate::by_hand::{Dropout, Layer, Matrix, Mistake, Problem};
use crate::numbers::rng_of;

/// Inputs and units of a built-in network: square weights, and masks of one shape.
pub(super) const SIZES: [usize; 4] = [4, 3, 3, 1];
/// Parameters · examples · pairs of mistakes: in the worst case each pair is computed, and each takes a multiplication for each parameter
/// and example, or a few.
const MOST_WORK: f64 = 2e9;

/// What is to be computed of a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pass {
    /// The gradient; of a network alone a sum over the examples is right as well.
    Gradient,
    /// The gradient as it belongs to the mean cost, and no other.
    MeanGradient,
    /// The same with the derivative of relu taken from A behind dropout's mask.
    GradientByOutput,
    /// Z and A of each layer, and the cost.
    Forward,
    /// Z and A of each layer.
    Activations,
    /// The cost alone, from the right A.
    Cost,
}

impl Pass {
    fn formulas(self, problem: &Problem) -> Box<dyn Formulas + '_> {
        match self {
            Self::Gradient => Box::new(Gradient::new(problem)),
            Self::MeanGradient => Box::new(Gradient::of_mean(problem)),
            Self::GradientByOutput => Box::new(Gradient::by_output(problem)),
            Self::Forward => Box::new(Forward::new(problem, Asked::All)),
            Self::Activations => Box::new(Forward::new(problem, Asked::Activations)),
            Self::Cost => Box::new(Forward::new(problem, Asked::Cost)),
        }
    }
}

/// A network with its parameters and examples, and what is to be computed of it.
pub(super) struct Network {
    pass: Pass,
    pub(super) problem: Problem,
}

/// What the numbers do not say.
#[derive(Serialize, Deserialize)]
struct Names {
    activations: Vec<Activation>,
    loss: Loss,
}

impl Network {
    /// 4-3-3-1 on six examples: tanh and relu, square weights, two masks of one shape, a penalty, so that each mistake has a place.
    /// Drawn until all of them make other numbers.
    pub(super) fn built_in(pass: Pass, variant: u64) -> Self {
        let mut activations = [Activation::Tanh, Activation::Relu];
        if variant.is_multiple_of(2) {
            activations.reverse();
        }
        Self::drawn(pass, variant, |rng| drawn(rng, SIZES, activations))
    }

    /// The same problem, of which something else is to be computed.
    pub(super) fn with_pass(&self, pass: Pass) -> Self {
        Self { pass, problem: self.problem.clone() }
    }

    /// Problems are drawn until all mistakes make other numbers.
    pub(super) fn drawn(pass: Pass, variant: u64, mut draw: impl FnMut(&mut NumpyRng) -> Problem) -> Self {
        let mut rng = rng_of(variant);
        loop {
            let problem = draw(&mut rng);
            let drawn = Self { pass, problem };
            if is_telling(&*drawn.formulas()) {
                return drawn;
            }
        }
    }

    pub(super) fn of_recipe(
        pass: Pass,
        recipe: &Recipe,
        data: &Dataset,
        examples: usize,
    ) -> Result<Self, HandInError> {
        let refuse = |what, expected: &str, got: String, hint| {
            Err(HandInError::Recipe { what, expected: expected.into(), got, hint })
        };
        if recipe.hidden.iter().any(|layer| layer.batch_norm) {
            let (got, hint) = ("batch_norm = true".into(), "leave batch_norm out");
            return refuse("hidden", "layers without batch normalisation", got, hint);
        }
        if recipe.penalty.l1 > 0.0 {
            let got = format!("l1 = {}", recipe.penalty.l1);
            return refuse("penalty", "an L2 penalty, or none", got, "leave l1 out");
        }
        if recipe.loss == Loss::SoftmaxCrossEntropy && data.outputs() == 1 {
            let (got, hint) = ("two".into(), "take sigmoid-cross-entropy as the loss for two classes");
            return refuse("classes for softmax-cross-entropy", "three or more", got, hint);
        }
        let (all, m) = (data.examples(), examples.min(data.examples()));
        if m == 0 {
            return refuse("examples", "at least one", "none".into(), "take data with examples");
        }
        let first = |rows: usize, flat: &[f64]| Matrix::from_fn(rows, m, |i, j| flat[i * all + j]);
        let (x, y) = (first(data.features(), data.x()), first(data.outputs(), &data.targets()));
        let network = nablab_engine::Network::new(x.rows(), &recipe.hidden, y.rows(), recipe.loss);
        let mut params = vec![0.0; network.layout().len()];
        recipe.init.fill(network.layout(), &mut recipe.seed.weights(), &mut params);
        let masks = match recipe.precision {
            nablab_engine::Precision::F32 => masks_of_first_step::<f32>(&recipe.hidden, m, recipe.seed),
            nablab_engine::Precision::F64 => masks_of_first_step::<f64>(&recipe.hidden, m, recipe.seed),
        };
        let layer = |l: usize| {
            let matrix = |name: &str| {
                let slot = network.layout().slot(&format!("{name}{}", l + 1)).expect("a layer has W and b");
                Matrix::new(slot.rows, slot.cols, &params[slot.range.clone()])
            };
            let (w, b) = (matrix("W"), matrix("b"));
            let dropout = masks.get(l).and_then(Option::as_ref).map(|mask| Dropout {
                mask: Matrix::from_fn(w.rows(), m, |i, j| f64::from(u8::from(mask[i * m + j]))),
                keep: 1.0 - recipe.hidden[l].dropout,
            });
            let hidden = recipe.hidden.get(l).map(|hidden| hidden.activation);
            Layer { w, b, activation: hidden.unwrap_or(Activation::Identity), dropout }
        };
        let layers = (0..=recipe.hidden.len()).map(layer).collect();
        let problem = Problem { x, y, layers, loss: recipe.loss, l2: recipe.penalty.l2 };
        Self { pass, problem }.checked()
    }

    /// From what was handed out.
    pub(super) fn read(pass: Pass, names: &Value, given: Given<'_>) -> Result<Self, HandInError> {
        let Names { activations, loss } = serde_json::from_value(names.clone())
            .map_err(|error| problem(PROBLEM, "activations and a loss", error.to_string()))?;
        if activations.is_empty() {
            return Err(problem(PROBLEM, "the activation of a layer or more", "none".into()));
        }
        let x = given.matrix("X", [None, None])?;
        let m = x.cols();
        let mut layers: Vec<Layer> = Vec::new();
        for (l, &activation) in activations.iter().enumerate() {
            let of = |name: &str| format!("{name}{}", l + 1);
            let inputs = layers.last().map_or(x.rows(), |before| before.w.rows());
            let w = given.matrix(&of("W"), [None, Some(inputs)])?;
            let units = Some(w.rows());
            let b = given.matrix(&of("b"), [units, Some(1)])?;
            let dropout = match given.find(&of("D")) {
                None => None,
                Some(_) => {
                    let mask = given.matrix(&of("D"), [units, Some(m)])?;
                    if let Some(value) = mask.entries().iter().find(|value| ![0.0, 1.0].contains(value)) {
                        return Err(problem(&of("D"), "zeros and ones", value.to_string()));
                    }
                    let is_share = |keep: f64| keep > 0.0 && keep <= 1.0;
                    let keep = given.number(&of("keep"), "a number above 0, up to 1", is_share)?;
                    Some(Dropout { mask, keep })
                }
            };
            layers.push(Layer { w, b, activation, dropout });
        }
        let y = given.matrix("Y", [layers.last().map(|output| output.w.rows()), Some(m)])?;
        let l2 = given.number("lambda", "a number, 0 or more", |l2| l2 >= 0.0)?;
        Self { pass, problem: Problem { x, y, layers, loss, l2 } }.checked()
    }

    /// The same, if it can be judged: it is no more work than there is time for, and has a right answer.
    fn checked(self) -> Result<Self, HandInError> {
        let (parameters, examples) = (self.problem.parameters().len(), self.problem.examples());
        let mistakes = match self.pass {
            Pass::Gradient | Pass::MeanGradient | Pass::GradientByOutput => {
                Mistake::places(&self.problem).count()
            }
            Pass::Forward | Pass::Activations | Pass::Cost => self.formulas().slips().len(),
        };
        let pairs = mistakes * mistakes.saturating_sub(1) / 2;
        let got = parameters as f64 * examples as f64 * pairs as f64;
        if got > MOST_WORK {
            return Err(HandInError::TooLarge { parameters, examples, pairs, most: MOST_WORK, got });
        }
        check_right(&*self.formulas())?;
        Ok(self)
    }
}

impl Computed for Network {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        self.pass.formulas(&self.problem)
    }

    fn given(&self) -> Vec<NamedArray> {
        let Problem { x, y, layers, l2, .. } = &self.problem;
        let mut given = vec![array("X", x), array("Y", y)];
        for (l, layer) in layers.iter().enumerate() {
            let of = |name: &str| format!("{name}{}", l + 1);
            given.extend([array(of("W"), &layer.w), array(of("b"), &layer.b)]);
            if let Some(Dropout { mask, keep }) = &layer.dropout {
                given.extend([array(of("D"), mask), NamedArray::new(of("keep"), [], [*keep])]);
            }
        }
        given.push(NamedArray::new("lambda", [], [*l2]));
        given
    }
}

impl Written for Network {
    fn names(&self) -> Value {
        let Problem { layers, loss, .. } = &self.problem;
        let activations = layers.iter().map(|layer| layer.activation).collect();
        serde_json::to_value(Names { activations, loss: *loss }).expect("names are text")
    }

    fn text(&self) -> Instructions {
        network_words::text(self.pass, &self.problem, &*self.formulas())
    }
}

/// Numbers of two decimals, masks with a fifth of zeros.
pub(super) fn drawn(rng: &mut NumpyRng, sizes: [usize; 4], activations: [Activation; 2]) -> Problem {
    const M: usize = 6;
    let mut draw = |rows: usize, cols: usize| {
        let number = |_| (100.0 * rng.gaussian()).round() / 100.0;
        Matrix::new(rows, cols, (0..rows * cols).map(number).collect::<Vec<_>>())
    };
    let x = draw(sizes[0], M);
    let parameters: Vec<[Matrix; 2]> =
        sizes.windows(2).map(|pair| [draw(pair[1], pair[0]), draw(pair[1], 1)]).collect();
    let mut coins = |rows: usize, share: f64| {
        let coin = |_| f64::from(u8::from(rng.uniform() < share));
        Matrix::new(rows, M, (0..rows * M).map(coin).collect::<Vec<_>>())
    };
    let y = coins(1, 0.5);
    let layers = parameters.into_iter().enumerate().map(|(l, [w, b])| {
        let dropout = (l < activations.len()).then(|| Dropout { mask: coins(sizes[l + 1], 0.8), keep: 0.8 });
        Layer { w, b, activation: activations.get(l).copied().unwrap_or(Activation::Sigmoid), dropout }
    });
    Problem { x, y, layers: layers.collect(), loss: Loss::SigmoidCrossEntropy, l2: 0.7 }
}
