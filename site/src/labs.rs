//! The labs: their report and their exercises, in both languages.

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use nablab::engine::population::side_by_side;
use nablab::labs::document::{document, results};
use nablab::labs::exercises::{Exercise, Solution, all};
use nablab::labs::{Lab, LabError, LabRecord, Labs, Options};
use nablab::report::{Block, Document, File, Lang, Section, html};

use crate::documents::Documents;
use crate::place::{Place, SITE};
use crate::{frame, room};

/// The exercises of the course's own numbers.
const VARIANT: u64 = 0;

/// A page of the labs in each language.
struct Pages {
    en: Place,
    zh: Place,
}

impl Pages {
    fn new(name: &str) -> Self {
        Self {
            en: Place::new(format!("report/{name}.html")),
            zh: Place::new(format!("report/{name}.zh.html")),
        }
    }

    /// The page in a language, and that in the other one.
    fn of(&self, lang: Lang) -> (&Place, &Place) {
        lang.choose((&self.en, &self.zh), (&self.zh, &self.en))
    }
}

/// What the site has of the labs, and the file of their room in the page.
pub(crate) struct Made {
    pub(crate) files: Vec<File>,
    pub(crate) room: String,
}

/// The report of `nablab lab` and all exercises with their answers, as pages, with the files that they share.
///
/// # Errors
/// Where a lab cannot run, or its room cannot say it.
pub(crate) fn made(documents: &Documents) -> Result<Made, String> {
    let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let said = |error: LabError| error.to_string();
    let mut labs = Labs::new(&Options { labs: Lab::ALL.to_vec(), ..Options::default() }).map_err(said)?;
    labs.train(threads, &()).map_err(said)?;
    let exercises = all(VARIANT);
    let solutions = side_by_side(exercises.len(), threads, |i| exercises[i].solution()).map_err(said)?;
    let records = |lang| labs.records(lang, threads, &()).map_err(said);
    let (en, zh) = (records(Lang::En)?, records(Lang::Zh)?);

    let mut files = Vec::new();
    for (lang, records) in [(Lang::En, &en), (Lang::Zh, &zh)] {
        let made_by = made_by("nablab lab", lang);
        let mut report = document(records, &made_by, lang);
        report.sections.iter_mut().flat_map(|lab| &mut lab.sections).for_each(|item| watched(item, lang));
        let exercises = exercises_page(&exercises, &solutions, lang);
        for (document, pages) in [(report, Pages::new("index")), (exercises, Pages::new("exercises"))] {
            let (place, other) = pages.of(lang);
            let report = frame::report(&html(&document), place, lang, other)?;
            files.push(File::new(place.path(), documents.at_home(&report.html, place)));
            if files.len() == 1 {
                files.push(File::new("report/report.css", report.style));
                files.push(File::new("report/report.js", report.script));
                files.push(File::new("report/results.json", format!("{:#}\n", results(records, &made_by))));
            }
        }
    }
    let records: Vec<_> = en.into_iter().zip(zh).map(<[LabRecord; 2]>::from).collect();
    Ok(Made { files, room: room::room(labs.experiments(), &records, &exercises)? })
}

/// An item leads to its live counterpart.
fn watched(item: &mut Section, lang: Lang) {
    if room::has(&item.id) {
        let link = format!("{SITE}labs.html?lang={}#{}", lang.choose("en", "zh"), item.id);
        item.blocks.push(Block::Paragraph(lang.choose(
            format!("[Watch it live in the browser]({link})"),
            format!("[在浏览器中现场观察]({link})"),
        )));
    }
}

/// The command that says the same.
fn made_by(command: &str, lang: Lang) -> String {
    format!("nablab {} · {command}{}", env!("CARGO_PKG_VERSION"), lang.choose("", " --lang zh"))
}

/// All exercises, lab by lab; hints and answers are folded away.
fn exercises_page(exercises: &[Exercise], solutions: &[Solution], lang: Lang) -> Document {
    let section = |(exercise, solution): (&Exercise, &Solution)| {
        let folded = |summary: &str, blocks| Block::Details { summary: summary.to_owned(), blocks };
        let mut blocks = exercise.asked(lang);
        blocks.push(folded(lang.choose("Hint", "提示"), exercise.hint(lang)));
        blocks.push(folded(lang.choose("Answer", "答案"), exercise.solved(solution, lang)));
        Section {
            id: format!("exercise-{}", exercise.id),
            title: exercise.heading(lang),
            blocks,
            sections: Vec::new(),
        }
    };
    let of_lab = |lab: &Lab| Section {
        id: lab.key().into(),
        title: lab.title(lang).to_owned(),
        blocks: Vec::new(),
        sections: exercises
            .iter()
            .zip(solutions)
            .filter(|(exercise, _)| exercise.id.lab() == *lab)
            .map(section)
            .collect(),
    };
    Document {
        lang,
        title: lang.choose("Exercises on the labs", "实验练习题").into(),
        subtitle: lang
            .choose(
                "Write down an answer before you open the one that is folded away. `nablab lab exercise 1.1 --answer 0.9` checks yours, \
                 and `--variant 17` gives other numbers.",
                "先写下自己的答案，再展开查看。`nablab lab exercise 1.1 --answer 0.9` 可以核对你的答案，`--variant 17` 会换一组数字。",
            )
            .into(),
        made_by: made_by("nablab lab exercise --key", lang),
        sections: Lab::ALL.iter().map(of_lab).collect(),
    }
}
