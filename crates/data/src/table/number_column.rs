//! A column of numbers, in as few bytes as hold every one of them exactly: a picture's brightness takes one, not eight.

use std::sync::Arc;

use super::seen::{Seen, Type};
use super::{Categories, Lent};

/// Finite numbers, or none where a value is missing.
///
/// They are kept in the smallest type that holds all of them exactly, or read where somebody else keeps them ([`Numbers::lent`]).
///
/// ```
/// use nablab_data::table::Numbers;
/// let pixels: Numbers = [0.0, 255.0, 17.0].into_iter().collect();
/// assert_eq!((pixels.bytes(), pixels.get(1)), (3, 255.0));
/// let sizes: Numbers = [0.1, f64::NAN].into_iter().collect();
/// assert_eq!((sizes.bytes(), sizes.get(0), sizes.missing()), (16, 0.1, 1));
/// assert!(sizes.get(1).is_nan());
/// ```
///
/// Where the numbers are names, as codes and classes are, their texts are kept as well: `007` is not `7`.
#[derive(Clone)]
pub struct Numbers {
    store: Store,
    written: Option<Box<Categories>>,
}

/// Of the signed types the smallest number stands for a missing value; `u8` has no room for one.
#[derive(Clone)]
enum Store {
    U8(Vec<u8>),
    I8(Vec<i8>),
    I16(Vec<i16>),
    I32(Vec<i32>),
    F32(Vec<f32>),
    F64(Vec<f64>),
    Lent(Arc<dyn Lent>),
}

/// The same of whatever type the store has; of numbers that are lent, what stands behind.
macro_rules! each {
    ($store:expr, $values:ident => $do:expr, $lent:ident => $of_lent:expr) => {
        match $store {
            Store::U8($values) => $do,
            Store::I8($values) => $do,
            Store::I16($values) => $do,
            Store::I32($values) => $do,
            Store::F32($values) => $do,
            Store::F64($values) => $do,
            Store::Lent($lent) => $of_lent,
        }
    };
}

impl Numbers {
    /// Number of rows.
    pub fn len(&self) -> usize {
        each!(&self.store, values => values.len(), lent => lent.rows())
    }

    /// There are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The number of a row; not-a-number where it is missing.
    ///
    /// # Panics
    /// If there is no such row.
    pub fn get(&self, row: usize) -> f64 {
        each!(&self.store, values => values[row].to_f64(), lent => lent.get(row))
    }

    /// The numbers of these rows.
    pub(crate) fn of_rows(&self, rows: &[usize]) -> Vec<f64> {
        each!(
            &self.store,
            values => rows.iter().map(|&row| values[row].to_f64()).collect(),
            lent => lent.of_rows(rows)
        )
    }

    /// The numbers of all rows that have one.
    pub fn given(&self) -> Vec<f64> {
        let mut given = Vec::with_capacity(self.len());
        self.each(|value| given.extend((!value.is_nan()).then_some(value)));
        given
    }

    /// The numbers of all rows, in order; not-a-number where one is missing.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f64> + DoubleEndedIterator + Clone + '_ {
        (0..self.len()).map(|row| self.get(row))
    }

    /// The same, one after the other: their type is looked at once.
    pub(super) fn each(&self, mut see: impl FnMut(f64)) {
        each!(
            &self.store,
            values => values.iter().map(|value| value.to_f64()).for_each(see),
            lent => lent.each(&mut see)
        );
    }

    /// Number of rows without a value.
    pub fn missing(&self) -> usize {
        let mut missing = 0;
        self.each(|value| missing += usize::from(value.is_nan()));
        missing
    }

    /// The number of a row as it is written: as in the file where that was kept, else as short as can be.
    ///
    /// ```
    /// let numbers: nablab_data::table::Numbers = [2.50, f64::NAN].into_iter().collect();
    /// assert_eq!((numbers.text(0), numbers.text(1)), (Some("2.5".to_owned()), None));
    /// ```
    ///
    /// # Panics
    /// If there is no such row.
    pub fn text(&self, row: usize) -> Option<String> {
        match &self.written {
            Some(texts) => texts.get(row).map(str::to_owned),
            None => Some(self.get(row)).filter(|v| !v.is_nan()).map(|v| v.to_string()),
        }
    }

    /// The texts of the file, where they were kept.
    pub fn written(&self) -> Option<&Categories> {
        self.written.as_deref()
    }

    /// The same numbers with their texts, one for each row.
    #[must_use]
    pub fn with_texts(self, texts: Categories) -> Self {
        Self { written: Some(Box::new(texts)), ..self }
    }

    /// Memory the values take; none where they are lent.
    pub fn bytes(&self) -> usize {
        each!(&self.store, values => size_of_val(values.as_slice()), _lent => 0)
    }

    /// Numbers that somebody else holds, which are read where they lie.
    pub fn lent(values: Arc<dyn Lent>) -> Self {
        Self { store: Store::Lent(values), written: None }
    }

    /// Numbers that can be gone through twice: first to choose their type, then to keep them.
    pub(crate) fn of(values: impl Iterator<Item = f64> + Clone) -> Self {
        let (mut seen, mut rows) = (Seen::default(), 0);
        values.clone().for_each(|value| {
            seen.see(value);
            rows += 1;
        });
        let mut numbers = Self::with_capacity(seen, rows);
        values.for_each(|value| numbers.push(value));
        numbers
    }

    /// The first number that is infinite, and its row.
    pub(super) fn infinite(&self) -> Option<(usize, f64)> {
        let row = each!(
            &self.store,
            values => values.iter().position(|value| value.to_f64().is_infinite()),
            lent => first_infinite(&**lent)
        )?;
        Some((row, self.get(row)))
    }

    /// No rows yet, with room for so many of numbers like those seen.
    pub(crate) fn with_capacity(seen: Seen, rows: usize) -> Self {
        let store = match seen.smallest() {
            Type::U8 => Store::U8(Vec::with_capacity(rows)),
            Type::I8 => Store::I8(Vec::with_capacity(rows)),
            Type::I16 => Store::I16(Vec::with_capacity(rows)),
            Type::I32 => Store::I32(Vec::with_capacity(rows)),
            Type::F32 => Store::F32(Vec::with_capacity(rows)),
            Type::F64 => Store::F64(Vec::with_capacity(rows)),
        };
        Self { store, written: None }
    }

    /// No rows yet, with room for so many of any numbers.
    pub(super) fn of_doubles(rows: usize) -> Self {
        Self { store: Store::F64(Vec::with_capacity(rows)), written: None }
    }

    /// The number of the next row. Where it is none of those that were seen, all of them may get a wider type.
    #[inline]
    pub(crate) fn push(&mut self, value: f64) {
        let kept = each!(&mut self.store, values => push_exact(values, value), _lent => false);
        if !kept {
            self.widen(value);
        }
    }

    /// And these, in their order.
    pub(super) fn extend(&mut self, others: &Self) {
        match (&mut self.store, &others.store) {
            (Store::U8(values), Store::U8(others)) => values.extend_from_slice(others),
            (Store::I8(values), Store::I8(others)) => values.extend_from_slice(others),
            (Store::I16(values), Store::I16(others)) => values.extend_from_slice(others),
            (Store::I32(values), Store::I32(others)) => values.extend_from_slice(others),
            (Store::F32(values), Store::F32(others)) => values.extend_from_slice(others),
            (Store::F64(values), Store::F64(others)) => values.extend_from_slice(others),
            _ => others.iter().for_each(|value| self.push(value)),
        }
    }

    #[cold]
    fn widen(&mut self, value: f64) {
        let mut seen = Seen::default();
        self.iter().chain([value]).for_each(|value| seen.see(value));
        let mut wider = Self::with_capacity(seen, 2 * self.len());
        self.iter().chain([value]).for_each(|value| wider.push(value));
        self.store = wider.store;
    }

    /// Without room for more.
    pub(super) fn shrink(&mut self) {
        each!(&mut self.store, values => values.shrink_to_fit(), _lent => ());
    }
}

