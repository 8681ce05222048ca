//! The figures of a study.

use nablab_report::figure::{CHOSEN, CURVE, MUTED};
use nablab_report::{Axis, Figure, Lang, Layer, Map, Stroke};

use super::Results;
use crate::space::{Domain, Parameter};
use crate::trial::{Direction, State, Trial};

/// Area of the dot of a trial.
const DOT: f64 = 30.0;
/// Lines of a figure at most: more cannot be told apart.
const MOST_LINES: usize = 200;

fn line(points: Vec<(f64, f64)>, color: &str, width: f64, label: Option<&str>) -> Layer {
    Layer::Line { label: label.map(str::to_owned), points, color: color.into(), width, stroke: Stroke::Solid }
}

/// Trials that were pruned, and those that completed: told apart where there are both.
fn dots(given_up: Vec<(f64, f64)>, complete: Vec<(f64, f64)>, lang: Lang) -> Vec<Layer> {
    let both = !given_up.is_empty() && !complete.is_empty();
    let of = |label: &str, points: Vec<(f64, f64)>, color: &str| Layer::Dots {
        label: both.then(|| label.to_owned()),
        points,
        color: color.into(),
        area: DOT,
    };
    let given_up = of(lang.choose("pruned", "提前终止"), given_up, MUTED);
    vec![given_up, of(lang.choose("completed", "完成"), complete, CURVE)]
}

/// What is true of the figure: some trials were pruned, some lie outside. A figure over a parameter shows those that have it.
fn caption(
    first: String,
    (results, over): (&Results<'_>, Option<&str>),
    given_up: &str,
    lang: Lang,
) -> String {
    let mut parts = vec![first];
    let is_there = |trial: &Trial| over.is_none_or(|name| trial.point.contains_key(name));
    let shown: Vec<_> = judged(results).filter(|(trial, _)| is_there(trial)).collect();
    if !shown.iter().all(is_complete) {
        parts.push(given_up.to_owned());
    }
    let limits = values_axis(results).limits;
    let is_outside =
        |value: f64| limits.is_some_and(|(low, high)| value.is_finite() && !(low..=high).contains(&value));
    if shown.iter().any(|&(_, value)| is_outside(value)) {
        parts.push(
            lang.choose("Those far worse than the others are outside.", "远差于其余者在图外。").to_owned(),
        );
    }
    parts.join(lang.choose(" ", ""))
}

/// The trials that have a value.
fn judged<'t>(results: &Results<'t>) -> impl Iterator<Item = (&'t Trial, f64)> {
    results
        .trials
        .iter()
        .filter(|trial| matches!(trial.state, State::Complete | State::Pruned))
        .filter_map(|trial| Some((trial, *trial.values.first()?)))
}

fn is_complete((trial, _): &(&Trial, f64)) -> bool {
    trial.state == State::Complete
}

/// The axis of the values: bad ones far from the others, as there are in every search, would leave no room for the good.
fn values_axis(results: &Results<'_>) -> Axis {
    /// So many times as far as the best is from the middle.
    const SPREAD: f64 = 4.0;
    let direction = results.direction();
    let mut costs: Vec<f64> =
        judged(results).map(|(_, value)| direction.cost(value)).filter(|c| c.is_finite()).collect();
    costs.sort_by(f64::total_cmp);
    let axis = Axis::labelled(results.metric());
    let (Some(&best), Some(&worst)) = (costs.first(), costs.last()) else { return axis };
    let middle = costs[costs.len() / 2];
    let shown = (middle + SPREAD * (middle - best)).min(worst);
    if shown <= best {
        return axis;
    }
    let margin = 0.05 * (shown - best);
    let (low, high) = (best - margin, shown + margin);
    let limits = match direction {
        Direction::Minimize => (low, high),
        Direction::Maximize => (-high, -low),
    };
    Axis { limits: Some(limits), ..axis }
}

