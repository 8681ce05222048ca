//! Trainings on tables: metrics, reports, what is exported, and what a diagnosis finds.

mod comparison;
mod diagnosis;
mod ecosystem;
mod folds;
mod history;
mod metrics;
mod phases;
mod report;
mod run;
mod watching;
mod weights;
