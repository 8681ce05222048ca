//! Values in quotes.

use memchr::memchr;

use super::rows::Cut;
use super::{MAX_COLUMNS, Separator};

/// A row that has quotes, without them.
#[derive(Default)]
pub(super) struct Unquoted {
    text: Vec<u8>,
    /// Where each value ends, and whether it was in quotes.
    ends: Vec<(usize, bool)>,
}

impl Unquoted {
    /// A value, without space around it, and whether it was in quotes.
    pub(super) fn value(&self, field: usize) -> Option<(&[u8], bool)> {
        let (end, quoted) = *self.ends.get(field)?;
        let start = field.checked_sub(1).map_or(0, |before| self.ends[before].0);
        Some((self.text[start..end].trim_ascii(), quoted))
    }

    /// Take the row at the beginning of the bytes and tell its length; none if it goes on behind them.
    pub(super) fn take(&mut self, bytes: &[u8], cut: Cut, ended: bool) -> Option<usize> {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            let is_blank = |byte: &&u8| cut.is_blank(**byte);
            at += bytes[at..].iter().take_while(is_blank).count();
            let quoted = bytes.get(at) == Some(&b'"');
            if quoted {
                at += 1;
                loop {
                    let length = memchr(b'"', &bytes[at..])?;
                    self.text.extend(&bytes[at..at + length]);
                    at += length + 1;
                    match bytes.get(at) {
                        Some(b'"') => self.text.push(b'"'),
                        None if !ended => return None,
                        _ => break,
                    }
                    at += 1;
                }
            }
            let rest = bytes[at..].iter().position(|&byte| cut.ends_value(byte) || byte == cut.terminator);
            let mut end = at + rest.or(ended.then_some(bytes.len() - at))?;
            self.text.extend(&bytes[at..end]);
            // One too many tells that the row is too long; to note all of them takes more memory than the row.
            if self.ends.len() <= MAX_COLUMNS {
                self.ends.push((self.text.len(), quoted));
            }
            if cut.separator == Separator::Blanks {
                // Those at the end of the line separate nothing.
                let after = end + bytes[end..].iter().take_while(is_blank).count();
                match bytes[after..] {
                    [] if !ended => return None,
                    [] => return Some(after),
                    [byte, ..] if byte == cut.terminator => return Some(after),
                    [b'\r', byte, ..] if byte == cut.terminator => return Some(after + 1),
                    _ => end = end.max(after.saturating_sub(1)),
                }
            }
            if !bytes.get(end).is_some_and(|&byte| cut.ends_value(byte)) {
                return Some(end);
            }
            at = end + 1;
        }
    }
}
