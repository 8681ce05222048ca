//! ∇lab: the laboratory for training dense neural networks.
//!
//! ```
//! use nablab::prelude::*;
//! let rows: String = (0..60).map(|i| format!("{i},{}\n", ["short", "long"][i / 30])).collect();
//! let table = csv::read(format!("length,kind\n{rows}").as_bytes(), "fish.csv")?;
//! let settings = Settings::from_toml("epochs = 40\n[data]\ntarget = [\"kind\"]", "recipe.toml")?;
//! let fitted = settings.fit(&table, Options::default(), &())?;
//! let new = csv::read_as("length\n3\n57\n".as_bytes(), "new.csv", &fitted.model.reading())?;
//! let kinds: Vec<_> = fitted.model.predict(&new)?.answers().flatten().collect();
//! assert_eq!(kinds, ["short", "long"]);
//! # Ok::<(), Error>(())
//! ```
//!
//! | module | what |
//! | --- | --- |
//! | [`tables`] | trainings on tables: settings, fitting, run folders, predictions, metrics, export |
//! | `study` | hyperparameter studies and landscapes (feature `study`, on by default) |
//! | [`session`] | one training that somebody watches: commands in, events out |
//! | [`diagnosis`] | what is wrong with a training, and what may help |
//! | [`engine`] | the mathematics: networks, update rules, gradient checking, populations |
//! | `arrow` | Parquet and Arrow files, and Arrow's arrays in memory, as tables (feature `arrow`) |
//! | [`data`] | tables and data sets, from files and generated |
//! | [`labs`] | the four labs of the course, beside their published numbers |
//! | [`report`] | figures and pages |
//! | [`statistics`] | what chance explains |
//!
//! This crate has no code of its own. What it names is what every door is built on, the command like any other, so whatever
//! `nablab` does on the command line can be done from here. `examples/` has a program for each.
#![forbid(unsafe_code)]

#[cfg(feature = "arrow")]
pub use nablab_arrow as arrow;
pub use nablab_data as data;
pub use nablab_diagnosis as diagnosis;
pub use nablab_engine as engine;
pub use nablab_kernel::memory;
pub use nablab_labs as labs;
pub use nablab_report as report;
pub use nablab_session as session;
pub use nablab_statistics as statistics;
#[cfg(feature = "study")]
pub use nablab_study as study;
pub use nablab_tables as tables;

/// What most programs begin with.
pub mod prelude {
    pub use nablab_data::table::{Table, csv};
    pub use nablab_report::Lang;
    #[cfg(feature = "study")]
    pub use nablab_study::Study;
    pub use nablab_tables::metrics::Metrics;
    pub use nablab_tables::{
        Changes, Epoch, Error, Fitted, Model, Options, Predictions, Rate, Run, Settings, Tables, Watch,
    };
}

/// The example of the repository's README runs.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;
