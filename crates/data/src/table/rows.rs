//! Rows of separated values (RFC 4180), and where they end.

use memchr::{memchr, memchr_iter, memchr2, memrchr};

use super::Separator;
use super::cell::Cells;
use super::unquoted::Unquoted;
use crate::DataError;

/// How text is cut into rows, and rows into values.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) separator: Separator,
    pub(super) terminator: u8,
}

impl Cut {
    pub(super) fn ends_value(&self, byte: u8) -> bool {
        match self.separator {
            Separator::Byte(delimiter) => byte == delimiter,
            Separator::Blanks => matches!(byte, b' ' | b'\t'),
        }
    }

    /// May stand before a value without being part of it.
    pub(super) fn is_blank(&self, byte: u8) -> bool {
        byte == b' ' || self.separator == Separator::Blanks && byte == b'\t'
    }

    /// The length of the rows at the beginning of the bytes: as many as are no longer than `most` together, or one that is; none if
    /// it goes on behind the bytes.
    pub(super) fn rows(&self, bytes: &[u8], most: usize) -> Option<usize> {
        let within = &bytes[..most.min(bytes.len())];
        if memchr(b'"', within).is_none()
            && let Some(end) = memrchr(self.terminator, within)
        {
            return Some(end + 1);
        }
        let mut length = 0;
        while let Some(row) = self.row(&bytes[length..]).filter(|row| length == 0 || length + row <= most) {
            length += row;
        }
        (length > 0).then_some(length)
    }

    /// The length of the row at the beginning of the bytes, with its terminator; none if it goes on behind them.
    fn row(&self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let found = at + memchr2(self.terminator, b'"', &bytes[at..])?;
            at = found + 1;
            if bytes[found] == self.terminator {
                return Some(at);
            }
            if self.begins_value(&bytes[..found]) {
                at += memchr(b'"', &bytes[at..])? + 1;
                // Two of them are one within.
                while *bytes.get(at)? == b'"' {
                    at += 1 + memchr(b'"', &bytes[at + 1..])? + 1;
                }
            }
        }
    }

    /// What comes behind these bytes of a row is the beginning of a value.
    fn begins_value(&self, row: &[u8]) -> bool {
        let before = row.iter().rev().find(|&&byte| self.ends_value(byte) || !self.is_blank(byte));
        before.is_none_or(|&byte| self.ends_value(byte))
    }
}

/// Whole rows of a text, and the line of the first one, counted from one.
pub(super) struct Block {
    pub(super) bytes: Vec<u8>,
    pub(super) line: u64,
}

impl Block {
    pub(super) fn rows<'b>(&'b self, cut: Cut, file: &'b str) -> Rows<'b> {
        Rows { bytes: &self.bytes, line: self.line, cut, unquoted: Unquoted::default(), file }
    }
}

/// The rows of a block, one at a time.
pub(super) struct Rows<'b> {
    /// Those that are not yet taken, and the line of the first one.
    bytes: &'b [u8],
    line: u64,
    cut: Cut,
    unquoted: Unquoted,
    file: &'b str,
}

/// A row: its line, and its values.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) fields: Cells<'a>,
}

impl<'b> Rows<'b> {
    /// The next row that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, DataError> {
        while !self.bytes.is_empty() {
            let end = memchr(self.cut.terminator, self.bytes).unwrap_or(self.bytes.len());
            let text = &self.bytes[..end];
            let delimiter = match self.cut.separator {
                Separator::Byte(byte) => Some(byte),
                // An empty line is one for every separator.
                Separator::Blanks => text.trim_ascii().is_empty().then_some(b' '),
            };
            if let Some(delimiter) = delimiter.filter(|_| memchr(b'"', text).is_none()) {
                let line = self.take(end);
                let bytes = match self.cut.separator {
                    Separator::Byte(_) => text.strip_suffix(b"\r").unwrap_or(text),
                    Separator::Blanks => b"",
                };
                if !bytes.is_empty() {
                    return Ok(Some(Row { line, fields: Cells::Plain { bytes, delimiter, at: Some(0) } }));
                }
            } else {
                let end = self.unquoted.take(self.bytes, self.cut, true).ok_or_else(|| self.unclosed())?;
                let inner = memchr_iter(self.cut.terminator, &self.bytes[..end]).count();
                let line = self.take(end);
                self.line += inner as u64;
                return Ok(Some(Row { line, fields: Cells::Quoted { unquoted: &self.unquoted, field: 0 } }));
            }
        }
        Ok(None)
    }

    /// Take so many bytes and the terminator behind them, and tell the line they are in.
    fn take(&mut self, length: usize) -> u64 {
        self.bytes = self.bytes.get(length + 1..).unwrap_or_default();
        self.line += 1;
        self.line - 1
    }

    fn unclosed(&self) -> DataError {
        let place = format!("line {}", self.line);
        let hint =
            "a quote within quotes is written twice; a value that begins with one needs quotes around it";
        DataError::format(self.file, place, "a quote that ends the value", "the end of the file", hint)
    }
}

/// The first rows of a text as texts; a last one that is cut off does not count.
pub(super) fn sample(bytes: &[u8], cut: Cut, ended: bool, most: usize) -> Vec<Vec<String>> {
    let (mut unquoted, mut rows, mut at) = (Unquoted::default(), Vec::new(), 0);
    while rows.len() < most && at < bytes.len() {
        let Some(length) = unquoted.take(&bytes[at..], cut, ended) else { break };
        let value = |i| unquoted.value(i).map(|(text, _)| String::from_utf8_lossy(text).into_owned());
        let row: Vec<String> = (0..).map_while(value).collect();
        if row.len() > 1 || row.first().is_some_and(|text| !text.is_empty()) {
            rows.push(row);
        }
        at += length + 1;
    }
    rows
}
