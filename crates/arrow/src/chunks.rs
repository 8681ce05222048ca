//! Numbers of Arrow's arrays, which stay where they are.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, ArrowPrimitiveType, PrimitiveArray};
use nablab_data::table::Lent;

/// The numbers of several arrays, one behind the other.
pub(crate) struct Chunks<T: ArrowPrimitiveType> {
    arrays: Vec<PrimitiveArray<T>>,
    /// For each array how many rows it and those before it have.
    ends: Vec<usize>,
    to_f64: fn(T::Native) -> f64,
}

impl<T: ArrowPrimitiveType> Chunks<T> {
    /// The same arrays; none if one is of another type.
    pub(crate) fn of(arrays: &[ArrayRef], to_f64: fn(T::Native) -> f64) -> Option<Self> {
        let typed = arrays.iter().map(|array| array.as_primitive_opt().cloned());
        let arrays = typed.collect::<Option<Vec<PrimitiveArray<T>>>>()?;
        let end = |rows: &mut usize, array: &PrimitiveArray<T>| {
            *rows += array.len();
            Some(*rows)
        };
        let ends = arrays.iter().scan(0, end).collect();
        Some(Self { arrays, ends, to_f64 })
    }
}

impl<T: ArrowPrimitiveType<Native: std::panic::RefUnwindSafe>> Lent for Chunks<T> {
    fn rows(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    fn get(&self, row: usize) -> f64 {
        let chunk = self.ends.partition_point(|&end| end <= row);
        let (array, begin) = (&self.arrays[chunk], if chunk == 0 { 0 } else { self.ends[chunk - 1] });
        match array.is_null(row - begin) {
            true => f64::NAN,
            false => (self.to_f64)(array.value(row - begin)),
        }
    }

    fn each(&self, see: &mut dyn FnMut(f64)) {
        for array in &self.arrays {
            match array.null_count() {
                0 => array.values().iter().for_each(|&value| see((self.to_f64)(value))),
                _ => array.iter().for_each(|value| see(value.map_or(f64::NAN, self.to_f64))),
            }
        }
    }
}
