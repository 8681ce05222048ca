//! A report of records: the check first, then lab by lab, then what each lab shows.

use nablab_report::{Block, Cell, Document, Figure, Kind, Lang, Section, Table, number};

use crate::record::{Item, LabRecord, note, tally};
use crate::reference::{Comparison, Value};

/// Letters of a compared text that a table shows.
const LETTERS: usize = 24;
/// Digits of compared numbers: all there are.
const DIGITS: usize = 17;

/// The report of the records, in their language.
///
/// ```
/// use nablab_labs::{Lab, Labs, Options, document::document};
/// use nablab_report::{Lang, html};
/// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
/// labs.train(&())?;
/// let page = html(&document(&labs.records(Lang::En), Lang::En));
/// assert!(page.contains("9 of 9 agree"));
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
pub fn document(records: &[LabRecord], lang: Lang) -> Document {
    let mut sections = vec![check_section(records, lang)];
    sections.extend(records.iter().map(lab_section));
    Document {
        lang,
        title: lang.choose("nablab: the labs", "nablab 实验报告").into(),
        subtitle: lang
            .choose(
                "Every figure and number of the course's labs, trained here, beside what was published.",
                "课程实验中的每一幅图、每一个数值：在本机训练得到，并与公布的结果并列。",
            )
            .into(),
        sections,
    }
}

/// All figures of the records, for files of their own.
pub fn figures(records: &[LabRecord]) -> Vec<&Figure> {
    let items = records.iter().flat_map(|record| &record.items).flat_map(|item| &item.blocks);
    let summaries = records.iter().flat_map(|record| &record.summary.blocks);
    let mut figures = Vec::new();
    for block in items.chain(summaries) {
        if let Block::Figures(more) = block {
            figures.extend(more);
        }
    }
    figures
}

fn check_section(records: &[LabRecord], lang: Lang) -> Section {
    let (compared, agree) = tally(records);
    let verdict =
        lang.choose(format!("{agree} of {compared} agree"), format!("{compared} 项中 {agree} 项一致"));
    let kind = if agree == compared { Kind::Good } else { Kind::Bad };
    let mut blocks = vec![note(
        kind,
        &verdict,
        lang.choose(
            "Each number the course published, or that was recomputed for this check, is compared with ours: it must \
             lie within the stated tolerance of the recomputed value, and match the published digits.",
            "课程公布的、以及为本检查重新计算的每个数值，都与本机结果比较：必须在重算值的容差之内，并与公布的各位数字相符。",
        ),
    )];
    let row = |record: &LabRecord| {
        let (compared, agree) = tally(std::slice::from_ref(record));
        let cells = [compared, agree].map(|n| Cell::Number(n as f64, 9));
        std::iter::once(Cell::text(record.lab.title(lang))).chain(cells).collect()
    };
    blocks.push(Block::Table(Table {
        caption: String::new(),
        columns: lang
            .choose(["Lab", "Compared", "Agree"], ["实验", "比较", "一致"])
            .map(str::to_owned)
            .to_vec(),
        rows: records.iter().map(row).collect(),
    }));
    let uncompared: Vec<_> = records
        .iter()
        .flat_map(|record| &record.items)
        .filter(|item| item.values.contains_key("costs") && item.reference.is_empty())
        .map(|item| format!("`{}`", item.id))
        .collect();
    if !uncompared.is_empty() {
        let list = uncompared.join(", ");
        blocks.push(Block::Paragraph(lang.choose(
            format!(
                "Not compared, because they were trained on other data or with other settings than the published \
                 ones: {list}."
            ),
            format!("以下训练所用的数据或设置与公布的不同，因此未作比较：{list}。"),
        )));
    }
    blocks.push(Block::Paragraph(
        lang.choose(
            "Names: m examples; X (features, m); W1, b1, … the parameters of layer 1, …; dW the gradient of W. \
             Costs are in nats (natural logarithms).",
            "记号：m 个样本；X（特征数, m）；W1、b1……为第 1 层……的参数；dW 为 W 的梯度。代价以自然对数计。",
        )
        .into(),
    ));
    Section {
        id: "check".into(),
        title: lang.choose("Reference check", "与公布结果的核对").into(),
        blocks,
        sections: Vec::new(),
    }
}

fn lab_section(record: &LabRecord) -> Section {
    let lang = record.lang;
    let mut sections: Vec<_> = record.items.iter().map(|item| item_section(item, lang)).collect();
    sections.push(Section {
        id: format!("{}.summary", record.lab.key()),
        title: lang.choose("What this lab shows", "本实验说明了什么").into(),
        blocks: record.summary.blocks.clone(),
        sections: Vec::new(),
    });
    Section {
        id: record.lab.key().into(),
        title: record.lab.title(lang).into(),
        blocks: Vec::new(),
        sections,
    }
}

fn item_section(item: &Item, lang: Lang) -> Section {
    let mut blocks = item.blocks.clone();
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
        blocks.push(Block::Details {
            summary: lang.choose(
                format!("Reference: {agree} of {all} agree"),
                format!("核对：{all} 项中 {agree} 项一致"),
            ),
            blocks: vec![reference_table(&item.reference.iter().collect::<Vec<_>>(), lang)],
        });
    }
    Section { id: item.id.clone(), title: item.title.clone(), blocks, sections: Vec::new() }
}

fn reference_table(comparisons: &[&Comparison], lang: Lang) -> Block {
    let columns = lang.choose(
        ["Name", "Published", "Recomputed", "Ours", "Relative difference", "Tolerance", "Verdict", "Source"],
        ["名称", "公布值", "重算值", "本机", "相对差", "容差", "结论", "来源"],
    );
    let row = |comparison: &&Comparison| {
        let verdict = match comparison.agrees {
            true => lang.choose("agrees", "一致"),
            false => lang.choose("differs", "不一致"),
        };
        vec![
            Cell::text(format!("`{}`", comparison.name)),
            Cell::text(comparison.published.as_deref().map_or_else(|| "–".to_owned(), shorten)),
            value_cell(&comparison.recomputed),
            value_cell(&comparison.got),
            Cell::Number(comparison.relative_difference, 2),
            Cell::Number(comparison.tolerance, 2),
            Cell::Verdict(comparison.agrees, verdict.into()),
            Cell::text(&*comparison.source),
        ]
    };
    Block::Table(Table {
        caption: String::new(),
        columns: columns.map(str::to_owned).to_vec(),
        rows: comparisons.iter().map(row).collect(),
    })
}

fn value_cell(value: &Value) -> Cell {
    match value {
        Value::Number(value) if value.is_finite() => Cell::Number(*value, DIGITS),
        Value::Number(value) => Cell::text(number(*value, DIGITS)),
        Value::Text(text) => Cell::text(shorten(text)),
    }
}

/// The first letters of a long text, and how many there are.
fn shorten(text: &str) -> String {
    match text.char_indices().nth(LETTERS) {
        Some((end, _)) if text.len() > LETTERS + 8 => format!("{}… ({})", &text[..end], text.chars().count()),
        _ => text.to_owned(),
    }
}
