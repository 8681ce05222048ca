//! The metrics of a target.

use std::num::NonZeroUsize;

use nablab_data::prepare::Target;
use nablab_engine::{Float, YRef};

use super::classification::{OfClass, judge};
use super::examples::Examples;
use super::{Metrics, MetricsError, multilabel, regression};

/// How well `said(j, k)`, number k of row j, fits Y (outputs, m), each row counting as much as its weight says; all the same
/// without weights. Of classes also the sums that the metrics are made of.
pub(crate) fn metrics_of<F: Float>(
    target: &Target,
    said: impl Fn(usize, usize) -> f64 + Sync,
    y: YRef<'_, F>,
    weights: &[f64],
    threshold: f64,
    threads: NonZeroUsize,
) -> Result<(Metrics, Vec<OfClass>), MetricsError> {
    let weights = (!weights.is_empty()).then_some(weights);
    let (m, at) = (y.m(), |j: usize, k: usize| y.at(k, j).to_f64());
    let none = |metrics| (metrics, Vec::new());
    match target {
        Target::Classes { levels, .. } => {
            let (threshold, of) = ((levels.len() == 2).then_some(threshold), [m, levels.len()]);
            let (metrics, of_class) = judge(said, |j| class(y, j), of, weights, threshold, threads)?;
            Ok((Metrics::Classification(metrics), of_class))
        }
        Target::Labels { .. } => {
            let examples = Examples::new(m, weights)?;
            multilabel::judge(said, at, &examples, target.outputs()).map(Metrics::Multilabel).map(none)
        }
        Target::Numbers { center, scale, .. } => {
            let number = |j: usize, k: usize| at(j, k) * scale[k] + center[k];
            let examples = Examples::new(m, weights)?;
            regression::judge(said, number, &examples, target.outputs()).map(Metrics::Regression).map(none)
        }
    }
}

/// The class of row `j`; of two, Y says whether it is the second.
pub(crate) fn class<F: Float>(y: YRef<'_, F>, j: usize) -> usize {
    match y {
        YRef::Matrix(y) => usize::from(y.at(0, j) == F::ONE),
        YRef::OneHot(y) => y.class(j),
    }
}
