//! Curves over the epochs.

use nablab_engine::Schedule;
use nablab_report::figure::CYCLE;
use nablab_report::{Axis, Block, Figure, Lang, Layer, Section, Stroke, counted};
use nablab_statistics::wilson;

use super::{Headline, history, words};
use crate::epoch::Epoch;
use crate::metrics::Metrics;
use crate::monitor::sample_size;
use crate::run::{Record, Status, Summary};

/// Points of a curve that a figure of 700 pixels can show.
const MOST_POINTS: usize = 400;
/// A loss that falls further than this is drawn on a logarithmic axis.
const WIDE_RANGE: f64 = 30.0;
/// R² is cut off here: the first epochs would leave no room for the others.
const LEAST_R2: f64 = -1.0;
/// So many rows speak for all: of a share the standard error is below 0.016.
pub(super) const ENOUGH_ROWS: usize = 1000;
/// Area of the point that stands for all rows.
const ALL_ROWS: f64 = 60.0;

/// A number of an epoch.
pub(super) type Field = fn(&Epoch) -> f64;

/// Loss, metric and learning rate; nothing where there is no more than one epoch.
pub(super) fn section(record: &Record, lang: Lang) -> Option<Section> {
    let history = history(record);
    if history.len() < 2 {
        return None;
    }
    let mut figures = vec![loss(record, lang), metric(record, lang)];
    if record.settings.training.schedule != Schedule::Constant {
        let layers = line(history, |e| e.learning_rate, "", CYCLE[0], Stroke::Solid);
        let label = lang.choose("learning rate", "学习率");
        let mut figure = figure("learning-rate", label, layers, lang);
        figure.caption =
            lang.choose("The learning rate of each epoch's last step.", "每轮最后一步的学习率。").into();
        figures.push(figure);
    }
    Some(super::section("curves", lang.choose("Curves", "曲线"), vec![Block::Figures(figures)]))
}

/// Rows behind the curves: of the training rows judged after each epoch, and of those held out.
struct Rows {
    sample: usize,
    validation: usize,
    /// Too few to speak for all training rows.
    is_small: bool,
}

impl Rows {
    fn of(record: &Record) -> Self {
        let Summary { train_rows, validation_rows, .. } = record.summary;
        let sample = sample_size(train_rows, (validation_rows > 0).then_some(validation_rows));
        Self { sample, validation: validation_rows, is_small: sample < train_rows && sample < ENOUGH_ROWS }
    }

    fn named(&self, lang: Lang) -> [String; 2] {
        let (training, validation) = (lang.choose("training", "训练"), lang.choose("validation", "验证"));
        let few = |name: &str, rows: usize| {
            lang.choose(format!("{name}, {}", counted(rows as u64, "row")), format!("{name}，{rows} 行"))
        };
        match self.is_small {
            true => [few(training, self.sample), few(validation, self.validation)],
            false => [training.to_owned(), validation.to_owned()],
        }
    }
}

/// Losses. Where the sample of the training rows is small, what is minimised speaks for them, which is a mean over them all.
fn loss(record: &Record, lang: Lang) -> Figure {
    let (history, rows) = (history(record), Rows::of(record));
    let [training, validation] = rows.named(lang);
    let train: (Field, String) = match rows.is_small {
        true => (|e| e.cost, lang.choose("training, all rows", "训练，全部行").to_owned()),
        false => (|e| e.train_loss, training),
    };
    let mut layers = line(history, train.0, &train.1, CYCLE[0], Stroke::Solid);
    layers.extend(line(history, |e| e.validation_loss, &validation, CYCLE[1], Stroke::Dashed));
    let mut figure = figure("loss", lang.choose("loss", "损失"), layers, lang);
    let mut caption = vec![match rows.is_small {
        true => lang.choose(
            "Training: what is minimised, a mean over all rows while they are learned from, with penalty and dropout.".into(),
            "训练：被最小化的代价，为训练过程中全部行的平均值，含惩罚项和 dropout。".into(),
        ),
        false => sample_caption(&rows, lang),
    }];
    if rows.is_small && rows.validation > 0 {
        caption.push(lang.choose(
            "Validation: after each epoch, without either.".into(),
            "验证：每轮结束之后，不含二者。".into(),
        ));
    }
    figure.caption = words::join(&caption, lang);
    let (lowest, kept) = (lowest(history), kept(record));
    let is_same = lowest == kept;
    if let Some(lowest) = lowest.filter(|_| !is_same) {
        let label = lang.choose(
            format!("lowest validation loss: epoch {lowest}"),
            format!("验证损失最低：第 {lowest} 轮"),
        );
        figure.layers.push(Layer::Mark { at: lowest as f64, label });
    }
    figure.layers.extend(kept.filter(|_| lowest.is_some()).map(|kept| kept_mark(kept, lang)));
    figure
}

