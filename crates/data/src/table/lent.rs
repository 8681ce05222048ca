//! Numbers that lie elsewhere.

use std::panic::RefUnwindSafe;

/// Numbers that somebody else holds, in whatever type: they are read where they lie, and not copied.
///
/// ```
/// use nablab_data::table::{Lent, Numbers};
/// use std::sync::Arc;
/// struct Halves(Vec<i64>);
/// impl Lent for Halves {
///     fn rows(&self) -> usize {
///         self.0.len()
///     }
///     fn get(&self, row: usize) -> f64 {
///         self.0[row] as f64 / 2.0
///     }
///     fn of_rows(&self, rows: &[usize]) -> Vec<f64> {
///         rows.iter().map(|&row| self.get(row)).collect()
///     }
///     fn each(&self, see: &mut dyn FnMut(f64)) {
///         (0..self.rows()).for_each(|row| see(self.get(row)));
///     }
/// }
/// let numbers = Numbers::lent(Arc::new(Halves(vec![1, 4])));
/// assert_eq!(numbers, [0.5, 2.0].into_iter().collect());
/// assert_eq!(numbers.bytes(), 0);
/// ```
pub trait Lent: Send + Sync + RefUnwindSafe {
    /// Number of rows.
    fn rows(&self) -> usize;

    /// The number of a row; not-a-number where it is missing.
    ///
    /// # Panics
    /// If there is no such row.
    fn get(&self, row: usize) -> f64;

    /// The same of these rows.
    ///
    /// # Panics
    /// If there is no such row.
    fn of_rows(&self, rows: &[usize]) -> Vec<f64>;

    /// The same of all rows, one after the other.
    fn each(&self, see: &mut dyn FnMut(f64));
}
