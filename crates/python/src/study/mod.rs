//! Studies: asking and telling.

mod ask_tell;
mod words;

pub(crate) use ask_tell::{AskTell, study_names};
