//! The four labs of a deep-learning course: what they train, what they print, what they teach.
//!
//! [`Labs::new`] plans the trainings, [`Labs::train`] runs them side by side, and [`Labs::records`] turns them
//! into plain data: an item per printed value or figure of the course, each beside the published number.
//! [`document::document`] makes a report of the records. Nothing here opens a file, reads a clock or prints.
//!
//! One variant alone is trained epoch by epoch: [`Lab::plan`] has its recipe and its data, [`Experiment::training`] trains it as far as
//! the caller likes.
//!
//! ```
//! use nablab_labs::{Knobs, Lab};
//! use nablab_report::{Lang, RegionStyle};
//! let lab = Lab::Initialization.plan(None, &Knobs::default())?;
//! let mut training = lab.training("he")?;
//! while training.epochs_done() < 500 && training.epoch() {}
//! let (variant, run) = (training.variant(), training.run());
//! println!("{}: cost {:.3}, accuracy {:.2}", variant.en, run.train.cost, run.train.accuracy);
//! let figures = [variant.cost_curve(&run, Lang::En), lab.boundary(variant, &run, RegionStyle::Classes, Lang::En)];
//! assert_eq!(figures.map(|figure| figure.name), ["he-cost", "initialization-he-boundary"]);
//! # Ok::<(), nablab_labs::LabError>(())
//! ```
#![forbid(unsafe_code)]

pub use nablab_by_hand as by_hand;

mod experiment;
pub mod hand_in;
mod lesson;
mod training;
mod variant;

mod boundary;
mod boundary_strip;
mod curve;
mod few_epochs;
mod knobs;
mod lead;
mod masks;
mod numbers;
mod on_the_way;
mod own_data;
mod pairs;
mod record;
mod seeds;
mod settings;
mod strip_plot;
mod summary;
mod symmetry;
mod training_items;
mod turned;
mod verdict;

mod gradient_checking;
mod initialization;
mod optimization;
mod regularization;

pub mod document;
mod error;
pub mod exercises;
mod lab;
mod labs;
mod options;
pub mod reference;
mod text;

pub use error::LabError;
pub use experiment::{Difference, Experiment};
pub use gradient_checking::Bug;
pub use knobs::Knobs;
pub use lab::Lab;
pub use labs::{Event, Labs};
pub use lesson::{Code, Lesson, Wrong};
pub use nablab_engine::Watch;
pub use on_the_way::Moment;
pub use options::{Options, SEEDS_BESIDE};
pub use record::{Item, LabRecord, Summary, tally};
pub use text::Text;
pub use training::VariantTraining;
pub use turned::Turned;
pub use variant::{Fit, Run, Variant};
