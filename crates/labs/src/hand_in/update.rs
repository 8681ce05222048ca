//! Problems of an update rule: parameters on the way, and the gradients of the steps to come.

use nablab_data::named_arrays::NamedArray;
use serde_json::{Value, json};

use super::adam::Adam;
use super::descent::Descent;
use super::formulas::{Formulas, Listed, Quantity, Slip, check_right, is_telling};
use super::given::Given;

use super::momentum::Momentum;
use super::task::{Computed, Instructions, Written, array, wanted_of};
use super::{HandInError, Text};
use crate::by_hand::Matrix;
use crate::numbers::rng_of;

/// The parameters, in the order of the formulas.
pub(super) const NAMES: [&str; 4] = ["W1", "b1", "W2", "b2"];

/// A matrix for each parameter.
pub(super) type PerParameter = [Matrix; 4];

/// By which rule steps are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steps {
    /// One step.
    Descent,
    Momentum,
    Adam,
}

/// A training before some steps.
pub(super) struct Update {
    rule: Steps,
    pub(super) parameters: PerParameter,
    /// v of each.
    pub(super) first: PerParameter,
    /// s of each.
    pub(super) second: PerParameter,
    /// The gradients of each step.
    pub(super) gradients: Vec<PerParameter>,
    /// The number of the first of these steps, counted from 1.
    pub(super) step: usize,
    pub(super) alpha: f64,
    pub(super) beta1: f64,
    pub(super) beta2: f64,
    pub(super) epsilon: f64,
}

/// Units of both layers, and inputs of the first.
const UNITS: usize = 3;
const STEPS: usize = 2;

impl Update {
    /// Steps 3 and 4 of a training of two layers of one shape, so that one can be taken for the other. β₂, α and ε are farther from 1 and 0 than usual, so that two steps show what is done with them.
    pub(super) fn built_in(rule: Steps, variant: u64) -> Self {
        let mut rng = rng_of(variant);
        loop {
            let mut of_each = |number: &dyn Fn(f64) -> f64| {
                [UNITS, 1, UNITS, 1].map(|cols| {
                    let draw = |_| (100.0 * number(rng.gaussian())).round() / 100.0;
                    Matrix::new(UNITS, cols, (0..UNITS * cols).map(draw).collect::<Vec<_>>())
                })
            };
            let steps = if rule == Steps::Descent { 1 } else { STEPS };
            let drawn = Self {
                rule,
                parameters: of_each(&|g| g),
                first: of_each(&|g| 0.5 * g),
                second: of_each(&|g| 0.1 + 0.5 * g * g),
                gradients: (0..steps).map(|_| of_each(&|g| g)).collect(),
                step: 3,
                alpha: 0.3,
                beta1: 0.9,
                beta2: 0.95,
                epsilon: 0.05,
            };
            if is_telling(&*drawn.formulas()) {
                return drawn;
            }
        }
    }

    /// From what was handed out.
    pub(super) fn read(rule: Steps, given: Given<'_>) -> Result<Self, HandInError> {
        let parameters = of_each(|_, name| given.matrix(name, [None, None]))?;
        let like = |k: usize, name: &str| {
            let parameter: &Matrix = &parameters[k];
            given.matrix(name, [Some(parameter.rows()), Some(parameter.cols())])
        };
        let moments = |letter: &str| of_each(|k, name| like(k, &format!("{letter}_d{name}")));
        let is_adam = rule == Steps::Adam;
        let first = moments("v")?;
        let second = if is_adam { moments("s")? } else { zeros(&parameters) };
        let is_step = |t: f64| (1.0..1e6).contains(&t) && t.fract() == 0.0;
        let step = given.number("t", "a whole number from 1, below a million", is_step)? as usize;
        let of_step = |t: usize| of_each(|k, name| like(k, &gradient(name, t)));
        let more = (step + 1..).take_while(|t| given.find(&gradient("W1", *t)).is_some());
        let gradients: Vec<PerParameter> =
            std::iter::once(step).chain(more).map(of_step).collect::<Result<_, _>>()?;
        let share = |name: &str| given.number(name, "a number from 0, below 1", |b| (0.0..1.0).contains(&b));
        let (beta1, beta2, epsilon) = match is_adam {
            true => {
                let epsilon = given.number("epsilon", "a number, 0 or more", |epsilon| epsilon >= 0.0)?;
                (share("beta1")?, share("beta2")?, epsilon)
            }
            false => (share("beta")?, 0.0, 0.0),
        };
        let alpha = given.number("alpha", "a number", |_| true)?;
        let read = Self { rule, parameters, first, second, gradients, step, alpha, beta1, beta2, epsilon };
        check_right(&*read.formulas())?;
        Ok(read)
    }

