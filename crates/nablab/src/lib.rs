//! Train dense networks on tables: from a recipe and a file to a run folder, and from there to predictions.
#![forbid(unsafe_code)]

pub mod metrics;
