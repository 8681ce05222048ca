//! A trained network with all that it takes to predict from a table.

use std::num::NonZeroUsize;

use nablab_data::Wording;
use nablab_data::prepare::{Encoding, Inputs, Seen, Target, Task};
use nablab_data::table::{Column, Decimal, Dialect, Kept as KeptReading, Reading, Separator, Table};
use nablab_engine::{Float, MatRef, Network, Recipe};

use crate::decision_threshold::is_inside;
use crate::metrics::{self, Metrics};
use crate::outputs::Outputs;
use crate::run::Number;
use crate::split::taught;
use crate::{Error, Settings};

/// Parameters in the precision they were trained in.
#[derive(Clone, Debug, PartialEq)]
pub enum Params {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

/// A number that parameters are kept in.
pub(crate) trait Kept: Float + Number {
    fn params(of: Vec<Self>) -> Params;
}

impl Kept for f32 {
    fn params(of: Vec<Self>) -> Params {
        Params::F32(of)
    }
}

impl Kept for f64 {
    fn params(of: Vec<Self>) -> Params {
        Params::F64(of)
    }
}

/// A trained network with all that it takes to predict from a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// What it was trained with.
    pub settings: Settings,
    /// How columns become features.
    pub inputs: Inputs,
    /// What is predicted.
    pub target: Target,
    /// How the text was read that it learned from.
    pub kept: KeptReading,
    /// The network.
    pub network: Network,
    /// Its parameters.
    pub params: Params,
    /// From which probability on the second of two classes is predicted.
    pub threshold: f64,
}

/// What a model says of the rows of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Predictions {
    /// The target of the model.
    pub target: Target,
    /// A row of numbers for each row of the table: probabilities of the classes or of the labels, or the numbers
    /// themselves in their own units.
    pub values: Vec<f64>,
    /// Numbers in such a row.
    pub width: usize,
    /// From which probability on the second of two classes is predicted.
    pub threshold: f64,
    /// What the rows have that the training rows had not.
    pub seen: Seen,
    /// Columns of the table that are written beside the predictions.
    pub kept: Vec<Column>,
}

impl Model {
    /// The network of checked settings.
    pub(crate) fn network(recipe: &Recipe, inputs: &Inputs, target: &Target) -> Network {
        Network::new(inputs.width(), &recipe.hidden, target.outputs(), recipe.loss)
    }

    /// How a table is to be read for this model: categories and classes are texts, whatever the rows of the file hold.
    pub fn reading(&self) -> Reading {
        let mut reading = self.settings.reading();
        for column in self.inputs.columns() {
            match column.encoding {
                Encoding::Category { .. } => reading.written.insert(column.name.clone()),
                Encoding::Number { .. } => reading.numbers.insert(column.name.clone()),
                Encoding::Date(_) => false,
            };
        }
        reading.names.extend(self.inputs.columns().iter().map(|column| column.name.clone()));
        reading.kept = Some(self.kept.clone());
        reading
    }

    /// Predict the second of two classes from another probability on.
    ///
    /// # Errors
    /// [`Error::Setting`] where it is not between 0 and 1, or the model is not of two classes.
    pub fn set_threshold(&mut self, threshold: f64) -> Result<(), Error> {
        let expected = match self.target.task() {
            Task::Binary if is_inside(threshold) => {
                self.threshold = threshold;
                return Ok(());
            }
            Task::Binary => "above 0 and below 1",
            _ => "left away: it lies between two classes, and the model has other targets",
        };
        Err(Error::Setting { field: "threshold", expected: expected.into(), got: threshold.to_string() })
    }

    /// Predict every row of a table that was read as [`Model::reading`] says.
    ///
    /// # Errors
    /// [`nablab_data::DataError`] if the table has not what the model learned from.
    pub fn predict(&self, table: &Table) -> Result<Predictions, Error> {
        self.predict_rows(table, &(0..table.rows()).collect::<Vec<_>>())
    }

    /// Predict some of the rows.
    pub(crate) fn predict_rows(&self, table: &Table, rows: &[usize]) -> Result<Predictions, Error> {
        match &self.params {
            Params::F32(params) => self.predict_with(params, table, rows),
            Params::F64(params) => self.predict_with(params, table, rows),
        }
    }

