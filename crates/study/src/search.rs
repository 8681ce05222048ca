//! A search from its beginning to what it found: a study, its tables, its database and its folder together.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use nablab_engine::{Done, Watch};
use nablab_report::{Lang, html};
use nablab_tables::{Settings, Tables};

use crate::report::{Results, document};
use crate::storage::Record;
use crate::{
    Confirmation, Confirming, Event, Objective, Options, Point, State, Storage, Study, StudyError,
    StudyFolder, Summary, Trial, TrialBudget, best, confirm, of_space, work,
};

/// A search: begun, or gone on with.
pub struct Search<'t> {
    /// How it is searched.
    pub study: Study,
    /// The study as its database has it.
    pub record: Record,
    /// Its folder.
    pub folder: StudyFolder,
    storage: Storage,
    objective: Objective<'t>,
}

/// What a search begins with.
#[derive(Clone, Debug, PartialEq)]
pub struct SearchStart {
    /// Parameters that may be more than when the study was begun.
    pub wider: Vec<String>,
    /// Trials it still wants.
    pub wanted: TrialBudget,
}

/// What a search came to.
#[derive(Clone, Debug)]
pub struct SearchResult {
    /// All trials whose recipe is known.
    pub trials: Vec<Trial>,
    /// Trials that came to an end here.
    pub ended: u64,
    /// What is known of the best from being trained again.
    pub confirmation: Option<Confirmation>,
}

/// How a worker works; nothing of it decides what a trial is worth.
#[derive(Clone, Copy, Debug)]
pub struct Working {
    /// Trials at a time.
    pub threads: NonZeroUsize,
    /// Time without a sign of life after which another worker's trial is tried again.
    pub grace: Duration,
}

/// The best that are trained again, unless it is said how many.
const TOP: usize = 5;
/// Time to train them again, as a share of what the search had.
pub const CONFIRMING: f64 = 0.5;

impl<'t> Search<'t> {
    /// Begin a study of this name, or go on with it, with all its trials waiting; `first` is tried first. Its database is the
    /// folder's own, unless there is another `storage`.
    ///
    /// # Errors
    /// [`StudyError`]: whatever does not fit the tables, a folder or a database of something else.
    pub fn begin(
        mut study: Study,
        name: &str,
        tables: &'t Tables<'_>,
        folder: StudyFolder,
        storage: Option<&str>,
        first: Option<&Settings>,
    ) -> Result<(Self, SearchStart), StudyError> {
        let objective = Objective::new(&mut study, tables)?;
        folder.check(name)?;
        let mut storage = match storage {
            Some(address) => Storage::open(address)?,
            None => {
                let own = folder.address()?;
                folder.make()?;
                Storage::open(&own)?
            }
        };
        let wider = storage.widened(name, &study)?;
        let record = storage.register(name, &study)?;
        storage.judge_on(&record, objective.fingerprint())?;
        folder.keep(&study)?;
        if let Some(first) = first {
            storage.enqueue_first(record.id, &study.space.locate(first), &study.space)?;
        }
        let wanted = storage.fill(&record, &study)?;
        Ok((Self { study, record, folder, storage, objective }, SearchStart { wider, wanted }))
    }

    /// Help with a study that is in a database already; `study` is the one that it was registered with.
    ///
    /// # Errors
    /// [`StudyError`]: other tables than those of its trials.
    pub fn join(
        mut study: Study,
        record: Record,
        mut storage: Storage,
        tables: &'t Tables<'_>,
        folder: StudyFolder,
    ) -> Result<Self, StudyError> {
        let objective = Objective::new(&mut study, tables)?;
        storage.judge_on(&record, objective.fingerprint())?;
        Ok(Self { study, record, folder, storage, objective })
    }

    /// Its database, for people.
    pub fn address(&self) -> String {
        self.storage.address()
    }

    /// All trials.
    ///
    /// # Errors
    /// [`StudyError::Storage`].
    pub fn trials(&mut self) -> Result<Vec<Trial>, StudyError> {
        Ok(self.storage.trials(self.record.id)?)
    }

    /// How many trials wait for a worker.
    ///
    /// # Errors
    /// [`StudyError::Storage`].
    pub fn waiting(&mut self) -> Result<usize, StudyError> {
        Ok(self.trials()?.iter().filter(|trial| trial.state == State::Waiting).count())
    }

    /// Work until nothing waits, or its time is over.
    ///
    /// # Errors
    /// [`StudyError::Storage`] of a database that says no, or is gone when the work is stopped.
    pub fn work(&mut self, working: Working, watch: &dyn Watch<Event>) -> Result<SearchResult, StudyError> {
        let options = Options {
            threads: working.threads,
            // Several signs in the time after which one is missed.
            beat: (working.grace / 6).min(Duration::from_secs(5)),
            grace: working.grace,
            unwritten: self.folder.unwritten(),
        };
        let worker = self.storage.again()?;
        let ended = work(&self.study, &self.record, worker, &self.objective, &options, watch);
        self.objective.release();
        let ended = ended?;
        let trials = match self.trials() {
            Ok(trials) => trials,
            // This connection has waited all the time; the work's own came back.
            Err(_) => {
                self.storage = self.storage.again()?;
                self.trials()?
            }
        };
        let trials = of_space(trials, &self.study.space);
        // What was measured and is still about the best is not measured again.
        let confirmation = self.folder.confirmation().unwrap_or_default().filter(|known| {
            let has =
                |trial: &Trial| known.candidates.iter().any(|candidate| candidate.trial == trial.number);
            ended == 0 && best(&trials, &self.record.directions).is_some_and(has)
        });
        Ok(SearchResult { trials, ended, confirmation })
    }

