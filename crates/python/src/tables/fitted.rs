//! A training that has come to its end: it predicts, and tells how it went.

use std::num::NonZeroUsize;
use std::path::PathBuf;

use nablab::data::prepare::{AskedTask, Target, Task};
use nablab::diagnosis::Diagnosis;
use nablab::report::{Lang, html};
use nablab::tables::{self, Error, Options, Request, Tables, export, report};
use numpy::{IntoPyArray, PyArray2, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict};

use super::Table;
use super::keywords::changes;
use super::watch::{Told, numbers};
use super::words::{advised, raised};
use crate::language::language;
use crate::signals::heeding;

/// A model with its record. In a box: it is moved around as one pointer.
#[pyclass(frozen, module = "nablab._core")]
pub(crate) struct Fitted(Box<tables::Fitted>);

impl Fitted {
    fn of(fitted: Result<tables::Fitted, Error>) -> PyResult<Self> {
        fitted.map(|fitted| Self(Box::new(fitted))).map_err(|error| raised(&error))
    }
}

#[pymethods]
impl Fitted {
    /// Train on a table, and what was raised meanwhile: by a signal's handler, or by `told`, which is called as `told("begun", (lines, epochs))`
    /// and `told("epoch", numbers)`, and ends the training by True. What was learned until then is kept. `settings` are names and texts,
    /// which change the text of a `recipe`; `task` is `regression` or `classification`, of the columns `target`; `weight` is a column, too.
    #[staticmethod]
    #[pyo3(signature = (table, settings, task, target, recipe=None, weight=None, told=None, threads=1))]
    #[allow(clippy::too_many_arguments, reason = "they are keyword arguments in Python")]
    fn fit(
        py: Python<'_>,
        table: &Table,
        settings: Vec<(String, String)>,
        task: &str,
        target: Vec<String>,
        recipe: Option<&str>,
        weight: Option<String>,
        told: Option<Py<PyAny>>,
        threads: usize,
    ) -> PyResult<(Self, Option<PyErr>)> {
        let mut changes = changes(&settings)?;
        changes.task = Some(match task {
            "regression" => AskedTask::Regression,
            _ => AskedTask::Classification,
        });
        (changes.target, changes.weight) = (Some(target), weight);
        let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
        let ((fitted, of_told), of_signal) = heeding(py, threads, |interrupt| {
            let told = Told::new(interrupt, told.as_ref());
            let fit = || {
                let mut request =
                    recipe.map_or(Ok(Request::default()), |text| Request::from_toml(text, "recipe"))?;
                request.change(&changes)?;
                let validation = &request.settings().validation;
                if let Some(file) = &validation.file {
                    let (expected, got) =
                        ("a share of the rows, such as 0.1".into(), file.display().to_string());
                    return Err(Error::Setting { field: "validation", expected, got });
                }
                let tables = Tables::from(&table.0);
                let (mut settings, _) = request.for_tables(&tables, &told)?;
                // The table is from nowhere that a recipe could name.
                settings.data.file = None;
                told.expect(settings.training.epochs);
                settings.fit(tables, Options { threads, ..Options::default() }, &told)
            };
            (fit(), told.raised())
        });
        let was_raised = of_told.or(of_signal);
        match (fitted, was_raised) {
            // Nothing was learned that could be kept.
            (Err(Error::Stopped), Some(was_raised)) => Err(was_raised),
            (fitted, was_raised) => Ok((Self::of(fitted)?, was_raised)),
        }
    }

    /// Read a run folder.
    #[staticmethod]
    fn load(folder: PathBuf) -> PyResult<Self> {
        Self::of(tables::Fitted::load(&folder))
    }

    /// Make a run folder, which must be empty or not be there.
    fn save(&self, folder: PathBuf) -> PyResult<()> {
        self.0.save(&folder).map_err(|error| raised(&error))
    }

