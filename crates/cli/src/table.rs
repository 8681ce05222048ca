//! Tables from files, with a bar while large ones are read.

use std::path::Path;

use anyhow::bail;
use indicatif::ProgressBar;
use nablab::data::table::{Note, Reading, Table};
use nablab::tables::{Loading, Predictions, Settings, Tables};

use crate::remedies::with_flags;
use crate::threads::Threads;
use crate::{Answer, output, terminal};

/// Shows how much of a file is read, and says what was decided about it.
pub(crate) struct Shown {
    quiet: bool,
    bar: Option<ProgressBar>,
}

impl Shown {
    pub(crate) fn new(quiet: bool) -> Self {
        Self { quiet, bar: None }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Shown {
    fn drop(&mut self) {
        self.clear();
    }
}

impl Loading for Shown {
    fn read(&mut self, read: u64, total: u64) {
        let bar = self.bar.get_or_insert_with(|| terminal::bar(0, "reading", self.quiet));
        bar.set_length(total);
        bar.set_position(read);
    }

    fn noted(&mut self, notes: &[&Note]) {
        self.clear();
        if !self.quiet {
            notes.iter().for_each(|note| terminal::say(&format!("note: {}", with_flags(&note.wording()))));
        }
    }
}

/// The tables of a training.
pub(crate) fn load_both(
    settings: &Settings,
    file: &Path,
    beside: &Path,
    threads: Threads,
    quiet: bool,
) -> anyhow::Result<Tables<'static>> {
    Ok(Tables::load(settings, file, beside, threads.count(), &mut Shown::new(quiet))?)
}

/// The table in a file.
pub(crate) fn load(file: &Path, reading: Reading, threads: Threads, quiet: bool) -> anyhow::Result<Table> {
    let reading = Reading { threads: Some(threads.count()), ..reading };
    Ok(nablab::tables::load(file, &reading, &mut Shown::new(quiet))?)
}

/// An error where settings do not say what is to be predicted; the hint says how to.
pub(crate) fn wants_target(settings: &Settings, hint: &str) -> anyhow::Result<()> {
    match settings.data.target.is_empty() {
        true => bail!("which column is to be predicted?\nhint: {hint}"),
        false => Ok(()),
    }
}

/// Print predictions as CSV, or write them in the format of the file's name.
pub(crate) fn write(
    predictions: &Predictions,
    probabilities: bool,
    out: Option<&Path>,
) -> anyhow::Result<Answer> {
    let Some(path) = out else {
        return terminal::print(&String::from_utf8_lossy(&predictions.csv(probabilities)));
    };
    output::write(path, &predictions.file(&path.to_string_lossy(), probabilities)?)?;
    Ok(Answer::Yes)
}
