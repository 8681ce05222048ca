//! The features of a table: their size, how well each alone tells the target, and rows that are copies.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use nablab_data::prepare::{Input, Task};
use nablab_diagnosis::Column;
use nablab_engine::Float;

use crate::metrics::class;
use crate::prepared::{Part, Prepared};

/// Features whose power alone is computed, and rows it is computed on.
const MOST_FEATURES: usize = 2000;
const MOST_ROWS: usize = 5000;
/// Pairs of classes beyond which a single feature tells all of them apart by no chance worth looking for.
const MOST_CLASSES: usize = 20;

/// What the features of the rows are, whatever is learned of them.
#[derive(Clone, Debug)]
pub(crate) struct Features {
    pub(super) columns: Vec<Column>,
    /// Rows held out that are learned from, too.
    pub(super) shared_rows: usize,
}

impl Features {
    pub(crate) fn of<F: Float>(prepared: &Prepared<F>) -> Self {
        Self { columns: columns(prepared), shared_rows: shared_rows(prepared) }
    }
}

/// The features as the network sees them.
fn columns<F: Float>(prepared: &Prepared<F>) -> Vec<Column> {
    let (train, inputs) = (&prepared.train, &prepared.found.inputs);
    let mut names = inputs.names().into_iter();
    let power = Power::new(prepared).filter(|_| inputs.width() <= MOST_FEATURES);
    let mut columns = Vec::with_capacity(inputs.width());
    let mut features = train.x.chunks_exact(train.m);
    for input in inputs.columns() {
        let width = input.encoding.width();
        let own: Vec<&[F]> = features.by_ref().take(width).collect();
        let is_number = input.encoding.is_ordered();
        let first = |x: &&[F]| x.iter().take(MOST_ROWS).map(|v| v.to_f64()).collect::<Vec<_>>();
        let first: Vec<Vec<f64>> = own.iter().map(first).collect();
        // A category is told apart by all its indicators together.
        let of_category = power.as_ref().filter(|_| !is_number).map(|power| power.of_category(&first));
        for (i, (x, first)) in own.iter().zip(&first).enumerate() {
            let (mean, deviation) = mean_and_deviation(x, first);
            let alone = of_category.or_else(|| power.as_ref().map(|power| power.of(first)));
            columns.push(Column {
                name: names.next().unwrap_or_default(),
                source: input.name.clone(),
                mean,
                deviation,
                is_indicator: !is_number || i > 0,
                alone: alone.unwrap_or(f64::NAN),
            });
        }
    }
    columns
}

/// Mean and deviation of each feature of a matrix, of which nobody knows what it was made of.
pub(crate) fn spreads<F: Float>(part: &Part<F>) -> Vec<Column> {
    let column = |(number, x): (usize, &[F])| {
        let first: Vec<f64> = x.iter().take(MOST_ROWS).map(|v| v.to_f64()).collect();
        let (mean, deviation) = mean_and_deviation(x, &first);
        let name = format!("x{number}");
        Column { source: name.clone(), name, mean, deviation, is_indicator: false, alone: f64::NAN }
    };
    part.x.chunks_exact(part.m).enumerate().map(column).collect()
}

/// Of all numbers, the `first` of which are there in double precision. They are summed less the mean of the first, so that little is
/// cancelled of the variance, and several at a time: one after the other, a processor would wait for each.
fn mean_and_deviation<F: Float>(x: &[F], first: &[f64]) -> (f64, f64) {
    let near = first.iter().sum::<f64>() / first.len() as f64;
    let (mut sums, mut squares, several) = ([0.0; 8], [0.0; 8], x.chunks_exact(8));
    let mut add = |some: &[F]| {
        for ((v, sum), square) in some.iter().zip(&mut sums).zip(&mut squares) {
            let v = v.to_f64() - near;
            *sum += v;
            *square += v * v;
        }
    };
    add(several.remainder());
    several.for_each(add);
    let mean_of = |sums: [f64; 8]| sums.iter().sum::<f64>() / x.len() as f64;
    let (mean, square) = (mean_of(sums), mean_of(squares));
    (near + mean, (square - mean * mean).max(0.0).sqrt())
}

/// What is to be told by a single feature.
enum Power {
    /// Class of each row, and how many there are.
    Classes(Vec<usize>, usize),
    /// The numbers, and their ranks.
    Numbers(Vec<f64>, Vec<f64>),
}

impl Power {
    fn new<F: Float>(prepared: &Prepared<F>) -> Option<Self> {
        let (train, target) = (&prepared.train, &prepared.found.target);
        let rows = train.m.min(MOST_ROWS);
        let classes = |count| Some(Self::Classes((0..rows).map(|j| class(train.y(), j)).collect(), count));
        match target.task() {
            Task::Binary => classes(2),
            Task::Multiclass if target.outputs() <= MOST_CLASSES => classes(target.outputs()),
            Task::Regression if target.outputs() == 1 => {
                let y: Vec<f64> = (0..rows).map(|j| train.y().at(0, j).to_f64()).collect();
                let ranks = ranks(&y);
                Some(Self::Numbers(y, ranks))
            }
            _ => None,
        }
    }

