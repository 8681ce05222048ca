//! Trainings on tables: columns from Python become a table, keyword arguments a recipe, and what comes out predicts.

mod arrow;
mod fitted;
mod keywords;
mod table;
mod watch;
pub(crate) mod words;

pub(crate) use arrow::Arrow;
pub(crate) use fitted::Fitted;
pub(crate) use keywords::settings;
pub(crate) use table::Table;
