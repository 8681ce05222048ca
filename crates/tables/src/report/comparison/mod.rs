//! Several runs beside each other.

mod page;
mod seeds;

use std::path::PathBuf;

use nablab_data::prepare::Task;
use nablab_report::{Document, Lang};
use serde::Serialize;

use crate::Settings;
use crate::metrics::Metrics;
use crate::recipe::{Difference, Validation, differences};
use crate::run::{Record, Status};
use nablab_statistics::wilson;

pub use seeds::OverSeeds;

/// Several runs beside each other, as plain data; serialised it is `nablab.comparison/1`.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// `nablab.comparison/1`.
    pub schema: &'static str,
    /// All runs predict the same kind of thing from the same columns, so that their metrics can be compared.
    pub same_target: bool,
    /// All are judged on the same rows.
    pub same_rows: bool,
    /// In the order given.
    pub runs: Vec<Compared>,
    /// The settings in which the runs differ.
    pub settings: Vec<Difference>,
    /// Runs that differ only in their seed.
    pub seeds: Vec<OverSeeds>,
    #[serde(skip)]
    records: Vec<Record>,
}

/// A run of a comparison.
#[derive(Clone, Debug, Serialize)]
pub struct Compared {
    /// Of the run.
    pub name: String,
    /// Its folder.
    pub folder: PathBuf,
    /// Kind of the prediction.
    pub task: Task,
    /// How it ended.
    pub ended: Status,
    /// Epochs done.
    pub epochs: u64,
    /// The epoch whose parameters were kept, where that is not the last.
    pub best_epoch: Option<u64>,
    /// Time of the training.
    pub seconds: f64,
    /// Parameters of the network.
    pub parameters: usize,
    /// Features after encoding.
    pub features: usize,
    /// Rows learned from.
    pub train_rows: usize,
    /// Rows judged on.
    pub validation_rows: usize,
    /// The one number to compare by.
    pub headline: Option<Headline>,
    /// The model on the rows it learned from.
    pub train: Metrics,
    /// The model on the rows held out.
    pub validation: Option<Metrics>,
}

/// The one number to compare by: of the held-out rows if there are any.
#[derive(Clone, Debug, Serialize)]
pub struct Headline {
    /// Accuracy, all labels right, or R².
    pub name: &'static str,
    /// Of held-out rows.
    pub validation: bool,
    /// The number.
    pub value: f64,
    /// Wilson's 95 % interval of a share of held-out rows.
    pub interval: Option<(f64, f64)>,
    /// Why there is none.
    pub no_interval: Option<NoInterval>,
}

/// Why a number has no confidence interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoInterval {
    /// It is of the rows the network learned from.
    Training,
    /// It is no share of rows, and the predictions are not kept.
    NoShare,
    /// The rows do not count the same.
    Weighted,
    /// The rows of a group are not independent.
    Grouped,
}

impl NoInterval {
    pub(super) fn sentence(self, name: &str, lang: Lang) -> String {
        match self {
            Self::Training => lang.choose(
                "No rows were held out: the numbers say nothing of other rows.".into(),
                "没有留出验证行：这些数值不能说明在新数据上的表现。".into(),
            ),
            Self::NoShare => lang.choose(
                format!("No confidence interval is given for {name}: it would need the predictions, which a run does not keep."),
                format!("{name} 未给出置信区间：这需要逐行的预测值，而运行目录中不保存预测值。"),
            ),
            Self::Weighted => lang.choose(
                format!("No confidence interval is given for the {name}: the rows do not count the same."),
                format!("{name}未给出置信区间：各行权重不同。"),
            ),
            Self::Grouped => lang.choose(
                format!("No confidence interval is given for the {name}: rows of one group are not independent."),
                format!("{name}未给出置信区间：同组的行并不独立。"),
            ),
        }
    }
}

impl Headline {
    /// Of a run; none where its metric is undefined.
    pub fn of(record: &Record, lang: Lang) -> Option<Self> {
        let Record { settings, summary, .. } = record;
        let judged = summary.validation.as_ref().unwrap_or(&summary.train);
        let (name, value) = super::words::metrics(judged, lang).into_iter().next()?;
        let examples = match judged {
            Metrics::Classification(m) => Some(m.examples),
            Metrics::Multilabel(m) => Some(m.examples),
            Metrics::Regression(_) => None,
        };
        let validation = summary.validation.is_some();
        let (value, interval) = (value?, |n: usize| wilson(value?, n as f64));
        let (interval, no_interval) = match examples {
            _ if !validation => (None, Some(NoInterval::Training)),
            None => (None, Some(NoInterval::NoShare)),
            _ if settings.data.weight.is_some() => (None, Some(NoInterval::Weighted)),
            _ if settings.validation.group.is_some() => (None, Some(NoInterval::Grouped)),
            Some(n) => (interval(n), None),
        };
        Some(Self { name, validation, value, interval, no_interval })
    }
}

impl Comparison {
    /// Of runs with their names and folders.
    pub fn new(runs: Vec<(String, PathBuf, Record)>) -> Self {
        let mut records = Vec::new();
        let mut compared = Vec::new();
        for (name, folder, record) in runs {
            let summary = &record.summary;
            compared.push(Compared {
                name,
                folder,
                task: summary.task,
                ended: summary.ended,
                epochs: summary.epochs,
                best_epoch: summary.best_epoch,
                seconds: summary.seconds,
                parameters: summary.parameters,
                features: summary.features,
                train_rows: summary.train_rows,
                validation_rows: summary.validation_rows,
                headline: Headline::of(&record, Lang::En),
                train: summary.train.clone(),
                validation: summary.validation.clone(),
            });
            records.push(record);
        }
        let settings: Vec<&Settings> = records.iter().map(|record| &record.settings).collect();
        let target = |record: &Record| (record.summary.task, record.settings.data.target.clone());
        Self {
            schema: "nablab.comparison/1",
            same_target: all_same(records.iter().map(target)),
            same_rows: all_same(records.iter().map(judged_on)),
            settings: differences(&settings),
            seeds: seeds::over_seeds(&compared, &records),
            runs: compared,
            records,
        }
    }

    /// As a page.
    pub fn document(&self, lang: Lang) -> Document {
        page::document(self, lang)
    }
}

/// What decides which rows a run is judged on.
fn judged_on(record: &Record) -> impl PartialEq {
    let Settings { data, validation, training } = &record.settings;
    // Another table to judge on, and the last rows, are the same whatever the seed.
    let seed = (validation.file.is_none() && validation.by.is_none()).then_some(training.seed);
    let Validation { share, file, group, by, .. } = validation.clone();
    let validation = (share.to_bits(), file, group, by);
    (data.file.clone(), data.target.clone(), validation, seed, record.summary.validation_rows)
}

fn all_same<T: PartialEq>(mut values: impl Iterator<Item = T>) -> bool {
    let first = values.next();
    values.all(|value| Some(value) == first)
}
