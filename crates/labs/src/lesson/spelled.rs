//! Numbers as one writes them down while computing by hand.

use nablab_report::{Block, Cell, Lang, Table, number};

use super::DIGITS;
use crate::by_hand::Matrix;
use crate::record::example;

/// Matrices whose columns are examples, a row per unit.
pub(super) fn of_examples(caption: &str, matrices: &[(&str, &Matrix)], lang: Lang) -> Block {
    struck(caption, &matrices.iter().map(|&(name, matrix)| (name, matrix, None)).collect::<Vec<_>>(), lang)
}

/// The same; entries are struck out where a mask has a 0.
pub(super) fn struck(caption: &str, matrices: &[(&str, &Matrix, Option<&Matrix>)], lang: Lang) -> Block {
    let examples = matrices.iter().map(|(_, matrix, _)| matrix.cols()).max().unwrap_or(0);
    let names = (0..examples).map(|j| example(j, lang));
    let columns = std::iter::once(String::new()).chain(names).collect();
    let mut rows = Vec::new();
    for &(name, matrix, mask) in matrices {
        rows.extend((0..matrix.rows()).map(|i| {
            let cell = |j: usize| match mask.is_some_and(|mask| mask.at(i, j) == 0.0) {
                true => Cell::Struck(matrix.at(i, j), DIGITS),
                false => Cell::Number(matrix.at(i, j), DIGITS),
            };
            std::iter::once(row_name(name, matrix, i)).chain((0..matrix.cols()).map(cell)).collect()
        }));
    }
    Block::Table(Table { caption: caption.to_owned(), columns, rows })
}

/// Weights and biases: a row per unit, its weights by the input they are for, then its bias.
pub(super) fn of_units(caption: &str, layers: &[(&str, &Matrix, &str, &Matrix)], lang: Lang) -> Block {
    let inputs = layers.iter().map(|(_, w, ..)| w.cols()).max().unwrap_or(0);
    let names = (0..inputs).map(|k| lang.choose(format!("from input {k}"), format!("来自输入 {k}")));
    let last = lang.choose("bias", "偏置").to_owned();
    let columns = std::iter::once(String::new()).chain(names).chain([last]).collect();
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for &(w_name, w, b_name, b) in layers {
        rows.extend((0..w.rows()).map(|i| {
            let name = format!("`{w_name}[{i}]`, `{b_name}[{i}]`");
            let weights = (0..inputs).map(|k| match k < w.cols() {
                true => Cell::Number(w.at(i, k), DIGITS),
                false => Cell::text(""),
            });
            let bias = Cell::Number(b.at(i, 0), DIGITS);
            std::iter::once(Cell::text(name)).chain(weights).chain([bias]).collect()
        }));
    }
    Block::Table(Table { caption: caption.to_owned(), columns, rows })
}

fn row_name(name: &str, matrix: &Matrix, i: usize) -> Cell {
    Cell::text(if matrix.rows() == 1 { format!("`{name}`") } else { format!("`{name}[{i}]`") })
}

/// A computation line by line: what is computed, by which formula (LaTeX), with these numbers, and what comes out.
pub(super) fn steps(caption: &str, lines: Vec<(String, &str, String, f64)>, lang: Lang) -> Block {
    steps_to(DIGITS, caption, lines, lang)
}

/// The same with so many digits of what comes out.
pub(super) fn steps_to(
    digits: usize,
    caption: &str,
    lines: Vec<(String, &str, String, f64)>,
    lang: Lang,
) -> Block {
    let columns = lang
        .choose(["", "Formula", "With numbers", "Result"], ["", "公式", "代入数值", "结果"])
        .map(str::to_owned);
    let row = |(what, formula, numbers, result): (String, &str, String, f64)| {
        let formula = Cell::text(format!(r"\({formula}\)"));
        vec![Cell::text(what), formula, Cell::text(numbers), Cell::Number(result, digits)]
    };
    Block::Table(Table {
        caption: caption.to_owned(),
        columns: columns.to_vec(),
        rows: lines.into_iter().map(row).collect(),
    })
}

/// The lines of the forward pass, each beside its line of the backward pass. Formulas in LaTeX.
pub(super) fn beside(lines: &[(&str, &str)], lang: Lang) -> Block {
    let cell =
        |latex: &str| Cell::text(if latex.is_empty() { String::new() } else { format!(r"\({latex}\)") });
    Block::Table(Table {
        caption: lang.choose("Forward, and its backward beside it", "前向传播与对应的反向传播").into(),
        columns: lang.choose(["Forward ↓", "Backward ↑"], ["前向 ↓", "反向 ↑"]).map(str::to_owned).to_vec(),
        rows: lines.iter().map(|(forward, backward)| vec![cell(forward), cell(backward)]).collect(),
    })
}

/// A number within a computation: negative ones in brackets.
pub(super) fn term(value: f64) -> String {
    let text = number(value, DIGITS);
    if value < 0.0 { format!("({})", text.replacen('-', "−", 1)) } else { text }
}

/// `a · b + c · d + …`
pub(super) fn products(terms: impl IntoIterator<Item = (f64, f64)>) -> String {
    let terms: Vec<_> = terms.into_iter().map(|(a, b)| format!("{} · {}", term(a), term(b))).collect();
    terms.join(" + ")
}
