//! A search by asking and telling: what a trial is worth is found out elsewhere, by any program.

mod question;
mod trial;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

pub(crate) use question::QUESTION;
pub use question::Question;
use trial::UnderWay;
pub use trial::{Asked, Told};

use crate::fork::at_work;
use crate::storage::{KnownTrials, LAST_STEP, NOTHING_LEFT, Outcome, Record, Storage, StorageError};
use crate::worker::{Link, Pulse, Running, lock};
use crate::{Parameter, Point, SearchState, State, StudyError, Trial};

/// A study that is asked for points and told what came of them. Any number of threads, processes and machines may ask and tell the
/// same study at once.
///
/// ```
/// use nablab_study::{AskTell, Domain, Parameter, Question, Space, Told};
/// let x = Domain::Float { low: -5.0, high: 5.0, log: false, step: None };
/// let space = Space::new(vec![Parameter { name: "x".into(), domain: x, when: vec![] }])?;
/// let search = AskTell::in_memory("parabola", &Question::new(space))?;
/// for _ in 0..50 {
///     let asked = search.ask()?.expect("there is always another number");
///     search.tell(asked.number, Told::Values(vec![(asked.point["x"] - 2.0).powi(2)]))?;
/// }
/// let trials = search.trials()?;
/// let best = nablab_study::best(&trials, &search.question().directions).unwrap();
/// assert!((best.point["x"] - 2.0).abs() < 0.3, "{best:?}");
/// # Ok::<(), nablab_study::StudyError>(())
/// ```
pub struct AskTell {
    question: Question,
    record: Record,
    /// All points, where they can be counted.
    points: Vec<Point>,
    shared: Arc<Shared>,
    known: Mutex<KnownTrials>,
    /// Trials under way that this one knows, by number.
    under_way: Mutex<BTreeMap<u64, UnderWay>>,
    /// Time without a sign of life after which a trial is another's; none where nobody gives any.
    grace: Option<Duration>,
    /// Signs are given.
    lives: Mutex<bool>,
}

/// What the thread that gives signs of life works with.
struct Shared {
    link: Mutex<Link>,
    running: Running,
    over: AtomicBool,
}

impl AskTell {
    /// Begin a study of this name in a database, or go on with it. After `grace` without a sign of life of who asked, a trial is
    /// given to another; without `grace` never.
    ///
    /// # Errors
    /// [`StudyError`] of the question or the database, or if there is another study of this name.
    pub fn begin(
        mut storage: Storage,
        name: &str,
        question: &Question,
        grace: Option<Duration>,
    ) -> Result<Self, StudyError> {
        let record = storage.ask_under(name, question)?;
        Ok(Self::on(storage, record, question.clone(), grace))
    }

    /// A study that is gone with this process.
    ///
    /// # Errors
    /// [`StudyError`] of the question.
    pub fn in_memory(name: &str, question: &Question) -> Result<Self, StudyError> {
        Self::begin(Storage::in_memory()?, name, question, None)
    }

    /// Go on with a study that is there: ours, one of recipes, or Optuna's.
    ///
    /// # Errors
    /// [`StudyError`] where it does not say what is searched.
    pub fn join(mut storage: Storage, record: Record, grace: Option<Duration>) -> Result<Self, StudyError> {
        let question = storage.question(&record)?;
        Ok(Self::on(storage, record, question, grace))
    }

    fn on(storage: Storage, record: Record, question: Question, grace: Option<Duration>) -> Self {
        let points = question.sampler.points(&question.space, crate::plan::LARGEST);
        let link = Mutex::new(Link::new(storage));
        let shared = Arc::new(Shared { link, running: Running::default(), over: AtomicBool::new(false) });
        let (known, under_way, lives) = (Mutex::default(), Mutex::default(), Mutex::default());
        Self { question, record, points, shared, known, under_way, grace, lives }
    }

    /// What is searched, and how.
    pub fn question(&self) -> &Question {
        &self.question
    }

    /// The study as its database has it.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// Use the database; where it was gone and is back, once more.
    fn with<T>(
        &self,
        mut work: impl FnMut(&mut Storage) -> Result<T, StorageError>,
    ) -> Result<T, StorageError> {
        let mut link = lock(&self.shared.link);
        match link.with(&|_| false, &mut work) {
            Err(StorageError::Gone { .. }) => {
                link.try_again();
                link.with(&|_| false, work)
            }
            done => done,
        }
    }

