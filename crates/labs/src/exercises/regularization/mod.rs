//! Exercises on regularisation.

mod dropout;
mod penalty;
mod training;

use super::Make;

pub(super) const EXERCISES: &[Make] = &[
    training::accuracy,
    penalty::penalized,
    dropout::silenced,
    dropout::kept,
    penalty::cost,
    penalty::entry,
    dropout::masked,
    penalty::planted,
    training::strength,
    training::whole_network,
];
