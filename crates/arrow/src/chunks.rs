//! Numbers of Arrow's arrays, which stay where they are.

use std::panic::RefUnwindSafe;

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use nablab_data::table::Lent;

/// The numbers of several arrays, one behind the other, and how one becomes a double.
pub(crate) struct Chunks<T: ArrowPrimitiveType, F> {
    arrays: Vec<PrimitiveArray<T>>,
    /// For each array how many rows it and those before it have.
    ends: Vec<usize>,
    to_f64: F,
}

impl<T: ArrowPrimitiveType, F: Fn(T::Native) -> f64> Chunks<T, F> {
    /// The same arrays; none if one is of another type.
    pub(crate) fn of(arrays: &[ArrayRef], to_f64: F) -> Option<Self> {
        let typed = arrays.iter().map(|array| array.as_primitive_opt().cloned());
        let arrays = typed.collect::<Option<Vec<PrimitiveArray<T>>>>()?;
        let end = |rows: &mut usize, array: &PrimitiveArray<T>| {
            *rows += array.len();
            Some(*rows)
        };
        let ends = arrays.iter().scan(0, end).collect();
        Some(Self { arrays, ends, to_f64 })
    }

    /// The array that has a row, and which rows it has.
    fn chunk(&self, row: usize) -> (&PrimitiveArray<T>, std::ops::Range<usize>) {
        let chunk = self.ends.partition_point(|&end| end <= row);
        let begin = if chunk == 0 { 0 } else { self.ends[chunk - 1] };
        (&self.arrays[chunk], begin..self.ends[chunk])
    }

    fn of_array(&self, array: &PrimitiveArray<T>, at: usize) -> f64 {
        if array.is_null(at) { f64::NAN } else { (self.to_f64)(array.value(at)) }
    }
}

impl<T, F> Lent for Chunks<T, F>
where
    T: ArrowPrimitiveType<Native: RefUnwindSafe>,
    F: Fn(T::Native) -> f64 + Send + Sync + RefUnwindSafe,
{
    fn rows(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn get(&self, row: usize) -> f64 {
        let (array, rows) = self.chunk(row);
        self.of_array(array, row - rows.start)
    }

    fn of_rows(&self, rows: &[usize]) -> Vec<f64> {
        let (mut given, mut rest) = (Vec::with_capacity(rows.len()), rows);
        while let Some(&row) = rest.first() {
            let (array, its) = self.chunk(row);
            let (here, elsewhere) = rest.split_at(rest.iter().take_while(|&&row| its.contains(&row)).count());
            let values: &[T::Native] = array.values();
            let number = |&row: &usize| (self.to_f64)(values[row - its.start]);
            match array.nulls() {
                None => given.extend(here.iter().map(number)),
                Some(nulls) => given.extend(here.iter().map(|row| match nulls.is_null(row - its.start) {
                    true => f64::NAN,
                    false => number(row),
                })),
            }
            rest = elsewhere;
        }
        given
    }

    fn each(&self, see: &mut dyn FnMut(f64)) {
        for array in &self.arrays {
            match array.null_count() {
                0 => array.values().iter().for_each(|&value| see((self.to_f64)(value))),
                _ => (0..array.len()).for_each(|at| see(self.of_array(array, at))),
            }
        }
    }
}
