//! What the numbers of a training show, in sentences. Each depends on measured numbers, and is not there without them.

use nablab_report::{Lang, counted};

use super::comparison::Headline;
use super::curves::Field;
use super::statistics::wilson;
use super::{history, percent, shown};
use crate::metrics::Metrics;
use crate::run::{Record, Status};
use crate::training::Epoch;

/// Fewer epochs are no curve to read anything from.
const FEWEST_EPOCHS: usize = 10;
/// A smaller rise or fall is none.
const LEAST_CHANGE: f64 = 0.02;
/// A smaller difference of R² between training and validation is usual.
const USUAL_GAP_OF_R2: f64 = 0.1;
/// Values for `--early-stopping` that someone would type.
const PATIENCES: [u64; 8] = [5, 10, 20, 50, 100, 200, 500, 1000];

pub(super) fn findings(record: &Record, lang: Lang) -> Vec<String> {
    let all = [overfitting, still_falling, no_skill, generalisation_gap];
    all.into_iter().filter_map(|finding| finding(record, lang)).collect()
}

/// A curve cut into what is compared: a tenth of it, at least three epochs.
struct Curve<'h> {
    history: &'h [Epoch],
    field: Field,
    window: usize,
}

impl<'h> Curve<'h> {
    fn of(record: &'h Record, field: Field) -> Option<Self> {
        let history = history(record);
        let all = history.len() >= FEWEST_EPOCHS && history.iter().all(|epoch| field(epoch).is_finite());
        all.then(|| Self { history, field, window: (history.len() / 10).max(3) })
    }

    fn mean(&self, range: std::ops::Range<usize>) -> f64 {
        let values = &self.history[range];
        values.iter().map(self.field).sum::<f64>() / values.len() as f64
    }

    /// Over the last epochs.
    fn end(&self) -> f64 {
        self.mean(self.history.len() - self.window..self.history.len())
    }

    /// How much it jumps from epoch to epoch at its end, on average: how it fell at its start is no noise.
    fn jumps(&self) -> f64 {
        let end = &self.history[self.history.len() - 2 * self.window..];
        let jumps = end.windows(2).map(|pair| ((self.field)(&pair[1]) - (self.field)(&pair[0])).abs());
        jumps.sum::<f64>() / (end.len() - 1) as f64
    }

    fn lowest(&self) -> usize {
        let value = |&i: &usize| (self.field)(&self.history[i]);
        // The first of equal ones, as early stopping takes it.
        (0..self.history.len()).min_by(|a, b| value(a).total_cmp(&value(b))).unwrap_or(0)
    }

    /// The epochs around one.
    fn around(&self, i: usize) -> std::ops::Range<usize> {
        let half = self.window / 2;
        i.saturating_sub(half)..(i + half + 1).min(self.history.len())
    }
}

/// The validation loss has risen since its lowest: overfitting if the training loss went on falling.
fn overfitting(record: &Record, lang: Lang) -> Option<String> {
    let validation = Curve::of(record, |e| e.validation_loss)?;
    let train = Curve::of(record, |e| e.train_loss)?;
    let (history, i) = (validation.history, validation.lowest());
    let around = validation.around(i);
    let (lowest, end, before) =
        (history[i].validation_loss, validation.end(), validation.mean(around.clone()));
    let risen = around.end <= history.len() - validation.window
        && end - before > validation.jumps().max(LEAST_CHANGE * before);
    if !risen || lowest <= 0.0 {
        return None;
    }
    let (best, epochs, last) = (history[i].epoch, history.len(), validation.window);
    let rise = percent(end / lowest - 1.0);
    let what = lang.choose(
        format!(
            "The validation loss is lowest at epoch **{best}** of {epochs}; over the last {last} epochs it is on average \
             **{rise} %** higher"
        ),
        format!("验证损失在 {epochs} 轮中的第 **{best}** 轮最低；最后 {last} 轮平均比最低值高 **{rise} %**"),
    );
    if train.end() > train.mean(around) {
        return Some(lang.choose(
            format!(
                "{what}, and the training loss has risen too: a lower `--learning-rate` may be steadier."
            ),
            format!("{what}，训练损失也在上升：降低 `--learning-rate` 可能更稳定。"),
        ));
    }
    let remedy = match (record.settings.validation.patience, patience(history, i)) {
        (0, Some(patience)) => {
            let end = best + patience;
            let ended = (end < epochs as u64).then(|| {
                lang.choose(format!(" and ended after epoch {end}"), format!("并在第 {end} 轮之后结束训练"))
            });
            let ended = ended.unwrap_or_default();
            lang.choose(
                format!(" `--early-stopping {patience}` would have kept epoch {best}{ended}."),
                format!("使用 `--early-stopping {patience}` 会保留第 {best} 轮的参数{ended}。"),
            )
        }
        _ => String::new(),
    };
    Some(lang.choose(
        format!("{what}, while the training loss is lower: a sign of overfitting.{remedy}"),
        format!("{what}，而训练损失更低：这是过拟合的迹象。{remedy}"),
    ))
}

