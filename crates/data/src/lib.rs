//! Data sets: generators, readers and writers.
//!
//! At the borders a row is an example, as everywhere in the ecosystem; inside the engine an example is a
//! column. [`Dataset`] holds the engine's layout, and the turn happens here, once.
//!
//! Generators are functions of their arguments; readers take bytes, so that opening files stays in one place
//! ([`load`], [`write_file`]).
#![forbid(unsafe_code)]

mod causes;
mod dataset;
pub mod dataset_file;
pub mod dates;
mod error;
mod files;
pub mod generate;
pub mod named_arrays;
mod numbered;
pub mod prepare;
mod staged_folder;
pub mod table;
mod threads;
mod wording;

pub use causes::with_causes;
pub use dataset::{Dataset, Parts};
pub use error::{DataError, readable};
pub use files::{
    NewFolders, file_to_replace, follow_links, is_half_written, is_pipe, is_same_file, load, load_arrays,
    load_with_test, name_of, open, read_text, remove_half_written, wait_for_writers, write_file,
};
pub use generate::Generator;
pub use numbered::{free_folder, numbered};
pub use staged_folder::{FolderKind, StagedFolder};
pub use wording::Wording;
