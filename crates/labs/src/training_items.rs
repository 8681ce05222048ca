//! Items the three training labs share: a data set, a training with its curve, its boundary.

use nablab_data::Dataset;
use nablab_report::{Block, Cell, Figure, Lang, RegionStyle, Table, number};

use crate::boundary::{classes_of_nodes, count_class_1, data_figure, view_of};
use crate::boundary_strip::strip;
use crate::curve::Steps;
use crate::experiment::Experiment;
use crate::record::Item;
use crate::settings::settings_line;
use crate::summary::compared;
use crate::variant::{Run, Variant};

/// Epochs between two rows of a table of costs, as the course's notebooks print them.
const TABLE_EVERY: u64 = 1000;
/// Rows of the table of a training too short for that.
const COST_ROWS: usize = 16;

/// File stem of a figure of an item.
fn file(id: &str, kind: &str) -> String {
    format!("{}-{kind}", id.replace('.', "-"))
}

/// The data: how many points of which label, and their figure.
pub(crate) fn data_item(id: &str, name: &str, source: &str, experiment: &Experiment, lang: Lang) -> Item {
    let title = lang.choose(format!("Data: {name}"), format!("数据：{name}"));
    let mut item = Item::new(id, &title, experiment.as_published());
    item.paragraph(source);
    let count = |set: &Dataset| [set.examples(), set.count(0), set.count(1)];
    let mut rows = Vec::new();
    let parts = [Some(("train", &experiment.data.train)), experiment.test().map(|set| ("test", set))];
    for (part, set) in parts.into_iter().flatten() {
        let [examples, zeros, ones] = count(set);
        let counts = serde_json::json!({ "examples": examples, "label_0": zeros, "label_1": ones });
        item.value(part, counts);
        let name = if part == "train" {
            lang.choose("training", "训练集")
        } else {
            lang.choose("test", "测试集")
        };
        let cells = [examples, zeros, ones].map(|n| Cell::Number(n as f64, 9));
        rows.push([Cell::text(name)].into_iter().chain(cells).collect());
    }
    let columns = lang.choose(["Set", "Points", "Label 0", "Label 1"], ["集合", "点数", "标签 0", "标签 1"]);
    item.blocks.push(Block::Table(Table {
        caption: String::new(),
        columns: columns.map(str::to_owned).to_vec(),
        rows,
    }));
    let caption = lang.choose(
        "Training set. Red circles: label 0. Blue triangles: label 1.",
        "训练集。红色圆点：标签 0；蓝色三角：标签 1。",
    );
    item.figures(vec![data_figure(&file(id, "data"), &experiment.data.train, caption)]);
    item
}

/// The numbers that the course prints of a training: costs and accuracies.
pub(crate) fn add_numbers(item: &mut Item, variant: &Variant, run: &Run) {
    let prefix = variant.shown.prefix;
    item.series(&format!("{prefix}costs"), &format!("{prefix}cost"), &run.costs());
    item.number(&format!("{prefix}train_accuracy"), run.train.accuracy);
    if let Some(test) = &run.test {
        item.number(&format!("{prefix}test_accuracy"), test.accuracy);
    }
}

/// A training: its costs, accuracies and curve.
pub(crate) fn training_item(key: &str, experiment: &Experiment, lang: Lang) -> Item {
    let (variant, run) = experiment.run(key);
    let name = variant.name(lang);
    let title = lang.choose(format!("Training: {name}"), format!("训练：{name}"));
    let mut item = Item::new(variant.shown.item, &title, experiment.as_published());
    add_numbers(&mut item, variant, run);
    if run.test.is_none() {
        item.value("test_accuracy", serde_json::Value::Null);
    }

    item.paragraph(settings_line(variant, experiment, lang));
    let accuracy = |value: f64| number(value, 6);
    let train = accuracy(run.train.accuracy);
    item.paragraph(match &run.test {
        None => lang.choose(format!("Training accuracy **{train}**."), format!("训练准确率 **{train}**。")),
        Some(test) => {
            let test = accuracy(test.accuracy);
            lang.choose(
                format!("Training accuracy **{train}**, test accuracy **{test}**."),
                format!("训练准确率 **{train}**，测试准确率 **{test}**。"),
            )
        }
    });
    if let Some(divergence) = &run.divergence {
        let title = lang.choose("The training diverged", "训练发散");
        item.note(title, divergence.to_string());
    }
    let name = file(variant.shown.item, "cost");
    let mut curves = vec![Figure { name, ..variant.cost_curve(run, lang) }];
    let name = file(variant.shown.item, "early-cost");
    curves.extend(variant.early_curve(run, lang).map(|figure| Figure { name, ..figure }));
    item.figures(curves);
    let summary = lang.choose("Costs as a table", "代价表");
    let table = cost_table(&run.costs(), variant.shown.steps, lang);
    item.blocks.push(Block::Details { summary: summary.into(), blocks: vec![table] });
    item
}

