//! The extension module `nablab._core`: what Python's side of the package binds to. Shapes are Python's here, an example a row.
//!
//! It converts and calls, and nothing else. Whatever takes time runs without the interpreter's lock.

mod arrays;
mod command;
mod course;
mod gradcheck;
mod labs;
mod landscape;
mod language;
mod network;
mod points;
mod population;
mod rule;
mod signals;
mod study;
mod tables;
mod training;
mod watched;

use pyo3::prelude::*;

/// The engine of the package `nablab`.
///
/// It needs no lock of the interpreter: its classes are frozen, and what changes in them has a lock of its own, at which a second thread
/// is told that another one is at work.
#[pymodule(gil_used = false)]
mod _core {
    #[pymodule_export]
    use super::command::command;
    #[pymodule_export]
    use super::gradcheck::gradcheck;
    #[pymodule_export]
    use super::labs::run_lab;
    #[pymodule_export]
    use super::landscape::{surface_of, trainability_of};
    #[pymodule_export]
    use super::network::Network;
    #[pymodule_export]
    use super::points::points;
    #[pymodule_export]
    use super::population::{train_many, wilcoxon};
    #[pymodule_export]
    use super::rule::Rule;
    #[pymodule_export]
    use super::study::{
        AskTell, study_after_fork, study_before_fork, study_names, study_recipe, study_run, study_work,
    };
    #[pymodule_export]
    use super::tables::{Arrow, Fitted, Table, settings};
    #[pymodule_export]
    use super::training::Training;
    #[pymodule_export]
    use super::watched::Evidence;

    #[pymodule_export]
    use super::course::{
        adam, backward, cost, forward, given, gradient_descent, judge, momentum, numeric_gradient, penalty,
        relative_difference, train,
    };

    #[pymodule_export]
    const VERSION: &str = env!("CARGO_PKG_VERSION");
}
