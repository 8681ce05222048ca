//! How exactly a number is meant that was written with so many digits.

/// The digits of a number's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Written {
    value: f64,
    /// The power of ten of the last digit.
    last: i32,
    /// Digits from the first that is not 0.
    significant: i32,
}

impl Written {
    /// Nothing if it is no finite number.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let value: f64 = text.parse().ok().filter(|value: &f64| value.is_finite())?;
        let (mantissa, power) = text.split_once(['e', 'E']).unwrap_or((text, "0"));
        let power: i32 = power.parse().ok()?;
        let decimals = mantissa.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
        let digits = mantissa.chars().filter(char::is_ascii_digit).skip_while(|&digit| digit == '0').count();
        Some(Self { value, last: power.saturating_sub(decimals), significant: digits as i32 })
    }

    pub(super) fn value(self) -> f64 {
        self.value
    }
}

/// Half a unit of the last digit of each number of an array. The digits of the whole array say how it was written: with as many behind
/// the point everywhere (`%.4f`), or with as many that count (`%.6g`), whose last zeros are left out. Whole numbers are exact.
pub(super) fn rounding(written: &[Written]) -> Vec<f64> {
    let power = |exponent: i32| 10_f64.powi(exponent);
    if written.iter().all(|number| number.value.fract() == 0.0) {
        return vec![0.0; written.len()];
    }
    let last = written.iter().map(|number| number.last).min().unwrap_or_default();
    let significant = written.iter().map(|number| number.significant).max().unwrap_or_default();
    let of = |number: &Written| {
        let counted = match number.value == 0.0 {
            true => 0.0,
            false => power(number.value.abs().log10().floor() as i32 + 1 - significant),
        };
        0.5 * power(number.last).min(power(last).max(counted))
    };
    written.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(texts: &[&str]) -> Vec<f64> {
        rounding(&texts.iter().map(|text| Written::parse(text).unwrap()).collect::<Vec<_>>())
    }

    #[test]
    fn digits_say_how_exact_a_number_is() {
        let near = |got: Vec<f64>, expected: &[f64]| {
            got.iter().zip(expected).for_each(|(a, b)| assert!((a / b - 1.0).abs() < 1e-9, "{got:?}"));
        };
        near(of(&["12.3456", "0.0012", "0.0000"]), &[5e-5, 5e-5, 5e-5]);
        near(of(&["123.456", "0.000123456", "0.5"]), &[5e-4, 5e-10, 5e-7]);
        near(of(&["1.234e-03", "-5.000E+02"]), &[5e-7, 5e-2]);
        assert_eq!(of(&["0.0", "1", "-3"]), [0.0; 3]);
        assert!(Written::parse("nan").is_none() && Written::parse("x").is_none());
    }
}
