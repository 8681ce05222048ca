//! The tables of a training, and files of tables of all kinds.

use std::borrow::Cow;
use std::num::NonZeroUsize;
use std::path::Path;

use nablab_data::prepare::{Target, with_values};
use nablab_data::table::{Format, Note, Reading, Table};
use nablab_data::{DataError, is_same_file};

use crate::{Error, Settings};

/// The table that is learned from, and another one to judge on where the settings name one. Tables that are given away are freed
/// as soon as they are prepared.
#[derive(Clone, Debug)]
pub struct Tables<'t> {
    /// To learn from.
    pub table: Cow<'t, Table>,
    /// To judge on.
    pub judged_on: Option<Cow<'t, Table>>,
}

/// Follows the reading of files.
pub trait Loading {
    /// So many bytes of so many are read.
    fn read(&mut self, _read: u64, _total: u64) {}
    /// A table is read, and these decisions about how might have been meant otherwise.
    fn noted(&mut self, _notes: &[&Note]) {}
}

impl Loading for () {}

impl From<Table> for Tables<'static> {
    fn from(table: Table) -> Self {
        Self { table: Cow::Owned(table), judged_on: None }
    }
}

impl<'t> From<&'t Table> for Tables<'t> {
    fn from(table: &'t Table) -> Self {
        Self { table: Cow::Borrowed(table), judged_on: None }
    }
}

impl Tables<'_> {
    /// The same, to be used again.
    pub fn lent(&self) -> Tables<'_> {
        Tables { table: Cow::Borrowed(&*self.table), judged_on: self.judged_on.as_deref().map(Cow::Borrowed) }
    }
}

impl Tables<'static> {
    /// Read the table in a file as the settings say, and the one that it is judged on, which lies `beside`, on so many threads.
    /// What a column is in the first one it is in the other.
    ///
    /// # Errors
    /// [`Error::Data`] for what cannot be read, or is no table.
    pub fn load(
        settings: &Settings,
        file: &Path,
        beside: &Path,
        threads: NonZeroUsize,
        loading: &mut dyn Loading,
    ) -> Result<Self, Error> {
        check_is_other(settings, file, beside)?;
        let reading = Reading { threads: Some(threads), ..settings.reading() };
        let table = silently(file, &reading, loading)?;
        let notes: Vec<&Note> =
            table.notes().iter().filter(|note| !is_of_class(note, settings, &table)).collect();
        loading.noted(&notes);
        let reading = reading.like(&table);
        // Errors call it what the settings call it.
        let judged_on = match &settings.validation.file {
            Some(other) => {
                Some(load(&beside.join(other), &reading, loading)?.named(other.display().to_string()))
            }
            None => None,
        };
        Ok(Self { table: Cow::Owned(table), judged_on: judged_on.map(Cow::Owned) })
    }
}

/// What was learned from says nothing of new rows: the table to judge on is another file, by whatever name.
fn check_is_other(settings: &Settings, file: &Path, beside: &Path) -> Result<(), Error> {
    match &settings.validation.file {
        Some(other) if is_same_file(file, &beside.join(other)) => Err(Error::Setting {
            field: "validation.file",
            expected: "another table than the one that is learned from, which says nothing of new rows; a share such as 0.1 holds \
                       some of its rows out"
                .into(),
            got: other.display().to_string(),
        }),
        _ => Ok(()),
    }
}

/// It says which number a text is, and the text is a class.
fn is_of_class(note: &Note, settings: &Settings, table: &Table) -> bool {
    let Note::Numerals { column, .. } = note else { return false };
    let data = &settings.data;
    if !data.target.contains(column) {
        return false;
    }
    let rows = with_values(table, &data.target).unwrap_or_default();
    let target = Target::fit(table, &rows, &rows, &data.target, data.task, &data.types, &[]);
    target.is_ok_and(|target| !matches!(target, Target::Numbers { .. }))
}

/// The table in a file of any kind.
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is no table.
pub fn load(file: &Path, reading: &Reading, loading: &mut dyn Loading) -> Result<Table, DataError> {
    let table = silently(file, reading, loading)?;
    loading.noted(&table.notes().iter().collect::<Vec<_>>());
    Ok(table)
}

fn silently(file: &Path, reading: &Reading, loading: &mut dyn Loading) -> Result<Table, DataError> {
    columnar::load(file, reading, &mut |read, total| loading.read(read, total))
}

/// By its name, a Parquet or Arrow file.
pub(crate) fn is_columnar(name: &str) -> bool {
    matches!(Format::of_name(name), Some(Format::Parquet | Format::Arrow))
}

#[cfg(feature = "arrow")]
pub(crate) mod columnar {
    pub(crate) use nablab_arrow::{load, write_parquet};
}

/// Without the feature, files by column are refused by their names.
#[cfg(not(feature = "arrow"))]
pub(crate) mod columnar {
    use nablab_data::name_of;

    use super::{DataError, Path, Reading, Table, is_columnar};

    pub(crate) fn load(
        file: &Path,
        reading: &Reading,
        progress: &mut dyn FnMut(u64, u64),
    ) -> Result<Table, DataError> {
        match is_columnar(&file.to_string_lossy()) {
            true => Err(without(&name_of(file))),
            false => nablab_data::table::load(file, reading, progress),
        }
    }

    pub(crate) fn without(name: &str) -> DataError {
        let hint = "build nablab with its feature arrow, as cargo install --path crates/cli --features arrow does, or convert the file to CSV";
        DataError::format(name, "extension", "a nablab built with Parquet and Arrow", "one without", hint)
    }
}
