//! A worker: claims trials, trains them on all cores, writes what came of them, until nothing waits.
//!
//! A thread trains one trial at a time, on one core: networks of the size that studies are made of gain nothing from more.
//! Another thread says every few seconds that these trials are alive, and looks for trials of other workers that are not.

mod link;
mod pulse;
mod unwritten;

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use nablab_engine::Watch;
use nablab_engine::population::side_by_side;
use serde_json::Map;

use crate::StudyError;
use crate::objective::{Follow, Objective, Verdict};
use crate::plan::Study;
use crate::sampler::SearchState;
use crate::space::Point;
use crate::storage::{Claim, KnownTrials, NOTHING_LEFT, Outcome, Record, Storage, StorageError};
use crate::trial::{State, Trial};
pub(crate) use link::Link;
pub(crate) use pulse::{Pulse, Running};
use unwritten::Unwritten;

/// How a worker works; nothing of it decides what a trial is worth.
#[derive(Clone, Debug)]
pub struct Options {
    /// Trials at a time.
    pub threads: NonZeroUsize,
    /// Time between two signs of life.
    pub beat: Duration,
    /// A trial whose worker has given none for so long is given to another.
    pub grace: Duration,
    /// Where outcomes are kept while the storage cannot be reached.
    pub unwritten: PathBuf,
}

/// Something that happens.
#[derive(Clone, Debug, PartialEq)]
pub enum Event {
    /// A trial of this number begins, with this point and so many epochs.
    Began(u64, Point, u64),
    /// It has come to this epoch, and to this value.
    Step(u64, u64, Option<f64>),
    /// It is over.
    Ended(u64, Outcome),
    /// It is given back: there was no time left for it.
    Released(u64),
    /// A trial of another worker, dead, waits again.
    Retried,
    /// The storage cannot be reached.
    Gone(StorageError),
    /// Nothing waits, but others train this many trials, which come back if they die.
    Others(usize),
    /// A trial was taken for dead and given to another: what came of it here does not count.
    Lost(u64),
}

/// What the threads of a worker share.
struct Worker<'a> {
    study: &'a Study,
    record: &'a Record,
    objective: &'a Objective<'a>,
    watch: &'a dyn Watch<Event>,
    options: &'a Options,
    link: Mutex<Link>,
    /// Held from a claim until it is decided what the trial tries: who claims the next one would take the point that somebody
    /// asked for in this one.
    turn: Mutex<()>,
    known: Mutex<KnownTrials>,
    running: Running,
    unwritten: Unwritten,
    /// All points, where they can be counted.
    points: Vec<Point>,
    until: Option<Instant>,
    over: AtomicBool,
    ended: AtomicU64,
}

/// Work on a study until nothing waits, or its time is over; says how many trials have come to an end here.
///
/// # Errors
/// [`StudyError::Storage`] of a storage that says no, or is gone when the work is stopped; [`StudyError::Thread`].
pub fn work(
    study: &Study,
    record: &Record,
    storage: Storage,
    objective: &Objective<'_>,
    options: &Options,
    watch: &dyn Watch<Event>,
) -> Result<u64, StudyError> {
    let until = study.plan.seconds.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds));
    let worker = Worker {
        study,
        record,
        objective,
        watch,
        options,
        link: Mutex::new(Link::new(storage)),
        turn: Mutex::default(),
        known: Mutex::default(),
        running: Running::default(),
        unwritten: Unwritten::new(&options.unwritten),
        points: study.points(),
        until,
        over: AtomicBool::new(false),
        ended: AtomicU64::new(0),
    };
    worker.deliver()?;
    let train = |_| {
        let over = Over(&worker.over);
        worker.train_trials()?;
        // This thread has come to its end, and the others go on. After an error they do not: what it had under way would wait for ever
        // where the storage takes no signs of life, either.
        std::mem::forget(over);
        Ok::<_, StorageError>(())
    };
    thread::scope(|scope| {
        let _over = Over(&worker.over);
        let signs = thread::Builder::new().spawn_scoped(scope, || worker.keep_alive());
        signs.map_err(StudyError::Thread)?;
        Ok::<_, StudyError>(side_by_side(options.threads.get(), options.threads, train)?)
    })?;
    Ok(worker.ended.into_inner())
}

/// Dropped, also by a panic, it ends the work: the thread that gives signs of life goes on until then.
struct Over<'a>(&'a AtomicBool);

