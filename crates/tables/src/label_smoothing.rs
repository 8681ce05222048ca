//! Targets that are not quite certain.

use nablab_data::prepare::Target;
use nablab_engine::{Float, Y};

/// Y moved towards what knows nothing: (1 − ε) y + ε / classes (Szegedy et al. 2016, arXiv 1512.00567).
pub(crate) fn smoothed<F: Float>(y: &Y<F>, target: &Target, epsilon: f64) -> Y<F> {
    let classes = match target {
        Target::Classes { levels, .. } => levels.len(),
        Target::Labels { .. } => 2,
        Target::Numbers { .. } => return y.clone(),
    };
    if epsilon == 0.0 {
        return y.clone();
    }
    y.map(|y| F::from_f64(y.to_f64() * (1.0 - epsilon) + epsilon / classes as f64))
}
