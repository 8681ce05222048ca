//! Errors and advice in Python's words: keyword arguments where the command has flags.

use nablab::data::{DataError, Wording};
use nablab::diagnosis::Advice;
use nablab::tables::{Error, Setting};
use pyo3::exceptions::{PyFileExistsError, PyFileNotFoundError, PyMemoryError, PyOSError, PyValueError};
use pyo3::prelude::*;

use super::keywords::keyword;
use crate::training::raised as raised_by_engine;

/// An error of a training as Python has it.
pub(crate) fn raised(error: &Error) -> PyErr {
    match error {
        Error::Data(error) => raised_by_data(error),
        Error::Engine(error) => raised_by_engine(error),
        Error::Value { setting, what, example } => {
            PyValueError::new_err(format!("{} {what}\nhint: such as {example:?}", keyword(setting)))
        }
        Error::Idle { field, why } => {
            PyValueError::new_err(format!("{} has no say {why}\nhint: leave it away", keyword(field)))
        }
        Error::Setting { field, expected, got } => {
            let name = field.rsplit('.').find_map(Setting::named);
            let name = name.map_or(*field, |setting| keyword(setting.name));
            PyValueError::new_err(format!("{name} must be {}, got {got}", in_python(expected)))
        }
        Error::NotEmpty { .. } => {
            PyFileExistsError::new_err(format!("{error}\nhint: choose another folder, or empty it first"))
        }
        Error::Folder { .. } => PyOSError::new_err(format!(
            "{error}\nhint: name the folder that an estimator's save() or the command's training has written"
        )),
        other => PyValueError::new_err(other.to_string()),
    }
}

/// What errors call the table that Python's columns make.
pub(super) const TABLE: &str = "X";

/// The same of a table or a file.
pub(crate) fn raised_by_data(error: &DataError) -> PyErr {
    match error {
        DataError::Format { file, place, expected, got, hint } => {
            // In Python's own table rows count from 0.
            let place = if file == TABLE { from_zero(place) } else { place.clone() };
            let hint = in_python(hint);
            PyValueError::new_err(format!("{file}: {place}: expected {expected}, got {got}\nhint: {hint}"))
        }
        DataError::Parameter { name, expected, got } => {
            let name = Setting::named(name).map_or(*name, |setting| keyword(setting.name));
            PyValueError::new_err(format!("{name} must be {expected}, got {got}"))
        }
        DataError::Read { source, .. } | DataError::Write { source, .. } => {
            let text = error.to_string();
            match source.kind() {
                std::io::ErrorKind::NotFound => PyFileNotFoundError::new_err(text),
                std::io::ErrorKind::OutOfMemory => PyMemoryError::new_err(text),
                _ => PyOSError::new_err(text),
            }
        }
        other => PyValueError::new_err(other.to_string()),
    }
}

/// A place whose row counts from 1, if it has one.
fn from_zero(place: &str) -> String {
    let row_behind = |before: &str, row: &str| match row.parse::<usize>() {
        Ok(row @ 1..) => Some(format!("{before}row {}", row - 1)),
        _ => None,
    };
    let row = match (place.strip_prefix("row "), place.rsplit_once(", row ")) {
        (Some(row), _) => row_behind("", row),
        (_, Some((column, row))) => row_behind(&format!("{column}, "), row),
        _ => None,
    };
    row.unwrap_or_else(|| place.to_owned())
}

/// Words of the library, with each setting as a keyword argument.
pub(super) fn in_python(wording: &Wording) -> String {
    wording.worded(&|name, value| match value {
        Some(value) => argument(name, value),
        None => keyword(name).to_owned(),
    })
}

/// A setting and the text of its value.
fn argument(name: &str, value: &str) -> String {
    let name = keyword(name);
    match value {
        "" => format!("{name}=True"),
        "none" if name == "hidden" => format!("{name}=()"),
        number if number.parse::<f64>().is_ok() => format!("{name}={number}"),
        text => format!("{name}={text:?}"),
    }
}

/// An advice as keyword arguments.
pub(super) fn advised(advice: &Advice) -> String {
    match advice {
        Advice::Binary => return "NablabClassifier instead of NablabRegressor".into(),
        Advice::Regression => return "NablabRegressor instead of NablabClassifier".into(),
        Advice::Folds(folds) => {
            return format!("sklearn.model_selection.cross_validate(estimator, X, y, cv={folds})");
        }
        _ => {}
    }
    // `--name value`, `--name='value'`, or `--name`.
    let flags = advice.flags();
    let of_flag = |flag: &str| {
        let (name, value) = flag.split_once([' ', '=']).unwrap_or((flag, ""));
        let value = value.strip_prefix('\'').and_then(|value| value.strip_suffix('\'')).unwrap_or(value);
        argument(&name.replace('-', "_"), value)
    };
    flags
        .split("--")
        .map(str::trim)
        .filter(|flag| !flag.is_empty())
        .map(of_flag)
        .collect::<Vec<_>>()
        .join(", ")
}
