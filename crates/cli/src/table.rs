//! Tables from files, with a bar while large ones are read, and predictions into files.

use std::path::Path;

use anyhow::bail;
use nablab::data::prepare::{Target, with_values};
use nablab::data::table::{Note, Reading, Table};
use nablab::data::{DataError, readable};
use nablab::tables::{Predictions, Settings};

use crate::{Answer, output, terminal};

/// The table of a training, and the one that it is judged on where the settings name one; that lies `beside`. What a column
/// is in the first one it is in the other.
pub(crate) fn load_both(
    settings: &Settings,
    path: &Path,
    beside: &Path,
    quiet: bool,
) -> anyhow::Result<(Table, Option<Table>)> {
    let reading = settings.reading();
    let table = silently(path, &reading, quiet)?;
    if !quiet {
        say(&table, |note| !is_of_class(note, settings, &table));
    }
    let reading = reading.like(&table);
    let other = settings.validation.file.as_ref();
    let judged_on = other.map(|other| load(&beside.join(other), &reading, quiet)).transpose()?;
    Ok((table, judged_on))
}

/// It says which number a text is, and the text is a class.
fn is_of_class(note: &Note, settings: &Settings, table: &Table) -> bool {
    let Note::Numerals { column, .. } = note else { return false };
    let data = &settings.data;
    if !data.target.contains(column) {
        return false;
    }
    let rows = with_values(table, &data.target, "").unwrap_or_default();
    let target = Target::fit(table, &rows, &rows, &data.target, data.task, &data.types, "");
    target.is_ok_and(|target| !matches!(target, Target::Numbers { .. }))
}

fn say(table: &Table, is_said: impl Fn(&Note) -> bool) {
    let notes = table.notes().iter().filter(|note| is_said(note));
    notes.for_each(|note| terminal::say(&format!("note: {note}")));
}

/// The table in a file.
pub(crate) fn load(path: &Path, reading: &Reading, quiet: bool) -> anyhow::Result<Table> {
    let table = silently(path, reading, quiet)?;
    if !quiet {
        say(&table, |_| true);
    }
    Ok(table)
}

fn silently(path: &Path, reading: &Reading, quiet: bool) -> anyhow::Result<Table> {
    let bar = terminal::bar(0, "reading", quiet);
    let table = arrow::load(path, reading, &mut |read, total| {
        bar.set_length(total);
        bar.set_position(read);
    });
    bar.finish_and_clear();
    Ok(table?)
}

/// An error where settings do not say what is to be predicted; the hint says how to.
pub(crate) fn wants_target(settings: &Settings, hint: &str) -> anyhow::Result<()> {
    match settings.data.target.is_empty() {
        true => bail!("which column is to be predicted?\nhint: {hint}"),
        false => Ok(()),
    }
}

/// An error where the name of a file for predictions says that it is of another kind than those that are written.
pub(crate) fn check_kind(out: &Path) -> anyhow::Result<()> {
    let extension = out.extension().map(|e| e.to_string_lossy().to_ascii_lowercase());
    match extension.as_deref() {
        None | Some("csv" | "txt") => Ok(()),
        Some(_) if arrow::is_columnar(out) => Ok(()),
        Some(other) => bail!(
            "{}: predictions are written as CSV or Parquet, not as .{}\nhint: name it .csv or .parquet, and convert it \
             afterwards",
            readable(&out.display().to_string()),
            readable(other)
        ),
    }
}

/// Print predictions as CSV, or write them in the format of the file's name.
pub(crate) fn write(predictions: &Predictions, proba: bool, out: Option<&Path>) -> anyhow::Result<Answer> {
    let Some(path) = out else { return terminal::print(&csv(predictions, proba)?) };
    let bytes = match arrow::is_columnar(path) {
        true => arrow::write(&csv(predictions, proba)?, &predictions.reading(), path)?,
        false => csv(predictions, proba)?.into_bytes(),
    };
    output::write(path, &bytes)?;
    Ok(Answer::Yes)
}

/// A line of names, and a line for each row; an empty one for a row that was not predicted.
pub(crate) fn csv(predictions: &Predictions, proba: bool) -> anyhow::Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut names = predictions.target.names().to_vec();
    if proba {
        names.extend(predictions.names().iter().map(|name| format!("p({name})")));
    }
    out.write_record(&names)?;
    for (answer, row) in predictions.answers().zip(predictions.rows()) {
        if row.iter().all(|v| v.is_nan()) {
            out.write_record(names.iter().map(|_| ""))?;
            continue;
        }
        let numbers = row.iter().filter(|_| proba).map(f64::to_string);
        out.write_record(answer.into_iter().chain(numbers))?;
    }
    Ok(String::from_utf8(out.into_inner()?)?)
}

/// Files by column.
mod arrow {
    #[cfg(not(feature = "arrow"))]
    use super::Table;
    use nablab::data::table::Format;

    use super::{DataError, Path, Reading};

    /// By its name, a Parquet or Arrow file.
    pub(super) fn is_columnar(path: &Path) -> bool {
        matches!(Format::of_name(&path.to_string_lossy()), Some(Format::Parquet | Format::Arrow))
    }

    #[cfg(feature = "arrow")]
    pub(super) use nablab::arrow::load;

    #[cfg(feature = "arrow")]
    pub(super) fn write(csv: &str, reading: &Reading, path: &Path) -> Result<Vec<u8>, DataError> {
        let name = path.display().to_string();
        if !name.to_ascii_lowercase().ends_with(".parquet") {
            let hint = "write .csv or .parquet";
            return Err(DataError::format(&name, "extension", ".csv or .parquet", "another one", hint));
        }
        let source = std::io::Cursor::new(csv);
        let table = nablab::data::table::csv::read_from(source, &name, reading, &mut |_, _| ())?;
        Ok(nablab::arrow::write_parquet(&table))
    }

    #[cfg(not(feature = "arrow"))]
    pub(super) fn load(
        path: &Path,
        reading: &Reading,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Table, DataError> {
        if is_columnar(path) {
            return Err(without(path));
        }
        nablab::data::table::load(path, reading, progress)
    }

    #[cfg(not(feature = "arrow"))]
    pub(super) fn write(_: &str, _: &Reading, path: &Path) -> Result<Vec<u8>, DataError> {
        Err(without(path))
    }

    #[cfg(not(feature = "arrow"))]
    fn without(path: &Path) -> DataError {
        let hint = "cargo install --path crates/cli --features arrow, or convert the file to CSV";
        let name = path.display().to_string();
        DataError::format(&name, "extension", "a nablab built with Parquet and Arrow", "one without", hint)
    }
}
