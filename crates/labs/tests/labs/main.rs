//! The labs: the published numbers, and the words about them.

mod course;
mod variant;
mod words;
