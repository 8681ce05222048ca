//! Rows of separated values (RFC 4180) from a stream that need not fit into memory.

use flate2::Crc;
use memchr::{memchr, memchr_iter};

use super::MAX_COLUMNS;
use super::fields::Fields;
use super::source::{Again, unreadable};
use crate::DataError;

/// How text is cut into rows, and rows into values.
#[derive(Clone, Copy)]
struct Cut {
    delimiter: u8,
    terminator: u8,
}

/// The rows of a text, one at a time.
pub(super) struct Rows<'a> {
    source: &'a mut dyn Again,
    file: &'a str,
    cut: Cut,
    buffer: Vec<u8>,
    /// What of the buffer is not yet taken, and where the last row begins.
    start: usize,
    row: usize,
    end: usize,
    ended: bool,
    line: u64,
    next_line: u64,
    unquoted: Unquoted,
    crc: Crc,
}

const BUFFER: usize = 1 << 18;
/// A row longer than this is a file without ends of lines.
const LONGEST: usize = 1 << 28;
const MARK: &[u8] = b"\xef\xbb\xbf";

impl<'a> Rows<'a> {
    /// Separated by `delimiter` or, without one, by what the first line suggests.
    pub(super) fn new(
        source: &'a mut dyn Again,
        file: &'a str,
        delimiter: Option<u8>,
    ) -> Result<Self, DataError> {
        let mut rows = Self {
            source,
            file,
            cut: Cut { delimiter: b',', terminator: b'\n' },
            buffer: vec![0; BUFFER],
            start: 0,
            row: 0,
            end: 0,
            ended: false,
            line: 0,
            next_line: 1,
            unquoted: Unquoted::default(),
            crc: Crc::new(),
        };
        rows.fill()?;
        if rows.buffer[..rows.end].starts_with(MARK) {
            rows.start = MARK.len();
        }
        rows.cut = Cut::of(&rows.buffer[rows.start..rows.end], delimiter);
        Ok(rows)
    }

    /// Begin again, at the first row.
    pub(super) fn again(self) -> Result<Self, DataError> {
        self.source.again().map_err(|error| unreadable(error, self.file))?;
        Self::new(self.source, self.file, Some(self.cut.delimiter))
    }

    /// A sum of all bytes read so far, by which a file that has changed is noticed.
    pub(super) fn checksum(&self) -> (u32, u32) {
        (self.crc.sum(), self.crc.amount())
    }

    /// The first row, which [`next`](Self::next) then returns once more.
    pub(super) fn first(&mut self) -> Result<Option<Row<'_>>, DataError> {
        let found = self.find()?;
        (self.start, self.next_line) = (self.row, self.line.max(1));
        Ok(found.map(|found| self.found(found)))
    }

    /// The next row that is not empty.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, DataError> {
        Ok(self.find()?.map(|found| self.found(found)))
    }

    fn found(&self, found: Found) -> Row<'_> {
        let fields = match found {
            Found::Plain { length } => {
                let bytes = &self.buffer[self.row..self.row + length];
                Fields::Plain { bytes, delimiter: self.cut.delimiter, at: Some(0) }
            }
            Found::Quoted => Fields::Quoted { unquoted: &self.unquoted, field: 0 },
        };
        Row { line: self.line, fields }
    }

    /// Take the next row that is not empty.
    fn find(&mut self) -> Result<Option<Found>, DataError> {
        loop {
            let bytes = &self.buffer[self.start..self.end];
            let end = memchr(self.cut.terminator, bytes).or(self.ended.then_some(bytes.len()));
            let found = match end {
                Some(end) if memchr(b'"', &bytes[..end]).is_none() => {
                    let length = end - usize::from(bytes[..end].ends_with(b"\r"));
                    Some((Found::Plain { length }, end))
                }
                Some(_) => self.unquoted.take(bytes, self.cut, self.ended).map(|end| (Found::Quoted, end)),
                None => None,
            };
            let Some((found, end)) = found else {
                if self.ended {
                    return Err(self.unclosed());
                }
                self.fill()?;
                continue;
            };
            (self.row, self.line) = (self.start, self.next_line);
            let text = &self.buffer[self.row..self.row + end];
            let lines = match found {
                Found::Plain { .. } => 0,
                Found::Quoted => memchr_iter(self.cut.terminator, text).count(),
            };
            self.next_line += 1 + lines as u64;
            self.start = (self.row + end + 1).min(self.end);
            match found {
                Found::Plain { length: 0 } if self.row == self.end => return Ok(None),
                Found::Plain { length: 0 } => {}
                found => return Ok(Some(found)),
            }
        }
    }

    /// Read as much as fits into the buffer, behind what is not yet taken. A long row is looked through anew after each
    /// call: to return after each read, which may yield a few bytes, would take the square of its length.
    fn fill(&mut self) -> Result<(), DataError> {
        self.buffer.copy_within(self.start..self.end, 0);
        (self.start, self.end) = (0, self.end - self.start);
        if self.end == self.buffer.len() {
            if self.end >= LONGEST {
                let place = format!("line {}", self.next_line);
                let (expected, hint) = ("a row of at most 256 MiB", "is this a table of separated values?");
                return Err(DataError::format(self.file, place, expected, "a longer one", hint));
            }
            self.buffer.resize(2 * self.end, 0);
        }
        while !self.ended && self.end < self.buffer.len() {
            let read = match self.source.read(&mut self.buffer[self.end..]) {
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                read => read.map_err(|error| unreadable(error, self.file))?,
            };
            self.crc.update(&self.buffer[self.end..self.end + read]);
            self.end += read;
            self.ended = read == 0;
        }
        Ok(())
    }

    fn unclosed(&self) -> DataError {
        let place = format!("line {}", self.next_line);
        let hint =
            "a quote within quotes is written twice; a value that begins with one needs quotes around it";
        DataError::format(self.file, place, "a quote that ends the value", "the end of the file", hint)
    }
}

