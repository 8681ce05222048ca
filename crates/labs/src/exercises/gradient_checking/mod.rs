//! Exercises.

use super::Make;

pub(super) const EXERCISES: &[Make] = &[];
