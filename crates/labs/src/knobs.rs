//! The course's settings that a learner may change.

use nablab_engine::{Activation, EngineError, Hidden, Init, Optimizer, Precision, Settings};

use crate::variant::Variant;

/// Knobs a learner may turn. A variant on which they act is trained once more, beside the course's own.
///
/// ```
/// use nablab_labs::{Knobs, Lab};
/// let knobs = Knobs { dropout: Some(0.5), ..Knobs::default() };
/// let lab = Lab::Regularization.plan(None, &knobs)?;
/// let keys: Vec<_> = lab.variants.iter().map(|variant| &*variant.key).collect();
/// assert_eq!(keys, ["none", "l2", "dropout", "dropout-turned"]);
/// assert_eq!(lab.variants[3].recipe.hidden[0].dropout, 0.5);
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// Of all trainings.
    pub learning_rate: Option<f64>,
    /// Of all trainings.
    pub epochs: Option<u64>,
    /// Units of the hidden layers of all trainings.
    pub hidden: Option<Vec<usize>>,
    /// Of all hidden layers of all trainings.
    pub activation: Option<Activation>,
    /// Of all trainings; where the lab compares initial weights, of He's.
    pub init: Option<Init>,
    /// Of all trainings; where the lab compares update rules, of Adam's.
    pub optimizer: Option<Optimizer>,
    /// Share that momentum keeps of its velocity, of the trainings with momentum.
    pub beta: Option<f64>,
    /// Examples per step, of all trainings.
    pub batch_size: Option<usize>,
    /// Number type of all trainings.
    pub precision: Option<Precision>,
    /// Of the variant with L2.
    pub l2: Option<f64>,
    /// Dropout rate of the variant with dropout.
    pub dropout: Option<f64>,
}

impl Knobs {
    /// The fields of the knobs turned.
    pub fn given(&self) -> Vec<&'static str> {
        let knobs = [
            ("learning_rate", self.learning_rate.is_some()),
            ("epochs", self.epochs.is_some()),
            ("hidden", self.hidden.is_some()),
            ("activation", self.activation.is_some()),
            ("init", self.init.is_some()),
            ("optimizer", self.optimizer.is_some()),
            ("beta", self.beta.is_some()),
            ("batch_size", self.batch_size.is_some()),
            ("precision", self.precision.is_some()),
            ("l2", self.l2.is_some()),
            ("dropout", self.dropout.is_some()),
        ];
        knobs.into_iter().filter(|(_, given)| *given).map(|(knob, _)| knob).collect()
    }

    /// Is there something in a variant for this knob to turn, whatever value it already has?
    pub(crate) fn acts_on(&self, knob: &str, variant: &Variant) -> bool {
        let settings = self.turn(variant);
        !variant.aside
            && variant.own != Some(knob)
            && match knob {
                "activation" => !settings.hidden.is_empty(),
                "beta" => beta_of(&settings.optimizer).is_some(),
                "learning_rate" => !matches!(settings.optimizer, Optimizer::LBfgs { .. }),
                "l2" => variant.recipe.penalty.l2 > 0.0,
                "dropout" => variant.recipe.hidden.iter().any(|hidden| hidden.dropout > 0.0),
                _ => true,
            }
    }

    /// The settings of a variant with the knobs turned that act on it.
    pub(crate) fn turn(&self, variant: &Variant) -> Settings {
        let mut settings = (*variant.recipe).clone();
        if let Some(units) = &self.hidden {
            // Further layers are like the last one.
            let like = |l: usize| settings.hidden.get(l).or(settings.hidden.last()).copied();
            let layer = |(l, &units): (usize, &usize)| Hidden { units, ..like(l).unwrap_or(Hidden::relu(1)) };
            settings.hidden = units.iter().enumerate().map(layer).collect();
        }
        if let Some(activation) = self.activation {
            settings.hidden.iter_mut().for_each(|hidden| hidden.activation = activation);
        }
        settings.init = self.init.filter(|_| variant.own != Some("init")).unwrap_or(settings.init);
        settings.optimizer =
            self.optimizer.filter(|_| variant.own != Some("optimizer")).unwrap_or(settings.optimizer);
        if let Some(beta) = self.beta {
            settings.optimizer = with_beta(settings.optimizer, beta);
        }
        settings.learning_rate = self.learning_rate.unwrap_or(settings.learning_rate);
        settings.epochs = self.epochs.unwrap_or(settings.epochs);
        settings.batch_size = self.batch_size.or(settings.batch_size);
        settings.precision = self.precision.unwrap_or(settings.precision);
        if let Some(l2) = self.l2.filter(|_| settings.penalty.l2 > 0.0) {
            settings.penalty.l2 = l2;
        }
        if let Some(rate) = self.dropout {
            settings.hidden.iter_mut().filter(|h| h.dropout > 0.0).for_each(|h| h.dropout = rate);
        }
        settings
    }
}

/// The same error, of the knob in place of the one setting it turns: `dropout`, not `hidden[0].dropout`. What is a part of a knob's value,
/// as `init.scale` is, keeps its name.
pub(crate) fn of_knob(error: EngineError) -> EngineError {
    match error {
        EngineError::Setting { field, expected, got } => {
            let knob = match field.rsplit_once('.') {
                Some((layer, "units")) if layer.starts_with("hidden[") => "hidden",
                Some((layer, "dropout")) if layer.starts_with("hidden[") => "dropout",
                Some(("penalty", "l2")) => "l2",
                Some(("optimizer", "beta")) => "beta",
                _ => &field,
            };
            EngineError::Setting { field: knob.to_owned(), expected, got }
        }
        other => other,
    }
}

/// The share that momentum keeps of its velocity; none where there is no momentum.
pub(crate) fn beta_of(rule: &Optimizer) -> Option<f64> {
    match *rule {
        Optimizer::Momentum { beta } | Optimizer::Nesterov { beta } | Optimizer::HeavyBall { beta, .. } => {
            Some(beta)
        }
        _ => None,
    }
}

fn with_beta(rule: Optimizer, beta: f64) -> Optimizer {
    match rule {
        Optimizer::Momentum { .. } => Optimizer::Momentum { beta },
        Optimizer::Nesterov { .. } => Optimizer::Nesterov { beta },
        Optimizer::HeavyBall { nesterov, .. } => Optimizer::HeavyBall { beta, nesterov },
        other => other,
    }
}
