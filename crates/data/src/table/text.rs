//! A text that need not fit into memory: what it is written in, and its rows, in blocks.

use std::io::{self, ErrorKind};

use flate2::Crc;
use memchr::{memchr, memchr_iter};

use super::Separator;
use super::rows::{Block, Cut, sample};
use super::separator;
use super::source::{Again, unreadable};
use crate::{DataError, Wording};

/// What is known of a text before it is read.
#[derive(Clone, Copy, Default)]
pub(super) struct Known {
    /// Between values, whatever the text looks like.
    pub(super) separator: Option<Separator>,
    /// Between values of an earlier text: taken where it separates anything.
    pub(super) earlier: Option<Separator>,
    /// Lines before the table.
    pub(super) skip_lines: usize,
}

/// A text, of which only a piece is in memory.
pub(super) struct Text<'a> {
    source: &'a mut dyn Again,
    file: &'a str,
    known: Known,
    cut: Cut,
    buffer: Vec<u8>,
    /// What of the buffer is not yet taken, and the line in which it begins.
    start: usize,
    end: usize,
    line: u64,
    /// What comes behind it.
    rest: Rest,
    crc: Crc,
}

/// What of a source is not yet read.
enum Rest {
    Some,
    None,
    /// It cannot be read. What was read before is still looked at: the first thing that is wrong in a text is told.
    Lost(io::Error),
}

/// By so many bytes a text is judged.
const BUFFER: usize = 1 << 18;
/// A row longer than this is a file without ends of lines.
const LONGEST: usize = 1 << 28;
const MARK: &[u8] = b"\xef\xbb\xbf";

/// What a file is by its first bytes that is no text, and what to do about it.
fn packed(bytes: &[u8]) -> Option<(&'static str, &'static str)> {
    const UNPACK: &str = "unpack it first";
    const PACKED: [(&[u8], &str, &str); 7] = [
        (b"\x1f\x8b\x08", "a gzip file", "it is compressed: its name has to end in .gz, such as .csv.gz"),
        (b"PK\x03\x04", "a zip file or a spreadsheet", "unpack it first, or save the spreadsheet as CSV"),
        (b"BZh91AY&SY", "a bzip2 file", UNPACK),
        (b"\xfd7zXZ\0", "an xz file", UNPACK),
        (b"\x28\xb5\x2f\xfd", "a zstd file", UNPACK),
        (b"\xd0\xcf\x11\xe0", "a spreadsheet", "save it as CSV"),
        (b"PAR1", "a Parquet file", "its name has to end in .parquet"),
    ];
    let (_, kind, hint) = PACKED.iter().find(|(magic, ..)| bytes.starts_with(magic))?;
    Some((kind, hint))
}

impl<'a> Text<'a> {
    /// Separated as is known or, where it is not, by what the first lines suggest.
    pub(super) fn new(source: &'a mut dyn Again, file: &'a str, known: Known) -> Result<Self, DataError> {
        let mut text = Self {
            source,
            file,
            known,
            cut: Cut { separator: Separator::Byte(b','), terminator: b'\n' },
            buffer: Vec::new(),
            start: 0,
            end: 0,
            line: 1,
            rest: Rest::Some,
            crc: Crc::new(),
        };
        text.begin()?;
        if let Some((kind, hint)) = packed(text.held()) {
            return Err(DataError::format(file, "file", "text", format!("the bytes of {kind}"), hint));
        }
        if text.held().starts_with(MARK) {
            text.start = MARK.len();
        }
        text.cut.terminator = terminator(text.held());
        for _ in 0..known.skip_lines {
            if text.has_ended() && text.held().is_empty() {
                break;
            }
            text.skip_line()?;
        }
        if known.skip_lines > 0 {
            text.begin()?;
        }
        let said = text.says_separator();
        if said.is_some() {
            text.skip_line()?;
            text.begin()?;
        }
        let (held, terminator, ended) = (text.held(), text.cut.terminator, text.has_ended());
        if held.contains(&0) {
            let hint = Wording::with_settings("say its encoding: [encoding utf-16le], for example");
            return Err(DataError::format(file, "file", "text", "bytes that are zero", hint));
        }
        let separates = |separator: &Separator| {
            let first = sample(held, Cut { separator: *separator, terminator }, ended, 1);
            first.first().is_some_and(|row| row.len() > 1)
        };
        let found = || separator::find(held, terminator, ended);
        let earlier = known.earlier.filter(separates);
        text.cut.separator = known.separator.or(said).or(earlier).unwrap_or_else(found);
        Ok(text)
    }

    /// How it is cut into rows and values.
    pub(super) fn cut(&self) -> Cut {
        self.cut
    }

    /// The first rows, as far as they are in memory.
    pub(super) fn sample(&self, most: usize) -> Vec<Vec<String>> {
        sample(self.held(), self.cut, self.has_ended(), most)
    }

    /// What is in memory and not yet taken.
    fn held(&self) -> &[u8] {
        &self.buffer[self.start..self.end]
    }

    fn has_ended(&self) -> bool {
        matches!(self.rest, Rest::None)
    }

