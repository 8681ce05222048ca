//! A finding: what was measured, how sure it is, and where it is explained.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::{Suspect, advice, number, words};

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Certainty {
    /// Worth knowing; nothing need be wrong.
    Note,
    /// The numbers speak for it; others could cause the same.
    Likely,
    /// It follows from what was measured.
    Certain,
}

/// Something found. Layers count from 1; layers beyond the hidden ones are the output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "kebab-case")]
#[allow(
    missing_docs,
    reason = "the fields are named after what was measured; words.rs says them in sentences"
)]
pub enum Finding {
    /// Units that are copies of each other from the start, and stayed so.
    SymmetricUnits { layer: usize, symmetric: usize, units: usize },
    /// The first loss is not that of a network that knows nothing.
    InitialLoss {
        #[serde(with = "number")]
        loss: f64,
        #[serde(with = "number")]
        expected: f64,
    },
    /// The untrained network is certain of what it cannot know.
    SaturatedOutput {
        #[serde(with = "number")]
        share: f64,
    },
    /// Weights so large that each layer multiplies its signals.
    LargeWeights {
        layer: usize,
        #[serde(with = "number")]
        gain: f64,
    },
    /// Errors fade on their way back.
    VanishingGradients {
        #[serde(with = "number")]
        first: f64,
        #[serde(with = "number")]
        last: f64,
        layers: usize,
    },
    /// Errors grow on their way back.
    ExplodingGradients {
        #[serde(with = "number")]
        first: f64,
        #[serde(with = "number")]
        last: f64,
        layers: usize,
    },
    /// Units of relu that never wake.
    DeadUnits { layer: usize, dead: usize, units: usize },
    /// Units of sigmoid or tanh at the ends of their range.
    SaturatedUnits { layer: usize, saturated: usize, units: usize },
    /// A gradient was no number.
    Diverged { step: u64, place: String },
    /// The cost jumps or has risen.
    LearningRateTooHigh {
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        lowest: f64,
        #[serde(with = "number")]
        end: f64,
        died: usize,
    },
    /// The cost falls slowly although longer steps would lead down.
    LearningRateTooLow {
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        could_be: f64,
        #[serde(with = "number")]
        fall: f64,
    },
    /// It ended while the loss was falling.
    StoppedTooEarly {
        #[serde(with = "number")]
        fall: f64,
        epochs: u64,
    },
    /// Much better on the rows it learned from than on others.
    Overfitting {
        #[serde(with = "number")]
        train_loss: f64,
        #[serde(with = "number")]
        validation_loss: f64,
        #[serde(with = "number")]
        train: f64,
        #[serde(with = "number")]
        validation: f64,
    },
    /// On rows held out no better than an answer that looks at no feature.
    NoSkill {
        #[serde(with = "number")]
        metric: f64,
        #[serde(with = "number")]
        constant: f64,
    },
    /// The validation loss has risen since its lowest.
    RisingValidationLoss {
        best_epoch: u64,
        #[serde(with = "number")]
        rise: f64,
        patience: Option<u64>,
    },
    /// Hardly better than an answer that looks at no feature.
    Underfitting {
        #[serde(with = "number")]
        loss: f64,
        #[serde(with = "number")]
        constant: f64,
    },
    /// A penalty that outweighs the loss.
    PenaltyTooStrong {
        #[serde(with = "number")]
        l2: f64,
        #[serde(with = "number")]
        l1: f64,
        #[serde(with = "number")]
        loss: f64,
        #[serde(with = "number")]
        constant: f64,
    },
    /// Dropout that silences too much.
    DropoutTooStrong {
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        loss: f64,
        #[serde(with = "number")]
        constant: f64,
    },
    /// A class that is never predicted.
    ClassCollapse {
        class: String,
        #[serde(with = "number")]
        rows: f64,
        #[serde(with = "number")]
        recall: f64,
    },
    /// A class with few rows, which the network misses.
    ClassImbalance {
        class: String,
        #[serde(with = "number")]
        share: f64,
        #[serde(with = "number")]
        recall: f64,
        #[serde(with = "number")]
        others: f64,
    },
    /// Features of very different sizes.
    UnscaledInputs {
        column: String,
        #[serde(with = "number")]
        size: f64,
        #[serde(with = "number")]
        least: f64,
    },
    /// A feature that is the same in all rows.
    ConstantInput { column: String },
    /// A single feature that tells the target.
    LeakingFeature {
        column: String,
        #[serde(with = "number")]
        alone: f64,
    },
    /// Rows held out that were learned from.
    SharedRows { shared: usize, rows: usize },
    /// Labels that the network, right otherwise, finds all but impossible.
    SuspectLabels { suspects: Vec<Suspect>, unsure: usize },
    /// A batch much smaller than its noise asks for.
    BatchTooSmall {
        batch: usize,
        #[serde(with = "number")]
        noise_scale: f64,
    },
    /// Too few rows held out to tell good from better.
    ValidationTooSmall {
        rows: usize,
        #[serde(with = "number")]
        margin: f64,
    },
}

