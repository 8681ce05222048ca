//! A finding: what was measured, how sure it is, and where it is explained.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::about::about;
use crate::{Advice, Checked, Evidence, Lookalike, Misfit, Score, Sign, Suspect, advice, number, words};

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
#[allow(missing_docs, reason = "the fields are named after what was measured; words says them in sentences")]
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
    /// The gradient that training goes by is not that of its cost.
    WrongGradient { checked: Checked },
    /// Units of relu that never wake; since which epoch so many of them.
    DeadUnits { layer: usize, dead: usize, units: usize, since: u64 },
    /// Units of sigmoid or tanh at the ends of their range; since which epoch so many of them.
    SaturatedUnits { layer: usize, saturated: usize, units: usize, since: u64 },
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
        sign: Sign,
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
    /// Steps of this rate climb where the curvature along the gradient is what it was at the end.
    EdgeOfStability {
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        curvature: f64,
        #[serde(with = "number")]
        edge: f64,
    },
    /// It ended while the loss was falling.
    StoppedTooEarly {
        #[serde(with = "number")]
        fall: f64,
        epochs: u64,
    },
    /// The loss has long stopped falling.
    Plateau {
        since: u64,
        epochs: u64,
        #[serde(with = "number")]
        loss: f64,
    },
    /// Much better on the rows it learned from than on others.
    Overfitting {
        score: Score,
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
        score: Score,
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
        weight_decay: f64,
        #[serde(with = "number")]
        loss: f64,
        #[serde(with = "number")]
        constant: f64,
    },
    /// A penalty whose own steps carry weights beyond 0, further each time.
    PenaltyOvershoots {
        #[serde(with = "number")]
        strength: f64,
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        step: f64,
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
    /// A penalty that the gradient does not notice.
    PenaltyWithoutEffect {
        #[serde(with = "number")]
        l2: f64,
        #[serde(with = "number")]
        l1: f64,
        #[serde(with = "number")]
        share: f64,
    },
    /// Dropout that silences next to nothing.
    DropoutWithoutEffect {
        #[serde(with = "number")]
        rate: f64,
        #[serde(with = "number")]
        silenced: f64,
    },
    /// A class without a row to learn from, and how many rows that are judged on are of it.
    UntaughtClass { class: String, judged: usize },
    /// A class that is never predicted.
    ClassCollapse {
        class: String,
        #[serde(with = "number")]
        rows: f64,
        #[serde(with = "number")]
        recall: f64,
        is_held_out: bool,
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
        is_held_out: bool,
    },
    /// Features of very different sizes.
    UnscaledInputs {
        column: String,
        #[serde(with = "number")]
        size: f64,
        #[serde(with = "number")]
        least: f64,
    },
    /// Features that are the same in all rows.
    ConstantInput { columns: Vec<String>, is_left_out: bool },
    /// A column that looks like the ids of the rows.
    IdAsFeature { lookalike: Lookalike },
    /// A column that looks like dates, and is taken for numbers or categories.
    DateAsNumber { lookalike: Lookalike },
    /// A single feature that tells the target.
    LeakingFeature {
        column: String,
        #[serde(with = "number")]
        alone: f64,
    },
    /// Rows held out that were learned from.
    SharedRows { shared: usize, rows: usize },
    /// No more is learned than from targets that were given to other rows.
    NoBetterThanShuffled {
        score: Score,
        #[serde(with = "number")]
        metric: f64,
        #[serde(with = "number")]
        shuffled: f64,
        seeds: usize,
    },
    /// Labels that the network, right otherwise, finds all but impossible.
    SuspectLabels { suspects: Vec<Suspect>, rows: usize, unsure: usize },
    /// A loss that does not suit what the target's values are.
    UnfittingLoss { misfit: Misfit, loss: String },
    /// A batch much smaller than its noise asks for.
    BatchTooSmall {
        batch: usize,
        #[serde(with = "number")]
        noise_scale: f64,
    },
    /// Too few rows held out to tell good from better.
    ValidationTooSmall {
        score: Score,
        rows: usize,
        #[serde(with = "number")]
        margin: f64,
    },
}

impl Finding {
    /// Its name, which stays.
    pub fn code(&self) -> &'static str {
        about(self).code
    }

    /// All names.
    pub const CODES: [&str; 38] = [
        "symmetric-units",
        "initial-loss",
        "saturated-output",
        "large-weights",
        "vanishing-gradients",
        "exploding-gradients",
        "wrong-gradient",
        "dead-units",
        "saturated-units",
        "diverged",
        "learning-rate-too-high",
        "learning-rate-too-low",
        "edge-of-stability",
        "stopped-too-early",
        "plateau",
        "overfitting",
        "no-skill",
        "rising-validation-loss",
        "underfitting",
        "penalty-too-strong",
        "penalty-overshoots",
        "dropout-too-strong",
        "penalty-without-effect",
        "dropout-without-effect",
        "untaught-class",
        "class-collapse",
        "class-imbalance",
        "unscaled-inputs",
        "constant-input",
        "id-as-feature",
        "date-as-number",
        "leaking-feature",
        "shared-rows",
        "no-better-than-shuffled",
        "suspect-labels",
        "unfitting-loss",
        "batch-too-small",
        "validation-too-small",
    ];

    /// The class it speaks of.
    pub(crate) fn class(&self) -> Option<&str> {
        match self {
            Self::ClassCollapse { class, .. }
            | Self::ClassImbalance { class, .. }
            | Self::UntaughtClass { class, .. } => Some(class),
            _ => None,
        }
    }

    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        about(self).certainty
    }

    /// What was measured, and what it means, in a sentence or two.
    pub fn sentence(&self, lang: Lang) -> String {
        words::sentence(self, lang)
    }

    /// Changes that may help: nothing that is in use already, and nothing that the training's own settings refuse.
    pub fn advice(&self, evidence: &Evidence) -> Vec<Advice> {
        advice::advice(self, evidence)
    }

    /// Where the threshold comes from.
    pub fn source(&self) -> &'static str {
        about(self).source
    }

    /// Where it is explained, in the handbook.
    pub fn page(&self, lang: Lang) -> String {
        let file = lang.choose("diagnosis.md", "diagnosis.zh.md");
        format!("{}/blob/main/docs/handbook/{file}#{}", env!("CARGO_PKG_REPOSITORY"), self.code())
    }
}
