//! `model.safetensors`: parameters by name, with all that it takes to predict.

use nablab_data::Wording;
use nablab_data::prepare::{Inputs, Target};
use nablab_engine::{Float, Layout, Precision, Recipe};
use serde_json::{Map, Value, json};

use super::sealed::{self, Number, Sealed, Tensor};
use crate::decision_threshold::{HALF, is_inside};
use crate::model::{Model, Params};
use crate::{Error, Settings};

pub(super) const SCHEMA: &str = "nablab.model/2";

impl Model {
    /// The bytes of `model.safetensors`: tensors `W1`, `b1`, …, and in the metadata the recipe, how columns become
    /// features, and what is predicted.
    pub fn to_bytes(&self) -> Vec<u8> {
        let data = json!({
            "schema": SCHEMA,
            "recipe": self.settings.to_toml(),
            "inputs": self.inputs,
            "target": self.target,
            "reading": self.kept,
            "threshold": self.threshold,
        });
        let layout = self.network.layout();
        let tensors = match &self.params {
            Params::F32(params) => slots(layout, "", params),
            Params::F64(params) => slots(layout, "", params),
        };
        sealed::seal(object(data), &tensors)
    }

    /// Read such bytes, to predict.
    ///
    /// # Errors
    /// [`nablab_data::DataError::Format`] if they are damaged or a later version's, or a parameter is no number.
    pub fn from_bytes(bytes: &[u8], file: &str) -> Result<Self, Error> {
        let model = Self::read(bytes, file)?;
        let Some((place, number)) = model.lost() else { return Ok(model) };
        let hint = "a training that diverged leaves such a model: train again with a lower [learning_rate]";
        let hint = Wording::with_settings(hint);
        let got = format!("{number}: it can predict nothing");
        Err(nablab_data::DataError::format(file, place, "numbers as parameters", got, hint).into())
    }

    /// The first parameter that is no number.
    fn lost(&self) -> Option<(String, f64)> {
        fn first<F: Float>(params: &[F]) -> Option<(usize, f64)> {
            let at = params.iter().position(|p| !p.is_finite())?;
            Some((at, params[at].to_f64()))
        }
        let (at, number) = match &self.params {
            Params::F32(params) => first(params)?,
            Params::F64(params) => first(params)?,
        };
        Some((self.network.layout().locate(at).to_string(), number))
    }

    /// Read such bytes, also of a training that diverged: to be looked at.
    pub(super) fn read(bytes: &[u8], file: &str) -> Result<Self, Error> {
        let sealed = sealed::open(bytes, file, SCHEMA)?;
        let settings = Settings::from_toml(&sealed.get::<String>("recipe")?, file)?;
        let (inputs, target): (Inputs, Target) = (sealed.get("inputs")?, sealed.get("target")?);
        let kept = sealed.get::<Option<_>>("reading")?.unwrap_or_default();
        let threshold = sealed.get::<Option<f64>>("threshold")?.unwrap_or(HALF);
        if !is_inside(threshold) {
            return Err(sealed.unfit("threshold", "not between 0 and 1"));
        }
        if inputs.width() == 0 {
            return Err(sealed.unfit("inputs", "no features"));
        }
        inputs.check().map_err(|got| sealed.unfit("inputs", &got))?;
        target.check().map_err(|got| sealed.unfit("target", &got))?;
        let recipe = crate::prepared::recipe_for(&settings, &target)?;
        // No room is made for what a recipe claims and the tensors do not hold.
        if parameters(&recipe, &inputs, &target).is_none_or(|parameters| parameters > sealed.tensor_bytes()) {
            return Err(sealed.unfit("recipe", "more parameters than the tensors hold"));
        }
        let network = Self::network(&recipe, &inputs, &target);
        let params = match settings.training.precision {
            Precision::F32 => Params::F32(params(&sealed, network.layout(), "")?),
            Precision::F64 => Params::F64(params(&sealed, network.layout(), "")?),
        };
        Ok(Self { settings, inputs, target, kept, network, params, threshold })
    }
}

