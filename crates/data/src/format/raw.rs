//! Numbers as they lie in files: one after the other, of one type.

use npyz::half::f16;

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
            Kind::F16 => read_as!(f16, f64::from),
            Kind::F32 => read_as!(f32, f64::from),
            Kind::F64 => read_as!(f64, |v| v),
        }
    }
}
