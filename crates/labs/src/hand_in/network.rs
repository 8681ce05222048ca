//! Problems of a network: its numbers, built in, of a recipe, and read again.

use nablab_data::Dataset;
use nablab_data::named_arrays::NamedArray;
use nablab_engine::dropout::masks_of_first_step;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Loss, Recipe};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::formulas::{Formulas, is_telling};
use super::forward::Forward;
use super::gradient::Gradient;
use super::hand_out::{PROBLEM, Task, Text, array, planted_of, right_of};
use super::judge::judge;
use super::{HandInError, Judgement, Subject, network_words};
use crate::by_hand::{Dropout, Layer, Matrix, Problem};

/// A network with its parameters and examples, and what is to be computed of it.
pub(super) struct Network {
    subject: Subject,
    problem: Problem,
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
    pub(super) fn built_in(subject: Subject, variant: u32) -> Self {
        let mut rng = NumpyRng::new(variant);
        loop {
            let problem = drawn(&mut rng, variant % 2 == 1);
            let drawn = Self { subject, problem };
            if is_telling(&*drawn.formulas()) {
                return drawn;
            }
        }
    }

    pub(super) fn of_recipe(
        subject: Subject,
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
        Ok(Self { subject, problem })
    }

    /// From what was handed out.
    pub(super) fn read(subject: Subject, names: &Value, given: &[NamedArray]) -> Result<Self, HandInError> {
        let Names { activations, loss } = serde_json::from_value(names.clone()).map_err(|error| {
            let (expected, got) = ("activations and a loss".into(), error.to_string());
            HandInError::Problem { place: PROBLEM.into(), expected, got }
        })?;
        let find = |name: &str| given.iter().find(|array| array.name == name);
        let matrix = |name: &str, shape: [Option<usize>; 2]| {
            let sizes = shape.map(|size| size.map_or("any".into(), |size: usize| size.to_string()));
            let wrong = |got: String| HandInError::Problem {
                place: name.to_owned(),
                expected: format!("an array of shape ({})", sizes.join(", ")),
                got,
            };
            let array = find(name).ok_or_else(|| wrong("none".into()))?;
            match array.shape[..] {
                [rows, cols]
                    if [rows, cols].iter().zip(shape).all(|(&got, size)| size.is_none_or(|n| n == got)) =>
                {
                    Ok(Matrix::new(rows, cols, array.values.clone()))
                }
                _ => Err(wrong(super::error::shape(&array.shape))),
            }
        };
        let number = |name: &str| {
            let value = find(name).and_then(|array| array.values.first().copied());
            value.ok_or_else(|| HandInError::Problem {
                place: name.to_owned(),
                expected: "a number".into(),
                got: "none".into(),
            })
        };
        let nothing = |place: &str, expected: &str| {
            let (place, expected) = (place.to_owned(), expected.to_owned());
            Err(HandInError::Problem { place, expected, got: "none".into() })
        };
        if activations.is_empty() {
            return nothing(PROBLEM, "the activation of a layer or more");
        }
        let x = matrix("X", [None, None])?;
        if x.entries().is_empty() {
            return nothing("X", "an example or more");
        }
        let m = x.cols();
        let mut layers: Vec<Layer> = Vec::new();
        for (l, &activation) in activations.iter().enumerate() {
            let of = |name: &str| format!("{name}{}", l + 1);
            let inputs = layers.last().map_or(x.rows(), |before| before.w.rows());
            let w = matrix(&of("W"), [None, Some(inputs)])?;
            let units = Some(w.rows());
            let b = matrix(&of("b"), [units, Some(1)])?;
            let dropout = match find(&of("D")) {
                None => None,
                Some(_) => {
                    Some(Dropout { mask: matrix(&of("D"), [units, Some(m)])?, keep: number(&of("keep"))? })
                }
            };
            layers.push(Layer { w, b, activation, dropout });
        }
        let outputs = layers.last().map(|output| output.w.rows());
        let y = matrix("Y", [outputs, Some(m)])?;
        let problem = Problem { x, y, layers, loss, l2: number("lambda")? };
        Ok(Self { subject, problem })
    }

    fn formulas(&self) -> Box<dyn Formulas + '_> {
        match self.subject {
            Subject::Forward => Box::new(Forward::new(&self.problem)),
            _ => Box::new(Gradient::new(&self.problem)),
        }
    }
}

impl Task for Network {
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

    fn names(&self) -> Value {
        let Problem { layers, loss, .. } = &self.problem;
        let activations = layers.iter().map(|layer| layer.activation).collect();
        serde_json::to_value(Names { activations, loss: *loss }).expect("names are text")
    }

    fn right(&self) -> Vec<NamedArray> {
        right_of(&*self.formulas())
    }

    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        planted_of(&*self.formulas())
    }

    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        let given: Vec<String> = self.given().into_iter().map(|array| array.name).collect();
        judge(&*self.formulas(), handed, &given)
    }

    fn text(&self) -> Text {
        network_words::text(self.subject, &self.problem, &*self.formulas())
    }
}

/// Numbers of two decimals, masks with a fifth of zeros.
fn drawn(rng: &mut NumpyRng, tanh_first: bool) -> Problem {
    const SIZES: [usize; 4] = [4, 3, 3, 1];
    const M: usize = 6;
    let mut draw = |rows: usize, cols: usize| {
        let number = |_| (100.0 * rng.gaussian()).round() / 100.0;
        Matrix::new(rows, cols, (0..rows * cols).map(number).collect::<Vec<_>>())
    };
    let x = draw(SIZES[0], M);
    let parameters: Vec<[Matrix; 2]> =
        SIZES.windows(2).map(|pair| [draw(pair[1], pair[0]), draw(pair[1], 1)]).collect();
    let mut coins = |rows: usize, share: f64| {
        let coin = |_| f64::from(u8::from(rng.uniform() < share));
        Matrix::new(rows, M, (0..rows * M).map(coin).collect::<Vec<_>>())
    };
    let y = coins(1, 0.5);
    let mut activations = [Activation::Tanh, Activation::Relu];
    if !tanh_first {
        activations.reverse();
    }
    let layers = parameters.into_iter().enumerate().map(|(l, [w, b])| {
        let dropout = (l < activations.len()).then(|| Dropout { mask: coins(3, 0.8), keep: 0.8 });
        Layer { w, b, activation: activations.get(l).copied().unwrap_or(Activation::Sigmoid), dropout }
    });
    Problem { x, y, layers: layers.collect(), loss: Loss::SigmoidCrossEntropy, l2: 0.7 }
}
