//! Whether what was read from a file is as fitting leaves it: it may be anything.

use super::{Dates, Encoding, Input, Inputs, Target};

impl Inputs {
    /// Every column is filled, centred and divided by numbers that are some.
    ///
    /// # Errors
    /// Which column is not, and by what.
    pub fn check(&self) -> Result<(), String> {
        let check = |Input { name, encoding }: &Input| match *encoding {
            Encoding::Number { fill, center, scale, .. }
            | Encoding::Date(Dates { fill, center, scale, .. }) => check(name, &[fill, center], scale),
            Encoding::Category { .. } => Ok(()),
        };
        self.columns().iter().try_for_each(check)
    }
}

impl Target {
    /// Its parts fit together as [`Target::fit`] leaves them, and its numbers are centred and multiplied by some.
    ///
    /// ```
    /// use nablab_data::prepare::Target;
    /// let classes = |levels: &[&str]| {
    ///     Target::Classes { name: "y".into(), levels: levels.iter().map(|l| l.to_string()).collect() }
    /// };
    /// assert!(classes(&["no", "yes"]).check().is_ok() && classes(&["no"]).check().is_err());
    /// let numbers = |scale| Target::Numbers { names: vec!["y".into()], center: vec![3.0], scale: vec![scale] };
    /// assert!(numbers(2.0).check().is_ok() && numbers(0.0).check().is_err());
    /// ```
    ///
    /// # Errors
    /// What does not fit.
    pub fn check(&self) -> Result<(), String> {
        let is_whole = match self {
            Self::Classes { levels, .. } => levels.len() >= 2,
            Self::Labels { names, levels } => !names.is_empty() && levels.len() == names.len(),
            Self::Numbers { names, center, scale } => {
                !names.is_empty() && [center.len(), scale.len()] == [names.len(); 2]
            }
        };
        if !is_whole {
            return Err("too few names, classes or numbers".into());
        }
        let Self::Numbers { names, center, scale } = self else { return Ok(()) };
        let mut all = names.iter().zip(center).zip(scale);
        all.try_for_each(|((name, &center), &scale)| check(name, &[center], scale))
    }
}

/// What a column is divided by is above 0, and every number of it is one.
fn check(column: &str, others: &[f64], scale: f64) -> Result<(), String> {
    if !(scale > 0.0 && scale.is_finite()) {
        return Err(format!("column {column} is scaled by {scale}, which is no number above 0"));
    }
    match others.iter().find(|number| !number.is_finite()) {
        Some(number) => Err(format!("column {column} is centred or filled by {number}, which is no number")),
        None => Ok(()),
    }
}
