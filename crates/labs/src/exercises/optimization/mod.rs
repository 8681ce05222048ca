//! Exercises on optimisation.

mod adam;
mod batches;
mod momentum;
mod rate;

use super::Make;

pub(super) const EXERCISES: &[Make] = &[
    batches::count,
    batches::last,
    momentum::averaged,
    momentum::velocity,
    adam::first_step,
    adam::uncorrected,
    momentum::way,
    batches::scatter,
    adam::overtakes,
    rate::largest,
];
