//! The language of what is said.

use nablab::report::Lang;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

/// A language by its name.
pub(crate) fn language(name: &str) -> PyResult<Lang> {
    match name {
        "en" => Ok(Lang::En),
        "zh" => Ok(Lang::Zh),
        other => Err(PyValueError::new_err(format!("lang: expected 'en' or 'zh', got '{other}'"))),
    }
}
