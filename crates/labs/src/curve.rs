//! Cost curves, as the course draws them, and all of a lab in one figure.

use nablab_engine::Recipe;
use nablab_report::figure::{CURVE, CYCLE};
use nablab_report::{Axis, Figure, Lang, Layer, Stroke};

use crate::experiment::Experiment;
use crate::variant::{Run, Variant};

/// What the x axis counts, with the course's own words for its own step.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Steps {
    /// Epochs between two kept costs in the course's recipe.
    pub(crate) every: u64,
    /// The course's label.
    pub(crate) label: &'static str,
    /// `iterations` or `epochs`.
    pub(crate) unit: &'static str,
    /// Between `Learning rate` and the number.
    pub(crate) equals: &'static str,
}

impl Steps {
    /// Epochs between two kept costs: the course's, or for another length a thirtieth of it.
    pub(crate) fn keep_every(&self, epochs: u64) -> u64 {
        if epochs >= 10 * self.every { self.every } else { (epochs / 30).max(1) }
    }

    fn label(&self, keep_every: u64) -> String {
        match keep_every == self.every {
            true => self.label.to_owned(),
            false => format!("{} (per {keep_every})", self.unit),
        }
    }
}

impl Variant {
    /// The cost curve of a training of this variant, as the course draws it. x is the position among the costs kept.
    pub fn cost_curve(&self, run: &Run, lang: Lang) -> Figure {
        let steps = self.shown.steps;
        Figure {
            name: format!("{}-cost", self.key),
            title: Some(format!("Learning rate {}{}", steps.equals, self.recipe.learning_rate)),
            x: Axis::labelled(&steps.label(self.keep_every)),
            y: Axis::labelled("cost"),
            layers: vec![Layer::Line {
                label: None,
                points: points(&run.costs(), self.keep_every),
                color: CURVE.to_owned(),
                width: 1.5,
                stroke: Stroke::Solid,
            }],
            caption: lang
                .choose(format!("Cost while training: {}.", self.en), format!("训练中的代价：{}。", self.zh)),
        }
    }
}

/// The curves of all variants; of mini-batches the mean over each epoch.
pub(crate) fn overlay_figure(experiment: &Experiment, lang: Lang) -> Figure {
    let style = |((variant, run), (color, stroke)): ((&Variant, &Run), (&&str, &Stroke))| Layer::Line {
        label: Some(variant.name(lang).to_owned()),
        points: points(&run.mean_costs(), variant.keep_every),
        color: (*color).to_owned(),
        // A curve beneath a broken one shows in its gaps, and is wider.
        width: if *stroke == Stroke::Solid { 2.4 } else { 1.5 },
        stroke: *stroke,
    };
    let variants = experiment.variants.iter().zip(&experiment.runs).filter(|(variant, _)| !variant.aside);
    let styles = CYCLE.iter().zip(&[Stroke::Solid, Stroke::Dashed, Stroke::Dotted]).cycle();
    let Variant { keep_every, shown, .. } = &experiment.variants[0];
    let unit = match shown.steps.unit {
        "epochs" => lang.choose("epochs", "轮次"),
        _ => lang.choose("iterations", "迭代次数"),
    };
    Figure {
        name: format!("{}-curves", experiment.lab.key()),
        title: None,
        x: Axis::labelled(
            &lang.choose(format!("{unit} (× {keep_every})"), format!("{unit}（× {keep_every}）")),
        ),
        y: Axis::labelled(lang.choose("cost", "代价")),
        layers: variants.zip(styles).map(style).collect(),
        caption: overlay_caption(experiment, lang),
    }
}

/// What its curves are, where they differ from each other or from the single figures.
fn overlay_caption(experiment: &Experiment, lang: Lang) -> String {
    let any = |has: &dyn Fn(&Recipe) -> bool| {
        experiment.variants.iter().filter(|v| !v.aside && has(&v.recipe)).map(|v| v.name(lang)).next()
    };
    let mut parts = vec![lang.choose("All cost curves of this lab.", "本实验的全部代价曲线。").to_owned()];
    if any(&|recipe| recipe.batch_size.is_some()).is_some() {
        parts.push(lang.choose(
            "Each point is the mean over its epoch, so the curves are smoother than in the single figures, which draw \
             the last mini-batch."
                .to_owned(),
            "每个点是整轮的平均值，因此比单独的图更平滑：单独的图画的是最后一个小批量。".to_owned(),
        ));
    }
    if let Some(name) = any(&|recipe| recipe.penalty.l2 > 0.0) {
        parts.push(lang.choose(
            format!("The curve of {name} includes the penalty."),
            format!("{name}的曲线包含惩罚项。"),
        ));
    }
    if let Some(name) = any(&|recipe| recipe.hidden.iter().any(|hidden| hidden.dropout > 0.0)) {
        parts.push(lang.choose(
            format!("That of {name} is drawn with its masks on."),
            format!("{name}的曲线是带掩码时的代价。"),
        ));
    }
    parts.join(lang.choose(" ", ""))
}

/// (position, cost) of the regularly kept costs; the very last cost is kept besides.
fn points(costs: &[(u64, f64)], keep_every: u64) -> Vec<(f64, f64)> {
    let regular = costs.iter().filter(|(epoch, _)| epoch % keep_every == 0);
    regular.enumerate().map(|(i, &(_, cost))| (i as f64, cost)).collect()
}