    fn predict_with<F: Float>(
        &self,
        params: &[F],
        table: &Table,
        rows: &[usize],
    ) -> Result<Predictions, Error> {
        let (x, seen) = self.inputs.encode::<F>(table, rows, NonZeroUsize::MIN)?;
        let p = self.network.predict(params, MatRef::new(&x, self.inputs.width(), rows.len()));
        if let Some(at) = p.iter().position(|p| !p.is_finite()) {
            let place = format!("row {}", rows[at % rows.len()] + 1);
            let got = format!("{}: the model's parameters are too large for it", p[at].to_f64());
            let hint =
                Wording::with_settings("train again with a lower [learning_rate], or with [precision f64]");
            return Err(table.error(place, "a prediction that is a number", got, hint).into());
        }
        let said = Outputs::new(self.target.clone(), p, rows.len(), self.threshold);
        Ok(Predictions::new(&said, self.threshold, seen))
    }

    /// Compare predictions with the targets in the table.
    ///
    /// # Errors
    /// [`nablab_data::DataError`] if the table has not what the model learned from, or no targets.
    pub fn evaluate(&self, table: &Table) -> Result<(Metrics, Predictions), Error> {
        let rows = taught(&self.settings, table)?;
        let predictions = self.predict_rows(table, &rows)?;
        let metrics = predictions.judge(&self.settings, table, &rows)?;
        Ok((metrics, predictions))
    }
}

impl Predictions {
    /// Row by row, as they are written.
    fn new<F: Float>(said: &Outputs<F>, threshold: f64, seen: Seen) -> Self {
        let width = said.width();
        let values = (0..said.rows()).flat_map(|j| (0..width).map(move |k| said.at(j, k))).collect();
        Self { target: said.target().clone(), values, width, threshold, seen, kept: Vec::new() }
    }

    /// The class that a row of probabilities is predicted to be: the most probable one; of two, the second from the threshold on.
    pub(crate) fn class(&self, row: &[f64]) -> usize {
        match row {
            [_, second] => usize::from(*second > self.threshold),
            row => metrics::argmax(row),
        }
    }

    /// How these predictions are to be read once they are written: classes are texts.
    pub fn reading(&self) -> Reading {
        let written = match &self.target {
            Target::Numbers { .. } => Default::default(),
            classes => classes.names().iter().cloned().collect(),
        };
        let dialect = Dialect {
            header: Some(true),
            separator: Some(Separator::Byte(b',')),
            decimal: Some(Decimal::Point),
            missing: Some(Vec::new()),
            ..Dialect::default()
        };
        Reading { written, dialect, ..Reading::default() }
    }

    /// Names of the numbers in a row.
    pub fn names(&self) -> Vec<String> {
        match &self.target {
            Target::Classes { levels, .. } => levels.clone(),
            Target::Labels { names, .. } | Target::Numbers { names, .. } => names.clone(),
        }
    }

    /// The rows.
    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.width)
    }

    /// What each row is predicted to be: the most probable class, or the second of two from the threshold on; yes or no to each label, or the numbers.
    pub fn answers(&self) -> impl Iterator<Item = Vec<String>> + '_ {
        self.rows().map(|row| match &self.target {
            Target::Classes { levels, .. } => vec![levels[self.class(row)].clone()],
            Target::Labels { levels, .. } => {
                row.iter().zip(levels).map(|(&p, levels)| levels[usize::from(p > 0.5)].clone()).collect()
            }
            Target::Numbers { .. } => row.iter().map(f64::to_string).collect(),
        })
    }

    /// Compare with the targets of these rows of the table, by their weights where it has those of the training.
    pub(crate) fn judge(&self, settings: &Settings, table: &Table, rows: &[usize]) -> Result<Metrics, Error> {
        let weights = match &settings.data.weight {
            Some(name) if table.column(name).is_some() => crate::prepared::weights(table, name, rows)?,
            _ => Vec::new(),
        };
        let y = self.target.encode::<f64>(table, rows)?;
        let said = |j: usize, k: usize| self.values[j * self.width + k];
        let (target, y, one) = (&self.target, y.view(rows.len()), NonZeroUsize::MIN);
        Ok(metrics::metrics_of(target, said, y, &weights, self.threshold, one)?.0)
    }

    /// The task they are of.
    pub fn task(&self) -> Task {
        self.target.task()
    }
}
