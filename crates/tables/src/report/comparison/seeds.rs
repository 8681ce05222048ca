//! Runs that differ only in their seed: the mean over them and how far that can be trusted.

use nablab_data::prepare::Task;
use nablab_engine::Seed;
use serde::Serialize;

use super::Compared;
use crate::Settings;
use crate::run::Record;
use nablab_statistics::{mean_and_deviation, t_interval};

/// Runs that differ only in their seed.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OverSeeds {
    /// Their names.
    pub runs: Vec<String>,
    /// Their headline number.
    pub name: &'static str,
    /// It is of held-out rows.
    pub validation: bool,
    /// Its mean over the runs.
    pub mean: f64,
    /// Its standard deviation over the runs.
    pub deviation: f64,
    /// Student's 95 % interval of the mean, within what the number can be.
    pub interval: (f64, f64),
}

pub(super) fn over_seeds(runs: &[Compared], records: &[Record]) -> Vec<OverSeeds> {
    let mut groups: Vec<(Settings, Vec<usize>)> = Vec::new();
    for (i, record) in records.iter().enumerate() {
        let mut settings = record.settings.clone();
        settings.training.seed = Seed::Streams(0);
        match groups.iter_mut().find(|(theirs, _)| *theirs == settings) {
            Some((_, group)) => group.push(i),
            None => groups.push((settings, vec![i])),
        }
    }
    groups.iter().filter_map(|(_, group)| over(runs, records, group)).collect()
}

fn over(runs: &[Compared], records: &[Record], group: &[usize]) -> Option<OverSeeds> {
    // A recipe trained twice is one sample, not two.
    let seeds: Vec<Seed> = group.iter().map(|&i| records[i].settings.training.seed).collect();
    let once: Vec<usize> =
        (0..group.len()).filter(|&k| !seeds[..k].contains(&seeds[k])).map(|k| group[k]).collect();
    let headlines = once.iter().map(|&i| runs[i].headline.as_ref()).collect::<Option<Vec<_>>>()?;
    let values: Vec<f64> = headlines.iter().map(|headline| headline.value).collect();
    let (mean, deviation) = mean_and_deviation(&values)?;
    Some(OverSeeds {
        runs: once.iter().map(|&i| runs[i].name.clone()).collect(),
        name: headlines[0].name,
        validation: headlines[0].validation,
        mean,
        deviation,
        interval: within_range(t_interval(&values)?, runs[once[0]].task),
    })
}

/// No headline number is above 1, and a share is not below 0.
fn within_range((low, high): (f64, f64), task: Task) -> (f64, f64) {
    let least = if task == Task::Regression { f64::NEG_INFINITY } else { 0.0 };
    (low.max(least), high.min(1.0))
}
