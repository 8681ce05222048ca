//! Tables: columns of numbers or categories, as people keep them in files, before anything is made of them.
//!
//! A table is what the file says and nothing more: no column is scaled, filled or left out here.

mod arrays;
mod categories;
mod cell;
mod charset;
pub mod csv;
mod decoded;
mod dialect;
mod first_pass;
mod format;
mod growing;
mod guess;
mod header;
mod idx;
mod kind;
mod lent;
mod load;
mod name;
mod note;
mod number_column;
mod number_format;
mod others;
mod reading;
mod rows;
mod second_pass;
mod seen;
mod separator;
mod source;
mod text;
mod unquoted;
mod words;

pub(crate) use arrays::{read_mat, read_npy, read_npz};
pub(crate) use idx::{is_idx, read_idx};
pub(crate) use name::{LONGEST_NAME, too_long};
pub(crate) use source::{Gunzip, Watched, unreadable};

use std::borrow::Cow;
use std::collections::HashSet;

pub use categories::Categories;
pub use dialect::{Decimal, Dialect, Encoding, Separator, Thousands};
pub use format::Format;
pub use lent::Lent;
pub use load::{format, load, read, read_as};
pub use note::Note;
pub use number_column::Numbers;
pub use number_format::Numeral;
pub(crate) use number_format::number_with;
pub use reading::{Kept, Reading};
pub use source::Progress;

use crate::{DataError, Wording, readable};

/// Columns of one length, each with a name of its own.
#[derive(Clone, Debug)]
pub struct Table {
    name: String,
    columns: Vec<Column>,
    rows: usize,
    kept: Kept,
    notes: Vec<Note>,
}

impl PartialEq for Table {
    /// The same columns, whatever the table is called.
    fn eq(&self, other: &Self) -> bool {
        self.columns == other.columns
    }
}

/// A column: its name and a value, or none, for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Unique in its table.
    pub name: String,
    /// What the rows hold.
    pub values: Values,
}

/// The values of a column. Which kind it is the file decides: numbers where every value that is there is one.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Finite numbers; not-a-number where the value is missing.
    Numbers(Numbers),
    /// Texts.
    Categories(Categories),
    /// Days of a calendar, or points in time: recognised, because as categories they would be nonsense.
    Dates(Categories),
}

/// A table with more columns than this is none that a dense network can learn from, or the file is damaged.
const MAX_COLUMNS: usize = 100_000;

impl Table {
    /// A table of these columns. Errors call it by its name, which is that of the file where it comes from one.
    ///
    /// ```
    /// use nablab_data::table::{Column, Table, Values};
    /// let column = |name: &str, values: &[f64]| {
    ///     Column { name: name.to_owned(), values: Values::Numbers(values.iter().copied().collect()) }
    /// };
    /// let table = Table::new(vec![column("a", &[1.0, 2.0]), column("b", &[0.5, f64::NAN])], "t.parquet")?;
    /// assert_eq!((table.rows(), table.columns().len()), (2, 2));
    /// let error = Table::new(vec![column("a", &[f64::INFINITY])], "t.parquet").unwrap_err().to_string();
    /// assert!(error.starts_with("t.parquet: column a, row 1: expected a finite number, got inf"));
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// [`DataError::Format`]: no column or no row, too many columns, columns of different length or of one name, names that are
    /// too long, infinite numbers.
    pub fn new(columns: Vec<Column>, name: &str) -> Result<Self, DataError> {
        let fail = |place: String, expected: String, got: String, hint: &str| {
            Err(DataError::format(name, place, expected, got, hint))
        };
        let rows = columns.first().map_or(0, |column| column.values.len());
        if rows == 0 || columns.len() > MAX_COLUMNS {
            let expected = format!("1 to {MAX_COLUMNS} columns and at least one row");
            let got = format!("{} columns, {rows} rows", columns.len());
            return fail("table".into(), expected, got, "is this the file you meant?");
        }
        let (mut names, of) = (HashSet::new(), name);
        for (place, Column { name, values }) in (1..).zip(&columns) {
            if let Some(characters) = too_long(name) {
                let expected = format!("a name of at most {LONGEST_NAME} characters");
                let hint = "shorten it; [header no] says that the first line of a text holds no names";
                let (got, hint) = (format!("one of {characters}"), Wording::with_settings(hint));
                return Err(DataError::format(of, format!("column {place}"), expected, got, hint));
            }
            if !names.insert(name) {
                let expected = "another name for each column".into();
                return fail("columns".into(), expected, format!("two named {name}"), "rename one of them");
            }
            if values.len() != rows {
                let (expected, got) = (format!("{rows} rows, as the first has"), values.len().to_string());
                return fail(format!("column {name}"), expected, got, "columns have one length");
            }
            if let Some((row, number)) = values.infinite() {
                let (place, got) = (format!("column {name}, row {}", row + 1), number.to_string());
                let hint = "leave a missing value out; an infinite one cannot be learned from";
                return fail(place, "a finite number".into(), got, hint);
            }
        }
        Ok(Self { name: name.to_owned(), columns, rows, kept: Kept::default(), notes: Vec::new() })
    }

