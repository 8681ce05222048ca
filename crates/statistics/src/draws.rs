//! Whether numbers are draws of a distribution of mean 0 and a given deviation.

use crate::interval::within;
use crate::mean_and_deviation;

/// p of the two-sided t-test that numbers are drawn from a distribution of mean 0, as `scipy.stats.ttest_1samp`. `None` of fewer than two
/// numbers, or of numbers that are all the same.
///
/// ```
/// use nablab_statistics::mean_is_zero;
/// // scipy.stats.ttest_1samp([0.3, -0.2, 0.5, 1.1, -0.4, 0.7, 0.2], 0).pvalue
/// let p = mean_is_zero(&[0.3, -0.2, 0.5, 1.1, -0.4, 0.7, 0.2]).unwrap();
/// assert!((p - 0.157217953193).abs() < 1e-11);
/// ```
pub fn mean_is_zero(values: &[f64]) -> Option<f64> {
    let (mean, deviation) = mean_and_deviation(values).filter(|(_, deviation)| *deviation > 0.0)?;
    let t = mean / (deviation / (values.len() as f64).sqrt());
    Some((1.0 - within(t.abs(), values.len() - 1)).clamp(0.0, 1.0))
}

/// p of the two-sided χ²-test that numbers are drawn from a normal distribution of mean 0 and this deviation: Σ x² / σ² is then
/// χ²-distributed, with as many degrees of freedom as there are numbers. Of a distribution with lighter tails, such as the uniform, it is
/// nearer to its mean, so that the test errs on the safe side. `None` without numbers, or of no deviation.
///
/// ```
/// use nablab_statistics::variance_is;
/// // 2 * scipy.stats.chi2.sf(140, 100)
/// let p = variance_is(&[1.4_f64.sqrt(); 100], 1.0).unwrap();
/// assert!((p - 0.010281004917).abs() < 1e-11);
/// ```
pub fn variance_is(values: &[f64], deviation: f64) -> Option<f64> {
    if values.is_empty() || deviation.is_nan() || deviation <= 0.0 {
        return None;
    }
    let sum: f64 = values.iter().map(|x| (x / deviation) * (x / deviation)).sum();
    let below = chi_squared_below(sum, values.len() as f64);
    Some((2.0 * below.min(1.0 - below)).clamp(0.0, 1.0))
}

/// P(χ² ≤ x) with so many degrees of freedom: the regularised incomplete gamma function P(k/2, x/2).
fn chi_squared_below(x: f64, degrees: f64) -> f64 {
    let (a, x) = (degrees / 2.0, x / 2.0);
    if x <= 0.0 {
        return 0.0;
    }
    if !x.is_finite() {
        return 1.0;
    }
    // x^a e^−x / Γ(a), in logarithms, so that neither overflows.
    let front = (a * x.ln() - x - ln_gamma(a)).exp();
    match x < a + 1.0 {
        true => front * series(a, x),
        false => 1.0 - front * continued_fraction(a, x),
    }
}

/// Σ xⁿ / (a (a + 1) … (a + n)).
fn series(a: f64, x: f64) -> f64 {
    let (mut term, mut sum, mut n) = (1.0 / a, 1.0 / a, a);
    while term > sum * f64::EPSILON {
        n += 1.0;
        term *= x / n;
        sum += term;
    }
    sum
}

/// 1 / (x + 1 − a − 1 (1 − a) / (x + 3 − a − …)), by Lentz's method (Numerical Recipes, 6.2).
fn continued_fraction(a: f64, x: f64) -> f64 {
    const LEAST: f64 = 1e-300;
    const MOST_STEPS: usize = 100_000;
    let mut b = x + 1.0 - a;
    let (mut c, mut d) = (1.0 / LEAST, 1.0 / b);
    let mut h = d;
    for i in 1..MOST_STEPS {
        let step = -(i as f64) * (i as f64 - a);
        b += 2.0;
        let away = |x: f64| if x.abs() < LEAST { LEAST } else { x };
        d = 1.0 / away(step * d + b);
        c = away(b + step / c);
        h *= d * c;
        if (d * c - 1.0).abs() < f64::EPSILON {
            break;
        }
    }
    h
}

/// ln Γ(x) of x > 0: Stirling's series from 10 on, to which smaller ones are raised by Γ(x) = Γ(x + 1) / x.
fn ln_gamma(x: f64) -> f64 {
    let (mut x, mut below) = (x, 0.0);
    while x < 10.0 {
        below += x.ln();
        x += 1.0;
    }
    let square = x * x;
    let series =
        (1.0 / 12.0 - (1.0 / 360.0 - (1.0 / 1260.0 - 1.0 / (1680.0 * square)) / square) / square) / x;
    (x - 0.5) * x.ln() - x + 0.5 * (2.0 * std::f64::consts::PI).ln() + series - below
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy.stats.chi2.cdf
    #[test]
    fn chi_squared_is_scipys() {
        for (x, degrees, below) in [
            (3.2, 5.0, 0.3308170979667568),
            (95.0, 100.0, 0.37742070812182643),
            (140.0, 100.0, 0.994859497541494),
            (3000.0, 3200.0, 0.0054530822988310855),
            (3500.0, 3200.0, 0.9998673923272436),
            (0.5, 1.0, 0.5204998778130466),
        ] {
            let ours = chi_squared_below(x, degrees);
            assert!((ours - below).abs() < 1e-12, "{x} {degrees}: {ours} {below}");
        }
    }
}
