//! A space of parameters that somebody names, and what makes two spaces different.

use super::{Domain, Parameter, Space};
use crate::space::read::{LARGEST_WHOLE, MOST_CHOICES};
use crate::space::steps::last_step;

/// A parameter that can be none: which, what was expected, what came.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{parameter}: expected {expected}, got {got}")]
pub struct SpaceError {
    /// Its name.
    pub parameter: String,
    /// What was expected.
    pub expected: String,
    /// What came.
    pub got: String,
}

impl Space {
    /// The space of these parameters. What one depends on comes before it.
    ///
    /// ```
    /// use nablab_study::{Domain, Label, Parameter, Space};
    /// let parameter = |name: &str, domain, when| Parameter { name: name.into(), domain, when };
    /// let kinds = ["adam", "momentum"].map(|kind| Label::Text(kind.into()));
    /// let beta = Domain::Float { low: 0.5, high: 0.99, log: false, step: None };
    /// let space = Space::new(vec![
    ///     parameter("rule", Domain::Choice(kinds.into()), vec![]),
    ///     // It is there with momentum alone.
    ///     parameter("beta", beta, vec![("rule".into(), vec![1.0])]),
    /// ])?;
    /// assert_eq!(space.draw(&[("rule".into(), 0.0)].into(), &mut |_| 0.9).len(), 1);
    /// assert_eq!(space.draw(&[("rule".into(), 1.0)].into(), &mut |_| 0.9)["beta"], 0.9);
    /// # Ok::<(), nablab_study::space::SpaceError>(())
    /// ```
    ///
    /// # Errors
    /// [`SpaceError`] for a name that comes twice, a range without numbers in it, choices that are none or the same, and a condition
    /// that cannot hold.
    pub fn new(parameters: Vec<Parameter>) -> Result<Self, SpaceError> {
        let mut space = Self { parameters: Vec::new() };
        if parameters.is_empty() {
            return Err(wrong("the space", "at least one parameter", "none"));
        }
        for mut parameter in parameters {
            let name = &parameter.name;
            if name.is_empty() || name.chars().count() > LONGEST_NAME {
                let expected = format!("a name of 1 to {LONGEST_NAME} characters");
                return Err(wrong(name, &expected, &name.chars().count().to_string()));
            }
            if space.parameter(name).is_some() {
                return Err(wrong(name, "each name once", "it twice"));
            }
            parameter.domain = checked(name, parameter.domain)?;
            for (parent, values) in &parameter.when {
                let Some(other) = space.parameter(parent) else {
                    let expected = "a condition on a parameter that comes before it";
                    return Err(wrong(&parameter.name, expected, &format!("one on {parent}")));
                };
                if matches!(other.domain, Domain::Float { .. }) {
                    let expected = "a condition on choices or whole numbers";
                    return Err(wrong(&parameter.name, expected, &format!("one on the range {parent}")));
                }
                let is_there = |value: &f64| other.domain.contains(*value);
                if values.is_empty() || !values.iter().all(is_there) {
                    let expected = format!("a condition on values that {parent} may have");
                    return Err(wrong(&parameter.name, &expected, "another one"));
                }
            }
            space.parameters.push(parameter);
        }
        Ok(space)
    }

    /// In what another space is none that this one has grown to: the points of before are then not all of it. Ranges may become
    /// wider, more choices come behind those there are, and a new parameter has to belong to what no trial had.
    pub(crate) fn difference(&self, now: &Self) -> Option<String> {
        for Parameter { name, domain, when } in &self.parameters {
            match now.parameter(name) {
                None => return Some(format!("{name} was a range and is none now")),
                Some(now) if !now.domain.holds(domain) => {
                    let hint = match domain.is_choice() {
                        true => "more choices go behind those there are",
                        false => "a range may become wider, and no more than that",
                    };
                    return Some(format!("{name} was another range ({hint})"));
                }
                Some(now) if !self.same_condition(when, &now.when) => {
                    return Some(format!("{name} had another condition"));
                }
                Some(_) => {}
            }
        }
        let goes_with_new = |parameter: &Parameter| {
            let is_new = |parent: &str, value: &f64| !self.may_be(parent, *value);
            parameter.when.iter().any(|(parent, values)| values.iter().all(|value| is_new(parent, value)))
        };
        let is_new = |parameter: &&Parameter| self.parameter(&parameter.name).is_none();
        let new = now.parameters.iter().find(|parameter| is_new(parameter) && !goes_with_new(parameter));
        new.map(|new| format!("{} is a new range", new.name))
    }

