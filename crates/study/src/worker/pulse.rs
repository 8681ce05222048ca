//! Signs of life: given for the trials of this worker, watched for those of others.

use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::{Link, lock};
use crate::storage::{Storage, StorageError};

/// Points of curves that are not written yet, of the trials under way here.
pub(crate) type Running = Mutex<BTreeMap<i64, Vec<(u64, f64)>>>;

/// Signs of life for some trials of a study.
#[derive(Clone, Copy)]
pub(crate) struct Pulse<'a> {
    pub(crate) link: &'a Mutex<Link>,
    pub(crate) running: &'a Running,
    pub(crate) study: i64,
    /// Time between two signs.
    pub(crate) beat: Duration,
    /// Time without one after which a trial of another is tried again.
    pub(crate) grace: Duration,
}

/// How soon the end of the work is noticed.
const NAP: Duration = Duration::from_millis(50);

impl Pulse<'_> {
    /// Until all is over; `retried` hears of each trial of another that waits again.
    pub(crate) fn keep(&self, over: &AtomicBool, retried: &dyn Fn()) {
        let mut seen = HashMap::new();
        let mut returns = 0;
        while !over.load(Ordering::Relaxed) {
            if let Err(StorageError::Gone { .. }) = self.give(&mut seen, &mut returns, retried) {
                lock(self.link).try_again();
            }
            let begun = Instant::now();
            while begun.elapsed() < self.beat && !over.load(Ordering::Relaxed) {
                thread::sleep(NAP);
            }
        }
    }

    /// A moment is when this worker has seen a sign for the first time, by its own clock that only goes forward: a clock that
    /// is set, here or at the storage, kills no trial.
    fn give(
        &self,
        seen: &mut HashMap<i64, (String, Instant)>,
        returns: &mut u64,
        retried: &dyn Fn(),
    ) -> Result<(), StorageError> {
        let pending: Vec<(i64, Vec<(u64, f64)>)> =
            lock(self.running).iter_mut().map(|(&id, curve)| (id, std::mem::take(curve))).collect();
        let mut link = lock(self.link);
        let mut give =
            |work: &mut dyn FnMut(&mut Storage) -> Result<(), StorageError>| link.with(&|_| false, work);
        for (id, curve) in &pending {
            if let Err(error) = give(&mut |storage| storage.report(*id, curve)) {
                for (id, curve) in pending {
                    if let Some(now) = lock(self.running).get_mut(&id) {
                        now.splice(0..0, curve);
                    }
                }
                return Err(error);
            }
        }
        let mine: Vec<i64> = pending.iter().map(|(id, _)| *id).collect();
        give(&mut |storage| storage.beat(&mine))?;
        let mut signs = Vec::new();
        give(&mut |storage| {
            signs = storage.signs_of_life(self.study)?;
            Ok(())
        })?;
        if std::mem::replace(returns, link.returns) != link.returns {
            // While the storage was gone, nobody could give a sign.
            seen.clear();
        }
        seen.retain(|id, _| signs.iter().any(|(other, _)| other == id));
        for (id, sign) in signs.into_iter().filter(|(id, _)| !mine.contains(id)) {
            let last = seen.entry(id).or_insert_with(|| (sign.clone(), Instant::now()));
            if last.0 != sign {
                *last = (sign, Instant::now());
            }
            if last.1.elapsed() > self.grace && link.with(&|_| false, |storage| storage.retry(id))? {
                retried();
            }
        }
        Ok(())
    }
}