    /// Both layers' weights have one shape, so that one can be taken for the other.
    pub(super) fn has_equal_layers(&self) -> bool {
        let [first, _, second, _] = &self.parameters;
        (first.rows(), first.cols()) == (second.rows(), second.cols())
    }
}

/// An update rule with the mistakes that can be made in it, at some numbers.
pub(super) trait Rule {
    /// A mistake in it.
    type Mistake: Listed;
    /// The letters of what it keeps of the gradients, for each parameter.
    const MOMENTS: &'static [&'static str];

    /// Every mistake at every place that has one.
    fn places(&self) -> &[(Self::Mistake, usize)];

    /// The parameters behind all steps, then each of [`Self::MOMENTS`], with these mistakes made.
    fn after(&self, made: &[(Self::Mistake, usize)]) -> Vec<PerParameter>;
}

impl<T: Rule> Formulas for T {
    fn quantities(&self) -> Vec<Quantity> {
        let of_moment = |letter: &&'static str| {
            let letter = *letter;
            NAMES.iter().map(move |name| {
                Quantity::optional(format!("{letter}_d{name}")).or(format!("{letter}{name}"))
            })
        };
        let parameters = NAMES.iter().map(|name| Quantity::required(*name));
        parameters.chain(T::MOMENTS.iter().flat_map(of_moment)).collect()
    }

    fn slips(&self) -> Vec<Slip> {
        self.places().iter().map(|&(mistake, n)| mistake.slip(n)).collect()
    }

    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let made: Vec<_> = made.iter().map(|&i| self.places()[i]).collect();
        self.after(&made).into_iter().flatten().collect()
    }

    fn where_to_begin(&self, right: &[Option<bool>]) -> Text {
        if T::MOMENTS.is_empty() {
            return Text::new("write the step out for a single entry", "先对一个元素写出这一步");
        }
        if right.iter().all(Option::is_some) {
            let of_moments = (NAMES.len()..right.len()).find(|&k| right[k] == Some(false));
            return match of_moments {
                Some(k) => {
                    let name = &self.quantities()[k].name;
                    Text::new(
                        format!("begin with {name}: the parameters follow from it"),
                        format!("先查 {name}：参数由它得出"),
                    )
                }
                None => Text::new(
                    "all that is kept of the gradients is right: look at the step that is made with it",
                    "由梯度累积的量都对：请检查用它们走的那一步",
                ),
            };
        }
        Text::new(
            "hand in v and s, too: then it is seen whether they go wrong, or only the step that is made with them",
            "把 v 和 s 也一并交上：就能看出是它们出了错，还是用它们走的那一步出了错",
        )
    }
}

/// The name of a gradient in a step.
fn gradient(name: &str, t: usize) -> String {
    format!("d{name}_{t}")
}

fn of_each(matrix: impl Fn(usize, &str) -> Result<Matrix, HandInError>) -> Result<PerParameter, HandInError> {
    let [w1, b1, w2, b2] = NAMES;
    Ok([matrix(0, w1)?, matrix(1, b1)?, matrix(2, w2)?, matrix(3, b2)?])
}

/// 0 everywhere.
pub(super) fn zeros(like: &PerParameter) -> PerParameter {
    like.clone().map(|matrix| matrix.map(|_| 0.0))
}

/// Entry by entry, of matrices of one shape.
pub(super) fn combine(a: &Matrix, b: &Matrix, entry: impl Fn(f64, f64) -> f64) -> Matrix {
    Matrix::from_fn(a.rows(), a.cols(), |i, j| entry(a.at(i, j), b.at(i, j)))
}

