//! The numbers that were learned from, and whether those of later rows are beyond them by more than chance.

use serde::{Deserialize, Serialize};

/// The numbers of a column in the rows learned from.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Learned {
    /// Rows with a number.
    pub rows: usize,
    /// The least.
    pub low: f64,
    /// The greatest.
    pub high: f64,
    /// Below the first and above the second a single number is far outside.
    pub far: [f64; 2],
}

/// Numbers of later rows that are outside what was learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Outside {
    /// The column.
    pub column: String,
    /// Rows outside the range; where chance explains those, the ones far outside.
    pub rows: usize,
    /// They are far outside, each by itself.
    pub is_far: bool,
    /// The one furthest out.
    pub example: String,
    /// The least and the greatest that were learned from.
    pub learned: [String; 2],
}

/// A single number is far outside if it is beyond the range by more than the range is wide, and by more than so many times
/// the way from the outermost tenth to the end: in a heavy tail the next one may be far beyond the last.
const TENTHS: f64 = 5.0;
/// So improbable a count of numbers outside is no chance: in one column, divided by the number of columns.
const CHANCE: f64 = 1e-3;

impl Learned {
    /// Of finite numbers; none without any.
    pub(super) fn of(numbers: &[f64]) -> Option<Self> {
        let (mut numbers, last) = (numbers.to_vec(), numbers.len().checked_sub(1)?);
        // No need to sort them all.
        let mut nth = |at: usize| *numbers.select_nth_unstable_by(at, f64::total_cmp).1;
        let [low, inner_low, inner_high, high] = [0, last / 10, last - last / 10, last].map(&mut nth);
        let beyond = |tail: f64| (TENTHS * tail).max(high - low).min(f64::MAX);
        let far = [low - beyond(inner_low - low), high + beyond(high - inner_high)];
        Some(Self { rows: last + 1, low, high, far: far.map(|v| v.clamp(f64::MIN, f64::MAX)) })
    }

    /// What is to be said of the numbers of other rows, if anything; one column of so many.
    pub(super) fn judge(
        &self,
        numbers: impl Iterator<Item = f64>,
        columns: usize,
        shown: impl Fn(f64) -> String,
    ) -> Option<Told> {
        let (mut rows, mut outside, mut far, mut furthest) = (0, 0, 0, (0.0, f64::NAN));
        for number in numbers.filter(|v| !v.is_nan()) {
            rows += 1;
            let by = (number - self.high).max(self.low - number);
            if by > 0.0 {
                outside += 1;
                far += usize::from(number < self.far[0] || number > self.far[1]);
                furthest = if by > furthest.0 { (by, number) } else { furthest };
            }
        }
        let is_chance = outside == 0 || self.tail(outside, rows) >= CHANCE / columns as f64;
        let rows = if is_chance { far } else { outside };
        (rows > 0).then(|| Told {
            rows,
            is_far: is_chance,
            example: shown(furthest.1),
            learned: [shown(self.low), shown(self.high)],
        })
    }

    /// How probable it is that of so many other rows of the same kind so many or more are outside the range: the share of a
    /// continuous distribution that is outside the range of n draws is Beta(2, n − 1), so that the count is beta-binomial.
    /// Where values repeat, or there is one bound, fewer are outside.
    fn tail(&self, outside: usize, rows: usize) -> f64 {
        let (n, m) = (self.rows as f64, rows as f64);
        if self.rows < 2 {
            return 1.0;
        }
        let mut p = (n - 1.0) * n / ((m + n - 1.0) * (m + n));
        let mut tail = 0.0;
        for j in 0..=rows {
            if j >= outside {
                tail += p;
            }
            let j = j as f64;
            p *= (m - j) / (j + 1.0) * (j + 2.0) / (m - j + n - 2.0);
        }
        tail
    }
}

/// What is to be said of a column, without its name.
pub(super) struct Told {
    rows: usize,
    is_far: bool,
    example: String,
    learned: [String; 2],
}

impl Told {
    pub(super) fn of(self, column: &str) -> Outside {
        let Self { rows, is_far, example, learned } = self;
        Outside { column: column.to_owned(), rows, is_far, example, learned }
    }
}

#[cfg(test)]
mod tests {
    use nablab_engine::rng::NumpyRng;

    use super::*;

    /// `scipy.stats.betabinom(m, 2, n - 1).sf(k - 1)`, in Python's fractions.
    #[test]
    fn the_count_outside_is_beta_binomial() {
        for (n, m, k, expected) in CASES {
            let learned = Learned { rows: n, low: 0.0, high: 1.0, far: [-1.0, 2.0] };
            let tail = learned.tail(k, m);
            assert!((tail / expected - 1.0).abs() < 1e-12, "{n} {m} {k}: {tail}");
        }
    }

    const CASES: [(usize, usize, usize, f64); 5] = [
        (270, 30, 1, 0.1903010033444816),
        (270, 30, 4, 0.0003851258009413831),
        (100, 1000, 60, 0.01880754549950008),
        (10_000, 1, 1, 2.0 / 10_001.0),
        (20, 20, 20, 1.5234333559042173e-10),
    ];

    /// Of rows like those learned from, hardly ever anything is said, however heavy the tails; of rows that go on where the
    /// others ended, always.
    #[test]
    fn chance_is_not_cried_at() {
        let draw = |kind: usize, rng: &mut NumpyRng| {
            let z = rng.gaussian();
            [z, z.exp(), rng.uniform(), (2.0 * z).exp()][kind]
        };
        for (kind, most) in [(0, 3), (1, 8), (2, 3), (3, 60)] {
            let mut said = 0;
            for seed in 0..600 {
                let mut rng = NumpyRng::new(seed);
                let n = [100, 300, 1000][seed as usize % 3];
                let train: Vec<f64> = (0..n).map(|_| draw(kind, &mut rng)).collect();
                let new: Vec<f64> = (0..n).map(|_| draw(kind, &mut rng)).collect();
                let learned = Learned::of(&train).unwrap();
                said += usize::from(learned.judge(new.into_iter(), 1, |v| v.to_string()).is_some());
            }
            assert!(said <= most, "{kind}: {said} of 600");
        }
        for n in [20, 300] {
            let ids: Vec<f64> = (1..=n).map(f64::from).collect();
            let later = (1..=n).map(|i| f64::from(n + i));
            let told = Learned::of(&ids).unwrap().judge(later, 1, |v| v.to_string()).unwrap();
            assert_eq!((told.rows, told.is_far, told.example), (n as usize, false, (2 * n).to_string()));
        }
    }

    #[test]
    fn a_single_number_far_outside_is_said() {
        let ages: Vec<f64> = (0..200).map(|i| 18.0 + f64::from(i * 5 % 63)).collect();
        let learned = Learned::of(&ages).unwrap();
        let told = |new: &[f64]| learned.judge(new.iter().copied(), 1, |v| v.to_string());
        assert!(told(&[30.0, 81.0, f64::NAN]).is_none());
        let far = told(&[&[30.0; 20][..], &[81.0, 999.0]].concat()).unwrap();
        assert_eq!((far.rows, far.is_far, far.example.as_str()), (1, true, "999"));
        assert_eq!(far.learned, ["18", "80"]);
    }
}
