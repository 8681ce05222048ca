//! Matrix views over slices, and the naive products that judge every faster one.
//!
//! Matrices are row-major. Inside the engine an example is a column: `X` is (features, m), so one feature of
//! all examples is contiguous and examples are the lanes of the processor's vector unit.

use crate::Float;

/// A borrowed (rows, cols) matrix, row-major.
///
/// ```
/// use nablab_kernel::MatRef;
/// let w = MatRef::new(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3);
/// assert_eq!(w.row(1), &[4.0, 5.0, 6.0]);
/// assert_eq!(w.at(0, 2), 3.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct MatRef<'a, F> {
    data: &'a [F],
    rows: usize,
    cols: usize,
}

/// A mutably borrowed (rows, cols) matrix, row-major.
#[derive(Debug)]
pub struct MatMut<'a, F> {
    data: &'a mut [F],
    rows: usize,
    cols: usize,
}

impl<'a, F: Float> MatRef<'a, F> {
    /// View `data` as (rows, cols).
    ///
    /// # Panics
    /// If `data` does not hold exactly `rows * cols` numbers.
    #[inline]
    pub fn new(data: &'a [F], rows: usize, cols: usize) -> Self {
        assert_eq!(data.len(), rows * cols, "a ({rows}, {cols}) matrix");
        Self { data, rows, cols }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// All entries, row by row.
    #[inline(always)]
    pub fn data(&self) -> &'a [F] {
        self.data
    }

    /// Row `i`.
    #[inline(always)]
    pub fn row(&self, i: usize) -> &'a [F] {
        &self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// The entries column by column: the transposed matrix.
    pub fn transposed(&self) -> Vec<F> {
        // Square by square, so that both sides stay in the cache.
        const SIDE: usize = 32;
        let mut transposed = vec![F::ZERO; self.data.len()];
        for (first_row, first_col) in squares(self.rows, self.cols, SIDE) {
            for j in first_col..self.cols.min(first_col + SIDE) {
                let rows = first_row..self.rows.min(first_row + SIDE);
                let out = &mut transposed[j * self.rows..][rows.clone()];
                out.iter_mut().zip(rows).for_each(|(out, i)| *out = self.at(i, j));
            }
        }
        transposed
    }

    /// Entry in row `i`, column `j`.
    #[inline(always)]
    pub fn at(&self, i: usize, j: usize) -> F {
        self.data[i * self.cols + j]
    }
}

/// The first row and column of each square.
fn squares(rows: usize, cols: usize, side: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..rows).step_by(side).flat_map(move |i| (0..cols).step_by(side).map(move |j| (i, j)))
}

impl<'a, F: Float> MatMut<'a, F> {
    /// View `data` as (rows, cols).
    ///
    /// # Panics
    /// If `data` does not hold exactly `rows * cols` numbers.
    pub fn new(data: &'a mut [F], rows: usize, cols: usize) -> Self {
        assert_eq!(data.len(), rows * cols, "a ({rows}, {cols}) matrix");
        Self { data, rows, cols }
    }

    /// Number of rows.
    #[inline(always)]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Number of columns.
    #[inline(always)]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// All entries, row by row.
    #[inline(always)]
    pub fn data(&mut self) -> &mut [F] {
        self.data
    }

    /// Row `i`.
    #[inline(always)]
    pub fn row(&mut self, i: usize) -> &mut [F] {
        &mut self.data[i * self.cols..(i + 1) * self.cols]
    }

    /// The same matrix, read-only.
    #[inline(always)]
    pub fn as_ref(&self) -> MatRef<'_, F> {
        MatRef { data: self.data, rows: self.rows, cols: self.cols }
    }
}

/// C += A·B with A (r, k), B (k, c), C (r, c): three loops, nothing clever.
///
/// Each entry is summed over the inner index from left to right, each product fused with its addition. This is the
/// product the kernels in [`crate::Kernels`] must agree with.
pub fn naive_product<F: Float>(a: MatRef<'_, F>, b: MatRef<'_, F>, c: &mut MatMut<'_, F>) {
    assert_eq!((a.rows(), a.cols(), b.cols()), (c.rows(), b.rows(), c.cols()), "shapes of A·B");
    for i in 0..a.rows() {
        for j in 0..b.cols() {
            let mut sum = c.row(i)[j];
            for k in 0..a.cols() {
                sum = a.at(i, k).mul_add(b.at(k, j), sum);
            }
            c.row(i)[j] = sum;
        }
    }
}
