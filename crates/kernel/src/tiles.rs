//! Examples in tiles: the layout in which a batch is computed.
//!
//! A [`Line`] is one feature (or unit) of as many examples as fit side by side into a cache line,
//! [`Float::LANES`] of them. A tile is four lines' worth of examples, with all their features:
//!
//! ```text
//!              examples 0 … 7   8 … 15      16 … 23     24 … 31       (f64: 8 lanes; f32: 16)
//! feature 0    [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]     lines 0 … 3
//! feature 1    [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]   [▪▪▪▪▪▪▪▪]     lines 4 … 7
//! ```
//!
//! A matrix (rows, m) is its tiles one after the other; the last one has only the lines it needs, and in its last
//! line lanes that belong to no example. So a tile goes through a network without touching another one, and every
//! vector instruction works on different examples, never across them.

use std::ops::Range;

use crate::simd::Isa;
use crate::{Float, MatRef};

/// Lines of a row of a tile: as many as a product keeps in registers at once.
pub const TILE: usize = 4;

/// One feature of a few examples: one cache line, one AVX-512 register.
#[derive(Clone, Copy, Debug, PartialEq)]
#[repr(C, align(64))]
pub struct Line<F, const N: usize>(pub [F; N]);

impl<F, const N: usize> AsRef<[F]> for Line<F, N> {
    #[inline(always)]
    fn as_ref(&self) -> &[F] {
        &self.0
    }
}

impl<F, const N: usize> AsMut<[F]> for Line<F, N> {
    #[inline(always)]
    fn as_mut(&mut self) -> &mut [F] {
        &mut self.0
    }
}

/// A (rows, m) matrix in tiles. The lanes beyond example m − 1 hold numbers that mean nothing.
#[derive(Clone, Debug)]
pub struct Tiles<F: Float> {
    rows: usize,
    m: usize,
    lines: Vec<F::Line>,
}

/// A borrowed matrix in tiles.
#[derive(Clone, Copy, Debug)]
pub struct TilesRef<'a, F: Float> {
    rows: usize,
    m: usize,
    lines: &'a [F::Line],
}

impl<F: Float> Tiles<F> {
    /// Room for up to `m` examples, all zeros.
    pub fn zeros(rows: usize, m: usize) -> Self {
        Self { rows, m, lines: vec![F::ZERO_LINE; rows * lines_of::<F>(m)] }
    }

    /// A copy of a matrix.
    ///
    /// ```
    /// use nablab_kernel::{MatRef, Tiles};
    /// let x: Vec<f64> = (0..20).map(f64::from).collect();
    /// let tiles = Tiles::from_matrix(MatRef::new(&x, 2, 10)); // two features of ten examples
    /// assert_eq!(tiles.view().lines()[1].0[..2], [8.0, 9.0]); // feature 0 of examples 8 and 9
    /// assert_eq!(tiles.view().to_vec(), x);
    /// ```
    pub fn from_matrix(matrix: MatRef<'_, F>) -> Self {
        let mut tiles = Self::zeros(matrix.rows(), matrix.cols());
        tiles.fill(matrix);
        tiles
    }

    /// Hold the columns of a matrix from now on.
    ///
    /// # Panics
    /// If there is no room for them, or they have another number of rows.
    pub fn fill(&mut self, matrix: MatRef<'_, F>) {
        self.fill_columns(matrix, 0..matrix.cols());
    }

    /// Hold some columns of a matrix from now on.
    ///
    /// # Panics
    /// As [`Tiles::fill`], or if there are no such columns.
    pub fn fill_columns(&mut self, matrix: MatRef<'_, F>, columns: Range<usize>) {
        self.begin(matrix.rows(), columns.len());
        for i in 0..self.rows {
            for (k, examples) in matrix.row(i)[columns.clone()].chunks(F::LANES).enumerate() {
                self.line_mut(i, k)[..examples.len()].copy_from_slice(examples);
            }
        }
    }

    /// Hold some examples from now on, in this order, from a matrix (m, features) with an example per row.
    ///
    /// # Panics
    /// As [`Tiles::fill`], or if there is no such row.
    pub fn gather(&mut self, isa: Isa, rows: MatRef<'_, F>, examples: &[usize]) {
        self.begin(rows.cols(), examples.len());
        if self.rows == 0 {
            return;
        }
        let lines = self.rows * lines_of::<F>(self.m);
        F::set_gathered(isa, rows, examples, &mut self.lines[..lines]);
    }