/// The smallest usual patience with which a training would have come to its best epoch.
fn patience(history: &[Epoch], best: usize) -> Option<u64> {
    let (mut lowest, mut since, mut longest) = (f64::INFINITY, 0, 0);
    for epoch in &history[..=best] {
        if epoch.validation_loss < lowest {
            longest = longest.max(epoch.epoch - since);
            (lowest, since) = (epoch.validation_loss, epoch.epoch);
        }
    }
    PATIENCES.into_iter().find(|&patience| patience >= longest)
}

/// A training that came to its last epoch while the loss was falling.
fn still_falling(record: &Record, lang: Lang) -> Option<String> {
    if record.summary.ended != Status::Finished {
        return None;
    }
    let (name, curve) = match Curve::of(record, |e| e.validation_loss) {
        Some(curve) => (lang.choose("validation", "验证"), curve),
        None => (lang.choose("training", "训练"), Curve::of(record, |e| e.train_loss)?),
    };
    let (n, window) = (curve.history.len(), curve.window);
    let (before, end) = (curve.mean(n - 2 * window..n - window), curve.end());
    if !(end > 0.0 && before - end > curve.jumps().max(LEAST_CHANGE * before)) {
        return None;
    }
    let fall = percent(1.0 - end / before);
    Some(lang.choose(
        format!(
            "The {name} loss is still falling: over the last {window} epochs it is on average **{fall} %** lower than over \
             the {window} before. More `--epochs` may bring it further down."
        ),
        format!("{name}损失仍在下降：最后 {window} 轮平均比此前 {window} 轮低 **{fall} %**。增加 `--epochs` 可能使其继续降低。"),
    ))
}

/// No better than an answer that looks at no column.
fn no_skill(record: &Record, lang: Lang) -> Option<String> {
    match record.summary.validation.as_ref()? {
        Metrics::Classification(m) => {
            let (low, _) = Headline::of(record, lang)?.interval?;
            let most = m.per_class.iter().map(|class| class.support).fold(0.0, f64::max);
            let share = most / m.per_class.iter().map(|class| class.support).sum::<f64>();
            let (accuracy, share_shown) = (percent(m.accuracy), percent(share));
            (low <= share).then(|| {
                lang.choose(
                    format!(
                        "Always answering the most frequent class would be right in {share_shown} % of the validation rows; \
                         the network's {accuracy} % cannot be told from that."
                    ),
                    format!("始终回答最常见的类别，在验证行上的正确率为 {share_shown} %；网络的 {accuracy} % 与之没有可辨的差别。"),
                )
            })
        }
        Metrics::Regression(m) => m.r2.filter(|&r2| r2 <= 0.0).map(|r2| {
            let r2 = shown(r2);
            lang.choose(
                format!("On the validation rows R² is {r2}: always predicting their mean would be no worse."),
                format!("验证行上的 R² 为 {r2}：始终预测其均值也不会更差。"),
            )
        }),
        Metrics::Multilabel(_) => None,
    }
}

/// Much better on the rows it learned from than on the others.
fn generalisation_gap(record: &Record, lang: Lang) -> Option<String> {
    let (seen, unseen, rows) = match (&record.summary.train, record.summary.validation.as_ref()?) {
        (Metrics::Classification(train), Metrics::Classification(validation)) => {
            let (_, high) = Headline::of(record, lang)?.interval?;
            // Wilson's interval holds 1 only where all rows are right: the training rows have one of their own.
            let (low, _) = wilson(train.accuracy, train.examples)?;
            if low <= high {
                return None;
            }
            let percent = |v: f64| format!("{} %", percent(v));
            (percent(train.accuracy), percent(validation.accuracy), Some(validation.examples))
        }
        (Metrics::Regression(train), Metrics::Regression(validation)) => {
            let (train, validation) = (train.r2?, validation.r2?);
            if train - validation <= USUAL_GAP_OF_R2 || validation <= 0.0 {
                return None;
            }
            (shown(train), shown(validation), None)
        }
        _ => return None,
    };
    Some(match rows {
        Some(rows) => {
            let counted = counted(rows as u64, "row");
            lang.choose(
                format!(
                    "The network is right in {seen} of the training rows and in {unseen} of the others: more than chance explains \
                     with {counted}. More `--l2`, `--dropout` or data may narrow the gap."
                ),
                format!(
                    "训练行上的准确率为 {seen}，验证行上为 {unseen}：以 {rows} 行而论，差距超出偶然波动。增大 `--l2`、`--dropout` \
                     或增加数据可能缩小差距。"
                ),
            )
        }
        None => lang.choose(
            format!(
                "R² is {seen} on the training rows and {unseen} on the others. More `--l2`, `--dropout` or data may narrow \
                 the gap."
            ),
            format!("训练行上的 R² 为 {seen}，验证行上为 {unseen}。增大 `--l2`、`--dropout` 或增加数据可能缩小差距。"),
        ),
    })
}