    /// Train the best again with so many new seeds, where that is not known already and the search is over; in a part of its
    /// time where that is limited. The answer is whether that time was over before there was anything to be said.
    ///
    /// # Errors
    /// As [`confirm`](crate::confirm()).
    pub fn confirm(
        &self,
        found: &mut SearchResult,
        seeds: u64,
        threads: NonZeroUsize,
        watch: &dyn Watch<Done>,
    ) -> Result<bool, StudyError> {
        let waits = |trial: &Trial| matches!(trial.state, State::Running | State::Waiting);
        let is_over = self.study.plan.seconds.is_some() || !found.trials.iter().any(waits);
        if found.confirmation.is_none() && is_over {
            let seconds = self.study.plan.seconds.map(|seconds| seconds * CONFIRMING);
            let how = Confirming { top: TOP, seeds, step: 0.0, seconds };
            found.confirmation = self.confirm_as(&found.trials, how, threads, watch)?;
            let has_best = best(&found.trials, &self.record.directions).is_some();
            return Ok(found.confirmation.is_none() && has_best && !watch.stop());
        }
        Ok(false)
    }

    /// Train the best again as is said here.
    ///
    /// # Errors
    /// As [`confirm`](crate::confirm()).
    pub fn confirm_as(
        &self,
        trials: &[Trial],
        how: Confirming,
        threads: NonZeroUsize,
        watch: &dyn Watch<Done>,
    ) -> Result<Option<Confirmation>, StudyError> {
        let directions = &self.record.directions;
        let confirmation = confirm(&self.study, &self.objective, trials, directions, how, threads, watch);
        self.objective.release();
        Ok(confirmation?)
    }

    /// Write the best recipe, what is known of it, and the page into the folder. A recipe that somebody has changed there, or a page
    /// that is none of ours, is not written over: it stays under another name, and these are the answer.
    ///
    /// # Errors
    /// [`StudyError::Data`] where it cannot be written.
    pub fn write(&mut self, found: &SearchResult) -> Result<Vec<PathBuf>, StudyError> {
        // Others may have found a better one meanwhile, and written it: a recipe of theirs is ours, too.
        let now = self.trials().unwrap_or_else(|_| found.trials.clone());
        let (study, record, folder) = (&self.study, &self.record, &self.folder);
        let confirmation = found.confirmation.as_ref();
        let confirmed = confirmation.and_then(|confirmation| confirmation.candidates.first());
        let chosen = match confirmed {
            Some(candidate) => found.trials.iter().find(|trial| trial.number == candidate.trial),
            None => best(&found.trials, &record.directions),
        };
        folder.make()?;
        let mut kept = Vec::new();
        if let Some(chosen) = chosen {
            // With the place of its table from the folder, or with the whole name, as it was written where the table lay elsewhere.
            let texts = |trial: &Trial| {
                study.recipe(trial).map(|whole| [folder.recipe(whole.clone()).to_toml(), whole.to_toml()])
            };
            let is_ours = |there: &str| {
                now.iter().any(|t| texts(t).is_ok_and(|texts| texts.contains(&there.to_owned())))
            };
            let [recipe, _] = texts(chosen)?;
            kept.extend(folder.write_best(&recipe, is_ours)?);
        }
        folder.write_confirmation(confirmation)?;
        let results = Results { study, record, trials: &found.trials, confirmation };
        kept.extend(folder.write_report(&html(&document(&results, Lang::En)))?);
        Ok(kept)
    }

    /// What was found, as plain data.
    pub fn summary(&self, found: &SearchResult) -> Summary {
        let (address, confirmation) = (self.address(), found.confirmation.as_ref());
        Summary::new(&self.study, &self.record, &found.trials, confirmation, &address, &self.folder)
    }
}

impl Study {
    /// The settings of a point that has a value for each parameter that is there.
    ///
    /// # Errors
    /// [`nablab_tables::Error`] for a point that is none of the space.
    pub fn settings(&self, point: &Point) -> Result<Settings, nablab_tables::Error> {
        self.template.settings(&self.space, point)
    }

    /// The recipe of a trial, to be trained from anywhere.
    ///
    /// # Errors
    /// [`nablab_tables::Error`] for a point that is none of the space.
    pub fn recipe(&self, trial: &Trial) -> Result<Settings, nablab_tables::Error> {
        let mut settings = self.settings(&trial.point)?;
        for file in settings.data.file.iter_mut().chain(&mut settings.validation.file) {
            if let Ok(whole) = fs::canonicalize(&*file) {
                *file = whole;
            }
        }
        Ok(settings)
    }

    /// The settings of its first point: what all its recipes have in common, and where its tables lie.
    ///
    /// # Errors
    /// [`nablab_tables::Error`] for settings that are none.
    pub fn first_settings(&self) -> Result<Settings, nablab_tables::Error> {
        let first = self.space.draw(&Point::new(), &mut |parameter| parameter.domain.first());
        let settings = self.settings(&first)?;
        settings.check()?;
        Ok(settings)
    }

    /// The same study with whole names of its files, which lie `beside` it: so it can be read from anywhere.
    ///
    /// # Errors
    /// None of a study that was read.
    pub fn with_whole_names(self, beside: &std::path::Path) -> Result<Self, nablab_tables::Error> {
        let whole = |file: &std::path::Path| -> PathBuf {
            fs::canonicalize(beside.join(file)).unwrap_or_else(|_| beside.join(file))
        };
        self.with_files(&whole)
    }
}
