//! The area under the receiver operating characteristic.

/// One example: how much it looks like a positive one, whether it is, and what it weighs.
pub(super) struct Scored {
    pub(super) score: f64,
    pub(super) positive: bool,
    pub(super) weight: f64,
}

/// The share of pairs, one positive and one negative example each, in which the positive one has the larger score;
/// equal scores count half (Hanley & McNeil 1982; Fawcett 2006, algorithm 3). A pair weighs the product of the weights.
///
/// None without positive examples, without negative ones, or where a score is not a number. Weights are positive.
pub(super) fn roc_auc(examples: impl Iterator<Item = Scored>) -> Option<f64> {
    let mut examples: Vec<Scored> = examples.collect();
    examples.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
    let weight = |examples: &[Scored], positive| {
        examples.iter().filter(|e| e.positive == positive).fold(0.0, |sum, e| sum + e.weight)
    };
    let (positives, negatives) = (weight(&examples, true), weight(&examples, false));
    if positives == 0.0 || negatives == 0.0 || examples.iter().any(|e| e.score.is_nan()) {
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
