//! Which mistakes make the numbers that were handed in.

use std::collections::BTreeSet;

use super::Text;
use super::formulas::{Convention, Formulas, Quantity, Slip};
use super::handed::{Handed, fits};
use crate::by_hand::Matrix;

/// So many mistakes together are tried: all pairs. Of more, each is named by the matrix it is in, if by anything.
const TOGETHER: usize = 2;

/// A mistake: at one place, or at all of its places.
pub(super) struct Candidate {
    /// Indices of [`Search::slips`].
    pub(super) slips: Vec<usize>,
    /// Of each quantity: it is another than the right one.
    touches: Vec<bool>,
    /// Of each convention and quantity: it is what was handed in.
    explains: Vec<Vec<bool>>,
    /// The shape of each quantity.
    shapes: Vec<(usize, usize)>,
}

impl Candidate {
    /// Alone it makes quantity `k` as it was handed in, and not as it is right.
    pub(super) fn explains(&self, k: usize, convention: usize) -> bool {
        self.touches[k] && self.explains[convention][k]
    }

    /// It makes a quantity of this shape.
    pub(super) fn makes_shape(&self, k: usize, shape: &[usize]) -> bool {
        let (rows, columns) = self.shapes[k];
        self.touches[k] && fits(shape, &Matrix::from_fn(rows, columns, |_, _| 0.0))
    }

    /// As far as these numbers tell, it changes nothing.
    pub(super) fn is_unseen(&self) -> bool {
        !self.touches.contains(&true)
    }
}

/// How what was handed in can be made.
pub(super) struct Found {
    /// Index of [`Search::conventions`].
    pub(super) convention: usize,
    /// Each of them alone makes it: one or more candidates together. Of what is right, one without any.
    pub(super) ways: Vec<Vec<usize>>,
}

/// Formulas beside what was handed in.
pub(super) struct Search<'a> {
    pub(super) formulas: &'a dyn Formulas,
    handed: &'a Handed,
    /// What is computed.
    pub(super) quantities: Vec<Quantity>,
    /// Those of the formulas, and behind them a transpose of each matrix that may be one.
    pub(super) slips: Vec<Slip>,
    /// The quantity of each transpose.
    transposes: Vec<usize>,
    /// The first is that of the formulas.
    pub(super) conventions: Vec<Convention>,
    /// The size of the terms of each quantity.
    pub(super) terms: Vec<f64>,
    /// The right values.
    pub(super) right: Vec<Matrix>,
    /// All mistakes.
    pub(super) candidates: Vec<Candidate>,
}

impl<'a> Search<'a> {
    pub(super) fn new(formulas: &'a dyn Formulas, handed: &'a Handed) -> Self {
        let (quantities, right) = (formulas.quantities(), formulas.values(&[]));
        let own = Convention::of_the_formulas(quantities.len());
        let conventions = [own].into_iter().chain(formulas.conventions()).collect();
        let transposes: Vec<usize> =
            (0..quantities.len()).filter(|&k| may_be_transposed(&right[k], handed, k)).collect();
        let transpose = |&k: &usize| Slip {
            key: "transposed",
            place: quantities[k].name.clone(),
            what: Text::new("it is the transpose", "是转置后的矩阵"),
        };
        let slips: Vec<Slip> = formulas.slips().into_iter().chain(transposes.iter().map(transpose)).collect();
        let (terms, candidates) = (formulas.terms(), Vec::new());
        let mut search =
            Self { formulas, handed, quantities, slips, transposes, conventions, terms, right, candidates };
        search.candidates = search.groups().into_iter().map(|slips| search.candidate(slips)).collect();
        search
    }

    /// Each slip alone, and all of one key.
    fn groups(&self) -> Vec<Vec<usize>> {
        let alone = (0..self.slips.len()).map(|i| vec![i]);
        let is_first = |&i: &usize| !self.slips[..i].iter().any(|slip| slip.key == self.slips[i].key);
        let all_of = |i: usize| -> Vec<usize> {
            (i..self.slips.len()).filter(|&j| self.slips[j].key == self.slips[i].key).collect()
        };
        let together = (0..self.slips.len()).filter(is_first).map(all_of).filter(|slips| slips.len() > 1);
        alone.chain(together).collect()
    }

    fn candidate(&self, slips: Vec<usize>) -> Candidate {
        let values = self.values(&slips);
        let is_handed = |k: &usize| self.handed.arrays[*k].is_some();
        let touches =
            (0..self.quantities.len()).map(|k| is_handed(&k) && self.differs(k, &values[k])).collect();
        let explains = (0..self.conventions.len()).map(|c| self.fit(c, &values, true)).collect();
        let shapes = values.iter().map(|matrix| (matrix.rows(), matrix.cols())).collect();
        Candidate { slips, touches, explains, shapes }
    }

    /// By more than the precision of what was handed in.
    fn differs(&self, k: usize, matrix: &Matrix) -> bool {
        let right = &self.right[k];
        let largest = right.entries().iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let is_near = |(a, b): (&f64, &f64)| {
            (a - b).abs() <= self.handed.precision.margin(*b, self.terms[k].max(largest))
        };
        (matrix.rows(), matrix.cols()) != (right.rows(), right.cols())
            || !matrix.entries().iter().zip(right.entries()).all(is_near)
    }

