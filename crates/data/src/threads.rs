//! Work for several threads, whose results come in its order.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Mutex;
use std::sync::mpsc::{SyncSender, channel, sync_channel};
use std::thread;

use nablab_engine::beside;

/// Jobs that are begun and whose results are not yet taken, for each thread: while one is taken, or a slow one is waited for, nobody
/// should be without work. Each takes memory.
const AHEAD: usize = 2;

/// Do each job, on so many threads, and take what comes of them in the order of the jobs, until that fails. Jobs are asked for and
/// results taken on this thread. A single job, and where no thread can be started each one, is done on it as well.
///
/// # Panics
/// If the work does.
pub(crate) fn in_order<J: Send, R: Send, E>(
    threads: NonZeroUsize,
    mut jobs: impl Iterator<Item = J>,
    work: impl Fn(J) -> R + Sync,
    mut take: impl FnMut(R) -> Result<(), E>,
) -> Result<(), E> {
    let first: Vec<J> = jobs.by_ref().take(2).collect();
    let is_one = first.len() < 2;
    let mut jobs = first.into_iter().chain(jobs);
    if is_one || threads == NonZeroUsize::MIN {
        return jobs.try_for_each(|job| take(work(job)));
    }
    let (to_do, waiting) = channel::<(J, SyncSender<R>)>();
    let waiting = Mutex::new(waiting);
    let next = || waiting.lock().ok()?.recv().ok();
    let until_done = || {
        while let Some((job, result)) = next() {
            // Who no longer waits for this one does not want the others, either.
            if result.send(work(job)).is_err() {
                break;
            }
        }
    };
    thread::scope(|scope| {
        // Gone when nothing more is to be done, or something went wrong: so the threads end.
        let to_do = to_do;
        let most = jobs.size_hint().1.unwrap_or(usize::MAX);
        let started = beside::start(scope, threads.get().min(most), until_done);
        if started == 0 {
            return jobs.try_for_each(|job| take(work(job)));
        }
        let mut results = VecDeque::new();
        loop {
            let job = if results.len() < AHEAD * started { jobs.next() } else { None };
            match job {
                Some(job) => {
                    let (send, result) = sync_channel(1);
                    to_do.send((job, send)).expect("the other end is outside of the scope");
                    results.push_back(result);
                }
                None => match results.pop_front() {
                    Some(result) => take(result.recv().expect("a job panicked"))?,
                    None => return Ok(()),
                },
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doubled(threads: usize, most: u64) -> (Vec<u64>, Result<(), u64>) {
        let mut taken = Vec::new();
        let work = |job: u64| {
            // The first of two takes longer.
            thread::sleep(std::time::Duration::from_micros(200 * (job % 2)));
            2 * job
        };
        let result = in_order(NonZeroUsize::new(threads).unwrap(), 1..50, work, |result| {
            taken.push(result);
            if result < most { Ok(()) } else { Err(result) }
        });
        (taken, result)
    }

    #[test]
    fn results_come_in_order_until_one_is_not_wanted() {
        for threads in [1, 2, 3, 100] {
            assert_eq!(doubled(threads, 1000), ((1..50).map(|job| 2 * job).collect(), Ok(())));
            assert_eq!(doubled(threads, 8), (vec![2, 4, 6, 8], Err(8)));
        }
    }

    #[test]
    fn what_is_a_single_job_needs_no_thread() {
        let here = thread::current().id();
        let work = |()| assert_eq!(thread::current().id(), here);
        let threads = NonZeroUsize::new(4).unwrap();
        assert_eq!(in_order(threads, std::iter::once(()), work, Ok::<_, ()>), Ok(()));
        assert_eq!(in_order(threads, std::iter::empty(), work, Ok::<_, ()>), Ok(()));
    }

    #[test]
    #[should_panic(expected = "a job panicked")]
    fn a_panic_is_the_callers_too() {
        let work = |job: u32| assert!(job < 20, "it panics");
        let threads = NonZeroUsize::new(2).unwrap();
        let panic = || in_order(threads, 0..100, work, Ok::<_, ()>);
        panic().unwrap();
    }
}
