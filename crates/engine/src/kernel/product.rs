//! `Z = W·X + b`, `dX = Wᵀ·dZ` and `dW += dZ·Xᵀ`: one kernel, which broadcasts the left factor over lines of the right.
//!
//! Every entry is one chain: it starts at the bias, at 0 or at what is there, and adds its terms from left to right,
//! each product fused with its addition. So its bits depend neither on how the work is cut nor on the instruction set, and
//! equal those of the naive product.
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

use super::even_parts;
use super::simd::{Isa, Kernel, MOST_LANES, Simd, numbers};
use super::transpose::{Panel, panel_width};
use crate::activation::{relu, relu_backward};
use crate::tiles::{TILE, TilesRef};
use crate::{Float, MatRef};

/// Rows of a block: with four lines 24 accumulators, which leaves registers for a line of each factor.
const ROWS: usize = 6;
/// Terms added before the next block is taken up: four lines of so many inputs fill half a first-level cache.
const DEPTH: usize = 96;
/// Rows of the left factor that go over all tiles before the next ones are fetched.
const PANEL: usize = 16 * ROWS;

/// `Z = W·X + b`; these functions are documented where they are public: [`super::Products`].
pub(super) fn set_w_x_plus_b<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    x: TilesRef<'_, F>,
    b: &[F],
    then: Then<'_, F>,
    z: &mut [F::Line],
) {
    assert_eq!((w.rows(), w.cols()), (b.len(), x.rows()), "shapes of W·X + b");
    assert_eq!(z.len(), w.rows() * x.lines_per_row(), "lines of Z");
    let (factor, start) = (Plain(w), Start::Bias(b));
    match then {
        Then::Nothing => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: z }),
        Then::Relu => F::run_on(isa, Product { factor, x, start, finish: Relu, out: z }),
        Then::ReluDropout(mask, scale) => {
            assert_eq!(mask.len(), z.len(), "a word for each line of Z");
            F::run_on(isa, Product { factor, x, start, finish: ReluDropout(mask, scale), out: z });
        }
    }
}

/// What happens to Z = W·X + b on its way to memory.
#[derive(Clone, Copy, Debug)]
pub enum Then<'a, F> {
    /// Nothing.
    Nothing,
    /// max(0, z).
    Relu,
    /// The same, times a factor where a bit of the mask is set (a word for each line), 0 elsewhere.
    ReluDropout(&'a [u16], F),
}

/// `dX = Wᵀ·dZ`, gated.
pub(super) fn set_wt_dz<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    dz: TilesRef<'_, F>,
    gate: Option<(&[F::Line], F)>,
    dx: &mut [F::Line],
) {
    assert_eq!(w.rows(), dz.rows(), "shapes of Wᵀ·dZ");
    assert_eq!(dx.len(), w.cols() * dz.lines_per_row(), "lines of dX");
    let (factor, x, start) = (Transposed(w), dz, Start::Zero);
    match gate {
        Some((gate, scale)) => {
            assert_eq!(gate.len(), dx.len(), "lines of the gate and dX");
            F::run_on(isa, Product { factor, x, start, finish: Gate::<F>(gate, scale), out: dx });
        }
        None => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: dx }),
    }
}

/// `dW += dZ·Xᵀ` for a tile of inputs.
///
/// The chains run over the examples, so X is transposed on the way, a tile of examples at a time.
pub(super) fn add_dz_xt<F: Float>(
    isa: Isa,
    dz: TilesRef<'_, F>,
    x: TilesRef<'_, F>,
    tile: usize,
    fresh: bool,
    dw: &mut [F::Line],
) {
    assert_eq!(dz.m(), x.m(), "examples of dZ and X");
    assert_eq!(dw.len(), dz.rows() * panel_width::<F>(x.rows(), tile), "lines of dW");
    F::run_on(isa, Gradient { dz, x, tile, fresh, dw });
}

struct Gradient<'a, F: Float> {
    dz: TilesRef<'a, F>,
    x: TilesRef<'a, F>,
    tile: usize,
    fresh: bool,
    dw: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Gradient<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let (n_out, width) = (self.dz.rows(), panel_width::<F>(self.x.rows(), self.tile));
        let mut panel = [F::ZERO_LINE; TILE * TILE * MOST_LANES];
        for first in (0..self.x.m()).step_by(TILE * F::LANES) {
            let (dz, x) = (self.dz.examples(first, TILE * F::LANES), self.x.examples(first, TILE * F::LANES));
            Panel { x, tile: self.tile, panel: &mut panel }.run(s);
            // A tile of dZ is a row-major matrix of its examples.
            let factor = Plain(MatRef::new(numbers::<F>(dz.lines()), n_out, dz.lines_per_row() * F::LANES));
            let x = TilesRef::new(&panel[..x.m() * width], x.m(), width * F::LANES);
            let start = if self.fresh && first == 0 { Start::Zero } else { Start::Out };
            Product { factor, x, start, finish: AsIs, out: &mut *self.dw }.run(s);
        }
    }
}

/// Where the chains of a product begin.
#[derive(Clone, Copy)]
enum Start<'a, F> {
    /// At 0.
    Zero,
    /// At a number for each row.
    Bias(&'a [F]),
    /// At what is there already.
    Out,
}

