//! What Python sees of a training, and how it ends one.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use nablab::tables::{Epoch, Event, TriedRate, Watch};
use pyo3::prelude::*;
use pyo3::types::PyDict;

use crate::signals::Interrupt;

/// Tells a callable of Python of what happens, which ends the training by answering True.
pub(super) struct Told<'a> {
    interrupt: &'a Interrupt,
    callable: Option<&'a Py<PyAny>>,
    /// Epochs in all.
    epochs: AtomicU64,
    is_enough: AtomicBool,
    error: Mutex<Option<PyErr>>,
}

impl<'a> Told<'a> {
    pub(super) fn new(interrupt: &'a Interrupt, callable: Option<&'a Py<PyAny>>) -> Self {
        let (epochs, is_enough) = (AtomicU64::new(0), AtomicBool::new(false));
        Self { interrupt, callable, epochs, is_enough, error: Mutex::new(None) }
    }

    /// So many epochs are to be trained.
    pub(super) fn expect(&self, epochs: u64) {
        self.epochs.store(epochs, Ordering::Relaxed);
    }

    /// What the callable raised, if it did.
    pub(super) fn raised(self) -> Option<PyErr> {
        self.error.into_inner().ok().flatten()
    }

    fn tell(&self, callable: &Py<PyAny>, event: &Event) -> PyResult<bool> {
        Python::attach(|py| {
            let (what, said): (&str, Bound<'_, PyAny>) = match event {
                Event::Begun { found, rows, parameters, .. } => {
                    // The units of the layers are the recipe's, which Python knows.
                    let facts = found.facts(*rows, &[], *parameters);
                    let lines: Vec<String> = facts.iter().map(ToString::to_string).collect();
                    ("begun", (lines, self.epochs.load(Ordering::Relaxed)).into_pyobject(py)?.into_any())
                }
                Event::Epoch { epoch, .. } => ("epoch", numbers(py, epoch)?.into_any()),
                _ => return Ok(false),
            };
            Ok(callable.call1(py, (what, said))?.bind(py).is(pyo3::types::PyBool::new(py, true)))
        })
    }
}

impl Watch<Event> for Told<'_> {
    fn saw(&self, event: &Event) {
        let Some(callable) = self.callable else { return };
        match self.tell(callable, event) {
            Ok(false) => {}
            Ok(true) => self.is_enough.store(true, Ordering::Relaxed),
            Err(error) => {
                self.is_enough.store(true, Ordering::Relaxed);
                if let Ok(mut kept) = self.error.lock() {
                    kept.get_or_insert(error);
                }
            }
        }
    }

    fn stop(&self) -> bool {
        self.is_enough.load(Ordering::Relaxed) || self.interrupt.came()
    }
}

/// While a learning rate is looked for.
impl Watch<TriedRate> for Told<'_> {
    fn stop(&self) -> bool {
        self.interrupt.came()
    }
}

/// The numbers of an epoch by their names.
pub(super) fn numbers<'py>(py: Python<'py>, epoch: &Epoch) -> PyResult<Bound<'py, PyDict>> {
    let said = PyDict::new(py);
    said.set_item("epoch", epoch.epoch)?;
    said.set_item("step", epoch.step)?;
    for (name, number) in [
        ("cost", epoch.cost),
        ("train_loss", epoch.train_loss),
        ("train_metric", epoch.train_metric),
        ("validation_loss", epoch.validation_loss),
        ("validation_metric", epoch.validation_metric),
        ("learning_rate", epoch.learning_rate),
        ("seconds", epoch.seconds),
    ] {
        said.set_item(name, number)?;
    }
    Ok(said)
}
