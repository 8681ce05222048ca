//! What a study is after.

use nablab_data::prepare::Task;
use nablab_tables::metrics::Metrics;

use crate::trial::Direction;

/// The names that every task has: the loss on the rows held out, the time a training takes, the size of the network.
const ALWAYS: [(&str, Direction); 3] =
    [("loss", Direction::Minimize), ("seconds", Direction::Minimize), ("parameters", Direction::Minimize)];

/// The names of a task, that of its metrics in `metrics.json`; the first is what is sought where nothing is said.
fn of(task: Task) -> &'static [(&'static str, Direction)] {
    use Direction::{Maximize, Minimize};
    match task {
        Task::Binary | Task::Multiclass => &[
            ("accuracy", Maximize),
            ("balanced_accuracy", Maximize),
            ("log_loss", Minimize),
            ("roc_auc", Maximize),
            ("average_precision", Maximize),
            ("f1", Maximize),
            ("calibration_error", Minimize),
        ],
        Task::Multilabel => &[
            ("exact_match", Maximize),
            ("hamming_loss", Minimize),
            ("log_loss", Minimize),
            ("roc_auc", Maximize),
            ("average_precision", Maximize),
            ("f1", Maximize),
        ],
        Task::Regression => &[("r2", Maximize), ("rmse", Minimize), ("mae", Minimize)],
    }
}

/// What is sought where nothing is said.
pub(crate) fn default(task: Task) -> &'static str {
    of(task)[0].0
}

/// The names there are for a task.
pub(crate) fn names(task: Task) -> Vec<&'static str> {
    of(task).iter().chain(&ALWAYS).map(|(name, _)| *name).collect()
}

/// What is better, if there is such a metric of any task.
pub(crate) fn direction(name: &str) -> Option<Direction> {
    let tasks = [Task::Multiclass, Task::Multilabel, Task::Regression];
    tasks
        .into_iter()
        .flat_map(of)
        .chain(&ALWAYS)
        .find(|(known, _)| *known == name)
        .map(|(_, direction)| *direction)
}

/// The names there are for any task.
pub(crate) fn all() -> Vec<&'static str> {
    let mut all: Vec<&str> = Vec::new();
    for name in [Task::Multiclass, Task::Multilabel, Task::Regression].into_iter().flat_map(names) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all
}

/// The numbers among the metrics, by name.
pub(crate) fn numbers(metrics: &Metrics) -> serde_json::Map<String, serde_json::Value> {
    let all =
        serde_json::to_value(metrics).ok().and_then(|value| value.as_object().cloned()).unwrap_or_default();
    all.into_iter().filter(|(name, value)| value.is_number() && name != "examples").collect()
}
