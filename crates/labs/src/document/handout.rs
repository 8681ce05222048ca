//! For paper: the questions with what is given and room to write, and their answers apart.

use nablab_report::{Block, Cell, Document, Lang, Section, Table};

use crate::record::{Item, LabRecord};

/// Lines to write on below a question, and below one with a computation, whose tables are to be filled in besides.
const LINES: (u8, u8) = (3, 4);

/// A cell to write in, as wide as a number by hand.
const BLANK: &str = "\u{2003}\u{2003}\u{2003}\u{2003}\u{2003}";

/// The questions, with what is given and without any answer.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_labs::{Lab, Labs, Options, document::{answers, handout}};
/// use nablab_report::{Lang, markdown};
/// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
/// labs.train(NonZeroUsize::MIN, &())?;
/// let records = labs.records(Lang::En, NonZeroUsize::MIN, &())?;
/// let (questions, answers) = (markdown(&handout(&records, Lang::En)), markdown(&answers(&records, Lang::En)));
/// assert!(questions.contains("You have derived dJ/dθ on paper.") && !questions.contains("2.9193"));
/// assert!(answers.contains("2.91933588329e-10"));
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
pub fn handout(records: &[LabRecord], lang: Lang) -> Document {
    let question = |record: &LabRecord, item: &Item| {
        let lesson = &item.lesson;
        let mut blocks = vec![Block::Paragraph(lesson.question.clone())];
        blocks.extend(lesson.given.iter().cloned());
        // The data is given, to be drawn into where a boundary is asked for; every other figure is an answer.
        let is_boundary = item.values.contains_key("grid_33x33") && !item.values.contains_key("costs");
        if item.values.contains_key("train") || is_boundary {
            blocks.extend(data_figure(record).cloned());
        }
        if !lesson.formulas.is_empty() {
            blocks.push(lesson.formulas());
        }
        // What the item itself does not answer is all given.
        if item.key.is_some() {
            blocks.extend(item.blocks.iter().flat_map(unfolded));
        }
        let blanks: Vec<_> = lesson.computation.iter().filter_map(to_fill_in).collect();
        blocks.push(Block::Space(if blanks.is_empty() { LINES.0 } else { LINES.1 }));
        blocks.extend(blanks);
        blocks
    };
    Document {
        lang,
        title: lang.choose("The labs: questions", "实验：问题").into(),
        subtitle: whose(lang).into(),
        sections: sections(records, lang, &question),
        ..Document::default()
    }
}

/// Under the title of what is handed in on paper.
pub(crate) fn whose(lang: Lang) -> &'static str {
    lang.choose("Name: ____________________ Number: ________", "姓名：____________________ 学号：________")
}

/// Paper has nothing to click on.
fn unfolded(block: &Block) -> Vec<Block> {
    match block {
        Block::Details { summary, blocks } => {
            [Block::Paragraph(summary.clone())].into_iter().chain(blocks.iter().cloned()).collect()
        }
        other => vec![other.clone()],
    }
}

/// A table of the computation with empty cells for all that is computed: what stays are the names of its rows and the formulas.
fn to_fill_in(block: &Block) -> Option<Block> {
    let Block::Table(table) = block else { return None };
    let is_formula = |cell: &Cell| matches!(cell, Cell::Text(text) if text.starts_with(r"\("));
    let blank = |(column, cell): (usize, &Cell)| match column == 0 || is_formula(cell) {
        true => cell.clone(),
        false => Cell::text(BLANK),
    };
    let rows: Vec<Vec<Cell>> =
        table.rows.iter().map(|row| row.iter().enumerate().map(blank).collect()).collect();
    // A table of formulas alone is no question.
    let is_asked = rows.iter().flatten().any(|cell| *cell == Cell::text(BLANK));
    is_asked.then(|| Block::Table(Table { rows, ..table.clone() }))
}

/// The answers to the same questions: the computation, the results, what they show, and what one wrong symbol does.
pub fn answers(records: &[LabRecord], lang: Lang) -> Document {
    let answer = |_: &LabRecord, item: &Item| {
        let mut blocks = vec![Block::Paragraph(format!("**{}**", item.lesson.question))];
        blocks.extend(item.key.clone().map(Block::Paragraph));
        blocks.extend(item.lesson.computation.iter().cloned());
        blocks.extend(item.blocks.iter().filter(|block| !matches!(block, Block::Details { .. })).cloned());
        blocks.push(Block::Paragraph(item.lesson.look_at.clone()));
        blocks.extend(item.lesson.wrong_symbols(lang));
        blocks
    };
    let mut sections = sections(records, lang, &answer);
    for (section, record) in sections.iter_mut().zip(records) {
        section.blocks.push(Block::List(record.summary.statements.clone()));
    }
    Document {
        lang,
        title: lang.choose("The labs: answers", "实验：答案").into(),
        subtitle: lang
            .choose("Every number was computed for this key.", "本答案中的每个数都是计算得出的。")
            .into(),
        sections,
        ..Document::default()
    }
}

/// The figure of a lab's data.
fn data_figure(record: &LabRecord) -> Option<&Block> {
    let data = record.items.iter().find(|item| item.values.contains_key("train"))?;
    data.blocks.iter().find(|block| matches!(block, Block::Figures(_)))
}

fn sections(
    records: &[LabRecord],
    lang: Lang,
    blocks: &dyn Fn(&LabRecord, &Item) -> Vec<Block>,
) -> Vec<Section> {
    let of_item = |record: &LabRecord, item: &Item| Section {
        id: item.id.clone(),
        title: item.title.clone(),
        blocks: blocks(record, item),
        sections: Vec::new(),
    };
    let of_lab = |record: &LabRecord| Section {
        id: record.lab.key().into(),
        title: record.lab.title(lang).into(),
        blocks: Vec::new(),
        sections: record.items.iter().map(|item| of_item(record, item)).collect(),
    };
    records.iter().map(of_lab).collect()
}
