//! Cost curves, as the course draws them, and over a logarithmic axis, where the first iterations have as much room as the last.

use nablab_engine::Recipe;
use nablab_report::figure::{CURVE, CYCLE};
use nablab_report::{Axis, Figure, Lang, Layer, Stroke};

use crate::experiment::Experiment;
use crate::summary::compared;
use crate::variant::{Run, Variant};

/// Widths of curves, in points; one beneath a broken one shows in its gaps, and is wider.
pub(crate) const WIDTH: f64 = 1.7;
pub(crate) const WIDER: f64 = 2.6;

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

    /// What 1 on the course's axis stands for, which its label does not say, or not rightly.
    fn explained(&self, keep_every: u64, lang: Lang) -> String {
        if keep_every != self.every || keep_every == 1 {
            return String::new();
        }
        let (en, zh) = (self.unit, if self.unit == "epochs" { "轮" } else { "次迭代" });
        lang.choose(
            format!(
                " The labels are the course's own; 1 on the horizontal axis stands for {keep_every} {en}."
            ),
            format!("图中的英文沿用课程原图；横轴上的 1 代表 {keep_every} {zh}。"),
        )
    }

    /// Of an axis with a place for every one of them, where the first is 1.
    pub(crate) fn logarithmic(&self, lang: Lang) -> Axis {
        let unit = match self.unit {
            "epochs" => lang.choose("epoch", "轮次"),
            _ => lang.choose("iteration", "迭代次数"),
        };
        let label = lang.choose(format!("{unit} (logarithmic)"), format!("{unit}（对数坐标）"));
        Axis { log: true, ..Axis::labelled(&label) }
    }
}

impl Variant {
    /// The cost curve of a training of this variant, as the course draws it. x is the position among the costs kept; those kept
    /// besides, between the first two of them, lie between their positions.
    pub fn cost_curve(&self, run: &Run, lang: Lang) -> Figure {
        let steps = self.shown.steps;
        let position = |(epoch, cost): (u64, f64)| (epoch as f64 / self.keep_every as f64, cost);
        Figure {
            name: format!("{}-cost", self.key),
            title: Some(format!("Learning rate {}{}", steps.equals, self.recipe.learning_rate)),
            x: Axis::labelled(&steps.label(self.keep_every)),
            y: Axis { limits: self.limits(&run.costs()), ..Axis::labelled("cost") },
            layers: vec![line(None, self.regular(run.all_costs()).map(position).collect(), CURVE)],
            caption: lang
                .choose(format!("Cost while training: {}.", self.en), format!("训练中的代价：{}。", self.zh))
                + &steps.explained(self.keep_every, lang),
            ..Figure::default()
        }
    }

    /// The same costs over the logarithm of the iterations; `None` where the course's axis shows as much, because less than a
    /// quarter of all change is over before the second cost that the course keeps.
    pub(crate) fn early_curve(&self, run: &Run, lang: Lang) -> Option<Figure> {
        const MUCH: f64 = 0.25;
        let costs = || run.costs().into_iter().filter(|(_, cost)| cost.is_finite());
        let range = |costs: &mut dyn Iterator<Item = (u64, f64)>| {
            costs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), (_, c)| (l.min(c), h.max(c)))
        };
        let ((low, high), (low_first, high_first)) = (range(&mut costs()), range(&mut costs().take(2)));
        if !(high - low > 0.0 && high_first - low_first >= MUCH * (high - low)) {
            return None;
        }
        let unit = self.shown.steps.unit;
        Some(Figure {
            name: format!("{}-early-cost", self.key),
            x: self.shown.steps.logarithmic(lang),
            y: Axis { limits: self.limits(&run.costs()), ..Axis::labelled(lang.choose("cost", "代价")) },
            layers: vec![line(None, run.all_costs().into_iter().map(counted).collect(), CURVE)],
            caption: lang.choose(
                format!(
                    "The same costs over the logarithm of the {unit}, the first of which is 1: most of the change is early."
                ),
                format!("同样的代价，横轴取对数（第一个记作 1）：变化大多发生在早期（{}）。", self.zh),
            ),
            ..Figure::default()
        })
    }

    /// Costs that the course's axis has a place for; the very last cost has none.
    fn regular(&self, costs: Vec<(u64, f64)>) -> impl Iterator<Item = (u64, f64)> {
        let last = (self.recipe.epochs - 1) / self.keep_every * self.keep_every;
        costs.into_iter().filter(move |&(epoch, _)| epoch <= last)
    }

    /// Of y: the costs that the course keeps, and 5 % more at each end. A first cost far above them all would hide the others.
    fn limits(&self, costs: &[(u64, f64)]) -> Option<(f64, f64)> {
        let costs = self.regular(costs.to_vec()).map(|(_, cost)| cost).filter(|cost| cost.is_finite());
        let (low, high) = costs.fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), c| (l.min(c), h.max(c)));
        let margin = 0.05 * (high - low);
        (margin > 1e-9 * high).then_some((low - margin, high + margin))
    }
}

