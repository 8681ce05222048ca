//! The chains of a product, in blocks that stay in registers.
//!
//! ```text
//!                            x[k]   [lane … ] [lane … ] [lane … ] [lane … ]    4 loads
//!  w[r    , k] broadcast  →         acc       acc       acc       acc
//!  w[r + 1, k] broadcast  →         acc       acc       acc       acc          6 broadcasts, 24 multiply-adds
//!     …
//! ```
//!
//! How many rows and registers a block has: `simd/shapes.rs`.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use std::ops::Range;

use super::finish::Finish;
use crate::parts::even_parts;
use crate::simd::{
    Kernel, RowsMut, Set, Shapes, Simd, Terms, Weights, per_line, prefetch, registers, registers_mut,
};
use crate::tiles::{TILE, TilesRef};
use crate::{Float, MatRef};

/// Terms added before the next block is taken up: four lines of so many inputs fill half a first-level cache.
const DEPTH: usize = 96;
/// Rows of the left factor that go over all tiles before the next ones are fetched.
const PANEL: usize = 16 * Shapes::ROWS;

/// Where the chains of a product begin.
#[derive(Clone, Copy)]
pub(crate) enum Start<'a, F> {
    /// At 0.
    Zero,
    /// At a number for each row.
    Bias(&'a [F]),
    /// At what is there already.
    Out,
}

/// The left factor, whose numbers are broadcast: a matrix as it lies, or its transpose.
#[derive(Clone, Copy)]
pub(crate) struct Factor<'a, F> {
    numbers: &'a [F],
    rows: usize,
    /// From a row to the next, from a column to the next.
    strides: (usize, usize),
}

impl<'a, F: Float> Factor<'a, F> {
    pub(crate) fn plain(matrix: MatRef<'a, F>) -> Self {
        Self { numbers: matrix.data(), rows: matrix.rows(), strides: (matrix.cols(), 1) }
    }

    pub(crate) fn transposed(matrix: MatRef<'a, F>) -> Self {
        Self { numbers: matrix.data(), rows: matrix.cols(), strides: (1, matrix.cols()) }
    }

    /// Ask for some terms of some rows, which the next block needs.
    #[inline(always)]
    fn fetch(&self, rows: Range<usize>, terms: &Range<usize>) {
        // A line at a time: along the rows where they lie in one piece, else a line of many rows for each term.
        if self.strides.1 == 1 {
            for row in rows {
                for k in terms.clone().step_by(F::LANES) {
                    prefetch(self.numbers, self.place(row, k));
                }
            }
        } else {
            for k in terms.clone() {
                prefetch(self.numbers, self.place(rows.end, k));
            }
        }
    }

    /// Where an entry lies.
    #[inline(always)]
    fn place(&self, row: usize, column: usize) -> usize {
        row * self.strides.0 + column * self.strides.1
    }
}

pub(crate) struct Product<'a, F: Float> {
    pub(crate) factor: Factor<'a, F>,
    pub(crate) x: TilesRef<'a, F>,
    pub(crate) start: Start<'a, F>,
    pub(crate) finish: Finish<'a, F>,
    pub(crate) out: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Product<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(mut self, s: S) {
        let lines = self.x.lines_per_row();
        for k in (0..self.x.rows()).step_by(DEPTH) {
            let terms = k..self.x.rows().min(k + DEPTH);
            // As many tiles as the first-level cache holds with so many terms.
            let together = TILE * (DEPTH / terms.len());
            for panel in even_parts(self.factor.rows, PANEL) {
                for first in (0..lines).step_by(together) {
                    let lines = first..lines.min(first + together);
                    for part in S::SHAPES.rows(panel.len()) {
                        let (row, lines, terms) = (panel.start + part.start, lines.clone(), &terms);
                        match part.len() {
                            1 => self.rows::<S, 1>(s, row, lines, terms),
                            4 => self.rows::<S, 4>(s, row, lines, terms),
                            _ if S::SHAPES == Shapes::Portable => {}
                            2 => self.rows::<S, 2>(s, row, lines, terms),
                            3 => self.rows::<S, 3>(s, row, lines, terms),
                            5 => self.rows::<S, 5>(s, row, lines, terms),
                            _ => self.rows::<S, { Shapes::ROWS }>(s, row, lines, terms),
                        }
                    }
                }
            }
        }
    }
}

