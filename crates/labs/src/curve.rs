//! Cost curves, as the course draws them, and all of a lab in one figure.

use nablab_report::figure::{CURVE, CYCLE};
use nablab_report::{Axis, Figure, Lang, Layer};

use crate::experiment::{Run, Variant};
use crate::study::Study;

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

/// One curve. x is the position among the kept costs, as in the course.
pub(crate) fn cost_figure(name: &str, steps: Steps, variant: &Variant, run: &Run, caption: &str) -> Figure {
    Figure {
        name: name.to_owned(),
        title: Some(format!("Learning rate {}{}", steps.equals, variant.recipe.learning_rate)),
        x: Axis::labelled(&steps.label(variant.keep_every)),
        y: Axis::labelled("cost"),
        layers: vec![Layer::Line {
            label: None,
            points: points(&run.costs(), variant.keep_every),
            color: CURVE.to_owned(),
            width: 1.5,
        }],
        caption: caption.to_owned(),
    }
}

/// The curves of all variants; of mini-batches the mean over each epoch.
pub(crate) fn overlay_figure(study: &Study, steps: Steps, lang: Lang) -> Figure {
    let line = |((variant, run), color): ((&Variant, &Run), &&str)| Layer::Line {
        label: Some(variant.en.to_owned()),
        points: points(&run.mean_costs(), variant.keep_every),
        color: (*color).to_owned(),
        width: 1.8,
    };
    let variants = study.variants.iter().zip(&study.runs).filter(|(variant, _)| !variant.aside);
    let keep_every = study.variants[0].keep_every;
    Figure {
        name: format!("{}-curves", study.lab.key()),
        title: None,
        x: Axis::labelled(&steps.label(keep_every)),
        y: Axis::labelled("cost"),
        layers: variants.zip(CYCLE.iter().cycle()).map(line).collect(),
        caption: lang
            .choose("All cost curves of this lab in one figure.", "本实验的全部代价曲线。")
            .to_owned(),
    }
}

/// (position, cost) of the regularly kept costs; the very last cost is kept besides.
fn points(costs: &[(u64, f64)], keep_every: u64) -> Vec<(f64, f64)> {
    let regular = costs.iter().filter(|(epoch, _)| epoch % keep_every == 0);
    regular.enumerate().map(|(i, &(_, cost))| (i as f64, cost)).collect()
}
