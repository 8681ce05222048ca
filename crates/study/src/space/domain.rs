//! What a parameter may be.

use std::fmt;

use nablab_report::number;
use serde::{Deserialize, Serialize};

/// What a parameter may be.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Domain {
    /// A number, both ends included.
    Float {
        /// The smallest.
        low: f64,
        /// The largest.
        high: f64,
        /// Every power of ten is as likely as any other.
        #[serde(default)]
        log: bool,
        /// Only low, low + step, low + 2 step, …
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<f64>,
    },
    /// A whole number, both ends included.
    Integer {
        /// The smallest.
        low: i64,
        /// The largest.
        high: i64,
        /// Twice as much is as likely as half as much.
        #[serde(default)]
        log: bool,
        /// Only low, low + step, low + 2 step, …; each, where nothing is said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        step: Option<i64>,
    },
    /// One of several.
    Choice(Vec<Label>),
}

/// What a choice is called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Label {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// A number.
    Float(f64),
    /// A name, or what stands in the recipe.
    Text(String),
    /// Several, one after the other.
    List(Vec<Label>),
}

/// Numbers of a range are the same if they are no further apart than this share of it.
const SAME: f64 = 1e-9;

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("none"),
            Self::Bool(value) => value.fmt(f),
            Self::Integer(value) => value.fmt(f),
            Self::Float(value) => value.fmt(f),
            Self::Text(value) => value.fmt(f),
            Self::List(values) => {
                f.write_str("(")?;
                for (i, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if i > 0 { ", " } else { "" })?;
                }
                f.write_str(")")
            }
        }
    }
}

impl Domain {
    /// Where a value lies between the ends, from 0 to 1, logarithmic where the range is. Whole numbers and choices lie in the
    /// middle of their share, so that all shares are of one size.
    pub fn to_unit(&self, value: f64) -> f64 {
        let (start, end, position) = self.shares(value);
        ((position - start) / (end - start)).clamp(0.0, 1.0)
    }

    /// The value there; u is in [0, 1).
    ///
    /// ```
    /// use nablab_study::Domain;
    /// let rate = Domain::Float { low: 1e-4, high: 1e-2, log: true, step: None };
    /// assert!((rate.at_unit(0.5) - 1e-3).abs() < 1e-15);
    /// let layers = Domain::Integer { low: 1, high: 3, log: false, step: None };
    /// assert_eq!([0.0, 0.32, 0.34, 0.99].map(|u| layers.at_unit(u)), [1.0, 1.0, 2.0, 3.0]);
    /// ```
    pub fn at_unit(&self, u: f64) -> f64 {
        let (start, end, _) = self.shares(self.first());
        let position = start + u * (end - start);
        self.nearest(if self.is_log() { position.exp() } else { position })
    }

    /// The value of the space that is nearest, with steps and ends kept.
    pub fn nearest(&self, value: f64) -> f64 {
        match self {
            Self::Float { low, high, step, .. } => match step {
                Some(step) => {
                    let steps = ((high - low) / step + 1e-9).floor();
                    // The last step may miss the end by a rounding.
                    (low + ((value - low) / step).round().clamp(0.0, steps) * step).min(*high)
                }
                None => value.clamp(*low, *high),
            },
            Self::Integer { low, high, step, .. } => {
                let step = step.unwrap_or(1);
                let steps = ((high - low) / step) as f64;
                *low as f64 + ((value - *low as f64) / step as f64).round().clamp(0.0, steps) * step as f64
            }
            Self::Choice(labels) => value.round().clamp(0.0, labels.len() as f64 - 1.0),
        }
    }

    /// All values, if they can be counted, and are not more than so many.
    pub fn values(&self, most: usize) -> Option<Vec<f64>> {
        let count = match self {
            Self::Float { step: None, low, high, .. } if low < high => return None,
            Self::Float { step, low, high, .. } => ((high - low) / step.unwrap_or(1.0) + 1e-9).floor() + 1.0,
            Self::Integer { low, high, step, .. } => ((high - low) / step.unwrap_or(1)) as f64 + 1.0,
            Self::Choice(labels) => labels.len() as f64,
        };
        if count > most as f64 {
            return None;
        }
        let count = count as usize;
        let at = |i: usize| match self {
            Self::Float { low, high, step, .. } => (low + i as f64 * step.unwrap_or(0.0)).min(*high),
            Self::Integer { low, step, .. } => (low + i as i64 * step.unwrap_or(1)) as f64,
            Self::Choice(_) => i as f64,
        };
        Some((0..count).map(at).collect())
    }

