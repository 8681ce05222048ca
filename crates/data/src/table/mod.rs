//! Tables: columns of numbers or categories, as people keep them in files, before anything is made of them.
//!
//! A table is what the file says and nothing more: no column is scaled, filled or left out here.

pub mod csv;

use std::collections::HashMap;

use crate::{DataError, readable};

/// Columns of one length, each with a name of its own.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    columns: Vec<Column>,
    rows: usize,
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
    Numbers(Vec<f64>),
    /// Texts.
    Categories(Categories),
    /// Days of a calendar, or points in time: recognised, because as categories they would be nonsense.
    Dates(Vec<Option<String>>),
}

/// Texts, each kept once.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Categories {
    levels: Vec<String>,
    codes: Vec<u32>,
    /// Where each level stands while they are collected.
    places: HashMap<String, u32>,
}

/// The code of a value that is missing.
const MISSING: u32 = u32::MAX;

impl Table {
    /// Columns of `rows` values each.
    pub(crate) fn new(columns: Vec<Column>, rows: usize) -> Self {
        debug_assert!(columns.iter().all(|column| column.values.len() == rows), "columns of one length");
        Self { columns, rows }
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
    pub fn required(&self, name: &str, file: &str) -> Result<&Column, DataError> {
        self.column(name).ok_or_else(|| {
            let names: Vec<_> = self.columns.iter().map(|column| column.name.as_str()).collect();
            let hint = "names are those of the first line, or column 1, column 2, … where there is none";
            let expected = format!("one named {}", readable(name));
            DataError::format(file, "columns", expected, names.join(", "), hint)
        })
    }
}

impl Values {
    /// Number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories(categories) => categories.codes.len(),
            Self::Dates(dates) => dates.len(),
        }
    }

    /// There are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Number of rows without a value.
    pub fn missing(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.iter().filter(|v| v.is_nan()).count(),
            Self::Categories(categories) => categories.codes.iter().filter(|&&code| code == MISSING).count(),
            Self::Dates(dates) => dates.iter().filter(|date| date.is_none()).count(),
        }
    }

    /// The text of any row, whatever the column holds.
    pub fn texts(&self) -> Box<dyn Fn(usize) -> Option<String> + '_> {
        match self {
            Self::Numbers(numbers) => {
                Box::new(|row| Some(numbers[row]).filter(|v| !v.is_nan()).map(|v| v.to_string()))
            }
            Self::Categories(categories) => {
                let codes: Vec<_> = categories.codes().collect();
                Box::new(move |row| codes[row].map(|code| categories.levels()[code].clone()))
            }
            Self::Dates(dates) => Box::new(|row| dates[row].clone()),
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

impl Categories {
    /// The different texts, sorted.
    pub fn levels(&self) -> &[String] {
        &self.levels
    }

    /// For each row the place of its text among the levels.
    pub fn codes(&self) -> impl Iterator<Item = Option<usize>> + '_ {
        self.codes.iter().map(|&code| (code != MISSING).then_some(code as usize))
    }

    /// The text of each row.
    pub fn texts(&self) -> impl Iterator<Item = Option<&str>> + '_ {
        self.codes().map(|code| code.map(|code| self.levels[code].as_str()))
    }
}

impl Categories {
    pub(crate) fn with_capacity(rows: usize) -> Self {
        Self { codes: Vec::with_capacity(rows), ..Self::default() }
    }

    /// The text of the next row.
    pub(crate) fn push(&mut self, text: Option<&str>) {
        let code = text.map_or(MISSING, |text| match self.places.get(text) {
            Some(&code) => code,
            None => {
                let code = self.levels.len() as u32;
                self.levels.push(text.to_owned());
                self.places.insert(text.to_owned(), code);
                code
            }
        });
        self.codes.push(code);
    }

    /// With the levels in the order of the alphabet instead of that of their appearance: shuffled rows have the same.
    pub(crate) fn sorted(self) -> Self {
        let mut order: Vec<u32> = (0..self.levels.len() as u32).collect();
        order.sort_unstable_by_key(|&level| &self.levels[level as usize]);
        let mut place = vec![0; order.len()];
        (0..).zip(&order).for_each(|(at, &level)| place[level as usize] = at);
        let code = |code| if code == MISSING { MISSING } else { place[code as usize] };
        let codes = self.codes.into_iter().map(code).collect();
        let mut levels = self.levels;
        levels.sort_unstable();
        Self { levels, codes, places: HashMap::new() }
    }
}

impl<'a> FromIterator<Option<&'a str>> for Categories {
    /// ```
    /// use nablab_data::table::Categories;
    /// let colours: Categories = [Some("red"), None, Some("blue"), Some("red")].into_iter().collect();
    /// assert_eq!(colours.levels(), ["blue", "red"]);
    /// assert_eq!(colours.codes().collect::<Vec<_>>(), [Some(1), None, Some(0), Some(1)]);
    /// ```
    fn from_iter<I: IntoIterator<Item = Option<&'a str>>>(texts: I) -> Self {
        let mut categories = Self::default();
        texts.into_iter().for_each(|text| categories.push(text));
        categories.sorted()
    }
}