    /// Hold examples from now on that have `this` in the row of their class, and `others` in all other rows.
    ///
    /// ```
    /// use nablab_kernel::Tiles;
    /// let mut tiles = Tiles::zeros(3, 2);
    /// tiles.fill_one_hot([2, 0].into_iter(), [0.0, 1.0]);
    /// assert_eq!(tiles.view().to_vec(), [0.0, 1.0, 0.0, 0.0, 1.0, 0.0]);
    /// ```
    ///
    /// # Panics
    /// As [`Tiles::fill`], or if there is no row of a class.
    pub fn fill_one_hot(&mut self, classes: impl ExactSizeIterator<Item = usize>, [others, this]: [F; 2]) {
        self.begin(self.rows, classes.len());
        let mut line = F::ZERO_LINE;
        line.as_mut().fill(others);
        let lines = self.rows * lines_of::<F>(self.m);
        self.lines[..lines].fill(line);
        for (j, class) in classes.enumerate() {
            assert!(class < self.rows, "a row of class {class}");
            self.line_mut(class, j / F::LANES)[j % F::LANES] = this;
        }
    }

    fn line_mut(&mut self, i: usize, k: usize) -> &mut [F] {
        let at = line_index(self.rows, lines_of::<F>(self.m), i, k);
        self.lines[at].as_mut()
    }

    fn begin(&mut self, rows: usize, m: usize) {
        assert_eq!(rows, self.rows, "rows");
        assert!(rows * lines_of::<F>(m) <= self.lines.len(), "room for {m} examples");
        self.m = m;
    }

    /// All of it, to be read.
    #[inline(always)]
    pub fn view(&self) -> TilesRef<'_, F> {
        TilesRef { rows: self.rows, m: self.m, lines: &self.lines[..self.rows * lines_of::<F>(self.m)] }
    }
}

impl<'a, F: Float> TilesRef<'a, F> {
    /// View lines as a (rows, m) matrix.
    ///
    /// # Panics
    /// If there are not exactly the lines of one.
    #[inline(always)]
    pub fn new(lines: &'a [F::Line], rows: usize, m: usize) -> Self {
        assert_eq!(lines.len(), rows * lines_of::<F>(m), "a ({rows}, {m}) matrix in tiles");
        Self { rows, m, lines }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of examples.
    #[inline(always)]
    pub fn m(&self) -> usize {
        self.m
    }

    /// Lines in a row.
    #[inline(always)]
    pub fn lines_per_row(&self) -> usize {
        lines_of::<F>(self.m)
    }

    /// All lines, tile by tile.
    #[inline(always)]
    pub fn lines(&self) -> &'a [F::Line] {
        self.lines
    }

    /// The examples from `first` on, up to `count` of them; `first` begins a tile.
    #[inline]
    pub fn examples(&self, first: usize, count: usize) -> Self {
        debug_assert!(first.is_multiple_of(TILE * F::LANES), "the first example of a tile");
        let m = count.min(self.m - first);
        let start = first / F::LANES * self.rows;
        Self { rows: self.rows, m, lines: &self.lines[start..start + self.rows * lines_of::<F>(m)] }
    }

    /// Entry of row `i`, example `j`.
    pub fn at(&self, i: usize, j: usize) -> F {
        let at = line_index(self.rows, self.lines_per_row(), i, j / F::LANES);
        self.lines[at].as_ref()[j % F::LANES]
    }

    /// Copy each row to a slice that is as long.
    pub fn copy_rows(&self, rows: &mut [&mut [F]]) {
        for (i, row) in rows.iter_mut().enumerate() {
            for (k, examples) in row.chunks_mut(F::LANES).enumerate() {
                let line = &self.lines[line_index(self.rows, self.lines_per_row(), i, k)];
                examples.copy_from_slice(&line.as_ref()[..examples.len()]);
            }
        }
    }

    /// The entries row by row, as in a [`MatRef`].
    pub fn to_vec(&self) -> Vec<F> {
        (0..self.rows).flat_map(|i| (0..self.m).map(move |j| self.at(i, j))).collect()
    }
}

/// Lines in a row of `m` examples.
#[inline(always)]
pub fn lines_of<F: Float>(m: usize) -> usize {
    m.div_ceil(F::LANES)
}

/// A bit for each lane of the last line of m examples that holds one.
#[inline(always)]
pub(crate) fn lanes_in_use<F: Float>(m: usize) -> u16 {
    let examples = (m - 1) % F::LANES + 1;
    u16::MAX >> (16 - examples)
}

/// Where line `k` of row `i` lies in a matrix of so many rows and lines in a row.
#[inline]
pub fn line_index(rows: usize, lines_per_row: usize, i: usize, k: usize) -> usize {
    let before = k - k % TILE;
    before * rows + i * TILE.min(lines_per_row - before) + k % TILE
}
