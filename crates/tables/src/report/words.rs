//! Names of things, in both languages.

use nablab_data::prepare::{Outside, Seen, Task};
use nablab_data::readable;
use nablab_report::{Lang, number};

use crate::metrics::Metrics;

/// The numbers that are shown of metrics, by name.
///
/// ```
/// use nablab_tables::metrics::{Metrics, regression};
/// use nablab_report::Lang;
/// let of = Metrics::Regression(regression(&[1.0, 3.0], &[1.0, 2.0], 1, None)?);
/// assert_eq!(nablab_tables::report::metrics(&of, Lang::En)[2], ("MAE", Some(0.5)));
/// # Ok::<(), nablab_tables::metrics::MetricsError>(())
/// ```
pub fn metrics(metrics: &Metrics, lang: Lang) -> Vec<(&'static str, Option<f64>)> {
    match metrics {
        Metrics::Classification(m) => vec![
            (lang.choose("accuracy", "准确率"), Some(m.accuracy)),
            (lang.choose("balanced accuracy", "平衡准确率"), Some(m.balanced_accuracy)),
            ("F1", Some(m.f1)),
            ("ROC AUC", m.roc_auc),
            ("PR AUC", m.average_precision),
            (lang.choose("log-loss", "对数损失"), Some(m.log_loss)),
            (lang.choose("calibration error", "校准误差"), Some(m.calibration_error)),
        ],
        Metrics::Multilabel(m) => vec![
            (lang.choose("all labels right", "全部标签正确率"), Some(m.exact_match)),
            (lang.choose("wrong labels", "汉明损失"), Some(m.hamming_loss)),
            ("F1", Some(m.f1)),
            ("ROC AUC", m.roc_auc),
            ("PR AUC", m.average_precision),
            (lang.choose("log-loss", "对数损失"), Some(m.log_loss)),
        ],
        Metrics::Regression(m) => {
            vec![("R²", m.r2), ("RMSE", Some(m.rmse)), ("MAE", Some(m.mae))]
        }
    }
}

/// What rows have that the training rows had not, a sentence each.
///
/// ```
/// use nablab_data::prepare::Seen;
/// use nablab_report::Lang;
/// let seen = Seen { absent: vec!["age".to_owned()], ..Seen::default() };
/// let said = nablab_tables::report::seen(&seen, "the rows", Lang::En);
/// assert_eq!(said, ["there is no column age; every value of it counts as missing"]);
/// ```
pub fn seen(seen: &Seen, rows: &str, lang: Lang) -> Vec<String> {
    let absent = seen.absent.iter().map(|name| {
        let name = readable(name);
        lang.choose(
            format!("there is no column {name}; every value of it counts as missing"),
            format!("没有列 {name}；它的所有值都视为缺失"),
        )
    });
    let unknown = seen.unknown.iter().map(|(name, count, example)| {
        let (name, example) = (readable(name), readable(example));
        lang.choose(
            format!(
                "column {name}: {count} of {rows} have a text that the training had not, such as {example:?}"
            ),
            format!("列 {name}：{rows}中有 {count} 行的文本在训练中没有出现过，例如 {example:?}"),
        )
    });
    let missing = seen.missing.iter().map(|(name, count)| {
        let name = readable(name);
        lang.choose(
            format!("column {name}: {count} of {rows} have no value, while the training had them all"),
            format!("列 {name}：{rows}中有 {count} 行缺失，而训练行没有缺失"),
        )
    });
    let outside = seen.outside.iter().map(|outside| {
        let Outside { column, rows: count, is_far, example, learned: [low, high] } = outside;
        let column = readable(column);
        match is_far {
            true => lang.choose(
                format!("column {column}: {count} of {rows} are far outside what was learned from ({low} to {high}): {example}"),
                format!("列 {column}：{rows}中有 {count} 行远在训练范围（{low} 到 {high}）之外：{example}"),
            ),
            false => lang.choose(
                format!(
                    "column {column}: {count} of {rows} are outside what was learned from ({low} to {high}), more than chance \
                     explains; the furthest is {example}"
                ),
                format!(
                    "列 {column}：{rows}中有 {count} 行在训练范围（{low} 到 {high}）之外，超出偶然；最远的是 {example}"
                ),
            ),
        }
    });
    absent.chain(unknown).chain(missing).chain(outside).collect()
}

/// The metric that is computed after each epoch.
pub(super) fn of_epoch(task: Task, lang: Lang) -> &'static str {
    match task {
        Task::Binary | Task::Multiclass => lang.choose("accuracy", "准确率"),
        Task::Multilabel => lang.choose("share of labels right", "标签正确率"),
        Task::Regression => "R²",
    }
}

pub(super) fn task(task: Task, lang: Lang) -> &'static str {
    match task {
        Task::Binary => lang.choose("two classes", "二分类"),
        Task::Multiclass => lang.choose("several classes", "多分类"),
        Task::Multilabel => lang.choose("several labels", "多标签分类"),
        Task::Regression => lang.choose("regression", "回归"),
    }
}

/// The most names that stand in a sentence or a cell.
const MOST_NAMES: usize = 12;

/// Names as code, and how many more there are.
pub(super) fn names(all: &[String], lang: Lang) -> String {
    let mut shown: Vec<_> = all.iter().take(MOST_NAMES).map(|name| format!("`{name}`")).collect();
    if let Some(more) = all.len().checked_sub(MOST_NAMES).filter(|&more| more > 0) {
        shown.push(lang.choose(format!("and {more} more"), format!("等共 {} 个", all.len())));
    }
    shown.join(lang.choose(", ", "、"))
}

pub(super) fn duration(seconds: f64, lang: Lang) -> String {
    let (value, en, zh) = match seconds {
        s if s < 120.0 => (s, "s", "秒"),
        s if s < 7200.0 => (s / 60.0, "min", "分钟"),
        s => (s / 3600.0, "h", "小时"),
    };
    format!("{} {}", number(value, 2), lang.choose(en, zh))
}

/// Sentences after each other.
pub(super) fn join(sentences: &[String], lang: Lang) -> String {
    sentences.join(lang.choose(" ", ""))
}
