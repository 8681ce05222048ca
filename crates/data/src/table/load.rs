//! Tables of files, of whatever kind.

use std::io::{self, BufReader, Cursor, Read, Seek};
use std::path::{Path, PathBuf};

use super::format::GZIP;
use super::{
    Format, Gunzip, Progress, Reading, Separator, Table, Watched, csv, is_idx, read_idx, read_mat, read_npy,
    read_npz, unreadable,
};
use crate::{DataError, Wording, is_pipe, open};

/// Read a file as a table, by its name's ending, or as [`Dialect::format`](super::Dialect::format) says; `progress` is called now
/// and then. `-` is standard input; it and pipes are read once, and what they hold is found out where nothing says it.
///
/// | File | Columns |
/// |---|---|
/// | `.csv`, `.tsv`, `.txt`, also with `.gz` | as [`csv::read`] |
/// | `.npy` | `x0`, `x1`, … |
/// | `.npz`, `.mat` with an array `X` | `x0`, `x1`, … and those of `y`: `y`, or `y0`, `y1`, …; further arrays do not count |
/// | `.npz`, `.mat` without | each array, of one dimension, is a column of its name |
/// | MNIST's idx, also with `.gz` | `pixel0`, `pixel1`, … and, where `…labels-idx1…` lies beside `…images-idx3…`, `label` |
///
/// ```
/// use nablab_data::table::{self, Reading};
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("t.csv");
/// std::fs::write(&file, "size,colour\n1.5,red\n")?;
/// let table = table::load(&file, &Reading::default(), &mut |read, total| assert!(read <= total))?;
/// assert_eq!((table.rows(), table.columns()[1].name.as_str()), (1, "colour"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`DataError::Read`] if it cannot be opened, [`DataError::Format`] if it is not what its name says, or another kind.
pub fn load(path: &Path, reading: &Reading, progress: &mut Progress<'_>) -> Result<Table, DataError> {
    let name = crate::name_of(path);
    let beside = || {
        let Some(labels) = labels_beside(path) else { return Ok(None) };
        let name = labels.display().to_string();
        let bytes = whole(open(&labels)?, &name, &mut |_, _| ())?;
        Ok(Some((bytes, name)))
    };
    table_from(open(path)?, (&name, !is_pipe(path)), reading, beside, progress)
}

/// What kind of file a path names, as far as its ending or the reading says it.
pub fn format(path: &Path, reading: &Reading) -> Option<Format> {
    Format::of_name(&path.to_string_lossy()).or(reading.dialect.format)
}

/// Read the bytes of a file as [`load`] does, by the ending of its name. No file beside it is looked for.
///
/// ```
/// use nablab_data::table;
/// let table = table::read(b"size\tcolour\n1.5\tred\n", "t.tsv")?;
/// assert_eq!((table.rows(), table.columns()[1].name.as_str()), (1, "colour"));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Format`] if it is not what its name says, or another kind.
pub fn read(bytes: &[u8], name: &str) -> Result<Table, DataError> {
    read_as(bytes, name, &Reading::default())
}

/// The same, read as somebody says.
///
/// # Errors
/// As [`read`].
pub fn read_as(bytes: &[u8], name: &str, reading: &Reading) -> Result<Table, DataError> {
    table_from(Cursor::new(bytes), (name, true), reading, || Ok(None), &mut |_, _| ())
}

/// Bytes, and the name of their file.
type Named = (Vec<u8>, String);

