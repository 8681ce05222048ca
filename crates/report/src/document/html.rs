//! A report as one page that needs nothing but itself.

use std::fmt::Write as _;
use std::io::{self, Read};
use std::path::Path;

use super::formula::{Place, mathml};
use super::inline::inline;
use super::style::{CSS, SCRIPT};
use super::{Block, Cell, Document, Kind, Section, Table};
use crate::figure::escape;
use crate::{Lang, Theme, number};

/// A table with so many columns is set smaller.
const WIDE: usize = 7;

/// Words of the page itself.
pub(super) struct Words {
    pub(super) lang: &'static str,
    contents: &'static str,
    copy: &'static str,
    copy_text: &'static str,
    copied: &'static str,
    theme: &'static str,
    checks: &'static str,
}

impl Words {
    pub(super) fn of(lang: Lang) -> Self {
        match lang {
            Lang::En => Self {
                lang: "en",
                contents: "Contents",
                copy: "Copy table",
                copy_text: "Copy",
                copied: "Copied",
                theme: "Light / dark",
                checks: "Reference checks",
            },
            Lang::Zh => Self {
                lang: "zh-Hans",
                contents: "目录",
                copy: "复制表格",
                copy_text: "复制",
                copied: "已复制",
                theme: "浅色 / 深色",
                checks: "显示核对",
            },
        }
    }
}

/// Stands in the head of every page: by it a program knows a page that it may replace.
pub(super) const GENERATOR: &str = "<meta name=\"generator\" content=\"nablab\">";

/// The file is a page of ours, which its first lines say: what it is replaced by loses nothing of anybody else's.
///
/// # Errors
/// Where it cannot be read.
pub fn is_page(path: &Path) -> io::Result<bool> {
    /// The generator stands among the first lines.
    const HEAD: u64 = 512;
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(HEAD).read_to_end(&mut head)?;
    Ok(String::from_utf8_lossy(&head).contains(GENERATOR))
}

/// The whole page: styles, scripts and figures inside.
///
/// ```
/// use nablab_report::{Document, html};
/// let page = html(&Document { title: "a < b".into(), ..Document::default() });
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<h1>a &lt; b</h1>"));
/// ```
pub fn html(document: &Document) -> String {
    let words = Words::of(document.lang);
    let title = escape(&document.title);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n{GENERATOR}\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <style>{CSS}</style>\n</head>\n<body>\n<div class=\"layout\">\n",
        words.lang
    );
    let _ = write!(out, "<nav><details open><summary>{}</summary>", words.contents);
    contents(&mut out, &document.sections);
    let _ = write!(
        out,
        "</details></nav>\n<main>\n<button id=\"theme\" hidden>{}</button>\n{}\
         <h1>{title}</h1>\n<p class=\"subtitle\">{}</p>\n",
        words.theme,
        if has_checks(&document.sections) { switch(&words) } else { String::new() },
        inline(&document.subtitle)
    );
    if !document.made_by.is_empty() {
        let _ = writeln!(out, "<p class=\"subtitle\"><code>{}</code></p>", escape(&document.made_by));
    }
    document.sections.iter().for_each(|part| section(&mut out, part, 2, &words));
    let _ = write!(out, "</main>\n</div>\n<script>{SCRIPT}</script>\n</body>\n</html>\n");
    out
}

/// By which the reader shows and hides the checks; it works without scripts.
fn switch(words: &Words) -> String {
    format!("<label class=\"switch\"><input type=\"checkbox\" id=\"checks\"> {}</label>\n", words.checks)
}

fn has_checks(sections: &[Section]) -> bool {
    let is_check = |block: &Block| matches!(block, Block::Check(_));
    sections.iter().any(|part| part.blocks.iter().any(is_check) || has_checks(&part.sections))
}

fn contents(out: &mut String, sections: &[Section]) {
    if sections.is_empty() {
        return;
    }
    *out += "<ul>";
    for part in sections {
        let _ = write!(out, "<li><a href=\"#{}\">{}</a>", escape(&part.id), escape(&part.title));
        contents(out, &part.sections);
        *out += "</li>";
    }
    *out += "</ul>";
}

