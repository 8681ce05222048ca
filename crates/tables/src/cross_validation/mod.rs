//! Cross-validation: each part of the rows judged by what was learned from the others.

mod ensemble;
mod result;
mod train;

pub use ensemble::Ensemble;
pub use result::{CrossValidation, FoldMetric};
pub use train::{CrossValidated, CrossValidationFolder, FoldRun};
