//! How numbers are spread.

/// Counts of numbers in equal bins from the least to the largest; what is no finite number is left out.
///
/// ```
/// use nablab_engine::signals::Histogram;
/// let histogram = Histogram::of([0.0, 1.0, 15.5, 16.0, f64::NAN].into_iter());
/// assert_eq!((histogram.low, histogram.high), (0.0, 16.0));
/// assert_eq!((histogram.counts[0], histogram.counts[1], histogram.counts[15]), (1, 1, 2));
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Histogram {
    /// Where the first bin begins: the least number.
    pub low: f64,
    /// Where the last bin ends: the largest number, which belongs to it.
    pub high: f64,
    /// Numbers in each bin.
    pub counts: [u32; Self::BINS],
}

impl Histogram {
    /// Bins: as many as can be told apart where a histogram is drawn small.
    pub const BINS: usize = 16;
    /// How many numbers it is in files.
    pub(super) const NUMBERS: usize = 2 + Self::BINS;

    /// Of these numbers.
    pub fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let values = values.filter(|v| v.is_finite());
        let ends = (f64::INFINITY, f64::NEG_INFINITY);
        let (low, high) = values.clone().fold(ends, |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return Self::default();
        }
        let mut counts = [0; Self::BINS];
        // Halves, since the largest minus the least may be too large for a number.
        let bins_per_half = Self::BINS as f64 / (high / 2.0 - low / 2.0).max(f64::MIN_POSITIVE);
        for v in values {
            let bin = ((v / 2.0 - low / 2.0) * bins_per_half) as usize;
            counts[bin.min(Self::BINS - 1)] += 1;
        }
        Self { low, high, counts }
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = f64> {
        [self.low, self.high].into_iter().chain(self.counts.map(f64::from))
    }

    pub(super) fn of_numbers(numbers: &[f64; Self::NUMBERS]) -> Self {
        let [low, high, counts @ ..] = *numbers;
        Self { low, high, counts: counts.map(|count| count as u32) }
    }

    /// The names of its numbers, each after what it is a histogram of.
    pub(super) fn names(of: &str) -> impl Iterator<Item = String> {
        let ends = ["low", "high"].map(|end| format!("{of}_{end}"));
        ends.into_iter().chain((1..=Self::BINS).map(move |bin| format!("{of}_{bin}")))
    }
}
