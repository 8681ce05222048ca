//! The findings, a file per family. A finding is a struct of what was measured. Beside it stand the check that makes it, how
//! sure it is, its source, its sentence and its advice. A check is a function of the evidence; where a number that it needs is
//! missing, it finds nothing.

mod batch;
mod causes;
mod chance;
mod classes;
mod columns;
mod curve;
mod fit;
mod gradient;
mod overshooting;
mod rate;
mod regularisation;
mod rising;
mod rows;
mod stability;
mod start;
mod target;
mod units;

pub use batch::*;
pub(crate) use causes::keep_causes;
pub(crate) use classes::too_few_held_out;
pub use classes::*;
pub use columns::*;
pub use curve::*;
pub(crate) use curve::{FEWEST_EPOCHS, falls};
pub(crate) use fit::gap_perhaps_by_chance;
pub use fit::*;
pub use gradient::*;
pub use overshooting::*;
pub use rate::*;
pub use regularisation::*;
pub use rising::*;
pub use rows::*;
pub use stability::*;
pub use start::*;
pub use target::*;
pub use units::*;

use crate::{Evidence, Finding, Thresholds};

pub(crate) type Check = fn(&Evidence, &Thresholds) -> Vec<Finding>;

/// All checks, in the order in which their findings are shown: what is wrong from the start, what went wrong on the way, what came of it.
pub(crate) const CHECKS: &[Check] = &[
    gradient::wrong_gradient,
    target::unfitting_loss,
    columns::unscaled_inputs,
    columns::constant_inputs,
    columns::lookalikes,
    columns::leaking_features,
    rows::shared_rows,
    rows::no_better_than_shuffled,
    classes::untaught,
    start::symmetric_units,
    start::large_weights,
    start::saturated_output,
    start::initial_loss,
    gradient::fading_errors,
    overshooting::overshooting,
    rate::diverged,
    rate::too_high,
    rate::too_low,
    stability::edge_of_stability,
    units::dead_units,
    units::saturated_units,
    regularisation::too_strong,
    fit::underfitting,
    classes::missed,
    fit::overfitting,
    regularisation::without_effect,
    fit::no_skill,
    rising::rising_validation_loss,
    rows::suspect_labels,
    curve::stopped_too_early,
    curve::plateau,
    batch::batch_too_small,
    fit::validation_too_small,
];
