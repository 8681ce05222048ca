//! Changing between examples in the lanes and features in the lanes.
//!
//! Squares of [`Float::LANES`] × LANES numbers are transposed in registers.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use crate::simd::{Isa, Kernel, MOST_LANES, Set};
use crate::tiles::{TILE, TilesRef, line_index, lines_of};
use crate::{Float, MatRef};

/// Lines that hold the features of tile `tile` of Xᵀ: up to four for each example.
pub(crate) fn panel_width<F: Float>(features: usize, tile: usize) -> usize {
    TILE.min(lines_of::<F>(features) - tile * TILE)
}

/// Sets tile `tile` of Xᵀ: for each example, [`panel_width`] lines of features, 0 beyond the last one.
pub(crate) struct Panel<'a, F: Float> {
    pub(crate) x: TilesRef<'a, F>,
    pub(crate) tile: usize,
    pub(crate) panel: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Panel<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let (rows, lines_per_row) = (self.x.rows(), self.x.lines_per_row());
        let width = panel_width::<F>(rows, self.tile);
        let panel = self.panel.chunks_exact_mut(F::LANES * width).take(lines_per_row);
        for (k, panel) in panel.enumerate() {
            let tile_width = TILE.min(lines_per_row - k / TILE * TILE);
            let x = &self.x.lines()[line_index(rows, lines_per_row, 0, k)..];
            for n in 0..width {
                let first = (self.tile * TILE + n) * F::LANES;
                let mut square = [s.splat(F::ZERO); MOST_LANES];
                for (i, line) in square.iter_mut().enumerate().take(F::LANES.min(rows - first)) {
                    *line = s.load(&x[(first + i) * tile_width]);
                }
                s.transpose(&mut square);
                for l in 0..F::LANES {
                    s.store(square[l], &mut panel[l * width + n]);
                }
            }
        }
    }
}

pub(crate) fn set_gathered<F: Float>(
    isa: Isa,
    rows: MatRef<'_, F>,
    examples: &[usize],
    lines: &mut [F::Line],
) {
    assert_eq!(lines.len(), rows.cols() * lines_of::<F>(examples.len()), "lines of the examples");
    F::run_on(isa, Gather { rows, examples, lines });
}

struct Gather<'a, F: Float> {
    rows: MatRef<'a, F>,
    examples: &'a [usize],
    lines: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Gather<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let features = self.rows.cols();
        let lines_per_row = lines_of::<F>(self.examples.len());
        for (k, examples) in self.examples.chunks(F::LANES).enumerate() {
            let tile_width = TILE.min(lines_per_row - k / TILE * TILE);
            let lines = &mut self.lines[line_index(features, lines_per_row, 0, k)..];
            for first in (0..features).step_by(F::LANES) {
                let count = F::LANES.min(features - first);
                if count <= F::LANES / 4 {
                    // Of a few features most of a square would be thrown away.
                    for i in first..first + count {
                        for (lane, &j) in lines[i * tile_width].as_mut().iter_mut().zip(examples) {
                            *lane = self.rows.row(j)[i];
                        }
                    }
                    continue;
                }
                let mut square = [s.splat(F::ZERO); MOST_LANES];
                for (line, &j) in square.iter_mut().zip(examples) {
                    *line = s.load_start(&self.rows.row(j)[first..]);
                }
                s.transpose(&mut square);
                for (i, &line) in square.iter().enumerate().take(count) {
                    s.store(line, &mut lines[(first + i) * tile_width]);
                }
            }
        }
    }
}

pub(crate) fn set_rows<F: Float>(
    isa: Isa,
    lines: &[F::Line],
    (rows, columns): (usize, usize),
    first: usize,
    factor: F,
    out: &mut [F],
) {
    assert_eq!(lines.len(), rows * lines_of::<F>(columns), "lines of the matrix");
    assert!(first * columns + out.len() <= rows * columns, "rows of the matrix");
    F::run_on(isa, Rows { lines, rows, columns, first, factor, out });
}

struct Rows<'a, F: Float> {
    lines: &'a [F::Line],
    rows: usize,
    columns: usize,
    first: usize,
    factor: F,
    out: &'a mut [F],
}

impl<F: Float> Kernel<F> for Rows<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, _: S) {
        for (tile, lines) in self.lines.chunks(self.rows * TILE).enumerate() {
            let width = panel_width::<F>(self.columns, tile);
            let first = tile * TILE * F::LANES;
            let lines = lines[self.first * width..].chunks_exact(width);
            for (row, lines) in self.out.chunks_exact_mut(self.columns).zip(lines) {
                for (numbers, line) in row[first..].chunks_mut(F::LANES).zip(lines) {
                    for (out, &v) in numbers.iter_mut().zip(line.as_ref()) {
                        *out = self.factor * v;
                    }
                }
            }
        }
    }
}
