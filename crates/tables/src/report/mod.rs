//! Reports: a training as a page to be looked at, and several trainings beside each other.
//!
//! Every sentence about a training follows from its numbers; where they say nothing, there is none.

mod columns;
mod comparison;
mod curves;
mod diagnosis;
mod gradient;
mod network;
mod range_test;
mod results;
mod signals;
mod watched;
mod words;

use nablab_diagnosis::Advice;
use nablab_report::{Block, Cell, Document, Kind, Lang, Section, Table, number};

use crate::Model;
use crate::epoch::Epoch;
use crate::run::{Record, Status, Summary};

pub use comparison::{Compared, Comparison, Headline, NoInterval, OverSeeds};
pub use gradient::{gradient, gradient_json};
pub use watched::watched;
pub use words::{metrics, seen};

/// What a training was, how it went and what came of it; `name` is the run's.
///
/// The headline numbers, what is wrong, the curves, what the layers did; mistakes class by class or target by target; how columns
/// become features; the network; and the recipe, to train it again.
pub fn document(name: &str, record: &Record, model: &Model, lang: Lang) -> Document {
    let mut sections = vec![overview(record, lang)];
    // A run of an older version kept no evidence.
    let evidence = record.evidence.as_ref();
    sections.extend(evidence.map(|evidence| diagnosis::findings(evidence, lang, &Advice::flags)));
    sections.extend(curves::section(record, lang));
    sections.extend(evidence.and_then(|evidence| signals::signals(evidence, true, lang)));
    sections.extend(results::section(record, &model.target, lang));
    sections.push(columns::section(record, model, lang));
    sections.push(network::network(record, model, lang));
    sections.push(network::recipe(&record.settings, lang));
    let predicted = words::names(&record.settings.data.target, lang);
    Document {
        lang,
        title: name.to_owned(),
        subtitle: lang.choose(
            format!("A network that predicts {predicted}, and how it was trained."),
            format!("预测 {predicted} 的神经网络及其训练过程。"),
        ),
        made_by: made_by(),
        sections,
    }
}

fn made_by() -> String {
    format!("nablab {}", env!("CARGO_PKG_VERSION"))
}

/// How it ended, the numbers, and what they show.
fn overview(record: &Record, lang: Lang) -> Section {
    let mut blocks = vec![ended(&record.summary, lang), results::headline(&record.summary, lang)];
    blocks.extend(results::confidence(record, lang).map(Block::Paragraph));
    section("overview", lang.choose("Overview", "概览"), blocks)
}

fn ended(summary: &Summary, lang: Lang) -> Block {
    let (epochs, seconds) = (summary.epochs, words::duration(summary.seconds, lang));
    let counted = nablab_report::counted(epochs, "epoch");
    let (kind, title) = match summary.ended {
        Status::Finished => (
            Kind::Good,
            lang.choose(format!("Finished after {counted}"), format!("训练完成，共 {epochs} 轮")),
        ),
        Status::StoppedEarly => (
            Kind::Good,
            lang.choose(format!("Stopped early after {counted}"), format!("早停，共 {epochs} 轮")),
        ),
        Status::Converged => {
            (Kind::Good, lang.choose(format!("Converged after {counted}"), format!("共 {epochs} 轮后收敛")))
        }
        Status::SearchFailed => (
            Kind::Bad,
            lang.choose(format!("Not converged after {counted}"), format!("{epochs} 轮之后仍未收敛")),
        ),
        Status::Interrupted => (
            Kind::Info,
            lang.choose(format!("Interrupted after {counted}"), format!("训练中断，已完成 {epochs} 轮")),
        ),
        Status::Diverged => (
            Kind::Bad,
            lang.choose(format!("Diverged after {counted}"), format!("训练在 {epochs} 轮之后发散")),
        ),
    };
    let mut text = vec![lang.choose(format!("It took {seconds}."), format!("用时 {seconds}。"))];
    if let Some(best) = summary.best_epoch {
        text.push(lang.choose(
            format!("The parameters of epoch {best} are kept: there the validation loss is lowest."),
            format!("保留第 {best} 轮的参数：此时验证损失最低。"),
        ));
    }
    if let Some(gradient) = summary.gradient {
        text.push(lang.choose(
            format!("The largest component of the gradient is {gradient:.1e}."),
            format!("梯度的最大分量为 {gradient:.1e}。"),
        ));
        if summary.ended == Status::Finished {
            text.push(lang.choose(
                "It has not yet converged: more `--epochs` help, and `--scaling standard` or `--precision f64` where it stands still.".into(),
                "尚未收敛：可增加 `--epochs`；若停滞不前，可使用 `--scaling standard` 或 `--precision f64`。".into(),
            ));
        }
    }
    match (summary.ended, &summary.divergence) {
        (Status::Converged, _) => text.push(
            lang.choose("No step to a lower cost was found.".into(), "未能找到使代价继续降低的步长。".into()),
        ),
        (Status::SearchFailed, _) => text.push(lang.choose(
            "The search found no lower cost, yet the gradient is not flat: the costs differ by less than they are rounded. \
             `--scaling standard` or `--precision f64` helps."
                .into(),
            "搜索未能找到更低的代价，但梯度并不平坦：代价之差已小于舍入误差。可使用 `--scaling standard` 或 `--precision f64`。".into(),
        )),
        (Status::Interrupted, _) => text.push(lang.choose(
            "`nablab train --resume` goes on with it.".into(),
            "可用 `nablab train --resume` 继续训练。".into(),
        )),
        (Status::Diverged, Some(why)) => text.push(lang.choose(
            format!("`{why}`. A lower `--learning-rate` or `--clip norm` may help."),
            format!("`{why}`。可尝试降低 `--learning-rate` 或使用 `--clip norm`。"),
        )),
        _ => {}
    }
    Block::Note { kind, title, text: text.join(lang.choose(" ", "")) }
}

/// The epochs that the summary speaks of: a training that was resumed and then broke off has left some more behind.
fn history(record: &Record) -> &[Epoch] {
    let done = record.history.partition_point(|epoch| epoch.epoch <= record.summary.epochs);
    &record.history[..done]
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.into(), title: title.into(), blocks, sections: Vec::new() }
}

fn table(caption: impl Into<String>, columns: &[&str], rows: Vec<Vec<Cell>>) -> Block {
    let columns = columns.iter().map(|&name| name.to_owned()).collect();
    Block::Table(Table { caption: caption.into(), columns, rows })
}

/// Digits of a number in a table.
const DIGITS: usize = 4;

/// A number, or a dash where there is none.
fn cell(value: Option<f64>) -> Cell {
    value.filter(|v| !v.is_nan()).map_or_else(|| Cell::text("–"), |v| Cell::Number(v, DIGITS))
}

fn shown(value: f64) -> String {
    number(value, DIGITS)
}
