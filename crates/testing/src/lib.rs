//! What the tests of several packages share: programs under way, and a finding of each kind.
#![forbid(unsafe_code)]

pub mod running;
mod samples;

pub use samples::samples;
