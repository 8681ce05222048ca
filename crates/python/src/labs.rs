//! The labs of the course: trained, and their report as a page, as text and as data.

use std::num::NonZeroUsize;

use nablab::data::{Dataset, Parts};
use nablab::engine::Watch;
use nablab::labs::document::{Material, PAGE, files, results, text};
use nablab::labs::{Bug, Event, Knobs, Lab, LabError, Labs, Options, Run, Variant, tally};
use nablab::report::Lang;
use nablab::tables::{Changes, Setting};
use numpy::{IntoPyArray, PyArray1, PyUntypedArrayMethods};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::arrays::{Array1, Array2};
use crate::language::language;
use crate::signals::{self, Interrupt};

/// Counts the epochs of a lab, and lets it end soon after Ctrl-C.
struct Heeding<'a>(&'a Interrupt);

impl Watch<Event> for Heeding<'_> {
    fn saw(&self, event: &Event) {
        if let Event::Epochs(more) = event {
            self.0.count(*more);
        }
    }

    fn stop(&self) -> bool {
        self.0.came()
    }
}

/// Points (m, 2) and their labels, 0 or 1.
type Points<'py> = (Array2<'py, f64>, Array1<'py, i64>);

fn dataset((x, y): &Points<'_>) -> PyResult<Dataset> {
    let labels = y.as_array().iter().map(|&label| u32::try_from(label)).collect::<Result<_, _>>();
    let labels = labels.map_err(|_| PyValueError::new_err("y: expected labels 0 and 1"))?;
    let rows: Vec<f64> = x.as_array().iter().copied().collect();
    Dataset::from_rows(x.shape()[1], &rows, labels).map_err(|error| PyValueError::new_err(error.to_string()))
}

/// Knobs by their names.
fn knobs(turned: &Bound<'_, PyDict>) -> PyResult<Knobs> {
    let (mut knobs, mut read) = (Knobs::default(), Changes::default());
    for (name, value) in turned {
        let name: String = name.extract()?;
        match name.as_str() {
            "learning_rate" => knobs.learning_rate = Some(value.extract()?),
            "epochs" => knobs.epochs = Some(value.extract()?),
            "hidden" => knobs.hidden = Some(value.extract()?),
            "beta" => knobs.beta = Some(value.extract()?),
            "batch_size" => knobs.batch_size = Some(value.extract()?),
            "l2" => knobs.l2 = Some(value.extract()?),
            "dropout" => knobs.dropout = Some(value.extract()?),
            "activation" | "init" | "optimizer" => {
                if let Some(setting) = Setting::named(&name) {
                    let text: String = value.extract()?;
                    setting
                        .read(&mut read, &text)
                        .map_err(|error| PyValueError::new_err(error.to_string()))?;
                }
            }
            _ => return Err(PyTypeError::new_err(format!("{name}: there is no such knob"))),
        }
    }
    Ok(Knobs { activation: read.activation, init: read.init, optimizer: read.optimizer, ..knobs })
}

/// A training's name, epochs, and their mean costs.
type Curve<'py> = (String, Bound<'py, PyArray1<u64>>, Bound<'py, PyArray1<f64>>);

/// The page, the text, the results in JSON, how many numbers were compared and how many of them agree, and the costs on the way.
type Report<'py> = (String, String, String, usize, usize, Vec<Curve<'py>>);

/// The costs that were kept of each training.
fn curves(labs: &Labs, lang: Lang) -> Vec<(String, Vec<u64>, Vec<f64>)> {
    let trained = labs.experiments().iter().flat_map(|lab| lab.variants.iter().zip(&lab.runs));
    let kept = |(variant, run): (&Variant, &Run)| {
        let (epochs, costs) = run.costs.iter().map(|of| (of.epoch, of.mean())).unzip();
        (variant.name(lang).to_owned(), epochs, costs)
    };
    trained.map(kept).collect()
}

/// Run a lab.
#[pyfunction]
#[pyo3(signature = (lab, lang, made_by, turned, seeds=None, data=None, test=None, bug=None, variant=None, threads=1, told=None))]
#[allow(clippy::too_many_arguments, reason = "what a lab can be asked for, by name")]
pub(crate) fn run_lab<'py>(
    py: Python<'py>,
    lab: &str,
    lang: &str,
    made_by: &str,
    turned: &Bound<'_, PyDict>,
    seeds: Option<u32>,
    data: Option<Points<'py>>,
    test: Option<Points<'py>>,
    bug: Option<&str>,
    variant: Option<u64>,
    threads: usize,
    told: Option<Py<PyAny>>,
) -> PyResult<Report<'py>> {
    let raised = |error: LabError| PyValueError::new_err(error.to_string());
    let lang = language(lang)?;
    let test = test.as_ref().map(dataset).transpose()?;
    let data = data.as_ref().map(dataset).transpose()?.map(|train| Parts { train, test });
    let options = Options {
        labs: Lab::ALL.into_iter().filter(|one| one.key() == lab).collect(),
        data,
        seeds,
        bug: bug.map(|name| Bug::parse(name, variant)).transpose().map_err(raised)?,
        knobs: knobs(turned)?,
    };
    let threads = NonZeroUsize::new(threads).unwrap_or(NonZeroUsize::MIN);
    // Somebody looks for signals while others work.
    let ((page, text, json, compared, agree), curves) =
        signals::told(py, threads.saturating_add(1), told, |interrupt| {
            let mut labs = Labs::new(&options).map_err(raised)?;
            interrupt.expect(labs.epochs());
            labs.train(threads, &Heeding(interrupt)).map_err(raised)?;
            let records = labs.records(lang, threads, &()).map_err(raised)?;
            let files = files(&records, Material::default(), made_by, lang, threads)
                .map_err(|error| PyValueError::new_err(error.to_string()))?;
            let page =
                files.iter().find(|file| file.name == PAGE).map(|file| &file.bytes[..]).unwrap_or_default();
            let (compared, agree) = tally(&records);
            let json = results(&records, made_by).to_string();
            let page = String::from_utf8_lossy(page).into_owned();
            Ok(((page, text(&records, lang), json, compared, agree), curves(&labs, lang)))
        })?;
    let curves = curves.into_iter();
    let curves = curves.map(|(name, epochs, costs)| (name, epochs.into_pyarray(py), costs.into_pyarray(py)));
    Ok((page, text, json, compared, agree, curves.collect()))
}
