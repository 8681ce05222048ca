//! The mathematics of dense neural networks: forward, backward, update rules, gradient checking.
//!
//! A function of its arguments: no file, clock, environment, thread count, printing or global randomness.
//!
//! # Words and shapes
//!
//! m examples, n_in inputs, n_out units. An example is a column: X (features, m), W (n_out, n_in), b (n_out),
//! Z and A (n_out, m), row-major. The gradient of `w` is `dw`. Layers are named from 1 (`W1`, `b1`).
//!
//! # Reading order
//!
//! The modules below are declared in the order a newcomer should read them. One training step passes through
//! `batches` → `network` (`dense`, `batch_norm`, `activation`, `dropout`, `loss`) → `penalty` → `clip` → `optim`, and
//! `train` is the loop around it.

pub mod batch_norm;
pub mod batches;
pub mod beside;
pub mod dense;
pub mod dropout;
pub mod gradcheck;
pub mod optim;
pub mod population;
pub mod rng;
pub mod signals;
pub mod train;

mod float;
mod params;
mod precision;

mod init;

mod activation;
mod loss;
mod penalty;

mod examples;
mod gradient;
mod network;
mod passes;
mod threads;
mod workspace;
mod y;

mod clip;
mod flat;
mod line_search;
mod norm;
mod objective;
mod observer;
mod schedule;
mod watch;

mod cost_history;
mod evaluation;
pub mod name_or_table;
mod recipe;
mod survey;

mod error;

pub use nablab_kernel::{Isa, Kernels, Line, MatMut, MatRef, Tiles, TilesRef};

pub use activation::Activation;
pub use clip::Clip;
pub use cost_history::{CostHistory, EpochCosts};
pub use error::EngineError;
pub use evaluation::Evaluation;
pub use float::Float;
pub use gradient::Gradient;
pub use init::Init;
pub use loss::{Loss, Targets};
pub use network::Network;
pub use observer::{Divergence, Observer, Progress};
pub use optim::Optimizer;
pub use params::{Layout, Place, Role, Slot};
pub use penalty::Penalty;
pub use precision::Precision;
pub use recipe::{BatchMean, Hidden, Recipe, Seed, Settings};
pub use schedule::Schedule;
pub use survey::Survey;
pub use train::{NextStep, SearchEnd, State, Trained, Trainer};
pub use watch::{Done, Watch};
pub use workspace::{Pass, Workspace};
pub use y::{OneHot, Y, YRef};
