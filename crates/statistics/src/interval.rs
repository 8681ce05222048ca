//! Confidence intervals.

/// The normal distribution's quantile at 0.975: so many standard errors on both sides make an interval of 95 %.
pub const Z: f64 = 1.959_963_984_540_054;

/// Wilson's 95 % interval of a share that was seen in `count` independent rows (Wilson 1927); none without rows, or of a
/// number that is no share.
///
/// Unlike the share ± 1.96 standard errors it is no point where all rows are right, and never leaves [0, 1].
///
/// ```
/// use nablab_statistics::wilson;
/// // scipy.stats.binomtest(45, 50).proportion_ci(method="wilson")
/// let (low, high) = wilson(0.9, 50.0).unwrap();
/// assert!((low - 0.7863977).abs() < 1e-7 && (high - 0.9565243).abs() < 1e-7);
/// ```
pub fn wilson(share: f64, count: f64) -> Option<(f64, f64)> {
    let (n, is_share, has_rows) = (count, (0.0..=1.0).contains(&share), count > 0.0);
    if !(is_share && has_rows) {
        return None;
    }
    let center = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
    let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
    Some(((center - half).max(0.0), (center + half).min(1.0)))
}

/// Student's 95 % interval of the mean of independent values; none of fewer than two, or if one is not finite.
///
/// ```
/// use nablab_statistics::t_interval;
/// // scipy.stats.t.interval(0.95, 2, loc=2, scale=scipy.stats.sem([1, 2, 3]))
/// let (low, high) = t_interval(&[1.0, 2.0, 3.0]).unwrap();
/// assert!((low + 0.4841377).abs() < 1e-7 && (high - 4.4841377).abs() < 1e-7);
/// assert_eq!(t_interval(&[1.0]), None);
/// ```
pub fn t_interval(values: &[f64]) -> Option<(f64, f64)> {
    let (mean, deviation) = mean_and_deviation(values)?;
    let half = t_quantile(values.len() - 1) * deviation / (values.len() as f64).sqrt();
    Some((mean - half, mean + half))
}

/// Mean and standard deviation of a sample, whose squares are divided by its size less one; none of fewer than two values, or if one is
/// not finite.
///
/// ```
/// use nablab_statistics::mean_and_deviation;
/// assert_eq!(mean_and_deviation(&[1.0, 2.0, 3.0]), Some((2.0, 1.0)));
/// assert_eq!(mean_and_deviation(&[1.0]), None);
/// ```
pub fn mean_and_deviation(values: &[f64]) -> Option<(f64, f64)> {
    if values.len() < 2 || !values.iter().all(|v| v.is_finite()) {
        return None;
    }
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
    Some((mean, (squares / (n - 1.0)).sqrt()))
}

/// Student's quantile where the normal distribution's is z, for any number of degrees of freedom from four on (Fisher & Cornish 1960);
/// fewer count as four, of which it is 2 % too small.
///
/// ```
/// use nablab_statistics::t_quantile_near;
/// // scipy.stats.t.ppf(0.975, 10) is 2.2281
/// assert!((t_quantile_near(1.96, 10.0) - 2.2281).abs() < 0.01);
/// ```
pub fn t_quantile_near(z: f64, degrees: f64) -> f64 {
    let v = degrees.max(4.0);
    z + (z.powi(3) + z) / (4.0 * v) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * v * v)
}

/// Student's quantile at 0.975, by bisection.
fn t_quantile(degrees: usize) -> f64 {
    // The widest is that of one degree: 12.7.
    let (mut low, mut high) = (0.0, 13.0);
    for _ in 0..60 {
        let middle = (low + high) / 2.0;
        if within(middle, degrees) < 0.95 { low = middle } else { high = middle }
    }
    (low + high) / 2.0
}

/// P(abs(T) ≤ t): Abramowitz & Stegun 1964, 26.7.3 and 26.7.4.
pub(crate) fn within(t: f64, degrees: usize) -> f64 {
    let theta = (t / (degrees as f64).sqrt()).atan();
    let cosine = theta.cos();
    // cos θ + 2/3 cos³ θ + … or 1 + 1/2 cos² θ + …, up to the power degrees − 2.
    let is_odd = degrees % 2 == 1;
    let (mut term, mut sum, mut power) = if is_odd { (cosine, 0.0, 1) } else { (1.0, 0.0, 0) };
    while power + 2 <= degrees {
        sum += term;
        power += 2;
        term *= cosine * cosine * (power as f64 - 1.0) / power as f64;
    }
    if is_odd { 2.0 / std::f64::consts::PI * (theta + theta.sin() * sum) } else { theta.sin() * sum }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy.stats.t.ppf(0.975, degrees).
    #[test]
    fn quantiles_are_scipys() {
        for (degrees, expected) in [
            (1, 12.706_204_736),
            (2, 4.302_652_730),
            (3, 3.182_446_305),
            (4, 2.776_445_105),
            (9, 2.262_157_163),
            (30, 2.042_272_456),
            (1000, 1.962_339_081),
        ] {
            let got = t_quantile(degrees);
            assert!((got - expected).abs() < 1e-8, "{degrees}: {got} is not {expected}");
        }
    }

    /// scipy.stats.t.ppf(0.975, degrees).
    #[test]
    fn quantiles_by_expansion_are_near_scipys() {
        for (degrees, theirs, close) in [(4.0, 2.776, 0.06), (10.0, 2.228, 0.01), (400.0, 1.966, 0.001)] {
            let ours = t_quantile_near(1.96, degrees);
            assert!((ours - theirs).abs() < close, "{degrees}: {ours}");
        }
    }

    #[test]
    fn the_spread_is_that_of_a_sample() {
        // Python: statistics.mean([1, 2, 6]), statistics.stdev([1, 2, 6])
        assert_eq!(mean_and_deviation(&[1.0, 2.0, 6.0]), Some((3.0, 2.6457513110645907)));
        assert_eq!(mean_and_deviation(&[1.0, f64::NAN]), None);
    }

    #[test]
    fn wilsons_interval_is_no_point_at_the_ends() {
        // scipy.stats.binomtest(15, 15).proportion_ci(method="wilson")
        let (low, high) = wilson(1.0, 15.0).unwrap();
        assert!((low - 0.796_116_9).abs() < 1e-6 && high == 1.0, "{low} {high}");
        assert_eq!((wilson(0.5, 0.0), wilson(f64::NAN, 3.0), wilson(0.5, f64::NAN)), (None, None, None));
    }
}
