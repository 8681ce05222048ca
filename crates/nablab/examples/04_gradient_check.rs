//! A backward pass with a mistake in it, found by central differences and called by its name.
//!
//!     cargo run -p nablab --example 04_gradient_check
#![allow(missing_docs, clippy::print_stdout)]

use nablab::engine::Layout;
use nablab::engine::gradcheck::{CheckError, check};

/// J(θ) = Σ (θ_i − i)².
fn cost(theta: &[f64]) -> f64 {
    theta.iter().zip(0..).map(|(t, i)| (t - f64::from(i)).powi(2)).sum()
}

/// dJ/dθ_i = 2 (θ_i − i), but the 2 is forgotten.
fn backward(theta: &[f64]) -> Vec<f64> {
    theta.iter().zip(0..).map(|(t, i)| t - f64::from(i)).collect()
}

pub fn main() -> Result<(), CheckError> {
    let theta = [0.5, -1.0, 4.0];
    let report = check(&Layout::vector("theta", 3), &theta, &backward(&theta), cost)?;
    assert!(!report.is_correct());
    for finding in &report.findings {
        println!("{finding}");
    }
    assert!(report.findings[0].to_string().contains("analytic is 0.5"), "{:?}", report.findings);

    let right: Vec<f64> = backward(&theta).iter().map(|g| 2.0 * g).collect();
    assert!(check(&Layout::vector("theta", 3), &theta, &right, cost)?.is_correct());
    Ok(())
}