    /// On the values there were, it holds where it held.
    fn same_condition(&self, before: &[(String, Vec<f64>)], now: &[(String, Vec<f64>)]) -> bool {
        let known = |(parent, values): &(String, Vec<f64>)| {
            (parent.clone(), values.iter().copied().filter(|&value| self.may_be(parent, value)).collect())
        };
        let now: Vec<(String, Vec<f64>)> = now.iter().map(known).collect();
        before == now
    }

    fn may_be(&self, parameter: &str, value: f64) -> bool {
        self.parameter(parameter).is_some_and(|parameter| parameter.domain.contains(value))
    }
}

/// Optuna's column for the name of a parameter has so much room.
const LONGEST_NAME: usize = 512;

fn wrong(parameter: &str, expected: &str, got: &str) -> SpaceError {
    SpaceError { parameter: parameter.into(), expected: expected.into(), got: got.into() }
}

/// A domain with a value in it; its end is where its last step is.
fn checked(name: &str, domain: Domain) -> Result<Domain, SpaceError> {
    let refused = |expected: &str, got: String| Err(wrong(name, expected, &got));
    match domain {
        Domain::Float { low, high, log, step } => {
            if !(low.is_finite() && high.is_finite() && low <= high && (high - low).is_finite()) {
                return refused("a finite low that is at most high", format!("{low} and {high}"));
            }
            if log && low <= 0.0 {
                return refused("a low above 0 where powers count", low.to_string());
            }
            match step {
                Some(_) if log => refused("steps or powers", "both".into()),
                Some(step) if !(step > 0.0 && step.is_finite()) => {
                    refused("a step above 0", step.to_string())
                }
                Some(by) => Ok(Domain::Float { low, high: last_step(low, high, by), log, step }),
                None => Ok(Domain::Float { low, high, log, step }),
            }
        }
        Domain::Integer { low, high, log, step } => {
            let within = |value: i64| value.unsigned_abs() as f64 <= LARGEST_WHOLE;
            if !(within(low) && within(high) && low <= high) {
                return refused(
                    &format!("whole numbers within ±{LARGEST_WHOLE}, low at most high"),
                    format!("{low} and {high}"),
                );
            }
            if log && low < 1 {
                return refused("a low above 0 where powers count", low.to_string());
            }
            match step {
                Some(step) if log && step != 1 => refused("steps or powers", "both".into()),
                Some(step) if step < 1 => refused("a step above 0", step.to_string()),
                Some(by) => Ok(Domain::Integer { low, high: high - (high - low) % by, log, step }),
                None => Ok(Domain::Integer { low, high, log, step }),
            }
        }
        Domain::Choice(labels) => {
            if !(1..=MOST_CHOICES).contains(&labels.len()) {
                return refused(&format!("1 to {MOST_CHOICES} choices"), labels.len().to_string());
            }
            match (1..labels.len()).find(|&i| labels[..i].contains(&labels[i])) {
                Some(twice) => refused("each choice once", format!("{} twice", labels[twice])),
                None => Ok(Domain::Choice(labels)),
            }
        }
    }
}

impl TryFrom<Vec<Parameter>> for Space {
    type Error = SpaceError;

    fn try_from(parameters: Vec<Parameter>) -> Result<Self, SpaceError> {
        Self::new(parameters)
    }
}

impl From<Space> for Vec<Parameter> {
    fn from(space: Space) -> Self {
        space.parameters
    }
}
