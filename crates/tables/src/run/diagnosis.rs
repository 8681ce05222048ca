//! `evidence.json` and `signals.csv`: what a training showed inside, for `nablab diagnose` and for people.

use std::path::Path;

use nablab_diagnosis::{EpochLosses, Evidence, Inconsistency};
use nablab_engine::signals::LayerSignals;
use serde_json::{Value, json};

use super::{EVIDENCE, read};
use crate::Error;
use crate::epoch::Epoch;

const SCHEMA: &str = "nablab.evidence/2";

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
    read(&path)?.map(|bytes| parse(&bytes, &path, history)).transpose()
}

/// What [`write()`] wrote, with the history that belongs to it; errors call it by this path.
pub(super) fn parse(bytes: &[u8], path: &Path, history: &[Epoch]) -> Result<Evidence, Error> {
    let wrong =
        |got: String| Error::damaged(path, "file", &format!("the evidence of a run ({SCHEMA})"), &got);
    let mut value: Value = serde_json::from_slice(bytes).map_err(|error| wrong(error.to_string()))?;
    let schema = value.as_object_mut().and_then(|all| all.remove("schema"));
    if schema != Some(SCHEMA.into()) {
        return Err(wrong(schema.map_or("no schema".into(), |schema| schema.to_string())));
    }
    let evidence: Evidence = serde_json::from_value(value).map_err(|error| wrong(error.to_string()))?;
    let inconsistent = |found: Inconsistency| Error::damaged(path, &found.place, &found.expected, &found.got);
    evidence.check().map_err(inconsistent)?;
    let told = history.last().map_or(0, |epoch| epoch.epoch);
    if evidence.epochs != told {
        let (expected, got) = (format!("{told}, as in history.csv"), evidence.epochs.to_string());
        return Err(inconsistent(Inconsistency { place: "epochs".into(), expected, got }));
    }
    Ok(Evidence { history: history.iter().map(Epoch::losses).collect(), ..evidence })
}

impl Epoch {
    /// As a diagnosis sees it.
    pub(crate) fn losses(&self) -> EpochLosses {
        EpochLosses {
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
    let classes = evidence.signals.first().map_or(0, |reading| reading.signals.predicted.len());
    let of_all = ["epoch", "layer", "loss", "gradient_norm", "gradient_variance", "curvature", "certain"];
    let predicted = (1..=classes).map(|class| format!("predicted_{class}"));
    let header = of_all.map(str::to_owned).into_iter().chain(predicted).chain(LayerSignals::names());
    let mut text = header.collect::<Vec<_>>().join(",") + "\n";
    for reading in &evidence.signals {
        let s = &reading.signals;
        for (l, layer) in s.layers.iter().enumerate() {
            let of_all = [s.loss, s.gradient, s.variance, s.curvature, s.certain];
            let numbers = of_all.into_iter().chain(s.predicted.iter().copied()).chain(layer.numbers());
            let numbers = numbers.map(|v| v.to_string()).collect::<Vec<_>>().join(",");
            text += &format!("{},{},{numbers}\n", reading.epoch, l + 1);
        }
    }
    text
}
