//! What was handed in, each array at the quantity that it is.

use nablab_data::named_arrays::NamedArray;

use super::error::shape;
use super::formulas::Quantity;
use super::names::{find, nearest};
use super::precision::Precision;
use super::{HandInError, Text};
use crate::by_hand::Matrix;

/// Digits that are asked for: a number written more coarsely than this share of the largest one says too little.
const COARSEST: f64 = 1e-3;

/// The arrays in the order of the quantities.
#[derive(Debug)]
pub(super) struct Handed {
    pub(super) arrays: Vec<Option<NamedArray>>,
    pub(super) precision: Precision,
    /// What was left aside.
    pub(super) notes: Vec<Text>,
}

impl Handed {
    /// Find out what is what; arrays of the problem itself, which `given` names, are left aside.
    ///
    /// # Errors
    /// Names that nothing has, or two that mean the same; quantities that are missing; numbers that are none.
    pub(super) fn new(
        handed: &[NamedArray],
        quantities: &[Quantity],
        given: &[String],
    ) -> Result<Self, HandInError> {
        let mut arrays: Vec<Option<NamedArray>> = vec![None; quantities.len()];
        let mut aside = Vec::new();
        let givens: Vec<Quantity> = given.iter().map(Quantity::required).collect();
        for array in handed {
            let Some(index) = find(&array.name, quantities) else {
                if find(&array.name, &givens).is_some() {
                    aside.push(array.name.clone());
                    continue;
                }
                return Err(unknown(&array.name, quantities));
            };
            if let Some(first) = &arrays[index] {
                let (first, second) = (first.name.clone(), array.name.clone());
                return Err(HandInError::Twice { first, second, name: quantities[index].name.clone() });
            }
            if let Some(k) = array.values.iter().position(|value| !value.is_finite()) {
                let (name, value) = (quantities[index].name.clone(), array.values[k]);
                return Err(HandInError::NotFinite { name, entry: entry(&array.shape, k), value });
            }
            arrays[index] = Some(array.clone());
        }
        let is_missing =
            |(quantity, array): &(&Quantity, &Option<NamedArray>)| quantity.required && array.is_none();
        let missing: Vec<&str> = quantities
            .iter()
            .zip(&arrays)
            .filter(is_missing)
            .map(|(quantity, _)| &quantity.name[..])
            .collect();
        if !missing.is_empty() {
            let required = quantities.iter().filter(|quantity| quantity.required).map(|q| q.name.as_str());
            let got = handed.iter().map(|array| &array.name[..]).collect::<Vec<_>>().join(", ");
            let missing = missing.join(", ");
            let expected = required.collect::<Vec<_>>().join(", ");
            return Err(HandInError::Missing { missing, expected, got });
        }
        let precision = Precision::of(arrays.iter().flatten());
        let notes = (!aside.is_empty()).then(|| {
            let names = aside.join(", ");
            Text::new(format!("given, and not looked at: {names}"), format!("题目给出的量，未检查：{names}"))
        });
        Ok(Self { arrays, precision, notes: notes.into_iter().collect() })
    }

    /// A matrix is what was handed in as quantity `k`, as far as the digits tell; `exact`, of numbers written with few digits only if these
    /// are enough to tell.
    pub(super) fn is(&self, k: usize, expected: &Matrix, factor: f64, terms: f64, exact: bool) -> bool {
        let Some(array) = &self.arrays[k] else { return true };
        fits(&array.shape, expected)
            && (0..array.values.len()).all(self.near(array, expected, factor, terms, exact))
    }

    /// Whether an entry of an array is that of a matrix of its shape, times a factor. Where it cannot be said how near is near enough,
    /// none is.
    pub(super) fn near<'a>(
        &self,
        array: &'a NamedArray,
        expected: &'a Matrix,
        factor: f64,
        terms: f64,
        exact: bool,
    ) -> impl Fn(usize) -> bool + 'a {
        let precision = self.precision;
        let largest =
            factor.abs() * expected.entries().iter().fold(0.0_f64, |most, value| most.max(value.abs()));
        let terms = largest.max(factor.abs() * terms);
        let coarsest = if exact { COARSEST * largest } else { f64::INFINITY };
        move |i| {
            let value = factor * expected.entries()[i];
            let margin = precision.margin(value, terms) + array.rounding[i].min(coarsest);
            margin.is_finite() && (array.values[i] - value).abs() <= margin
        }
    }
}

/// An array of this shape can be that matrix: a flat one is a column or a row, as in NumPy.
pub(super) fn fits(shape: &[usize], matrix: &Matrix) -> bool {
    match *shape {
        [] => matrix.entries().len() == 1,
        [n] => n == matrix.entries().len() && (matrix.rows() == 1 || matrix.cols() == 1),
        [rows, columns] => (rows, columns) == (matrix.rows(), matrix.cols()),
        _ => false,
    }
}

/// `[2, 0]`, or what there is of it.
pub(super) fn entry(of: &[usize], k: usize) -> String {
    match *of {
        [] => String::new(),
        [_, columns] => format!("[{}, {}]", k / columns, k % columns),
        [_] => format!("[{k}]"),
        _ => format!(" {}, entry {k}", shape(of)),
    }
}

fn unknown(name: &str, quantities: &[Quantity]) -> HandInError {
    let all = |is_required: bool| {
        let of_kind = quantities.iter().filter(|quantity| quantity.required == is_required);
        of_kind.map(|quantity| &quantity.name[..]).collect::<Vec<_>>().join(", ")
    };
    let expected = match all(false) {
        optional if optional.is_empty() => all(true),
        optional => format!("{}; and, if you like, {optional}", all(true)),
    };
    let nearest = nearest(name, quantities.iter().map(|quantity| &quantity.name[..])).map(str::to_owned);
    HandInError::Unknown { name: nablab_data::readable(name), nearest, expected }
}
