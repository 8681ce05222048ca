//! What can be wrong with data.

use std::path::PathBuf;

use crate::Wording;

/// Bad data: where, what was expected, what came, and what to do about it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DataError {
    /// A file that is not what it should be.
    #[error("{file}: {place}: expected {expected}, got {got}\nhint: {hint}")]
    Format {
        /// Name of the file.
        file: String,
        /// Line, column, byte or variable.
        place: String,
        /// What fits there.
        expected: String,
        /// What came.
        got: String,
        /// What to do.
        hint: Wording,
    },
    /// A parameter of a generator outside its range.
    #[error("`{name}` must be {expected}, got {got}\nhint: choose a value in that range")]
    Parameter {
        /// Name of the parameter.
        name: &'static str,
        /// The legal range.
        expected: String,
        /// The value.
        got: String,
    },
    /// Lengths that disagree.
    #[error("{what}: expected {expected}, got {got}")]
    Shape {
        /// What was measured.
        what: &'static str,
        /// What fits.
        expected: usize,
        /// What came.
        got: usize,
    },
    /// A file that cannot be read.
    #[error("cannot read {path}: {source}\nhint: {}", hint(source, "check the path and its permissions"), path = path.display())]
    Read {
        /// The path as given.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// A file that cannot be written; nothing was left behind.
    #[error("cannot write {path}: {source}\nhint: {}", hint(source, "choose another place, or check permissions and space"), path = path.display())]
    Write {
        /// The path as given.
        path: PathBuf,
        /// The reason.
        source: std::io::Error,
    },
    /// Something else is where a folder is to be.
    #[error("{}: {what}", path.display())]
    Occupied {
        /// The folder as given.
        path: PathBuf,
        /// What is there.
        what: String,
    },
    /// Writing was stopped; nothing was left behind.
    #[error("stopped")]
    Cancelled,
}

/// What to do about what the system says.
fn hint(source: &std::io::Error, usual: &'static str) -> &'static str {
    match source.kind() {
        std::io::ErrorKind::InvalidFilename => DataError::TOO_LONG,
        _ => usual,
    }
}

impl DataError {
    /// What to do about a name that the system does not take.
    pub const TOO_LONG: &str = "choose a shorter name: most systems take 255 bytes";

    /// A file that is not what it should be; what it holds is made [`readable`].
    ///
    /// ```
    /// let error = nablab_data::DataError::format("a.csv", "line 2", "a number", "\u{7}", "correct it");
    /// assert_eq!(error.to_string(), "a.csv: line 2: expected a number, got \\u{7}\nhint: correct it");
    /// ```
    pub fn format(
        file: &str,
        place: impl Into<String>,
        expected: impl Into<String>,
        got: impl Into<String>,
        hint: impl Into<Wording>,
    ) -> Self {
        Self::Format {
            file: file.to_owned(),
            place: readable(&place.into()),
            expected: expected.into(),
            got: readable(&got.into()),
            hint: hint.into(),
        }
    }
}

/// What a file holds may be anything: no control character of it reaches the terminal, and no line is endless.
///
/// ```
/// use nablab_data::readable;
/// assert_eq!(readable("red \u{1b}[31m"), "red \\u{1b}[31m");
/// assert_eq!(readable(&"9".repeat(5000)), format!("{}…", "9".repeat(80)));
/// ```
pub fn readable(text: &str) -> String {
    const LONGEST: usize = 80;
    let mut shown = String::new();
    for c in text.chars() {
        if shown.len() >= LONGEST {
            return shown + "…";
        }
        if c.is_control() {
            shown.extend(c.escape_default());
        } else {
            shown.push(c);
        }
    }
    shown
}