    /// Every value of another one is a value of this one, and means the same: choices stand in the same order.
    pub(crate) fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Choice(all), Self::Choice(some)) => all.starts_with(some),
            (
                Self::Float { low, high, log, step },
                Self::Float { low: from, high: to, log: logs, step: steps },
            ) => {
                log == logs
                    && low <= from
                    && to <= high
                    && (step.is_none() || step == steps && self.is_on_step(*from))
            }
            (
                Self::Integer { low, high, log, step },
                Self::Integer { low: from, high: to, log: logs, step: steps },
            ) => {
                let is_finer =
                    step.is_none_or(|step| steps.unwrap_or(1) % step == 0 && (from - low) % step == 0);
                log == logs && low <= from && to <= high && is_finer
            }
            _ => false,
        }
    }

    /// Rounding to the steps leaves it where it is.
    pub(crate) fn is_on_step(&self, value: f64) -> bool {
        (self.nearest(value) - value).abs() <= SAME * value.abs()
    }

    /// The smallest value, or the first choice.
    pub fn first(&self) -> f64 {
        match self {
            Self::Float { low, .. } => *low,
            Self::Integer { low, .. } => *low as f64,
            Self::Choice(_) => 0.0,
        }
    }

    /// The value that stands so in JSON, as Optuna's `enqueue_trial` writes it.
    pub(crate) fn of_json(&self, value: &serde_json::Value) -> Option<f64> {
        match self {
            Self::Choice(labels) => {
                let label: Label = serde_json::from_value(value.clone()).ok()?;
                labels.iter().position(|known| *known == label).map(|i| i as f64)
            }
            _ => value.as_f64().filter(|&value| self.contains(value)),
        }
    }

    /// The values that a check has to look at: what is right at the ends of a range is right between them.
    pub(super) fn extremes(&self) -> Vec<f64> {
        match self {
            Self::Choice(labels) => (0..labels.len()).map(|i| i as f64).collect(),
            _ => vec![self.first(), self.at_unit(1.0)],
        }
    }

    /// A value lies in it.
    pub fn contains(&self, value: f64) -> bool {
        match self {
            Self::Float { low, high, .. } => (*low..=*high).contains(&value),
            Self::Integer { low, high, .. } => {
                value.fract() == 0.0 && (*low as f64..=*high as f64).contains(&value)
            }
            Self::Choice(labels) => value.fract() == 0.0 && (0.0..labels.len() as f64).contains(&value),
        }
    }

    /// Its steps were asked for.
    pub(crate) fn has_steps(&self) -> bool {
        matches!(self, Self::Float { step: Some(_), .. } | Self::Integer { step: Some(_), .. })
    }

    /// The same number for values that are the same but for rounding; nothing outside.
    pub(crate) fn cell(&self, value: f64) -> Option<i64> {
        let cell = match self {
            Self::Float { low, step: Some(step), .. } => (value - low) / step,
            Self::Float { .. } => self.to_unit(value) / SAME,
            Self::Integer { .. } | Self::Choice(_) => value,
        };
        self.contains(value).then_some(cell.round() as i64)
    }

    /// Powers are what counts.
    pub fn is_log(&self) -> bool {
        matches!(self, Self::Float { log: true, .. } | Self::Integer { log: true, .. })
    }

    /// It is a range of whole numbers.
    pub fn is_whole(&self) -> bool {
        matches!(self, Self::Integer { .. })
    }

    /// It is one of several that have no order.
    pub fn is_choice(&self) -> bool {
        self.choices().is_some()
    }

    /// Of how many that have no order it is one.
    pub fn choices(&self) -> Option<usize> {
        if let Self::Choice(labels) = self { Some(labels.len()) } else { None }
    }

    /// A value as people read it: the name of a choice, or a number's first four digits.
    pub fn show(&self, value: f64) -> String {
        match self {
            Self::Choice(labels) => {
                labels.get(value as usize).map_or_else(|| value.to_string(), Label::to_string)
            }
            _ => number(value, 4),
        }
    }

    /// Both ends of what is drawn from, and where a value lies between them: half a step is added at each end of what is
    /// counted.
    fn shares(&self, value: f64) -> (f64, f64, f64) {
        let (low, high, half) = match self {
            Self::Float { low, high, step, .. } => (*low, *high, step.map_or(0.0, |step| step / 2.0)),
            Self::Integer { low, high, step, .. } => {
                (*low as f64, *high as f64, step.unwrap_or(1) as f64 / 2.0)
            }
            Self::Choice(labels) => (0.0, labels.len() as f64 - 1.0, 0.5),
        };
        let (start, end) = (low - half, high + half);
        match self.is_log() {
            true => (start.ln(), end.ln(), value.ln()),
            // A range of one value has no width.
            false => (start, if start == end { start + 1.0 } else { end }, value),
        }
    }
}
