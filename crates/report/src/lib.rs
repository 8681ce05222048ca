//! Figures and documents.
#![forbid(unsafe_code)]
