//! What is searched: parameters by their names, and what each may be. Where they come from is another matter: of a recipe in
//! which values may be ranges ([`Template`]), or of whoever asks for points ([`AskTell`](crate::AskTell)).
//!
//! ```text
//! learning_rate = { low = 1e-4, high = 1e-1, log = true }
//! batch_size = { choices = [16, 32, 64] }
//! optimizer = { choices = ["adam", { momentum = { beta = { low = 0.8, high = 0.99 } } }] }
//! hidden = { layers = { low = 1, high = 3 }, units = { low = 16, high = 256, log = true }, dropout = { low = 0.0, high = 0.5 } }
//! ```
//!
//! A parameter of a recipe is called by its place there. One inside a choice, such as `optimizer.momentum.beta`, or of a layer
//! that not every network has, such as `hidden[2].units`, is there in some points of the space only.

mod check;
mod conditions;
mod distribution;
mod domain;
mod locate;
mod read;
mod steps;
mod template;
mod walk;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

pub use conditions::SpaceError;
pub use domain::{Domain, Label};
pub(crate) use template::STUDY;
pub use template::Template;

/// A value for each parameter that is there, as storage holds them: a number, or the number of a choice from 0.
pub type Point = BTreeMap<String, f64>;

/// Something to be found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// What it is called.
    pub name: String,
    /// What it may be.
    pub domain: Domain,
    /// It is there where these parameters, which come before it, have one of these values. Default: everywhere.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub when: Vec<(String, Vec<f64>)>,
}

/// All points that may be tried.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Parameter>", into = "Vec<Parameter>")]
pub struct Space {
    parameters: Vec<Parameter>,
}

impl Space {
    /// What is to be found; what a parameter depends on comes before it.
    pub fn parameters(&self) -> &[Parameter] {
        &self.parameters
    }

    /// The same for points that are the same but for rounding; nothing of one that lies outside.
    pub(crate) fn key(&self, point: &Point) -> Option<Vec<Option<i64>>> {
        let cell = |parameter: &Parameter| match point.get(&parameter.name) {
            Some(&value) => parameter.domain.cell(value).map(Some),
            None => Some(None),
        };
        self.parameters.iter().map(cell).collect()
    }

    /// The parameter of this name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}
