//! What each subject has to say of its problem.

use nablab_data::named_arrays::NamedArray;
use serde_json::Value;

use super::formulas::{Formulas, Slip};
use super::judge::judge;
use super::{HandInError, Judgement, Text};

/// A problem whose answer is judged.
pub(super) trait Task {
    /// The numbers it gives.
    fn given(&self) -> Vec<NamedArray>;
    /// What comes of it: the right answer, or one of them.
    fn right(&self) -> Vec<NamedArray>;
    /// What comes of each mistake.
    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)>;
    /// What is said of an answer.
    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError>;
}

/// One that is handed out in files, to be read again.
pub(super) trait Written: Task {
    /// What numbers cannot say of it, such as the names of functions.
    fn names(&self) -> Value;
    /// What is to be done.
    fn text(&self) -> Instructions;
}

/// A subject whose answer is what formulas make of its numbers.
pub(super) trait Computed {
    fn formulas(&self) -> Box<dyn Formulas + '_>;
    /// As in [`Task`].
    fn given(&self) -> Vec<NamedArray>;
    /// What is right as well, though the formulas give other numbers: draws of chance.
    fn allow(&self, _handed: &[NamedArray], judged: Judgement) -> Judgement {
        judged
    }
}

impl<T: Computed> Task for T {
    fn given(&self) -> Vec<NamedArray> {
        Computed::given(self)
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
        let judged = judge(&*self.formulas(), handed, &given)?;
        Ok(self.allow(handed, judged))
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
