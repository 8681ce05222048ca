//! A training with turned knobs drawn beside the course's: their costs in one figure, their boundaries side by side.

use nablab_report::figure::CYCLE;
use nablab_report::{Axis, Block, Figure, Lang, Layer, RegionStyle, Stroke};

use super::twin::{Trained, Twin};
use crate::curve::{WIDER, WIDTH, counted, notes};
use crate::experiment::Experiment;

/// A longer value is not part of a curve's name.
const SHORT: usize = 14;

/// Costs of which one rises to so many times the other's highest are drawn on a logarithmic axis.
const FAR: f64 = 20.0;

pub(super) fn of(twin: &Twin<'_>, experiment: &Experiment, lang: Lang) -> [Block; 2] {
    let names = names(twin, lang);
    let boundary = |((variant, run, _), name): (Trained<'_>, &String)| {
        let title = Some(format!("{}: {name}", twin.course.0.name(lang)));
        Figure { title, ..experiment.boundary(variant, run, RegionStyle::Classes, lang) }
    };
    let boundaries = [twin.course, twin.turned].into_iter().zip(&names).map(boundary).collect();
    [Block::Figures(vec![curves(twin, &names, experiment, lang)]), Block::Figures(boundaries)]
}

/// What the two are called where they stand side by side: by the value, where one short one differs.
fn names(twin: &Twin<'_>, lang: Lang) -> [String; 2] {
    let names = [lang.choose("course", "课程"), lang.choose("turned", "调整后")];
    match &twin.changes[..] {
        [one] if one.course.chars().count().max(one.turned.chars().count()) <= SHORT => {
            let [course, turned] = names;
            let (before, after) = (&one.course, &one.turned);
            lang.choose(
                [format!("{course} ({before})"), format!("{turned} ({after})")],
                [format!("{course}（{before}）"), format!("{turned}（{after}）")],
            )
        }
        _ => names.map(str::to_owned),
    }
}

/// Does one of the two go so far beyond the other that this would be a flat line?
fn is_far(twin: &Twin<'_>) -> bool {
    let most = |(_, run, _): Trained<'_>| {
        let finite = run.mean_costs().into_iter().map(|(_, cost)| cost).filter(|cost| cost.is_finite());
        finite.fold(0.0, f64::max)
    };
    let [course, turned] = [most(twin.course), most(twin.turned)];
    course.max(turned) > FAR * course.min(turned)
}

/// The course's costs thin and broken, those with turned knobs in one piece.
fn curves(twin: &Twin<'_>, names: &[String; 2], experiment: &Experiment, lang: Lang) -> Figure {
    let curve = |(_, run, _): Trained<'_>, name: &str, color: &str, width, stroke| Layer::Line {
        label: Some(name.to_owned()),
        points: run.all_mean_costs().into_iter().map(counted).collect(),
        color: color.to_owned(),
        width,
        stroke,
    };
    let (variant, turned) = (twin.course.0, twin.turned.0);
    let caption = lang.choose(
        format!(
            "Cost while training, {}. Broken line: the course's; solid line: with turned knobs.",
            variant.en
        ),
        format!("训练中的代价，{}：虚线为课程，实线为调整后。", variant.zh),
    );
    let is_endless = |(_, run, _): Trained<'_>| run.mean_costs().iter().any(|(_, cost)| !cost.is_finite());
    let endless = [twin.course, twin.turned].into_iter().any(is_endless).then(|| {
        let not_drawn = lang.choose("Infinite costs are not drawn.", "无穷大的代价不画出。");
        not_drawn.to_owned()
    });
    let notes = notes(&[variant], lang).into_iter().chain(endless);
    let caption = std::iter::once(caption).chain(notes).collect::<Vec<_>>();
    Figure {
        name: format!("{}-{}-costs", experiment.lab.key(), turned.key),
        x: variant.shown.steps.logarithmic(lang),
        y: Axis { log: is_far(twin), ..Axis::labelled(lang.choose("cost", "代价")) },
        // On top the thin and broken one, beneath which the other still shows.
        layers: vec![
            curve(twin.turned, &names[1], CYCLE[1], WIDER, Stroke::Solid),
            curve(twin.course, &names[0], CYCLE[0], WIDTH, Stroke::Dashed),
        ],
        caption: caption.join(lang.choose(" ", "")),
        ..Figure::default()
    }
}