    /// All of it as plain data.
    fn to_parts<'py>(&self, py: Python<'py>) -> (Bound<'py, PyBytes>, String) {
        let (model, record) = self.0.to_parts();
        (PyBytes::new(py, &model), record)
    }

    /// What `to_parts` took apart.
    #[staticmethod]
    fn from_parts(model: &[u8], record: &str) -> PyResult<Self> {
        Self::of(tables::Fitted::from_parts(model, record))
    }

    /// Probabilities of the classes or labels, or numbers: (rows, width). And sentences on what the rows have that the training had not.
    fn predict<'py>(
        &self,
        py: Python<'py>,
        table: &Table,
    ) -> PyResult<(Bound<'py, PyArray2<f64>>, Vec<String>)> {
        let predictions = py.detach(|| self.0.model.predict(&table.0)).map_err(|error| raised(&error))?;
        let unknown = nablab::data::prepare::Seen { unknown: predictions.seen.unknown, ..Default::default() };
        let said = report::seen(&unknown, "the rows", Lang::En);
        let shape = [predictions.values.len() / predictions.width, predictions.width];
        Ok((predictions.values.into_pyarray(py).reshape(shape)?, said))
    }

    /// `classification`, `labels` or `regression`.
    #[getter]
    fn task(&self) -> &'static str {
        match self.0.model.target.task() {
            Task::Binary | Task::Multiclass => "classification",
            Task::Multilabel => "labels",
            Task::Regression => "regression",
        }
    }

    /// The columns that are predicted.
    #[getter]
    fn target(&self) -> Vec<String> {
        self.0.model.target.names().to_vec()
    }

    /// The texts of the classes, of each column; none of numbers.
    #[getter]
    fn levels(&self) -> Vec<Vec<String>> {
        match &self.0.model.target {
            Target::Classes { levels, .. } => vec![levels.clone()],
            Target::Labels { levels, .. } => levels.iter().map(|levels| levels.to_vec()).collect(),
            Target::Numbers { .. } => Vec::new(),
        }
    }

    /// From which probability on the second of two classes is predicted.
    #[getter]
    fn threshold(&self) -> f64 {
        self.0.model.threshold
    }

    /// The columns that a prediction needs.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.0.model.inputs.columns().iter().map(|column| column.name.clone()).collect()
    }

    /// The columns that became no feature, and why.
    #[getter]
    fn left_out(&self) -> Vec<(String, String)> {
        let left_out = &self.0.record.summary.left_out;
        left_out.iter().map(|of| (of.name.clone(), of.why.to_string())).collect()
    }

    /// Types of columns that were asked for, by their names.
    #[getter]
    fn types(&self) -> Vec<(String, &'static str)> {
        self.0.record.settings.data.types.iter().map(|(name, of)| (name.clone(), of.name())).collect()
    }

    /// The recipe, with the defaults that suit the table.
    #[getter]
    fn recipe(&self) -> String {
        self.0.record.settings.to_toml()
    }

    /// The epochs, each by its numbers.
    fn history<'py>(&self, py: Python<'py>) -> PyResult<Vec<Bound<'py, PyDict>>> {
        self.0.record.history.iter().map(|epoch| numbers(py, epoch)).collect()
    }

    /// How it ended and how good it is, as JSON.
    fn metrics(&self) -> PyResult<String> {
        serde_json::to_string(&self.0.record.summary)
            .map_err(|error| PyValueError::new_err(error.to_string()))
    }

    /// What is wrong, as JSON, and as a text with what cannot be told; `en` or `zh`.
    fn diagnosis(&self, lang: &str) -> PyResult<(String, String)> {
        let evidence = self.0.record.evidence.clone().unwrap_or_default();
        let diagnosis = Diagnosis::new(&self.0.findings(), &evidence, language(lang)?, &advised);
        let json = serde_json::to_string(&diagnosis.findings);
        Ok((json.map_err(|error| PyValueError::new_err(error.to_string()))?, diagnosis.text()))
    }

    /// The report as a page of HTML.
    fn report(&self, py: Python<'_>, name: &str, lang: &str) -> PyResult<String> {
        let lang = language(lang)?;
        Ok(py.detach(|| html(&report::document(name, &self.0.record, &self.0.model, lang))))
    }

    /// The way from the columns to the predictions, for ONNX Runtime and its like.
    fn onnx<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = export::onnx(&self.0.model).map_err(|error| raised(&error))?;
        Ok(PyBytes::new(py, &bytes))
    }
}
