//! Sentences and tables that several commands say.

use nablab::metrics::Metrics;
use nablab_data::prepare::Seen;
use nablab_diagnosis::Untaught;
use nablab_report::Lang;

/// What rows have that the training rows had not, a line each.
pub(crate) fn seen(seen: &Seen, rows: &str) -> Vec<String> {
    let absent = seen
        .absent
        .iter()
        .map(|name| format!("warning: there is no column {name}; every value of it counts as missing"));
    let unknown = seen.unknown.iter().map(|(name, count, example)| {
        format!("warning: column {name}: {count} of {rows} have a text that the training had not, such as {example:?}")
    });
    let missing = seen.missing.iter().map(|(name, count)| {
        format!("warning: column {name}: {count} of {rows} have no value, while the training had them all")
    });
    absent.chain(unknown).chain(missing).collect()
}

/// Classes of which there is nothing to learn, a line each.
pub(crate) fn untaught(classes: &[Untaught]) -> Vec<String> {
    let line = |Untaught { class, judged }: &Untaught| {
        let held_out = match judged {
            0 => String::new(),
            rows => format!("; {rows} of the rows to judge on are of it"),
        };
        format!("warning: class {class}: no row to learn from, so it will hardly be predicted{held_out}")
    };
    classes.iter().map(line).collect()
}

/// The numbers that are shown of metrics, by name.
pub(crate) fn metrics(metrics: &Metrics) -> Vec<(&'static str, Option<f64>)> {
    nablab::report::metrics(metrics, Lang::En)
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
