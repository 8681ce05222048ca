//! The trainings of a cross-validation: in memory, or in a run folder for each fold, which can be gone on with.

use std::path::{Path, PathBuf};

use nablab_engine::Watch;
use nablab_report::File;

use super::result::{CrossValidation, out_of_fold};
use crate::recipe::Fold;
use crate::run::{NewLength, Run, Status, is_bare, write};
use crate::{Error, Event, Fitted, Model, Options, Predictions, Settings, Tables};

/// A cross-validation that has come to its end.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CrossValidated {
    /// How good the models are, each on its own fold and all of them together.
    pub found: CrossValidation,
    /// The model of each fold, in order. It has not learned from the rows of its fold.
    pub models: Vec<Model>,
    /// What the models say of all rows of the table, of each row the model that has not learned from it.
    pub predictions: Predictions,
}

impl CrossValidated {
    /// `out-of-fold.csv`, the predictions, and `cross-validation.json`, what was found.
    pub fn files(&self) -> [File; 2] {
        let predictions = self.predictions.csv(self.predictions.has_probabilities());
        [File::new("out-of-fold.csv", predictions), File::new("cross-validation.json", self.found.json())]
    }
}

impl Settings {
    /// Cross-validate in memory: cut the rows into `of` parts, and judge on each part what was learned from the others.
    /// The folds are those of [`Settings::folds`]. scikit-learn's `cross_validate` and `cross_val_predict` in one.
    ///
    /// ```
    /// use nablab_data::table::csv;
    /// use nablab_report::Lang;
    /// use nablab_tables::{Options, Settings};
    /// let rows: String = (0..60).map(|i| format!("{},{}\n", i % 10, ["low", "high"][i % 10 / 5])).collect();
    /// let table = csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
    /// let settings = Settings::from_toml("epochs = 40\n[data]\ntarget = [\"y\"]", "recipe")?;
    /// let validated = settings.cross_validate(&table, 3, Options::default(), &())?;
    /// assert_eq!((validated.models.len(), validated.predictions.rows().count()), (3, 60));
    /// let accuracy = &validated.found.metrics(Lang::En)[0];
    /// assert_eq!((accuracy.name, accuracy.mean, accuracy.deviation), ("accuracy", Some(1.0), Some(0.0)));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever does not fit the tables; [`Error::Fold`] where a training does not come to its end, because it diverges or
    /// is to stop; [`Error::Stopped`] if it is to stop before a fold's first epoch is done.
    pub fn cross_validate<'t>(
        &self,
        tables: impl Into<Tables<'t>>,
        of: usize,
        options: Options,
        watch: &dyn Watch<Event>,
    ) -> Result<CrossValidated, Error> {
        let tables = tables.into();
        cross_validated(self, of, &tables, |number, settings| {
            watch.saw(&Event::Fold { number, of });
            settings.fit(tables.lent(), options, watch)
        })
    }
}

/// A cross-validation in a folder: a run folder for each fold, and what they say together.
///
/// | file | holds |
/// | --- | --- |
/// | `fold-1`, `fold-2`, … | the run folder of each fold |
/// | `out-of-fold.csv` | the prediction of each row by the model that has not learned from it |
/// | `cross-validation.json` | [`CrossValidation`] |
#[derive(Clone, Debug)]
pub struct CrossValidationFolder {
    folder: PathBuf,
    settings: Settings,
    of: usize,
}

/// The run of a fold: not begun yet, or to be gone on with.
#[derive(Clone, Debug)]
pub struct FoldRun {
    folder: PathBuf,
    settings: Settings,
    number: usize,
}

impl CrossValidationFolder {
    /// For a new cross-validation in so many folds. Nothing is written yet.
    ///
    /// # Errors
    /// [`Error::NotEmpty`] if there is something in the folder.
    pub fn create(folder: &Path, settings: Settings, of: usize) -> Result<Self, Error> {
        match is_bare(folder) {
            true => Ok(Self::open(folder, settings, of)),
            false => Err(Error::NotEmpty { folder: folder.to_owned() }),
        }
    }

