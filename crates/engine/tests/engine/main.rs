//! The engine: against NumPy, PyTorch and finite differences, and what it promises of bits, threads and memory.
//!
//! `training` counts allocations, but only those of its own thread, so that all can share a process.
#![expect(
    clippy::disallowed_methods,
    reason = "the same by other means: files, clocks and the system's functions"
)]

mod classes;
mod gradients;
mod judging;
mod kernels;
mod naive;
mod numpy_rng;
mod optimizers;
mod planted_bugs;
mod population;
mod properties;
mod pytorch;
mod resume;
mod scikit;
mod signals;
mod threads;
mod training;
mod weights;
