//! The report as files, and what is said of it.

use std::num::NonZeroUsize;

use nablab_data::FolderKind;
use nablab_engine::population::side_by_side;
use nablab_report::figure::PngError;
use nablab_report::{File, Lang, html, markdown, number, slides};
use serde_json::{Value, json};

use super::{answers, deck, document, figures, handout};
use crate::{LabRecord, tally};

/// The page.
pub const PAGE: &str = "index.html";
/// The same as text.
const MARKDOWN: &str = "report.md";
/// All results.
const RESULTS: &str = "results.json";
/// The slides of a lecture.
pub const SLIDES: &str = "slides.html";
/// The questions, for print.
pub const HANDOUT: &str = "handout.html";
/// Their answers.
pub const ANSWERS: &str = "answers.html";
/// The folder of the figures.
const FIGURES: &str = "figures";
/// How the results begin: what a folder with them in it is.
const PROOF: &str = "{\n  \"schema\": \"nablab.lab/1\"";

/// What the folder of a report holds, and nothing else: only such a folder is replaced.
pub const REPORT: FolderKind = FolderKind {
    what: "report",
    files: &[PAGE, MARKDOWN, RESULTS, SLIDES, HANDOUT, ANSWERS],
    folder: Some((FIGURES, &["svg", "png"])),
    proof: (RESULTS, PROOF),
};

const SCHEMA: &str = "nablab.lab/1";
/// Pixels of a PNG per pixel of its SVG.
const SCALE: f32 = 1.5;

/// What a lecturer wants besides the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Material {
    /// Slides.
    pub slides: bool,
    /// Questions for print, and their answers apart.
    pub handout: bool,
}

/// Every file of the report, by its path in the folder, with the material asked for; `made_by` says which program made it, and how.
/// Figures are drawn on so many threads.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_labs::{Lab, Labs, Options, document::{Material, files}};
/// use nablab_report::Lang;
/// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
/// labs.train(NonZeroUsize::MIN, &())?;
/// let records = labs.records(Lang::En, NonZeroUsize::MIN, &())?;
/// let files = files(&records, Material::default(), "my program", Lang::En, NonZeroUsize::MIN)?;
/// let names: Vec<_> = files.iter().map(|file| &*file.name).filter(|name| !name.starts_with("figures/")).collect();
/// assert_eq!(names, ["report.md", "results.json", "index.html"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`PngError`] for a figure that cannot be drawn.
pub fn files(
    records: &[LabRecord],
    material: Material,
    made_by: &str,
    lang: Lang,
    threads: NonZeroUsize,
) -> Result<Vec<File>, PngError> {
    let document = document(records, made_by, lang);
    let figures = figures(records);
    let drawn = side_by_side(figures.len(), threads, |i| figures[i].files(SCALE))?;
    let within = |file: File| File { name: format!("{FIGURES}/{}", file.name), ..file };
    let mut files: Vec<File> = drawn.into_iter().flatten().map(within).collect();
    files.push(File::new(MARKDOWN, markdown(&document)));
    files.push(File::new(RESULTS, format!("{:#}\n", results(records, made_by))));
    files.push(File::new(PAGE, html(&document)));
    if material.slides {
        files.push(File::new(SLIDES, slides(&deck(records, lang))));
    }
    if material.handout {
        files.push(File::new(HANDOUT, html(&handout(records, lang))));
        files.push(File::new(ANSWERS, html(&answers(records, lang))));
    }
    Ok(files)
}

/// How the results of a command begin, so that its report is known from those of others.
pub fn beginning(made_by: &str) -> String {
    format!("{PROOF},\n  \"made_by\": {},\n", json!(made_by))
}

/// All results as plain data: which program made them, and how, the records, and how many numbers agree with the published ones.
pub fn results(records: &[LabRecord], made_by: &str) -> Value {
    let (compared, agree) = tally(records);
    json!({
        "schema": SCHEMA,
        "made_by": made_by,
        "labs": records,
        "reference": { "compared": compared, "agree": agree },
    })
}

/// What the labs teach, and which numbers do not agree, for a terminal.
pub fn text(records: &[LabRecord], lang: Lang) -> String {
    let mut text = String::new();
    for record in records {
        text += &format!("{}\n", record.lab.title(lang));
        let list = |statements: &[String]| -> String {
            statements.iter().map(|statement| format!("  - {}\n", plain(statement))).collect()
        };
        if let Some(turned) = &record.turned {
            text += &list(&turned.statements);
            text += lang.choose("  The course's own trainings:\n", "  课程的训练：\n");
        }
        text += &list(&record.summary.statements);
        text.push('\n');
    }
    for item in records.iter().flat_map(|record| &record.items) {
        for wrong in item.reference.iter().filter(|comparison| !comparison.agrees) {
            let (id, name) = (&item.id, &wrong.name);
            let [apart, tolerance] = [wrong.relative_difference, wrong.tolerance].map(|v| number(v, 2));
            text += &lang.choose(
                format!("{id} {name}: relative difference {apart}, tolerance {tolerance}\n"),
                format!("{id} {name}：相对差 {apart}，容差 {tolerance}\n"),
            );
        }
    }
    for sentence in records.iter().filter_map(LabRecord::not_compared) {
        text += &format!("{}\n", plain(&sentence));
    }
    text
}

/// Marks of emphasis are for the page.
fn plain(text: &str) -> String {
    text.replace("**", "").replace('`', "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_begin_with_their_proof_and_who_made_them() {
        let made_by = "nablab 0.1.0 · nablab lab 'a \"b\"'";
        let results = format!("{:#}", results(&[], made_by));
        assert!(results.starts_with(PROOF) && results.starts_with(&beginning(made_by)), "{results}");
        assert!(!results.starts_with(&beginning("nablab 0.1.0 · nablab lab")));
    }
}
