//! Counts of right answers.

/// p of the exact two-sided McNemar test that two classifiers are right equally often on the same examples
/// (McNemar 1947), from how many examples only the one and only the other has right: if they are, each of these
/// goes either way like a coin. The same as the sign test.
///
/// ```
/// use nablab_statistics::mcnemar;
/// // scipy.stats.binomtest(0, 6, 0.5).pvalue
/// assert!((mcnemar(6, 0) - 0.03125).abs() < 1e-15);
/// assert_eq!(mcnemar(3, 3), 1.0);
/// ```
pub fn mcnemar(only_first: usize, only_second: usize) -> f64 {
    let n = only_first + only_second;
    // ln of (n over k) / 2ⁿ, since 2⁻ⁿ itself is 0 beyond n = 1074.
    let (mut ln_term, mut tail) = (-(n as f64) * std::f64::consts::LN_2, 0.0);
    for k in 0..=only_first.min(only_second) {
        tail += f64::exp(ln_term);
        ln_term += ((n - k) as f64 / (k + 1) as f64).ln();
    }
    (2.0 * tail).min(1.0)
}

/// p of Fisher's exact test, one side: how probable it is that no more than `right` of `count` examples are answered rightly, were
/// they like the others, of which `right_of_others` of `count_of_others` are (Fisher 1922). Not a number where more are right than
/// there are.
///
/// ```
/// use nablab_statistics::fisher_less;
/// // scipy.stats.fisher_exact([[12, 3], [132, 3]], "less").pvalue
/// assert!((fisher_less((12, 15), (132, 135)) - 0.013653881940332627).abs() < 1e-12);
/// ```
pub fn fisher_less(
    (right, count): (usize, usize),
    (right_of_others, count_of_others): (usize, usize),
) -> f64 {
    let (rows, all) = (count_of_others + count, right_of_others + right);
    if all > rows || right > count {
        return f64::NAN;
    }
    let of_logs = |count: usize| (1..=count).map(|i| (i as f64).ln());
    let mut logs = vec![0.0];
    logs.extend(of_logs(rows).scan(0.0, |sum, log| {
        *sum += log;
        Some(*sum)
    }));
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let least = (count + all).saturating_sub(rows);
    let p = |k: usize| (choose(all, k) + choose(rows - all, count - k) - choose(rows, count)).exp();
    (least..=right).map(p).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// scipy.stats.binomtest(second, first + second, 0.5).pvalue, SciPy 1.17.1.
    #[test]
    fn mcnemars_p_is_scipys() {
        for (first, second, expected) in MCNEMAR {
            for got in [mcnemar(first, second), mcnemar(second, first)] {
                assert!((got - expected).abs() < 1e-11, "{first}, {second}: {got} is not {expected}");
            }
        }
        assert_eq!(mcnemar(0, 0), 1.0);
    }

    /// scipy.stats.fisher_exact([[right, wrong], [right of others, wrong of others]], "less").pvalue.
    #[test]
    fn fishers_p_is_scipys() {
        let cases = [
            (fisher_less((12, 15), (132, 135)), 0.013653881940332627),
            (fisher_less((16, 18), (160, 160)), 0.00971243572652828),
            (fisher_less((63, 100), (700, 900)), 0.00113842630617605),
        ];
        for (ours, theirs) in cases {
            assert!((ours / theirs - 1.0).abs() < 1e-9, "{ours} {theirs}");
        }
        assert!(fisher_less((3, 2), (1, 2)).is_nan());
    }

    const MCNEMAR: [(usize, usize, f64); 3] =
        [(9, 5, 0.4239501953125), (40, 21, 0.0204147137996349), (700, 600, 0.0060157938610449395)];
}