/// A table of the kind that its name says, or the reading, or, of what has no name, the first bytes; `labels` are asked for where
/// pictures need them.
fn table_from(
    mut source: impl Read + Seek,
    (name, has_name): (&str, bool),
    reading: &Reading,
    labels: impl FnOnce() -> Result<Option<Named>, DataError>,
    progress: &mut Progress<'_>,
) -> Result<Table, DataError> {
    let unreadable = |error| unreadable(error, name);
    let (start, is_zipped) = start(&mut source).map_err(unreadable)?;
    let said = format(Path::new(name), reading);
    let found = said.or_else(|| (!has_name || is_idx(&start)).then(|| Format::of_start(&start)));
    match found {
        Some(format @ (Format::Csv | Format::Tsv)) => {
            let separator = (format == Format::Tsv).then_some(Separator::Byte(b'\t'));
            let mut source = Watched::new(source, progress).map_err(unreadable)?;
            // Bytes that are packed although their name does not say so are refused as such.
            match is_gzip(name) || is_zipped && Format::of_name(name).is_none() {
                false => csv::read_text(&mut source, name, separator, reading),
                true => csv::read_text(&mut Gunzip::new(source), name, separator, reading),
            }
        }
        Some(Format::Npy) => read_npy(&whole(source, name, progress)?, name),
        Some(Format::Npz) => {
            let source = Watched::new(source, progress).map_err(unreadable)?;
            read_npz(BufReader::new(source), name)
        }
        Some(Format::Mat) => read_mat(&whole(source, name, progress)?, name),
        Some(Format::Idx) => {
            let bytes = whole(source, name, progress)?;
            let labels = labels()?;
            read_idx(&bytes, name, labels.as_ref().map(|(bytes, name)| (&bytes[..], name.as_str())))
        }
        Some(Format::Parquet | Format::Arrow) => {
            let hint = "cargo install --path crates/cli --features arrow, or convert the file to CSV";
            Err(DataError::format(name, "file", "a nablab built with Parquet and Arrow", "one without", hint))
        }
        None => {
            let got = match Path::new(name).extension() {
                None => "none".to_owned(),
                Some(ending) => format!(".{}", ending.to_string_lossy()),
            };
            let expected =
                ".csv, .tsv, .txt (also with .gz), .npy, .npz, .mat, or a file of MNIST's format idx";
            let hint = Wording::with_settings(
                "[format csv], for example, says what it is; or rename or convert the file",
            );
            Err(DataError::format(name, "extension", expected, got, hint))
        }
    }
}

fn is_gzip(name: &str) -> bool {
    name.to_ascii_lowercase().ends_with(".gz")
}

/// The first bytes, unpacked, and whether they were packed; the source stands at its beginning again.
fn start(source: &mut (impl Read + Seek)) -> io::Result<(Vec<u8>, bool)> {
    const ENOUGH: u64 = 16;
    let first = |source: &mut dyn Read| {
        let mut start = Vec::new();
        source.take(ENOUGH).read_to_end(&mut start).map(|_| start)
    };
    let mut found = first(source)?;
    source.rewind()?;
    let is_zipped = found.starts_with(GZIP);
    if is_zipped {
        // Of a damaged one nothing can be said.
        found = first(&mut flate2::read::GzDecoder::new(&mut *source)).unwrap_or_default();
        source.rewind()?;
    }
    Ok((found, is_zipped))
}

/// More than this is not held in memory at once.
const MAX_WHOLE: u64 = 1 << 32;

/// All that a file holds, unpacked if it is a gzip file.
fn whole(source: impl Read + Seek, name: &str, progress: &mut Progress<'_>) -> Result<Vec<u8>, DataError> {
    let unreadable = |error| unreadable(error, name);
    let mut source = Watched::new(source, progress).map_err(unreadable)?;
    let mut bytes = Vec::new();
    (&mut source).take(MAX_WHOLE).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.starts_with(GZIP) {
        let mut unpacked = Vec::new();
        let mut decoder = flate2::read::MultiGzDecoder::new(&bytes[..]).take(MAX_WHOLE);
        decoder.read_to_end(&mut unpacked).map_err(unreadable)?;
        bytes = unpacked;
    }
    if bytes.len() as u64 >= MAX_WHOLE {
        let hint = "save it as CSV or Parquet, or in parts";
        return Err(DataError::format(name, "file", "less than 4 GiB", "more", hint));
    }
    Ok(bytes)
}

/// MNIST's labels that belong to its pictures, plain or as a gzip file.
fn labels_beside(pictures: &Path) -> Option<PathBuf> {
    let name = pictures.file_name()?.to_str()?;
    let labels = name.replace("images", "labels").replace("idx3", "idx1");
    let plain = labels.trim_end_matches(".gz");
    let beside = [labels.clone(), plain.to_owned(), format!("{plain}.gz")];
    beside
        .into_iter()
        .filter(|labels| labels != name)
        .map(|l| pictures.with_file_name(l))
        .find(|l| l.is_file())
}
