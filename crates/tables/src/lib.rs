//! Train dense networks on tables: from a recipe and a file to a run folder, and from there to predictions.
//!
//! ```text
//! table ── Settings ── Prepared (X, Y, rows held out) ── Training (epochs, early stopping) ── Model ── predictions
//!                                                            │
//!                                                   Run: the folder of it all
//! ```
#![forbid(unsafe_code)]

pub mod export;
pub mod metrics;
pub mod recipe;
pub mod report;
pub mod run;

mod changes;
mod costs;
mod cross_validation;
mod decision_threshold;
mod deep;
mod epoch;
mod error;
mod evaluation;
mod event;
mod evidence;
mod experiments;
mod facts;
mod fit;
mod gradient_check;
mod history;
mod initial_gradient;
mod judge;
mod label_smoothing;
mod lookalikes;
mod model;
mod monitor;
mod outputs;
mod overwriting;
mod plane;
mod predictions_file;
mod preparations;
mod prepared;
mod progress;
mod range_test;
mod rate_search;
mod request;
mod signalling;
mod split;
mod tables;
mod text;
mod training;
mod watched;

pub use nablab_engine::Watch;

pub use changes::{BatchSize, Changes, HeldOut, Rate, Setting, SettingGroup, names_in};
pub use costs::Costs;
pub use cross_validation::{
    CrossValidated, CrossValidation, CrossValidationFolder, Ensemble, FoldMetric, FoldRun,
};
pub use decision_threshold::{Goal, Threshold};
pub use deep::{DeepDiagnosis, SuggestedRate, TriedAdvice};
pub use epoch::Epoch;
pub use error::Error;
pub use evaluation::Evaluation;
pub use event::Event;
pub use evidence::labels::Doubted;
pub use experiments::{FewRows, Outcome};
pub use facts::Fact;
pub use fit::{Fitted, Options};
pub use initial_gradient::RecipeWithData;
pub use model::{Model, Params, Predictions};
pub use monitor::Monitor;
pub use overwriting::{Overwritten, PageProblem, check_output, check_output_folder, check_page};
pub use preparations::Preparations;
pub use prepared::{Part, Prepared, TableSummary};
pub use progress::{LARGE, LONG, PartsProgress, ProgressLine, SILENCE, SOON, TrainingProgress};
pub use range_test::{RangeTest, Step, two_digits};
pub use rate_search::{FoundRate, TriedRate};
pub use recipe::Settings;
pub use request::Request;
pub use run::Run;
pub use tables::{Loading, Tables, load};
pub use training::{Ending, Training};
pub use watched::Watched;
