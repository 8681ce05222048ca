//! Errors and advice in Python's words: keyword arguments where the command has flags.

use nablab::data::DataError;
use nablab::diagnosis::Advice;
use nablab::tables::{Error, Setting};
use pyo3::exceptions::{PyFileNotFoundError, PyMemoryError, PyOSError, PyValueError};
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
            let name = field.rsplit('.').next().and_then(Setting::named);
            let name = name.map_or(*field, |setting| keyword(setting.name));
            PyValueError::new_err(format!("{name} must be {}, got {got}", in_python(expected)))
        }
        Error::NotEmpty { .. } => {
            PyOSError::new_err(format!("{error}\nhint: choose another folder, or empty it first"))
        }
        Error::Folder { .. } => PyOSError::new_err(format!(
            "{error}\nhint: name the folder that an estimator's save() or the command's training has written"
        )),
        other => PyValueError::new_err(in_python(&other.to_string())),
    }
}

/// What errors call the table that Python's columns make.
pub(super) const TABLE: &str = "X";

/// The same of a table or a file.
pub(crate) fn raised_by_data(error: &DataError) -> PyErr {
    let text = match error {
        // In Python's own table rows count from 0.
        DataError::Format { file, place, expected, got, hint } if file == TABLE => {
            let place = from_zero(place);
            in_python(&format!("{file}: {place}: expected {expected}, got {got}\nhint: {hint}"))
        }
        other => in_python(&other.to_string()),
    };
    match error {
        DataError::Read { source, .. } | DataError::Write { source, .. } => match source.kind() {
            std::io::ErrorKind::NotFound => PyFileNotFoundError::new_err(text),
            std::io::ErrorKind::OutOfMemory => PyMemoryError::new_err(text),
            _ => PyOSError::new_err(text),
        },
        _ => PyValueError::new_err(text),
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

/// A sentence in which flags of the command become keyword arguments.
pub(super) fn in_python(text: &str) -> String {
    let mut parts = text.split("--");
    let mut said = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(part.len());
        let (flag, rest) = part.split_at(end);
        match Setting::named(flag).filter(|_| !flag.is_empty()) {
            Some(setting) => said += keyword(setting.name),
            None => said = said + "--" + flag,
        }
        said += rest;
    }
    said
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
    keywords(&advice.flags())
}

/// `--name value`, `--name='value'` and `--name` as `name=value`, `name='value'` and `name=True`.
fn keywords(flags: &str) -> String {
    let mut said = Vec::new();
    for flag in flags.split("--").filter(|flag| !flag.is_empty()) {
        let flag = flag.trim_end();
        let (name, value) = flag.split_once([' ', '=']).unwrap_or((flag, ""));
        let name = Setting::named(name).map_or(name, |setting| keyword(setting.name));
        let value = value.strip_prefix('\'').and_then(|v| v.strip_suffix('\'')).unwrap_or(value);
        said.push(match value {
            "" => format!("{name}=True"),
            "none" if name == "hidden" => format!("{name}=()"),
            number if number.parse::<f64>().is_ok() => format!("{name}={number}"),
            sizes if name == "hidden" => format!("{name}=({})", sizes.replace(',', ", ")),
            text => format!("{name}={text:?}"),
        });
    }
    said.join(", ")
}