/// The first row whose number is infinite.
fn first_infinite(lent: &dyn Lent) -> Option<usize> {
    let (mut row, mut first) = (0, None);
    lent.each(&mut |value| {
        if value.is_infinite() && first.is_none() {
            first = Some(row);
        }
        row += 1;
    });
    first
}

/// Keep a number if that loses nothing; -0 is no 0.
#[inline]
fn push_exact<K: Kept>(values: &mut Vec<K>, value: f64) -> bool {
    let kept = K::of(value);
    let is_exact = kept.to_f64().to_bits() == value.to_bits() || kept.to_f64().is_nan() && value.is_nan();
    if is_exact {
        values.push(kept);
    }
    is_exact
}

impl Default for Numbers {
    /// No rows yet, and none seen.
    fn default() -> Self {
        Self::with_capacity(Seen::default(), 0)
    }
}

/// A type that keeps numbers, and its value for a missing one.
trait Kept: Copy {
    fn of(value: f64) -> Self;
    fn to_f64(self) -> f64;
}

impl Kept for u8 {
    #[inline]
    fn of(value: f64) -> Self {
        value as Self
    }

    #[inline]
    fn to_f64(self) -> f64 {
        f64::from(self)
    }
}

macro_rules! signed {
    ($($t:ty),*) => {$(
        impl Kept for $t {
            #[inline]
            fn of(value: f64) -> Self {
                if value.is_nan() { Self::MIN } else { value as Self }
            }

            #[inline]
            fn to_f64(self) -> f64 {
                if self == Self::MIN { f64::NAN } else { f64::from(self) }
            }
        }
    )*};
}
signed!(i8, i16, i32);

macro_rules! float {
    ($($t:ty),*) => {$(
        impl Kept for $t {
            #[inline]
            fn of(value: f64) -> Self {
                value as Self
            }

            #[inline]
            fn to_f64(self) -> f64 {
                self.into()
            }
        }
    )*};
}
float!(f32, f64);

impl FromIterator<f64> for Numbers {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let values: Vec<_> = values.into_iter().collect();
        Self::of(values.iter().copied())
    }
}

impl PartialEq for Numbers {
    /// The same numbers, missing where the other's are, and written in the same way.
    fn eq(&self, other: &Self) -> bool {
        let same = |(a, b): (f64, f64)| a == b || (a.is_nan() && b.is_nan());
        self.len() == other.len() && self.iter().zip(other.iter()).all(same) && self.written == other.written
    }
}

impl std::fmt::Debug for Numbers {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_exact_type_is_taken() {
        let bytes = |values: &[f64]| values.iter().copied().collect::<Numbers>().bytes() / values.len();
        const NAN: f64 = f64::NAN;
        assert_eq!([bytes(&[0.0, 255.0]), bytes(&[-127.0, 127.0]), bytes(&[-127.0, NAN])], [1, 1, 1]);
        assert_eq!([bytes(&[0.0, 256.0]), bytes(&[255.0, NAN]), bytes(&[-128.0])], [2, 2, 2]);
        assert_eq!([bytes(&[32768.0]), bytes(&[0.5, NAN]), bytes(&[-0.0]), bytes(&[-2e9])], [4, 4, 4, 4]);
        assert_eq!([bytes(&[0.1]), bytes(&[16_777_217.0, 0.5]), bytes(&[-2_147_483_648.0])], [8, 8, 8]);
        assert_eq!(bytes(&[NAN]), 1);
    }
}
