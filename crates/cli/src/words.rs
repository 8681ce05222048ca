//! Sentences that several commands say.

use std::path::Path;

use nablab::data::prepare::Seen;
use nablab::report::Lang;
use nablab::tables::Ensemble;

/// What rows have that the training rows had not, a line each.
pub(crate) fn seen(seen: &Seen, rows: &str) -> Vec<String> {
    nablab::tables::report::seen(seen, rows, Lang::En).iter().map(|said| format!("warning: {said}")).collect()
}

/// That several models predict, if they do, a line each.
pub(crate) fn averaged(model: &Ensemble, folder: &Path) -> Vec<String> {
    model.notes(&folder.display().to_string()).iter().map(|said| format!("note: {said}")).collect()
}
