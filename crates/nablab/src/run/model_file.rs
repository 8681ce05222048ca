//! `model.safetensors`: parameters by name, with all that it takes to predict.

use nablab_engine::{Float, Layout, Precision};
use serde_json::{Map, Value, json};

use super::sealed::{self, Number, Sealed, Tensor};
use crate::model::{Model, Params};
use crate::{Error, Settings};

const SCHEMA: &str = "nablab.model/1";

impl Model {
    /// The bytes of `model.safetensors`: tensors `W1`, `b1`, …, and in the metadata the recipe, how columns become
    /// features, and what is predicted.
    pub fn to_bytes(&self) -> Vec<u8> {
        let data = json!({
            "schema": SCHEMA,
            "recipe": self.settings.to_toml(),
            "inputs": self.inputs,
            "target": self.target,
        });
        let layout = self.network.layout();
        let tensors = match &self.params {
            Params::F32(params) => slots(layout, "", params),
            Params::F64(params) => slots(layout, "", params),
        };
        sealed::seal(object(data), &tensors)
    }

    /// Read such bytes.
    ///
    /// # Errors
    /// [`nablab_data::DataError::Format`] if they are damaged or a later version's.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self, Error> {
        let sealed = sealed::open(bytes, file, SCHEMA)?;
        let settings = Settings::from_toml(&sealed.get::<String>("recipe")?, file)?;
        let (inputs, target) = (sealed.get("inputs")?, sealed.get("target")?);
        let recipe = crate::prepared::recipe_for(&settings, &target)?;
        let network = Self::network(&recipe, &inputs, &target);
        let params = match settings.training.precision {
            Precision::F32 => Params::F32(params(&sealed, network.layout(), "")?),
            Precision::F64 => Params::F64(params(&sealed, network.layout(), "")?),
        };
        Ok(Self { settings, inputs, target, network, params })
    }
}

pub(super) fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// A flat buffer as a tensor for each slot.
pub(super) fn slots<F: Number>(layout: &Layout, prefix: &str, flat: &[F]) -> Vec<Tensor> {
    let slot = |slot: &nablab_engine::Slot| {
        let shape = if slot.cols == 1 { vec![slot.rows] } else { vec![slot.rows, slot.cols] };
        let shape = if slot.role == nablab_engine::Role::Weight { vec![slot.rows, slot.cols] } else { shape };
        Tensor::new(format!("{prefix}{}", slot.name), &shape, &flat[slot.range.clone()])
    };
    layout.slots().iter().map(slot).collect()
}

/// The flat buffer of such tensors.
pub(super) fn params<F: Number + Float>(
    sealed: &Sealed,
    layout: &Layout,
    prefix: &str,
) -> Result<Vec<F>, Error> {
    let mut flat = Vec::with_capacity(layout.len());
    for slot in layout.slots() {
        let name = format!("{prefix}{}", slot.name);
        let numbers = sealed.numbers::<F>(&name)?;
        if numbers.len() != slot.range.len() {
            return Err(
                sealed.unfit(&name, &format!("{} numbers instead of {}", numbers.len(), slot.range.len()))
            );
        }
        flat.extend(numbers);
    }
    Ok(flat)
}