    /// The next trial: one that waits, or else a new one. Nothing where every point of the space has a trial.
    ///
    /// # Errors
    /// [`StudyError::Storage`].
    pub fn ask(&self) -> Result<Option<Asked>, StudyError> {
        self.live()?;
        let Question { space, directions, sampler, seed, .. } = &self.question;
        loop {
            let mut known = lock(&self.known);
            let asked = self.with(|storage| {
                storage.ask(self.record.id, known.first_open(), space, self.grace.is_some(), |claim, news| {
                    known.learn(news);
                    let given = claim.given_in(space)?;
                    let (trials, points) = (known.trials(), &self.points[..]);
                    let search = SearchState { space, trials, directions, seed: *seed, points };
                    sampler.point(&search, claim.origin, &given).ok_or_else(|| NOTHING_LEFT.to_owned())
                })
            })?;
            let Some((claim, point)) = asked else { return Ok(None) };
            // One that cannot be tried has failed by now, and the next one comes.
            if let Some(point) = point {
                self.follow(claim.number, UnderWay::new(claim.id, claim.origin, None));
                return Ok(Some(Asked { number: claim.number, point }));
            }
        }
    }

    /// Give signs of life from now on.
    fn live(&self) -> Result<(), StudyError> {
        let Some(grace) = self.grace else { return Ok(()) };
        let mut lives = lock(&self.lives);
        if !*lives {
            let (shared, study) = (self.shared.clone(), self.record.id);
            let beat = (grace / 6).min(LONGEST_BEAT);
            let keep = move || {
                let Shared { link, running, over } = &*shared;
                Pulse { link, running, study, beat, grace }.keep(over, &|| ());
                // Whoever has it last closes the connection.
                let _at_work = at_work();
                drop(shared);
            };
            thread::Builder::new().spawn(keep).map_err(StudyError::Thread)?;
            *lives = true;
        }
        Ok(())
    }

    fn follow(&self, number: u64, under_way: UnderWay) {
        lock(&self.shared.running).insert(under_way.id, Vec::new());
        lock(&self.under_way).insert(number, under_way);
    }

    /// The trial of this number, which may have been asked for elsewhere.
    fn under_way(&self, number: u64) -> Result<UnderWay, StudyError> {
        if let Some(known) = lock(&self.under_way).get(&number) {
            return Ok(known.clone());
        }
        let trial = self.trial(number)?;
        if trial.state != State::Running {
            return Err(StudyError::NotUnderWay { number, state: trial.state.word() });
        }
        let under_way = UnderWay::new(trial.id, trial.origin, trial.curve.last().copied());
        self.live()?;
        self.follow(number, under_way.clone());
        Ok(under_way)
    }

    fn trial(&self, number: u64) -> Result<Trial, StudyError> {
        let trials = self.trials()?;
        trials.into_iter().find(|trial| trial.number == number).ok_or(StudyError::NoTrial(number))
    }

    /// Let a trial's value after a step be known, by which the scheduler compares.
    ///
    /// # Errors
    /// [`StudyError::Asked`] for a step that is not behind those before, [`StudyError::NotUnderWay`].
    pub fn report(&self, number: u64, step: u64, value: f64) -> Result<(), StudyError> {
        let known = self.under_way(number)?;
        if step > LAST_STEP {
            let (expected, got) = (format!("at most {LAST_STEP}"), step.to_string());
            return Err(StudyError::Asked { field: "step", expected, got });
        }
        if let Some((last, _)) = known.last
            && step <= last
        {
            let expected = format!("a step behind {last}, which is reported already");
            return Err(StudyError::Asked { field: "step", expected, got: step.to_string() });
        }
        self.with(|storage| storage.report(known.id, &[(step, value)]))?;
        if let Some(known) = lock(&self.under_way).get_mut(&number) {
            known.last = Some((step, value));
        }
        Ok(())
    }

