//! What can go wrong with a lab.

use nablab_data::DataError;
use nablab_engine::EngineError;

use crate::Lab;

/// Why a lab cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// A knob outside its range, or data that does not fit.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Data that cannot be made.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Data that is not for this lab.
    #[error("the {part} has {got}, expected {expected}\nhint: {hint}")]
    Unsuitable {
        /// `training set` or `test set`.
        part: &'static str,
        /// What fits.
        expected: &'static str,
        /// What came.
        got: String,
        /// What to do.
        hint: &'static str,
    },
    /// Something that acts on none of the labs chosen.
    #[error("`{option}` changes nothing in the labs chosen\nhint: {}", acting(labs))]
    Unused {
        /// The field of [`Options`](crate::Options) or [`Knobs`](crate::Knobs).
        option: &'static str,
        /// The labs it acts on; empty where it acts on none beside the other knobs.
        labs: String,
    },
    /// Knobs that stand where the course has them.
    #[error("`{knob}` has the course's own value, so there is nothing to compare\nhint: choose another")]
    Unturned {
        /// The field of [`Knobs`](crate::Knobs).
        knob: &'static str,
    },
    /// A variant that the lab does not have.
    #[error("expected a variant of {}: {expected}; got {got}", lab.key())]
    Variant {
        /// The lab.
        lab: Lab,
        /// Its variants.
        expected: String,
        /// What was asked for.
        got: String,
    },
    /// A bug that there is not.
    #[error("bug: expected {expected}; got {got}")]
    Bug {
        /// What there is.
        expected: String,
        /// What was asked for.
        got: String,
    },
    /// An exercise whose trainings do not come to what is asked for.
    #[error("the exercise has no answer in this variant: {why}\nhint: choose another variant")]
    NoAnswer {
        /// What was looked for.
        why: String,
    },
    /// The watcher stopped it.
    #[error("stopped")]
    Cancelled,
}

/// Where something without use would act.
fn acting(labs: &str) -> String {
    match labs {
        "" => "beside the other knobs it acts on no lab".to_owned(),
        labs => format!("it acts on {labs}"),
    }
}
