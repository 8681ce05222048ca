//! A matrix whose entries are computed one by one.

/// A matrix (rows, columns) of numbers, row-major.
///
/// ```
/// use nablab_by_hand::Matrix;
/// let w = Matrix::from_fn(2, 3, |i, j| (10 * i + j) as f64);
/// assert_eq!((w.rows(), w.cols(), w.at(1, 2)), (2, 3, 12.0));
/// assert_eq!(w.transposed().row(2), [2.0, 12.0]);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Matrix {
    rows: usize,
    cols: usize,
    entries: Vec<f64>,
}

impl Matrix {
    /// The matrix with this entry in row i and column j.
    pub fn from_fn(rows: usize, cols: usize, entry: impl Fn(usize, usize) -> f64) -> Self {
        let entries = (0..rows * cols).map(|k| entry(k / cols, k % cols)).collect();
        Self { rows, cols, entries }
    }

    /// The matrix with these entries, row after row.
    ///
    /// # Panics
    /// If there are not rows · cols of them.
    pub fn new(rows: usize, cols: usize, entries: impl Into<Vec<f64>>) -> Self {
        let entries = entries.into();
        assert_eq!(entries.len(), rows * cols, "entries of a matrix of {rows} rows and {cols} columns");
        Self { rows, cols, entries }
    }

    /// How many rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// How many columns.
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// The entry in row i and column j, counted from 0.
    pub fn at(&self, i: usize, j: usize) -> f64 {
        self.row(i)[j]
    }

    /// A row.
    pub fn row(&self, i: usize) -> &[f64] {
        &self.entries[i * self.cols..][..self.cols]
    }

    /// All entries, row after row.
    pub fn entries(&self) -> &[f64] {
        &self.entries
    }

    /// Rows as columns.
    pub fn transposed(&self) -> Self {
        Self::from_fn(self.cols, self.rows, |i, j| self.at(j, i))
    }

    /// The same shape, with each entry changed.
    pub fn map(&self, change: impl Fn(f64) -> f64) -> Self {
        Self::from_fn(self.rows, self.cols, |i, j| change(self.at(i, j)))
    }
}
