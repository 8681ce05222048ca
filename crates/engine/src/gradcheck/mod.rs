//! Gradient checking: is a derivative the derivative of this function?
//!
//! For every component θᵢ the central difference
//!
//! > ĝᵢ = (J(θ + ε eᵢ) − J(θ − ε eᵢ)) / 2ε
//!
//! is compared with the analytic gᵢ. The course's one number is ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖). It mixes three things
//! that a report must tell apart: a mistake in g, round-off in ĝ (about 10⁻¹⁶ abs(J) / ε, more where J loses
//! digits), and corners of J (a relu whose sign differs between θ + ε eᵢ and θ − ε eᵢ). Mistakes are then named:
//! see [`Finding`].
//!
//! Only `f64`: in single precision round-off alone is larger than most mistakes.
//!
//! How the noise is measured, and every threshold: `docs/maths/gradcheck.md`.

mod finding;
mod network;

pub use finding::{Finding, Mistake, recognise};
pub use network::NetworkCheck;

use serde::Serialize;

use crate::Layout;

/// Step ε of the differences: the course's. The smallest error is near the cube root of the machine epsilon
/// (6e-6), but 1e-7 keeps the published numbers comparable; a second step tells round-off apart.
pub const EPSILON: f64 = 1e-7;
/// The course's first threshold on the relative difference.
pub const THRESHOLD_FIRST: f64 = 1e-7;
/// The course's later threshold, used for the verdict in its words.
pub const THRESHOLD: f64 = 2e-7;

/// The second step, 100 ε: round-off falls a hundredfold, the error of the difference is still below 1e-9.
const WIDER: f64 = 100.0;
/// A component is wrong if it is off by more than this share of its size, and by more than the noise.
const RELATIVE: f64 = 1e-5;
/// Noise allowed around the estimate, in multiples of it.
const NOISE_MARGIN: f64 = 8.0;

/// A function that cannot be checked.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// It returned two values at one point.
    #[error(
        "the function is not the same twice at the same point: {first} and {second}\n\
         hint: draw random numbers (dropout masks) once, outside, and replay them"
    )]
    NotDeterministic {
        /// First value.
        first: f64,
        /// Second value.
        second: f64,
    },
    /// The value, or a component of the gradient, is infinite or not a number.
    #[error("{what} is {value}, not a finite number\nhint: check the gradient where the function is finite")]
    NotFinite {
        /// What it is.
        what: String,
        /// The value.
        value: f64,
    },
    /// The gradient has another length than the parameters, or both than the layout.
    #[error("expected {expected} components, got {got}")]
    Length {
        /// Length of the layout.
        expected: usize,
        /// What came.
        got: usize,
    },
}

/// What a component of the gradient turned out to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// Analytic and numeric value agree to 1e-5 of their size.
    Agrees,
    /// They differ by no more than the numeric value is uncertain.
    RoundOff,
    /// The difference straddles a corner of the function; nothing can be said.
    Kink,
    /// They differ.
    Wrong,
}

/// A component of the gradient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Component {
    /// `W2[3, 1]`
    pub name: String,
    /// gᵢ
    pub analytic: f64,
    /// ĝᵢ with ε = 1e-7: what the course compares.
    pub numeric: f64,
    /// ĝᵢ with the wider step: less round-off, the better judge.
    pub wide: f64,
    /// How far the better of the two may be off.
    pub uncertainty: f64,
    /// The judgement.
    pub verdict: Verdict,
}

/// What a check found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// J(θ).
    pub value: f64,
    /// The course's ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖); 0 if both are 0.
    pub difference: f64,
    /// One per parameter, in the order of the layout.
    pub components: Vec<Component>,
    /// Mistakes by name, empty if the gradient is right.
    pub findings: Vec<Finding>,
}

impl Report {
    /// No component is wrong beyond round-off.
    pub fn is_correct(&self) -> bool {
        self.count(Verdict::Wrong) == 0
    }

    /// Components of one verdict.
    pub fn count(&self, verdict: Verdict) -> usize {
        self.components.iter().filter(|c| c.verdict == verdict).count()
    }
}

/// What is known of the function besides its values; makes more mistakes recognisable by name.
#[derive(Clone, Copy, Debug, Default)]
pub struct Context<'a> {
    /// Number of examples the cost is averaged over.
    pub examples: Option<usize>,
    /// Gradient of the penalty alone, as long as the parameters.
    pub penalty: Option<&'a [f64]>,
}

