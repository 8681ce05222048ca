//! The checks, by what they look at. Each is a function of the evidence; what it needs and does not find, it does not judge.

mod causes;
mod chance;
mod classes;
mod curve;
mod data;
mod fit;
mod held_back;
mod rate;
mod rising;
mod start;
mod target;
mod units;

pub(crate) use causes::keep_causes;
pub(crate) use classes::too_few_held_out;
pub(crate) use curve::FEWEST_EPOCHS;
pub(crate) use fit::gap_perhaps_by_chance;

use crate::{Evidence, Finding, Thresholds};

pub(crate) type Check = fn(&Evidence, &Thresholds) -> Vec<Finding>;

/// In the order of their findings: what is wrong from the start, what went wrong on the way, what came of it.
pub(crate) const ALL: &[Check] = &[
    start::wrong_gradient,
    target::unfitting_loss,
    data::unscaled_inputs,
    data::constant_inputs,
    data::lookalikes,
    data::leaking_features,
    data::shared_rows,
    data::no_better_than_shuffled,
    classes::untaught,
    start::symmetric_units,
    start::large_weights,
    start::saturated_output,
    start::initial_loss,
    start::fading_errors,
    held_back::overshooting,
    rate::diverged,
    rate::too_high,
    rate::too_low,
    rate::edge_of_stability,
    units::dead_units,
    units::saturated_units,
    held_back::too_strong,
    fit::underfitting,
    classes::missed,
    fit::overfitting,
    held_back::without_effect,
    fit::no_skill,
    rising::rising_validation_loss,
    data::suspect_labels,
    curve::stopped_too_early,
    curve::plateau,
    rate::batch_too_small,
    fit::validation_too_small,
];
