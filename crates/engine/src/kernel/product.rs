//! `Z = W·X + b` and `dX = Wᵀ·dZ`: one kernel that broadcasts weights over lines of examples.
//!
//! Every entry is one chain: it starts at the bias (or 0) and adds its terms from left to right, each product
//! fused with its addition. So its bits depend neither on how the work is cut nor on the instruction set, and
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
use super::simd::{Isa, Kernel, Simd};
use crate::activation::{relu, relu_backward};
use crate::tiles::{TILE, TilesRef};
use crate::{Float, MatRef};

/// Rows of a block: with four lines 24 accumulators, which leaves registers for a line of each factor.
const ROWS: usize = 6;
/// Terms added before the next block is taken up: four lines of so many inputs fill half a first-level cache.
const DEPTH: usize = 96;

/// `Z = W·X + b`: W (n_out, n_in), X (n_in, m), b (n_out), Z (n_out, m). `relu` sets what is below 0 to 0.
pub fn set_w_x_plus_b<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    x: TilesRef<'_, F>,
    b: &[F],
    relu: bool,
    z: &mut [F::Line],
) {
    assert_eq!((w.rows(), w.cols()), (b.len(), x.rows()), "shapes of W·X + b");
    assert_eq!(z.len(), w.rows() * x.lines_per_row(), "lines of Z");
    let (factor, start) = (Plain(w), Some(b));
    match relu {
        true => F::run_on(isa, Product { factor, x, start, finish: Relu, out: z }),
        false => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: z }),
    }
}

/// `dX = Wᵀ·dZ`: W (n_out, n_in), dZ (n_out, m), dX (n_in, m). Where `open` is given, dX is 0 wherever that is
/// not above 0: the derivative of relu.
pub fn set_wt_dz<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    dz: TilesRef<'_, F>,
    open: Option<&[F::Line]>,
    dx: &mut [F::Line],
) {
    assert_eq!(w.rows(), dz.rows(), "shapes of Wᵀ·dZ");
    assert_eq!(dx.len(), w.cols() * dz.lines_per_row(), "lines of dX");
    let (factor, x, start) = (Transposed(w), dz, None);
    match open {
        Some(open) => {
            assert_eq!(open.len(), dx.len(), "lines of A and dX");
            F::run_on(isa, Product { factor, x, start, finish: Gate::<F>(open), out: dx });
        }
        None => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: dx }),
    }
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
struct Gate<'a, F: Float>(&'a [F::Line]);

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

impl<F: Float> Finish<F> for Gate<'_, F> {
    #[inline(always)]
    fn finish<S: Simd<F>>(self, s: S, v: S::V, at: usize) -> S::V {
        relu_backward(s, s.load(&self.0[at]), v)
    }
    #[inline(always)]
    fn from(self, start: usize, len: usize) -> Self {
        Self(&self.0[start..start + len])
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
    fn column<const R: usize>((rows, r): (MatRef<'_, F>, usize), k: usize) -> [F; R] {
        *rows.row(k)[r..].first_chunk().expect("R entries from r on")
    }
}

struct Product<'a, F: Float, A, E> {
    factor: A,
    x: TilesRef<'a, F>,
    start: Option<&'a [F]>,
    finish: E,
    out: &'a mut [F::Line],
}

impl<F: Float, A: Factor<F>, E: Finish<F>> Kernel<F> for Product<'_, F, A, E> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(mut self, s: S) {
        let lines = self.x.lines_per_row();
        for first in (0..lines).step_by(TILE) {
            match lines - first {
                1 => self.tile::<S, 1>(s, first),
                2 => self.tile::<S, 2>(s, first),
                3 => self.tile::<S, 3>(s, first),
                _ => self.tile::<S, TILE>(s, first),
            }
        }
    }
}

impl<F: Float, A: Factor<F>, E: Finish<F>> Product<'_, F, A, E> {
    /// All rows of a tile of T lines a row.
    #[inline(always)]
    fn tile<S: Simd<F>, const T: usize>(&mut self, s: S, first: usize) {
        let (rows, depth) = (self.factor.rows(), self.x.rows());
        let (x, _) = self.x.lines()[first * depth..][..T * depth].as_chunks::<T>();
        for k in (0..depth).step_by(DEPTH) {
            let terms = k..depth.min(k + DEPTH);
            for part in even_parts(rows, ROWS) {
                let out = &mut self.out[first * rows + part.start * T..][..part.len() * T];
                let (out, _) = out.as_chunks_mut::<T>();
                let block = Block {
                    factor: &self.factor,
                    start: self.start.map(|start| &start[part.clone()]),
                    finish: self.finish.from(first * rows + part.start * T, part.len() * T),
                    row: part.start,
                    is_last: terms.end == depth,
                    terms: terms.clone(),
                    x: &x[terms.clone()],
                };
                match part.len() {
                    1 => block.run::<S, 1>(s, out),
                    2 => block.run::<S, 2>(s, out),
                    3 => block.run::<S, 3>(s, out),
                    4 => block.run::<S, 4>(s, out),
                    5 => block.run::<S, 5>(s, out),
                    _ => block.run::<S, ROWS>(s, out),
                }
            }
        }
    }
}

/// Some rows of a tile, some terms of each chain.
struct Block<'a, F: Float, A, E, const T: usize> {
    factor: &'a A,
    start: Option<&'a [F]>,
    finish: E,
    row: usize,
    terms: Range<usize>,
    is_last: bool,
    x: &'a [[F::Line; T]],
}

impl<F: Float, A: Factor<F>, E: Finish<F>, const T: usize> Block<'_, F, A, E, T> {
    /// R rows, as many lines at a time as there are registers for.
    #[inline(always)]
    fn run<S: Simd<F>, const R: usize>(&self, s: S, out: &mut [[F::Line; T]]) {
        let Some(out) = out.first_chunk_mut::<R>() else { return };
        if S::GROUP == 1 {
            for j in 0..T {
                self.lines::<S, R, 1>(s, j, out);
            }
        } else {
            self.lines::<S, R, T>(s, 0, out);
        }
    }

    /// R rows of N lines from line `j` on.
    #[inline(always)]
    fn lines<S: Simd<F>, const R: usize, const N: usize>(&self, s: S, j: usize, out: &mut [[F::Line; T]; R]) {
        let mut acc = [[s.splat(F::ZERO); N]; R];
        if self.terms.start > 0 {
            for i in 0..R {
                for n in 0..N {
                    acc[i][n] = s.load(&out[i][j + n]);
                }
            }
        } else if let Some(start) = self.start.and_then(|start| start.first_chunk::<R>()) {
            for i in 0..R {
                acc[i] = [s.splat(start[i]); N];
            }
        }
        let part = self.factor.part::<R>(self.row, self.terms.clone());
        for (k, x) in self.x.iter().enumerate() {
            let weights = A::column::<R>(part, k);
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
        for i in 0..R {
            for n in 0..N {
                let v = acc[i][n];
                let v = if self.is_last { self.finish.finish(s, v, i * T + j + n) } else { v };
                s.store(v, &mut out[i][j + n]);
            }
        }
    }
}
