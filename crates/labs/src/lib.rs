//! labs
#![forbid(unsafe_code)]
pub mod reference;
pub mod statistics;
