//! The gradient of the next step against differences of its cost, right or with mistakes planted.

use nablab_by_hand::{Matrix, Mistake, Planted, Problem, check, finding, relative_difference};
use nablab_engine::gradcheck::Verdict;
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::SessionError;
use crate::by_hand::Followed;
use crate::plan::too_large;

/// A mistake that is to be planted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bug {
    /// Its name, as `nablab lab gradient-checking --bug` has it.
    pub bug: String,
    /// The layer whose formula is wrong, from 1.
    pub layer: usize,
}

/// A mistake that has a place in this network.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plantable {
    /// What is planted, and where.
    #[serde(flatten)]
    pub bug: Bug,
    /// The matrix it is in: `dW2`.
    pub place: String,
    /// What is wrong there, in words.
    pub words: String,
}

/// Analytic against numeric, parameter by parameter.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GradientCheck {
    /// The examples of the next step that it is of.
    pub examples: usize,
    /// The name of each parameter: `W1[0, 1]`.
    pub names: Vec<String>,
    /// What the backward pass says.
    pub analytic: Vec<f64>,
    /// (J(θ + ε) − J(θ − ε)) / 2ε with ε = 10⁻⁷.
    pub numeric: Vec<f64>,
    /// What is to be thought of each.
    pub verdicts: Vec<Verdict>,
    /// ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖): the course's one number.
    pub difference: f64,
    /// What the wrong ones look like, in words.
    pub findings: Vec<String>,
    /// ε, and the same one number with it: at large ε the difference is truncated, at small ε it is rounded off.
    pub by_epsilon: Vec<(f64, f64)>,
    /// All that can be planted here.
    pub bugs: Vec<Plantable>,
}

/// Parameters of a network that is checked: each asks for two forward passes, by hand, for each ε.
const MOST_PARAMETERS: usize = 600;
/// Examples that are looked at, at most: more say nothing else of the formulas.
const MOST_EXAMPLES: usize = 16;
/// ε = 10⁻¹ … 10⁻¹⁴.
const EXPONENTS: std::ops::RangeInclusive<i32> = 1..=14;

impl GradientCheck {
    /// Of the next step.
    pub(crate) fn new(followed: &Followed, bugs: &[Bug], language: Lang) -> Result<Self, SessionError> {
        let problem = first_examples(&followed.problem);
        too_large("parameters of a gradient check", MOST_PARAMETERS, problem.parameters().len())?;
        let planted = bugs.iter().map(|bug| planted(bug, &problem)).collect::<Result<Vec<_>, _>>()?;
        let shapes = || SessionError::Shapes { bugs: bugs.iter().map(Bug::name).collect() };
        let report = check(&problem, &planted).ok_or_else(shapes)??;
        let analytic: Vec<f64> = report.components.iter().map(|component| component.analytic).collect();
        let difference = |exponent: i32| {
            let epsilon = 10f64.powi(-exponent);
            (epsilon, relative_difference(&analytic, &problem.numeric_gradient(epsilon)))
        };
        let plantable = Mistake::places(&problem).map(|planted| Plantable {
            bug: Bug { bug: planted.mistake.key().to_owned(), layer: planted.layer + 1 },
            place: planted.place(),
            words: planted.what(language),
        });
        Ok(Self {
            examples: problem.examples(),
            by_epsilon: EXPONENTS.map(difference).collect(),
            bugs: plantable.collect(),
            difference: report.difference,
            findings: report.findings.iter().map(|found| finding(found, language)).collect(),
            names: report.components.iter().map(|component| component.name.clone()).collect(),
            numeric: report.components.iter().map(|component| component.numeric).collect(),
            verdicts: report.components.iter().map(|component| component.verdict).collect(),
            analytic,
        })
    }
}

impl Bug {
    /// `missing-mean@2`.
    fn name(&self) -> String {
        format!("{}@{}", self.bug, self.layer)
    }
}

/// The mistake of that name at its place.
fn planted(bug: &Bug, problem: &Problem) -> Result<Planted, SessionError> {
    let is_asked = |planted: &Planted| planted.mistake.key() == bug.bug && planted.layer + 1 == bug.layer;
    Mistake::places(problem).find(is_asked).ok_or_else(|| SessionError::NoBug { bug: bug.name() })
}

/// The same problem with its first examples.
fn first_examples(problem: &Problem) -> Problem {
    let m = problem.examples().min(MOST_EXAMPLES);
    let first = |all: &Matrix| Matrix::from_fn(all.rows(), m, |i, j| all.at(i, j));
    let mut few = problem.clone();
    (few.x, few.y) = (first(&problem.x), first(&problem.y));
    for dropout in few.layers.iter_mut().filter_map(|layer| layer.dropout.as_mut()) {
        dropout.mask = first(&dropout.mask);
    }
    few
}