    fn skip_line(&mut self) -> Result<(), DataError> {
        loop {
            match memchr(self.cut.terminator, self.held()) {
                Some(end) => self.start += end + 1,
                None if self.has_ended() => self.start = self.end,
                None => {
                    self.fill_more()?;
                    continue;
                }
            }
            self.line += 1;
            return Ok(());
        }
    }

    /// A first line such as `sep=;`, by which spreadsheets tell each other.
    fn says_separator(&self) -> Option<Separator> {
        let line = self.held().split(|&byte| byte == self.cut.terminator).next()?;
        match *line.trim_ascii_end().strip_prefix(b"sep=")? {
            [byte] => Some(Separator::Byte(byte)),
            // A tab was trimmed away.
            [] if line.contains(&b'\t') => Some(Separator::Byte(b'\t')),
            _ => None,
        }
    }

    /// Begin again, at the first row.
    pub(super) fn again(self) -> Result<Self, DataError> {
        self.source.again().map_err(|error| unreadable(error, self.file))?;
        let known = Known { separator: Some(self.cut.separator), ..self.known };
        Self::new(self.source, self.file, known)
    }

    /// A sum of all bytes read so far, by which a file that has changed is noticed.
    pub(super) fn checksum(&self) -> (u32, u32) {
        (self.crc.sum(), self.crc.amount())
    }

    /// The first row that is not empty, which comes again in the next block.
    pub(super) fn first(&mut self) -> Result<Option<Block>, DataError> {
        let first = self.next_row()?;
        if let Some(first) = &first {
            (self.start, self.line) = (self.start - first.bytes.len(), first.line);
        }
        Ok(first)
    }

    /// The next row that is not empty.
    pub(super) fn next_row(&mut self) -> Result<Option<Block>, DataError> {
        while let Some(row) = self.block(1)? {
            if row.rows(self.cut, self.file).next()?.is_some() {
                return Ok(Some(row));
            }
        }
        Ok(None)
    }

    /// The next rows: no more than so many bytes of them, but at least one.
    pub(super) fn block(&mut self, most: usize) -> Result<Option<Block>, DataError> {
        if self.held().len() < most && !self.has_ended() {
            self.fill(most);
        }
        let length = loop {
            match self.cut.rows(self.held(), most) {
                Some(length) => break length,
                // No terminator ends the last row.
                None if self.has_ended() && !self.held().is_empty() => break self.held().len(),
                None if self.has_ended() => return Ok(None),
                None => self.fill_more()?,
            }
        };
        let (bytes, line) = (self.held()[..length].to_vec(), self.line);
        self.start += length;
        self.line += memchr_iter(self.cut.terminator, &bytes).count() as u64;
        Ok(Some(Block { bytes, line }))
    }

    /// All rows that are not yet taken.
    pub(super) fn blocks(&mut self, most: usize) -> impl Iterator<Item = Result<Block, DataError>> {
        std::iter::from_fn(move || self.block(most).transpose())
    }

    /// As many bytes as a text is judged by.
    fn begin(&mut self) -> Result<(), DataError> {
        self.fill(BUFFER);
        self.readable()
    }

    /// What is in memory is the beginning of one row, which is looked through anew after each call. So it is twice as much each time:
    /// to return after each read, which may yield a few bytes, would take the square of its length.
    fn fill_more(&mut self) -> Result<(), DataError> {
        self.readable()?;
        if self.held().len() >= LONGEST {
            let place = format!("line {}", self.line);
            let (expected, hint) = ("a row of at most 256 MiB", "is this a table of separated values?");
            (self.start, self.rest) = (self.end, Rest::None);
            return Err(DataError::format(self.file, place, expected, "a longer one", hint));
        }
        self.fill((2 * self.held().len()).clamp(BUFFER, LONGEST));
        Ok(())
    }

    /// Read until so many bytes are in memory, behind those that are not yet taken.
    fn fill(&mut self, size: usize) {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.buffer.len() < size {
            self.buffer.resize(size, 0);
        }
        while matches!(self.rest, Rest::Some) && self.end < self.buffer.len() {
            match self.source.read(&mut self.buffer[self.end..]) {
                Ok(0) => self.rest = Rest::None,
                Ok(read) => {
                    self.crc.update(&self.buffer[self.end..self.end + read]);
                    self.end += read;
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(error) => self.rest = Rest::Lost(error),
            }
        }
    }

    /// An error where the source could not be read; nothing comes behind it.
    fn readable(&mut self) -> Result<(), DataError> {
        match std::mem::replace(&mut self.rest, Rest::None) {
            Rest::Lost(error) => {
                self.start = self.end;
                Err(unreadable(error, self.file))
            }
            rest => {
                self.rest = rest;
                Ok(())
            }
        }
    }
}

/// Lines end in a line feed or, on old machines, in a carriage return alone.
fn terminator(bytes: &[u8]) -> u8 {
    let mut quoted = false;
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' if !quoted => break,
            b'\r' if !quoted && bytes.get(at + 1) != Some(&b'\n') => return b'\r',
            _ => {}
        }
    }
    b'\n'
}
