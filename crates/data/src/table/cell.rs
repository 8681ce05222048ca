//! The values of a row, and the numbers among them.

use memchr::memchr;

use super::unquoted::Unquoted;

/// The values of a row.
pub(super) enum Cells<'a> {
    Plain { bytes: &'a [u8], delimiter: u8, at: Option<usize> },
    Quoted { unquoted: &'a Unquoted, field: usize },
}

/// A value: its text without space around it; if it is one of the usual form, its number; and whether it stands in quotes.
#[derive(Clone, Copy)]
pub(super) struct Cell<'a> {
    pub(super) text: &'a [u8],
    pub(super) decimal: Option<f64>,
    pub(super) quotes: Quotes,
}

/// A register wide: a byte would be copied with the seven behind it in pieces that overlap, and the processor would wait for these.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Quotes {
    None,
    Around,
}

impl Cell<'_> {
    pub(super) fn is_quoted(self) -> bool {
        self.quotes == Quotes::Around
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Cell<'a>;

    // Called for each value of a file: as a call it takes as long again.
    #[inline(always)]
    fn next(&mut self) -> Option<Cell<'a>> {
        match self {
            Self::Plain { bytes, delimiter, at } => {
                let (field, length) = plain(&bytes[(*at)?..], *delimiter);
                *at = at.map(|at| at + length + 1).filter(|&next| next <= bytes.len());
                Some(field)
            }
            Self::Quoted { unquoted, field } => {
                let (text, quoted) = unquoted.value(*field)?;
                *field += 1;
                let (value, length) = plain(text, b'"');
                let decimal = value.decimal.filter(|_| length == text.len());
                Some(Cell { text, decimal, quotes: if quoted { Quotes::Around } else { Quotes::None } })
            }
        }
    }
}

/// Powers of ten that a double holds exactly.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

/// What so many digits are moved by.
const TENS: [u64; 8] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000];

/// The value at the beginning of the bytes, and its length.
#[inline]
fn plain(bytes: &[u8], delimiter: u8) -> (Cell<'_>, usize) {
    match one_digit(bytes, delimiter).or_else(|| small(bytes, delimiter)) {
        Some((number, length)) => {
            let decimal = Some(f64::from(number));
            (Cell { text: &bytes[..length], decimal, quotes: Quotes::None }, length)
        }
        None => decimal(bytes, delimiter),
    }
}

/// A single digit with the delimiter behind it, and its length.
///
/// Most of a picture is background, and the processor foresees that: it goes on with the next value before this one is read.
#[inline]
fn one_digit(bytes: &[u8], delimiter: u8) -> Option<(u32, usize)> {
    match *bytes {
        [digit @ b'0'..=b'9', next, ..] if next == delimiter => Some((u32::from(digit - b'0'), 1)),
        _ => None,
    }
}

/// A whole number of 1 to 7 digits with the delimiter behind it, and its length.
///
/// All bytes at once, in one register: how long the numbers of a picture are cannot be foreseen, and a wrong guess of the
/// processor takes longer than all of this.
#[inline]
fn small(bytes: &[u8], delimiter: u8) -> Option<(u32, usize)> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    let word = u64::from_le_bytes(*bytes.first_chunk()?);
    // The lowest byte that is zero here is the first delimiter.
    let differs = word ^ (ONES * u64::from(delimiter));
    let delimiters = differs.wrapping_sub(ONES) & !differs & (ONES << 7);
    let length = delimiters.trailing_zeros() / 8;
    if !(1..8).contains(&length) {
        return None;
    }
    // Digits, the last one in the highest byte, with zeros before the first.
    let digits = (word ^ (ONES * u64::from(b'0'))) << (64 - 8 * length);
    if (digits | digits.wrapping_add(ONES * 6)) & (ONES * 0xf0) != 0 {
        return None;
    }
    // Neighbours are joined: to pairs, of these to fours, of these to all eight.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    let number = (fours * 10_000 + (fours >> 32)) as u32;
    Some((number, length as usize))
}

/// The value at the beginning of the bytes, and its length.
///
/// Most numbers are short decimals. Those are read on the way to the delimiter, what is behind the point at once: up to 15 digits and
/// the power of ten are exact as doubles, and so their quotient is the double next to the decimal.
#[inline(never)]
fn decimal(bytes: &[u8], delimiter: u8) -> (Cell<'_>, usize) {
    let negative = bytes.first() == Some(&b'-');
    let (mut at, mut mantissa, mut digits, mut point) = (usize::from(negative), 0_u64, 0, None);
    while let Some(&byte) = bytes.get(at) {
        let digit = byte.wrapping_sub(b'0');
        if digit <= 9 {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(digit.into());
            digits += 1;
        } else if byte == b'.' && point.is_none() {
            point = Some(digits);
            if let Some((decimals, length)) = small(&bytes[at + 1..], delimiter) {
                mantissa = mantissa.wrapping_mul(TENS[length]).wrapping_add(decimals.into());
                digits += length;
                at += 1 + length;
                break;
            }
        } else {
            break;
        }
        at += 1;
    }
    let is_whole_value = bytes.get(at).is_none_or(|&byte| byte == delimiter);
    if is_whole_value && (1..POWERS.len()).contains(&digits) {
        // Signed, because that takes one instruction.
        let whole = mantissa as i64 as f64;
        let size = point.map_or(whole, |before| whole / POWERS[digits - before]);
        // No branch: whether numbers around zero are negative cannot be foreseen, either.
        let decimal = Some(f64::from_bits(size.to_bits() | u64::from(negative) << 63));
        return (Cell { text: &bytes[..at], decimal, quotes: Quotes::None }, at);
    }
    let length = at + memchr(delimiter, &bytes[at..]).unwrap_or(bytes.len() - at);
    (Cell { text: bytes[..length].trim_ascii(), decimal: None, quotes: Quotes::None }, length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_the_standard_library_reads_them() {
        let texts = [
            "0",
            "7",
            "10",
            "255",
            "9999999",
            "12345678",
            "0012",
            "-0",
            "-12.5",
            "3.",
            ".5",
            "0.1",
            "123.4567890123",
            "123456789012345",
            "1234567890123456",
            "-",
            ".",
            "1e5",
            "1-2",
            "1.2.3",
            "/",
            ":",
            "5:",
            "\u{b5}1",
            "",
            "-0.123456",
            "-12345678.1234567",
            "123456789.1234567",
            "0.0000000000001",
            "-.5",
            "-.",
            "--1",
            "1..2",
            "1.-2",
        ];
        for text in texts {
            for rest in ["", ",", ",1,2,3,4", ",abcdefghij"] {
                let line = format!("{text}{rest}");
                let (field, length) = plain(line.as_bytes(), b',');
                assert_eq!((field.text, length), (text.as_bytes(), text.len()), "{line}");
                if let Some(number) = field.decimal {
                    assert_eq!(number.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{line}");
                }
            }
        }
    }

    #[test]
    fn usual_numbers_take_the_short_way() {
        for text in ["0,1234567", "255,12345", "9999999,", "12345678", "-0.25", "0.123456,"] {
            assert!(plain(text.as_bytes(), b',').0.decimal.is_some(), "{text}");
        }
    }
}
