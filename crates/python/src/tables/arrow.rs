//! Arrays of Arrow that another library holds, by the [Arrow PyCapsule interface][1]: their numbers are read where they are.
//!
//! [1]: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
#![allow(unsafe_code, reason = "a capsule holds a pointer, and its name says to what")]

use arrow_array::cast::AsArray;
use arrow_array::ffi::{FFI_ArrowArray, FFI_ArrowSchema, from_ffi};
use arrow_array::ffi_stream::{ArrayStreamReader, FFI_ArrowArrayStream};
use arrow_array::{Array, ArrayReader, ArrayRef, make_array};
use arrow_schema::{ArrowError, DataType, Field, FieldRef};
use nablab::arrow::{check, column, is_index};
use nablab::data::table::Values;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

use super::words::{TABLE, raised_by_data};

/// A column, or a whole table: arrays of one type, one behind the other.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Arrow {
    field: FieldRef,
    arrays: Vec<ArrayRef>,
}

#[pymethods]
impl Arrow {
    /// Of whatever has `__arrow_c_stream__` or `__arrow_c_array__`.
    #[new]
    fn new(py: Python<'_>, of: &Bound<'_, PyAny>) -> PyResult<Self> {
        if of.hasattr("__arrow_c_stream__")? {
            let stream = stream(of)?;
            // Whoever makes the arrays may need the interpreter's lock for it.
            return py.detach(|| Self::read(stream)).map_err(|error| raised(&error));
        }
        let (field, array) = array(of)?;
        Ok(Self { field: field.into(), arrays: vec![array] })
    }

    fn __len__(&self) -> usize {
        self.arrays.iter().map(Array::len).sum()
    }

    /// The columns of a table, by their names; without those in which pandas keeps the labels of rows.
    fn columns(&self) -> PyResult<Vec<(String, Self)>> {
        let DataType::Struct(fields) = self.field.data_type() else {
            return Err(PyTypeError::new_err(format!(
                "{TABLE}: expected a table of columns, got an array of {}",
                self.field.data_type()
            )));
        };
        if self.arrays.iter().any(|array| array.null_count() > 0) {
            return Err(PyValueError::new_err(format!("{TABLE}: expected rows, got some that are missing")));
        }
        let of = |i: usize, field: &FieldRef| Self {
            field: field.clone(),
            arrays: self.arrays.iter().map(|array| array.as_struct().column(i).clone()).collect(),
        };
        let columns = fields.iter().enumerate().filter(|(_, field)| !is_index(field));
        Ok(columns.map(|(i, field)| (field.name().clone(), of(i, field))).collect())
    }
}

impl Arrow {
    fn read(stream: FFI_ArrowArrayStream) -> Result<Self, ArrowError> {
        let reader = ArrayStreamReader::try_new(stream)?;
        Ok(Self { field: reader.field().clone(), arrays: reader.collect::<Result<_, _>>()? })
    }

    /// What a column of this name holds.
    pub(super) fn values(&self, name: &str) -> PyResult<Values> {
        let field = self.field.as_ref().clone().with_name(name);
        check(&field, TABLE).map_err(|error| PyTypeError::new_err(words(&raised_by_data(&error))))?;
        Ok(column(&field, &self.arrays, TABLE).map_err(|error| raised_by_data(&error))?.values)
    }
}

/// What an error says.
fn words(error: &PyErr) -> String {
    Python::attach(|py| error.value(py).to_string())
}

fn raised(error: &ArrowError) -> PyErr {
    PyValueError::new_err(format!("{TABLE}: {error}"))
}

fn stream(of: &Bound<'_, PyAny>) -> PyResult<FFI_ArrowArrayStream> {
    let capsule = of.call_method0("__arrow_c_stream__")?.cast_into::<PyCapsule>()?;
    let pointer = capsule.pointer_checked(Some(c"arrow_array_stream"))?.cast();
    // SAFETY: a capsule of this name holds a stream, which is moved out of it: an empty one stays, of which nothing is released twice.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) })
}

fn array(of: &Bound<'_, PyAny>) -> PyResult<(Field, ArrayRef)> {
    type Capsules<'py> = (Bound<'py, PyCapsule>, Bound<'py, PyCapsule>);
    let (schema, array): Capsules<'_> = of.call_method0("__arrow_c_array__")?.extract()?;
    let schema = schema.pointer_checked(Some(c"arrow_schema"))?.cast::<FFI_ArrowSchema>();
    let array = array.pointer_checked(Some(c"arrow_array"))?.cast::<FFI_ArrowArray>();
    // SAFETY: capsules of these names hold a description, which lives as long as they do, and an array of it, which is moved out.
    let (schema, data) = unsafe {
        let schema = schema.as_ref();
        (schema, from_ffi(FFI_ArrowArray::from_raw(array.as_ptr()), schema))
    };
    let field = Field::try_from(schema).map_err(|error| raised(&error))?;
    Ok((field, make_array(data.map_err(|error| raised(&error))?)))
}
