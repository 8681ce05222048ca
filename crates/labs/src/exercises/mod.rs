//! Forty exercises on the four labs, with answers that are computed.
//!
//! An [`Exercise`] is a question as plain data and the code that answers it: each answer is what the library computes when asked, and so
//! is each wrong answer that has a name. [`Exercise::check`] says of an answer whether it is right, nearly right, or which
//! [`Misconception`] it comes from. Variant 0 has the course's own numbers; every other variant has other seeds, numbers, settings and
//! mistakes, so that neighbours cannot copy. [`sheet`] and [`key`] put exercises on paper.
//!
//! ```
//! use nablab_labs::exercises::{Verdict, all, exercise};
//! let momentum = exercise("4.4".parse()?, 0);
//! assert_eq!(momentum.check("1 - 0.9^5")?.verdict, Verdict::Right);
//! assert!(matches!(momentum.check("0.9^5")?.verdict, Verdict::Misconception(_)));
//! assert_eq!(all(17).len(), 40);
//! assert_ne!(exercise("4.4".parse()?, 17).question, momentum.question);
//! # Ok::<(), nablab_labs::exercises::ExerciseError>(())
//! ```

mod document;
mod draw;
mod error;
mod exercise;
mod expression;
mod json;
mod judgement;
mod list;
mod material;
mod planted;
mod reading;
mod solution;

mod gradient_checking;
mod initialization;
mod optimization;
mod regularization;

use crate::Text;
pub use document::{Help, key, sheet};
pub use error::ExerciseError;
pub use exercise::{Exercise, Expects, Id, Question, Tolerance, Unit};
pub use judgement::{Judgement, Verdict};
pub use list::{list, list_json};
pub(crate) use planted::given;
pub use solution::{Answer, Misconception, Solution, Trial};

use crate::Lab;
use draw::Draw;
use exercise::Work;

/// Makes an exercise of what a variant draws.
type Make = fn(&mut Draw) -> (Question, Work);

/// The exercises of a lab, from easy to hard.
fn makers(lab: Lab) -> &'static [Make] {
    match lab {
        Lab::Regularization => regularization::EXERCISES,
        Lab::Initialization => initialization::EXERCISES,
        Lab::GradientChecking => gradient_checking::EXERCISES,
        Lab::Optimization => optimization::EXERCISES,
    }
}

/// The numbers of all exercises, in order.
///
/// ```
/// use nablab_labs::exercises::ids;
/// let ids: Vec<_> = ids().map(|id| id.to_string()).collect();
/// assert_eq!((ids.len(), &*ids[0], &*ids[39]), (40, "1.1", "4.10"));
/// ```
pub fn ids() -> impl Iterator<Item = Id> {
    Lab::ALL.into_iter().flat_map(ids_of)
}

fn ids_of(lab: Lab) -> impl Iterator<Item = Id> {
    (1..=makers(lab).len() as u8).map(move |number| Id { lab, number })
}

/// An exercise in a variant.
pub fn exercise(id: Id, variant: u64) -> Exercise {
    let make = makers(id.lab)[usize::from(id.number) - 1];
    let (question, work) = make(&mut Draw::new(id, variant));
    Exercise { id, variant, question, work }
}

/// The exercises of a lab in a variant.
///
/// ```
/// use nablab_labs::{Lab, exercises::of};
/// let exercises = of(Lab::GradientChecking, 17);
/// assert_eq!((exercises.len(), exercises[9].id.to_string(), exercises[9].variant), (10, "3.10".into(), 17));
/// ```
pub fn of(lab: Lab, variant: u64) -> Vec<Exercise> {
    ids_of(lab).map(|id| exercise(id, variant)).collect()
}

/// All exercises in a variant.
///
/// ```
/// use nablab_labs::exercises::{all, ids};
/// assert!(all(17).iter().map(|exercise| exercise.id).eq(ids()));
/// ```
pub fn all(variant: u64) -> Vec<Exercise> {
    ids().map(|id| exercise(id, variant)).collect()
}
