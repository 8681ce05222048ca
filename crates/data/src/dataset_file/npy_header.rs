//! The header of an array as NumPy stores it: a Python dictionary of type, order and shape
//! (numpy.org/doc/stable/reference/generated/numpy.lib.format.html).

/// What stands before the values.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Header {
    /// NumPy's name of the type, such as `<f8`.
    pub(crate) descr: String,
    /// Stored column after column.
    pub(crate) fortran: bool,
    pub(crate) shape: Vec<usize>,
}

const MAGIC: &[u8] = b"\x93NUMPY";
/// Values begin at a multiple of it.
const ALIGNMENT: usize = 64;

/// What stands before the values of an array of this type (such as `<f8`) and shape, stored row after row.
///
/// ```
/// let header = nablab_data::dataset_file::npy::header("<f8", &[3, 2]);
/// assert_eq!(header.len(), 128);
/// assert!(header[10..].starts_with(b"{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2, ), }"));
/// ```
pub fn header(descr: &str, shape: &[usize]) -> Vec<u8> {
    let shape: String = shape.iter().map(|n| format!("{n}, ")).collect();
    let text = format!("{{'descr': '{descr}', 'fortran_order': False, 'shape': ({shape}), }}");
    // Spaces and a line end fill the last 64 bytes.
    let length = (MAGIC.len() + 4 + text.len() + 1).next_multiple_of(ALIGNMENT) - MAGIC.len() - 4;
    let mut bytes = MAGIC.to_vec();
    bytes.extend([1, 0]);
    bytes.extend((length as u16).to_le_bytes());
    bytes.extend(format!("{text:<width$}\n", width = length - 1).bytes());
    bytes
}

impl Header {
    /// Read it, and give what stands behind it.
    ///
    /// # Errors
    /// What came instead, in words.
    pub(crate) fn read(bytes: &[u8]) -> Result<(Self, &[u8]), String> {
        let Some(rest) = bytes.strip_prefix(MAGIC) else {
            return Err("other bytes than an array begins with".into());
        };
        // Version, then the length of the dictionary in two bytes or, from version 2 on, four.
        let (length, rest) = match *rest {
            [1, _, a, b, ref rest @ ..] => (u32::from_le_bytes([a, b, 0, 0]), rest),
            [2 | 3, _, a, b, c, d, ref rest @ ..] => (u32::from_le_bytes([a, b, c, d]), rest),
            [1..=3, ..] | [] => return Err("a header that is cut short".into()),
            [version, ..] => return Err(format!("version {version} of the format")),
        };
        let Some((text, values)) = rest.split_at_checked(length as usize) else {
            return Err("a header that is cut short".into());
        };
        let text = std::str::from_utf8(text).map_err(|_| "a header that is no text")?;
        Ok((Literal(text).header()?, values))
    }
}

/// What is left of the text of a Python literal.
struct Literal<'a>(&'a str);

impl<'a> Literal<'a> {
    fn header(&mut self) -> Result<Header, String> {
        let (mut descr, mut fortran, mut shape) = (None, None, None);
        self.expect("{")?;
        while !self.take("}") {
            let key = self.string()?;
            self.expect(":")?;
            match key {
                "descr" if self.0.trim_start().starts_with('[') => {
                    return Err("records instead of plain values".into());
                }
                "descr" => descr = Some(self.string()?.to_owned()),
                "fortran_order" if self.take("True") => fortran = Some(true),
                "fortran_order" if self.take("False") => fortran = Some(false),
                "shape" => shape = Some(self.shape()?),
                _ => return Err(format!("an entry {key:?} in the header that is not understood")),
            }
            if !self.take(",") {
                self.expect("}")?;
                break;
            }
        }
        if !self.0.trim().is_empty() {
            return Err("a header that goes on behind its end".into());
        }
        match (descr, fortran, shape) {
            (Some(descr), Some(fortran), Some(shape)) => Ok(Header { descr, fortran, shape }),
            _ => Err("a header without type, order or shape".into()),
        }
    }

    /// `()`, `(3,)`, `(3, 2)`.
    fn shape(&mut self) -> Result<Vec<usize>, String> {
        let mut shape = Vec::new();
        self.expect("(")?;
        while !self.take(")") {
            self.0 = self.0.trim_start();
            let digits = self.0.bytes().take_while(u8::is_ascii_digit).count();
            let (number, rest) = self.0.split_at(digits);
            shape.push(number.parse().map_err(|_| "a shape of something else than whole numbers")?);
            self.0 = rest;
            // Python 2 marked its long numbers.
            self.take("L");
            if !self.take(",") {
                self.expect(")")?;
                break;
            }
        }
        Ok(shape)
    }

    fn string(&mut self) -> Result<&'a str, String> {
        self.0 = self.0.trim_start();
        let quote = self.0.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let inside = quote.and_then(|quote| self.0[1..].split_once(quote));
        let Some((inside, rest)) = inside else {
            return Err("a header with something else than a text".into());
        };
        self.0 = rest;
        Ok(inside)
    }

    fn take(&mut self, token: &str) -> bool {
        let rest = self.0.trim_start().strip_prefix(token);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        match self.take(token) {
            true => Ok(()),
            false => Err(format!("a header without {token:?} where one belongs")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Header, String> {
        Literal(text).header()
    }

    /// As NumPy 1, NumPy 2 and Python 2 wrote them.
    #[test]
    fn headers_of_numpy_are_read() {
        let expected = |descr: &str, fortran, shape: &[usize]| {
            Ok(Header { descr: descr.into(), fortran, shape: shape.to_vec() })
        };
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }            \n";
        assert_eq!(read(text), expected("<f8", false, &[3, 2]));
        assert_eq!(
            read("{'shape': (7L,), 'fortran_order': True, 'descr': '|S3'}"),
            expected("|S3", true, &[7])
        );
        assert_eq!(
            read("{\"descr\":'<M8[ns]','fortran_order':False,'shape':()}"),
            expected("<M8[ns]", false, &[])
        );
    }

    #[test]
    fn what_is_written_is_read() {
        for shape in [&[][..], &[0], &[12], &[3, 400]] {
            let mut bytes = header("<i8", shape);
            assert_eq!(bytes.len() % ALIGNMENT, 0);
            bytes.push(7);
            let (header, values) = Header::read(&bytes).unwrap();
            assert_eq!(
                (header.descr.as_str(), header.fortran, header.shape.as_slice()),
                ("<i8", false, shape)
            );
            assert_eq!(values, [7]);
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, got) in [
            (
                "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (3,)}",
                "records instead of plain values",
            ),
            ("{'descr': '<f8', 'fortran_order': 0, 'shape': (3,)}", "an entry \"fortran_order\""),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (-3,)}", "a shape of something else"),
            (
                "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
                "a shape of something",
            ),
            ("{'descr': '<f8', 'fortran_order': False}", "a header without type, order or shape"),
            ("{'descr': '<f8', 'fortran_order': False, 'shape': (3,)} 1", "a header that goes on"),
            ("{'descr: '<f8'", "a header without \":\""),
            ("((((((((", "a header without \"{\""),
            ("", "a header without \"{\""),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(got), "{text}: {error}");
        }
    }
}