/// Every value, and the best so far.
pub(super) fn history(results: &Results<'_>, lang: Lang) -> Figure {
    let at = |(trial, value): (&Trial, f64)| (trial.number as f64, value);
    let given_up = judged(results).filter(|judged| !is_complete(judged)).map(at).collect();
    let complete: Vec<(f64, f64)> = judged(results).filter(is_complete).map(at).collect();
    let mut so_far: Vec<(f64, f64)> = Vec::new();
    for &(number, value) in &complete {
        let best = so_far.last().map_or(value, |&(_, best)| better(results.direction(), best, value));
        so_far.extend(so_far.last().map(|&(_, best)| (number, best)));
        so_far.push((number, best));
    }
    if let (Some(&(_, best)), Some(last)) = (so_far.last(), results.trials.last()) {
        so_far.push((last.number as f64, best));
    }
    let mut layers = dots(given_up, complete, lang);
    layers.push(line(so_far, CHOSEN, 1.6, Some(lang.choose("best so far", "当前最优"))));
    Figure {
        name: "history".into(),
        title: Some(lang.choose("Optimisation history", "优化历程").into()),
        x: Axis { whole: true, ..Axis::labelled(lang.choose("trial", "试验")) },
        y: values_axis(results),
        layers,
        caption: caption(
            lang.choose("Each trial's value.", "每次试验的取值。").into(),
            (results, None),
            lang.choose(
                "Grey ones were pruned, at the value they had then.",
                "灰色为提前终止者，按终止时的取值绘出。",
            ),
            lang,
        ),
        ..Figure::default()
    }
}

fn better(direction: Direction, a: f64, b: f64) -> f64 {
    if direction.cost(a) <= direction.cost(b) { a } else { b }
}

/// The curves of all trials.
pub(super) fn curves(results: &Results<'_>, lang: Lang) -> Figure {
    let best = crate::trial::best(results.trials, &results.record.directions);
    let curve = |trial: &Trial| trial.curve.iter().map(|&(epoch, value)| (epoch as f64, value)).collect();
    let every = results.trials.len().div_ceil(MOST_LINES).max(1);
    let mut layers: Vec<Layer> = Vec::new();
    for (state, color) in [(State::Pruned, MUTED), (State::Complete, CURVE)] {
        let of_state = results.trials.iter().filter(|trial| trial.state == state).step_by(every);
        layers.extend(of_state.map(|trial| line(curve(trial), color, 0.6, None)));
    }
    if let Some(best) = best {
        let name =
            lang.choose(format!("the best: trial {}", best.number), format!("最优：试验 {}", best.number));
        layers.push(line(curve(best), CHOSEN, 1.8, Some(&name)));
    }
    Figure {
        name: "learning-curves".into(),
        title: Some(lang.choose("Learning curves", "学习曲线").into()),
        x: Axis { whole: true, ..Axis::labelled(lang.choose("epoch", "轮次")) },
        y: values_axis(results),
        layers,
        caption: caption(
            lang.choose("What each trial was worth on its way.", "每次试验在训练途中的取值。").into(),
            (results, None),
            lang.choose("Grey ones were pruned where they end.", "灰色曲线在其末端被提前终止。"),
            lang,
        ),
        ..Figure::default()
    }
}

/// A bar for each parameter.
pub(super) fn importances(importances: &[(String, f64)], lang: Lang) -> Figure {
    let names: Vec<String> = importances.iter().rev().map(|(name, _)| name.clone()).collect();
    let bar = |(i, (_, share)): (usize, &(String, f64))| {
        line(vec![(0.0, i as f64), (*share, i as f64)], CURVE, 9.0, None)
    };
    let highest = importances.first().map_or(1.0, |(_, share)| share * 1.05);
    Figure {
        name: "importances".into(),
        title: Some(lang.choose("Importances", "参数重要性").into()),
        x: Axis { limits: Some((0.0, highest.max(1e-9))), ..Axis::labelled(lang.choose("share", "占比")) },
        y: Axis { limits: Some((-0.7, names.len() as f64 - 0.3)), names, ..Axis::default() },
        layers: importances.iter().rev().enumerate().map(bar).collect(),
        caption: lang.choose("How much each parameter decides.", "各参数的重要性占比。").into(),
        ..Figure::default()
    }
}

