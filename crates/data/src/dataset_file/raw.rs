//! Numbers as they lie in files: one after the other, of one type.

/// A type of numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    U8,
    I8,
    U16,
    I16,
    U32,
    I32,
    U64,
    I64,
    F16,
    F32,
    F64,
}

impl Kind {
    /// Bytes of a number.
    pub(crate) fn size(self) -> usize {
        match self {
            Self::U8 | Self::I8 => 1,
            Self::U16 | Self::I16 | Self::F16 => 2,
            Self::U32 | Self::I32 | Self::F32 => 4,
            Self::U64 | Self::I64 | Self::F64 => 8,
        }
    }
}

/// Numbers of a type, the low byte first or last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a> {
    pub(crate) kind: Kind,
    pub(crate) little: bool,
    pub(crate) bytes: &'a [u8],
}

impl<'a> Raw<'a> {
    /// How many there are; bytes that make up no whole number do not count.
    pub(crate) fn len(&self) -> usize {
        self.bytes.len() / self.kind.size()
    }

    /// Every `step`-th number from the `first` on.
    pub(crate) fn every(self, first: usize, step: usize) -> impl Iterator<Item = f64> + Clone + 'a {
        let skipped = self.bytes.get(first * self.kind.size()..).unwrap_or_default();
        skipped.chunks_exact(self.kind.size()).step_by(step).map(move |bytes| self.number(bytes))
    }

    fn number(&self, bytes: &[u8]) -> f64 {
        macro_rules! read_as {
            ($t:ty, $to_f64:expr) => {{
                let number = bytes.first_chunk().map(|&bytes| match self.little {
                    true => <$t>::from_le_bytes(bytes),
                    false => <$t>::from_be_bytes(bytes),
                });
                number.map_or(f64::NAN, $to_f64)
            }};
        }
        match self.kind {
            Kind::U8 => read_as!(u8, f64::from),
            Kind::I8 => read_as!(i8, f64::from),
            Kind::U16 => read_as!(u16, f64::from),
            Kind::I16 => read_as!(i16, f64::from),
            Kind::U32 => read_as!(u32, f64::from),
            Kind::I32 => read_as!(i32, f64::from),
            Kind::U64 => read_as!(u64, |v| v as f64),
            Kind::I64 => read_as!(i64, |v| v as f64),
            Kind::F16 => read_as!(u16, half),
            Kind::F32 => read_as!(f32, f64::from),
            Kind::F64 => read_as!(f64, |v| v),
        }
    }
}

/// A number of half precision from its bits: a sign, five bits of exponent, ten of mantissa (IEEE 754 binary16).
fn half(bits: u16) -> f64 {
    let (exponent, mantissa) = (i32::from(bits >> 10 & 31), f64::from(bits & 1023));
    let size = match exponent {
        0 => mantissa * 2_f64.powi(-24),
        31 if mantissa == 0.0 => f64::INFINITY,
        31 => f64::NAN,
        _ => (1024.0 + mantissa) * 2_f64.powi(exponent - 25),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::half;

    /// `np.array([bits], dtype=np.uint16).view(np.float16)`.
    #[test]
    fn halves_are_those_of_numpy() {
        for (bits, expected) in [
            (0x3c00, 1.0),
            (0xc000, -2.0),
            (0x7bff, 65504.0),
            (0x0400, 6.103_515_625e-5),
            (0x0001, 5.960_464_477_539_063e-8),
            (0x3555, 0.333_251_953_125),
            (0x7c00, f64::INFINITY),
            (0xfc00, f64::NEG_INFINITY),
        ] {
            assert_eq!(half(bits), expected, "{bits:x}");
        }
        assert!(half(0x7e00).is_nan() && half(0x8000).is_sign_negative());
    }
}