#[derive(Clone, Copy)]
enum Found {
    Plain { length: usize },
    Quoted,
}

impl Cut {
    /// Of delimiters, whichever of comma, semicolon and tab the first line holds most of, outside quotes; comma where it
    /// holds none. Lines end in a line feed or, on old machines, in a carriage return alone.
    fn of(bytes: &[u8], delimiter: Option<u8>) -> Self {
        let (mut counts, mut quoted) = ([(b',', 0), (b';', 0), (b'\t', 0)], false);
        let mut terminator = b'\n';
        for (at, &byte) in bytes.iter().enumerate() {
            match byte {
                b'"' => quoted = !quoted,
                b'\n' if !quoted => break,
                b'\r' if !quoted => {
                    terminator = if bytes.get(at + 1) == Some(&b'\n') { b'\n' } else { b'\r' };
                    break;
                }
                _ if !quoted => {
                    counts.iter_mut().filter(|(d, _)| *d == byte).for_each(|(_, count)| *count += 1);
                }
                _ => {}
            }
        }
        // Of equals, the first.
        let most = counts.into_iter().rev().max_by_key(|&(_, count)| count);
        Self { delimiter: delimiter.or(most.map(|(delimiter, _)| delimiter)).unwrap_or(b','), terminator }
    }
}

/// A row that has quotes, without them.
#[derive(Default)]
pub(super) struct Unquoted {
    text: Vec<u8>,
    /// Where each value ends.
    ends: Vec<usize>,
}

impl Unquoted {
    /// A value, without space around it.
    pub(super) fn value(&self, field: usize) -> Option<&[u8]> {
        let end = *self.ends.get(field)?;
        let start = field.checked_sub(1).map_or(0, |before| self.ends[before]);
        Some(self.text[start..end].trim_ascii())
    }

    /// Take the row at the beginning of the bytes and tell its length; none if it goes on behind them.
    fn take(&mut self, bytes: &[u8], cut: Cut, ended: bool) -> Option<usize> {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            at += bytes[at..].iter().take_while(|&&byte| byte == b' ').count();
            if bytes.get(at) == Some(&b'"') {
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
            let rest = bytes[at..].iter().position(|&byte| byte == cut.delimiter || byte == cut.terminator);
            let end = at + rest.or(ended.then_some(bytes.len() - at))?;
            self.text.extend(&bytes[at..end]);
            // One too many tells that the row is too long; to note all of them takes more memory than the row.
            if self.ends.len() <= MAX_COLUMNS {
                self.ends.push(self.text.len());
            }
            if bytes.get(end) != Some(&cut.delimiter) {
                return Some(end);
            }
            at = end + 1;
        }
    }
}

/// A row: its line, counted from one, and its values.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) fields: Fields<'a>,
}