/// The axis of a parameter.
fn axis(parameter: &Parameter) -> Axis {
    let names = match &parameter.domain {
        Domain::Choice(labels) => labels.iter().map(ToString::to_string).collect(),
        _ => Vec::new(),
    };
    let limits = (!names.is_empty()).then(|| (-0.5, names.len() as f64 - 0.5));
    let (log, whole) = (parameter.domain.is_log(), parameter.domain.is_whole());
    Axis { label: Some(parameter.name.clone()), limits, log, names, whole }
}

/// The values over one parameter.
pub(super) fn slice(results: &Results<'_>, name: &str, lang: Lang) -> Option<Figure> {
    let parameter = results.study.space.parameter(name)?;
    let at = |(trial, value): (&Trial, f64)| Some((*trial.point.get(name)?, value));
    let given_up = judged(results).filter(|judged| !is_complete(judged)).filter_map(at).collect();
    let complete = judged(results).filter(is_complete).filter_map(at).collect();
    Some(Figure {
        name: format!("slice-{}", name.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
        title: Some(name.to_owned()),
        x: axis(parameter),
        y: values_axis(results),
        layers: dots(given_up, complete, lang),
        caption: caption(
            lang.choose(
                format!("{} over {name}.", results.metric()),
                format!("{} 随 {name} 的变化。", results.metric()),
            ),
            (results, Some(name)),
            lang.choose("Grey ones were pruned.", "灰色为提前终止者。"),
            lang,
        ),
        ..Figure::default()
    })
}

/// Each trial as a line over all parameters, from low to high.
pub(super) fn parallel(results: &Results<'_>, names: &[&str], lang: Lang) -> Figure {
    let parameters: Vec<&Parameter> =
        names.iter().filter_map(|name| results.study.space.parameter(name)).collect();
    let mut trials: Vec<(&Trial, f64)> = judged(results).collect();
    let direction = results.direction();
    trials.sort_by(|a, b| {
        let worse = (b.0.state == State::Pruned).cmp(&(a.0.state == State::Pruned));
        worse.then(direction.cost(b.1).total_cmp(&direction.cost(a.1)))
    });
    let complete = trials.iter().filter(|judged| is_complete(judged)).count();
    let best = complete.div_ceil(10);
    let first_best = trials.len() - best;
    let every = trials.len().div_ceil(MOST_LINES).max(1);
    let layers = trials
        .iter()
        .enumerate()
        .filter(|(i, _)| *i >= first_best || i % every == 0)
        .map(|(i, (trial, _))| {
            let at = |(k, parameter): (usize, &&Parameter)| {
                let value = trial.point.get(&parameter.name);
                // A parameter that is not there breaks the line.
                (k as f64, value.map_or(f64::NAN, |&value| parameter.domain.to_unit(value)))
            };
            let points = parameters.iter().enumerate().map(at).collect();
            let (color, width) = if i >= first_best { (CHOSEN, 1.3) } else { (MUTED, 0.5) };
            line(points, color, width, None)
        })
        .collect();
    let names = parameters.iter().map(|parameter| brief(&parameter.name)).collect();
    let ends: Vec<String> = parameters
        .iter()
        .map(|parameter| {
            let (low, high) = (parameter.domain.first(), parameter.domain.at_unit(1.0 - f64::EPSILON));
            let show = |value| parameter.domain.show(value);
            format!("`{}` {} – {}", parameter.name, show(low), show(high))
        })
        .collect();
    let ends = ends.join(lang.choose(", ", "，"));
    let marked = match (best, complete) {
        (0, _) => lang.choose("none has completed".to_owned(), "没有试验完成".to_owned()),
        // Of so few, a tenth is one: whatever it is worth, it is only the best of them.
        (1, n) => lang.choose(
            format!("in colour the best of the {n} that completed"),
            format!("彩色为完成的 {n} 次中最优的一次"),
        ),
        (best, n) => lang.choose(
            format!("in colour the best {best} of the {n} that completed"),
            format!("彩色为完成的 {n} 次中最优的 {best} 次"),
        ),
    };
    Figure {
        name: "parallel".into(),
        title: Some(lang.choose("Parallel coordinates", "平行坐标").into()),
        x: Axis { names, limits: Some((-0.3, parameters.len() as f64 - 0.7)), ..Axis::default() },
        y: Axis {
            names: vec![lang.choose("low", "低").into(), lang.choose("high", "高").into()],
            limits: Some((-0.05, 1.05)),
            ..Axis::default()
        },
        layers,
        caption: lang.choose(
            format!(
                "A line for each trial, {marked}; each axis from its lowest value to its highest: {ends}."
            ),
            format!("每条折线代表一次试验，{marked}；各轴自下而上由小到大：{ends}。"),
        ),
        ..Figure::default()
    }
}

/// A name that fits beside others: without the tables around it, a layer's with its number.
fn brief(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    let layer = name.strip_prefix("hidden[").and_then(|rest| rest.split_once(']'));
    let whole = layer.map_or_else(|| last.to_owned(), |(layer, _)| format!("{last}[{layer}]"));
    match whole.as_str() {
        "learning_rate" => "rate".into(),
        "batch_size" => "batch".into(),
        _ => whole,
    }
}

/// The value over the two ranges that decide most, from the trials around.
pub(super) fn contour(results: &Results<'_>, importances: &[(String, f64)], lang: Lang) -> Option<Figure> {
    const SIZE: usize = 48;
    /// Share of a range over which trials speak for a place.
    const REACH: f64 = 0.08;
    /// With fewer values there is nothing between them to be coloured.
    const FEW: usize = 10;
    let ranges: Vec<&Parameter> = importances
        .iter()
        .filter_map(|(name, _)| results.study.space.parameter(name))
        .filter(|p| !p.domain.is_choice() && p.domain.values(FEW).is_none() && p.when.is_empty())
        .take(2)
        .collect();
    let [x, y] = ranges[..] else { return None };
    let places: Vec<(f64, f64, f64)> = judged(results)
        .filter_map(|(trial, value)| {
            let unit =
                |parameter: &Parameter| Some(parameter.domain.to_unit(*trial.point.get(&parameter.name)?));
            Some((unit(x)?, unit(y)?, value))
        })
        .filter(|place| place.2.is_finite())
        .collect();
    let mean = |a: f64, b: f64| {
        let (mut sum, mut weight) = (0.0, 0.0);
        for (u, v, value) in &places {
            let w = (-((u - a).powi(2) + (v - b).powi(2)) / (2.0 * REACH * REACH)).exp();
            sum += w * value;
            weight += w;
        }
        // Far from all trials nothing is known.
        if weight > 0.05 { sum / weight } else { f64::NAN }
    };
    let middle = |i: usize| (i as f64 + 0.5) / SIZE as f64;
    let values: Vec<f64> = (0..SIZE * SIZE).map(|i| mean(middle(i % SIZE), middle(i / SIZE))).collect();
    let ends =
        |parameter: &Parameter| (parameter.domain.first(), parameter.domain.at_unit(1.0 - f64::EPSILON));
    let limited = |parameter: &Parameter| Axis { limits: Some(ends(parameter)), ..axis(parameter) };
    let map = Map {
        x: ends(x),
        y: ends(y),
        columns: SIZE,
        rows: SIZE,
        values,
        color: Axis::labelled(results.metric()),
        without: Some(lang.choose("no trials", "无试验").into()),
        levels: Vec::new(),
    };
    let points = judged(results)
        .filter_map(|(trial, _)| Some((*trial.point.get(&x.name)?, *trial.point.get(&y.name)?)))
        .collect();
    Some(Figure {
        name: "contour".into(),
        title: Some(format!("{} × {}", x.name, y.name)),
        x: limited(x),
        y: limited(y),
        layers: vec![
            Layer::Map(map),
            Layer::Dots { label: None, points, color: "#ffffff".into(), area: 7.0 },
        ],
        caption: lang.choose(
            format!("{} around each place, a mean of the trials near it (dots).", results.metric()),
            format!("各处的 {}：由附近试验（圆点）加权平均而得。", results.metric()),
        ),
        ..Figure::default()
    })
}
