//! Two recipes over the same seeds: by how much they differ, and whether chance alone would.

use nablab_statistics::{quantile, share_of_wins, t_interval, wilcoxon};
use serde::Serialize;

use crate::SessionError;

/// Two recipes over the same seeds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Compared {
    /// Mean of the differences, first minus second.
    pub mean: f64,
    /// Median of the differences.
    pub median: f64,
    /// The mean's 95 % confidence interval by Student's t; none of fewer than two seeds.
    pub interval: Option<(f64, f64)>,
    /// Share of the seeds with which the first is larger, a tie counting half.
    pub wins: f64,
    /// p of the two-sided Wilcoxon signed-rank test; none where the two are the same with every seed.
    pub p: Option<f64>,
}

impl Compared {
    /// Compare what two recipes reached, seed by seed.
    ///
    /// # Errors
    /// [`SessionError::Pairs`] where they are not as many, or none; [`SessionError::NotFinite`] where one of them is no number.
    pub(crate) fn new(first: &[f64], second: &[f64]) -> Result<Self, SessionError> {
        if first.is_empty() || first.len() != second.len() {
            return Err(SessionError::Pairs { first: first.len(), second: second.len() });
        }
        if let Some(&got) = first.iter().chain(second).find(|value| !value.is_finite()) {
            return Err(SessionError::NotFinite { what: "a number to compare", got });
        }
        let differences: Vec<f64> = first.iter().zip(second).map(|(a, b)| a - b).collect();
        Ok(Self {
            mean: differences.iter().sum::<f64>() / differences.len() as f64,
            median: quantile(&differences, 0.5).unwrap_or(0.0),
            interval: t_interval(&differences),
            wins: share_of_wins(first, second),
            p: wilcoxon(first, second),
        })
    }
}