impl Drop for Over<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A thread that panics while it holds a lock ends the worker; what it held is whole between two statements.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Worker<'_> {
    fn keep_alive(&self) {
        let Self { link, running, over, .. } = self;
        let Options { beat, grace, .. } = *self.options;
        let pulse = Pulse { link, running, study: self.record.id, beat, grace };
        pulse.keep(over, &|| self.watch.saw(&Event::Retried));
    }

    /// No more time, or asked to stop.
    fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
            || self.watch.stop()
            || self.until.is_some_and(|until| Instant::now() >= until)
    }

    /// Use the storage, and wait for it if it is gone.
    fn with<T>(&self, work: impl FnMut(&mut Storage) -> Result<T, StorageError>) -> Result<T, StorageError> {
        let waits = |gone: Option<&StorageError>| {
            if let Some(error) = gone {
                self.watch.saw(&Event::Gone(error.clone()));
            }
            !self.is_over()
        };
        lock(&self.link).with(&waits, work)
    }

    /// Write what an earlier worker could not.
    fn deliver(&self) -> Result<(), StorageError> {
        for (trial, outcome) in self.unwritten.all() {
            self.with(|storage| storage.finish(trial, &outcome))?;
            self.unwritten.forget(trial);
        }
        Ok(())
    }

    /// Train one trial after the other, until nothing waits.
    fn train_trials(&self) -> Result<(), StorageError> {
        let mut is_said = false;
        while !self.is_over() {
            let turn = lock(&self.turn);
            match self.with(|storage| storage.claim(self.record.id)) {
                Ok(Some(claim)) => {
                    is_said = false;
                    lock(&self.running).insert(claim.id, Vec::new());
                    let done = self.trial(&claim, turn);
                    lock(&self.running).remove(&claim.id);
                    done?;
                }
                Ok(None) => {
                    drop(turn);
                    let others = self.with(|storage| storage.signs_of_life(self.record.id))?;
                    let others =
                        others.iter().filter(|(id, _)| !lock(&self.running).contains_key(id)).count();
                    if others == 0 && lock(&self.running).is_empty() {
                        return Ok(());
                    }
                    if others > 0 && !is_said {
                        is_said = true;
                        self.watch.saw(&Event::Others(others));
                    }
                    thread::sleep(Duration::from_millis(100));
                }
                Err(StorageError::Gone { .. }) if self.is_over() => return Ok(()),
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    fn trial(&self, claim: &Claim, turn: MutexGuard<'_, ()>) -> Result<(), StorageError> {
        let space = &self.study.space;
        let given = match claim.given_in(space) {
            Ok(given) => given,
            Err(why) => return self.finish(claim, Outcome::failed(&why)),
        };
        let Some(point) = self.point(claim, &given)? else {
            return self.finish(claim, Outcome::failed(NOTHING_LEFT));
        };
        drop(turn);
        let settings = match self.study.settings(&point) {
            Ok(settings) => settings,
            Err(error) => return self.finish(claim, Outcome::failed(&error.to_string())),
        };
        self.watch.saw(&Event::Began(claim.number, point.clone(), settings.training.epochs));
        if let Some(outcome) = self.known(claim, &point) {
            return self.finish(claim, outcome);
        }
        let epochs = settings.training.epochs;
        let decides = match claim.origin {
            // The others are compared with it, so it is never given up.
            0 => Vec::new(),
            _ => self.study.plan.scheduler.decides_after(claim.number, epochs),
        };
        let mut follower = Follower { worker: self, claim, epochs, decides, error: None };
        let outcome = self.objective.evaluate(&settings, &mut follower);
        if let Some(error) = follower.error {
            return Err(error);
        }
        match outcome {
            Ok(Some(outcome)) => self.finish(claim, outcome),
            Ok(None) => {
                self.watch.saw(&Event::Released(claim.number));
                match lock(&self.link).with(&|_| false, |storage| storage.release(claim.id)) {
                    // Others find out that nobody trains it.
                    Err(StorageError::Gone { .. }) => Ok(()),
                    done => done,
                }
            }
            Err(error) => self.finish(claim, Outcome::failed(&error.to_string())),
        }
    }

    /// What to try, decided and written; nothing where nothing is left.
    fn point(&self, claim: &Claim, given: &Point) -> Result<Option<Point>, StorageError> {
        let Study { plan, space, .. } = self.study;
        let mut known = lock(&self.known);
        self.with(|storage| {
            storage.choose((self.record.id, claim.id), known.first_open(), space, |news| {
                known.learn(news);
                let (trials, directions) = (known.trials(), &self.record.directions[..]);
                let known = SearchState { space, trials, directions, seed: plan.seed, points: &self.points };
                plan.sampler.point(&known, claim.origin, given)
            })
        })
    }

    /// What came of a trial of the same point: the same recipe and seed lead to the same again.
    fn known(&self, claim: &Claim, point: &Point) -> Option<Outcome> {
        let space = &self.study.space;
        let key = space.key(point)?;
        let known = lock(&self.known);
        let same = |trial: &&Trial| {
            trial.state == State::Complete
                && trial.id != claim.id
                && space.key(&trial.point).as_ref() == Some(&key)
        };
        let Trial { number, values, curve, .. } = known.trials().iter().find(same)?.clone();
        let attributes = Map::from_iter([("repeats".to_owned(), number.into())]);
        (!values.is_empty()).then_some(Outcome { state: State::Complete, values, curve, attributes })
    }

    /// Write what came of a trial; while that cannot be done, keep it in a file.
    fn finish(&self, claim: &Claim, outcome: Outcome) -> Result<(), StorageError> {
        let mut kept = false;
        let written = self.with(|storage| {
            let done = storage.finish(claim.id, &outcome);
            if let (Err(StorageError::Gone { .. }), false) = (&done, kept) {
                // If not even a file can be written, it is still in memory.
                kept = self.unwritten.keep(claim.id, &outcome).is_ok();
            }
            done
        });
        match written {
            Ok(_) if kept => self.unwritten.forget(claim.id),
            Ok(true) => {}
            Ok(false) => {
                self.watch.saw(&Event::Lost(claim.number));
                return Ok(());
            }
            Err(error) => return Err(error),
        }
        self.ended.fetch_add(1, Ordering::Relaxed);
        self.watch.saw(&Event::Ended(claim.number, outcome));
        Ok(())
    }
}

/// Decides about a trial under way.
struct Follower<'w> {
    worker: &'w Worker<'w>,
    claim: &'w Claim,
    epochs: u64,
    /// After which it compares.
    decides: Vec<u64>,
    error: Option<StorageError>,
}

impl Follower<'_> {
    /// Compare with the others at this epoch.
    fn decide(&self, epoch: u64, value: f64) -> Result<bool, StorageError> {
        let Worker { study, record, .. } = self.worker;
        let pending =
            lock(&self.worker.running).get_mut(&self.claim.id).map(std::mem::take).unwrap_or_default();
        self.worker.with(|storage| storage.report(self.claim.id, &pending))?;
        let scheduler = &study.plan.scheduler;
        // One of the epochs that it decides at, so that the one before is enough.
        let Some(steps) = scheduler.compares(self.claim.number, Some(epoch - 1), epoch, self.epochs) else {
            return Ok(false);
        };
        let others = self.worker.with(|storage| storage.at_steps(record.id, &steps))?;
        let direction = record.direction();
        Ok(scheduler.gives_up(self.claim.number, value, &others, direction, self.epochs))
    }
}

impl Follow for Follower<'_> {
    fn stop(&self) -> bool {
        self.worker.is_over()
    }

    fn after(&mut self, epoch: u64, value: Option<f64>) -> Verdict {
        if self.worker.is_over() {
            return Verdict::Stop;
        }
        self.worker.watch.saw(&Event::Step(self.claim.number, epoch, value));
        let Some(value) = value else { return Verdict::GoOn };
        if let Some(pending) = lock(&self.worker.running).get_mut(&self.claim.id) {
            pending.push((epoch, value));
        }
        if !self.decides.contains(&epoch) {
            return Verdict::GoOn;
        }
        match self.decide(epoch, value) {
            Ok(true) => Verdict::GiveUp,
            Ok(false) => Verdict::GoOn,
            Err(error) => {
                // Stopped while the storage was gone: the trial is another's then, and that is no error.
                self.error = (!self.worker.is_over()).then_some(error);
                Verdict::Stop
            }
        }
    }

    fn wants(&self) -> &[u64] {
        &self.decides
    }
}
