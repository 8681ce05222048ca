//! A report of records: an overview, then lab by lab what it shows and its items, then the check; and the same for a lecture.

mod check;
mod files;
mod handout;
mod notation;
mod slides;

pub use files::{ANSWERS, HANDOUT, Material, PAGE, REPORT, SLIDES, beginning, files, results, text};
pub(crate) use handout::whose;
pub use handout::{answers, handout};
use nablab_report::{Block, Cell, Document, Figure, Kind, Lang, Section, Table};
pub use slides::deck;

use crate::record::{Item, LabRecord, note};
use check::{check_section, reference_table};
use notation::notation;

/// The report of the records, in their language; `made_by` says by which program and command.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_labs::{Lab, Labs, Options, document::document};
/// use nablab_report::{Lang, html};
/// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
/// labs.train(NonZeroUsize::MIN, &())?;
/// let page = html(&document(&labs.records(Lang::En, NonZeroUsize::MIN, &())?, "nablab 0.1.0", Lang::En));
/// assert!(page.contains("9 of 9 agree"));
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
pub fn document(records: &[LabRecord], made_by: &str, lang: Lang) -> Document {
    let mut sections = vec![overview(records, lang)];
    sections.extend(records.iter().map(lab_section));
    sections.push(check_section(records, lang));
    Document {
        lang,
        title: lang.choose("nablab: the labs", "nablab 实验报告").into(),
        subtitle: lang
            .choose(
                "Every figure and number of the course's labs, trained here, beside what was published where it was.",
                "课程实验中的每一幅图、每一个数值：由本程序训练得到；有公布结果的，与之并列。",
            )
            .into(),
        made_by: made_by.to_owned(),
        sections,
    }
}

/// Each lab in one line.
fn overview(records: &[LabRecord], lang: Lang) -> Section {
    let row = |record: &LabRecord| {
        let summary = &record.summary;
        let best = if summary.best.is_empty() { "–" } else { &summary.best };
        // What a turned knob does is what was asked.
        let statements = record.turned.as_ref().map_or(&summary.statements, |turned| &turned.statements);
        let line = statements.first().cloned().unwrap_or_default();
        vec![Cell::text(format!("**{}**", record.lab.title(lang))), Cell::text(best), Cell::text(line)]
    };
    let columns = lang.choose(["Lab", "Best", "In one line"], ["实验", "最好的方案", "一句话"]);
    Section {
        id: "overview".into(),
        title: lang.choose("Overview", "概览").into(),
        blocks: vec![
            Block::Paragraph(how_to_read(lang)),
            notation(lang),
            Block::Details {
                summary: lang.choose("The results, a line for each lab", "结果：每个实验一行").into(),
                blocks: vec![Block::Table(Table {
                    caption: String::new(),
                    columns: columns.map(str::to_owned).to_vec(),
                    rows: records.iter().map(row).collect(),
                })],
            },
        ],
        sections: Vec::new(),
    }
}

fn how_to_read(lang: Lang) -> String {
    let terms = format!("{}/blob/main/docs/maths/terms.md", env!("CARGO_PKG_REPOSITORY"));
    lang.choose(
        format!(
            "Each item is a small lesson: answer its question before you read on. Rows and columns count from 0, as in NumPy. Costs are natural \
             logarithms. [All terms in both languages]({terms})."
        ),
        format!(
            "每一项都是一节小课：先回答问题，再往下读。行与列从 0 数起，与 NumPy 相同。代价以自然对数计。[术语中英对照]({terms})。"
        ),
    )
}

/// All figures of the records, for files of their own.
pub fn figures(records: &[LabRecord]) -> Vec<&Figure> {
    let items = records.iter().flat_map(|record| &record.items);
    let items = items.flat_map(|item| item.lesson.computation.iter().chain(&item.blocks));
    let summaries = records.iter().flat_map(|record| &record.summary.blocks);
    let turned = records.iter().filter_map(|record| record.turned.as_ref()).flat_map(|turned| &turned.blocks);
    let mut figures = Vec::new();
    for block in items.chain(summaries).chain(turned) {
        if let Block::Figures(more) = block {
            figures.extend(more);
        }
    }
    figures
}

fn lab_section(record: &LabRecord) -> Section {
    let lang = record.lang;
    let summary = Section {
        id: format!("{}.summary", record.lab.key()),
        title: match record.turned {
            None => lang.choose("What this lab shows", "本实验说明了什么"),
            Some(_) => lang.choose("What the course's trainings show", "课程的训练说明了什么"),
        }
        .into(),
        blocks: record.summary.blocks.clone(),
        sections: Vec::new(),
    };
    let turned = record.turned.as_ref().map(|turned| Section {
        id: format!("{}.turned", record.lab.key()),
        title: lang.choose("What the turned knobs change", "调整设置带来的变化").into(),
        blocks: turned.blocks.clone(),
        sections: Vec::new(),
    });
    let items = record.items.iter().map(|item| item_section(item, lang));
    Section {
        id: record.lab.key().into(),
        title: record.lab.title(lang).into(),
        blocks: Vec::new(),
        // What is concluded comes last: who reads it first learns less.
        sections: turned.into_iter().chain(items).chain([summary]).collect(),
    }
}

fn item_section(item: &Item, lang: Lang) -> Section {
    let mut blocks = item.lesson.before(lang);
    blocks.extend(item.blocks.iter().cloned());
    blocks.extend(item.lesson.after(lang));
    if !item.reference.is_empty() {
        let agree = item.reference.iter().filter(|comparison| comparison.agrees).count();
        let all = item.reference.len();
        let failed: Vec<_> = item.reference.iter().filter(|comparison| !comparison.agrees).collect();
        if !failed.is_empty() {
            let title = lang.choose(
                format!("{} of {all} do not agree", failed.len()),
                format!("{all} 项中有 {} 项不一致", failed.len()),
            );
            blocks.push(note(Kind::Bad, &title, ""));
            blocks.push(reference_table(&failed, lang));
        }
        let compared = Block::Details {
            summary: lang.choose(
                format!("Reference: {agree} of {all} agree"),
                format!("核对：{all} 项中 {agree} 项一致"),
            ),
            blocks: vec![reference_table(&item.reference.iter().collect::<Vec<_>>(), lang)],
        };
        blocks.push(Block::Check(vec![compared]));
    }
    Section { id: item.id.clone(), title: item.title.clone(), blocks, sections: Vec::new() }
}
