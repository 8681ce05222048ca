//! Parts of one kind that are done one after the other, in a line now and then.

use std::time::{Duration, Instant};

use nablab_engine::Done;
use nablab_report::clock;

use super::{SILENCE, SOON};

/// How many parts of one kind are done, trainings for example, and how long the others take.
#[derive(Clone, Debug)]
pub struct PartsProgress {
    what: &'static str,
    begun: Instant,
    /// How long after the beginning the next line is due.
    next: Duration,
}

impl PartsProgress {
    /// Of parts with this name, of which none is done.
    pub fn new(what: &'static str) -> Self {
        Self { what, begun: Instant::now(), next: SOON }
    }

    /// A line, if one is due: the first after [`SOON`], then one each [`SILENCE`].
    ///
    /// ```
    /// use nablab_engine::Done;
    /// use nablab_tables::PartsProgress;
    /// let mut trainings = PartsProgress::new("trainings");
    /// assert_eq!(trainings.see(Done { done: 1, of: 9 }), None); // it has just begun
    /// ```
    pub fn see(&mut self, done: Done) -> Option<String> {
        let passed = self.begun.elapsed();
        if passed < self.next {
            return None;
        }
        self.next = passed + SILENCE;
        Some(self.line(done, passed))
    }

    fn line(&self, Done { done, of }: Done, passed: Duration) -> String {
        let left = passed.as_secs_f64() / done as f64 * of.saturating_sub(done) as f64;
        let left = if done > 0 { format!(", {} left", clock(left)) } else { String::new() };
        format!("{done} of {of} {}{left}", self.what)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_takes_as_long_as_what_is_done() {
        let parts = PartsProgress::new("trainings");
        let line = |done| parts.line(Done { done, of: 9 }, Duration::from_secs(60));
        assert_eq!([line(0), line(3)], ["0 of 9 trainings", "3 of 9 trainings, 2:00 min left"]);
    }
}
