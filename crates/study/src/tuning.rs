//! Tuning: a study of what decides most on a table, made of a few wishes.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::{DataError, is_pipe};
use nablab_tables::{Changes, Settings};

use crate::default_space::{Fixed, tuning};
use crate::{CONFIRMING, Plan, Sampler, Scheduler, Study, StudyError};

/// Rows of a table that is cross-validated: a tenth of a small table tells recipes apart no better than a die.
const SMALL: usize = 10_000;
/// Into so many parts.
const FOLDS: usize = 5;

/// How a table is tuned.
///
/// ```
/// use nablab_study::Tuning;
/// use nablab_tables::Changes;
/// let place = tempfile::tempdir()?;
/// let file = place.path().join("houses.csv");
/// std::fs::write(&file, "area,price\n1,2\n")?;
/// let changes = Changes { target: Some(vec!["price".into()]), epochs: Some(9), ..Changes::default() };
/// let tuning = Tuning { trials: 20, ..Tuning::default() };
/// let settings = tuning.settings(&changes, &file)?;
/// let (study, first) = tuning.study(settings, &changes, 500)?;
/// assert_eq!((study.plan.trials, study.plan.folds, first.training.epochs), (Some(20), 5, 9));
/// assert!(study.space.parameters().iter().any(|parameter| parameter.name == "learning_rate"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Tuning {
    /// The name of the study.
    pub name: Option<String>,
    /// Trials in all.
    pub trials: u64,
    /// What is sought; left out, what suits the target.
    pub metric: Option<String>,
    /// Trainings of each trial with other seeds, whose mean counts.
    pub seeds: u64,
    /// Parts of a cross-validation of each trial, 0 for the rows held out; left out, 5 of a small table, unless something is said of
    /// the rows held out.
    pub folds: Option<usize>,
    /// New seeds with which the best are trained again afterwards; 0 for not.
    pub confirm: u64,
    /// Seconds in all, with training the best again.
    pub seconds: Option<f64>,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { name: None, trials: 100, metric: None, seeds: 1, folds: None, confirm: 5, seconds: None }
    }
}

impl Tuning {
    /// The settings that all trials have in common, with whole names of the files: of the table, and of one to judge on.
    ///
    /// # Errors
    /// [`StudyError::NoTarget`], [`StudyError::RangeTest`], [`StudyError::FoldsAndRows`], [`StudyError::Pipe`]; [`StudyError::Training`]
    /// for changes that are none, [`StudyError::Data`] for a file that is not there.
    pub fn settings(&self, changes: &Changes, file: &Path) -> Result<Settings, StudyError> {
        let mut settings = Settings::default();
        changes.apply(&mut settings)?;
        if settings.data.target.is_empty() {
            return Err(StudyError::NoTarget);
        }
        if changes.finds_learning_rate() {
            return Err(StudyError::RangeTest);
        }
        if self.folds.is_some_and(|folds| folds > 0) && changes.validation.is_some() {
            return Err(StudyError::FoldsAndRows);
        }
        if is_pipe(file) {
            return Err(StudyError::Pipe { file: file.to_owned() });
        }
        settings.data.file = Some(whole(file)?);
        if let Some(file) = &mut settings.validation.file {
            *file = whole(file)?;
        }
        settings.check()?;
        Ok(settings)
    }

    /// The study of a table of so many rows, and the default recipe, which is to be tried first.
    ///
    /// # Errors
    /// [`StudyError::Training`] for a metric that is none.
    pub fn study(
        &self,
        mut settings: Settings,
        changes: &Changes,
        rows: usize,
    ) -> Result<(Study, Settings), StudyError> {
        changes.suit_rows(&mut settings, rows);
        let is_small = rows <= SMALL && changes.validation.is_none();
        let folds = self.folds.unwrap_or(if is_small { FOLDS.min(rows) } else { 0 });
        // What the best take when they are trained again is a part of the time.
        let confirming = if self.confirm >= 2 { CONFIRMING } else { 0.0 };
        let plan = Plan {
            name: self.name.clone(),
            trials: Some(self.trials),
            metric: self.metric.clone().into_iter().collect(),
            sampler: Sampler::default(),
            scheduler: Scheduler::Asha { reduction: 3, first: None },
            seeds: self.seeds,
            folds,
            seconds: self.seconds.map(|seconds| seconds / (1.0 + confirming)),
            ..Plan::default()
        };
        let text = tuning(&settings, Fixed::of(changes, settings.training.optimizer), &plan);
        Ok((Study::parse(&text, "the tuning's study.toml")?, settings))
    }
}

fn whole(file: &Path) -> Result<PathBuf, DataError> {
    fs::canonicalize(file).map_err(|source| DataError::Read { path: file.to_owned(), source })
}

#[cfg(test)]
mod tests {
    use super::*;
    use nablab_tables::HeldOut;

    #[test]
    fn a_small_table_is_cross_validated_unless_rows_are_held_out() {
        let changes = Changes { target: Some(vec!["y".into()]), ..Changes::default() };
        let shared = Changes { validation: Some(HeldOut::Share(0.2)), ..changes.clone() };
        let mut settings = Settings::default();
        settings.data.target = vec!["y".into()];
        let folds = |tuning: &Tuning, changes: &Changes, rows: usize| {
            tuning.study(settings.clone(), changes, rows).unwrap().0.plan.folds
        };
        let tuning = Tuning::default();
        assert_eq!([folds(&tuning, &changes, 10_000), folds(&tuning, &changes, 10_001)], [5, 0]);
        assert_eq!([folds(&tuning, &changes, 3), folds(&tuning, &shared, 3)], [3, 0]);
        assert_eq!(folds(&Tuning { folds: Some(7), ..tuning.clone() }, &changes, 100_000), 7);
        let timed = Tuning { seconds: Some(90.0), ..tuning };
        assert_eq!(timed.study(settings.clone(), &changes, 9).unwrap().0.plan.seconds, Some(60.0));
    }

    #[test]
    fn wishes_that_exclude_one_another_are_refused() {
        let changes = Changes { validation: Some(HeldOut::Share(0.2)), ..Changes::default() };
        let refused = |tuning: &Tuning, changes: &Changes, file: &str| {
            tuning.settings(changes, Path::new(file)).unwrap_err()
        };
        assert!(matches!(refused(&Tuning::default(), &changes, "t.csv"), StudyError::NoTarget));
        let changes = Changes { target: Some(vec!["y".into()]), ..changes };
        let folds = Tuning { folds: Some(3), ..Tuning::default() };
        assert!(matches!(refused(&folds, &changes, "t.csv"), StudyError::FoldsAndRows));
        assert!(matches!(refused(&Tuning::default(), &changes, "-"), StudyError::Pipe { .. }));
        assert!(matches!(refused(&Tuning::default(), &changes, "no/t.csv"), StudyError::Data(_)));
    }
}
