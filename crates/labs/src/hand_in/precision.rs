//! How near a number has to be: as near as its digits allow.

use nablab_data::named_arrays::NamedArray;

/// In how many digits something was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Precision {
    Half,
    Single,
    Double,
}

/// Binary digits up to which numbers are too simple to tell: zeros, ones, quarters are the same in any precision.
const SIMPLE: f64 = 8.0;
/// Binary digits of a number of half precision, and of single precision written with up to 9 decimal digits.
const HALF: f64 = 11.0;
const SINGLE: f64 = 30.0;

impl Precision {
    /// By the digits that are there: numbers computed in single precision have no more than 24, also in an array of double precision.
    pub(super) fn of<'a>(arrays: impl Iterator<Item = &'a NamedArray>) -> Self {
        let mut stored = 0.0_f64;
        let mut written = 0.0_f64;
        for array in arrays {
            for (&value, &rounding) in array.values.iter().zip(&array.rounding) {
                match rounding > 0.0 {
                    true => written = written.max((value.abs() / (2.0 * rounding)).log2()),
                    false => stored = stored.max(binary_digits(value)),
                }
            }
        }
        match stored.max(written) {
            digits if digits > SINGLE => Self::Double,
            // Text has been rounded once more, but nobody writes down what was computed in half precision.
            digits if written > 0.0 || digits > HALF => Self::Single,
            digits if digits > SIMPLE => Self::Half,
            _ => Self::Double,
        }
    }

    /// How far a number may be off, relative to itself, and relative to the terms that it is the sum of.
    fn margins(self) -> [f64; 2] {
        match self {
            Self::Half => [2e-2, 4e-3],
            Self::Single => [5e-5, 4e-6],
            Self::Double => [1e-5, 1e-9],
        }
    }

    /// How far a number may be from this one among terms so large.
    pub(super) fn margin(self, expected: f64, terms: f64) -> f64 {
        let [of_itself, of_terms] = self.margins();
        of_itself * expected.abs() + of_terms * terms
    }
}

/// Digits from the first to the last 1.
fn binary_digits(value: f64) -> f64 {
    let digits = f64::MANTISSA_DIGITS - value.to_bits().trailing_zeros().min(f64::MANTISSA_DIGITS - 1);
    if value == 0.0 { 0.0 } else { f64::from(digits) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_tell_the_precision() {
        let of = |values: &[f64]| Precision::of([NamedArray::new("a", [values.len()], values)].iter());
        assert_eq!(of(&[0.1, 0.0]), Precision::Double);
        assert_eq!(of(&[f64::from(0.1_f32), 1.0]), Precision::Single);
        assert_eq!(of(&[1.0 / 1024.0 + 0.5]), Precision::Half);
        assert_eq!(of(&[0.0, 1.0, -0.25]), Precision::Double);
        let written = NamedArray { rounding: vec![5e-5], ..NamedArray::new("a", [1], [0.1234]) };
        assert_eq!(Precision::of([written].iter()), Precision::Single);
    }
}
