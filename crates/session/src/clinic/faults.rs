//! What can be wrong with a patient: changes of a healthy recipe.

use nablab_engine::rng::NumpyRng;
use serde_json::{Value, json};

/// A fault, by the name of its finding.
pub(crate) struct Fault {
    /// One of [`nablab_diagnosis::Finding::CODES`].
    pub(crate) name: &'static str,
    /// Findings by which the diagnosis may say it as well.
    pub(crate) shown_as: &'static [&'static str],
    /// The keys that it changes: faults of other keys can come with it.
    pub(crate) keys: &'static [&'static str],
    /// Plant it.
    plant: fn(&mut Value, &mut NumpyRng),
}

impl Fault {
    /// The fault of this name.
    pub(crate) fn named(name: &str) -> Option<&'static Self> {
        FAULTS.iter().find(|fault| fault.name == name)
    }

    /// A finding of this name says so.
    pub(crate) fn is_shown_by(&self, code: &str) -> bool {
        self.name == code || self.shown_as.contains(&code)
    }

    /// Plant it in a recipe.
    pub(crate) fn plant(&self, recipe: &mut Value, rng: &mut NumpyRng) {
        (self.plant)(recipe, rng);
    }
}

/// All of them, in the order in which a page lists them.
pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "symmetric-units",
        shown_as: &[],
        keys: &["init"],
        plant: |recipe, _| recipe["init"] = json!("zeros"),
    },
    Fault {
        name: "large-weights",
        shown_as: &["saturated-units", "saturated-output", "initial-loss"],
        keys: &["init"],
        plant: |recipe, _| recipe["init"] = json!({"normal": {"scale": 10}}),
    },
    Fault {
        name: "vanishing-gradients",
        shown_as: &[],
        keys: &["hidden", "init"],
        plant: |recipe, _| {
            recipe["hidden"] = json!(vec![json!({"units": 8, "activation": "sigmoid", "dropout": 0}); 6]);
            recipe["init"] = json!("xavier");
        },
    },
    Fault {
        name: "learning-rate-too-high",
        shown_as: &["diverged", "dead-units", "saturated-units"],
        keys: &["learning_rate"],
        plant: |recipe, _| times(recipe, 300.0),
    },
    Fault {
        name: "learning-rate-too-low",
        shown_as: &[],
        keys: &["learning_rate"],
        plant: |recipe, rng| times(recipe, if rng.up_to(1) == 0 { 1e-3 } else { 3e-3 }),
    },
    Fault {
        name: "penalty-too-strong",
        shown_as: &[],
        keys: &["penalty"],
        plant: |recipe, rng| {
            recipe["penalty"]["l2"] = json!(if rng.up_to(1) == 0 { 30 } else { 100 });
        },
    },
    Fault {
        name: "dropout-too-strong",
        shown_as: &[],
        keys: &["hidden"],
        plant: |recipe, _| each_layer(recipe, "dropout", &json!(0.9)),
    },
    Fault {
        name: "underfitting",
        shown_as: &["no-skill", "plateau"],
        keys: &["hidden"],
        plant: |recipe, _| each_layer(recipe, "activation", &json!("identity")),
    },
    Fault {
        name: "overfitting",
        shown_as: &["rising-validation-loss"],
        keys: &["hidden", "penalty", "epochs"],
        plant: |recipe, _| {
            recipe["hidden"] = json!(vec![json!({"units": 48, "activation": "relu", "dropout": 0}); 2]);
            recipe["penalty"]["l2"] = json!(0);
            recipe["epochs"] = json!(300);
        },
    },
    Fault {
        name: "stopped-too-early",
        shown_as: &[],
        keys: &["epochs"],
        plant: |recipe, _| {
            let epochs = recipe["epochs"].as_u64().unwrap_or_default();
            recipe["epochs"] = json!(epochs / 4);
        },
    },
];

/// A rate of another size.
fn times(recipe: &mut Value, factor: f64) {
    let rate = recipe["learning_rate"].as_f64().unwrap_or_default() * factor;
    recipe["learning_rate"] = json!(nablab_tables::two_digits(rate));
}

fn each_layer(recipe: &mut Value, key: &str, value: &Value) {
    for layer in recipe["hidden"].as_array_mut().into_iter().flatten() {
        layer[key] = value.clone();
    }
}
