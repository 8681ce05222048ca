//! The four course labs.
#![forbid(unsafe_code)]
