//! Hyperparameter studies: what is searched, who searches, what is given up early, and where all of it is kept.
#![forbid(unsafe_code)]

pub mod confirm;
mod default_space;
mod importance;
pub mod landscape;
mod metric;
pub mod objective;
pub mod plan;
mod register;
pub mod report;
pub mod sampler;
pub mod scheduler;
pub mod space;
pub mod storage;
pub mod trial;
mod wanted;
pub mod work;

pub use confirm::{Confirmation, Confirming, confirm};
pub use default_space::{Kept, tuning};
pub use importance::importances;
pub use objective::Objective;
pub use plan::{Plan, Study};
pub use sampler::{Known, Sampler};
pub use scheduler::Scheduler;
pub use space::{Domain, Label, Parameter, Point, Space};
pub use storage::{Storage, StorageError};
pub use trial::{Direction, State, Trial, best, first, front, leaders, of_space};
pub use wanted::Wanted;
pub use work::{Event, Options, Watch, work};