/// The share of right answers, or R². Of few rows, chance alone moves the share: a band says how far.
fn metric(record: &Record, lang: Lang) -> Figure {
    let (history, rows) = (history(record), Rows::of(record));
    let label = words::of_epoch(record.summary.task, lang);
    let names = rows.named(lang);
    let curves: [(Field, usize, Stroke); 2] = [
        (|e| e.train_metric, rows.sample, Stroke::Solid),
        (|e| e.validation_metric, rows.validation, Stroke::Dashed),
    ];
    // Where a share has an interval at all.
    let headline = Headline::of(record, lang);
    let has_bands = rows.is_small && headline.is_some_and(|headline| headline.interval.is_some());
    let (mut bands, mut layers) = (Vec::new(), Vec::new());
    for ((name, color), (field, rows, stroke)) in names.iter().zip(CYCLE).zip(curves) {
        if has_bands {
            bands.extend(band(history, field, rows, color));
        }
        layers.extend(line(history, field, name, color, stroke));
    }
    let mut caption = vec![sample_caption(&rows, lang)];
    let lowest = history.iter().flat_map(|e| [e.train_metric, e.validation_metric]).fold(0.0, f64::min);
    if label == "R²" && lowest < LEAST_R2 {
        caption.push(lang.choose("Values below −1 are not shown.", "低于 −1 的值未画出。").to_owned());
    }
    if let (true, Some(kept), Metrics::Classification(all)) = (has_bands, kept(record), &record.summary.train)
    {
        let name = lang.choose(
            format!("all {} training rows", record.summary.train_rows),
            format!("全部 {} 个训练行", record.summary.train_rows),
        );
        layers.push(Layer::Dots {
            label: Some(name),
            points: vec![(kept as f64, all.accuracy)],
            color: CYCLE[2].to_owned(),
            area: ALL_ROWS,
        });
    }
    if has_bands {
        caption.push(
            lang.choose(
                "So few rows say little: each band is the 95 % confidence interval (Wilson's) of its share."
                    .to_owned(),
                "行数很少，比例受偶然影响很大：色带为各比例的 95 % 置信区间（Wilson）。".to_owned(),
            ),
        );
    }
    let mut figure = figure("metric", label, bands.into_iter().chain(layers).collect(), lang);
    figure.caption = words::join(&caption, lang);
    figure.layers.extend(record.summary.best_epoch.map(|kept| kept_mark(kept, lang)));
    figure
}

/// Confidence intervals of shares of so many rows.
fn band(history: &[Epoch], field: Field, rows: usize, color: &str) -> Option<Layer> {
    let all = history.iter().filter_map(|epoch| {
        let (low, high) = wilson(field(epoch), rows as f64)?;
        Some((epoch.epoch as f64, low, high))
    });
    let points: Vec<_> = all.collect();
    // A band is wide: what a figure can show of it is less than of a curve.
    let every = points.len().div_ceil(MOST_POINTS).max(1);
    let points: Vec<_> = points.into_iter().step_by(every).collect();
    (points.len() > 1).then(|| Layer::Band { points, color: color.to_owned() })
}

fn sample_caption(rows: &Rows, lang: Lang) -> String {
    let of = lang.choose(
        match rows.is_small {
            true => format!("always the same {} of the training rows", rows.sample),
            false => "on a fixed sample of the rows".to_owned(),
        },
        match rows.is_small {
            true => format!("始终是同样的 {} 个训练行", rows.sample),
            false => "在固定的部分训练行上计算".to_owned(),
        },
    );
    lang.choose(
        format!("After each epoch, without penalty and dropout; training: {of}."),
        format!("每轮结束之后，不含惩罚项和 dropout；训练：{of}。"),
    )
}

/// The epoch whose parameters are kept: the best if the training looked for it, else the last; none where it broke off.
fn kept(record: &Record) -> Option<u64> {
    let is_whole = matches!(record.summary.ended, Status::Finished | Status::Converged);
    record.summary.best_epoch.or(is_whole.then_some(record.summary.epochs))
}

