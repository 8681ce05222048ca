//! A range test as a figure, its numbers, and a search for the rate in words.

use nablab_report::figure::{CURVE, MUTED, Theme};
use nablab_report::{Axis, Figure, File, Layer, Stroke, number};

use crate::{FoundRate, RangeTest, TriedRate};

impl RangeTest {
    /// What its files are called.
    pub(crate) const FILES: [&str; 2] = ["learning-rate.csv", "learning-rate.svg"];

    /// `learning-rate.svg`, and its numbers in `learning-rate.csv`.
    pub fn files(&self) -> [File; 2] {
        let rows = self.steps.iter().map(|step| [step.rate, step.cost, step.smoothed].map(|v| v.to_string()));
        let [csv, svg] = Self::FILES;
        let csv = File::csv(csv, ["rate", "cost", "smoothed"], rows);
        [csv, File::new(svg, figure(self).svg(Theme::Standalone))]
    }
}

impl FoundRate {
    /// Which rate was found, and how, in a line.
    pub fn text(&self) -> String {
        let Self { rate, test, tried } = self;
        let one = |tried: &TriedRate| {
            let verdict = if tried.is_sound { "" } else { ", unsound" };
            format!("{} (loss {}{verdict})", tried.rate, number(tried.loss, 3))
        };
        let tried: Vec<String> = tried.iter().map(one).collect();
        format!(
            "learning rate {rate}: a range test of {} steps suggests {}; trained with {}",
            test.steps.len(),
            test.suggestion,
            tried.join(", ")
        )
    }
}

fn figure(test: &RangeTest) -> Figure {
    let smoothed: Vec<_> = test.steps.iter().map(|step| (step.rate, step.smoothed)).collect();
    let line = |label: &str, points, color: &str, width| Layer::Line {
        label: Some(label.to_owned()),
        points,
        color: color.to_owned(),
        width,
        stroke: Stroke::Solid,
    };
    Figure {
        name: "learning-rate".into(),
        title: Some("Learning-rate range test".into()),
        x: Axis { log: true, ..Axis::labelled("learning rate") },
        y: Axis::labelled("cost"),
        layers: vec![
            line("batches", test.steps.iter().map(|step| (step.rate, step.cost)).collect(), MUTED, 0.8),
            line("smoothed", smoothed, CURVE, 1.8),
            Layer::Mark { at: test.suggestion, label: format!("suggested: {}", number(test.suggestion, 3)) },
        ],
        caption: "The cost of each batch while the learning rate grows, smoothed, and a tenth of where that is lowest.".into(),
        ..Figure::default()
    }
}
