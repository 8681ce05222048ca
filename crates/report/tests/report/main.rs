//! Figures.

mod figures;
mod labels;
mod shared;
