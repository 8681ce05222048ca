//! The command `nablab`, which the wheel installs too.

use std::ffi::OsString;

use pyo3::prelude::*;

/// Run the command with these arguments, the program's name first, and tell how it ended: 0 yes, 1 it ran and the answer is no,
/// 2 bad use or input.
#[pyfunction]
pub(crate) fn command(py: Python<'_>, arguments: Vec<OsString>) -> u8 {
    py.detach(|| {
        nablab_cli::listen();
        nablab_cli::run(arguments)
    })
}
