//! Rows of separated values (RFC 4180) from a stream that need not fit into memory.

use flate2::Crc;
use memchr::{memchr, memchr_iter};

use super::fields::Fields;
use super::separator;
use super::source::{Again, unreadable};
use super::{MAX_COLUMNS, Separator};
use crate::DataError;

/// How text is cut into rows, and rows into values.
#[derive(Clone, Copy)]
pub(super) struct Cut {
    pub(super) separator: Separator,
    pub(super) terminator: u8,
}

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

/// The rows of a text, one at a time.
pub(super) struct Rows<'a> {
    source: &'a mut dyn Again,
    file: &'a str,
    known: Known,
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

impl<'a> Rows<'a> {
    /// Separated as is known or, where it is not, by what the first lines suggest.
    pub(super) fn new(source: &'a mut dyn Again, file: &'a str, known: Known) -> Result<Self, DataError> {
        let mut rows = Self {
            source,
            file,
            known,
            cut: Cut { separator: Separator::Byte(b','), terminator: b'\n' },
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
        if let Some((kind, hint)) = packed(&rows.buffer[..rows.end]) {
            return Err(DataError::format(file, "file", "text", format!("the bytes of {kind}"), hint));
        }
        if rows.buffer[..rows.end].starts_with(MARK) {
            rows.start = MARK.len();
        }
        rows.cut.terminator = terminator(&rows.buffer[rows.start..rows.end]);
        for _ in 0..known.skip_lines {
            if rows.ended && rows.start == rows.end {
                break;
            }
            rows.skip_line()?;
        }
        if known.skip_lines > 0 {
            rows.fill()?;
        }
        let said = rows.says_separator();
        if said.is_some() {
            rows.skip_line()?;
            rows.fill()?;
        }
        let text = &rows.buffer[rows.start..rows.end];
        if text.contains(&0) {
            let (expected, hint) = ("text", "say its encoding: --encoding utf-16le, for example");
            return Err(DataError::format(file, "file", expected, "bytes that are zero", hint));
        }
        let (terminator, ended) = (rows.cut.terminator, rows.ended);
        let separates = |separator: &Separator| {
            let first = sample(text, Cut { separator: *separator, terminator }, ended, 1);
            first.first().is_some_and(|row| row.len() > 1)
        };
        let found = || separator::find(text, terminator, ended);
        let earlier = known.earlier.filter(separates);
        rows.cut.separator = known.separator.or(said).or(earlier).unwrap_or_else(found);
        Ok(rows)
    }

    /// Between two values.
    pub(super) fn separator(&self) -> Separator {
        self.cut.separator
    }

    /// The first rows, as far as they are in memory.
    pub(super) fn sample(&self, most: usize) -> Vec<Vec<String>> {
        sample(&self.buffer[self.start..self.end], self.cut, self.ended, most)
    }

    fn skip_line(&mut self) -> Result<(), DataError> {
        loop {
            match memchr(self.cut.terminator, &self.buffer[self.start..self.end]) {
                Some(end) => self.start += end + 1,
                None if self.ended => self.start = self.end,
                None => {
                    self.fill()?;
                    continue;
                }
            }
            self.next_line += 1;
            return Ok(());
        }
    }

    /// A first line such as `sep=;`, by which spreadsheets tell each other.
    fn says_separator(&self) -> Option<Separator> {
        let line = self.buffer[self.start..self.end].split(|&byte| byte == self.cut.terminator).next()?;
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
            Found::Plain { length, delimiter } => {
                let bytes = &self.buffer[self.row..self.row + length];
                Fields::Plain { bytes, delimiter, at: Some(0) }
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
            let delimiter = match self.cut.separator {
                Separator::Byte(byte) => Some(byte),
                // An empty line is one for every separator.
                Separator::Blanks => end.filter(|&end| bytes[..end].trim_ascii().is_empty()).map(|_| b' '),
            };
            let found = match (end, delimiter) {
                (Some(end), Some(delimiter)) if memchr(b'"', &bytes[..end]).is_none() => {
                    let line = match self.cut.separator {
                        Separator::Byte(_) => &bytes[..end],
                        Separator::Blanks => b"",
                    };
                    let length = line.len() - usize::from(line.ends_with(b"\r"));
                    Some((Found::Plain { length, delimiter }, end))
                }
                (Some(_), _) => {
                    self.unquoted.take(bytes, self.cut, self.ended).map(|end| (Found::Quoted, end))
                }
                (None, _) => None,
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
                Found::Plain { length: 0, .. } if self.row == self.end => return Ok(None),
                Found::Plain { length: 0, .. } => {}
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
    Plain { length: usize, delimiter: u8 },
    Quoted,
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

impl Cut {
    fn ends_value(&self, byte: u8) -> bool {
        match self.separator {
            Separator::Byte(delimiter) => byte == delimiter,
            Separator::Blanks => matches!(byte, b' ' | b'\t'),
        }
    }
}

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
    fn take(&mut self, bytes: &[u8], cut: Cut, ended: bool) -> Option<usize> {
        self.text.clear();
        self.ends.clear();
        let mut at = 0;
        loop {
            let is_blank =
                |byte: &&u8| **byte == b' ' || cut.separator == Separator::Blanks && **byte == b'\t';
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

/// A row: its line, counted from one, and its values.
pub(super) struct Row<'a> {
    pub(super) line: u64,
    pub(super) fields: Fields<'a>,
}
