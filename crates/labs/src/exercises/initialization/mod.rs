//! Exercises on initialisation.

mod scale;
mod size;
mod symmetry;
mod training;

use super::Make;

pub(super) const EXERCISES: &[Make] = &[
    size::parameters,
    size::cost_of_zeros,
    training::accuracy_of_zeros,
    symmetry::gradient_of_zeros,
    symmetry::only_the_last_layer,
    symmetry::twins,
    scale::deviation,
    scale::layers_of_relu,
    scale::times_ten,
    training::below_half,
];
