//! Studies: asking and telling, and trainings on tables.

mod ask_tell;
mod native;
mod words;

pub(crate) use ask_tell::{AskTell, study_after_fork, study_before_fork, study_names};
pub(crate) use native::{study_recipe, study_run, study_work};
