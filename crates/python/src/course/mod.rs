//! What `nablab.course` binds to: the course's network entry by entry, its update rules, its trainings.
//!
//! Shapes are the course's here, an example a column. Whatever is said to a caller names the course's arrays.

mod grader;
mod network;
mod rules;
mod training;

pub(crate) use grader::{given, judge};
pub(crate) use network::{backward, cost, forward, numeric_gradient, penalty, relative_difference};
pub(crate) use rules::{adam, gradient_descent, momentum};
pub(crate) use training::train;
