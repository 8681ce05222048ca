//! What the layers did, over the epochs.

use nablab_diagnosis::{Evidence, Reading};
use nablab_engine::signals::{Histogram, LayerSignals};
use nablab_report::figure::CYCLE;
use nablab_report::{Axis, Block, Figure, Lang, Layer, Section, Stroke};

use super::{curves, section};

/// More layers would be more lines than can be told apart.
const MOST_LAYERS: usize = 10;
/// More classes, too.
const MOST_CLASSES: usize = 10;

type Field = fn(&LayerSignals) -> f64;
type Spread = fn(&LayerSignals) -> &Histogram;

/// Small figures over the epochs, a line for each layer; the classes predicted; histograms of the first and the last
/// reading. A run has files of its own.
pub(super) fn signals(evidence: &Evidence, is_run: bool, lang: Lang) -> Option<Section> {
    let readings = &evidence.signals;
    let layers = readings.first()?.signals.layers.len();
    if readings.len() < 2 || layers > MOST_LAYERS {
        return None;
    }
    let all: [(&str, &str, &str, Field); 6] = [
        ("spread", "spread of the outputs", "输出的标准差", |l| l.deviation),
        ("gradient", "size of the weights' gradient", "权重梯度的均方根", |l| l.gradient),
        ("moved", "distance from the start", "与初始权重的相对距离", |l| l.moved),
        ("update", "last step / size of the weights", "最后一步与权重大小之比", |l| l.update),
        ("idle", "share of dead or saturated units", "死亡或饱和单元的比例", |l| {
            (l.dead + l.saturated) as f64 / l.units as f64
        }),
        ("always-on", "share of units that are always on", "始终激活的单元的比例", |l| {
            l.always_on as f64 / l.units as f64
        }),
    ];
    let figures = all.into_iter().filter_map(|(name, en, zh, field)| {
        let of = |l: usize| points(readings, |r| r.signals.layers.get(l).map_or(f64::NAN, field));
        // One point is no curve: a short training knows of no step but its last.
        let is_curve = of(0).iter().filter(|point| point.1.is_finite()).count() > 1;
        let lines = (0..layers).flat_map(|l| curve(&layer_name(l, layers, lang), of(l), l));
        is_curve.then(|| curves::figure(name, lang.choose(en, zh), lines.collect(), lang))
    });
    let mut figures: Vec<Figure> = figures.collect();
    figures.extend(predicted(evidence, readings, lang));
    let blocks = vec![
        Block::Paragraph(lang.choose(
            format!(
                "Measured on {} training rows, without dropout, before the first step and now and then on the way{}",
                readings[0].examples,
                if is_run { "; `signals.csv` has more." } else { "." }
            ),
            format!(
                "在 {} 个训练行上测得（关闭 dropout），第一步之前以及训练途中若干次{}",
                readings[0].examples,
                if is_run { "；更多数值见 `signals.csv`。" } else { "。" }
            ),
        )),
        Block::Figures(figures),
        Block::Details {
            summary: lang
                .choose(
                    "How outputs, weights and gradient are spread in each layer: before the first step (dashed), at the end",
                    "各层的输出、权重和梯度的分布：第一步之前（虚线）与结束时",
                )
                .into(),
            blocks: vec![Block::Figures(histograms(readings, layers, lang))],
        },
    ];
    Some(section("signals", lang.choose("Inside the network", "网络内部"), blocks))
}

fn layer_name(l: usize, layers: usize, lang: Lang) -> String {
    match l + 1 == layers {
        true => lang.choose("output", "输出层").to_owned(),
        false => lang.choose(format!("hidden {}", l + 1), format!("隐藏层 {}", l + 1)),
    }
}

fn points(readings: &[Reading], value: impl Fn(&Reading) -> f64) -> Vec<(f64, f64)> {
    readings.iter().map(|reading| (reading.epoch as f64, value(reading))).collect()
}

/// Of readings.
fn curve(label: &str, points: Vec<(f64, f64)>, number: usize) -> Vec<Layer> {
    // Where the colours are used up, the strokes go on.
    let stroke = [Stroke::Solid, Stroke::Dashed, Stroke::Dotted][number / CYCLE.len() % 3];
    Layer::curve(Some(label), points, CYCLE[number % CYCLE.len()], stroke)
}

/// How often each class is predicted.
fn predicted(evidence: &Evidence, readings: &[Reading], lang: Lang) -> Option<Figure> {
    let classes = &evidence.classes;
    if classes.is_empty() || classes.len() > MOST_CLASSES || readings[0].signals.predicted.is_empty() {
        return None;
    }
    let lines = classes.iter().enumerate().flat_map(|(k, class)| {
        let share = |r: &Reading| r.signals.predicted.get(k).copied().unwrap_or(f64::NAN);
        curve(&class.name, points(readings, share), k)
    });
    let label = lang.choose("share of rows predicted to be", "预测为各类别的比例");
    Some(curves::figure("predicted", label, lines.collect(), lang))
}

fn histograms(readings: &[Reading], layers: usize, lang: Lang) -> Vec<Figure> {
    let (first, last) = (&readings[0], &readings[readings.len() - 1]);
    let all: [(&str, &str, &str, Spread); 3] = [
        ("outputs", "outputs", "输出", |l| &l.outputs),
        ("weights", "weights", "权重", |l| &l.weight),
        ("slopes", "gradient", "梯度", |l| &l.slope),
    ];
    let figure = |l: usize, (name, en, zh, of): (&str, &str, &str, Spread)| {
        let ends = [(first, Stroke::Dashed), (last, Stroke::Solid)];
        let lines = ends.map(|(reading, stroke)| Layer::Line {
            label: None,
            points: outline(of(&reading.signals.layers[l])),
            color: CYCLE[l % CYCLE.len()].to_owned(),
            width: 1.5,
            stroke,
        });
        let label = format!("{}, {}", layer_name(l, layers, lang), lang.choose(en, zh));
        Figure {
            name: format!("{name}-{}", l + 1),
            x: Axis::labelled(&label),
            y: Axis::labelled(lang.choose("density", "密度")),
            layers: lines.to_vec(),
            ..Figure::default()
        }
    };
    (0..layers).flat_map(|l| all.map(|of| figure(l, of))).collect()
}

/// The steps of a histogram, of area 1; nothing of numbers that are all one.
fn outline(histogram: &Histogram) -> Vec<(f64, f64)> {
    let width = (histogram.high - histogram.low) / Histogram::BINS as f64;
    let all = histogram.counts.iter().sum::<u32>();
    if width <= 0.0 || all == 0 || !width.is_finite() {
        return Vec::new();
    }
    let steps = histogram.counts.iter().enumerate().flat_map(|(bin, &count)| {
        let density = f64::from(count) / f64::from(all) / width;
        [bin, bin + 1].map(|edge| (histogram.low + edge as f64 * width, density))
    });
    [(histogram.low, 0.0)].into_iter().chain(steps).chain([(histogram.high, 0.0)]).collect()
}
