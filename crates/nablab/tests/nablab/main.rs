//! Trainings on tables: metrics, reports, what is exported, and what a diagnosis finds.

mod diagnosis;
mod ecosystem;
mod metrics;
mod report;
mod running;
mod weights;
