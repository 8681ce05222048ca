//! Arrays of numbers by their names, as people hand them to each other: `np.savez(file, W1=W1, b1=b1)`, or lines of text. Readers take
//! bytes and the name to use in errors; writers return bytes. [`load_arrays`](crate::load_arrays) reads either kind of file.

pub mod csv;
pub mod npz;
mod written;

/// An array of numbers with its name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedArray {
    /// As in the file.
    pub name: String,
    /// Of a single number, empty.
    pub shape: Vec<usize>,
    /// Row after row.
    pub values: Vec<f64>,
    /// How far each may lie from the number that was meant, because it was written with few digits: half a unit of the last
    /// digit. 0 for numbers that are stored as they are.
    pub rounding: Vec<f64>,
}

impl NamedArray {
    /// Numbers as they are.
    ///
    /// ```
    /// use nablab_data::named_arrays::NamedArray;
    /// let keep = NamedArray::new("keep", [], [0.8]);
    /// assert_eq!((keep.shape, keep.rounding), (vec![], vec![0.0]));
    /// ```
    ///
    /// # Panics
    /// If there are not as many as the shape says.
    pub fn new(name: impl Into<String>, shape: impl Into<Vec<usize>>, values: impl Into<Vec<f64>>) -> Self {
        let (name, shape, values) = (name.into(), shape.into(), values.into());
        assert_eq!(values.len(), shape.iter().product::<usize>(), "values of {name} {shape:?}");
        let rounding = vec![0.0; values.len()];
        Self { name, shape, values, rounding }
    }
}
