//! `checkpoint.safetensors`: all that a training is between two epochs.

use nablab_engine::{Float, Layout, State};
use serde_json::json;

use super::fingerprint::{Contents, fingerprint};
use super::model_file::{object, params, slots};
use super::sealed::{self, Number, Sealed, Tensor};
use crate::epoch::Epoch;
use crate::model::Kept;
use crate::prepared::Prepared;
use crate::training::{Best, Standing};
use crate::{Error, Settings};

/// Version 1 had one hash of all data, and later ones column by column beside it.
const SCHEMA: &str = "nablab.checkpoint/2";

/// The bytes of a checkpoint. The first recipe is that of the training, a second one what it was until now.
pub(super) fn write<F: Number + Float>(
    standing: &Standing<F>,
    layout: &Layout,
    contents: &Contents,
    recipes: &[&Settings],
) -> Vec<u8> {
    let Standing { state, best, history, readings } = standing;
    let about = json!({
        "schema": SCHEMA,
        "contents": contents,
        "recipes": recipes.iter().map(|recipe| recipe.to_toml()).collect::<Vec<_>>(),
        "epoch": state.epoch,
        "step": state.step,
        "moments": state.moments.len(),
        "coins": state.mask_generators.len(),
        "readings": readings,
        "best_epoch": best.as_ref().map(|best| best.epoch),
    });
    let mut tensors = slots(layout, "", &state.params);
    for (i, moment) in state.moments.iter().enumerate() {
        tensors.extend(slots(layout, &format!("moment{}.", i + 1), moment));
    }
    for (i, coins) in state.mask_generators.iter().enumerate() {
        tensors.push(Tensor::new(format!("coins{}", i + 1), &[coins.len()], coins));
    }
    if let Some(best) = best {
        tensors.extend(slots(layout, "best.", &best.params));
        // As a tensor: every bit of it counts.
        tensors.push(Tensor::new("best_loss", &[1], &[best.loss]));
    }
    let rows: Vec<f64> = history.rows().iter().flat_map(Epoch::numbers).collect();
    tensors.push(Tensor::new("history", &[history.rows().len(), Epoch::NUMBERS], &rows));
    sealed::seal(object(about), &tensors)
}

/// Open the bytes of a checkpoint.
pub(super) fn open(bytes: &[u8], file: &str) -> Result<Sealed, Error> {
    sealed::open(bytes, file, SCHEMA)
}

/// The recipes that were written; none by an older version.
pub(super) fn recipes(sealed: &Sealed) -> Result<Vec<Settings>, Error> {
    let texts = sealed.get::<Option<Vec<String>>>("recipes")?.unwrap_or_default();
    texts.iter().map(|text| Settings::from_toml(text, "the recipe in a checkpoint")).collect()
}

/// What is other in these data, of these contents, than in those that the training began with, if anything.
pub(super) fn other_data<F: Kept>(
    sealed: &Sealed,
    now: &Contents,
    prepared: &Prepared<F>,
) -> Result<Option<String>, Error> {
    if let Some(contents) = sealed.get::<Option<Contents>>("contents")? {
        return Ok((contents != *now).then(|| contents.difference(now)));
    }
    let is_same = sealed.get::<String>("data")? == fingerprint(prepared);
    Ok((!is_same).then(|| "there are other values in it".into()))
}

/// What was written of the training.
pub(super) fn read<F: Number + Float>(sealed: &Sealed, layout: &Layout) -> Result<Standing<F>, Error> {
    let each = |count: usize| 1..=count;
    let moments = each(sealed.get("moments")?).map(|i| params(sealed, layout, &format!("moment{i}.")));
    let coins = each(sealed.get("coins")?).map(|i| sealed.numbers(&format!("coins{i}")));
    let state = State {
        epoch: sealed.get("epoch")?,
        // It is written between two epochs.
        batch: 0,
        step: sealed.get("step")?,
        params: params(sealed, layout, "")?,
        moments: moments.collect::<Result<_, _>>()?,
        mask_generators: coins.collect::<Result<_, _>>()?,
    };
    let best = match sealed.get::<Option<u64>>("best_epoch")? {
        None => None,
        Some(epoch) => {
            let loss = sealed.numbers("best_loss")?.first().copied().unwrap_or(f64::NAN);
            Some(Best { epoch, loss, params: params(sealed, layout, "best.")? })
        }
    };
    let rows =
        sealed.numbers("history")?.as_chunks().0.iter().copied().map(Epoch::of_numbers).collect::<Vec<_>>();
    let readings = sealed.get::<Option<Vec<_>>>("readings")?.unwrap_or_default();
    Ok(Standing { state, best, history: rows.into(), readings })
}
