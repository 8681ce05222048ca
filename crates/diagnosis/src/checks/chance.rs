//! What chance explains.

use crate::{Fit, Score, Thresholds};

/// The normal distribution's quantile at 0.975.
pub(super) const Z: f64 = 1.96;

/// Wilson's interval of a share of so many rows, at 95 %.
pub(super) fn wilson(p: f64, n: f64) -> (f64, f64) {
    let (center, scale) = (p + Z * Z / (2.0 * n), 1.0 + Z * Z / n);
    let margin = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    ((center - margin) / scale, (center + margin) / scale)
}

/// Other rows have a larger loss than those learned from, or fewer right answers, beyond chance.
pub(super) fn is_worse(score: Score, train: Fit, other: Fit, by: &Thresholds) -> bool {
    let [m, n] = [train, other].map(|fit| fit.rows.max(1) as f64);
    let [a, b] = [train, other].map(|fit| fit.deviation * fit.deviation);
    let (error, degrees) = match score {
        // Were there no difference, the errors would spread alike: one variance of all rows.
        Score::R2 => ((((m * a + n * b) / (m + n)) * (1.0 / m + 1.0 / n)).sqrt(), m + n - 2.0),
        // A few answers that are certain and wrong make the one variance much larger (Welch 1947).
        Score::Accuracy => {
            let (a, b) = (a / m, b / n);
            let degrees = (a + b).powi(2) / (a * a / (m - 1.0).max(1.0) + b * b / (n - 1.0).max(1.0));
            ((a + b).sqrt(), degrees)
        }
    };
    let is_larger = other.loss - train.loss > student(by.loss_gap, degrees) * error;
    is_larger || score == Score::Accuracy && fewer_right(train, other) < by.chance
}

/// Student's quantile where the normal distribution's is z (Fisher & Cornish 1960); no less than four degrees of freedom.
fn student(z: f64, degrees: f64) -> f64 {
    let v = degrees.max(4.0);
    z + (z.powi(3) + z) / (4.0 * v) + (5.0 * z.powi(5) + 16.0 * z.powi(3) + 3.0 * z) / (96.0 * v * v)
}

/// How probable so few right answers on the other rows are, were all rows alike: Fisher's exact test, one side.
fn fewer_right(train: Fit, other: Fit) -> f64 {
    let right = |fit: Fit| (fit.metric * fit.rows as f64).round() as usize;
    let (n, seen) = (other.rows, right(other));
    let (rows, all) = (train.rows + n, right(train) + seen);
    if all > rows || seen > n {
        return f64::NAN;
    }
    let of_logs = |count: usize| (1..=count).map(|i| (i as f64).ln());
    let mut logs = vec![0.0];
    logs.extend(of_logs(rows).scan(0.0, |sum, log| {
        *sum += log;
        Some(*sum)
    }));
    let choose = |n: usize, k: usize| logs[n] - logs[k] - logs[n - k];
    let least = (n + all).saturating_sub(rows);
    let p = |k: usize| (choose(all, k) + choose(rows - all, n - k) - choose(rows, n)).exp();
    (least..=seen).map(p).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(rows: usize, loss: f64, deviation: f64, metric: f64) -> Fit {
        Fit { rows, loss, deviation, metric }
    }

    /// scipy.stats.fisher_exact([[12, 3], [132, 3]], "less") and so on; scipy.stats.t.ppf(0.975, v).
    #[test]
    fn tests_are_scipys() {
        let p = |train: (usize, usize), other: (usize, usize)| {
            let share = |(right, rows): (usize, usize)| fit(rows, 0.0, 0.0, right as f64 / rows as f64);
            fewer_right(share(train), share(other))
        };
        let cases = [
            (p((132, 135), (12, 15)), 0.013653881940332627),
            (p((160, 160), (16, 18)), 0.00971243572652828),
            (p((700, 900), (63, 100)), 0.00113842630617605),
        ];
        for (ours, theirs) in cases {
            assert!((ours / theirs - 1.0).abs() < 1e-9, "{ours} {theirs}");
        }
        for (degrees, theirs, close) in [(4.0, 2.776, 0.06), (10.0, 2.228, 0.01), (400.0, 1.966, 0.001)] {
            let ours = student(1.96, degrees);
            assert!((ours - theirs).abs() < close, "{degrees}: {ours}");
        }
    }

    /// Figures of trainings on scikit-learn's data sets.
    #[test]
    fn a_gap_counts_by_the_rows_it_is_measured_on() {
        let by = Thresholds::default();
        let worse = |score, train, other| is_worse(score, train, other, &by);
        let diabetes = [fit(398, 0.148, 0.209, 0.70), fit(44, 0.226, 0.331, 0.25)];
        assert!(worse(Score::R2, diabetes[0], diabetes[1]));
        // By right answers alone: the losses of the rows held out are too uneven.
        let churn = [fit(900, 0.5, 0.35, 0.787), fit(100, 0.6, 0.9, 0.63)];
        assert!(worse(Score::Accuracy, churn[0], churn[1]));
        // Over five folds both are as good as on the rows learned from.
        let iris = [fit(135, 0.047, 0.141, 0.978), fit(15, 0.281, 0.460, 0.8)];
        assert!(!worse(Score::Accuracy, iris[0], iris[1]));
        let wine = [fit(160, 0.0057, 0.0103, 1.0), fit(18, 0.140, 0.382, 16.0 / 18.0)];
        assert!(!worse(Score::Accuracy, wine[0], wine[1]));
    }
}
