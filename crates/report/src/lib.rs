//! Figures and reports: plain descriptions in, SVG, PNG, HTML and Markdown out.
//!
//! This crate knows nothing of networks. A caller describes a [`Figure`] or a [`Document`]; the rest is
//! presentation. It opens no file and prints nothing.
#![forbid(unsafe_code)]

pub mod document;
pub mod figure;
mod file;
mod text;

pub use document::{Block, Cell, Deck, Document, Kind, Section, Slide, Table, html, markdown, slides};
pub use figure::{Axis, Boundary, Figure, Grid, Layer, Map, RegionStyle, Stroke, Theme};
pub use file::File;
pub use text::{Lang, clock, counted, number};