impl Computed for Update {
    fn formulas(&self) -> Box<dyn Formulas + '_> {
        match self.rule {
            Steps::Descent => Box::new(Descent::new(self)),
            Steps::Momentum => Box::new(Momentum::new(self)),
            Steps::Adam => Box::new(Adam::new(self)),
        }
    }

    fn given(&self) -> Vec<NamedArray> {
        let is_adam = self.rule == Steps::Adam;
        let named = |prefix: &str, of: &PerParameter, suffix: &str| -> Vec<NamedArray> {
            NAMES
                .iter()
                .zip(of)
                .map(|(name, matrix)| array(format!("{prefix}{name}{suffix}"), matrix))
                .collect()
        };
        let mut given = named("", &self.parameters, "");
        if self.rule != Steps::Descent {
            given.extend(named("v_d", &self.first, ""));
        }
        if is_adam {
            given.extend(named("s_d", &self.second, ""));
        }
        for (k, gradients) in self.gradients.iter().enumerate() {
            given.extend(named("d", gradients, &format!("_{}", self.step + k)));
        }
        let number = |name: &str, value: f64| NamedArray::new(name, [], [value]);
        given.extend([number("t", self.step as f64), number("alpha", self.alpha)]);
        match self.rule {
            Steps::Descent => {}
            Steps::Momentum => given.push(number("beta", self.beta1)),
            Steps::Adam => given.extend([
                number("beta1", self.beta1),
                number("beta2", self.beta2),
                number("epsilon", self.epsilon),
            ]),
        }
        given
    }
}

impl Written for Update {
    fn names(&self) -> Value {
        json!({})
    }

    fn text(&self) -> Instructions {
        let (first, last) = (self.step, self.step + self.gradients.len() - 1);
        let (title, rule) = match self.rule {
            Steps::Adam => (
                Text::new("Steps of Adam", "Adam 的更新"),
                "v ← β1 v + (1 − β1) dW\ns ← β2 s + (1 − β2) dW ∘ dW\n\
                 W ← W − α · v / (1 − β1^t) / (√(s / (1 − β2^t)) + ε)",
            ),
            Steps::Descent => (Text::new("Steps of gradient descent", "梯度下降"), "W ← W − α dW"),
            Steps::Momentum => (
                Text::new("Steps of gradient descent with momentum", "带动量的梯度下降"),
                "v ← β v + (1 − β) dW\nW ← W − α v",
            ),
        };
        let formulas = Text::new(
            format!(
                "A training has come to step t = {first}. Make the steps {first} to {last}, each with its own gradients, and hand in the parameters \
                 behind them; v and s too, if you like, as they are stored. Of each parameter, entry by entry:\n\n```text\n{rule}\n```"
            ),
            format!(
                "训练进行到第 t = {first} 步。用各步自己的梯度完成第 {first} 步到第 {last} 步，交上之后的参数；v 和 s 也可以一并交上，\
                 按存储的值（未修正）。对每个参数逐元素地：\n\n```text\n{rule}\n```"
            ),
        );
        Instructions {
            title,
            formulas,
            given: self.given().iter().map(|array| meaning(&array.name)).collect(),
            wanted: wanted_of(&*self.formulas()),
        }
    }
}

/// What a given array is.
fn meaning(name: &str) -> Text {
    match name {
        "t" => Text::new("the number of the first step, counted from 1", "第一步的序号，从 1 数起"),
        "alpha" => Text::new("α, the learning rate", "α，学习率"),
        "beta" => Text::new("β, the share of v that stays", "β，v 保留的比例"),
        "beta1" => Text::new("β1, the share of v that stays", "β1，v 保留的比例"),
        "beta2" => Text::new("β2, the share of s that stays", "β2，s 保留的比例"),
        "epsilon" => Text::new("ε", "ε"),
        name if name.starts_with("v_") => Text::new("v before these steps", "这几步之前的 v"),
        name if name.starts_with("s_") => Text::new("s before these steps", "这几步之前的 s"),
        name => match name.split_once('_') {
            Some((_, t)) => Text::new(format!("the gradient in step {t}"), format!("第 {t} 步的梯度")),
            None => Text::new("the parameter before these steps", "这几步之前的参数"),
        },
    }
}
