//! What each item teaches: the question before its numbers, and the look back after them.
//!
//! A file per lab gives every item of the course a [`Lesson`]. All numbers in it are computed, by the passes of [`crate::by_hand`] or
//! from the lab's runs.

mod best_line;
mod gradient_checking;
mod initialization;
mod optimization;
mod regularization;
mod spelled;

use nablab_report::{Block, Cell, Lang, Table};

use crate::Lab;
use crate::experiment::Experiment;

/// What an item teaches, in the order in which it is read. The item's own result stands between the computation and what to look at.
#[derive(Clone, Debug, Default)]
pub struct Lesson {
    /// What is asked, before any number is seen.
    pub question: String,
    /// The inputs, as data.
    pub given: Vec<Block>,
    /// In LaTeX, a line each.
    pub formulas: Vec<&'static str>,
    /// Entry by entry.
    pub computation: Vec<Block>,
    /// What the result shows.
    pub look_at: String,
    /// What becomes of the result if one symbol is wrong.
    pub if_wrong: Vec<Wrong>,
    /// Where the engine computes it.
    pub code: Option<Code>,
    /// The page of `docs/maths` with the derivation.
    pub maths: Option<&'static str>,
}

/// A symbol that is wrong, and what it does.
#[derive(Clone, Debug)]
pub struct Wrong {
    /// The mistake, in words.
    pub mistake: String,
    /// The number that shows it.
    pub name: String,
    /// As it is to be.
    pub right: f64,
    /// As the mistake makes it.
    pub wrong: f64,
}

/// A function of the engine.
#[derive(Clone, Copy, Debug)]
pub struct Code {
    /// Its name.
    pub function: &'static str,
    /// Its file in the repository.
    pub file: &'static str,
}

/// Digits of the numbers of a lesson, which are to be read and computed with.
const DIGITS: usize = 5;

/// Relative differences below this are made of round-off.
const ROUND_OFF: f64 = 1e-6;

/// The lesson of an item of a lab.
pub(crate) fn lesson(id: &str, experiment: &Experiment, lang: Lang) -> Lesson {
    match experiment.lab {
        Lab::Regularization => regularization::lesson(id, experiment, lang),
        Lab::Initialization => initialization::lesson(id, experiment, lang),
        Lab::GradientChecking => gradient_checking::lesson(id, lang),
        Lab::Optimization => optimization::lesson(id, experiment, lang),
    }
}

impl Lesson {
    /// What is read before the item's result.
    pub fn before(&self, lang: Lang) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !self.question.is_empty() {
            blocks.push(headed(lang.choose("Question.", "问题："), &self.question, lang));
        }
        if !self.given.is_empty() {
            let summary = lang.choose("Given: the inputs as data", "已知：输入数据").to_owned();
            blocks.push(Block::Details { summary, blocks: self.given.clone() });
        }
        if !self.formulas.is_empty() {
            blocks.push(self.formulas());
        }
        blocks.extend(self.computation.iter().cloned());
        blocks
    }

    /// The formulas, one on a line: a phone has no room for two.
    pub fn formulas(&self) -> Block {
        let lines = self.formulas.iter().flat_map(|latex| latex.split(r",\qquad "));
        Block::Formulas(lines.map(str::to_owned).collect())
    }

    /// What is read after it.
    pub fn after(&self, lang: Lang) -> Vec<Block> {
        let mut blocks = Vec::new();
        if !self.look_at.is_empty() {
            blocks.push(headed(lang.choose("Look at.", "观察："), &self.look_at, lang));
        }
        blocks.extend(self.wrong_symbols(lang));
        blocks.extend(self.sources(lang).map(Block::Paragraph));
        blocks
    }

    /// A table of what one wrong symbol does.
    pub fn wrong_symbols(&self, lang: Lang) -> Option<Block> {
        let row = |wrong: &Wrong| {
            vec![
                Cell::text(&wrong.mistake),
                Cell::text(format!("`{}`", wrong.name)),
                number_cell(wrong.right),
                number_cell(wrong.wrong),
            ]
        };
        let columns = lang.choose(
            ["If instead", "the number", "which is", "becomes"],
            ["如果写错", "这个数", "正确值", "变为"],
        );
        (!self.if_wrong.is_empty()).then(|| {
            Block::Table(Table {
                caption: lang.choose("If one symbol is wrong", "如果公式写错一处").into(),
                columns: columns.map(str::to_owned).to_vec(),
                rows: self.if_wrong.iter().map(row).collect(),
            })
        })
    }

    /// Where the code and the derivation are.
    fn sources(&self, lang: Lang) -> Option<String> {
        let address = |file: &str| format!("{}/blob/main/{file}", env!("CARGO_PKG_REPOSITORY"));
        let code = self.code.map(|Code { function, file }| {
            let link = format!("[{function}]({})", address(file));
            lang.choose(format!("in nablab {link}"), format!("nablab 的实现：{link}"))
        });
        let maths = self.maths.map(|page| {
            let file = format!("docs/maths/{page}{}.md", lang.choose("", ".zh"));
            format!("[{}]({})", lang.choose("derivation", "推导"), address(&file))
        });
        let parts: Vec<_> = [code, maths].into_iter().flatten().collect();
        let more = lang.choose("More: ", "更多：").to_owned();
        let line = more + &parts.join(lang.choose("; ", "；")) + lang.choose(".", "。");
        (!parts.is_empty()).then_some(line)
    }
}

/// A paragraph that begins with what it is.
fn headed(head: &str, text: &str, lang: Lang) -> Block {
    Block::Paragraph(format!("**{head}**{}{text}", lang.choose(" ", "")))
}

/// How many training points a boundary has on the wrong side.
fn on_the_wrong_side(experiment: &Experiment, key: &str, lang: Lang) -> String {
    let examples = experiment.data.train.examples();
    let wrong = ((1.0 - experiment.run(key).1.train.accuracy) * examples as f64).round();
    lang.choose(
        format!("{wrong} of the {examples} training points lie on the wrong side."),
        format!("{examples} 个训练点中有 {wrong} 个落在错误的一侧。"),
    )
}

/// A number of a lesson; what is only round-off has no more than two digits to tell.
fn number_cell(value: f64) -> Cell {
    Cell::Number(value, if value.abs() < ROUND_OFF { 2 } else { DIGITS })
}
