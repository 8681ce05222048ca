//! Healthy trainings, of which patients are made.

use serde_json::{Value, json};

/// Data, a recipe that learns them well, and the faults that do harm there.
pub(crate) struct Ward {
    /// Rows, noise, share held out.
    data: (&'static str, u64, f64, f64),
    /// Units of each hidden layer, and their activation.
    net: (&'static [u64], &'static str),
    rule: &'static str,
    rate: f64,
    batch: u64,
    epochs: u64,
    l2: f64,
    /// Names of faults.
    pub(crate) faults: &'static [&'static str],
}

impl Ward {
    /// Its data, drawn by this seed.
    pub(crate) fn data(&self, seed: u64) -> Value {
        let (source, samples, noise, _) = self.data;
        json!({"source": source, "samples": samples, "noise": noise, "seed": seed})
    }

    /// Its healthy recipe, all of it said.
    pub(crate) fn recipe(&self, seed: u64) -> Value {
        let (units, activation) = self.net;
        let layer = |units: &u64| json!({"units": units, "activation": activation, "dropout": 0});
        json!({
            "hidden": units.iter().map(layer).collect::<Vec<_>>(),
            "init": if activation == "relu" { "he" } else { "xavier" },
            "penalty": {"l2": self.l2, "l1": 0},
            "optimizer": self.rule,
            "learning_rate": self.rate,
            "schedule": "constant",
            "batch_size": self.batch,
            "epochs": self.epochs,
            "seed": seed,
            "precision": "f32",
            "validation": {"share": self.data.3, "patience": 0},
        })
    }
}

/// Faults of the start, of the steps, and of what holds the weights back, which show everywhere.
const USUAL: &[&str] = &[
    "symmetric-units",
    "large-weights",
    "learning-rate-too-high",
    "learning-rate-too-low",
    "penalty-too-strong",
];
/// The same, and of layers; where a line does not part the classes.
const CURVED: &[&str] = &[
    "symmetric-units",
    "large-weights",
    "vanishing-gradients",
    "learning-rate-too-high",
    "learning-rate-too-low",
    "penalty-too-strong",
    "dropout-too-strong",
    "underfitting",
];
/// The same, where it takes long to learn, and even a line's loss jumps.
const WOUND: &[&str] = &[
    "symmetric-units",
    "large-weights",
    "vanishing-gradients",
    "learning-rate-too-high",
    "learning-rate-too-low",
    "penalty-too-strong",
    "dropout-too-strong",
    "stopped-too-early",
];

/// Where one goes to find a patient.
pub(crate) const WARDS: &[Ward] = &[
    Ward {
        data: ("circles", 240, 0.05, 0.3),
        net: (&[8], "tanh"),
        rule: "adam",
        rate: 0.02,
        batch: 16,
        epochs: 80,
        l2: 0.0,
        faults: CURVED,
    },
    Ward {
        data: ("xor", 240, 0.05, 0.3),
        net: (&[8, 8], "tanh"),
        rule: "adam",
        rate: 0.02,
        batch: 16,
        epochs: 60,
        l2: 0.0,
        faults: CURVED,
    },
    Ward {
        data: ("spirals", 300, 0.02, 0.3),
        net: (&[16, 16], "relu"),
        rule: "adam",
        rate: 0.02,
        batch: 16,
        epochs: 120,
        l2: 0.0,
        faults: WOUND,
    },
    Ward {
        data: ("moons", 240, 0.15, 0.3),
        net: (&[12], "relu"),
        rule: "momentum",
        rate: 0.1,
        batch: 16,
        epochs: 80,
        l2: 0.0,
        faults: USUAL,
    },
    Ward {
        data: ("pitch", 240, 0.12, 0.3),
        net: (&[10, 6], "relu"),
        rule: "adam",
        rate: 0.01,
        batch: 16,
        epochs: 60,
        l2: 0.0,
        faults: USUAL,
    },
    Ward {
        data: ("moons", 160, 0.4, 0.5),
        net: (&[6], "tanh"),
        rule: "adam",
        rate: 0.01,
        batch: 16,
        epochs: 60,
        l2: 0.3,
        faults: &["overfitting"],
    },
];

/// Healthy trainings that look sick: much noise, which nobody learns away.
pub(crate) const LOOK_SICK: &[Ward] = &[
    Ward {
        data: ("moons", 300, 0.45, 0.3),
        net: (&[6], "tanh"),
        rule: "adam",
        rate: 0.01,
        batch: 16,
        epochs: 80,
        l2: 0.3,
        faults: &[],
    },
    Ward {
        data: ("pitch", 300, 0.3, 0.3),
        net: (&[6], "tanh"),
        rule: "adam",
        rate: 0.01,
        batch: 16,
        epochs: 80,
        l2: 0.3,
        faults: &[],
    },
];
