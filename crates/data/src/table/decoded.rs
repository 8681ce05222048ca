//! Bytes of any encoding as UTF-8.

use std::io::{self, Read};

use super::charset::{Decoder, DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use super::dialect::Encoding;
use super::source::Again;

/// A source whose text comes as UTF-8, whatever it is written in. UTF-8 itself goes through unread.
pub(super) struct Decoded<'a> {
    source: &'a mut dyn Again,
    asked: Option<Encoding>,
    /// Decided by the first bytes; none as long as they are not read, or if nothing has to be decoded.
    decoder: Option<Decoder>,
    begun: bool,
    /// What is read and not yet decoded, and whether anything follows.
    raw: Vec<u8>,
    ended: bool,
    /// What is decoded and not yet taken.
    text: Vec<u8>,
    taken: usize,
}

const PIECE: usize = 1 << 16;

impl<'a> Decoded<'a> {
    pub(super) fn new(source: &'a mut dyn Again, asked: Option<Encoding>) -> Self {
        let (raw, text) = (Vec::new(), Vec::new());
        Self { source, asked, decoder: None, begun: false, raw, ended: false, text, taken: 0 }
    }

    /// Look at the first bytes: a mark is certain, and stronger than what was asked for.
    fn begin(&mut self) -> io::Result<()> {
        self.begun = true;
        const MARK: u64 = 3;
        (&mut self.source).take(MARK).read_to_end(&mut self.text)?;
        let encoding = match *self.text {
            [0xff, 0xfe, ..] => UTF_16LE,
            [0xfe, 0xff, ..] => UTF_16BE,
            [0xef, 0xbb, 0xbf, ..] => UTF_8,
            _ => self.asked.map_or(UTF_8, |asked| asked.0),
        };
        if encoding != UTF_8 {
            self.raw = std::mem::take(&mut self.text);
            self.decoder = Some(encoding.new_decoder_with_bom_removal());
        }
        Ok(())
    }

    /// Decode the next piece.
    fn advance(&mut self) -> io::Result<()> {
        let Some(decoder) = &mut self.decoder else { return Ok(()) };
        if !self.ended {
            let before = self.raw.len();
            self.raw.resize(before + PIECE, 0);
            let read = self.source.read(&mut self.raw[before..])?;
            self.raw.truncate(before + read);
            self.ended = read == 0;
        }
        let room = decoder.max_utf8_buffer_length_without_replacement(self.raw.len()).unwrap_or(4 * PIECE);
        (self.text, self.taken) = (vec![0; room.max(16)], 0);
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(&self.raw, &mut self.text, self.ended);
        self.raw.drain(..read);
        self.text.truncate(written);
        if matches!(result, DecoderResult::Malformed { .. }) {
            let name = decoder.encoding().name();
            return Err(io::Error::new(io::ErrorKind::InvalidData, NotOfEncoding(name)));
        }
        Ok(())
    }
}

/// Bytes that mean nothing in this encoding.
#[derive(Debug, thiserror::Error)]
#[error("bytes that are none")]
pub(super) struct NotOfEncoding(pub(super) &'static str);

impl Read for Decoded<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if !self.begun {
            self.begin()?;
        }
        while self.taken == self.text.len() {
            match self.decoder {
                None => return self.source.read(into),
                Some(_) if self.ended && self.raw.is_empty() => return Ok(0),
                Some(_) => self.advance()?,
            }
        }
        let length = into.len().min(self.text.len() - self.taken);
        into[..length].copy_from_slice(&self.text[self.taken..self.taken + length]);
        self.taken += length;
        Ok(length)
    }
}

impl Again for Decoded<'_> {
    fn again(&mut self) -> io::Result<()> {
        self.source.again()?;
        (self.decoder, self.begun, self.ended, self.taken) = (None, false, false, 0);
        self.raw.clear();
        self.text.clear();
        Ok(())
    }
}