/// What happens to a finished line on its way from the registers to memory.
trait Finish<F: Float>: Copy {
    /// Line number `at` of the result.
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V;
    /// The same for the result from line `start` on, where there are `len` lines of it.
    fn from(self, start: usize, len: usize) -> Self;
}

#[derive(Clone, Copy)]
struct AsIs;
#[derive(Clone, Copy)]
struct Relu;
#[derive(Clone, Copy)]
struct ReluDropout<'a, F>(&'a [u16], F);
#[derive(Clone, Copy)]
struct Gate<'a, F: Float>(&'a [F::Line], F);

impl<F: Float> Finish<F> for AsIs {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, _: S, v: S::V, _: usize) -> S::V {
        v
    }
    #[inline(always)]
    fn from(self, _: usize, _: usize) -> Self {
        self
    }
}

impl<F: Float> Finish<F> for Relu {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, _: usize) -> S::V {
        relu(s, v)
    }
    #[inline(always)]
    fn from(self, _: usize, _: usize) -> Self {
        self
    }
}

impl<F: Float> Finish<F> for ReluDropout<'_, F> {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V {
        s.keep(self.0[at], s.mul(relu(s, v), s.splat(self.1)))
    }
    #[inline(always)]
    fn from(self, start: usize, len: usize) -> Self {
        Self(&self.0[start..start + len], self.1)
    }
}

impl<F: Float> Finish<F> for Gate<'_, F> {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V {
        relu_backward(s, s.load(&self.0[at]), s.mul(v, s.splat(self.1)))
    }
    #[inline(always)]
    fn from(self, start: usize, len: usize) -> Self {
        Self(&self.0[start..start + len], self.1)
    }
}

/// The left factor A of A·X.
trait Factor<F: Float> {
    /// R rows of some columns of A.
    type Rows<'r, const R: usize>: Copy
    where
        Self: 'r;
    /// Rows of A.
    fn rows(&self) -> usize;
    /// Rows r … r + R of these columns.
    fn part<const R: usize>(&self, r: usize, columns: Range<usize>) -> Self::Rows<'_, R>;
    /// Ask for what the next part needs of columns k, … k + LANES.
    fn prefetch<S: Simd<F>, const R: usize>(&self, s: S, r: usize, k: usize);
    /// Column `k` of a part.
    fn column<const R: usize>(part: Self::Rows<'_, R>, k: usize) -> [F; R];
}

struct Plain<'a, F>(MatRef<'a, F>);
struct Transposed<'a, F>(MatRef<'a, F>);

// Loops below fill arrays where closures would read better: a closure may stay a call, and then it is not compiled
// for the instruction set.

impl<F: Float> Factor<F> for Plain<'_, F> {
    // Slices of one visible length let the compiler drop the bounds checks.
    type Rows<'r, const R: usize>
        = [&'r [F]; R]
    where
        Self: 'r;

    #[inline(always)]
    fn rows(&self) -> usize {
        self.0.rows()
    }
    #[inline(always)]
    fn part<const R: usize>(&self, r: usize, columns: Range<usize>) -> [&[F]; R] {
        let mut part = [self.0.data(); R];
        for i in 0..R {
            part[i] = &self.0.row(r + i)[columns.start..columns.end];
        }
        part
    }
    #[inline(always)]
    fn prefetch<S: Simd<F>, const R: usize>(&self, s: S, r: usize, k: usize) {
        for i in R..2 * R {
            s.prefetch(self.0.data(), (r + i) * self.0.cols() + k);
        }
    }
    #[inline(always)]
    fn column<const R: usize>(part: [&[F]; R], k: usize) -> [F; R] {
        let mut column = [F::ZERO; R];
        for i in 0..R {
            column[i] = part[i][k];
        }
        column
    }
}

impl<F: Float> Factor<F> for Transposed<'_, F> {
    /// The rows of the matrix itself from the first column on, and where in each the part lies.
    type Rows<'r, const R: usize>
        = (MatRef<'r, F>, usize)
    where
        Self: 'r;

    #[inline(always)]
    fn rows(&self) -> usize {
        self.0.cols()
    }
    #[inline(always)]
    fn part<const R: usize>(&self, r: usize, columns: Range<usize>) -> (MatRef<'_, F>, usize) {
        let n = self.0.cols();
        (MatRef::new(&self.0.data()[columns.start * n..columns.end * n], columns.len(), n), r)
    }
    #[inline(always)]
    fn prefetch<S: Simd<F>, const R: usize>(&self, s: S, r: usize, k: usize) {
        for k in k..k + F::LANES {
            s.prefetch(self.0.data(), k * self.0.cols() + r + 2 * R);
        }
    }
    #[inline(always)]
    fn column<const R: usize>((rows, r): (MatRef<'_, F>, usize), k: usize) -> [F; R] {
        *rows.row(k)[r..].first_chunk().expect("R entries from r on")
    }
}

struct Product<'a, F: Float, A, E> {
    factor: A,
    x: TilesRef<'a, F>,
    start: Start<'a, F>,
    finish: E,
    out: &'a mut [F::Line],
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
