//! A trial that is asked for, while it is under way, and what is told of it.

use crate::Point;

/// A trial under way.
#[derive(Clone, Debug)]
pub(super) struct UnderWay {
    pub(super) id: i64,
    pub(super) origin: u64,
    /// What it reported last.
    pub(super) last: Option<(u64, f64)>,
    /// The step up to which it was compared with others, and that it fell behind.
    pub(super) compared: Option<u64>,
    pub(super) fell_behind: bool,
}

impl UnderWay {
    pub(super) fn new(id: i64, origin: u64, last: Option<(u64, f64)>) -> Self {
        Self { id, origin, last, compared: None, fell_behind: false }
    }
}

/// What is to be tried.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// The number of the trial.
    pub number: u64,
    /// Its point.
    pub point: Point,
}

/// What came of a trial.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// A value for each direction. One that is no number is a failure.
    Values(Vec<f64>),
    /// It was given up; the last value that it reported is what it is worth.
    GivenUp,
    /// Nothing, and why.
    Failed(String),
    /// Nothing yet: another may try it.
    Released,
}
