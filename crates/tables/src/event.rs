//! What happens in a training on a table.

use std::sync::Arc;

use crate::epoch::Epoch;
use crate::prepared::TableSummary;

/// Something that happens in a training on a table, in this order.
///
/// ```
/// use std::sync::Mutex;
/// use nablab_tables::{Event, Options, Settings, Watch};
/// #[derive(Default)]
/// struct Losses(Mutex<Vec<f64>>);
/// impl Watch<Event> for Losses {
///     fn saw(&self, event: &Event) {
///         if let Event::Epoch { epoch, .. } = event {
///             self.0.lock().unwrap().push(epoch.train_loss);
///         }
///     }
/// }
/// let rows: String = (0..40).map(|i| format!("{i},{}\n", 2 * i)).collect();
/// let table = nablab_data::table::csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
/// let settings = Settings::from_toml("epochs = 20\n[data]\ntarget = [\"y\"]", "recipe.toml")?;
/// let losses = Losses::default();
/// settings.fit(&table, Options::default(), &losses)?;
/// let losses = losses.0.into_inner().unwrap();
/// assert!(losses.len() == 20 && losses[19] < losses[0]);
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// Of a cross-validation: the training of a fold begins.
    Fold {
        /// Which, from 1.
        number: usize,
        /// Of how many.
        of: usize,
    },
    /// The table becomes numbers that are learned from.
    Preparing,
    /// The table is ready.
    Begun {
        /// What was found in the table.
        found: Arc<TableSummary>,
        /// Rows to learn from, and rows to judge on.
        rows: (usize, usize),
        /// Number of parameters.
        parameters: usize,
        /// Epochs that are done already.
        done: u64,
    },
    /// An epoch is done. Of a long training only those are told that have a row in its history.
    Epoch {
        /// How things stand after it.
        epoch: Epoch,
        /// The one with the lowest validation loss so far.
        best: Option<u64>,
    },
    /// What the network says of all rows is compared with what is so.
    Judging,
}
