//! What a parameter may be, as Optuna writes it beside each of its values.

use serde::{Deserialize, Serialize};

use super::{Domain, Label};

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

impl Domain {
    /// As Optuna has it.
    pub(crate) fn to_optuna(&self) -> String {
        let distribution = match self.clone() {
            Self::Float { low, high, log, step } => Distribution::Float { step, low, high, log },
            Self::Integer { low, high, log, step } => {
                Distribution::Int { log, step: step.unwrap_or(1), low, high }
            }
            Self::Choice(choices) => Distribution::Categorical { choices },
        };
        serde_json::to_string(&distribution).expect("a distribution is plain data")
    }

    /// From Optuna; nothing if it is of a kind we do not know.
    pub(crate) fn of_optuna(text: &str) -> Option<Self> {
        Some(match serde_json::from_str(text).ok()? {
            Distribution::Float { step, low, high, log } => Self::Float { low, high, log, step },
            Distribution::Int { log, step, low, high } => Self::Integer { low, high, log, step: Some(step) },
            Distribution::Categorical { choices } => Self::Choice(choices),
        })
    }
}
