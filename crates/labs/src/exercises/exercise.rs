//! An exercise: its question as plain data, and how its answer is computed.

use std::fmt;
use std::str::FromStr;

use super::{ExerciseError, Solution, Text, Trial};
use crate::{Lab, LabError};

/// The number of an exercise: lab and place in it, as in `2.3`.
///
/// ```
/// use nablab_labs::{Lab, exercises::Id};
/// let id: Id = "2.3".parse()?;
/// assert_eq!((id.lab(), id.number(), id.to_string()), (Lab::Initialization, 3, "2.3".into()));
/// assert!("2.11".parse::<Id>().is_err() && "0.1".parse::<Id>().is_err() && "2".parse::<Id>().is_err());
/// # Ok::<(), nablab_labs::exercises::ExerciseError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id {
    pub(super) lab: Lab,
    /// From 1.
    pub(super) number: u8,
}

impl Id {
    /// The lab.
    pub fn lab(self) -> Lab {
        self.lab
    }

    /// The place in it, from 1.
    pub fn number(self) -> u8 {
        self.number
    }
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.lab as usize + 1, self.number)
    }
}

impl FromStr for Id {
    type Err = ExerciseError;

    fn from_str(text: &str) -> Result<Self, ExerciseError> {
        let wanted = text.trim();
        super::ids()
            .find(|id| id.to_string() == wanted)
            .ok_or_else(|| ExerciseError::Unknown { got: format!("{wanted:?}") })
    }
}

/// What an exercise asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// As a heading.
    pub title: Text,
    /// The question.
    pub text: Text,
    /// Numbers the question gives, as one types them into Python; empty where the text says all.
    pub given: String,
    /// What brings one nearer to the answer.
    pub hint: Text,
    /// The command, or the lines of Python, that show the answer.
    pub command: Text,
    /// What kind of answer.
    pub expects: Expects,
}

/// What kind of answer a question has.
#[derive(Clone, Debug, PartialEq)]
pub enum Expects {
    /// A number.
    Number {
        /// What it counts or measures.
        unit: Unit,
        /// How near it must be.
        tolerance: Tolerance,
    },
    /// An entry of a matrix, such as `dW1[0, 2]`: rows and columns are counted from 0.
    Entry {
        /// The entry.
        name: String,
        /// How near it must be.
        tolerance: Tolerance,
    },
    /// One of these, by its letter or its words.
    Choice(Vec<Text>),
}

/// What a number counts or measures.
#[derive(Clone, Debug, PartialEq)]
pub enum Unit {
    /// A bare number.
    None,
    /// From 0 to 1, or per cent.
    Share,
    /// Things of this name.
    Of(Text),
}

impl Unit {
    /// Things of this name.
    pub(super) fn of(en: &str, zh: &str) -> Self {
        Self::Of(Text::new(en, zh))
    }
}

/// How near to the computed answer counts as right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    /// This share of the answer.
    Relative(f64),
    /// This much.
    Absolute(f64),
    /// Every number is right that passes a trial: the exercise trains with it.
    Tried,
}

impl Tolerance {
    /// For what is rounded to two or three digits.
    pub(super) const ROUNDED: Self = Self::Relative(0.01);
    /// For what is counted.
    pub(super) const EXACT: Self = Self::Absolute(1e-9);

    /// How far a number may be from this one.
    pub(super) fn around(self, value: f64) -> f64 {
        match self {
            Self::Relative(share) => share * value.abs(),
            Self::Absolute(distance) => distance,
            Self::Tried => 0.01 * value.abs(),
        }
    }
}

impl Expects {
    /// The tolerance of a number.
    pub fn tolerance(&self) -> Option<Tolerance> {
        match self {
            Self::Number { tolerance, .. } | Self::Entry { tolerance, .. } => Some(*tolerance),
            Self::Choice(_) => None,
        }
    }
}

/// How an exercise is solved.
pub(super) struct Work {
    /// Computes answer, explanation and misconceptions.
    pub(super) solve: Box<dyn Fn() -> Result<Solution, LabError> + Send + Sync>,
    /// Tries a number that somebody answers, where [`Tolerance::Tried`] counts.
    pub(super) attempt: Option<Attempt>,
}

/// What a number that somebody answers leads to.
pub(super) type Attempt = Box<dyn Fn(f64) -> Result<Trial, LabError> + Send + Sync>;

impl Work {
    /// Computed so.
    pub(super) fn new(solve: impl Fn() -> Result<Solution, LabError> + Send + Sync + 'static) -> Self {
        Self { solve: Box::new(solve), attempt: None }
    }

    /// The same where each answer is tried.
    pub(super) fn tried(
        self,
        attempt: impl Fn(f64) -> Result<Trial, LabError> + Send + Sync + 'static,
    ) -> Self {
        Self { attempt: Some(Box::new(attempt)), ..self }
    }
}

/// An exercise in one variant.
pub struct Exercise {
    /// Its number.
    pub id: Id,
    /// Whose: 0 is the course's own, any other number has other data, seeds and mistakes.
    pub variant: u64,
    /// What it asks.
    pub question: Question,
    pub(super) work: Work,
}

impl fmt::Debug for Exercise {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, variant, question, .. } = self;
        f.debug_struct("Exercise")
            .field("id", id)
            .field("variant", variant)
            .field("question", question)
            .finish_non_exhaustive()
    }
}
