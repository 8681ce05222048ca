//! What is kept of the epochs of a training: few rows, however long it is.

use crate::epoch::Epoch;

/// Rows of a history. A curve of more shows no more, and to look at a short epoch takes longer than the epoch.
const MOST_ROWS: usize = 1000;

/// The rows of a history, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct History(Vec<Epoch>);

impl History {
    pub(crate) fn rows(&self) -> &[Epoch] {
        &self.0
    }

    /// Forget the rows of later epochs.
    pub(crate) fn forget_after(&mut self, epoch: u64) {
        self.0.retain(|row| row.epoch <= epoch);
    }

    /// This epoch gets a row, whatever comes.
    pub(crate) fn wants(&self, epoch: u64) -> bool {
        epoch.is_multiple_of(self.stride())
    }

    /// Epochs from one row to the next.
    fn stride(&self) -> u64 {
        self.0.first().map_or(1, |row| row.epoch)
    }

    /// Another row. It follows from the epochs alone which ones stay, so that a training that was killed, or goes on after its end,
    /// has the same.
    pub(crate) fn tell(&mut self, epoch: Epoch) {
        let stride = self.stride();
        self.0.pop_if(|last| !last.epoch.is_multiple_of(stride));
        self.0.push(epoch);
        while self.0.len() > MOST_ROWS {
            let stride = 2 * self.stride();
            self.0.retain(|row| row.epoch.is_multiple_of(stride) || row.epoch == epoch.epoch);
        }
    }
}

impl From<Vec<Epoch>> for History {
    fn from(rows: Vec<Epoch>) -> Self {
        Self(rows)
    }
}
