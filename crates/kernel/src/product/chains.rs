//! The chains of a product, in blocks that stay in registers.
//!
//! A block of up to `ROWS` rows of a tile is kept in registers while the chains run:
//!
//! ```text
//!                            x[k]   [lane … ] [lane … ] [lane … ] [lane … ]    4 loads
//!  w[r    , k] broadcast  →         acc       acc       acc       acc
//!  w[r + 1, k] broadcast  →         acc       acc       acc       acc          6 broadcasts, 24 multiply-adds
//!     …
//! ```
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use std::ops::Range;

use super::factor::Factor;
use super::finish::Finish;
use crate::Float;
use crate::parts::even_parts;
use crate::simd::{Kernel, Simd};
use crate::tiles::{TILE, TilesRef};

/// Rows of a block: with four lines 24 accumulators, which leaves registers for a line of each factor.
const ROWS: usize = 6;
/// Terms added before the next block is taken up: four lines of so many inputs fill half a first-level cache.
const DEPTH: usize = 96;
/// Rows of the left factor that go over all tiles before the next ones are fetched.
const PANEL: usize = 16 * ROWS;

/// Where the chains of a product begin.
#[derive(Clone, Copy)]
pub(super) enum Start<'a, F> {
    /// At 0.
    Zero,
    /// At a number for each row.
    Bias(&'a [F]),
    /// At what is there already.
    Out,
}

pub(super) struct Product<'a, F: Float, A, E> {
    pub(super) factor: A,
    pub(super) x: TilesRef<'a, F>,
    pub(super) start: Start<'a, F>,
    pub(super) finish: E,
    pub(super) out: &'a mut [F::Line],
}

impl<F: Float, A: Factor<F>, E: Finish<F>> Kernel<F> for Product<'_, F, A, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(mut self, s: S) {
        let lines = self.x.lines_per_row();
        for k in (0..self.x.rows()).step_by(DEPTH) {
            let terms = k..self.x.rows().min(k + DEPTH);
            // As many tiles as the first-level cache holds with so many terms.
            let together = TILE * (DEPTH / terms.len());
            for panel in even_parts(self.factor.rows(), PANEL) {
                for first in (0..lines).step_by(together) {
                    let lines = first..lines.min(first + together);
                    for part in even_parts(panel.len(), ROWS) {
                        let (row, lines, terms) = (panel.start + part.start, lines.clone(), terms.clone());
                        match part.len() {
                            1 => self.rows::<S, 1>(s, row, lines, terms),
                            2 => self.rows::<S, 2>(s, row, lines, terms),
                            3 => self.rows::<S, 3>(s, row, lines, terms),
                            4 => self.rows::<S, 4>(s, row, lines, terms),
                            5 => self.rows::<S, 5>(s, row, lines, terms),
                            _ => self.rows::<S, ROWS>(s, row, lines, terms),
                        }
                    }
                }
            }
        }
    }
}

impl<F: Float, A: Factor<F>, E: Finish<F>> Product<'_, F, A, E> {
    /// R rows from `row` on, of some tiles: some terms of each chain.
    #[inline(always)]
    fn rows<S: Simd<F>, const R: usize>(
        &mut self,
        s: S,
        row: usize,
        lines: Range<usize>,
        terms: Range<usize>,
    ) {
        let whole = lines.end - lines.len() % TILE;
        for first in (lines.start..whole).step_by(TILE) {
            self.block::<S, R, TILE>(s, row, first, &terms);
        }
        match lines.end - whole {
            1 => self.block::<S, R, 1>(s, row, whole, &terms),
            2 => self.block::<S, R, 2>(s, row, whole, &terms),
            3 => self.block::<S, R, 3>(s, row, whole, &terms),
            _ => {}
        }
    }

    /// The same of one tile, which begins with line `first` and has T lines a row.
    #[inline(always)]
    fn block<S: Simd<F>, const R: usize, const T: usize>(
        &mut self,
        s: S,
        row: usize,
        first: usize,
        terms: &Range<usize>,
    ) {
        let (rows, depth) = (self.factor.rows(), self.x.rows());
        let at = first * rows + row * T;
        let (out, _) = self.out[at..at + R * T].as_chunks_mut::<T>();
        let Some(out) = out.first_chunk_mut::<R>() else { return };
        let x = &self.x.lines()[first * depth + terms.start * T..first * depth + terms.end * T];
        let block = Block {
            factor: &self.factor,
            start: match self.start {
                _ if terms.start > 0 => Start::Out,
                Start::Bias(b) => Start::Bias(&b[row..row + R]),
                start => start,
            },
            finish: self.finish.from(at, R * T),
            row,
            is_last: terms.end == depth,
            first: terms.start,
            x: x.as_chunks::<T>().0,
        };
        // As many lines at a time as there are registers for.
        if S::GROUP == 1 {
            for j in 0..T {
                block.lines::<S, R, 1>(s, j, out);
            }
        } else {
            block.lines::<S, R, T>(s, 0, out);
        }
    }
}

/// Some rows of a tile, some terms of each chain.
struct Block<'a, F: Float, A, E, const T: usize> {
    factor: &'a A,
    start: Start<'a, F>,
    finish: E,
    row: usize,
    /// These terms complete the chains.
    is_last: bool,
    /// The first term; there are as many as rows of `x`.
    first: usize,
    x: &'a [[F::Line; T]],
}

impl<F: Float, A: Factor<F>, E: Finish<F>, const T: usize> Block<'_, F, A, E, T> {
    /// R rows of N lines from line `j` on.
    #[inline(always)]
    fn lines<S: Simd<F>, const R: usize, const N: usize>(&self, s: S, j: usize, out: &mut [[F::Line; T]; R]) {
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
                        acc[i][n] = s.load(&out[i][j + n]);
                    }
                }
            }
        }
        let part = self.factor.part::<R>(self.row, self.first..self.first + self.x.len());
        // Long sums come from large matrices, whose rows are fetched while the rows before them are at work.
        let is_long = R == ROWS && self.x.len() >= DEPTH / 2;
        let (long, short) = self.x.split_at(if is_long { self.x.len() - self.x.len() % F::LANES } else { 0 });
        for (chunk, x) in long.chunks_exact(F::LANES).enumerate() {
            let first = chunk * F::LANES;
            self.factor.prefetch::<S, R>(s, self.row, self.first + first);
            for (k, x) in x.iter().enumerate() {
                Self::term::<S, R, N>(s, A::column::<R>(part, first + k), x, j, &mut acc);
            }
        }
        for (k, x) in short.iter().enumerate() {
            Self::term::<S, R, N>(s, A::column::<R>(part, long.len() + k), x, j, &mut acc);
        }
        for i in 0..R {
            for n in 0..N {
                let v = acc[i][n];
                let v = if self.is_last { self.finish.finish(s, v, i * T + j + n) } else { v };
                s.store(v, &mut out[i][j + n]);
            }
        }
    }
    /// One term of R · N chains.
    #[inline(always)]
    fn term<S: Simd<F>, const R: usize, const N: usize>(
        s: S,
        weights: [F; R],
        x: &[F::Line; T],
        j: usize,
        acc: &mut [[S::V; N]; R],
    ) {
        let mut lines = [s.splat(F::ZERO); N];
        for n in 0..N {
            lines[n] = s.load(&x[j + n]);
        }
        for i in 0..R {
            let weight = s.splat(weights[i]);
            for n in 0..N {
                acc[i][n] = s.mul_add(weight, lines[n], acc[i][n]);
            }
        }
    }
}