/// The epoch after which the validation loss was lowest.
fn lowest(history: &[Epoch]) -> Option<u64> {
    let judged = history.iter().filter(|epoch| epoch.validation_loss.is_finite());
    judged.min_by(|a, b| a.validation_loss.total_cmp(&b.validation_loss)).map(|epoch| epoch.epoch)
}

fn kept_mark(epoch: u64, lang: Lang) -> Layer {
    let label = lang.choose(format!("kept: epoch {epoch}"), format!("保留：第 {epoch} 轮"));
    Layer::Mark { at: epoch as f64, label }
}

/// A curve; none where there is nothing to draw.
pub(super) fn line(history: &[Epoch], field: Field, label: &str, color: &str, stroke: Stroke) -> Vec<Layer> {
    line_of(history.iter().map(|epoch| (epoch.epoch as f64, field(epoch))).collect(), label, color, stroke)
}

/// The same of points.
pub(super) fn line_of(points: Vec<(f64, f64)>, label: &str, color: &str, stroke: Stroke) -> Vec<Layer> {
    if points.iter().all(|point| !point.1.is_finite()) {
        return Vec::new();
    }
    Layer::curve((!label.is_empty()).then_some(label), thinned(&points, MOST_POINTS), color, stroke)
}

/// Curves over the epochs with axes that suit them; `name` is `loss` or begins so where a logarithmic axis makes sense.
pub(super) fn figure(name: &str, label: &str, layers: Vec<Layer>, lang: Lang) -> Figure {
    let values = || layers.iter().flat_map(values).filter(|v| v.is_finite());
    let (low, high) = values().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| (l.min(v), h.max(v)));
    let log = name.starts_with("loss") && low > 0.0 && high / low > WIDE_RANGE;
    let low = if label == "R²" { low.max(LEAST_R2.min(high)) } else { low };
    let limits = (low <= high).then(|| {
        let (from, to) = if log { (low.log10(), high.log10()) } else { (low, high) };
        // A flat curve still needs an axis around it.
        let margin = if to > from { 0.05 * (to - from) } else { 0.05 * from.abs().max(0.2) };
        let back = |v: f64| if log { 10_f64.powf(v) } else { v };
        (back(from - margin), back(to + margin))
    });
    Figure {
        name: name.to_owned(),
        x: Axis { whole: true, ..Axis::labelled(lang.choose("epoch", "轮")) },
        y: Axis { limits, log, ..Axis::labelled(label) },
        layers,
        ..Figure::default()
    }
}

/// What the axis must hold.
fn values(layer: &Layer) -> Vec<f64> {
    match layer {
        Layer::Line { points, .. } | Layer::Dots { points, .. } => points.iter().map(|p| p.1).collect(),
        Layer::Band { points, .. } => points.iter().flat_map(|p| [p.1, p.2]).collect(),
        _ => Vec::new(),
    }
}

/// At most `most` of the points: of each stretch the lowest and the highest, so that no spike is lost, and both ends.
fn thinned(points: &[(f64, f64)], most: usize) -> Vec<(f64, f64)> {
    if points.len() <= most {
        return points.to_vec();
    }
    let ends = [0, points.len() - 1];
    let stretch = points.len().div_ceil((most - ends.len()) / 2);
    let extremes = points.chunks(stretch).enumerate().flat_map(|(k, chunk)| {
        let by = |a: &usize, b: &usize| chunk[*a].1.total_cmp(&chunk[*b].1);
        // Not-a-number is no extreme.
        let finite = || (0..chunk.len()).filter(|&i| chunk[i].1.is_finite());
        [finite().min_by(by), finite().max_by(by)].into_iter().flatten().map(move |i| k * stretch + i)
    });
    let mut kept: Vec<usize> = extremes.chain(ends).collect();
    kept.sort_unstable();
    kept.dedup();
    kept.into_iter().map(|i| points[i]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_keeps_both_ends_and_every_extreme() {
        let mut points: Vec<_> = (0..10_000).map(|i| (f64::from(i), 1.0 / f64::from(i + 1))).collect();
        (points[1234].1, points[8765].1, points[5000].1) = (7.0, -3.0, f64::NAN);
        let thin = thinned(&points, 400);
        assert!(thin.len() <= 400 && thin.len() > 300, "{}", thin.len());
        for i in [0, 1234, 8765, 9999] {
            assert!(thin.contains(&points[i]), "{i}");
        }
        assert!(thin.windows(2).all(|pair| pair[0].0 < pair[1].0));
        assert_eq!(thinned(&points[..400], 400).len(), 400);
    }
}
