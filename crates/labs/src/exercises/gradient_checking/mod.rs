//! Exercises on gradient checking.

mod differences;
mod network;
mod relative;

use super::Make;

pub(super) const EXERCISES: &[Make] = &[
    differences::central,
    differences::evaluations,
    relative::difference,
    relative::factor,
    differences::best_epsilon,
    network::wrong_entries,
    relative::unnoticed,
    differences::kink,
    network::verdict,
    network::planted,
];
