//! Sentences and tables that several commands say.

use nablab::data::prepare::Seen;
use nablab::data::readable;
use nablab::diagnosis::{Like, Lookalike, Untaught, item, quoted};
use nablab::report::Lang;
use nablab::tables::metrics::Metrics;

/// What rows have that the training rows had not, a line each.
pub(crate) fn seen(seen: &Seen, rows: &str) -> Vec<String> {
    nablab::tables::report::seen(seen, rows, Lang::En).iter().map(|said| format!("warning: {said}")).collect()
}

/// Columns that look like something else than what they are taken for, a line each.
pub(crate) fn lookalikes(all: &[Lookalike]) -> Vec<String> {
    let line = |lookalike: &Lookalike| {
        let column = &lookalike.column;
        let flag = match lookalike.like {
            Like::RunningNumber { .. } | Like::Names { .. } => {
                format!("--ignore={} leaves it out", quoted(&item(column)))
            }
            Like::Date { .. } => {
                format!("--types {} makes features of it", quoted(&format!("{}=date", item(column))))
            }
        };
        format!("warning: {} {flag}", lookalike.sentence(Lang::En))
    };
    all.iter().map(line).collect()
}

/// Classes of which there is nothing to learn, a line each.
pub(crate) fn untaught(classes: &[Untaught]) -> Vec<String> {
    let line = |Untaught { class, judged }: &Untaught| {
        let held_out = match judged {
            0 => String::new(),
            rows => format!("; {rows} of the rows to judge on are of it"),
        };
        let class = readable(class);
        format!("warning: class {class}: no row to learn from, so it will hardly be predicted{held_out}")
    };
    classes.iter().map(line).collect()
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
