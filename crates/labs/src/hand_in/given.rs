//! What a problem gives, as it is read again: each array must be what its place needs.

use nablab_data::named_arrays::NamedArray;

use super::HandInError;
use super::error::shape;
use crate::by_hand::Matrix;

/// The arrays of a problem.
#[derive(Clone, Copy)]
pub(super) struct Given<'a>(&'a [NamedArray]);

impl<'a> Given<'a> {
    /// Arrays that hold as many numbers as their shapes say, all of them finite.
    ///
    /// # Errors
    /// [`HandInError::Problem`] for the first that does not.
    pub(super) fn new(arrays: &'a [NamedArray]) -> Result<Self, HandInError> {
        for array in arrays {
            let size = array.shape.iter().try_fold(1_usize, |size, &n| size.checked_mul(n));
            if size != Some(array.values.len()) {
                let got = format!("{} of shape {}", array.values.len(), shape(&array.shape));
                return Err(problem(&array.name, "as many numbers as its shape says", got));
            }
            if let Some(value) = array.values.iter().find(|value| !value.is_finite()) {
                return Err(problem(&array.name, "finite numbers", value.to_string()));
            }
        }
        Ok(Self(arrays))
    }

    pub(super) fn find(self, name: &str) -> Option<&'a NamedArray> {
        self.0.iter().find(|array| array.name == name)
    }

    /// A single number that fits.
    pub(super) fn number(
        self,
        name: &str,
        expected: &str,
        fits: impl Fn(f64) -> bool,
    ) -> Result<f64, HandInError> {
        let got = match self.find(name) {
            None => "none".into(),
            Some(array) => match array.values[..] {
                [value] if fits(value) => return Ok(value),
                [value] => value.to_string(),
                _ => format!("an array of shape {}", shape(&array.shape)),
            },
        };
        Err(problem(name, expected, got))
    }

    /// A matrix of this shape; where no size is said, of any from 1.
    pub(super) fn matrix(self, name: &str, sizes: [Option<usize>; 2]) -> Result<Matrix, HandInError> {
        let fits = |got: usize, size: Option<usize>| size.map_or(got > 0, |size| size == got);
        let got = match self.find(name) {
            None => "none".into(),
            Some(array) => match array.shape[..] {
                [rows, cols] if fits(rows, sizes[0]) && fits(cols, sizes[1]) => {
                    return Ok(Matrix::new(rows, cols, array.values.clone()));
                }
                _ => shape(&array.shape),
            },
        };
        let [rows, cols] = sizes.map(|size| size.map_or("1 or more".into(), |size| size.to_string()));
        Err(problem(name, &format!("an array of shape ({rows}, {cols})"), got))
    }
}

/// Something of the problem is not what it was.
pub(super) fn problem(place: &str, expected: &str, got: String) -> HandInError {
    HandInError::Problem { place: nablab_data::readable(place), expected: expected.into(), got }
}
