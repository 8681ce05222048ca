//! How long the name of a column, a category or a class may be.

/// More characters are free text, or a file that is cut wrongly. Names stand in models, reports and tables on the terminal.
pub(crate) const LONGEST_NAME: usize = 1000;

/// The characters of a text that is too long for a name.
pub(crate) fn too_long(text: &str) -> Option<usize> {
    // Characters are counted only where there are more bytes.
    let characters = if text.len() > LONGEST_NAME { text.chars().count() } else { 0 };
    (characters > LONGEST_NAME).then_some(characters)
}
