//! `dW += dZ·Xᵀ` and `db += Σ dZ` of small networks: sums over examples, kept lane by lane.
//!
//! Each entry of the gradient is a line of partial sums: lane l adds examples l, l + LANES, l + 2 LANES, … in
//! order, each product fused with its addition. The lanes are joined when the batch is through ([`set_joined`]): best
//! for the few weights of a small network, whose examples stand in the lanes already. The lines of a large one would
//! fill megabytes; its dW is a product like the others (`product.rs`), and only its db is kept in lanes.
//!
//! Either way the bits do not depend on the instruction set.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use super::even_parts;
use super::simd::{Isa, Kernel, Simd};
use crate::Float;
use crate::tiles::{TILE, TilesRef};

/// Add the products of a block of examples to the lanes of `dw` and `db`: see [`super::Products`].
pub(super) fn add_dz_xt_lanes<F: Float>(
    isa: Isa,
    dz: TilesRef<'_, F>,
    x: TilesRef<'_, F>,
    dw: &mut [F::Line],
    db: &mut [F::Line],
) {
    assert_eq!(dz.m(), x.m(), "examples of dZ and X");
    assert_eq!((dw.len(), db.len()), (dz.rows() * x.rows(), dz.rows()), "shapes of dW and db");
    F::run_on(isa, Gradient { dz, x, dw, db });
}

/// Only the second of the two: Σ dZ.
pub fn add_dz_lanes<F: Float>(isa: Isa, dz: TilesRef<'_, F>, db: &mut [F::Line]) {
    let x = TilesRef::new(&[], 0, dz.m());
    F::add_dz_xt_lanes(isa, dz, x, &mut [], db);
}

/// `out = factor · Σ lanes`, entry by entry.
pub fn set_joined<F: Float>(isa: Isa, lanes: &[F::Line], factor: F, out: &mut [F]) {
    assert_eq!(lanes.len(), out.len(), "a line for each entry");
    F::run_on(isa, Join { lanes, factor, out });
}

struct Gradient<'a, F: Float> {
    dz: TilesRef<'a, F>,
    x: TilesRef<'a, F>,
    dw: &'a mut [F::Line],
    db: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Gradient<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(mut self, s: S) {
        for part in even_parts(self.dz.rows(), if S::GROUP == 1 { 2 } else { 6 }) {
            match part.len() {
                1 => self.rows::<S, 1>(s, part.start),
                2 => self.rows::<S, 2>(s, part.start),
                // Not even compiled where there are no registers for it.
                3 if S::GROUP > 1 => self.rows::<S, 3>(s, part.start),
                4 if S::GROUP > 1 => self.rows::<S, 4>(s, part.start),
                5 if S::GROUP > 1 => self.rows::<S, 5>(s, part.start),
                _ if S::GROUP > 1 => self.rows::<S, 6>(s, part.start),
                _ => {}
            }
        }
    }
}

impl<F: Float> Gradient<'_, F> {
    /// R rows of dW and db.
    #[inline(always)]
    fn rows<S: Simd<F>, const R: usize>(&mut self, s: S, o: usize) {
        // At most 24 accumulators; with two registers to a line, 4.
        let most = match R {
            _ if S::GROUP == 1 => 2,
            1..=3 => 6,
            _ => 4,
        };
        for part in even_parts(self.x.rows(), most) {
            match part.len() {
                1 => self.block::<S, R, 1>(s, o, part.start),
                2 => self.block::<S, R, 2>(s, o, part.start),
                3 if S::GROUP > 1 => self.block::<S, R, 3>(s, o, part.start),
                4 if S::GROUP > 1 => self.block::<S, R, 4>(s, o, part.start),
                5 if S::GROUP > 1 && R <= 3 => self.block::<S, R, 5>(s, o, part.start),
                _ if S::GROUP > 1 && R <= 3 => self.block::<S, R, 6>(s, o, part.start),
                _ => {}
            }
        }
        let mut acc = [s.splat(F::ZERO); R];
        for r in 0..R {
            acc[r] = s.load(&self.db[o + r]);
        }
        let (dz, lines) = (self.dz.lines(), self.dz.lines_per_row());
        for first in (0..lines).step_by(TILE) {
            let width = TILE.min(lines - first);
            let dz = &dz[first * self.dz.rows() + o * width..][..R * width];
            for r in 0..R {
                for line in &dz[r * width..(r + 1) * width] {
                    acc[r] = s.add(acc[r], s.load(line));
                }
            }
        }
        for r in 0..R {
            s.store(acc[r], &mut self.db[o + r]);
        }
    }

    /// R × C entries of dW, kept in registers over all tiles.
    #[inline(always)]
    fn block<S: Simd<F>, const R: usize, const C: usize>(&mut self, s: S, o: usize, i: usize) {
        let (n_out, n_in, lines) = (self.dz.rows(), self.x.rows(), self.dz.lines_per_row());
        let mut acc = [[s.splat(F::ZERO); C]; R];
        for r in 0..R {
            for c in 0..C {
                acc[r][c] = s.load(&self.dw[(o + r) * n_in + i + c]);
            }
        }
        let whole = lines - lines % TILE;
        let (dz, dz_rest) = self.dz.lines().split_at(whole * n_out);
        let (x, x_rest) = self.x.lines().split_at(whole * n_in);
        for (dz, x) in dz.chunks_exact(TILE * n_out).zip(x.chunks_exact(TILE * n_in)) {
            Self::tile::<S, R, C, TILE>(s, &dz[TILE * o..], &x[TILE * i..], &mut acc);
        }
        match lines - whole {
            1 => Self::tile::<S, R, C, 1>(s, &dz_rest[o..], &x_rest[i..], &mut acc),
            2 => Self::tile::<S, R, C, 2>(s, &dz_rest[2 * o..], &x_rest[2 * i..], &mut acc),
            3 => Self::tile::<S, R, C, 3>(s, &dz_rest[3 * o..], &x_rest[3 * i..], &mut acc),
            _ => {}
        }
        for r in 0..R {
            for c in 0..C {
                s.store(acc[r][c], &mut self.dw[(o + r) * n_in + i + c]);
            }
        }
    }

    /// What a tile of T lines a row adds.
    #[inline(always)]
    fn tile<S: Simd<F>, const R: usize, const C: usize, const T: usize>(
        s: S,
        dz: &[F::Line],
        x: &[F::Line],
        acc: &mut [[S::V; C]; R],
    ) {
        let (dz, x) = (dz.as_chunks::<T>().0, x.as_chunks::<T>().0);
        let (Some(dz), Some(x)) = (dz.first_chunk::<R>(), x.first_chunk::<C>()) else { return };
        for t in 0..T {
            let mut lines = [s.splat(F::ZERO); C];
            for c in 0..C {
                lines[c] = s.load(&x[c][t]);
            }
            for r in 0..R {
                let dz = s.load(&dz[r][t]);
                for c in 0..C {
                    acc[r][c] = s.mul_add(dz, lines[c], acc[r][c]);
                }
            }
        }
    }
}

struct Join<'a, F: Float> {
    lanes: &'a [F::Line],
    factor: F,
    out: &'a mut [F],
}

impl<F: Float> Kernel<F> for Join<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        for (out, lanes) in self.out.iter_mut().zip(self.lanes) {
            *out = self.factor * s.sum(s.load(lanes));
        }
    }
}
