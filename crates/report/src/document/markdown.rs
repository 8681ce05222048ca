//! A report as Markdown, for reading in a terminal or a repository. Figures become links to their files.

use super::{Block, Document, Section, Table};

/// The whole report.
///
/// ```
/// use nablab_report::{Block, Document, Section, markdown};
/// let section = Section { title: "Data".into(), blocks: vec![Block::Paragraph("300 points.".into())], ..Section::default() };
/// let document = Document { title: "Lab".into(), sections: vec![section], ..Document::default() };
/// assert_eq!(markdown(&document), "# Lab\n\n## Data\n\n300 points.\n\n");
/// ```
pub fn markdown(document: &Document) -> String {
    let mut out = format!("# {}\n\n", document.title);
    if !document.subtitle.is_empty() {
        out += &format!("{}\n\n", document.subtitle);
    }
    if !document.made_by.is_empty() {
        out += &format!("`{}`\n\n", document.made_by);
    }
    document.sections.iter().for_each(|s| section(&mut out, s, 2));
    out
}

fn section(out: &mut String, part: &Section, level: usize) {
    // Blocks may stand under the heading of the page alone.
    if !part.title.is_empty() {
        let shown = part.shown_id(level).map_or_else(String::new, |id| format!(" `{id}`"));
        *out += &format!("{} {}{shown}\n\n", "#".repeat(level.min(6)), part.title);
    }
    part.blocks.iter().for_each(|b| block(out, b));
    part.sections.iter().for_each(|s| section(out, s, level + 1));
}

fn block(out: &mut String, part: &Block) {
    match part {
        Block::Paragraph(text) => *out += &format!("{}\n\n", inline(text)),
        Block::List(items) => {
            items.iter().for_each(|item| *out += &format!("- {}\n", inline(item)));
            out.push('\n');
        }
        Block::Table(part) => table(out, part),
        Block::Code(text) => *out += &format!("```\n{}\n```\n\n", text.trim_end()),
        Block::Formulas(formulas) => {
            formulas.iter().for_each(|formula| *out += &format!("$$\n{formula}\n$$\n\n"));
        }
        Block::Figures(figures) => {
            figures.iter().for_each(|f| *out += &format!("![{}](figures/{}.png)\n\n", f.caption, f.name));
        }
        Block::Note { title, text, .. } => *out += &format!("> **{title}** {}\n\n", inline(text)),
        Block::Space(lines) => *out += &"\n".repeat(usize::from(*lines)),
        Block::Check(blocks) => blocks.iter().for_each(|b| block(out, b)),
        Block::Details { summary, blocks } => {
            *out += &format!("**{summary}**\n\n");
            blocks.iter().for_each(|b| block(out, b));
        }
    }
}

fn table(out: &mut String, part: &Table) {
    if !part.caption.is_empty() {
        *out += &format!("{}\n\n", part.caption);
    }
    let line = |cells: Vec<String>| format!("| {} |\n", inline(&cells.join(" | ")).replace('\n', " "));
    *out += &line(part.columns.clone());
    *out += &line(vec!["---".to_owned(); part.columns.len()]);
    part.rows
        .iter()
        .for_each(|row| *out += &line(row.iter().map(|c| c.plain().replace('|', "\\|")).collect()));
    out.push('\n');
}

/// Formulas as Markdown marks them.
fn inline(text: &str) -> String {
    text.replace(r"\(", "$").replace(r"\)", "$")
}
