//! Examples in another order than the problem's: what has a column for each of them is right in any order.

use super::Text;
use super::formulas::{Convention, Formulas};
use super::handed::{Handed, fits};
use crate::by_hand::Matrix;

/// The order in which the examples were handed in.
pub(super) struct Order {
    /// The example of the problem that each column is.
    columns: Vec<usize>,
    /// The quantities that have such columns.
    quantities: Vec<bool>,
    /// What is said of it.
    pub(super) said: Text,
}

impl Order {
    /// In the problem's order.
    pub(super) fn put_back(&self, mut handed: Handed) -> Handed {
        let m = self.columns.len();
        for (array, _) in handed.arrays.iter_mut().zip(&self.quantities).filter(|(_, is)| **is) {
            let Some(array) = array.as_mut().filter(|array| array.values.len().is_multiple_of(m)) else {
                continue;
            };
            let (values, rounding) = (array.values.clone(), array.rounding.clone());
            for (k, (value, rounding)) in values.into_iter().zip(rounding).enumerate() {
                let place = k / m * m + self.columns[k % m];
                (array.values[place], array.rounding[place]) = (value, rounding);
            }
        }
        handed
    }
}

/// In which order the examples were handed in, if more is right in it than in the problem's.
pub(super) fn of_examples(formulas: &dyn Formulas, handed: &Handed) -> Option<Order> {
    let beside = Beside::new(formulas, handed);
    let is_there = |k: &usize| beside.quantities[*k] && handed.arrays[*k].is_some();
    let there: Vec<usize> = (0..beside.quantities.len()).filter(is_there).collect();
    let m = beside.right[*there.first()?].cols();
    let conventions = 0..beside.factors.len();
    let places = there.iter().flat_map(|&k| conventions.clone().map(move |c| (k, c)));
    let orders = places.filter_map(|(k, c)| beside.order(k, c, m)).map(|columns| {
        let right = |k: &&usize| conventions.clone().any(|c| beside.is_right(**k, c, &columns));
        (there.iter().filter(right).count(), columns)
    });
    let (right, columns) = orders.max_by_key(|(right, _)| *right)?;
    let as_it_is: Vec<usize> = (0..m).collect();
    let before = there.iter().filter(|&&k| conventions.clone().any(|c| beside.is_right(k, c, &as_it_is)));
    if right <= before.count() {
        return None;
    }
    let names = formulas.quantities();
    let names: Vec<&str> = there.iter().map(|&k| &names[k].name[..]).collect();
    let list = |between: &str| columns.iter().map(usize::to_string).collect::<Vec<_>>().join(between);
    let said = Text::new(
        format!(
            "the examples are in another order than the problem's, and were put back for the comparison: the columns of {} are its \
             examples {}, counted from 0",
            names.join(", "),
            list(", ")
        ),
        format!(
            "样本的顺序与题目不同，比较前已按题目的顺序排好：{} 的各列依次是题目中的样本 {}（从 0 数起）",
            names.join("、"),
            list("、")
        ),
    );
    Some(Order { columns, quantities: beside.quantities, said })
}

/// What was handed in beside what is right.
struct Beside<'a> {
    formulas: &'a dyn Formulas,
    handed: &'a Handed,
    right: Vec<Matrix>,
    terms: Vec<f64>,
    /// Of each convention.
    factors: Vec<Vec<f64>>,
    quantities: Vec<bool>,
}

impl<'a> Beside<'a> {
    fn new(formulas: &'a dyn Formulas, handed: &'a Handed) -> Self {
        let (right, terms, quantities) = (formulas.values(&[]), formulas.terms(), formulas.of_examples());
        let own = Convention::of_the_formulas(quantities.len());
        let conventions = [own].into_iter().chain(formulas.conventions());
        let factors = conventions.map(|convention| convention.factors).collect();
        Self { formulas, handed, right, terms, factors, quantities }
    }

    /// Which example each column of quantity `k` is; none where one is no example, or all are as in the problem.
    fn order(&self, k: usize, convention: usize, m: usize) -> Option<Vec<usize>> {
        self.forms(k).find_map(|form| {
            let is_example = self.columns(k, form, convention)?;
            let mut columns: Vec<usize> = Vec::new();
            for j in 0..m {
                columns.push((0..m).find(|i| !columns.contains(i) && is_example(j, *i))?);
            }
            columns.iter().enumerate().any(|(j, &i)| i != j).then_some(columns)
        })
    }

    /// Quantity `k` is right with its columns in this order.
    fn is_right(&self, k: usize, convention: usize, columns: &[usize]) -> bool {
        self.forms(k).any(|form| {
            let is_example = self.columns(k, form, convention);
            is_example.is_some_and(|is| columns.iter().enumerate().all(|(j, &i)| is(j, i)))
        })
    }

    fn forms(&self, k: usize) -> impl Iterator<Item = usize> {
        std::iter::once(k).chain(self.formulas.other_form(k))
    }

    /// Whether a column of what was handed in as quantity `k` is that of an example.
    fn columns(
        &self,
        k: usize,
        form: usize,
        convention: usize,
    ) -> Option<impl Fn(usize, usize) -> bool + '_> {
        let (right, factor) = (&self.right[form], self.factors[convention][k]);
        let array = self.handed.arrays[k].as_ref().filter(|array| fits(&array.shape, right))?;
        let largest = right.entries().iter().fold(self.terms[k], |most, value| most.max(value.abs()));
        Some(move |j: usize, i: usize| {
            let (rows, m) = (right.rows(), right.cols());
            let example = Matrix::from_fn(rows, m, |row, _| right.at(row, i));
            let is_near = self.handed.near(array, &example, factor, largest, true);
            (0..rows).all(|row| is_near(row * m + j))
        })
    }
}
