//! `dW += dZ·Xᵀ` and `db += Σ dZ` of small networks: sums over examples, kept lane by lane.
//!
//! Each entry of the gradient is a line of partial sums: lane l adds examples l, l + LANES, l + 2 LANES, … in
//! order, each product fused with its addition. The lanes are joined when the batch is through (`set_joined`): best
//! for the few weights of a small network, whose examples stand in the lanes already. The lines of a large one would
//! fill megabytes; its dW is a product like the others (`product/`), and only its db is kept in lanes.
//!
//! Either way the bits do not depend on the instruction set.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use crate::Float;
use crate::parts::even_parts;
use crate::simd::{Isa, Kernel, Simd};
use crate::tiles::{TILE, TilesRef};

/// Add the products of a block of examples to the lanes of `dw` and `db`.
pub(crate) fn add_dz_xt_lanes<F: Float>(
    isa: Isa,
    dz: TilesRef<'_, F>,
    x: TilesRef<'_, F>,
    dw: &mut [F::Line],
    db: &mut [F::Line],
) {
    assert_eq!(dz.m(), x.m(), "examples of dZ and X");
    assert_eq!(dw.len(), dz.rows() * x.rows(), "shape of dW");
    assert!(db.is_empty() || db.len() == dz.rows(), "shape of db");
    F::run_on(isa, Gradient { dz, x, dw, db });
}

/// `out = factor · Σ lanes`, entry by entry.
pub(crate) fn set_joined<F: Float>(isa: Isa, lanes: &[F::Line], factor: F, out: &mut [F]) {
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
        // At most 25 accumulators, db's among them; with two registers to a line, 6.
        let most = match R {
            _ if S::GROUP == 1 => 2,
            1..=3 => 6,
            4 | 5 => 4,
            _ => 3,
        };
        let mut parts = even_parts(self.x.rows(), most);
        // db, where it is wanted, goes with the first columns, whose dZ is in registers already.
        let first = if self.db.is_empty() { None } else { Some(parts.next().map_or(0, |part| part.len())) };
        match first {
            None => {}
            Some(0) => self.block::<S, R, 0, true>(s, o, 0),
            Some(1) => self.block::<S, R, 1, true>(s, o, 0),
            Some(2) => self.block::<S, R, 2, true>(s, o, 0),
            Some(3) if S::GROUP > 1 => self.block::<S, R, 3, true>(s, o, 0),
            Some(4) if S::GROUP > 1 && R <= 5 => self.block::<S, R, 4, true>(s, o, 0),
            Some(5) if S::GROUP > 1 && R <= 3 => self.block::<S, R, 5, true>(s, o, 0),
            Some(_) if S::GROUP > 1 && R <= 3 => self.block::<S, R, 6, true>(s, o, 0),
            Some(_) => {}
        }
        for part in parts {
            match part.len() {
                1 => self.block::<S, R, 1, false>(s, o, part.start),
                2 => self.block::<S, R, 2, false>(s, o, part.start),
                3 if S::GROUP > 1 => self.block::<S, R, 3, false>(s, o, part.start),
                4 if S::GROUP > 1 && R <= 5 => self.block::<S, R, 4, false>(s, o, part.start),
                5 if S::GROUP > 1 && R <= 3 => self.block::<S, R, 5, false>(s, o, part.start),
                _ if S::GROUP > 1 && R <= 3 => self.block::<S, R, 6, false>(s, o, part.start),
                _ => {}
            }
        }
    }

    /// R × C entries of dW, and R of db where B says so, kept in registers over all tiles.
    #[inline(always)]
    fn block<S: Simd<F>, const R: usize, const C: usize, const B: bool>(&mut self, s: S, o: usize, i: usize) {
        let (n_out, n_in, lines) = (self.dz.rows(), self.x.rows(), self.dz.lines_per_row());
        let mut acc = ([[s.splat(F::ZERO); C]; R], [s.splat(F::ZERO); R]);
        for r in 0..R {
            for c in 0..C {
                acc.0[r][c] = s.load(&self.dw[(o + r) * n_in + i + c]);
            }
            if B {
                acc.1[r] = s.load(&self.db[o + r]);
            }
        }
        let whole = lines - lines % TILE;
        let (dz, dz_rest) = self.dz.lines().split_at(whole * n_out);
        let (x, x_rest) = self.x.lines().split_at(whole * n_in);
        for (k, dz) in dz.chunks_exact(TILE * n_out).enumerate() {
            let x = &x[k * TILE * n_in..(k + 1) * TILE * n_in];
            Self::tile::<S, R, C, B, TILE>(s, &dz[TILE * o..], &x[TILE * i..], &mut acc);
        }
        match lines - whole {
            1 => Self::tile::<S, R, C, B, 1>(s, &dz_rest[o..], &x_rest[i..], &mut acc),
            2 => Self::tile::<S, R, C, B, 2>(s, &dz_rest[2 * o..], &x_rest[2 * i..], &mut acc),
            3 => Self::tile::<S, R, C, B, 3>(s, &dz_rest[3 * o..], &x_rest[3 * i..], &mut acc),
            _ => {}
        }
        for r in 0..R {
            for c in 0..C {
                s.store(acc.0[r][c], &mut self.dw[(o + r) * n_in + i + c]);
            }
            if B {
                s.store(acc.1[r], &mut self.db[o + r]);
            }
        }
    }

    /// What a tile of T lines a row adds.
    #[inline(always)]
    fn tile<S: Simd<F>, const R: usize, const C: usize, const B: bool, const T: usize>(
        s: S,
        dz: &[F::Line],
        x: &[F::Line],
        (dw, db): &mut ([[S::V; C]; R], [S::V; R]),
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
                    dw[r][c] = s.mul_add(dz, lines[c], dw[r][c]);
                }
                if B {
                    db[r] = s.add(db[r], dz);
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

pub(crate) fn sum_of_lanes<F: Float>(isa: Isa, line: &F::Line) -> F {
    F::run_on(isa, Sum(line))
}

struct Sum<'a, F: Float>(&'a F::Line);

impl<F: Float> Kernel<F> for Sum<'_, F> {
    type Output = F;

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) -> F {
        s.sum(s.load(self.0))
    }
}
