//! An array as NumPy stores it: a header with type, order and shape, then its values.

use npyz::{DType, Endianness, NpyHeader, Order, TypeChar, TypeStr};

use super::raw::{Kind, Raw};
use crate::DataError;

/// An array of numbers or texts, whose values have not been looked at.
pub(crate) struct Array<'a> {
    pub(crate) shape: Vec<usize>,
    /// Stored column after column.
    pub(crate) fortran: bool,
    kind: TypeStr,
    values: &'a [u8],
    file: &'a str,
    /// How errors call it.
    place: String,
}

impl<'a> Array<'a> {
    /// Read the header.
    pub(crate) fn new(bytes: &'a [u8], file: &'a str, place: String) -> Result<Self, DataError> {
        let damaged = |got: String| {
            let hint = "the array is damaged or no array; write it again";
            DataError::format(file, place.clone(), "a readable array", got, hint)
        };
        if !bytes.starts_with(MAGIC) {
            return Err(damaged("other bytes than an array begins with".into()));
        }
        let Some(header) = header(bytes) else { return Err(damaged("a header that is cut short".into())) };
        if header.iter().filter(|byte| b"[({".contains(byte)).count() > MAX_BRACKETS {
            return Err(damaged("more brackets in its header than a table of numbers has".into()));
        }
        if !has_a_size(header) {
            return Err(damaged("a shape of more numbers than can be counted".into()));
        }
        let mut values = bytes;
        let header = NpyHeader::from_reader(&mut values).map_err(|error| damaged(error.to_string()))?;
        let DType::Plain(kind) = header.dtype() else {
            return Err(damaged("records instead of plain values".into()));
        };
        let shape: Option<Vec<usize>> = header.shape().iter().map(|&d| d.try_into().ok()).collect();
        // A damaged header can promise any size.
        let size = shape.as_ref().and_then(|shape| {
            shape.iter().chain(&kind.num_bytes()).try_fold(1_usize, |bytes, &n| bytes.checked_mul(n))
        });
        let (Some(shape), Some(values)) = (shape, size.and_then(|size| values.get(..size))) else {
            return Err(damaged(format!("shape {:?} in {} bytes", header.shape(), values.len())));
        };
        Ok(Self { shape, fortran: header.order() == Order::Fortran, kind, values, file, place })
    }

    /// The values, if they are numbers.
    pub(crate) fn raw(&self) -> Option<Raw<'a>> {
        let kind = match (self.kind.type_char(), self.kind.num_bytes()?) {
            (TypeChar::Bool | TypeChar::Uint, 1) => Kind::U8,
            (TypeChar::Int, 1) => Kind::I8,
            (TypeChar::Uint, 2) => Kind::U16,
            (TypeChar::Int, 2) => Kind::I16,
            (TypeChar::Uint, 4) => Kind::U32,
            (TypeChar::Int, 4) => Kind::I32,
            (TypeChar::Uint, 8) => Kind::U64,
            (TypeChar::Int, 8) => Kind::I64,
            (TypeChar::Float, 2) => Kind::F16,
            (TypeChar::Float, 4) => Kind::F32,
            (TypeChar::Float, 8) => Kind::F64,
            _ => return None,
        };
        Some(Raw { kind, little: self.kind.endianness() != Endianness::Big, bytes: self.values })
    }

    /// The values, if they are texts.
    ///
    /// # Errors
    /// [`DataError::Format`] where one is no valid text.
    pub(crate) fn texts(&self) -> Option<Result<Vec<String>, DataError>> {
        let wide = match self.kind.type_char() {
            TypeChar::UnicodeStr => true,
            TypeChar::ByteStr => false,
            _ => return None,
        };
        // A text of no characters has no bytes to count by.
        let size = self.kind.num_bytes().filter(|&size| size > 0)?;
        let text = |(i, bytes): (usize, &[u8])| {
            let text =
                if wide { self.wide(bytes) } else { std::str::from_utf8(bytes).ok().map(str::to_owned) };
            text.map(|text| text.trim_end_matches('\0').to_owned()).ok_or_else(|| {
                let place = format!("{}, element {i}", self.place);
                DataError::format(self.file, place, "text", "other bytes", "write the array again")
            })
        };
        Some(self.values.chunks_exact(size).enumerate().map(text).collect())
    }

    /// Text in which each character takes four bytes.
    fn wide(&self, bytes: &[u8]) -> Option<String> {
        let (characters, _) = bytes.as_chunks::<4>();
        let character = |&bytes: &[u8; 4]| match self.kind.endianness() {
            Endianness::Big => char::from_u32(u32::from_be_bytes(bytes)),
            _ => char::from_u32(u32::from_le_bytes(bytes)),
        };
        characters.iter().map(character).collect()
    }

    /// The error that the array holds something else.
    pub(crate) fn refused(&self, expected: &str, hint: &str) -> DataError {
        let got = format!("type {}, shape {:?}", self.kind, self.shape);
        DataError::format(self.file, self.place.clone(), expected, got, hint)
    }
}

const MAGIC: &[u8] = b"\x93NUMPY";

/// The header of a table of numbers has a bracket for all and one for the shape. Its parser takes twice as long for each one
/// within another; that they nest need not be known, and is easily hidden by brackets within quotes.
const MAX_BRACKETS: usize = 8;

/// The numbers in the header have a product that 64 bits hold. Its parser multiplies the shape, and overflows; a dimension of
/// zero saves it only where it comes first.
fn has_a_size(header: &[u8]) -> bool {
    let words = header.split(|byte| !byte.is_ascii_alphanumeric() && *byte != b'_');
    let numbers = words.filter(|word| word.first().is_some_and(u8::is_ascii_digit)).map(|word| {
        let decimal = std::str::from_utf8(word).ok().and_then(|word| word.parse().ok());
        // Python's other ways to write a number have at most four bits in a character, too.
        decimal.or_else(|| 16_u64.checked_pow(word.len() as u32))
    });
    numbers.into_iter().try_fold(1_u64, |size, number| size.checked_mul(number?.max(1))).is_some()
}

/// The text of the header, if it is whole; its parser makes room for any length that is claimed.
fn header(bytes: &[u8]) -> Option<&[u8]> {
    // After the magic string: version, length of the header in two bytes or, from version 2 on, four.
    let (length, rest) = match *bytes {
        [_, _, _, _, _, _, 1, _, low, high, ref rest @ ..] => (u32::from_le_bytes([low, high, 0, 0]), rest),
        [_, _, _, _, _, _, _, _, a, b, c, d, ref rest @ ..] => (u32::from_le_bytes([a, b, c, d]), rest),
        _ => return None,
    };
    rest.get(..length as usize)
}
