//! Which mistakes make the numbers that were handed in.

use super::formulas::{Convention, Formulas, Quantity, Slip};
use super::handed::{Handed, fits};
use super::{Text, looks};
use crate::by_hand::Matrix;

/// So many mistakes together are tried: all pairs. Of more, each is named by the matrix it is in, if by anything.
const TOGETHER: usize = 2;
/// The key of what was measured of one matrix.
const MEASURED: &str = "measured";

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

    /// The same, and it changes no other quantity.
    fn explains_alone(&self, k: usize, convention: usize) -> bool {
        self.explains(k, convention) && self.touches.iter().filter(|&&touches| touches).count() == 1
    }

    /// Of what it changes, nothing was handed in as it is right.
    pub(super) fn may_be(&self, right: &[bool]) -> bool {
        self.touches.iter().zip(right).all(|(&touches, &right)| !touches || !right)
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
    /// The quantities that are in their other form.
    pub(super) others: Vec<usize>,
}

/// Formulas beside what was handed in.
pub(super) struct Search<'a> {
    pub(super) formulas: &'a dyn Formulas,
    handed: &'a Handed,
    /// What is computed.
    pub(super) quantities: Vec<Quantity>,
    /// Those of the formulas, behind them a transpose of each matrix that may be one, and what was measured of one matrix alone.
    pub(super) slips: Vec<Slip>,
    /// The quantity of each transpose.
    transposes: Vec<usize>,
    /// The quantity of each mistake that was measured, and what was handed in as it.
    lines: Vec<(usize, Matrix)>,
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
        let (terms, lines, candidates) = (formulas.terms(), Vec::new(), Vec::new());
        let mut search = Self {
            formulas,
            handed,
            quantities,
            slips,
            transposes,
            lines,
            conventions,
            terms,
            right,
            candidates,
        };
        search.candidates = search.groups().into_iter().map(|slips| search.candidate(slips)).collect();
        search
    }

    /// Adds what can be measured of a matrix alone: a factor in its own line, say, which nothing else comes of. The same in all matrices of
    /// one kind is one mistake.
    pub(super) fn measure(&mut self) {
        let convention = self.nearest_convention();
        let right = self.right_in(convention, true);
        let before = self.slips.len();
        for k in (0..right.len()).filter(|&k| !right[k]) {
            let Some(array) = &self.handed.arrays[k] else { continue };
            let (factor, quantity) = (self.conventions[convention].factors[k], &self.quantities[k]);
            let (rows, cols) = (self.right[k].rows(), self.right[k].cols());
            let is_known = self.candidates.iter().any(|candidate| candidate.explains_alone(k, convention));
            if is_known || !fits(&array.shape, &self.right[k]) {
                continue;
            }
            let scaled = Matrix::from_fn(rows, cols, |i, j| factor * self.right[k].at(i, j));
            let examples = self.formulas.examples();
            let Some(what) = looks::whole(&quantity.name, array, &scaled, self.terms[k], examples) else {
                continue;
            };
            self.slips.push(Slip { key: MEASURED, place: quantity.name.clone(), what });
            let values = array.values.iter().map(|value| value / factor);
            self.lines.push((k, Matrix::new(rows, cols, values.collect::<Vec<_>>())));
        }
        let kind = |i: usize| self.slips[i].place.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_like = |i: usize, j: usize| kind(i) == kind(j) && self.slips[i].what == self.slips[j].what;
        let all = before..self.slips.len();
        let alone = all.clone().map(|i| vec![i]);
        let like = all.clone().filter(|&i| !(before..i).any(|j| is_like(i, j)));
        let together = like.map(|i| (i..self.slips.len()).filter(|&j| is_like(i, j)).collect::<Vec<_>>());
        let groups: Vec<Vec<usize>> = alone.chain(together.filter(|slips| slips.len() > 1)).collect();
        let measured: Vec<Candidate> = groups.into_iter().map(|slips| self.candidate(slips)).collect();
        self.candidates.extend(measured);
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
        let is_handed = |k: &usize| self.is_handed(*k);
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
        let own = self.slips.len() - self.transposes.len() - self.lines.len();
        let turned = own + self.transposes.len();
        let of_formulas: Vec<usize> = made.iter().copied().filter(|&i| i < own).collect();
        let mut values = self.formulas.values(&of_formulas);
        for k in made.iter().filter(|&&i| (own..turned).contains(&i)).map(|&i| self.transposes[i - own]) {
            for form in self.forms(k) {
                values[form] = values[form].transposed();
            }
        }
        for (k, matrix) in made.iter().filter(|&&i| i >= turned).map(|&i| &self.lines[i - turned]) {
            for form in self.forms(*k) {
                values[form] = matrix.clone();
            }
        }
        values
    }

    /// Which of the quantities are what was handed in.
    fn fit(&self, convention: usize, values: &[Matrix], exact: bool) -> Vec<bool> {
        let factors = &self.conventions[convention].factors;
        let is = |k: usize, form: usize| self.handed.is(k, &values[form], factors[k], self.terms[k], exact);
        (0..factors.len()).map(|k| self.forms(k).any(|form| is(k, form))).collect()
    }

    pub(super) fn is_handed(&self, k: usize) -> bool {
        self.handed.arrays[k].is_some()
    }

    /// Which of the values quantity `k` may be.
    pub(super) fn forms(&self, k: usize) -> impl Iterator<Item = usize> {
        std::iter::once(k).chain(self.formulas.other_form(k))
    }

    /// Which quantities are in their other form, and no more in their own, with these slips made.
    pub(super) fn in_other_form(&self, convention: usize, made: &[usize]) -> Vec<usize> {
        let values = self.values(made);
        let factors = &self.conventions[convention].factors;
        let is = |k: usize, form: usize| self.handed.is(k, &values[form], factors[k], self.terms[k], true);
        let is_other = |&k: &usize| self.formulas.other_form(k).is_some_and(|form| !is(k, k) && is(k, form));
        (0..factors.len()).filter(is_other).collect()
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
        let first: Vec<usize> =
            ways.first()?.iter().flat_map(|&i| self.candidates[i].slips.iter().copied()).collect();
        let others = self.in_other_form(convention, &first);
        Some(Found { convention, ways, others })
    }

    /// These candidates together make what was handed in. What neither changes must be right, and what one alone changes must be as it
    /// makes it; only where two meet, both are computed together.
    fn is_way(&self, together: &[usize], convention: usize, right: &[bool]) -> bool {
        let parts: Vec<&Candidate> = together.iter().map(|&i| &self.candidates[i]).collect();
        let is_same_twice = || {
            let keys: Vec<&str> = parts.iter().map(|part| self.slips[part.slips[0]].key).collect();
            // Of two matrices that are wrong, each in its own way, both may come of one that is: that is no explanation.
            (1..keys.len()).any(|i| {
                keys[..i].contains(&keys[i])
                    && (keys[i] == MEASURED || parts.iter().any(|part| part.slips.len() > 1))
            })
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
