//! Two things measured in pairs.

/// Share of pairs in which the first beats the second, a tie counting half.
///
/// ```
/// use nablab_statistics::share_of_wins;
/// assert_eq!(share_of_wins(&[3.0, 1.0, 2.0, 5.0], &[2.0, 1.0, 2.0, 9.0]), 0.5);
/// ```
pub fn share_of_wins(first: &[f64], second: &[f64]) -> f64 {
    let score = |(a, b): (&f64, &f64)| {
        if a > b {
            1.0
        } else if a == b {
            0.5
        } else {
            0.0
        }
    };
    first.iter().zip(second).map(score).sum::<f64>() / first.len().min(second.len()).max(1) as f64
}

/// Above this many differences the exact distribution gives way to its normal approximation (SciPy's limit).
const EXACT_LIMIT: usize = 50;

/// p of the two-sided Wilcoxon signed-rank test that paired values do not differ (Wilcoxon 1945).
///
/// Pairs without difference are dropped. Exact for up to 50 pairs without ties, else the normal approximation
/// with correction for ties, as `scipy.stats.wilcoxon`. `None` with fewer than one usable difference, or with a
/// difference that is no number (∞ − ∞).
///
/// ```
/// use nablab_statistics::wilcoxon;
/// // scipy.stats.wilcoxon([1.5, -0.3, 2.2, 0.9, -1.1, 3.0, 0.4]).pvalue
/// let zeros = [0.0; 7];
/// assert_eq!(wilcoxon(&[1.5, -0.3, 2.2, 0.9, -1.1, 3.0, 0.4], &zeros), Some(0.15625));
/// ```
pub fn wilcoxon(first: &[f64], second: &[f64]) -> Option<f64> {
    let mut differences: Vec<f64> =
        first.iter().zip(second).map(|(a, b)| a - b).filter(|d| *d != 0.0).collect();
    let n = differences.len();
    if n == 0 || differences.iter().any(|d| d.is_nan()) {
        return None;
    }
    differences.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
    let (mut rank_sum, mut ties, mut start) = (0.0, 0.0, 0);
    while start < n {
        let end = (start..n).find(|&i| differences[i].abs() != differences[start].abs()).unwrap_or(n);
        // Equal magnitudes share the mean of their ranks.
        let rank = (start + 1 + end) as f64 / 2.0;
        rank_sum += rank * differences[start..end].iter().filter(|d| **d > 0.0).count() as f64;
        let tied = (end - start) as f64;
        ties += tied * tied * tied - tied;
        start = end;
    }
    if n <= EXACT_LIMIT && ties == 0.0 && n == first.len().min(second.len()) {
        return Some(exact_p(rank_sum as usize, n));
    }
    let n = n as f64;
    let mean = n * (n + 1.0) / 4.0;
    let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ties / 48.0;
    Some(two_sided_normal((rank_sum - mean) / variance.sqrt()))
}

/// Twice the smaller tail of the distribution of the rank sum: all 2ⁿ signs are equally likely.
fn exact_p(rank_sum: usize, n: usize) -> f64 {
    let total = n * (n + 1) / 2;
    let mut ways = vec![0.0; total + 1];
    ways[0] = 1.0;
    for rank in 1..=n {
        for sum in (rank..=total).rev() {
            ways[sum] += ways[sum - rank];
        }
    }
    let tail = |range: std::ops::RangeInclusive<usize>| ways[range].iter().sum::<f64>();
    let smaller = tail(0..=rank_sum).min(tail(rank_sum..=total));
    (2.0 * smaller / 2.0_f64.powi(n as i32)).min(1.0)
}

/// P(abs(Z) ≥ abs(z)) by the continued fraction of the complementary error function, or its series near 0.
fn two_sided_normal(z: f64) -> f64 {
    let x = z.abs() / std::f64::consts::SQRT_2;
    if x < 2.0 {
        // erf x = 2/√π Σ (−1)ᵏ x^(2k+1) / (k! (2k+1))
        let (mut term, mut sum) = (x, x);
        for k in 1..60 {
            term *= -x * x / k as f64;
            sum += term / (2 * k + 1) as f64;
        }
        return 1.0 - sum * std::f64::consts::FRAC_2_SQRT_PI;
    }
    let fraction = (1..80).rev().fold(x, |below, k| x + k as f64 / 2.0 / below);
    (-x * x).exp() / fraction * std::f64::consts::FRAC_2_SQRT_PI / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy.stats.wilcoxon, SciPy 1.17.1, as in each comment.
    #[test]
    fn p_values_are_scipys() {
        let close = |got: Option<f64>, expected: f64| {
            let got = got.unwrap();
            assert!((got - expected).abs() < 1e-9, "{got} is not {expected}");
        };
        // wilcoxon(a, b): differences without ties
        let a = [0.83, 0.86, 0.91, 0.90, 0.88, 0.95, 0.97, 0.89];
        let b = [0.80, 0.87, 0.885, 0.85, 0.82, 0.93, 0.90, 0.855];
        close(wilcoxon(&a, &b), EXACT);
        // wilcoxon([1, 1, 2, -1, 0, 0, 3, 3, -2, 5], method="approx"): ties and zeros
        let t = [1.0, 1.0, 2.0, -1.0, 0.0, 0.0, 3.0, 3.0, -2.0, 5.0];
        close(wilcoxon(&t, &[0.0; 10]), TIES);
        // wilcoxon(np.arange(1, 61) * np.where(np.arange(60) % 3 == 0, -1, 1)): 60 differences
        let many: Vec<f64> =
            (0..60).map(|i| f64::from(i + 1) * if i % 3 == 0 { -1.0 } else { 1.0 }).collect();
        close(wilcoxon(&many, &[0.0; 60]), MANY);
        assert_eq!(wilcoxon(&[1.0], &[1.0]), None);
        assert_eq!(wilcoxon(&[f64::INFINITY], &[f64::INFINITY]), None);
    }

    const EXACT: f64 = 0.015625;
    const TIES: f64 = 0.10474021664717921;
    const MANY: f64 = 0.016733071607703435;
}
