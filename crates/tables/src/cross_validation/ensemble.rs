//! The models of a cross-validation together: their predictions are averaged.

use std::path::Path;

use nablab_data::prepare::Target;
use nablab_data::table::{Reading, Table};

use super::result::in_own_units;
use crate::recipe::Fold;
use crate::run::{FolderProblem, first_fold};
use crate::split::taught;
use crate::{Error, Evaluation, Model, Predictions};

/// A trained network, or those of a cross-validation, which predict together: the mean of their probabilities, or of their numbers.
///
/// ```
/// use nablab_data::table::csv;
/// use nablab_tables::{CrossValidationFolder, Ensemble, Error, Model, Options, Settings, Tables};
/// # let temporary = tempfile::tempdir().unwrap();
/// # let folder = temporary.path().join("folds");
/// let rows: String = (0..40).map(|i| format!("{i},{}\n", 2 * i)).collect();
/// let tables = Tables::from(csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?);
/// let settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]", "recipe")?;
/// CrossValidationFolder::create(&folder, settings, 2)?
///     .train(&tables, |fold| fold.run()?.0.train(tables.lent(), Options::default(), &()))?;
/// let both = Ensemble::load(&folder)?;
/// let [one, other] = [1, 2].map(|fold| Model::load(&folder.join(format!("fold-{fold}"))));
/// let [one, other] = [one?.predict(&tables.table)?, other?.predict(&tables.table)?];
/// assert_eq!(both.predict(&tables.table)?.values[7], (one.values[7] + other.values[7]) / 2.0);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Ensemble {
    first: Model,
    others: Vec<Model>,
}

impl From<Model> for Ensemble {
    fn from(first: Model) -> Self {
        Self { first, others: Vec::new() }
    }
}

impl Ensemble {
    /// The model of a run folder or in a file of its own, or the models of the folder of a cross-validation.
    ///
    /// # Errors
    /// As [`Model::load`]; [`Error::Folder`] where a fold has no model, or is another cross-validation's.
    pub fn load(path: &Path) -> Result<Self, Error> {
        let Some(fold) = first_fold(path) else { return Ok(Model::load(path)?.into()) };
        let first = Model::load(&fold)?;
        let of = first.settings.validation.fold.map_or(1, |fold| fold.of);
        let other = |number| {
            let folder = path.join(format!("fold-{number}"));
            let model = Model::load(&folder)?;
            let is_fold = model.settings.validation.fold == Some(Fold { number, of });
            match is_fold && in_own_units(&model.target) == in_own_units(&first.target) {
                true => Ok(model),
                false => {
                    Err(Error::Folder { folder, problem: FolderProblem::OtherFold { first: fold.clone() } })
                }
            }
        };
        let others = (2..=of).map(other).collect::<Result<_, _>>()?;
        Ok(Self { first, others })
    }

    /// The models: one, or one of each fold.
    pub fn models(&self) -> impl ExactSizeIterator<Item = &Model> {
        let all: Vec<&Model> = std::iter::once(&self.first).chain(&self.others).collect();
        all.into_iter()
    }

    fn models_mut(&mut self) -> impl Iterator<Item = &mut Model> {
        std::iter::once(&mut self.first).chain(&mut self.others)
    }

    /// What is predicted.
    pub fn target(&self) -> &Target {
        &self.first.target
    }

    /// How a table is to be read for these models.
    pub fn reading(&self) -> Reading {
        let mut reading = self.first.reading();
        for other in self.others.iter().map(Model::reading) {
            reading.written.extend(other.written);
            reading.numbers.extend(other.numbers);
            reading.names.extend(other.names);
        }
        reading
    }

    /// From which averaged probability on the second of two classes is predicted: the models' threshold, or the mean of theirs where
    /// they [differ](Self::has_own_thresholds).
    pub fn threshold(&self) -> f64 {
        match self.has_own_thresholds() {
            false => self.first.threshold,
            true => {
                let sum: f64 = self.models().map(|model| model.threshold).sum();
                sum / self.models().len() as f64
            }
        }
    }

    /// The models were trained with thresholds that are not all the same.
    pub fn has_own_thresholds(&self) -> bool {
        self.others.iter().any(|model| model.threshold != self.first.threshold)
    }

    /// As [`Model::set_threshold`].
    ///
    /// # Errors
    /// The same.
    pub fn set_threshold(&mut self, threshold: f64) -> Result<(), Error> {
        self.models_mut().try_for_each(|model| model.set_threshold(threshold))
    }

    /// Leave out the rows without a target where they are judged.
    pub fn drop_missing_target(&mut self) {
        self.models_mut().for_each(|model| model.settings.data.drop_missing_target = true);
    }

    /// Predict every row of a table that was read as [`Ensemble::reading`] says. What is said of unknown values is what no model
    /// knows.
    ///
    /// # Errors
    /// As [`Model::predict`].
    pub fn predict(&self, table: &Table) -> Result<Predictions, Error> {
        self.predict_rows(table, &(0..table.rows()).collect::<Vec<_>>())
    }

    fn predict_rows(&self, table: &Table, rows: &[usize]) -> Result<Predictions, Error> {
        let mut mean = self.first.predict_rows(table, rows)?;
        if self.others.is_empty() {
            return Ok(mean);
        }
        for model in &self.others {
            let more = model.predict_rows(table, rows)?;
            mean.values.iter_mut().zip(&more.values).for_each(|(sum, value)| *sum += value);
            mean.seen = mean.seen.by_both(&more.seen);
        }
        let count = self.models().len() as f64;
        mean.values.iter_mut().for_each(|value| *value /= count);
        mean.threshold = self.threshold();
        // Each model has a scale of its own.
        mean.target = in_own_units(&mean.target);
        Ok(mean)
    }

    /// Compare predictions with the targets in the table.
    ///
    /// # Errors
    /// As [`Model::evaluate`].
    pub fn evaluate(&self, table: &Table) -> Result<Evaluation, Error> {
        let rows = taught(&self.first.settings, table)?;
        let predictions = self.predict_rows(table, &rows)?;
        let metrics = predictions.judge(&self.first.settings, table, &rows)?;
        let (without_target, models) = (table.rows() - rows.len(), self.models().len());
        Ok(Evaluation { metrics, predictions, without_target, models })
    }
}
