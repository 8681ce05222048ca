//! `--learning-rate find`: the search for a rate, its words, and the range test's curve in the run folder.

use std::path::Path;

use nablab::report::figure::{CURVE, Theme};
use nablab::report::{Axis, Figure, Layer, Stroke, number};
use nablab::tables::{FoundRate, RangeTest, Settings, Tables, TriedRate};

use super::Args;
use crate::{output, terminal};

/// Find it, and take it into the settings.
pub(super) fn find(args: &Args, tables: &Tables<'_>, settings: &mut Settings) -> anyhow::Result<RangeTest> {
    let Tables { name, table, judged_on } = tables;
    let FoundRate { rate, test, tried } = settings.find_rate(table, judged_on.as_deref(), name)?;
    settings.training.learning_rate = rate;
    if !args.quiet {
        let one = |tried: &TriedRate| {
            let verdict = if tried.is_sound { "" } else { ", unsound" };
            format!("{} (loss {}{verdict})", tried.rate, number(tried.loss, 3))
        };
        let tried: Vec<String> = tried.iter().map(one).collect();
        terminal::say(&format!(
            "learning rate {rate}: a range test of {} steps suggests {}; trained with {}",
            test.steps.len(),
            test.suggestion,
            tried.join(", ")
        ));
    }
    Ok(test)
}

/// `learning-rate.svg` and its numbers.
pub(super) fn keep(test: &RangeTest, folder: &Path) -> anyhow::Result<()> {
    let mut csv = String::from("rate,cost,smoothed\n");
    test.steps.iter().for_each(|step| csv += &format!("{},{},{}\n", step.rate, step.cost, step.smoothed));
    output::write(&folder.join("learning-rate.csv"), csv.as_bytes())?;
    output::write(&folder.join("learning-rate.svg"), figure(test).svg(Theme::Standalone).as_bytes())?;
    Ok(())
}

fn figure(test: &RangeTest) -> Figure {
    let smoothed: Vec<_> = test.steps.iter().map(|step| (step.rate, step.smoothed)).collect();
    let values = || smoothed.iter().map(|&(_, cost)| cost);
    let range = (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max));
    let line = |label: &str, points, color: &str, width, stroke| Layer::Line {
        label: Some(label.to_owned()),
        points,
        color: color.to_owned(),
        width,
        stroke,
    };
    let chosen = vec![(test.suggestion, range.0), (test.suggestion, range.1)];
    Figure {
        name: "learning-rate".into(),
        title: Some("Learning-rate range test".into()),
        x: Axis { log: true, ..Axis::labelled("learning rate") },
        y: Axis::labelled("cost"),
        layers: vec![
            line("batches", test.steps.iter().map(|step| (step.rate, step.cost)).collect(), "#bbbbbb", 0.8, Stroke::Solid),
            line("smoothed", smoothed, CURVE, 1.8, Stroke::Solid),
            line("suggested", chosen, "#d62728", 1.2, Stroke::Dashed),
        ],
        caption: "The cost of each batch while the learning rate grows, smoothed, and a tenth of where that is lowest.".into(),
    }
}
