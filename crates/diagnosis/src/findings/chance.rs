//! Whether a gap between two sets of rows is more than chance.

use nablab_statistics::{fisher_less, t_quantile_near};

use crate::{Fit, Score, Thresholds};

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
    let is_larger = other.loss - train.loss > t_quantile_near(by.overfitting_loss_gap, degrees) * error;
    is_larger || score == Score::Accuracy && fewer_right(train, other) < by.overfitting_chance
}

/// How probable so few right answers on the other rows are, were all rows alike.
fn fewer_right(train: Fit, other: Fit) -> f64 {
    let right = |fit: Fit| ((fit.metric * fit.rows as f64).round() as usize, fit.rows);
    fisher_less(right(other), right(train))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(rows: usize, loss: f64, deviation: f64, metric: f64) -> Fit {
        Fit { rows, loss, deviation, metric }
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