/// Check the gradient `analytic` of any function of a flat vector; a function of one number is a vector of one.
///
/// ```
/// use nablab_engine::{Layout, gradcheck};
/// // J(θ) = x θ with x = 2 at θ = 4: the course's one-dimensional check.
/// let j = |theta: &[f64]| 2.0 * theta[0];
/// let report = gradcheck::check(&Layout::vector("theta", 1), &[4.0], &[2.0], j)?;
/// assert_eq!(report.difference, 2.919335883291695e-10);
/// assert!(report.is_correct());
///
/// let report = gradcheck::check(&Layout::vector("theta", 1), &[4.0], &[-2.0], j)?;
/// assert_eq!(report.findings[0].to_string(), "theta: analytic is −1 × numeric in all 1 entries (a wrong sign)");
/// # Ok::<(), gradcheck::CheckError>(())
/// ```
///
/// # Errors
/// [`CheckError`] if the function is not the same twice, or anything is not finite.
pub fn check(
    layout: &Layout,
    params: &[f64],
    analytic: &[f64],
    mut function: impl FnMut(&[f64]) -> f64,
) -> Result<Report, CheckError> {
    check_with(layout, params, analytic, Context::default(), |theta| (function(theta), 0))
}

/// As [`check`], for a function that also returns a fingerprint of its pieces: two points with different
/// fingerprints lie on different sides of a corner.
///
/// # Errors
/// As [`check`].
pub fn check_with(
    layout: &Layout,
    params: &[f64],
    analytic: &[f64],
    context: Context<'_>,
    mut function: impl FnMut(&[f64]) -> (f64, u64),
) -> Result<Report, CheckError> {
    for got in [params.len(), analytic.len()] {
        if got != layout.len() {
            return Err(CheckError::Length { expected: layout.len(), got });
        }
    }
    let (value, _) = function(params);
    let same_again = |second: f64| match second.to_bits() == value.to_bits() {
        true => Ok(()),
        false => Err(CheckError::NotDeterministic { first: value, second }),
    };
    if !value.is_finite() {
        return Err(CheckError::NotFinite { what: "the value of the function".into(), value });
    }
    same_again(function(params).0)?;

    let mut theta = params.to_vec();
    let mut components = Vec::with_capacity(params.len());
    for (i, &g) in analytic.iter().enumerate() {
        let name = layout.locate(i).to_string();
        let mut difference = |epsilon: f64| {
            let mut at = |shifted: f64| {
                theta[i] = shifted;
                function(&theta)
            };
            let ((plus, above), (minus, below)) = (at(params[i] + epsilon), at(params[i] - epsilon));
            theta[i] = params[i];
            ((plus - minus) / (2.0 * epsilon), above != below)
        };
        let (numeric, kink) = difference(EPSILON);
        let (wide, wide_kink) = difference(WIDER * EPSILON);
        for (what, value) in [("analytic", g), ("numeric", numeric), ("numeric", wide)] {
            if !value.is_finite() {
                return Err(CheckError::NotFinite { what: format!("the {what} gradient of {name}"), value });
            }
        }
        // The two steps disagree by the round-off of the narrow one, which shrinks with the step.
        let (best, uncertainty) = match wide_kink {
            true => (numeric, (numeric.abs() + value.abs()) * f64::EPSILON / EPSILON),
            false => (wide, (numeric - wide).abs() / WIDER + value.abs() * f64::EPSILON / (WIDER * EPSILON)),
        };
        let error = (g - best).abs();
        let verdict = match () {
            () if kink => Verdict::Kink,
            () if error <= RELATIVE * g.abs().max(best.abs()) => Verdict::Agrees,
            () if error <= NOISE_MARGIN * uncertainty => Verdict::RoundOff,
            () => Verdict::Wrong,
        };
        components.push(Component { name, analytic: g, numeric, wide: best, uncertainty, verdict });
    }
    same_again(function(params).0)?;

    let norm = |entry: &dyn Fn(&Component) -> f64| {
        components.iter().map(|c| entry(c) * entry(c)).sum::<f64>().sqrt()
    };
    let apart = norm(&|c| c.analytic - c.numeric);
    let together = norm(&|c| c.analytic) + norm(&|c| c.numeric);
    let difference = if together == 0.0 { 0.0 } else { apart / together };
    let findings = finding::find(layout, &components, params, context);
    Ok(Report { value, difference, components, findings })
}
