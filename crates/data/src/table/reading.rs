//! What of a file's reading is not found out from the file.

use std::collections::BTreeSet;

use super::{Table, Values};

/// What of a file's reading is not found out from the file.
///
/// ```
/// use std::io::Cursor;
/// use nablab_data::table::{Reading, csv};
/// let reading = Reading { written: ["code".to_owned()].into() };
/// let table = csv::read_from(Cursor::new("code,x\n007,1.50\n"), "t.csv", &reading, &mut |_, _| ())?;
/// let text = |name: &str| table.column(name).and_then(|column| column.values.texts()(0)).unwrap();
/// assert_eq!((text("code"), text("x")), ("007".to_owned(), "1.5".to_owned()));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// Columns of names, which may look like numbers: classes, categories, groups. Their texts are kept as they stand in the
    /// file, whatever the other rows hold.
    pub written: BTreeSet<String>,
}

impl Reading {
    /// As a table of the same columns was read: what held texts there may hold numbers alone here, and is text all the same.
    #[must_use]
    pub fn like(mut self, table: &Table) -> Self {
        let texts = table.columns().iter().filter(|column| !matches!(column.values, Values::Numbers(_)));
        self.written.extend(texts.map(|column| column.name.clone()));
        self
    }
}