    /// All quantities with these slips made.
    fn values(&self, made: &[usize]) -> Vec<Matrix> {
        let own = self.slips.len() - self.transposes.len();
        let of_formulas: Vec<usize> = made.iter().copied().filter(|&i| i < own).collect();
        let mut values = self.formulas.values(&of_formulas);
        for k in made.iter().filter(|&&i| i >= own).map(|&i| self.transposes[i - own]) {
            let forms: BTreeSet<usize> =
                self.conventions.iter().map(|convention| convention.values[k]).collect();
            for form in forms {
                values[form] = values[form].transposed();
            }
        }
        values
    }

    /// Which of the quantities are what was handed in.
    fn fit(&self, convention: usize, values: &[Matrix], exact: bool) -> Vec<bool> {
        let Convention { factors, values: of, .. } = &self.conventions[convention];
        let is = |k: usize| self.handed.is(k, &values[of[k]], factors[k], self.terms[k], exact);
        (0..of.len()).map(is).collect()
    }

    /// The right values, in a convention; `exact` as in [`Handed::is`].
    pub(super) fn right_in(&self, convention: usize, exact: bool) -> Vec<bool> {
        self.fit(convention, &self.right, exact)
    }

    /// The convention in which most is right, that of the formulas before others.
    pub(super) fn nearest_convention(&self) -> usize {
        let right = |c: usize| self.right_in(c, true).into_iter().filter(|&fits| fits).count();
        (0..self.conventions.len()).rev().max_by_key(|&c| right(c)).unwrap_or_default()
    }

    /// The fewest mistakes that make all that was handed in; the convention of the formulas counts before others.
    pub(super) fn find(&self) -> Option<Found> {
        let conventions = 0..self.conventions.len();
        (0..=TOGETHER).find_map(|size| conventions.clone().find_map(|c| self.ways(size, c)))
    }

    fn ways(&self, size: usize, convention: usize) -> Option<Found> {
        let right = self.right_in(convention, true);
        let count = self.candidates.len();
        let ways: Vec<Vec<usize>> = match size {
            0 => right.iter().all(|&fits| fits).then(Vec::new).into_iter().collect(),
            1 => (0..count).filter(|&i| self.is_way(&[i], convention, &right)).map(|i| vec![i]).collect(),
            _ => (0..count)
                .flat_map(|i| (i + 1..count).map(move |j| [i, j]))
                .filter(|pair| self.is_way(pair, convention, &right))
                .map(Vec::from)
                .collect(),
        };
        let ways = self.least(ways);
        (!ways.is_empty()).then_some(Found { convention, ways })
    }

    /// These candidates together make what was handed in. What neither changes must be right, and what one alone changes must be as it
    /// makes it; only where two meet, both are computed together.
    fn is_way(&self, together: &[usize], convention: usize, right: &[bool]) -> bool {
        let parts: Vec<&Candidate> = together.iter().map(|&i| &self.candidates[i]).collect();
        let is_same_twice = || {
            let keys: Vec<&str> = parts.iter().map(|part| self.slips[part.slips[0]].key).collect();
            (1..keys.len())
                .any(|i| keys[..i].contains(&keys[i]) && parts.iter().any(|part| part.slips.len() > 1))
        };
        if parts.iter().any(|part| part.is_unseen()) || is_same_twice() {
            return false;
        }
        let mut meet = false;
        for (k, &is_right) in right.iter().enumerate() {
            let mut touching = parts.iter().filter(|part| part.touches[k]);
            let fits = match (touching.next(), touching.next()) {
                (None, _) => is_right,
                (Some(part), None) => part.explains[convention][k],
                _ => {
                    meet = true;
                    true
                }
            };
            if !fits {
                return false;
            }
        }
        let made = || parts.iter().flat_map(|part| part.slips.iter().copied()).collect::<Vec<_>>();
        !meet || self.fit(convention, &self.values(&made()), true).iter().all(|&fits| fits)
    }

    /// Those that are made at the fewest places: a mistake in one place is likelier than another in all.
    fn least(&self, mut ways: Vec<Vec<usize>>) -> Vec<Vec<usize>> {
        let places = |way: &[usize]| way.iter().map(|&i| self.candidates[i].slips.len()).sum::<usize>();
        let fewest = ways.iter().map(|way| places(way)).min();
        ways.retain(|way| Some(places(way)) == fewest);
        ways
    }
}

/// It was handed in as a matrix that turning would change; of a column that is no column, but a row.
fn may_be_transposed(right: &Matrix, handed: &Handed, k: usize) -> bool {
    let Some(&[rows, columns]) = handed.arrays[k].as_ref().map(|array| &array.shape[..]) else {
        return false;
    };
    let is_vector = right.rows() == 1 || right.cols() == 1;
    match is_vector {
        true => right.entries().len() > 1 && (rows, columns) == (right.cols(), right.rows()),
        false => true,
    }
}
