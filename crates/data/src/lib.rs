//! Data sets.
#![forbid(unsafe_code)]
