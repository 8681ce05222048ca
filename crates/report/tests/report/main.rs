//! Figures.

mod figures;
mod labels;
mod legibility;
mod shared;
