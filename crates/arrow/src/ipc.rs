//! Arrow's own format, as a file (Feather version 2) or a stream: messages, each with a body of columns.
//!
//! The messages are found here and only then given to the official reader, which makes room for any size that they claim;
//! a file is a stream between two marks, so both take the same way.

use std::sync::Arc;

use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::FileDecoder;
use arrow_ipc::{Block, Message, MessageHeader, root_as_message};
use nablab_data::DataError;
use nablab_data::table::{Column, Reading, Table};

use crate::{DAMAGED, column, guarded};

const MARK: &[u8] = b"ARROW1";
/// Length of the mark at the beginning, with what fills it up.
const START: usize = 8;
/// Before each message: a mark and its length.
const PREFIX: usize = 8;
/// Before the bytes of a packed column: their unpacked length.
const UNPACKED: usize = 8;

/// Read a table from the bytes of an Arrow file, or of a stream.
///
/// # Errors
/// [`DataError::Format`] with the byte for anything else, or with the column that no table has.
pub fn read(bytes: Vec<u8>, file: &str) -> Result<Table, DataError> {
    read_as(bytes, file, &Reading::default())
}

pub(crate) fn read_as(bytes: Vec<u8>, file: &str, reading: &Reading) -> Result<Table, DataError> {
    guarded(file, "Arrow", || {
        let is_file = bytes.starts_with(MARK);
        if is_file && (bytes.len() < 2 * START || !bytes.ends_with(MARK)) {
            return Err(damaged(file, bytes.len(), "the mark ARROW1 at the end", "other bytes"));
        }
        if bytes.starts_with(b"FEA1") {
            let hint = "write it again: pandas.DataFrame.to_feather writes version 2";
            return Err(DataError::format(file, "byte 0", "Feather version 2", "version 1", hint));
        }
        let bytes = Buffer::from_vec(bytes);
        let mut messages = Messages { bytes: &bytes, at: if is_file { START } else { 0 }, file };
        let Some((at, message, _)) = messages.next()? else {
            return Err(damaged(file, messages.at, "a schema", "the end of the stream"));
        };
        let schema =
            message.header_as_schema().ok_or_else(|| damaged(file, at, "a schema", "another message"))?;
        let schema =
            try_fb_to_schema(schema).map_err(|error| damaged(file, at, "a schema", &error.to_string()))?;
        let kept: Vec<_> =
            (0..schema.fields().len()).filter(|&i| !column::is_index(&schema.fields()[i])).collect();
        kept.iter().try_for_each(|&i| column::check(&schema.fields()[i], file))?;

        let schema = Arc::new(schema);
        let mut decoder = FileDecoder::new(schema.clone(), message.version()).with_projection(kept.clone());
        let mut batches = Vec::new();
        while let Some((at, message, block)) = messages.next()? {
            let body =
                bytes.slice_with_length(at, block.metaDataLength() as usize + block.bodyLength() as usize);
            let unreadable =
                |error: arrow_schema::ArrowError| damaged(file, at, "whole Arrow data", &error.to_string());
            match message.header_type() {
                MessageHeader::DictionaryBatch => {
                    decoder.read_dictionary(&block, &body).map_err(unreadable)?
                }
                _ => batches.extend(decoder.read_record_batch(&block, &body).map_err(unreadable)?),
            }
        }
        let column = |(place, &i): (usize, &usize)| {
            let field = &schema.fields()[i];
            let arrays: Vec<_> = batches.iter().map(|batch| batch.column(place).clone()).collect();
            column::values(field, &arrays, reading, file)
                .map(|values| Column { name: field.name().clone(), values })
        };
        Table::new(kept.iter().enumerate().map(column).collect::<Result<_, _>>()?, file)
    })
}

fn damaged(file: &str, byte: usize, expected: &str, got: &str) -> DataError {
    DataError::format(file, format!("byte {byte}"), expected, got, DAMAGED)
}

/// Goes from message to message.
struct Messages<'a> {
    bytes: &'a Buffer,
    at: usize,
    file: &'a str,
}

impl<'a> Messages<'a> {
    /// The next message, where it begins, and how long it and its body are: both lie within the file. None at the mark of
    /// the end, which a file cut short lacks.
    fn next(&mut self) -> Result<Option<(usize, Message<'a>, Block)>, DataError> {
        let at = self.at;
        let fail = |expected: &str, got: &str| damaged(self.file, at, expected, got);
        let rest = self.bytes.get(at..).unwrap_or_default();
        let [0xff, 0xff, 0xff, 0xff, length @ ..] = rest.first_chunk::<PREFIX>().copied().unwrap_or_default()
        else {
            return Err(fail("a message or the mark of the end", "other bytes, or the end of the file"));
        };
        let length = u32::from_le_bytes(length) as usize;
        if length == 0 {
            return Ok(None);
        }
        let cut = || fail("a whole message", "the end of the file");
        let text = rest[PREFIX..].get(..length).ok_or_else(cut)?;
        let message = root_as_message(text).map_err(|error| fail("a message", &error.to_string()))?;
        let body = rest[PREFIX + length..].get(..message.bodyLength().try_into().unwrap_or(usize::MAX));
        let body = body.ok_or_else(cut)?;
        if !claims_fit(&message, body) {
            return Err(fail(
                "columns within the message",
                "one that goes beyond it, or says to unpack to more than it can",
            ));
        }
        self.at += PREFIX + length + body.len();
        let block = Block::new(at as i64, (PREFIX + length) as i32, body.len() as i64);
        Ok(Some((at, message, block)))
    }
}

/// Whether the columns of a message lie within its body, and packed ones say that they unpack to what their bytes can.
fn claims_fit(message: &Message<'_>, body: &[u8]) -> bool {
    /// Zstandard packs 128 KiB of one value into four bytes.
    const RATIO: u64 = 1 << 16;
    const MOST: u64 = 1 << 32;
    let dictionary = message.header_as_dictionary_batch().and_then(|dictionary| dictionary.data());
    let Some(batch) = message.header_as_record_batch().or(dictionary) else { return true };
    let is_packed = batch.compression().is_some();
    batch.buffers().iter().flatten().all(|buffer| {
        let (Ok(start), Ok(length)) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length()))
        else {
            return false;
        };
        let Some(bytes) = body.get(start..).and_then(|rest| rest.get(..length)) else { return false };
        let unpacked = bytes.first_chunk::<UNPACKED>().map_or(0, |&bytes| i64::from_le_bytes(bytes));
        // -1: not packed.
        !is_packed || unpacked < 0 || unpacked as u64 <= MOST.min((bytes.len() as u64).saturating_mul(RATIO))
    })
}