fn section(out: &mut String, part: &Section, level: usize, words: &Words) {
    let (id, title) = (escape(&part.id), escape(&part.title));
    let shown = part
        .shown_id(level)
        .map_or_else(String::new, |id| format!(" <span class=\"id\">{}</span>", escape(id)));
    let _ = writeln!(out, "<section id=\"{id}\"><h{level}>{title}{shown}</h{level}>");
    part.blocks.iter().for_each(|part| block(out, part, words));
    part.sections.iter().for_each(|part| section(out, part, (level + 1).min(6), words));
    *out += "</section>\n";
}

pub(super) fn block(out: &mut String, part: &Block, words: &Words) {
    match part {
        Block::Paragraph(text) => {
            let _ = writeln!(out, "<p>{}</p>", inline(text));
        }
        Block::List(items) => {
            *out += "<ul class=\"items\">";
            items.iter().for_each(|item| *out += &format!("<li>{}</li>", inline(item)));
            *out += "</ul>\n";
        }
        Block::Table(part) => table(out, part, words),
        Block::Code(text) => {
            let _ = writeln!(
                out,
                "<div class=\"table\"><button data-copy data-done=\"{}\" hidden>{}</button><pre><code>{}</code></pre></div>",
                words.copied,
                words.copy_text,
                escape(text.trim_end())
            );
        }
        Block::Formulas(formulas) => {
            *out += "<div class=\"formulas\">";
            formulas
                .iter()
                .for_each(|formula| *out += &format!("<p>{}</p>", mathml(formula, Place::Display)));
            *out += "</div>\n";
        }
        Block::Figures(figures) => {
            // Three side by side where there is room, else below each other: two and a hole compare badly.
            *out +=
                if figures.len() > 1 { "<div class=\"figures many\">" } else { "<div class=\"figures\">" };
            for figure in figures {
                // Panels side by side would be too small on a phone: there one slides them.
                let _ = match figure.panels.is_empty() {
                    true => write!(out, "<figure>{}", figure.svg(Theme::Page)),
                    false => {
                        write!(out, "<figure class=\"strip\"><div>{}</div>", figure.svg(Theme::Page))
                    }
                };
                if !figure.caption.is_empty() {
                    let _ = write!(out, "<figcaption>{}</figcaption>", inline(&figure.caption));
                }
                *out += "</figure>";
            }
            *out += "</div>\n";
        }
        Block::Note { kind, title, text } => {
            let class = match kind {
                Kind::Info => "note",
                Kind::Good => "note good",
                Kind::Bad => "note bad",
            };
            let _ = writeln!(
                out,
                "<div class=\"{class}\"><p><strong>{}</strong></p><p>{}</p></div>",
                escape(title),
                inline(text)
            );
        }
        Block::Space(lines) => {
            let _ = writeln!(out, "<div class=\"space\">{}</div>", "<div></div>".repeat(usize::from(*lines)));
        }
        Block::Check(blocks) => {
            *out += "<div class=\"check\">";
            blocks.iter().for_each(|part| block(out, part, words));
            *out += "</div>\n";
        }
        Block::Details { summary, blocks } => {
            let _ = writeln!(out, "<details><summary>{}</summary>", inline(summary));
            blocks.iter().for_each(|part| block(out, part, words));
            *out += "</details>\n";
        }
    }
}

/// A table of three columns or more that has words beside those of its first column, or of formulas side by side: on a phone each row
/// becomes a card, in which every cell has the name of its column. A matrix stays one, and is slid.
fn has_words(part: &Table) -> bool {
    let is_words = |cell: &Cell| match cell {
        Cell::Text(text) => !text.is_empty() && (part.columns.len() > 2 || text.starts_with(r"\(")),
        Cell::Verdict(..) => part.columns.len() > 2,
        Cell::Number(..) | Cell::Struck(..) => false,
    };
    part.rows.iter().any(|row| row.iter().skip(1).any(is_words))
}

