//! The batch: steps too noisy.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::n;
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

pub(super) fn batch_too_small(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(batch), Some(start)) = (evidence.batch(), evidence.start()) else { return Vec::new() };
    if batch >= evidence.rows {
        return Vec::new();
    }
    // Near a minimum all is noise; half way down it is what costs steps.
    let middle = evidence.signals.get(evidence.signals.len() / 2).unwrap_or(start);
    let noise_scale = middle.signals.noise_scale(middle.examples);
    if noise_scale.is_finite() && noise_scale > by.batch_too_small_noise * batch as f64 {
        return vec![BatchTooSmall { batch, noise_scale }.into()];
    }
    Vec::new()
}

/// A batch much smaller than its noise asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BatchTooSmall {
    /// Rows of a batch.
    pub batch: usize,
    /// Rows at which a gradient has as much signal as noise.
    #[serde(with = "number")]
    pub noise_scale: f64,
}

impl Describe for BatchTooSmall {
    fn certainty(&self) -> Certainty {
        Certainty::Note
    }

    fn source(&self) -> &'static str {
        "McCandlish et al. 2018"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { batch, noise_scale } = self;
        lang.choose(
            format!(
                "Gradients of single rows disagree so much that {} rows a step would have as much signal as noise; a batch has \
                 {batch}.",
                n(*noise_scale)
            ),
            format!("各行的梯度分歧很大：每步约 {} 行才能使信号与噪声相当，而一批只有 {batch} 行。", n(*noise_scale)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![Some(Advice::BatchSize((4 * self.batch).min(useful.evidence.rows)))]
    }
}
