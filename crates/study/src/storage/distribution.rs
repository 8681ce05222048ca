//! What a parameter may be, as Optuna writes it beside each of its values.

use serde::{Deserialize, Serialize};

use crate::space::{Domain, Label};

#[derive(Serialize, Deserialize)]
#[serde(tag = "name", content = "attributes")]
enum Distribution {
    #[serde(rename = "FloatDistribution")]
    Float { step: Option<f64>, low: f64, high: f64, log: bool },
    #[serde(rename = "IntDistribution")]
    Int { log: bool, step: i64, low: i64, high: i64 },
    #[serde(rename = "CategoricalDistribution")]
    Categorical { choices: Vec<Label> },
}

/// As Optuna has it.
pub(super) fn write(domain: &Domain) -> String {
    let distribution = match domain.clone() {
        Domain::Float { low, high, log, step } => Distribution::Float { step, low, high, log },
        Domain::Integer { low, high, log, step } => {
            Distribution::Int { log, step: step.unwrap_or(1), low, high }
        }
        Domain::Choice(choices) => Distribution::Categorical { choices },
    };
    serde_json::to_string(&distribution).expect("a distribution is plain data")
}

/// From Optuna; nothing if it is of a kind we do not know.
pub(super) fn read(text: &str) -> Option<Domain> {
    Some(match serde_json::from_str(text).ok()? {
        Distribution::Float { step, low, high, log } => Domain::Float { low, high, log, step },
        Distribution::Int { log, step, low, high } => Domain::Integer { low, high, log, step: Some(step) },
        Distribution::Categorical { choices } => Domain::Choice(choices),
    })
}