fn table(out: &mut String, part: &Table, words: &Words) {
    let is_cards = has_words(part);
    let _ = write!(
        out,
        "<div class=\"table{}{}\"><button data-copy data-done=\"{}\" hidden>{}</button><div class=\"scroll\"><table>",
        if part.columns.len() >= WIDE { " wide" } else { "" },
        if is_cards { " cards" } else { "" },
        words.copied,
        words.copy
    );
    if !part.caption.is_empty() {
        let _ = write!(out, "<caption><span>{}</span></caption>", inline(&part.caption));
    }
    if part.columns.iter().any(|name| !name.is_empty()) {
        *out += "<thead><tr>";
        for (k, name) in part.columns.iter().enumerate() {
            // Over its numbers.
            let is_number = |cell: &Cell| matches!(cell, Cell::Number(..) | Cell::Struck(..));
            let numbers = part.rows.iter().any(|row| row.get(k).is_some_and(is_number));
            let class = if numbers { " class=\"n\"" } else { "" };
            let _ = write!(out, "<th scope=\"col\"{class}>{}</th>", inline(name));
        }
        *out += "</tr></thead>";
    }
    *out += "<tbody>";
    for row in &part.rows {
        *out += "<tr>";
        for (k, cell) in row.iter().enumerate() {
            let name = part.columns.get(k).filter(|name| is_cards && k > 0 && !name.is_empty());
            // The cell in one piece beside the name, whatever is in it.
            let with_name = |value: String| match name {
                Some(name) => format!("<b>{}</b><span>{value}</span>", inline(name)),
                None => value,
            };
            match cell {
                Cell::Text(text) => *out += &format!("<td>{}</td>", with_name(inline(text))),
                // Copied with every digit, shown with those that can be read.
                Cell::Number(value, digits) => {
                    let shown = with_name(number(*value, *digits));
                    *out += &format!("<td class=\"n\" data-v=\"{value}\">{shown}</td>");
                }
                Cell::Struck(value, digits) => {
                    let shown = with_name(format!("<s>{}</s>", number(*value, *digits)));
                    *out += &format!("<td class=\"n struck\" data-v=\"0\">{shown}</td>");
                }
                Cell::Verdict(good, text) => {
                    let (class, mark) = if *good { ("yes", "✓") } else { ("no", "✗") };
                    *out += &format!(
                        "<td class=\"{class}\">{}</td>",
                        with_name(format!("{mark} {}", inline(text)))
                    );
                }
            }
        }
        *out += "</tr>";
    }
    *out += "</tbody></table></div></div>\n";
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Figure;

    fn page(block: Block) -> String {
        let section = Section { blocks: vec![block], ..Section::default() };
        html(&Document { sections: vec![section], ..Document::default() })
    }

    /// In a card each cell has the name of its column; what is copied is the cell alone.
    #[test]
    fn tables_with_words_become_cards_on_a_phone_and_matrices_do_not() {
        let table = |second: Cell| {
            let columns = ["", "as written", "result"].map(str::to_owned).to_vec();
            let rows = vec![vec![Cell::text("a"), second, Cell::Number(2.0, 3)]];
            page(Block::Table(Table { columns, rows, ..Table::default() }))
        };
        let words = table(Cell::text("1 + 1"));
        assert!(words.contains("class=\"table cards\""), "{words}");
        assert!(words.contains("<td><b>as written</b><span>1 + 1</span></td>"), "{words}");
        assert!(words.contains("data-v=\"2\"><b>result</b><span>2</span></td>"), "{words}");
        let matrix = table(Cell::Number(1.0, 3));
        assert!(matrix.contains("class=\"table\"") && !matrix.contains("<b>"), "{matrix}");
    }

    #[test]
    fn panels_can_be_slid() {
        let strip = Figure { panels: vec![Figure::default()], ..Figure::default() };
        assert!(page(Block::Figures(vec![strip])).contains("<figure class=\"strip\"><div><svg"));
        assert!(page(Block::Figures(vec![Figure::default()])).contains("<figure><svg"));
    }
}
