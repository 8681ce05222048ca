//! The four labs of a deep-learning course: what they train, what they print, what they teach.
//!
//! [`Labs::new`] plans the trainings, [`Labs::train`] runs them on all cores, and [`Labs::records`] turns them
//! into plain data: an item per printed value or figure of the course, each beside the published number.
//! [`document::document`] makes a report of the records. Nothing here opens a file, reads a clock or prints.
#![forbid(unsafe_code)]

mod experiment;
mod study;

mod boundary;
mod curve;
mod findings;
mod pairs;
mod record;
mod seeds;
mod settings;
mod strip;
mod summary;
mod training_items;
mod verdict;

mod gradient_checking;
mod initialization;
mod optimization;
mod regularization;

pub mod document;
mod labs;
pub mod reference;

pub use experiment::{Fit, Run, Variant};
pub use labs::{Knobs, Lab, LabError, Labs, Options, Watch};
pub use record::{Item, LabRecord, Summary, tally};
pub use study::{Difference, Study};
