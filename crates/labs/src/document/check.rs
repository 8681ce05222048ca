//! The check: how many numbers agree, what is not compared and why, who published what, and each comparison.

use nablab_report::{Block, Cell, Kind, Lang, Section, Table, number};

use crate::record::{LabRecord, note, tally};
use crate::reference::{Comparison, Value};

/// Letters of a compared text that a table shows.
const LETTERS: usize = 24;
/// Digits of compared numbers: all there are.
const DIGITS: usize = 17;
/// The repositories on GitHub that published notebooks of the course, by the names in the tables.
const REPOSITORIES: [(&str, &str); 5] = [
    ("Kulbear", "Kulbear/deep-learning-coursera"),
    ("xuwenzhe", "xuwenzhe/deep-learning-coursera"),
    ("AlbertHG", "AlbertHG/Coursera-Deep-Learning-deeplearning.ai"),
    ("colynhn", "colynhn/deep-learning-coursera-homework"),
    ("greyhatguy007", "greyhatguy007/deep-learning-specialization"),
];
/// What the tables call the text of the exercise itself.
const EXERCISE: &str = "expected output";

pub(super) fn check_section(records: &[LabRecord], lang: Lang) -> Section {
    let (compared, agree) = tally(records);
    let verdict =
        lang.choose(format!("{agree} of {compared} agree"), format!("{compared} 项中 {agree} 项一致"));
    let kind = if agree == compared { Kind::Good } else { Kind::Bad };
    let comparisons = records.iter().flat_map(|record| &record.items).flat_map(|item| &item.reference);
    let unpublished = comparisons.filter(|comparison| comparison.published.is_none()).count();
    let mut blocks = vec![note(
        kind,
        &verdict,
        lang.choose(
            format!(
                "Each number the course published, or that was recomputed for this check by another program, is compared with ours: \
                 it must lie within the stated tolerance of the recomputed value, and match the published digits. {unpublished} of \
                 them nobody published: where the table has – as published value, the recomputed one alone is compared."
            ),
            format!(
                "课程公布的、以及另用程序为本检查重新计算的每个数值，都与本程序的结果比较：必须在重算值的容差之内，并与公布的各位数字相符。\
                 其中 {unpublished} 项没有人公布过（表中公布值为“–”），只与重算值比较。"
            ),
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
    let not_compared: Vec<_> = records.iter().filter_map(LabRecord::not_compared).collect();
    if !not_compared.is_empty() {
        blocks.push(Block::List(not_compared));
    }
    blocks.extend(sources(records, lang));
    Section {
        id: "check".into(),
        title: lang.choose("Reference check", "与公布结果的核对").into(),
        blocks,
        sections: Vec::new(),
    }
}

/// Who printed a number; nobody, where it was only recomputed.
fn source(comparison: &Comparison) -> &str {
    if comparison.published.is_some() { &comparison.source } else { "" }
}

/// The sources the tables name, where they name any.
fn sources(records: &[LabRecord], lang: Lang) -> Option<Block> {
    let is_named = |name: &str| {
        let items = records.iter().flat_map(|record| &record.items);
        items.flat_map(|item| &item.reference).any(|comparison| source(comparison) == name)
    };
    let exercise = lang.choose("the text of the exercise itself", "练习本身的文字");
    let all = REPOSITORIES.into_iter().map(|(name, repository)| (name, format!("`{repository}`")));
    let rows = all.chain([(EXERCISE, exercise.to_owned())]).filter(|(name, _)| is_named(name));
    let rows: Vec<_> = rows.map(|(name, what)| vec![Cell::text(name), Cell::text(what)]).collect();
    (!rows.is_empty()).then(|| {
        Block::Table(Table {
            caption: lang.choose("Sources (repositories on GitHub)", "来源（GitHub 仓库）").into(),
            columns: lang.choose(["Source", "Repository"], ["来源", "仓库"]).map(str::to_owned).to_vec(),
            rows,
        })
    })
}

/// Each number beside the published one.
pub(super) fn reference_table(comparisons: &[&Comparison], lang: Lang) -> Block {
    let columns = lang.choose(
        ["Name", "Published", "Recomputed", "Ours", "Relative difference", "Tolerance", "Verdict", "Source"],
        ["名称", "公布值", "重算值", "本程序", "相对差", "容差", "结论", "来源"],
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
            Cell::text(source(comparison)),
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
