//! The left factor, whose numbers are broadcast: a matrix as it lies, or its transpose.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use std::ops::Range;

use crate::simd::Simd;
use crate::{Float, MatRef};

/// The left factor A of A·X.
pub(super) trait Factor<F: Float> {
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

pub(super) struct Plain<'a, F>(pub(super) MatRef<'a, F>);
pub(super) struct Transposed<'a, F>(pub(super) MatRef<'a, F>);

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
