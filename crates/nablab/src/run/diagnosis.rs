//! `evidence.json` and `signals.csv`: what a training showed inside, for `nablab diagnose` and for people.

use std::path::Path;

use nablab_data::DataError;
use nablab_diagnosis::{Evidence, Moment};
use nablab_engine::signals::LayerSignals;
use serde_json::{Value, json};

use super::{EVIDENCE, read};
use crate::Error;
use crate::recipe::name_of;
use crate::training::Epoch;

const SCHEMA: &str = "nablab.evidence/1";

/// The text of `evidence.json`: all but the history, which has a file of its own.
pub(super) fn write(evidence: &Evidence) -> String {
    let mut value = json!({ "schema": SCHEMA });
    if let (Value::Object(all), Ok(Value::Object(parts))) = (&mut value, serde_json::to_value(evidence)) {
        all.extend(parts);
    }
    value.to_string() + "\n"
}

/// The evidence of a run folder; none of a run of an older version.
pub(super) fn evidence(folder: &Path, history: &[Epoch]) -> Result<Option<Evidence>, Error> {
    let path = folder.join(EVIDENCE);
    let Some(bytes) = read(&path)? else { return Ok(None) };
    let wrong = |got: String| {
        let hint = "nablab train --resume writes it anew";
        DataError::format(&name_of(&path), "file", format!("the evidence of a run ({SCHEMA})"), got, hint)
    };
    let mut value: Value = serde_json::from_slice(&bytes).map_err(|error| wrong(error.to_string()))?;
    let schema = value.as_object_mut().and_then(|all| all.remove("schema"));
    if schema != Some(SCHEMA.into()) {
        return Err(wrong(schema.map_or("no schema".into(), |schema| schema.to_string())).into());
    }
    let evidence: Evidence = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
    Ok(Some(Evidence { history: history.iter().map(Epoch::moment).collect(), ..evidence }))
}

impl Epoch {
    /// As a diagnosis sees it.
    pub(crate) fn moment(&self) -> Moment {
        Moment {
            epoch: self.epoch,
            cost: self.cost,
            train_loss: self.train_loss,
            validation_loss: self.validation_loss,
            validation_metric: self.validation_metric,
        }
    }
}

/// The text of `signals.csv`: a row for each layer of each reading.
pub(super) fn signals(evidence: &Evidence) -> String {
    let mut text = String::from("epoch,layer,loss,gradient_norm,gradient_variance,curvature,certain,");
    text += &LayerSignals::NAMES.join(",");
    text.push('\n');
    for reading in &evidence.signals {
        let s = &reading.signals;
        for (l, layer) in s.layers.iter().enumerate() {
            let of_all = [s.loss, s.gradient, s.variance, s.curvature, s.certain];
            let numbers = of_all.into_iter().chain(layer.numbers()).map(|v| v.to_string());
            text += &format!("{},{},{}\n", reading.epoch, l + 1, numbers.collect::<Vec<_>>().join(","));
        }
    }
    text
}