impl<F: Float> Product<'_, F> {
    /// R rows from `row` on, of some lines: some terms of each chain.
    #[inline(always)]
    fn rows<S: Set<F>, const R: usize>(
        &mut self,
        s: S,
        row: usize,
        lines: Range<usize>,
        terms: &Range<usize>,
    ) {
        let (rows, depth, per_line) = (self.factor.rows, self.x.rows(), per_line::<F, S::Register>());
        let x = registers::<F, S::Register>(self.x.lines());
        // Long sums come from large matrices, whose rows are fetched while the rows before them are at work.
        if R == Shapes::ROWS && terms.len() >= DEPTH / 2 {
            self.factor.fetch(row + R..row + 2 * R, terms);
        }
        let start = match self.start {
            _ if terms.start > 0 => Start::Out,
            Start::Bias(b) => Start::Bias(&b[row..row + R]),
            start => start,
        };
        for first in lines.clone().step_by(TILE) {
            let lines = TILE.min(lines.end - first);
            let at = first * rows + row * lines;
            let out = registers_mut::<F, S::Register>(&mut self.out[at..at + R * lines]);
            let width = lines * per_line;
            let mut tile = Tile {
                s: s.register(),
                factor: &self.factor,
                row,
                terms: terms.clone(),
                x: &x[first * depth * per_line + terms.start * width..],
                start,
                // Only the last terms complete the chains.
                finish: if terms.end == depth { self.finish.of(at, R * lines) } else { Finish::AsIs },
                out: RowsMut::<_, R>::new(out, width),
            };
            match S::SHAPES {
                Shapes::Wide => match lines {
                    1 => tile.block::<1>(0),
                    2 => tile.block::<2>(0),
                    3 => tile.block::<3>(0),
                    _ => tile.block::<TILE>(0),
                },
                Shapes::Narrow => match R {
                    1 if lines == TILE => {
                        for register in (0..TILE * per_line).step_by(8) {
                            tile.block::<8>(register);
                        }
                    }
                    2 | 3 if lines == TILE => {
                        for register in (0..TILE * per_line).step_by(4) {
                            tile.block::<4>(register);
                        }
                    }
                    _ => {
                        for register in (0..lines * per_line).step_by(2) {
                            tile.block::<2>(register);
                        }
                    }
                },
                Shapes::Portable => {
                    for line in 0..lines {
                        tile.block::<1>(line);
                    }
                }
            }
        }
    }
}

/// R rows of a tile, some terms of each chain, in registers of `S`.
struct Tile<'a, F: Float, S: Simd<F>, const R: usize> {
    s: S,
    factor: &'a Factor<'a, F>,
    row: usize,
    terms: Range<usize>,
    /// From the first term on.
    x: &'a [S::Memory],
    start: Start<'a, F>,
    finish: Finish<'a, F>,
    out: RowsMut<'a, S::Memory, R>,
}

impl<F: Float, S: Simd<F>, const R: usize> Tile<'_, F, S, R> {
    /// N registers of each row, from register `j` on.
    #[inline(always)]
    fn block<const N: usize>(&mut self, j: usize) {
        let s = self.s;
        let mut acc = [[s.splat(F::ZERO); N]; R];
        match self.start {
            Start::Zero => {}
            Start::Bias(b) => {
                for (acc, &b) in acc.iter_mut().zip(b) {
                    *acc = [s.splat(b); N];
                }
            }
            Start::Out => {
                for i in 0..R {
                    for n in 0..N {
                        acc[i][n] = s.load(self.out.at(i, j + n));
                    }
                }
            }
        }
        let (factor, count) = (self.factor, self.terms.len());
        let weights = (&factor.numbers[factor.place(self.row, self.terms.start)..], factor.strides);
        let mut terms = Terms::<_, _, R, N>::new(count, weights, (&self.x[j..], self.out.width()));
        while let Some((x, weights)) = terms.next() {
            Self::add(s, weights, x, &mut acc);
        }
        self.finish.store::<S, R, N>(s, &acc, &mut self.out, j);
    }

    /// One term of R · N chains.
    #[inline(always)]
    fn add<const N: usize>(s: S, mut weights: Weights<'_, F>, x: &[S::Memory; N], acc: &mut [[S::V; N]; R]) {
        let mut vectors = [s.splat(F::ZERO); N];
        for n in 0..N {
            vectors[n] = s.load(&x[n]);
        }
        for i in 0..R {
            let weight = weights.next(s);
            for n in 0..N {
                acc[i][n] = s.mul_add(weight, vectors[n], acc[i][n]);
                weights.wait_for(s, acc[i][n]);
            }
        }
    }
}
