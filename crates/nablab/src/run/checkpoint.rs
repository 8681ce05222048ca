//! `checkpoint.safetensors`: all that a training is between two epochs.

use nablab_engine::{Float, Layout, State};
use serde_json::json;

use super::model_file::{object, params, slots};
use super::sealed::{self, Number, Tensor};
use crate::Error;
use crate::epoch::Epoch;
use crate::training::{Best, Standing};

const SCHEMA: &str = "nablab.checkpoint/1";

/// The bytes of a checkpoint. `data` is the fingerprint of the rows the training learns from.
pub(super) fn write<F: Number + Float>(standing: &Standing<F>, layout: &Layout, data: &str) -> Vec<u8> {
    let Standing { state, best, history, readings } = standing;
    let about = json!({
        "schema": SCHEMA,
        "data": data,
        "epoch": state.epoch,
        "step": state.step,
        "moments": state.moments.len(),
        "coins": state.coins.len(),
        "readings": readings,
        "best_epoch": best.as_ref().map(|best| best.epoch),
    });
    let mut tensors = slots(layout, "", &state.params);
    for (i, moment) in state.moments.iter().enumerate() {
        tensors.extend(slots(layout, &format!("moment{}.", i + 1), moment));
    }
    for (i, coins) in state.coins.iter().enumerate() {
        tensors.push(Tensor::new(format!("coins{}", i + 1), &[coins.len()], coins));
    }
    if let Some(best) = best {
        tensors.extend(slots(layout, "best.", &best.params));
        // As a tensor: every bit of it counts.
        tensors.push(Tensor::new("best_loss", &[1], &[best.loss]));
    }
    let rows: Vec<f64> = history.iter().flat_map(Epoch::numbers).collect();
    tensors.push(Tensor::new("history", &[history.len(), Epoch::NUMBERS], &rows));
    sealed::seal(object(about), &tensors)
}

/// What was written, and the fingerprint of its data.
pub(super) fn read<F: Number + Float>(
    bytes: &[u8],
    file: &str,
    layout: &Layout,
) -> Result<(Standing<F>, String), Error> {
    let sealed = sealed::open(bytes, file, SCHEMA)?;
    let each = |count: usize| 1..=count;
    let moments = each(sealed.get("moments")?).map(|i| params(&sealed, layout, &format!("moment{i}.")));
    let coins = each(sealed.get("coins")?).map(|i| sealed.numbers(&format!("coins{i}")));
    let state = State {
        epoch: sealed.get("epoch")?,
        step: sealed.get("step")?,
        params: params(&sealed, layout, "")?,
        moments: moments.collect::<Result<_, _>>()?,
        coins: coins.collect::<Result<_, _>>()?,
    };
    let best = match sealed.get::<Option<u64>>("best_epoch")? {
        None => None,
        Some(epoch) => {
            let loss = sealed.numbers("best_loss")?.first().copied().unwrap_or(f64::NAN);
            Some(Best { epoch, loss, params: params(&sealed, layout, "best.")? })
        }
    };
    let history = sealed.numbers("history")?.as_chunks().0.iter().copied().map(Epoch::of_numbers).collect();
    let readings = sealed.get::<Option<Vec<_>>>("readings")?.unwrap_or_default();
    Ok((Standing { state, best, history, readings }, sealed.get("data")?))
}