    fn of(&self, x: &[f64]) -> f64 {
        match self {
            Self::Classes(class, classes) => {
                let areas = areas(&x[..class.len()], class, *classes);
                areas.iter().sum::<f64>() / areas.len() as f64
            }
            Self::Numbers(y, ranks_of_y) => {
                let x = &x[..y.len()];
                correlation(x, y).max(correlation(&ranks(x), ranks_of_y))
            }
        }
    }

    /// How well the level of a category tells the target, from its indicators: how much of what the most frequent class
    /// leaves wrong the most frequent class of each level gets right, from ½ to 1; of numbers the correlation ratio.
    fn of_category(&self, indicators: &[Vec<f64>]) -> f64 {
        let level = |j: usize| indicators.iter().position(|x| x[j] > 0.5).unwrap_or(indicators.len());
        match self {
            Self::Classes(class, classes) => {
                let mut counts = vec![vec![0_usize; *classes]; indicators.len() + 1];
                class.iter().enumerate().for_each(|(j, &class)| counts[level(j)][class] += 1);
                let largest = |counts: &[usize]| counts.iter().copied().max().unwrap_or(0) as f64;
                let of_all: Vec<usize> = (0..*classes).map(|k| counts.iter().map(|c| c[k]).sum()).collect();
                let (n, base) = (class.len() as f64, largest(&of_all));
                0.5 + 0.5 * (counts.iter().map(|c| largest(c)).sum::<f64>() - base) / (n - base)
            }
            Self::Numbers(y, _) => {
                let mut sums = vec![(0.0, 0.0); indicators.len() + 1];
                for (j, y) in y.iter().enumerate() {
                    let (sum, count) = &mut sums[level(j)];
                    (*sum, *count) = (*sum + y, *count + 1.0);
                }
                let mean = y.iter().sum::<f64>() / y.len() as f64;
                let filled = sums.iter().filter(|(_, count)| *count > 0.0);
                let between: f64 = filled.map(|(sum, count)| count * (sum / count - mean).powi(2)).sum();
                (between / y.iter().map(|y| (y - mean).powi(2)).sum::<f64>()).sqrt()
            }
        }
    }
}

/// The ranks of numbers, from 1; equal ones share the mean of theirs.
fn ranks(x: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_by(|&a, &b| x[a].total_cmp(&x[b]));
    let (mut ranks, mut before) = (vec![0.0; x.len()], 0);
    for equal in order.chunk_by(|&a, &b| x[a] == x[b]) {
        let rank = before as f64 + (equal.len() + 1) as f64 / 2.0;
        equal.iter().for_each(|&j| ranks[j] = rank);
        before += equal.len();
    }
    ranks
}

/// The areas under the ROC curves of a feature that is to tell two classes apart, whichever way it points; of each two classes that
/// there are.
fn areas(x: &[f64], class: &[usize], classes: usize) -> Vec<f64> {
    let mut order: Vec<usize> = (0..x.len()).collect();
    order.sort_unstable_by(|&a, &b| x[a].total_cmp(&x[b]));
    // Of two classes, how often the first is the larger one; equal ones count half.
    let mut larger = vec![vec![0.0_f64; classes]; classes];
    let (mut below, mut here) = (vec![0.0_f64; classes], vec![0.0; classes]);
    for equal in order.chunk_by(|&a, &b| x[a] == x[b]) {
        here.fill(0.0);
        equal.iter().for_each(|&j| here[class[j]] += 1.0);
        for (a, count) in here.iter().enumerate().filter(|(_, count)| **count > 0.0) {
            let wins = below.iter().zip(&here).map(|(below, here)| count * (below + here / 2.0));
            larger[a].iter_mut().zip(wins).for_each(|(sum, wins)| *sum += wins);
        }
        below.iter_mut().zip(&here).for_each(|(below, here)| *below += here);
    }
    let pairs = (0..classes).flat_map(|a| (0..a).map(move |b| (a, b)));
    let area = |(a, b): (usize, usize)| larger[a][b] / (below[a] * below[b]);
    pairs.map(area).filter(|area| area.is_finite()).map(|area| area.max(1.0 - area)).collect()
}

fn correlation(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mx, my) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let both: f64 = x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum();
    let square = |v: &[f64], m: f64| v.iter().map(|v| (v - m).powi(2)).sum::<f64>();
    (both / (square(x, mx) * square(y, my)).sqrt()).abs()
}

