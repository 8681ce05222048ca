//! MNIST's format: numbers of one type in any dimensions, behind a header that begins with two zeros.

use super::arrays::columns;
use super::{Column, Numbers, Table, Values};
use crate::DataError;
use crate::dataset_file::raw::{Kind, Raw};

/// An idx file: its dimensions, the first of which counts the examples, and its numbers.
struct Idx<'a> {
    shape: Vec<usize>,
    raw: Raw<'a>,
}

/// The first four bytes of an idx file: two zeros, a known type, and how many dimensions follow.
pub(crate) fn is_idx(start: &[u8]) -> bool {
    matches!(*start, [0, 0, kind, dimensions, ..] if kind_of(kind).is_some() && dimensions > 0)
}

fn kind_of(code: u8) -> Option<Kind> {
    Some(match code {
        0x08 => Kind::U8,
        0x09 => Kind::I8,
        0x0b => Kind::I16,
        0x0c => Kind::I32,
        0x0d => Kind::F32,
        0x0e => Kind::F64,
        _ => return None,
    })
}

impl<'a> Idx<'a> {
    fn new(bytes: &'a [u8], file: &str) -> Result<Self, DataError> {
        let damaged = |place: &str, expected: String, got: String| {
            let hint = "the file is damaged or cut short; fetch it again";
            DataError::format(file, place, expected, got, hint)
        };
        let (kind, dimensions, rest) = match *bytes {
            [0, 0, kind, dimensions, ref rest @ ..] if dimensions > 0 => {
                (kind_of(kind), usize::from(dimensions), rest)
            }
            _ => (None, 0, bytes),
        };
        let Some(kind) = kind else {
            let got = format!("{:?}", &bytes[..bytes.len().min(4)]);
            return Err(damaged("byte 0", "two zeros, a type and a number of dimensions".into(), got));
        };
        let Some((sizes, numbers)) = rest.split_at_checked(4 * dimensions) else {
            let (expected, got) = (format!("{dimensions} dimensions"), format!("{} bytes", rest.len()));
            return Err(damaged("header", expected, got));
        };
        let (sizes, _) = sizes.as_chunks::<4>();
        let shape: Vec<usize> = sizes.iter().map(|&size| u32::from_be_bytes(size) as usize).collect();
        let bytes = shape.iter().try_fold(kind.size(), |bytes, &size| bytes.checked_mul(size));
        if bytes != Some(numbers.len()) {
            let (expected, got) = (format!("numbers of shape {shape:?}"), format!("{} bytes", numbers.len()));
            return Err(damaged("numbers", expected, got));
        }
        Ok(Self { shape, raw: Raw { kind, little: false, bytes: numbers } })
    }

    /// The column of labels, if that is what they are.
    fn label(&self) -> Option<Column> {
        let values = || Values::Numbers(Numbers::of(self.raw.every(0, 1)));
        (self.shape.len() == 1).then(|| Column { name: "label".to_owned(), values: values() })
    }
}

/// Pictures, whose pixels are columns `pixel0`, `pixel1`, …, and `label` from the file beside them; or labels alone.
pub(crate) fn read_idx(bytes: &[u8], file: &str, labels: Option<(&[u8], &str)>) -> Result<Table, DataError> {
    let idx = Idx::new(bytes, file)?;
    if let Some(label) = idx.label() {
        return Table::new(vec![label], file);
    }
    let rows = idx.shape[0];
    let pixels = idx.raw.len().checked_div(rows).unwrap_or(0);
    let mut table = columns("pixel", idx.raw, (rows, pixels), false, file)?;
    if let Some((bytes, labels_file)) = labels {
        let labels = Idx::new(bytes, labels_file)?;
        let label = labels.label().filter(|label| label.values.len() == rows).ok_or_else(|| {
            let hint = "both files must come from the same collection";
            let (expected, got) = (format!("{rows} labels for {file}"), format!("shape {:?}", labels.shape));
            DataError::format(labels_file, "header", expected, got, hint)
        })?;
        table.push(label);
    }
    Table::new(table, file)
}
