//! The student's own code is checked: a problem is handed out as numbers, what it gives is handed in as numbers, and what is wrong is
//! known by the mistake that makes the same numbers.
//!
//! A [`HandOut`] is a problem of a [`Subject`]: [`HandOut::files`] are what is given away, [`HandOut::judge`] says of what comes back
//! which parts are right, where the others are off, and which known mistake, or which two, make exactly these numbers. Plain data goes in
//! and out; whoever has a disk or a page reads and writes the files.
//!
//! A subject has a file: its formulas, and beside them the mistakes that can be made. `search.rs` finds which of them were.

mod adam;
mod batch_findings;
mod batches;
mod check;
mod course;
mod descent;
mod error;
mod fingerprint;
mod formulas;
mod forward;
mod given;
mod gradient;
mod hand_out;
mod handed;
mod init;
mod init_scales;
mod judge;
mod judgement;
mod looks;
mod masks;
mod momentum;
mod names;
mod network;
mod network_words;
mod order;
mod precision;
mod search;
mod task;
mod update;
mod zeros;

use crate::Text;
pub use course::{CourseFunction, CourseProblem};
pub use error::HandInError;
pub use hand_out::{FOLDER, GIVEN, HandOut, PROBLEM, Subject};
pub use judgement::{Judged, Judgement, Made, Way, Worst};
