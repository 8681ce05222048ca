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
use crate::simd::{Isa, Kernel, Rows, RowsMut, Set, Simd, per_line, registers, registers_mut};
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

pub(crate) struct Gradient<'a, F: Float> {
    pub(crate) dz: TilesRef<'a, F>,
    pub(crate) x: TilesRef<'a, F>,
    pub(crate) dw: &'a mut [F::Line],
    pub(crate) db: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Gradient<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(mut self, s: S) {
        for part in even_parts(self.dz.rows(), S::SHAPES.most_rows()) {
            match part.len() {
                1 => self.rows::<S, 1>(s, part.start),
                2 => self.rows::<S, 2>(s, part.start),
                // Not even compiled where there are no registers for it.
                3 if S::SHAPES.most_rows() > 2 => self.rows::<S, 3>(s, part.start),
                4 if S::SHAPES.most_rows() > 2 => self.rows::<S, 4>(s, part.start),
                5 if S::SHAPES.most_rows() > 4 => self.rows::<S, 5>(s, part.start),
                _ if S::SHAPES.most_rows() > 4 => self.rows::<S, 6>(s, part.start),
                _ => {}
            }
        }
    }
}

impl<F: Float> Gradient<'_, F> {
    /// R rows of dW, and of db where it is wanted: a column behind the others, whose X is 1.
    #[inline(always)]
    fn rows<S: Set<F>, const R: usize>(&mut self, s: S, row: usize) {
        let most = const { S::SHAPES.most_columns(R) };
        let columns = self.x.rows() + usize::from(!self.db.is_empty());
        for part in even_parts(columns, most) {
            match part.len() {
                1 => self.block::<S, R, 1>(s, row, part.start),
                2 => self.block::<S, R, 2>(s, row, part.start),
                3 if most > 2 => self.block::<S, R, 3>(s, row, part.start),
                4 if most > 3 => self.block::<S, R, 4>(s, row, part.start),
                5 if most > 4 => self.block::<S, R, 5>(s, row, part.start),
                6 if most > 5 => self.block::<S, R, 6>(s, row, part.start),
                _ => {}
            }
        }
    }

    /// R × C entries, register by register of their lines, which stay in registers over all tiles.
    #[inline(always)]
    fn block<S: Set<F>, const R: usize, const C: usize>(&mut self, s: S, row: usize, column: usize) {
        let per_line = per_line::<F, S::Register>();
        let (n_out, n_in, lines) = (self.dz.rows(), self.x.rows(), self.dz.lines_per_row());
        let dz = registers::<F, S::Register>(self.dz.lines());
        let x = registers::<F, S::Register>(self.x.lines());
        let ones = [F::ONE_LINE; TILE];
        let ones = registers::<F, S::Register>(&ones);
        let dw = registers_mut::<F, S::Register>(&mut self.dw[row * n_in..(row + R) * n_in]);
        let mut dw = RowsMut::<_, R>::new(dw, n_in * per_line);
        // Where the columns end with db.
        let db = (column + C > n_in).then(|| registers_mut::<F, S::Register>(&mut self.db[row..row + R]));
        let mut db = db.map(|db| RowsMut::<_, R>::new(db, per_line));
        let s = s.register();
        for part in 0..per_line {
            macro_rules! entry {
                ($r:ident, $c:ident) => {
                    match &mut db {
                        Some(db) if $c + 1 == C => db.at($r, part),
                        _ => dw.at($r, (column + $c) * per_line + part),
                    }
                };
            }
            let mut acc = [[s.splat(F::ZERO); C]; R];
            for r in 0..R {
                for c in 0..C {
                    acc[r][c] = s.load(entry!(r, c));
                }
            }
            for first in (0..lines).step_by(TILE) {
                let width = TILE.min(lines - first) * per_line;
                let dz = &dz[first * per_line * n_out + row * width..];
                let x = &x[first * per_line * n_in + column * width..];
                // Of a visible width where the tile is whole, so that the loop is unrolled.
                if width == TILE * per_line {
                    tile::<F, _, R, C>(
                        s,
                        dz,
                        (x, ones, db.is_some()),
                        TILE * per_line,
                        (part, per_line),
                        &mut acc,
                    );
                } else {
                    tile::<F, _, R, C>(s, dz, (x, ones, db.is_some()), width, (part, per_line), &mut acc);
                }
            }
            for r in 0..R {
                for c in 0..C {
                    s.store(acc[r][c], entry!(r, c));
                }
            }
        }
    }
}

/// What a tile of so many registers a row adds: those from `first` on, in steps.
#[inline(always)]
fn tile<F: Float, S: Simd<F>, const R: usize, const C: usize>(
    s: S,
    dz: &[S::Memory],
    (x, ones, with_ones): (&[S::Memory], &[S::Memory], bool),
    width: usize,
    (first, step): (usize, usize),
    acc: &mut [[S::V; C]; R],
) {
    let dz = Rows::<_, R>::new(dz, width);
    let mut columns = [&ones[..width]; C];
    for c in 0..C {
        if c + 1 < C || !with_ones {
            columns[c] = &x[c * width..][..width];
        }
    }
    let mut t = first;
    while t < width {
        let dz = dz.column(t);
        if R <= C {
            let mut rows = [s.splat(F::ZERO); R];
            for r in 0..R {
                rows[r] = s.load(dz[r]);
            }
            for c in 0..C {
                let x = s.load(&columns[c][t]);
                for r in 0..R {
                    acc[r][c] = s.mul_add(rows[r], x, acc[r][c]);
                }
            }
        } else {
            let mut vectors = [s.splat(F::ZERO); C];
            for c in 0..C {
                vectors[c] = s.load(&columns[c][t]);
            }
            for r in 0..R {
                let dz = s.load(dz[r]);
                for c in 0..C {
                    acc[r][c] = s.mul_add(dz, vectors[c], acc[r][c]);
                }
            }
        }
        t += step;
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
    fn run<S: Set<F>>(self, s: S) {
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
    fn run<S: Set<F>>(self, s: S) -> F {
        s.sum(s.load(self.0))
    }
}
