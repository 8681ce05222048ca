//! Who follows a training.

use crate::epoch::Epoch;
use crate::prepared::Found;

/// What is done before and after the epochs, and takes its time with a large table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The table becomes numbers that are learned from.
    Preparing,
    /// What the network says of all rows is compared with what is so.
    Judging,
}

/// Follows a training, and may end it.
pub trait Watch: Sync {
    /// The training of a fold begins, from 1 to `of`, where there are several.
    fn fold(&mut self, _number: usize, _of: usize) {}
    /// A phase begins. Another one, [`Watch::begin`] or the end of all ends it.
    fn phase(&mut self, _phase: Phase) {}
    /// The table is ready: rows to learn from, rows to judge on, number of parameters, and the epochs already done.
    fn begin(&mut self, _found: &Found, _rows: (usize, usize), _parameters: usize, _done: u64) {}
    /// An epoch is done; `best` is the one with the lowest validation loss.
    fn epoch(&mut self, _epoch: &Epoch, _best: Option<u64>) {}
    /// Stop? Asked between two epochs, and between two steps where epochs take long.
    fn stop(&self) -> bool {
        false
    }
}

impl Watch for () {}
