//! Curves over the epochs.

use nablab_engine::Schedule;
use nablab_report::figure::CYCLE;
use nablab_report::{Axis, Block, Figure, Lang, Layer, Section, Stroke};

use super::{history, words};
use crate::epoch::Epoch;
use crate::run::Record;

/// Points of a curve that a figure of 700 pixels can show.
const MOST_POINTS: usize = 400;
/// A loss that falls further than this is drawn on a logarithmic axis.
const WIDE_RANGE: f64 = 30.0;
/// R² is cut off here: the first epochs would leave no room for the others.
const LEAST_R2: f64 = -1.0;

/// A number of an epoch.
pub(super) type Field = fn(&Epoch) -> f64;

/// Loss, metric and learning rate; nothing where there is no more than one epoch.
pub(super) fn section(record: &Record, lang: Lang) -> Option<Section> {
    let history = history(record);
    if history.len() < 2 {
        return None;
    }
    let parts: [(&str, Field, Field); 2] = [
        ("loss", |e| e.train_loss, |e| e.validation_loss),
        ("metric", |e| e.train_metric, |e| e.validation_metric),
    ];
    let mut figures: Vec<Figure> = parts
        .into_iter()
        .map(|(name, train, validation)| {
            let curves = [
                (lang.choose("training", "训练"), train, Stroke::Solid),
                (lang.choose("validation", "验证"), validation, Stroke::Dashed),
            ];
            let layers = curves
                .into_iter()
                .zip(CYCLE)
                .filter_map(|((label, field, stroke), color)| line(history, field, label, color, stroke));
            let (label, caption) = match name {
                "loss" => (lang.choose("loss", "损失"), sample_caption(lang).to_owned()),
                _ => (words::of_epoch(record.summary.task, lang), metric_caption(record, lang)),
            };
            let mut figure = figure(name, label, layers.collect(), lang);
            figure.caption = caption;
            if let Some(kept) = record.summary.best_epoch {
                mark(&mut figure, kept, lang);
            }
            figure
        })
        .collect();
    if record.settings.training.schedule != Schedule::Constant {
        let layers = line(history, |e| e.learning_rate, "", CYCLE[0], Stroke::Solid);
        let label = lang.choose("learning rate", "学习率");
        let mut figure = figure("learning-rate", label, layers.into_iter().collect(), lang);
        figure.caption =
            lang.choose("The learning rate of each epoch's last step.", "每轮最后一步的学习率。").into();
        figures.push(figure);
    }
    Some(super::section("curves", lang.choose("Curves", "曲线"), vec![Block::Figures(figures)]))
}

fn sample_caption(lang: Lang) -> &'static str {
    lang.choose(
        "After each epoch, without penalty and dropout; training: on a fixed sample of the rows.",
        "每轮结束之后，不含惩罚项和 dropout；训练：在固定的部分训练行上计算。",
    )
}

fn metric_caption(record: &Record, lang: Lang) -> String {
    let train = sample_caption(lang);
    let lowest = history(record).iter().flat_map(|e| [e.train_metric, e.validation_metric]);
    let cut = words::of_epoch(record.summary.task, lang) == "R²" && lowest.fold(0.0, f64::min) < LEAST_R2;
    let below = cut.then(|| lang.choose("Values below −1 are not shown.", "低于 −1 的值未画出。").to_owned());
    words::join(&[Some(train.to_owned()), below].into_iter().flatten().collect::<Vec<_>>(), lang)
}

/// A curve; none where there is nothing to draw.
pub(super) fn line(
    history: &[Epoch],
    field: Field,
    label: &str,
    color: &str,
    stroke: Stroke,
) -> Option<Layer> {
    let points: Vec<_> = history.iter().map(|epoch| (epoch.epoch as f64, field(epoch))).collect();
    points.iter().any(|point| point.1.is_finite()).then(|| Layer::Line {
        label: (!label.is_empty()).then(|| label.to_owned()),
        points: thinned(&points, MOST_POINTS),
        color: color.to_owned(),
        width: 1.5,
        stroke,
    })
}

/// Curves over the epochs with axes that suit them; `name` is `loss` or begins so where a logarithmic axis makes sense.
pub(super) fn figure(name: &str, label: &str, layers: Vec<Layer>, lang: Lang) -> Figure {
    let values = || layers.iter().flat_map(points).map(|p| p.1).filter(|v| v.is_finite());
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
        title: None,
        x: Axis::labelled(lang.choose("epoch", "轮")),
        y: Axis { limits, log, ..Axis::labelled(label) },
        layers,
        caption: String::new(),
    }
}

/// A line down at an epoch.
fn mark(figure: &mut Figure, epoch: u64, lang: Lang) {
    let Some((low, high)) = figure.y.limits else { return };
    figure.layers.push(Layer::Line {
        label: Some(lang.choose(format!("epoch {epoch}, kept"), format!("第 {epoch} 轮，保留"))),
        points: vec![(epoch as f64, low), (epoch as f64, high)],
        color: "#808080".into(),
        width: 1.2,
        stroke: Stroke::Dotted,
    });
}

fn points(layer: &Layer) -> &[(f64, f64)] {
    match layer {
        Layer::Line { points, .. } => points,
        _ => &[],
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
