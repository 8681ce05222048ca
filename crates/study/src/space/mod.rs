//! What a study searches: a recipe in which values may be ranges.
//!
//! ```text
//! learning_rate = { low = 1e-4, high = 1e-1, log = true }
//! batch_size = { choices = [16, 32, 64] }
//! optimizer = { choices = ["adam", { momentum = { beta = { low = 0.8, high = 0.99 } } }] }
//! hidden = { layers = { low = 1, high = 3 }, units = { low = 16, high = 256, log = true }, dropout = { low = 0.0, high = 0.5 } }
//! ```
//!
//! A parameter is called by its place in the recipe. One inside a choice, such as `optimizer.momentum.beta`, or of a layer
//! that not every network has, such as `hidden[2].units`, is there in some points of the space only.

mod check;
mod domain;
mod locate;
mod read;
mod steps;
mod walk;

use std::collections::BTreeMap;

pub use domain::{Domain, Label};
pub(crate) use walk::STUDY;

/// A value for each parameter that is there, as storage holds them: a number, or the number of a choice from 0.
pub type Point = BTreeMap<String, f64>;

/// Something to be found.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// Its place in the recipe.
    pub name: String,
    /// What it may be.
    pub domain: Domain,
    /// It is there where these parameters have one of these values.
    pub when: Vec<(String, Vec<f64>)>,
}

/// All recipes that a study may try.
#[derive(Clone, Debug)]
pub struct Space {
    text: String,
    name: String,
    root: Node,
    parameters: Vec<Parameter>,
}

/// Where in a recipe the parameters are.
#[derive(Clone, Debug)]
enum Node {
    /// None here.
    Fixed,
    /// A parameter that is a range, by its number.
    Number(usize),
    /// A parameter that is a choice, and what is inside of each.
    Choice(usize, Vec<Node>),
    Table(Vec<(String, Node)>),
    Array(Vec<Node>),
    /// How many of these layers there are.
    Layers(usize, Vec<Node>),
}

impl Space {
    /// What is to be found, in the order of the text.
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
