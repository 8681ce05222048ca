//! Parquet and Arrow files as tables, with the official crates `parquet` and `arrow`, and Arrow's arrays in memory as columns ([`column()`]).
//!
//! | In the file, or in memory | In the table |
//! |---|---|
//! | integers, floating-point numbers, decimals | numbers; not-a-number is missing |
//! | texts, and numbers or texts by dictionary | categories; numbers |
//! | booleans | categories `False` and `True`: as pandas writes the same column to CSV |
//! | days and points in time | dates, points in time with a zone in UTC |
//! | null | a missing value |
//! | pandas' `__index_level_0__`, … | left out: it numbers rows and says nothing of them |
//! | anything else: lists, structs, bytes, durations, … | refused by name |
//!
//! A crate of its own because it brings fifty others, and C code that unpacks Zstandard.
#![forbid(unsafe_code)]

mod chunks;
mod column;
mod ipc;
mod parquet;
mod write;

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use nablab_data::table::{self, Format, Progress, Reading, Table};
use nablab_data::{DataError, name_of, open};

pub use column::{check, column, is_index};
pub use ipc::read as read_ipc;
pub use parquet::read as read_parquet;
pub use write::write as write_parquet;

/// Read a file as a table: `.parquet` or `.pq`, `.arrow`, `.ipc`, `.arrows` or `.feather`, and whatever else
/// [`nablab_data::table::load`] reads.
///
/// ```
/// use nablab_data::table::{Reading, csv};
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("t.parquet");
/// let table = csv::read(b"size,colour\n1.5,red\n,blue\n", "t.csv")?;
/// std::fs::write(&file, nablab_arrow::write_parquet(&table))?;
/// assert_eq!(nablab_arrow::load(&file, &Reading::default(), &mut |_, _| ())?, table);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is not what its name says or holds a column that
/// no table has.
pub fn load(path: &Path, reading: &Reading, progress: &mut Progress<'_>) -> Result<Table, DataError> {
    let name = name_of(path);
    let unreadable = |source| DataError::Read { path: path.to_owned(), source };
    match table::format(path, reading) {
        Some(Format::Parquet) => {
            let file = open(path)?;
            parquet::read_from(&|| file.try_clone(), &name, reading, progress)
        }
        Some(Format::Arrow) => {
            let mut bytes = Vec::new();
            open(path)?.read_to_end(&mut bytes).map_err(unreadable)?;
            let total = bytes.len() as u64;
            let table = ipc::read_as(bytes, &name, reading)?;
            progress(total, total);
            Ok(table)
        }
        _ => table::load(path, reading, progress),
    }
}

const DAMAGED: &str = "the file is damaged or cut short; fetch or write it again";

/// What a reader of the official crates says. Damaged files have made them panic; here that is an error like any other.
fn guarded<T>(file: &str, kind: &str, read: impl FnOnce() -> Result<T, DataError>) -> Result<T, DataError> {
    catch_unwind(AssertUnwindSafe(read)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().map(String::as_str);
        let text = text.or(panic.downcast_ref::<&str>().copied()).unwrap_or("something else");
        Err(DataError::format(file, "file", format!("a whole {kind} file"), text, DAMAGED))
    })
}
