//! Errors of studies in Python's words.

use nablab::study::{StorageError, StudyError};
use pyo3::exceptions::{
    PyConnectionError, PyFileNotFoundError, PyLookupError, PyOSError, PyRuntimeError, PyValueError,
};
use pyo3::prelude::*;

use crate::tables::words;

/// An error of a study as Python has it.
pub(crate) fn raised(error: &StudyError) -> PyErr {
    let text = error.to_string();
    match error {
        StudyError::Storage(error) => of_storage(error),
        StudyError::Training(error) => words::raised(error),
        StudyError::Data(error) => words::raised_by_data(error),
        StudyError::Thread(_) => PyRuntimeError::new_err(text),
        StudyError::NotUnderWay { .. } => PyValueError::new_err(format!(
            "{text}\nhint: each trial is told once; one whose process gives no sign of life for `grace` seconds is another's"
        )),
        StudyError::NoTrial(_) | StudyError::NoStudy { .. } => PyLookupError::new_err(text),
        StudyError::Several { address, names } => PyValueError::new_err(format!(
            "{address}: expected the name of one of its studies: {}",
            names.join(", ")
        )),
        StudyError::NoFile { url } => PyFileNotFoundError::new_err(format!(
            "{url}: there is no such file\nhint: nablab.study.create makes one"
        )),
        _ => PyValueError::new_err(text),
    }
}

fn of_storage(error: &StorageError) -> PyErr {
    let text = error.to_string();
    match error {
        StorageError::Gone { .. } => PyConnectionError::new_err(text),
        StorageError::Refused { .. } => PyOSError::new_err(text),
        StorageError::WithoutPostgres { .. } => PyRuntimeError::new_err(format!(
            "{text}\nhint: build it with the feature postgres, as the wheel is, or share a file of SQLite on one machine"
        )),
        StorageError::Empty { url } => PyLookupError::new_err(format!(
            "{url}: there is no study in it\nhint: nablab.study.create makes one"
        )),
        StorageError::Unknown { url, study, known } => {
            let known = match &known[..] {
                [] => "there is no study at all; nablab.study.create makes one".to_owned(),
                names => format!("there are {}", names.join(", ")),
            };
            PyLookupError::new_err(format!("{url}: study {study}: there is none of this name\nhint: {known}"))
        }
        _ => PyValueError::new_err(text),
    }
}
