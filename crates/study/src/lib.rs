//! Hyperparameter studies: what is searched, who searches, what is given up early, and where all of it is kept.
#![forbid(unsafe_code)]

pub mod confirm;
mod default_space;
mod error;
mod folder;
mod importance;
pub mod landscape;
mod metric;
pub mod objective;
pub mod plan;
pub mod progress;
mod register;
pub mod report;
pub mod sampler;
pub mod scheduler;
mod search;
pub mod space;
pub mod storage;
pub mod summary;
pub mod trial;
mod wanted;
pub mod work;

pub use confirm::{Confirmation, Confirming, confirm};
pub use default_space::{Kept, tuning};
pub use error::StudyError;
pub use folder::StudyFolder;
pub use importance::importances;
pub use objective::Objective;
pub use plan::{Plan, Study};
pub use progress::Progress;
pub use sampler::{Known, Sampler};
pub use scheduler::Scheduler;
pub use search::{Begun, CONFIRMING, Found, Search, Working};
pub use space::{Domain, Label, Parameter, Point, Space};
pub use storage::{Storage, StorageError};
pub use summary::Summary;
pub use trial::{Direction, State, Trial, best, first, front, leaders, of_space};
pub use wanted::Wanted;
pub use work::{Event, Options, work};
