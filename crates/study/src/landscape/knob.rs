//! A number of a recipe that is turned from one end of its range to the other.

use nablab_engine::Settings;

use super::LandscapeError;
use crate::Domain;

/// A setting of a training that is turned, and how far.
#[derive(Clone, Debug, PartialEq)]
pub struct Knob {
    /// Its place in the recipe, such as `learning_rate`, `init.normal.scale` or `hidden[0].units`.
    pub name: String,
    /// Its range.
    pub domain: Domain,
}

/// Why a text is no knob.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KnobError {
    /// No name with a range.
    #[error("expected NAME=LOW..HIGH, such as learning_rate=1e-4..10, got {got}")]
    Form {
        /// The text.
        got: String,
    },
    /// An end that is no number.
    #[error("expected NAME=LOW..HIGH, such as learning_rate=1e-4..10, got {got} where a number should be")]
    Number {
        /// The end.
        got: String,
    },
    /// Ends the wrong way round, or the same.
    #[error("expected a low end below the high one, got {low}..{high}")]
    Order {
        /// The first end.
        low: String,
        /// The second end.
        high: String,
    },
}

impl Knob {
    /// From `learning_rate=1e-4..10`: logarithmic where the ends are above 0 and at least a factor of 50 apart; whole numbers where
    /// both ends are.
    ///
    /// ```
    /// use nablab_study::landscape::Knob;
    /// let knob: Knob = "hidden[0].units=1..64".parse()?;
    /// assert_eq!((knob.at(0.0), knob.at(1.0), knob.domain.is_log()), (1.0, 64.0, true));
    /// assert!("learning_rate=3..1".parse::<Knob>().is_err());
    /// # Ok::<(), nablab_study::landscape::KnobError>(())
    /// ```
    fn parse(text: &str) -> Result<Self, KnobError> {
        let form = || KnobError::Form { got: text.to_owned() };
        let (name, range) = text.split_once('=').ok_or_else(form)?;
        let (low_text, high_text) = range.split_once("..").ok_or_else(form)?;
        let number = |text: &str| {
            let number = text.trim().parse().ok().filter(|n: &f64| n.is_finite());
            number.ok_or_else(|| KnobError::Number { got: text.to_owned() })
        };
        let (low, high) = (number(low_text)?, number(high_text)?);
        if low >= high {
            return Err(KnobError::Order { low: low_text.to_owned(), high: high_text.to_owned() });
        }
        const DECADES: f64 = 50.0;
        let log = low > 0.0 && high / low >= DECADES;
        let is_whole = |text: &str| text.trim().parse::<i64>().is_ok();
        let domain = match is_whole(low_text) && is_whole(high_text) {
            true => Domain::Integer { low: low as i64, high: high as i64, log, step: None },
            false => Domain::Float { low, high, log, step: None },
        };
        Ok(Self { name: name.trim().to_owned(), domain })
    }

    /// The value at a share of the way from one end to the other.
    pub fn at(&self, share: f64) -> f64 {
        match self.domain {
            Domain::Integer { low, high, log, .. } => {
                // From end to end, not from half a step before to half a step after.
                let whole = Domain::Float { low: low as f64, high: high as f64, log, step: None };
                self.domain.nearest(whole.at_unit(share))
            }
            _ => self.domain.at_unit(share),
        }
    }

    /// Both ends.
    pub fn ends(&self) -> (f64, f64) {
        (self.at(0.0), self.at(1.0))
    }

    /// The settings with this value.
    pub(super) fn turn(&self, settings: &Settings, value: f64) -> Result<Settings, LandscapeError> {
        let wrong = |what: &str| LandscapeError::Knob { name: self.name.clone(), what: what.to_owned() };
        let mut recipe = toml::Table::try_from(settings).map_err(|error| wrong(&error.to_string()))?;
        let value = match self.domain {
            Domain::Integer { .. } => toml::Value::Integer(value as i64),
            _ => toml::Value::Float(value),
        };
        set(&mut recipe, &self.name, value).map_err(wrong)?;
        recipe.try_into().map_err(|error: toml::de::Error| wrong(error.message()))
    }
}

impl std::str::FromStr for Knob {
    type Err = KnobError;

    fn from_str(text: &str) -> Result<Self, KnobError> {
        Self::parse(text)
    }
}

/// Put a value at its place; a choice that stands otherwise is replaced: `init.normal.scale` makes the initialiser a normal
/// one, whatever it was.
fn set(recipe: &mut toml::Table, name: &str, value: toml::Value) -> Result<(), &'static str> {
    let mut steps = name.split(['.', '[', ']']).filter(|step| !step.is_empty());
    let first = steps.next().ok_or("expected the name of a setting")?;
    let mut at = recipe.entry(first).or_insert_with(|| toml::Value::Table(toml::Table::new()));
    for step in steps {
        at = match step.parse::<usize>() {
            Ok(i) => at.get_mut(i).ok_or("there are not so many")?,
            Err(_) => {
                let is_other_choice = at.as_table().is_none_or(|table| {
                    !table.contains_key(step) && table.len() == 1 && table.values().all(toml::Value::is_table)
                });
                if is_other_choice {
                    *at = toml::Value::Table(toml::Table::new());
                }
                let table = at.as_table_mut().ok_or("expected a table")?;
                table.entry(step).or_insert_with(|| toml::Value::Table(toml::Table::new()))
            }
        };
    }
    *at = value;
    Ok(())
}