fn line(label: Option<&str>, points: Vec<(f64, f64)>, color: &str) -> Layer {
    let (label, color) = (label.map(str::to_owned), color.to_owned());
    Layer::Line { label, points, color, width: WIDTH, stroke: Stroke::Solid }
}

/// A cost over the number of its iteration, the first of which is 1: the logarithm of 0 has no place.
pub(crate) fn counted((epoch, cost): (u64, f64)) -> (f64, f64) {
    ((epoch + 1) as f64, cost)
}

/// The curves of all variants; of mini-batches the mean over each epoch.
pub(crate) fn overlay_figure(experiment: &Experiment, lang: Lang) -> Figure {
    let style = |((variant, run), (color, stroke)): ((&Variant, &Run), (&&str, &Stroke))| Layer::Line {
        label: Some(variant.name(lang).to_owned()),
        points: run.all_mean_costs().into_iter().map(counted).collect(),
        color: (*color).to_owned(),
        width: if *stroke == Stroke::Solid { WIDER } else { WIDTH },
        stroke: *stroke,
    };
    let variants = || compared(experiment).map(|(variant, run, _)| (variant, run));
    let limits = variants().filter_map(|(variant, run)| variant.limits(&run.mean_costs()));
    let limits = limits.reduce(|(low, high), (l, h)| (low.min(l), high.max(h)));
    let styles = CYCLE.iter().zip(&[Stroke::Solid, Stroke::Dashed, Stroke::Dotted]).cycle();
    Figure {
        name: format!("{}-curves", experiment.lab.key()),
        x: experiment.variants[0].shown.steps.logarithmic(lang),
        y: Axis { limits, ..Axis::labelled(lang.choose("cost", "代价")) },
        layers: variants().zip(styles).map(style).collect(),
        caption: overlay_caption(experiment, lang),
        ..Figure::default()
    }
}

/// What its curves are, where they differ from each other or from the single figures.
fn overlay_caption(experiment: &Experiment, lang: Lang) -> String {
    let mut parts = vec![
        lang.choose(
            "All cost curves of this lab over a logarithmic axis, where the first steps have as much room as the last.",
            "本实验的全部代价曲线；横轴取对数，使最初几步与最后几步占同样的位置。",
        )
        .to_owned(),
    ];
    // As high as the costs that the course keeps.
    let is_above = |variant: &Variant, run: &Run| {
        let highest = variant.regular(run.mean_costs()).map(|(_, cost)| cost).filter(|c| c.is_finite());
        let highest = highest.fold(f64::NEG_INFINITY, f64::max);
        run.all_mean_costs().iter().any(|&(_, cost)| cost > 1.5 * highest)
    };
    if let Some((variant, ..)) = compared(experiment).find(|(variant, run, _)| is_above(variant, run)) {
        let name = variant.name(lang);
        parts.push(lang.choose(
            format!("The first costs of {name} lie above the frame."),
            format!("{name}最初的代价超出图框。"),
        ));
    }
    let variants: Vec<_> = compared(experiment).map(|(variant, ..)| variant).collect();
    parts.extend(notes(&variants, lang));
    parts.join(lang.choose(" ", ""))
}

/// What a reader of curves side by side should know.
pub(crate) fn notes(variants: &[&Variant], lang: Lang) -> Vec<String> {
    let any = |has: &dyn Fn(&Recipe) -> bool| {
        variants.iter().filter(|variant| has(&variant.recipe)).map(|variant| variant.name(lang)).next()
    };
    let mut parts = Vec::new();
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
    parts
}
