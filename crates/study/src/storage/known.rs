//! The trials of a study as somebody has read them: only what may have changed is read again.

use crate::trial::Trial;

/// Trials as they were when last read, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownTrials(Vec<Trial>);

impl KnownTrials {
    /// The number from which on trials were not over, or not begun.
    pub(crate) fn first_open(&self) -> u64 {
        let is_over =
            |(number, trial): &(usize, &Trial)| trial.number == *number as u64 && trial.state.is_over();
        self.0.iter().enumerate().take_while(is_over).count() as u64
    }

    /// What was read from there on.
    pub(crate) fn learn(&mut self, news: Vec<Trial>) {
        for news in news {
            match self.0.binary_search_by_key(&news.number, |trial| trial.number) {
                Ok(place) => self.0[place] = news,
                Err(place) => self.0.insert(place, news),
            }
        }
    }

    pub(crate) fn trials(&self) -> &[Trial] {
        &self.0
    }
}
