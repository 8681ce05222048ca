//! What of a file's reading is not found out from the file.

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroUsize;

use serde::{Deserialize, Serialize};

use super::{Decimal, Dialect, Numeral, Separator, Table, Thousands, Values};

/// What of a file's reading is not found out from the file.
///
/// ```
/// use std::io::Cursor;
/// use nablab_data::table::{Reading, csv};
/// let reading = Reading { written: ["code".to_owned()].into(), ..Reading::default() };
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
    /// Columns of numbers: a cell with another word is an error.
    pub numbers: BTreeSet<String>,
    /// Columns that the caller knows of: a line that holds one of them is a line of names.
    pub names: BTreeSet<String>,
    /// Columns that are predicted, which have words of their own for a missing value.
    pub targets: BTreeSet<String>,
    /// Columns that nobody looks at.
    pub ignored: BTreeSet<String>,
    /// How text is written, where that is said.
    pub dialect: Dialect,
    /// How an earlier file was read, where this one is to be read in the same way: no column is judged anew.
    pub kept: Option<Kept>,
    /// How many threads read; nothing that is read depends on it. One, where none are said.
    pub threads: Option<NonZeroUsize>,
}

/// How a text was read, as far as a later one of the same kind may look otherwise.
///
/// ```
/// use nablab_data::table::csv;
/// let table = csv::read("a;b\n1,5;x\n0,25;y\n".as_bytes(), "t.csv")?;
/// assert_eq!(table.kept().header, Some(true));
/// assert!(table.kept().numerals.contains_key("a"));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Kept {
    /// The first line held names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// Columns there were, where they have no names: those are known by their places.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub columns: Option<usize>,
    /// Between two values.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub separator: Option<Separator>,
    /// Columns whose numbers are not written plainly, or that have words of their own for a missing one.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub numerals: BTreeMap<String, Numeral>,
}

impl Reading {
    /// Threads to read on.
    pub(super) fn threads(&self) -> NonZeroUsize {
        self.threads.unwrap_or(NonZeroUsize::MIN)
    }

    /// What the numbers of this column are does not matter.
    pub(super) fn is_text(&self, name: &str) -> bool {
        self.ignored.contains(name) || self.written.contains(name) && !self.targets.contains(name)
    }

    /// The texts of these columns are kept as they stand, to be written again; what a column of numbers holds stays a number.
    #[must_use]
    pub fn keeping(mut self, names: &[String]) -> Self {
        for name in names {
            self.ignored.remove(name);
            self.names.insert(name.clone());
            if !self.numbers.contains(name) {
                self.written.insert(name.clone());
            }
        }
        self
    }

    /// As a table of the same columns was read: what held texts there may hold numbers alone here, and is text all the same.
    #[must_use]
    pub fn like(mut self, table: &Table) -> Self {
        let texts = table.columns().iter().filter(|column| !matches!(column.values, Values::Numbers(_)));
        self.written.extend(texts.map(|column| column.name.clone()));
        self.kept = Some(table.kept().clone());
        self
    }

    /// Read otherwise than this says, where the other dialect says something: as a later file of a model's is, whose marks of
    /// numbers were found out from the first.
    #[must_use]
    pub fn in_dialect(mut self, dialect: &Dialect) -> Self {
        self.dialect.change(dialect);
        if dialect.decimal.is_none() && dialect.thousands.is_none() {
            return self;
        }
        // One mark cannot be both.
        let decimal = dialect.decimal.or(match dialect.thousands {
            Some(Thousands::Comma) => Some(Decimal::Point),
            Some(Thousands::Point) => Some(Decimal::Comma),
            _ => None,
        });
        self.dialect.decimal = decimal.or(self.dialect.decimal);
        self.dialect.thousands = dialect.thousands;
        for numeral in self.kept.iter_mut().flat_map(|kept| kept.numerals.values_mut()) {
            numeral.decimal = decimal.unwrap_or(numeral.decimal);
            numeral.thousands = dialect.thousands;
        }
        self
    }
}