    /// The rows that are to be kept, in their order.
    ///
    /// ```
    /// let table = nablab_data::table::read(b"x,y\n1,a\n2,b\n3,c\n", "t.csv")?;
    /// let some = table.rows_where(&[true, false, true])?;
    /// assert_eq!(some, nablab_data::table::read(b"x,y\n1,a\n3,c\n", "t.csv")?);
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Table::new`], where no row is left.
    ///
    /// # Panics
    /// If `keep` has not an answer for each row.
    pub fn rows_where(&self, keep: &[bool]) -> Result<Self, DataError> {
        assert_eq!(keep.len(), self.rows, "an answer for each row");
        let rows: Vec<usize> = (0..self.rows).filter(|&row| keep[row]).collect();
        let of = |column: &Column| Column { name: column.name.clone(), values: column.values.of_rows(&rows) };
        Self::new(self.columns.iter().map(of).collect(), &self.name)
    }

    /// The same table under another name.
    ///
    /// ```
    /// let table = nablab_data::table::read(b"x,y\n1,2\n", "t.csv")?.named("the new rows");
    /// let error = table.required("z").unwrap_err().to_string();
    /// assert!(error.starts_with("the new rows: columns: expected one named z, got x, y"));
    /// # Ok::<(), nablab_data::DataError>(())
    /// ```
    pub fn named(self, name: impl Into<String>) -> Self {
        Self { name: name.into(), ..self }
    }

    /// What errors call it: its file, or whatever it was [`named`](Self::named).
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Something in this table is not as it should be. `place` says where, and `hint` what to do about it.
    pub fn error(
        &self,
        place: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
        hint: impl Into<Wording>,
    ) -> DataError {
        DataError::format(&self.name, place, expected, got, hint)
    }

    /// How it was read, and what is to be said of that.
    fn read_as(self, kept: Kept, notes: Vec<Note>) -> Self {
        Self { kept, notes, ..self }
    }

    /// How the text was read that it is from, where a later one is to be read in the same way.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// What was decided in reading that might have been meant otherwise.
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The columns, in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The column of this name.
    pub fn column(&self, name: &str) -> Option<&Column> {
        self.columns.iter().find(|column| column.name == name)
    }