    /// Whether a trial is worth no more time, by what it reported last. The first trial is never given up: the others are compared
    /// with it.
    ///
    /// # Errors
    /// [`StudyError::NotUnderWay`], [`StudyError::Storage`].
    pub fn should_stop(&self, number: u64) -> Result<bool, StudyError> {
        let UnderWay { origin, last, compared, fell_behind, .. } = self.under_way(number)?;
        let Question { scheduler, steps, .. } = &self.question;
        let steps = steps.unwrap_or(u64::MAX);
        let Some((step, value)) = last.filter(|_| origin != 0) else { return Ok(false) };
        let Some(range) = scheduler.compares(number, compared, step, steps) else { return Ok(fell_behind) };
        let all = self.with(|storage| storage.at_steps(self.record.id, &range))?;
        // Its own first value there, as that of the others.
        let own = all.iter().find(|(other, _)| *other == number).map_or(value, |(_, value)| *value);
        let gives_up = scheduler.gives_up(number, own, &all, self.record.direction(), steps);
        if let Some(known) = lock(&self.under_way).get_mut(&number) {
            (known.compared, known.fell_behind) = (Some(step), gives_up);
        }
        Ok(gives_up)
    }

    /// Say what came of a trial; how it stands then.
    ///
    /// # Errors
    /// [`StudyError::Asked`] for another number of values than directions, [`StudyError::NotUnderWay`] for a trial that was told
    /// already, or taken for dead.
    pub fn tell(&self, number: u64, told: Told) -> Result<State, StudyError> {
        let directions = self.record.directions.len();
        if let Told::Values(values) = &told
            && values.len() != directions
        {
            let (expected, got) = (directions.to_string(), values.len().to_string());
            return Err(StudyError::Asked { field: "values", expected, got });
        }
        let known = self.under_way(number)?;
        let of = |state, values| Outcome { state, values, curve: Vec::new(), attributes: Default::default() };
        let outcome = match told {
            Told::Values(values) if values.iter().any(|value| value.is_nan()) => {
                Outcome::failed("its value is not a number")
            }
            Told::Values(values) => of(State::Complete, values),
            // As Optuna does: the last value known.
            Told::GivenUp => of(State::Pruned, known.last.iter().map(|(_, value)| *value).collect()),
            Told::Failed(why) => Outcome::failed(&why),
            Told::Released => {
                self.with(|storage| storage.release(known.id))?;
                self.forget(number, known.id);
                return Ok(State::Waiting);
            }
        };
        let is_written = self.with(|storage| storage.finish(known.id, &outcome))?;
        self.forget(number, known.id);
        if !is_written {
            let there = self.trial(number)?;
            // It may have been written before the connection was lost.
            if there.state != outcome.state || there.values != outcome.values {
                return Err(StudyError::NotUnderWay { number, state: there.state.word() });
            }
        }
        Ok(outcome.state)
    }

    fn forget(&self, number: u64, id: i64) {
        lock(&self.under_way).remove(&number);
        lock(&self.shared.running).remove(&id);
    }

    /// Let a trial with these values wait, which is the next to be asked for; what is not given the sampler chooses.
    ///
    /// # Errors
    /// [`StudyError::Asked`] for a value that is not in the space.
    pub fn enqueue(&self, values: &serde_json::Map<String, serde_json::Value>) -> Result<u64, StudyError> {
        for (name, value) in values {
            let expected = match self.question.space.parameter(name) {
                None => "a parameter of the space",
                Some(Parameter { domain, .. }) => match domain.of_json(value) {
                    None => "values of the space",
                    Some(value) if !domain.is_on_step(value) => "a step of the range",
                    Some(_) => continue,
                },
            };
            let (expected, got) = (expected.to_owned(), format!("{name} = {value}"));
            return Err(StudyError::Asked { field: "enqueue", expected, got });
        }
        Ok(self.with(|storage| storage.enqueue(self.record.id, values))?)
    }

    /// Say what the trials are judged on, or check that it is the same: values on anything else cannot be compared.
    ///
    /// # Errors
    /// [`StudyError::Storage`] if it is something else.
    pub fn judge_on(&self, fingerprint: &str) -> Result<(), StudyError> {
        Ok(self.with(|storage| {
            let record = storage.study(&self.record.name)?.unwrap_or_else(|| self.record.clone());
            storage.judge_on(&record, fingerprint)
        })?)
    }

    /// All trials, by number.
    ///
    /// # Errors
    /// [`StudyError::Storage`].
    pub fn trials(&self) -> Result<Vec<Trial>, StudyError> {
        Ok(self.with(|storage| storage.trials(self.record.id))?)
    }

    /// The ranges of which a grid leaves values out: name, values taken, values there are.
    pub fn thinned(&self) -> Vec<(&str, usize, i64)> {
        self.question.sampler.thinned(&self.question.space)
    }
}

/// Between two signs of life.
const LONGEST_BEAT: Duration = Duration::from_secs(5);

impl Drop for AskTell {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::Relaxed);
    }
}
