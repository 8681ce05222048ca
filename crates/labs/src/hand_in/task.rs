//! What each subject has to say of its problem.

use nablab_data::named_arrays::NamedArray;
use serde_json::Value;

use super::formulas::{Formulas, Slip};
use super::judge::judge;
use super::{HandInError, Judgement, Text};

/// What a subject's problem can do.
pub(super) trait Task {
    /// The numbers it gives.
    fn given(&self) -> Vec<NamedArray>;
    /// What numbers cannot say of it, such as the names of functions.
    fn names(&self) -> Value;
    /// What comes of it: the right answer, or one of them.
    fn right(&self) -> Vec<NamedArray>;
    /// What comes of each mistake.
    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)>;
    /// What is said of an answer.
    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError>;
    /// What is to be done.
    fn text(&self) -> Instructions;
}

/// A subject whose answer is what formulas make of its numbers.
pub(super) trait Computed {
    fn formulas(&self) -> Box<dyn Formulas + '_>;
    /// As in [`Task`].
    fn given(&self) -> Vec<NamedArray>;
    /// As in [`Task`].
    fn names(&self) -> Value;
    /// As in [`Task`].
    fn text(&self) -> Instructions;
}

impl<T: Computed> Task for T {
    fn given(&self) -> Vec<NamedArray> {
        Computed::given(self)
    }

    fn names(&self) -> Value {
        Computed::names(self)
    }

    /// The right values of all that must be handed in.
    fn right(&self) -> Vec<NamedArray> {
        with(&*self.formulas(), &[])
    }

    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        let formulas = self.formulas();
        let of = |(i, slip): (usize, Slip)| (slip.key.to_owned(), slip.place, with(&*formulas, &[i]));
        formulas.slips().into_iter().enumerate().map(of).collect()
    }

    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        let given: Vec<String> = Computed::given(self).into_iter().map(|array| array.name).collect();
        judge(&*self.formulas(), handed, &given)
    }

    fn text(&self) -> Instructions {
        Computed::text(self)
    }
}

/// What a student reads.
pub(super) struct Instructions {
    pub(super) title: Text,
    /// The problem and its formulas, in Markdown.
    pub(super) formulas: Text,
    /// What each given array is.
    pub(super) given: Vec<Text>,
    /// What is to be handed in: name, shape, and whether it may be left out.
    pub(super) wanted: Vec<(String, String, bool)>,
}

fn with(formulas: &dyn Formulas, made: &[usize]) -> Vec<NamedArray> {
    let all = formulas.quantities().into_iter().zip(formulas.values(made));
    let required = all.filter(|(quantity, _)| quantity.required);
    required.map(|(quantity, value)| array(quantity.name, &value)).collect()
}

/// A matrix with a name.
pub(super) fn array(name: impl Into<String>, matrix: &crate::by_hand::Matrix) -> NamedArray {
    NamedArray::new(name, [matrix.rows(), matrix.cols()], matrix.entries())
}

/// Names and shapes of all that can be handed in.
pub(super) fn wanted_of(formulas: &dyn Formulas) -> Vec<(String, String, bool)> {
    let of = |(quantity, right): (super::formulas::Quantity, crate::by_hand::Matrix)| {
        (quantity.name, super::error::shape(&[right.rows(), right.cols()]), quantity.required)
    };
    formulas.quantities().into_iter().zip(formulas.values(&[])).map(of).collect()
}