    /// The column of this name, which has to be there.
    ///
    /// # Errors
    /// [`DataError::Format`] with the names there are.
    pub fn required(&self, name: &str) -> Result<&Column, DataError> {
        self.column(name).ok_or_else(|| {
            let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).collect();
            let hint = "names are those of the first line, or column 1, column 2, … where there is none";
            let expected = format!("one named {}", readable(name));
            self.error("columns", expected, names.join(", "), hint)
        })
    }
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories(texts) | Self::Dates(texts) => texts.len(),
        }
    }

    /// There are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of rows without a value.
    pub fn missing(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.missing(),
            Self::Categories(texts) | Self::Dates(texts) => texts.missing(),
        }
    }

    /// The values of these rows.
    fn of_rows(&self, rows: &[usize]) -> Self {
        let texts = |texts: &Categories| Categories::of(rows.iter().map(|&row| texts.get(row)));
        match self {
            Self::Numbers(numbers) => {
                let some: Numbers = numbers.of_rows(rows).into_iter().collect();
                Self::Numbers(match numbers.written() {
                    Some(written) => some.with_texts(texts(written)),
                    None => some,
                })
            }
            Self::Categories(values) => Self::Categories(texts(values)),
            Self::Dates(values) => Self::Dates(texts(values)),
        }
    }

    /// The first number that is infinite, and its row.
    fn infinite(&self) -> Option<(usize, f64)> {
        match self {
            Self::Numbers(numbers) => numbers.infinite(),
            _ => None,
        }
    }

    /// The text of any row, whatever the column holds.
    pub fn texts(&self) -> Box<dyn Fn(usize) -> Option<String> + '_> {
        match self {
            Self::Numbers(numbers) => Box::new(|row| numbers.text(row)),
            Self::Categories(texts) | Self::Dates(texts) => Box::new(|row| texts.get(row).map(str::to_owned)),
        }
    }

    /// The texts of all rows, each different one once.
    ///
    /// ```
    /// use nablab_data::table::Values;
    /// let values = Values::Numbers([2.5, f64::NAN, -1.0, 2.5].into_iter().collect());
    /// assert_eq!(values.categories().texts().collect::<Vec<_>>(), [Some("2.5"), None, Some("-1"), Some("2.5")]);
    /// ```
    pub fn categories(&self) -> Cow<'_, Categories> {
        match self {
            Self::Numbers(numbers) => match numbers.written() {
                Some(texts) => Cow::Borrowed(texts),
                None => Cow::Owned(Categories::of((0..numbers.len()).map(|row| numbers.text(row)))),
            },
            Self::Categories(texts) | Self::Dates(texts) => Cow::Borrowed(texts),
        }
    }

    /// The number of any row, not-a-number where it is missing; where the text is no finite number, the text.
    ///
    /// ```
    /// use nablab_data::table::Values;
    /// let values = Values::Categories([Some("0.5"), Some("-"), None].into_iter().collect());
    /// let number = values.numbers();
    /// assert_eq!((number(0), number(1)), (Ok(0.5), Err("-")));
    /// assert!(number(2).unwrap().is_nan());
    /// ```
    pub fn numbers<'v>(&'v self) -> Box<dyn Fn(usize) -> Result<f64, &'v str> + 'v> {
        match self {
            Self::Numbers(numbers) => Box::new(|row| Ok(numbers.get(row))),
            Self::Categories(texts) | Self::Dates(texts) => {
                let finite = |text: &String| number_format::number(text).filter(|v| v.is_finite());
                let of_level: Vec<_> = texts.levels().iter().map(finite).collect();
                Box::new(move |row| match texts.code(row) {
                    None => Ok(f64::NAN),
                    Some(code) => of_level[code].ok_or(texts.levels()[code].as_str()),
                })
            }
        }
    }

    /// The same of these rows; an error with the first text that is no finite number, and its row.
    pub fn numbers_of(&self, rows: &[usize]) -> Result<Vec<f64>, (usize, &str)> {
        match self {
            Self::Numbers(numbers) => Ok(numbers.of_rows(rows)),
            Self::Categories(_) | Self::Dates(_) => {
                let number = self.numbers();
                rows.iter().map(|&row| number(row).map_err(|text| (row, text))).collect()
            }
        }
    }

    /// `number`, `category` or `date`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Numbers(_) => "number",
            Self::Categories(_) => "category",
            Self::Dates(_) => "date",
        }
    }
}
