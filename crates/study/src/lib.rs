//! Hyperparameter studies: what is searched, who searches, what is given up early, and where all of it is kept. A [`Search`] trains
//! on tables; with [`AskTell`] anything else is searched by the same samplers and schedulers, in the same databases.
#![forbid(unsafe_code)]

mod ask;
pub mod confirm;
mod default_space;
pub mod directory;
mod error;
mod fact;
mod folder;
pub mod fork;
mod importance;
pub mod landscape;
mod metric;
pub mod objective;
mod place;
pub mod plan;
mod progress;
mod register;
pub mod report;
pub mod sampler;
pub mod scheduler;
mod search;
mod source;
pub mod space;
pub mod storage;
pub mod summary;
pub mod trial;
mod tuning;
mod wanted;
pub mod worker;

pub use ask::{AskTell, Asked, Question, Told};
pub use confirm::{Confirmation, Confirming, confirm};
pub use directory::Directory;
pub use error::StudyError;
pub use fact::{Estimate, Fact, TrialResult};
pub use folder::StudyFolder;
pub use importance::importances;
pub use nablab_engine::{Done, Watch};
pub use objective::Objective;
pub use place::{Located, Place};
pub use plan::{Plan, Study};
pub use progress::SearchProgress;
pub use sampler::{Sampler, SearchState};
pub use scheduler::Scheduler;
pub use search::{CONFIRMING, Search, SearchResult, SearchStart, Working};
pub use space::{Domain, Label, Parameter, Point, Space};
pub use storage::{Storage, StorageError};
pub use summary::Summary;
pub use trial::{Direction, State, Trial, best, first, front, leaders, of_space};
pub use tuning::Tuning;
pub use wanted::TrialBudget;
pub use worker::{Event, Options, work};
