//! A report as a plain description: sections of paragraphs, tables, figures and notes.

mod formula;
mod html;
mod inline;
mod markdown;
mod slides;
mod style;

pub use html::{html, is_page};
pub use markdown::markdown;
pub use slides::{Deck, Slide, slides};

use crate::{Figure, Lang, number};

/// A report.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Language of its words.
    pub lang: Lang,
    /// Name of the report.
    pub title: String,
    /// One sentence under it.
    pub subtitle: String,
    /// The program and command it was made by.
    pub made_by: String,
    /// In order.
    pub sections: Vec<Section>,
}

/// A part of a report with a place in the contents.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Section {
    /// Anchor: letters, digits, dots and dashes.
    pub id: String,
    /// Heading.
    pub title: String,
    /// In order.
    pub blocks: Vec<Block>,
    /// Parts of this part, after the blocks.
    pub sections: Vec<Section>,
}

impl Section {
    /// The id beside the heading of an item, which JSON and other texts call it by; none where the heading has its number already.
    fn shown_id(&self, level: usize) -> Option<&str> {
        let has_number = || {
            let number = self.title.split_whitespace().next().unwrap_or_default();
            number.starts_with(|c: char| c.is_ascii_digit()) && self.id.ends_with(number)
        };
        (level > 2 && !self.id.is_empty() && !has_number()).then_some(&self.id[..])
    }
}

/// Something in a section.
///
/// Paragraphs, list items, notes and cells may hold `**strong**`, `` `code` ``, formulas in LaTeX between `\\(` and `\\)`, and links
/// `[text](https://…)`.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Running text.
    Paragraph(String),
    /// Items with bullets.
    List(Vec<String>),
    /// Rows and columns.
    Table(Table),
    /// Text to copy as it is: a recipe, a command.
    Code(String),
    /// Formulas in LaTeX, each on a line of its own.
    Formulas(Vec<String>),
    /// Side by side where there is room.
    Figures(Vec<Figure>),
    /// Set apart.
    Note {
        /// What sort.
        kind: Kind,
        /// In bold at its head.
        title: String,
        /// Its text.
        text: String,
    },
    /// Lines to write on.
    Space(u8),
    /// Shown only if the reader switches checks on.
    Check(Vec<Block>),
    /// Folded away behind a line.
    Details {
        /// The line.
        summary: String,
        /// What is folded away.
        blocks: Vec<Block>,
    },
}

/// The sort of a note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Worth knowing.
    Info,
    /// Goes well.
    Good,
    /// Goes wrong.
    Bad,
}

/// A table.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// Above it.
    pub caption: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// As many cells as columns in each.
    pub rows: Vec<Vec<Cell>>,
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Words, to the left.
    Text(String),
    /// A number with so many digits, to the right.
    Number(f64, usize),
    /// A number that is struck out: a mask silenced it, and 0 counts in its place.
    Struck(f64, usize),
    /// Yes or no with a word.
    Verdict(bool, String),
}

impl Cell {
    /// A cell of words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// The cell as plain text, for copying and for Markdown.
    pub fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Verdict(_, text) => text.clone(),
            Self::Number(value, digits) => number(*value, *digits),
            Self::Struck(value, digits) => format!("~~{}~~", number(*value, *digits)),
        }
    }
}