/// Rows held out with the features of a row learned from; 0 where rows must repeat, since all that they can be is not much
/// more than there are.
fn shared_rows<F: Float>(prepared: &Prepared<F>) -> usize {
    let (train, Some(validation)) = (&prepared.train, &prepared.validation) else { return 0 };
    if must_repeat(prepared) {
        return 0;
    }
    // Most rows that are no copies differ in a few features already. Of the rows held out, which are fewer, a set is made.
    const FEW: usize = 8;
    let width = prepared.found.inputs.width();
    let all = |part: &Part<F>| (0..part.m).collect::<Vec<_>>();
    let (mut held_out, mut known) = (all(validation), all(train));
    for features in [0..FEW.min(width), 0..width] {
        let [hashes, of_known] =
            [hashes(validation, &held_out, features.clone()), hashes(train, &known, features)];
        let mut wanted: HashMap<u128, bool> = hashes.iter().map(|&hash| (hash, false)).collect();
        let mut is_wanted = of_known.iter().map(|hash| wanted.get_mut(hash).map(|is_known| *is_known = true));
        known.retain(|_| is_wanted.next().flatten().is_some());
        let mut is_known = hashes.iter().map(|hash| wanted[hash]);
        held_out.retain(|_| is_known.next() == Some(true));
    }
    held_out.len()
}

/// All that rows can be is not much more than there are of them.
fn must_repeat<F: Float>(prepared: &Prepared<F>) -> bool {
    let train = &prepared.train;
    // What is needed is mostly known from a few values of each column; only where it is not, all are counted.
    const FEW: usize = 1000;
    [FEW, usize::MAX].into_iter().all(|most| {
        let can_be = |part: &[F], input: &Input| match &input.encoding {
            encoding if encoding.is_ordered() => {
                let mut values = HashSet::new();
                let mut given = part[..train.m].iter();
                while values.len() < most
                    && let Some(v) = given.next()
                {
                    values.insert(v.to_f64().to_bits());
                }
                values.len() as f64
            }
            encoding => encoding.width().max(2) as f64,
        };
        let (mut kinds, mut at, mut columns) = (1.0, 0, prepared.found.inputs.columns().iter());
        while kinds < 10.0 * train.m as f64 {
            let Some(input) = columns.next() else { return true };
            kinds *= can_be(&train.x[at * train.m..], input);
            at += input.encoding.width();
        }
        false
    })
}

/// 128 bits of hash of some features of some rows, so that large tables fit, and two are hardly ever the same by chance. Column
/// by column, as they lie in memory.
fn hashes<F: Float>(part: &Part<F>, rows: &[usize], features: Range<usize>) -> Vec<u128> {
    const ROWS: usize = 1 << 12;
    // 2^128 / φ, which is odd.
    const SPREAD: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    let mut hashes = vec![0_u128; rows.len()];
    for (hashes, rows) in hashes.chunks_mut(ROWS).zip(rows.chunks(ROWS)) {
        for feature in part.x.chunks_exact(part.m).take(features.end).skip(features.start) {
            for (hash, &j) in hashes.iter_mut().zip(rows) {
                // −0 and 0 are the same.
                let mixed = (*hash ^ u128::from((feature[j].to_f64() + 0.0).to_bits())).wrapping_mul(SPREAD);
                *hash = mixed ^ mixed >> 64;
            }
        }
    }
    hashes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of SciPy: rankdata, spearmanr, and scikit-learn's roc_auc_score(multi_class="ovo").
    #[test]
    fn ranks_and_areas_are_those_of_others() {
        assert_eq!(ranks(&[3.0, 1.0, 3.0, 2.0]), [3.5, 1.0, 3.5, 2.0]);
        assert_eq!(areas(&[1.0, 2.0, 3.0, 2.5, 4.0], &[0, 0, 0, 1, 1], 3), [5.0 / 6.0]);
        let cubes = [-8.0, -1.0, 0.0, 1.0, 8.0];
        let power = Power::Numbers(cubes.to_vec(), ranks(&cubes));
        assert_eq!(power.of(&[-2.0, -1.0, 0.0, 1.0, 2.0]), 1.0);
        let three = Power::Classes(vec![0, 0, 1, 1, 2, 2], 3);
        assert_eq!(three.of(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]), 1.0);
        // Levels a, a, b, b, c, c; and a, b, a, b, a, b, of which the first is class 0 once, as is the second.
        let level = |of: [usize; 6], k| of.map(|l| f64::from(u8::from(l == k))).to_vec();
        let of = |levels| [0, 1, 2].map(|k| level(levels, k));
        assert_eq!(three.of_category(&of([0, 0, 1, 1, 2, 2])), 1.0);
        assert_eq!(three.of_category(&of([0, 1, 0, 1, 0, 1])), 0.5);
        // Means −4.5, 0 and 4.5 of the levels: η² = 81 / 130.
        let two = Power::Numbers(vec![-8.0, -1.0, 0.0, 0.0, 1.0, 8.0], Vec::new());
        assert!((two.of_category(&of([0, 0, 1, 1, 2, 2])) - (81.0_f64 / 130.0).sqrt()).abs() < 1e-15);
        // The pairs (0, 1) and (0, 2) are told apart, and (1, 2) not at all.
        assert!((three.of(&[1.0, 1.0, 3.0, 3.0, 3.0, 3.0]) - 5.0 / 6.0).abs() < 1e-15);
    }
}
