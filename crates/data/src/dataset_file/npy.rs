//! An array as NumPy stores it: a header with type, order and shape, then its values.

use super::npy_header::Header;
pub use super::npy_header::header;
use super::raw::{Kind, Raw};
use crate::DataError;

/// An array of numbers or texts, whose values have not been looked at.
pub(crate) struct Array<'a> {
    pub(crate) shape: Vec<usize>,
    /// Stored column after column.
    pub(crate) fortran: bool,
    descr: String,
    kind: Type,
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
        let (Header { descr, fortran, shape }, values) = Header::read(bytes).map_err(damaged)?;
        let Some(kind) = Type::of(&descr) else { return Err(damaged(format!("type {descr:?}"))) };
        // A damaged header can promise any size; where a dimension is zero, that of the others still has to be a number.
        let Some(most) = shape.iter().try_fold(1_usize, |size, &n| size.checked_mul(n.max(1))) else {
            return Err(damaged("a shape of more numbers than can be counted".into()));
        };
        let size = if shape.contains(&0) { Some(0) } else { most.checked_mul(kind.size) };
        let Some(values) = size.and_then(|size| values.get(..size)) else {
            return Err(damaged(format!("shape {shape:?} in {} bytes", values.len())));
        };
        Ok(Self { shape, fortran, descr, kind, values, file, place })
    }

    /// The values, if they are numbers.
    pub(crate) fn raw(&self) -> Option<Raw<'a>> {
        let kind = match (self.kind.letter, self.kind.size) {
            ('b' | 'u', 1) => Kind::U8,
            ('i', 1) => Kind::I8,
            ('u', 2) => Kind::U16,
            ('i', 2) => Kind::I16,
            ('u', 4) => Kind::U32,
            ('i', 4) => Kind::I32,
            ('u', 8) => Kind::U64,
            ('i', 8) => Kind::I64,
            ('f', 2) => Kind::F16,
            ('f', 4) => Kind::F32,
            ('f', 8) => Kind::F64,
            _ => return None,
        };
        Some(Raw { kind, little: self.kind.little, bytes: self.values })
    }

    /// The values, if they are texts.
    ///
    /// # Errors
    /// [`DataError::Format`] where one is no valid text.
    pub(crate) fn texts(&self) -> Option<Result<Vec<String>, DataError>> {
        let wide = match self.kind.letter {
            'U' => true,
            'S' => false,
            _ => return None,
        };
        // A text of no characters has no bytes to count by.
        let size = Some(self.kind.size).filter(|&size| size > 0)?;
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
        let character = |&bytes: &[u8; 4]| match self.kind.little {
            true => char::from_u32(u32::from_le_bytes(bytes)),
            false => char::from_u32(u32::from_be_bytes(bytes)),
        };
        characters.iter().map(character).collect()
    }

    /// The error that the array holds something else.
    pub(crate) fn refused(&self, expected: &str, hint: &str) -> DataError {
        let got = format!("type {}, shape {:?}", self.descr, self.shape);
        DataError::format(self.file, self.place.clone(), expected, got, hint)
    }
}

/// What NumPy's name of a type says: `<f8`, `|b1`, `>U3`, `<M8[ns]`.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Type {
    /// The low byte comes first, or there is one alone.
    little: bool,
    letter: char,
    /// Bytes of a value.
    size: usize,
}

impl Type {
    fn of(descr: &str) -> Option<Self> {
        let name = descr.trim_start_matches(['<', '>', '|', '=']);
        let mut rest = name.chars();
        let letter = rest.next().filter(char::is_ascii_alphabetic)?;
        let digits: String = rest.as_str().chars().take_while(char::is_ascii_digit).collect();
        // Objects have no size, and neither do their values stand here.
        let size = if digits.is_empty() { 0 } else { digits.parse().ok()? };
        // A character of a text takes four bytes.
        let size = if letter == 'U' { 4_usize.checked_mul(size)? } else { size };
        Some(Self { little: !descr.starts_with('>'), letter, size })
    }
}
