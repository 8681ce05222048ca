//! What a subject has to say: its formulas, right and with mistakes made.

use super::handed::entry;
use super::{HandInError, Text};
use crate::by_hand::{Matrix, numbered};

/// Something that is computed, and can be handed in.
#[derive(Clone, Debug)]
pub(super) struct Quantity {
    /// As in the formulas: `dW1`.
    pub(super) name: String,
    /// What others call it.
    pub(super) aliases: Vec<String>,
    /// It must be handed in; otherwise it may be.
    pub(super) required: bool,
}

impl Quantity {
    pub(super) fn required(name: impl Into<String>) -> Self {
        Self { name: name.into(), aliases: Vec::new(), required: true }
    }

    pub(super) fn optional(name: impl Into<String>) -> Self {
        Self { required: false, ..Self::required(name) }
    }

    pub(super) fn or(mut self, alias: impl Into<String>) -> Self {
        self.aliases.push(alias.into());
        self
    }
}

/// A mistake that can be made at a place.
#[derive(Clone, Debug)]
pub(super) struct Slip {
    /// As in JSON. Slips of one key are the same mistake at different places.
    pub(super) key: &'static str,
    /// What it is made in: `dW1`.
    pub(super) place: String,
    /// What is wrong there.
    pub(super) what: Text,
}

impl Slip {
    /// With the number of the layer, or the step, in its texts: `{n}`, `{before}` and `{next}`.
    pub(super) fn numbered(key: &'static str, [place, en, zh]: [&str; 3], n: usize) -> Self {
        let with = |text: &str| numbered(text, n);
        Self { key, place: with(place), what: Text::new(with(en), with(zh)) }
    }
}

/// A mistake of a subject's list.
pub(super) trait Listed: Copy {
    /// Made in layer, or step, `n`.
    fn slip(self, n: usize) -> Slip;
}

/// Makes the list of a subject's mistakes: of each its name, its key, what it is made in, and what is wrong in English and Chinese.
macro_rules! mistakes {
    ($($(#[$doc:meta])* $name:ident $key:literal $place:literal $en:literal $zh:literal;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Mistake {
            $($(#[$doc])* $name,)*
        }

        impl Mistake {
            const ALL: &[Self] = &[$(Self::$name),*];
        }

        impl super::formulas::Listed for Mistake {
            fn slip(self, n: usize) -> super::formulas::Slip {
                match self {
                    $(Self::$name => super::formulas::Slip::numbered($key, [$place, $en, $zh], n),)*
                }
            }
        }
    };
}
pub(super) use mistakes;

/// Another way to say the same: each quantity times a number.
#[derive(Clone, Debug)]
pub(super) struct Convention {
    /// How it is called.
    pub(super) said: Text,
    /// A factor for each quantity.
    pub(super) factors: Vec<f64>,
}

impl Convention {
    /// That of the formulas.
    pub(super) fn of_the_formulas(quantities: usize) -> Self {
        Self { said: Text::new("", ""), factors: vec![1.0; quantities] }
    }
}

/// The formulas of a subject at given numbers.
pub(super) trait Formulas {
    /// What is computed, in the order of the formulas.
    fn quantities(&self) -> Vec<Quantity>;

    /// Every mistake at every place that has one.
    fn slips(&self) -> Vec<Slip>;

    /// All quantities, with these of the slips made; with none, the right ones. Behind them stand other forms of them.
    fn values(&self, made: &[usize]) -> Vec<Matrix>;

    /// Conventions besides that of the formulas.
    fn conventions(&self) -> Vec<Convention> {
        Vec::new()
    }

    /// Which of the values quantity `k` may be as well: the same, taken at another place.
    fn other_form(&self, _k: usize) -> Option<usize> {
        None
    }

    /// How what is handed in is written where the quantities of these names are in their other form.
    fn other_form_said(&self, _names: &str) -> Text {
        Text::new("", "")
    }

    /// Of each quantity, whether its columns are the examples.
    fn of_examples(&self) -> Vec<bool> {
        vec![false; self.quantities().len()]
    }

    /// How large the terms are whose sum each quantity is: round-off goes by them, also where they cancel out. 0 where the quantity itself
    /// is as large.
    fn terms(&self) -> Vec<f64> {
        vec![0.0; self.quantities().len()]
    }

    /// m, if the quantities are means over examples.
    fn examples(&self) -> Option<usize> {
        None
    }

    /// Where to look first if nothing explains what was handed in: of each quantity whether it is right, and `None` where it was not handed
    /// in.
    fn where_to_begin(&self, right: &[Option<bool>]) -> Text;
}

/// Every mistake makes numbers, and others than the right ones and than every other mistake: by a thousandth of the largest entry of one of
/// the quantities that must be handed in.
pub(super) fn is_telling(formulas: &dyn Formulas) -> bool {
    const LEAST: f64 = 1e-3;
    let required: Vec<bool> = formulas.quantities().iter().map(|quantity| quantity.required).collect();
    let made = (0..formulas.slips().len()).map(|i| vec![i]);
    let all: Vec<Vec<Matrix>> = [vec![]].into_iter().chain(made).map(|made| formulas.values(&made)).collect();
    let largest = |matrix: &Matrix| matrix.entries().iter().fold(0.0_f64, |most, x| most.max(x.abs()));
    let differ = |a: &Matrix, b: &Matrix| {
        let apart = a.entries().iter().zip(b.entries()).fold(0.0_f64, |most, (a, b)| most.max((a - b).abs()));
        (a.rows(), a.cols()) != (b.rows(), b.cols()) || apart > LEAST * largest(a).max(largest(b))
    };
    let tell = |a: &[Matrix], b: &[Matrix]| {
        a.iter().zip(b).zip(&required).any(|((a, b), &required)| required && differ(a, b))
    };
    let are_numbers = |values: &Vec<Matrix>| {
        values.iter().flat_map(|matrix| matrix.entries()).all(|entry| entry.is_finite())
    };
    all.iter().all(are_numbers) && (0..all.len()).all(|i| (0..i).all(|j| tell(&all[i], &all[j])))
}

/// The right values are numbers, and so are their terms, by which it is judged how near is near enough: beside an infinite one anything
/// would be right.
///
/// # Errors
/// [`HandInError::Answer`] for the first that is none.
pub(super) fn check_right(formulas: &dyn Formulas) -> Result<(), HandInError> {
    let (quantities, values) = (formulas.quantities(), formulas.values(&[]));
    for ((quantity, right), term) in quantities.into_iter().zip(&values).zip(formulas.terms()) {
        let of = if right.entries().len() == 1 { vec![] } else { vec![right.rows(), right.cols()] };
        let none = right.entries().iter().position(|value| !value.is_finite());
        let (entry, value) = match none {
            Some(k) => (entry(&of, k), right.entries()[k]),
            None if !term.is_finite() => (String::new(), term),
            None => continue,
        };
        return Err(HandInError::Answer { name: quantity.name, entry, value });
    }
    Ok(())
}
