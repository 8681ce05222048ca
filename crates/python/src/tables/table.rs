//! A table of columns that Python holds.

use nablab::data::table::{Categories, Column, Numbers, Table as Rows, Values};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::arrow::Arrow;
use super::words::{TABLE, raised_by_data};
use crate::arrays::Array1;

/// Columns by their names, one value for each row.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Table(pub(crate) Rows);

/// Texts, each once, and the place of each row's text among them; -1 where there is none.
type Texts<'py> = (Vec<String>, Array1<'py, i64>);

/// The cells of a column.
#[derive(FromPyObject)]
enum Cells<'py> {
    /// NaN where a number is missing.
    #[pyo3(transparent)]
    Numbers(Array1<'py, f64>),
    /// Numbers that are names, too, with their texts.
    #[pyo3(transparent)]
    Written((Array1<'py, f64>, Texts<'py>)),
    /// `category` or `date`, and the texts.
    #[pyo3(transparent)]
    Texts((String, Texts<'py>)),
    /// An array of Arrow.
    #[pyo3(transparent)]
    Arrow(PyRef<'py, Arrow>),
}

impl Cells<'_> {
    fn values(&self, name: &str) -> PyResult<Values> {
        Ok(match self {
            Self::Arrow(arrow) => arrow.values(name)?,
            Self::Numbers(numbers) => Values::Numbers(of_array(numbers)),
            Self::Written((numbers, texts)) => {
                Values::Numbers(of_array(numbers).with_texts(categories(texts)?))
            }
            Self::Texts((kind, texts)) => match kind.as_str() {
                "date" => Values::Dates(categories(texts)?),
                _ => Values::Categories(categories(texts)?),
            },
        })
    }
}

fn of_array(numbers: &Array1<'_, f64>) -> Numbers {
    numbers.as_array().iter().copied().collect()
}

fn categories((texts, places): &Texts<'_>) -> PyResult<Categories> {
    let places = places.as_array();
    if let Some(place) = places.iter().find(|&&place| !(-1..texts.len() as i64).contains(&place)) {
        return Err(PyValueError::new_err(format!(
            "text {place} of {}: expected -1 for none, or a place among them",
            texts.len()
        )));
    }
    let text = |&place: &i64| usize::try_from(place).ok().map(|place| texts[place].as_str());
    Ok(places.iter().map(text).collect())
}

#[pymethods]
impl Table {
    /// Columns `(name, cells)`, with cells of one of four kinds: an `Arrow`, of which numbers are not copied; an array of float64, NaN where a number is missing; `(array, (texts,
    /// places))`, where the numbers are names, too; `("category" or "date", (texts, places))`, each text once, and for each row the place of
    /// its text, -1 where it is missing. Errors call the table X, and count its rows from 0.
    #[new]
    fn new(columns: Vec<(String, Cells<'_>)>) -> PyResult<Self> {
        let column = |(name, cells): &(String, Cells<'_>)| {
            Ok(Column { name: name.clone(), values: cells.values(name)? })
        };
        let columns = columns.iter().map(column).collect::<PyResult<_>>()?;
        Ok(Self(Rows::new(columns, TABLE).map_err(|error| raised_by_data(&error))?))
    }

    /// The rows that `keep` has True for.
    fn rows_where(&self, keep: Array1<'_, bool>) -> PyResult<Self> {
        let keep: Vec<bool> = keep.as_array().iter().copied().collect();
        if keep.len() != self.0.rows() {
            let (rows, got) = (self.0.rows(), keep.len());
            return Err(PyValueError::new_err(format!("keep: expected {rows} rows, got {got}")));
        }
        self.0.rows_where(&keep).map(Self).map_err(|error| raised_by_data(&error))
    }

    fn __len__(&self) -> usize {
        self.0.rows()
    }
}
