//! Sentences and tables that several commands say.

use std::path::Path;

use nablab::data::prepare::Seen;
use nablab::report::Lang;
use nablab::tables::Ensemble;
use nablab::tables::metrics::Metrics;

/// What rows have that the training rows had not, a line each.
pub(crate) fn seen(seen: &Seen, rows: &str) -> Vec<String> {
    nablab::tables::report::seen(seen, rows, Lang::En).iter().map(|said| format!("warning: {said}")).collect()
}

/// That several models predict, if they do, and from which probability on, where each has its own.
pub(crate) fn averaged(model: &Ensemble, folder: &Path) -> Vec<String> {
    let count = model.models().len();
    let averaged =
        || format!("note: the predictions of the {count} models of {} are averaged", folder.display());
    let of_thresholds = || {
        let each: Vec<String> =
            model.models().map(|model| nablab::report::number(model.threshold, 3)).collect();
        let mean = nablab::report::number(model.threshold(), 3);
        format!(
            "note: the models have thresholds of their own ({}): the averaged probability is compared with their mean, {mean}",
            each.join(", ")
        )
    };
    let averaged = (count > 1).then(averaged);
    averaged.into_iter().chain(model.has_own_thresholds().then(of_thresholds)).collect()
}

/// The numbers that are shown of metrics, by name.
pub(crate) fn metrics(metrics: &Metrics) -> Vec<(&'static str, Option<f64>)> {
    nablab::tables::report::metrics(metrics, Lang::En)
}

/// A number for a table; an empty place for one that is none.
pub(crate) fn number(value: Option<f64>) -> String {
    match value.filter(|v| !v.is_nan()) {
        None => "–".into(),
        Some(v) if v.abs() >= 1e9 => format!("{v:.3e}"),
        Some(v) if v.abs() >= 1000.0 => format!("{v:.0}"),
        Some(v) if v.abs() >= 10.0 => format!("{v:.2}"),
        Some(v) => format!("{v:.4}"),
    }
}
