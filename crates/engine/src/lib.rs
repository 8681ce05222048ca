//! The mathematics of dense neural networks.
#![forbid(unsafe_code)]
pub mod rng;
