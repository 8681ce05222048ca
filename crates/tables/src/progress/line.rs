//! What is worth saying of a training under way, in words. Which flag or argument changes something is for a door to say.

use std::fmt;

use nablab_report::clock;

use crate::{Epoch, Fact};

/// Something worth saying of a training under way.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum ProgressLine<'e> {
    /// Something begins, or ends, that has no epochs.
    Phase {
        /// `preparing` or `judging`.
        what: &'static str,
        /// Rows of the table.
        rows: usize,
        /// It is worth a line where no bar shows it.
        takes_long: bool,
    },
    /// The table that is learned from.
    Table {
        /// Its name.
        name: String,
        /// Its rows.
        rows: usize,
    },
    /// Something that was found in it.
    Fact(Fact<'e>),
    /// So many epochs were done before.
    Resumed {
        /// How many.
        done: u64,
    },
    /// An epoch is done.
    Epoch {
        /// How things stand after it.
        epoch: Epoch,
        /// Epochs in all.
        epochs: u64,
        /// The name of its metric.
        metric: &'static str,
        /// No epoch before has a lower validation loss.
        is_best: bool,
    },
    /// The training may take long.
    Length {
        /// Seconds of an epoch.
        of_epoch: f64,
        /// Epochs in all.
        epochs: u64,
        /// Seconds of all that are left, at most.
        most: f64,
    },
}

impl fmt::Display for ProgressLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Phase { what, rows, .. } => write!(f, "{what} {rows} rows"),
            Self::Table { name, rows } => write!(f, "{name}: {rows} rows"),
            Self::Fact(fact) if fact.is_warning() => write!(f, "warning: {fact}"),
            Self::Fact(fact) => write!(f, "{fact}"),
            Self::Resumed { done } => write!(f, "going on after epoch {done}"),
            Self::Epoch { epoch, epochs, metric, is_best } => {
                let (now, standing, seconds) = (epoch.epoch, standing(epoch, metric), epoch.seconds);
                let mark = if *is_best { "  best" } else { "" };
                write!(f, "epoch {now}/{epochs}  {standing}  {seconds:.1} s{mark}")
            }
            Self::Length { of_epoch, epochs, most } => {
                write!(f, "an epoch takes {of_epoch:.1} s: all {epochs} take at most {}", clock(*most))
            }
        }
    }
}

/// Loss and metric: of the rows held out, or of those learned from where none are.
pub(super) fn standing(epoch: &Epoch, metric: &str) -> String {
    let Epoch { train_loss, train_metric, validation_loss, validation_metric, .. } = epoch;
    match validation_loss.is_nan() {
        true => format!("loss {train_loss:.4}  {metric} {train_metric:.4}"),
        false => {
            format!("loss {train_loss:.4}  validation {validation_loss:.4}  {metric} {validation_metric:.4}")
        }
    }
}
