//! An error as somebody reads it: with its causes, and what helps at the end.

use std::error::Error;
use std::io::{self, ErrorKind};

use crate::DataError;

/// What an error says, with its causes before its hint, each in the words of `worded`; without the causes that it names itself.
///
/// ```
/// use nablab_data::{DataError, with_causes};
/// let source = std::io::Error::other("the disk is full");
/// let error = DataError::Write { path: "a.csv".into(), source };
/// let said = with_causes(&error, &|error| error.to_string());
/// assert_eq!(said, "cannot write a.csv: the disk is full\nhint: choose another place, or check permissions and space");
/// ```
pub fn with_causes(
    error: &(dyn Error + 'static),
    worded: &dyn Fn(&(dyn Error + 'static)) -> String,
) -> String {
    let chain = || std::iter::successors(Some(error), |&error| error.source());
    let add = |said: String, cause: String| match said.split_once("\nhint:") {
        _ if said.contains(&cause) => said,
        Some((what, hint)) => format!("{what}: {cause}\nhint:{hint}"),
        None => format!("{said}: {cause}"),
    };
    let said = chain().map(worded).reduce(add).unwrap_or_default();
    let is_too_long = |cause: &(dyn Error + 'static)| {
        cause.downcast_ref().is_some_and(|error: &io::Error| error.kind() == ErrorKind::InvalidFilename)
    };
    match said.split_once("\nhint:") {
        // Whatever else there may be to do about files that cannot be written, it does not help here.
        Some((what, _)) if chain().any(is_too_long) => format!("{what}\nhint: {}", DataError::TOO_LONG),
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, thiserror::Error)]
    #[error("cannot draw\nhint: try again")]
    struct Outer(#[source] io::Error);

    #[test]
    fn a_cause_stands_before_the_hint() {
        let said = |source| with_causes(&Outer(source), &|error| error.to_string());
        assert_eq!(said(io::Error::other("no ink")), "cannot draw: no ink\nhint: try again");
        let too_long = said(ErrorKind::InvalidFilename.into());
        assert!(too_long.ends_with(&format!("\nhint: {}", DataError::TOO_LONG)), "{too_long}");
    }
}
