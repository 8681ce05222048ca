//! Forward and backward as one writes them the first time: entry by entry, as plain loops in double precision.
//!
//! The engine computes the same numbers faster. Here they can be looked at: a lesson spells them out, an exercise asks for them, a page opens a
//! unit, and a student's own numbers are compared with them. [`Mistake`]s can be planted in the backward pass, so that a wrong gradient is
//! recognised by the mistake that makes the same numbers.
//!
//! Shapes are the course's: an example is a column; X (features, m), W (n_out, n_in), b (n_out, 1), Z and A (n_out, m).
#![forbid(unsafe_code)]

mod backward;
mod check;
mod descent;
mod finding;
mod forward;
mod matrix;
mod mistake;
mod numeric;

pub use backward::{LayerGradient, backward, derivative, gradient};
pub use check::check;
pub use finding::finding;
pub use forward::{Cache, Dropout, Layer, Problem, activate, predict};
pub use matrix::Matrix;
pub use mistake::{Mistake, Planted, numbered};
pub use numeric::relative_difference;