/// The costs the course prints, or of a short training every so many, and the last.
fn cost_table(costs: &[(u64, f64)], steps: Steps, lang: Lang) -> Block {
    let stride = costs.len().div_ceil(COST_ROWS).max(1);
    let last = costs.last().map_or(0, |&(epoch, _)| epoch);
    let is_shown = |(i, epoch): (usize, u64)| match last >= COST_ROWS as u64 / 2 * TABLE_EVERY {
        true => epoch % TABLE_EVERY == 0 || epoch == last,
        false => i % stride == 0 || epoch == last,
    };
    let shown = costs.iter().enumerate().filter(|&(i, &(epoch, _))| is_shown((i, epoch)));
    let at = if steps.unit == "epochs" {
        lang.choose("Epoch", "轮次")
    } else {
        lang.choose("Iteration", "迭代")
    };
    Block::Table(Table {
        caption: String::new(),
        columns: vec![at.to_owned(), lang.choose("Cost", "代价").to_owned()],
        rows: shown.map(|(_, &(i, cost))| vec![Cell::Number(i as f64, 9), Cell::Number(cost, 12)]).collect(),
    })
}

/// The predicted labels as `predictions`.
pub(crate) fn add_predictions(item: &mut Item, run: &Run) {
    let train = ("train", run.train.predictions.as_str());
    let test = run.test.as_ref().map(|fit| ("test", fit.predictions.as_str()));
    item.texts("predictions", &[Some(train), test].into_iter().flatten().collect::<Vec<_>>());
}

/// An item for the predictions alone.
pub(crate) fn predictions_item(id: &str, key: &str, experiment: &Experiment, lang: Lang) -> Item {
    let (variant, run) = experiment.run(key);
    let name = variant.name(lang);
    let title = lang.choose(format!("Predictions: {name}"), format!("预测：{name}"));
    let mut item = Item::new(id, &title, experiment.as_published());
    add_predictions(&mut item, run);
    let parts = [Some(("train", &run.train)), run.test.as_ref().map(|fit| ("test", fit))];
    for (part, fit) in parts.into_iter().flatten() {
        let ones = fit.predictions.matches('1').count();
        let of = fit.predictions.len();
        item.paragraph(match part {
            "train" => lang.choose(
                format!("On the training set the network says 1 for {ones} of {of} points:"),
                format!("在训练集上，网络对 {of} 个点中的 {ones} 个预测为 1："),
            ),
            _ => lang.choose(
                format!("On the test set for {ones} of {of}:"),
                format!("在测试集上为 {of} 个点中的 {ones} 个："),
            ),
        });
        // Lines that fit a page.
        let lines: Vec<_> = fit.predictions.as_bytes().chunks(50).map(String::from_utf8_lossy).collect();
        item.paragraph(lines.iter().map(|line| format!("`{line}`")).collect::<Vec<_>>().join(" "));
    }
    item
}

/// The decision boundary over the training set, under the course's title.
pub(crate) fn boundary_item(id: &str, key: &str, experiment: &Experiment, lang: Lang) -> Item {
    let (variant, _) = experiment.run(key);
    let name = variant.name(lang);
    let heading = lang.choose(format!("Decision boundary: {name}"), format!("决策边界：{name}"));
    let mut item = Item::new(id, &heading, experiment.as_published());
    add_boundary(&mut item, key, experiment, lang);
    item
}

/// The same within another item.
pub(crate) fn add_boundary(item: &mut Item, key: &str, experiment: &Experiment, lang: Lang) {
    let (variant, run) = experiment.run(key);
    let train = &experiment.data.train;
    let view = view_of(train, variant.shown.view);
    classes_of_nodes(item, view, run);
    if experiment.as_published() {
        count_class_1(item, view, run, train);
    }
    let name = file(&item.id, "boundary");
    item.figures(vec![Figure { name, ..experiment.boundary(variant, run, RegionStyle::Classes, lang) }]);
    let name = file(&item.id, "strip");
    if let Some(strip) = strip(experiment, variant, run, lang) {
        item.figures(vec![Figure { name, ..strip }]);
    }
}

/// The probability of class 1 of all variants side by side.
pub(crate) fn probability_figures(experiment: &Experiment, lang: Lang) -> Block {
    let figures = compared(experiment)
        .map(|(variant, run, _)| experiment.boundary(variant, run, RegionStyle::Probability, lang));
    Block::Figures(figures.collect())
}
