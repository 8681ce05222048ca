//! Areas under curves of all thresholds: receiver operating characteristic, and precision over recall.

/// One example: how much it looks like a positive one, whether it is, and what it weighs.
pub(crate) struct Scored {
    pub(crate) score: f64,
    pub(crate) positive: bool,
    pub(crate) weight: f64,
}

/// The share of pairs, one positive and one negative example each, in which the positive one has the larger score;
/// equal scores count half (Hanley & McNeil 1982; Fawcett 2006, algorithm 3). A pair weighs the product of the weights.
///
/// None without positive examples, without negative ones, or where a score is not a number. Weights are positive, and scores
/// are [`falling`].
pub(super) fn roc_auc(examples: &[Scored]) -> Option<f64> {
    let (positives, negatives) = (weight(examples, true), weight(examples, false));
    if positives == 0.0 || negatives == 0.0 || has_nan(examples) {
        return None;
    }
    let (mut above, mut area) = (0.0, 0.0);
    for tied in examples.chunk_by(|a, b| a.score == b.score) {
        let here = weight(tied, true);
        // Divided here and not at the end: the product of two sums of tiny weights would underflow.
        area += weight(tied, false) * ((above + here / 2.0) / positives);
        above += here;
    }
    // Sums in groups round otherwise than the sum of all.
    Some((area / negatives).min(1.0))
}

/// The mean of the precisions at all thresholds, each by the recall that it adds: Σ (Rₙ − Rₙ₋₁) Pₙ. A curve that joins the points by
/// straight lines would promise what no threshold gives (Davis & Goadrich 2006).
///
/// None without positive examples, or where a score is not a number. Weights are positive, and scores are [`falling`].
pub(super) fn average_precision(examples: &[Scored]) -> Option<f64> {
    let positives = weight(examples, true);
    if positives == 0.0 || has_nan(examples) {
        return None;
    }
    let (mut hits, mut alarms, mut mean) = (0.0, 0.0, 0.0);
    for tied in examples.chunk_by(|a, b| a.score == b.score) {
        let here = weight(tied, true);
        hits += here;
        alarms += weight(tied, false);
        mean += here / positives * (hits / (hits + alarms));
    }
    Some(mean.min(1.0))
}

/// By falling scores.
pub(crate) fn falling(examples: impl Iterator<Item = Scored>) -> Vec<Scored> {
    let mut examples: Vec<Scored> = examples.collect();
    examples.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
    examples
}

/// A score is not a number.
pub(crate) fn has_nan(examples: &[Scored]) -> bool {
    examples.iter().any(|e| e.score.is_nan())
}

/// Of all positive examples, or of all negative ones.
pub(crate) fn weight(examples: &[Scored], positive: bool) -> f64 {
    examples.iter().filter(|e| e.positive == positive).fold(0.0, |sum, e| sum + e.weight)
}