    /// To go on with the folds that are there, and begin the others. Each run says itself whether it began with other settings.
    pub fn open(folder: &Path, settings: Settings, of: usize) -> Self {
        Self { folder: folder.to_owned(), settings, of }
    }

    /// Train each fold, or what is left of it, and write what the folds say together. `train` is called with each fold in
    /// order, and trains its run.
    ///
    /// ```
    /// use nablab_data::table::csv;
    /// use nablab_tables::{CrossValidationFolder, Error, Options, Settings, Tables};
    /// # let temporary = tempfile::tempdir().unwrap();
    /// # let folder = temporary.path().join("folds");
    /// let rows: String = (0..40).map(|i| format!("{i},{}\n", 2 * i)).collect();
    /// let tables = Tables::from(csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?);
    /// let settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]", "recipe")?;
    /// let validation = CrossValidationFolder::create(&folder, settings, 2)?;
    /// let validated = validation.train(&tables, |fold| {
    ///     let (run, _) = fold.run()?;
    ///     run.train(tables.lent(), Options::default(), &())
    /// })?;
    /// assert_eq!(validated.found.folds.len(), 2);
    /// assert!(folder.join("fold-2/model.safetensors").is_file() && folder.join("out-of-fold.csv").is_file());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// Those of `train`; [`Error::Fold`] where a training did not come to its end; what cannot be written.
    pub fn train<E: From<Error>>(
        &self,
        tables: &Tables<'_>,
        mut train: impl FnMut(&FoldRun) -> Result<Fitted, E>,
    ) -> Result<CrossValidated, E> {
        let validated = cross_validated(&self.settings, self.of, tables, |number, settings| {
            let folder = self.folder.join(format!("fold-{number}"));
            train(&FoldRun { folder, settings, number })
        })?;
        for file in validated.files() {
            write(&self.folder.join(&file.name), &file.bytes)?;
        }
        Ok(validated)
    }
}

impl FoldRun {
    /// Which fold, from 1.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Its run folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Make its run folder, or open it to go on; in this case, with its new length where that is another.
    ///
    /// # Errors
    /// As [`Run::create`], [`Run::open`] and [`Run::go_on_as`].
    pub fn run(&self) -> Result<(Run, Option<NewLength>), Error> {
        if is_bare(&self.folder) {
            return Ok((Run::create(&self.folder, self.settings.clone())?, None));
        }
        let mut run = Run::open(&self.folder)?;
        let length = run.go_on_as(&self.settings)?;
        Ok((run, length))
    }
}

/// Train fold by fold, and put together what the models say.
fn cross_validated<E: From<Error>>(
    settings: &Settings,
    of: usize,
    tables: &Tables<'_>,
    mut train: impl FnMut(usize, Settings) -> Result<Fitted, E>,
) -> Result<CrossValidated, E> {
    let (mut folds, mut models) = (Vec::new(), Vec::new());
    for (number, settings) in (1..).zip(settings.folds(of)) {
        let Fitted { model, record } = train(number, settings)?;
        match record.summary.ended {
            Status::Interrupted | Status::Diverged => {
                let (fold, summary) = (Fold { number, of }, Box::new(record.summary));
                return Err(Error::Fold { fold, summary }.into());
            }
            Status::Finished | Status::StoppedEarly | Status::Converged | Status::SearchFailed => {}
        }
        models.push(model);
        folds.push(record.summary);
    }
    let (predictions, out_of_fold) = out_of_fold(&models, &tables.table)?;
    let found = CrossValidation {
        schema: "nablab.cross-validation/1".into(),
        task: predictions.task(),
        out_of_fold,
        folds,
    };
    Ok(CrossValidated { found, models, predictions })
}
