//! What numbers have passed, and the smallest type that holds all of them.

use super::Numbers;

#[derive(Clone, Copy)]
pub(super) enum Type {
    U8,
    I8,
    I16,
    I32,
    F32,
    F64,
}

/// What numbers have passed: enough to choose their type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Seen {
    least: f64,
    greatest: f64,
    whole: bool,
    single: bool,
    missing: bool,
    decimals: bool,
}

impl Default for Seen {
    fn default() -> Self {
        Self { least: 0.0, greatest: 0.0, whole: true, single: true, missing: false, decimals: false }
    }
}

impl Seen {
    /// Another number; not-a-number for a missing one.
    #[inline]
    pub(crate) fn see(&mut self, value: f64) {
        if value.is_nan() {
            self.missing = true;
            return;
        }
        if self.single {
            self.least = if value < self.least { value } else { self.least };
            self.greatest = if value > self.greatest { value } else { self.greatest };
            // Compared as bits: -0 is no integer.
            let same = |other: f64| other.to_bits() == value.to_bits();
            self.whole = self.whole && same(f64::from(value as i32));
            self.single = self.whole || same(f64::from(value as f32));
        }
        if !self.whole && !self.decimals {
            self.decimals = value.fract() != 0.0;
        }
    }

    /// Other numbers.
    pub(super) fn see_all(&mut self, numbers: &Numbers) {
        numbers.each(|number| self.see(number));
    }

    /// And all that others were: they have passed, too.
    pub(super) fn extend(&mut self, others: &Self) {
        self.least = self.least.min(others.least);
        self.greatest = self.greatest.max(others.greatest);
        self.whole &= others.whole;
        self.single &= others.single;
        self.missing |= others.missing;
        self.decimals |= others.decimals;
    }

    /// A number was none of the whole ones.
    pub(super) fn has_decimals(&self) -> bool {
        self.decimals
    }

    /// And a missing number.
    pub(super) fn with_missing(mut self) -> Self {
        self.missing = true;
        self
    }

    pub(super) fn smallest(&self) -> Type {
        let (least, greatest) = (self.least, self.greatest);
        let within = |low: f64, high: f64| low <= least && greatest <= high;
        let signed = |low: f64, high: f64| within(low + 1.0, high);
        if !self.whole {
            // Whole numbers above 2²⁴ may have passed that f32 rounds.
            let exact = self.single && within(-16_777_216.0, 16_777_216.0);
            return if exact { Type::F32 } else { Type::F64 };
        }
        if !self.missing && within(0.0, u8::MAX.into()) {
            Type::U8
        } else if signed(i8::MIN.into(), i8::MAX.into()) {
            Type::I8
        } else if signed(i16::MIN.into(), i16::MAX.into()) {
            Type::I16
        } else if signed(i32::MIN.into(), i32::MAX.into()) {
            Type::I32
        } else {
            Type::F64
        }
    }
}