impl Finding {
    /// Its name, which stays.
    pub fn code(&self) -> &'static str {
        match self {
            Self::SymmetricUnits { .. } => "symmetric-units",
            Self::InitialLoss { .. } => "initial-loss",
            Self::SaturatedOutput { .. } => "saturated-output",
            Self::LargeWeights { .. } => "large-weights",
            Self::VanishingGradients { .. } => "vanishing-gradients",
            Self::ExplodingGradients { .. } => "exploding-gradients",
            Self::DeadUnits { .. } => "dead-units",
            Self::SaturatedUnits { .. } => "saturated-units",
            Self::Diverged { .. } => "diverged",
            Self::LearningRateTooHigh { .. } => "learning-rate-too-high",
            Self::LearningRateTooLow { .. } => "learning-rate-too-low",
            Self::StoppedTooEarly { .. } => "stopped-too-early",
            Self::Overfitting { .. } => "overfitting",
            Self::NoSkill { .. } => "no-skill",
            Self::RisingValidationLoss { .. } => "rising-validation-loss",
            Self::Underfitting { .. } => "underfitting",
            Self::PenaltyTooStrong { .. } => "penalty-too-strong",
            Self::DropoutTooStrong { .. } => "dropout-too-strong",
            Self::ClassCollapse { .. } => "class-collapse",
            Self::ClassImbalance { .. } => "class-imbalance",
            Self::UnscaledInputs { .. } => "unscaled-inputs",
            Self::ConstantInput { .. } => "constant-input",
            Self::LeakingFeature { .. } => "leaking-feature",
            Self::SharedRows { .. } => "shared-rows",
            Self::SuspectLabels { .. } => "suspect-labels",
            Self::BatchTooSmall { .. } => "batch-too-small",
            Self::ValidationTooSmall { .. } => "validation-too-small",
        }
    }

    /// All names.
    pub const CODES: [&str; 27] = [
        "symmetric-units",
        "initial-loss",
        "saturated-output",
        "large-weights",
        "vanishing-gradients",
        "exploding-gradients",
        "dead-units",
        "saturated-units",
        "diverged",
        "learning-rate-too-high",
        "learning-rate-too-low",
        "stopped-too-early",
        "overfitting",
        "no-skill",
        "rising-validation-loss",
        "underfitting",
        "penalty-too-strong",
        "dropout-too-strong",
        "class-collapse",
        "class-imbalance",
        "unscaled-inputs",
        "constant-input",
        "leaking-feature",
        "shared-rows",
        "suspect-labels",
        "batch-too-small",
        "validation-too-small",
    ];

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::SymmetricUnits { .. }
            | Self::Diverged { .. }
            | Self::InitialLoss { .. }
            | Self::SaturatedOutput { .. }
            | Self::ConstantInput { .. }
            | Self::SharedRows { .. } => Certainty::Certain,
            Self::BatchTooSmall { .. }
            | Self::ValidationTooSmall { .. }
            | Self::StoppedTooEarly { .. }
            | Self::RisingValidationLoss { .. } => Certainty::Note,
            _ => Certainty::Likely,
        }
    }

    /// What was measured, and what it means, in a sentence or two.
    pub fn sentence(&self, lang: Lang) -> String {
        words::sentence(self, lang)
    }

    /// Flags of `nablab train` that may help, ready to be pasted.
    pub fn advice(&self) -> Vec<String> {
        advice::flags(self)
    }

    /// Where the threshold comes from.
    pub fn source(&self) -> &'static str {
        crate::thresholds::source(self)
    }
}
