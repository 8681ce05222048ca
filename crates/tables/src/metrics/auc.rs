//! Areas under curves of all thresholds: receiver operating characteristic, and precision over recall.

/// One example: how much it looks like a positive one, whether it is, and what it weighs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scored {
    pub(crate) score: f64,
    /// Below 0 for a negative example.
    weight: f64,
}

impl Scored {
    /// The weight is above 0.
    pub(crate) fn new(score: f64, positive: bool, weight: f64) -> Self {
        Self { score, weight: if positive { weight } else { -weight } }
    }
}

/// Areas under both curves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Areas {
    /// The share of pairs, one positive and one negative example each, in which the positive one has the larger score;
    /// equal scores count half (Hanley & McNeil 1982; Fawcett 2006, algorithm 3). A pair weighs the product of the weights.
    ///
    /// None without positive examples, without negative ones, or where a score is not a number.
    pub(super) roc: Option<f64>,
    /// The mean of the precisions at all thresholds, each by the recall that it adds: Σ (Rₙ − Rₙ₋₁) Pₙ. A curve that joins the
    /// points by straight lines would promise what no threshold gives (Davis & Goadrich 2006).
    ///
    /// None without positive examples, or where a score is not a number.
    pub(super) average_precision: Option<f64>,
}

impl Areas {
    pub(super) fn of(examples: Vec<Scored>) -> Self {
        let [positives, negatives] = totals(&examples);
        if positives == 0.0 || has_nan(&examples) {
            return Self::default();
        }
        let examples = falling(examples);
        let (mut hits, mut alarms, mut area, mut mean) = (0.0, 0.0, 0.0, 0.0);
        for tied in examples.chunk_by(|a, b| a.score == b.score) {
            let [positive, negative] = totals(tied);
            // Divided here and not at the end: the product of two sums of tiny weights would underflow.
            area += negative * ((hits + positive / 2.0) / positives);
            hits += positive;
            alarms += negative;
            mean += positive / positives * (hits / (hits + alarms));
        }
        // Sums in groups round otherwise than the sum of all.
        let roc = (negatives > 0.0).then(|| (area / negatives).min(1.0));
        Self { roc, average_precision: Some(mean.min(1.0)) }
    }
}

/// By falling scores, none of which is not a number: sorted digit by digit of their bits, the last digit first.
pub(crate) fn falling(mut examples: Vec<Scored>) -> Vec<Scored> {
    const BITS: usize = 11;
    const DIGITS: usize = 64_usize.div_ceil(BITS);
    // As whole numbers, bits are in the order of the numbers once those below 0 are turned round; turned again, they fall.
    let key = |e: &Scored| match e.score.to_bits() {
        bits if bits >> 63 == 1 => bits,
        bits => !(bits | 1 << 63),
    };
    let digit = |key: u64, d: usize| (key >> (d * BITS)) as usize % (1 << BITS);
    let mut counts = vec![[0_usize; 1 << BITS]; DIGITS];
    for example in &examples {
        let key = key(example);
        counts.iter_mut().enumerate().for_each(|(d, counts)| counts[digit(key, d)] += 1);
    }
    let mut sorted = examples.clone();
    for (d, places) in counts.iter_mut().enumerate() {
        // Single precision leaves the last digits of all scores 0.
        if places.contains(&examples.len()) {
            continue;
        }
        let mut before = 0;
        places.iter_mut().for_each(|count| before += std::mem::replace(count, before));
        for example in &examples {
            let place = &mut places[digit(key(example), d)];
            sorted[*place] = *example;
            *place += 1;
        }
        std::mem::swap(&mut examples, &mut sorted);
    }
    examples
}

/// A score is not a number.
pub(crate) fn has_nan(examples: &[Scored]) -> bool {
    examples.iter().any(|e| e.score.is_nan())
}

/// The weights of all positive examples, and of all negative ones.
pub(crate) fn totals(examples: &[Scored]) -> [f64; 2] {
    examples.iter().fold([0.0; 2], |[positive, negative], e| match e.weight > 0.0 {
        true => [positive + e.weight, negative],
        false => [positive, negative - e.weight],
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// As a comparison sorts them; what is equal stays in its order.
        #[test]
        fn digits_sort_as_comparisons_do(scores in prop::collection::vec(prop_oneof![
            any::<f64>().prop_filter("a number", |v| !v.is_nan()),
            (0_u8..=4).prop_map(|v| f64::from(v) / 4.0),
            any::<f32>().prop_filter("a number", |v| !v.is_nan()).prop_map(f64::from),
        ], 0..200)) {
            let examples: Vec<_> =
                scores.iter().enumerate().map(|(i, &score)| Scored::new(score, i % 3 == 0, 1.0 + i as f64)).collect();
            let mut compared = examples.clone();
            compared.sort_by(|a, b| b.score.total_cmp(&a.score));
            let bits = |of: Vec<Scored>| -> Vec<_> { of.iter().map(|e| (e.score.to_bits(), e.weight)).collect() };
            prop_assert_eq!(bits(falling(examples)), bits(compared));
        }
    }
}
