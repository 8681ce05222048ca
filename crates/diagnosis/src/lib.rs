//! What is wrong with a training, how that is known, and what to change.
//!
//! ```text
//! Evidence (settings, history, signals, fits, data: plain numbers) ── diagnose ── findings ── sentences, flags
//! ```
//!
//! It watches no training itself: whoever trains hands over numbers, of which any may be missing. What cannot be told from
//! those that are there is not told, and [`Evidence::open_questions`] says so.
#![forbid(unsafe_code)]

mod advice;
mod consistency;
mod diagnosis;
mod evidence;
mod finding;
pub mod findings;
mod lookalike;
mod number;
mod open_questions;
mod score;
pub mod thresholds;
mod under_way;
mod words;

pub use advice::{Advice, item, quoted};
pub use consistency::Inconsistency;
pub use diagnosis::{DescribedFinding, DescribedQuestion, Diagnosis};
pub use evidence::{
    Checked, Class, Column, EpochLosses, Evidence, Fit, Handling, Reading, Shuffled, Suspect, Untaught,
    Values,
};
pub use finding::{Certainty, Finding};
pub use findings::{Allowed, Misfit, Sign};
pub use lookalike::{Like, Lookalike};
pub use open_questions::{OpenQuestion, all_clear};
pub use score::Score;
pub use thresholds::Thresholds;

/// All findings, the causes before what follows from them.
///
/// ```
/// use nablab_diagnosis::{Evidence, Finding, Fit, diagnose};
/// use nablab_report::Lang;
/// let fit = |rows, loss, deviation, metric| Some(Fit { rows, loss, deviation, metric });
/// let evidence = Evidence {
///     train: fit(1000, 0.01, 0.05, 1.0),
///     validation: fit(500, 0.9, 1.5, 0.8),
///     ..Evidence::default()
/// };
/// let findings = diagnose(&evidence);
/// assert_eq!(findings[0].code(), "overfitting");
/// assert!(findings[0].sentence(Lang::En).contains("0.01"));
/// ```
pub fn diagnose(evidence: &Evidence) -> Vec<Finding> {
    diagnose_by(evidence, &Thresholds::default())
}

/// The same by other thresholds.
pub fn diagnose_by(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let mut findings: Vec<Finding> = findings::CHECKS.iter().flat_map(|check| check(evidence, by)).collect();
    findings::keep_causes(&mut findings);
    under_way::keep_what_is_known(&mut findings, evidence, by);
    findings
}
