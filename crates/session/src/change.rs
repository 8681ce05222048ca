//! Going on by another recipe: where that can be, and what stays.

use nablab_engine::{Float, Recipe, State};
use nablab_tables::Settings;

use crate::SessionError;

/// That a training by one recipe can go on by another, from where it stands: the same rows, numbers and network.
pub(crate) fn goes_on_by(before: &Settings, after: &Settings) -> Result<(), SessionError> {
    let shape = |settings: &Settings| -> Vec<(usize, bool)> {
        settings.training.hidden.iter().map(|layer| (layer.units, layer.batch_norm)).collect()
    };
    let field = match () {
        () if after.data != before.data => "data",
        () if after.validation != before.validation => "validation",
        () if after.training.precision != before.training.precision => "precision",
        () if shape(after) != shape(before) => "hidden",
        () => return Ok(()),
    };
    Err(SessionError::NotOnTheWay { field })
}

/// What goes on by another recipe: parameters and time always, what the update rule and the masks remember where they are alike.
pub(crate) fn carried<F: Float>(now: State<F>, fresh: State<F>, before: &Recipe, after: &Recipe) -> State<F> {
    let kind = std::mem::discriminant;
    let is_same_rule = kind(&before.optimizer) == kind(&after.optimizer);
    let rates = |recipe: &Recipe| recipe.hidden.iter().map(|layer| layer.dropout).collect::<Vec<_>>();
    State {
        moments: if is_same_rule { now.moments } else { fresh.moments },
        mask_generators: match rates(before) == rates(after) {
            true => now.mask_generators,
            false => fresh.mask_generators,
        },
        params: now.params,
        ..now
    }
}