/// How many parameters the network has, if that can be counted.
fn parameters(recipe: &Recipe, inputs: &Inputs, target: &Target) -> Option<usize> {
    let sizes = recipe.hidden.iter().map(|layer| layer.units).chain([target.outputs()]);
    let (mut n_in, mut count) = (inputs.width(), 0_usize);
    for n_out in sizes {
        count = count.checked_add(n_in.checked_add(1)?.checked_mul(n_out)?)?;
        n_in = n_out;
    }
    Some(count)
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A model of one number as another program might seal it, with something in its data exchanged.
    fn refused(from: &str, to: &str) -> String {
        refused_with(from, to, 0.5)
    }

    fn refused_with(from: &str, to: &str, parameter: f32) -> String {
        let data = json!({
            "schema": "nablab.model/1",
            "recipe": "hidden = [{ units = 1 }]\n",
            "inputs": [{"name": "a", "encoding": {"number": {
                "fill": 0.0, "center": 0.0, "scale": 1.0, "indicator": false,
            }}}],
            "target": {"kind": "numbers", "names": ["y"], "center": [0.0], "scale": [1.0]},
        });
        let text = data.to_string();
        assert!(text.contains(from));
        let data: Value = serde_json::from_str(&text.replace(from, to)).unwrap();
        let tensors = ["W1", "b1", "W2", "b2"].map(|name| Tensor::new(name, &[1], &[parameter]));
        let model = Model::from_bytes(&sealed::seal(object(data), &tensors), "m");
        model.err().map_or_else(String::new, |error| error.to_string())
    }

    #[test]
    fn what_is_sealed_has_to_fit_together() {
        assert_eq!(refused("numbers", "numbers"), "");
        let target = r#""names":["y"],"center":[0.0],"scale":[1.0]"#;
        for other in [
            r#""names":[],"center":[],"scale":[]"#,
            r#""names":["y"],"center":[],"scale":[1.0]"#,
            r#""names":["y"],"center":[0.0],"scale":[]"#,
        ] {
            let error = refused(target, other);
            assert!(error.contains("m: target: ") && error.contains("too few names"), "{error}");
        }
        let kind = format!(r#""kind":"numbers",{target}"#);
        for other in [
            r#""kind":"classes","name":"y","levels":[]"#,
            r#""kind":"classes","name":"y","levels":["a"]"#,
            r#""kind":"labels","names":["y"],"levels":[]"#,
            r#""kind":"labels","names":[],"levels":[]"#,
        ] {
            let error = refused(&kind, other);
            assert!(error.contains("m: target: ") && error.contains("too few names"), "{error}");
        }
        let number = r#"{"number":{"fill":0.0,"center":0.0,"scale":1.0,"indicator":false}}"#;
        let error = refused(number, r#"{"category":{"levels":[],"indicator":false}}"#);
        assert!(error.contains("m: inputs: ") && error.contains("no features"), "{error}");
    }

    #[test]
    fn what_would_predict_the_same_of_every_row_is_refused() {
        for parameter in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            let error = refused_with("numbers", "numbers", parameter);
            let words = format!("expected numbers as parameters, got {}", parameter);
            assert!(error.starts_with("m: W1") && error.contains(&words), "{error}");
        }
        for scale in ["0.0", "-1.0"] {
            let error = refused(r#""scale":1.0"#, &format!(r#""scale":{scale}"#));
            assert!(error.starts_with("m: inputs: ") && error.contains("column a is scaled by"), "{error}");
            let error = refused(r#""scale":[1.0]"#, &format!(r#""scale":[{scale}]"#));
            assert!(error.starts_with("m: target: ") && error.contains("column y is scaled by"), "{error}");
        }
        // JSON writes what is no number as null.
        let error = refused(r#""fill":0.0"#, r#""fill":null"#);
        assert!(error.starts_with("m: inputs: ") && error.contains("null"), "{error}");
    }

    #[test]
    fn no_room_is_made_for_parameters_that_are_not_there() {
        for units in ["3000000000", "9000000000000000000"] {
            let error = refused("units = 1", &format!("units = {units}"));
            assert!(error.contains("m: recipe: ") && error.contains("more parameters"), "{error}");
        }
    }
}
