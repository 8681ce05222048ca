//! A finding: what was measured, how sure it is, and where it is explained.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::{Advice, Evidence};

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

/// What is said of what was found.
pub(crate) trait Describe {
    /// How sure it is.
    fn certainty(&self) -> Certainty;

    /// Where the threshold comes from.
    fn source(&self) -> &'static str;

    /// What was measured, and what it means: short, plain, no more certain than the numbers.
    fn sentence(&self, lang: Lang) -> String;

    /// What may help; nothing where that is in use already.
    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>>;
}

/// Defines the enum of all findings, so that none has a place in it without a name and a description.
macro_rules! findings {
    ($($name:ident = $code:literal;)+) => {
        /// Something found. Layers count from 1; layers beyond the hidden ones are the output.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "code")]
        #[allow(missing_docs, reason = "each holds a struct of its name, which is documented")]
        pub enum Finding {
            $(#[serde(rename = $code)] $name(crate::findings::$name),)+
        }

        impl Finding {
            /// All names.
            pub const CODES: &[&str] = &[$($code,)+];

            /// Its name, which stays.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name(_) => $code,)+
                }
            }

            fn described(&self) -> &dyn Describe {
                match self {
                    $(Self::$name(found) => found,)+
                }
            }
        }

        $(impl From<crate::findings::$name> for Finding {
            fn from(found: crate::findings::$name) -> Self {
                Self::$name(found)
            }
        })+
    };
}

findings! {
    SymmetricUnits = "symmetric-units";
    InitialLoss = "initial-loss";
    SaturatedOutput = "saturated-output";
    LargeWeights = "large-weights";
    VanishingGradients = "vanishing-gradients";
    ExplodingGradients = "exploding-gradients";
    WrongGradient = "wrong-gradient";
    DeadUnits = "dead-units";
    SaturatedUnits = "saturated-units";
    Diverged = "diverged";
    LearningRateTooHigh = "learning-rate-too-high";
    LearningRateTooLow = "learning-rate-too-low";
    EdgeOfStability = "edge-of-stability";
    StoppedTooEarly = "stopped-too-early";
    Plateau = "plateau";
    Overfitting = "overfitting";
    NoSkill = "no-skill";
    RisingValidationLoss = "rising-validation-loss";
    Underfitting = "underfitting";
    PenaltyTooStrong = "penalty-too-strong";
    PenaltyOvershoots = "penalty-overshoots";
    DropoutTooStrong = "dropout-too-strong";
    PenaltyWithoutEffect = "penalty-without-effect";
    DropoutWithoutEffect = "dropout-without-effect";
    UntaughtClass = "untaught-class";
    ClassCollapse = "class-collapse";
    ClassImbalance = "class-imbalance";
    UnscaledInputs = "unscaled-inputs";
    ConstantInput = "constant-input";
    IdAsFeature = "id-as-feature";
    DateAsNumber = "date-as-number";
    LeakingFeature = "leaking-feature";
    SharedRows = "shared-rows";
    NoBetterThanShuffled = "no-better-than-shuffled";
    SuspectLabels = "suspect-labels";
    UnfittingLoss = "unfitting-loss";
    BatchTooSmall = "batch-too-small";
    ValidationTooSmall = "validation-too-small";
}

impl Finding {
    /// How sure it is.
    pub fn certainty(&self) -> Certainty {
        self.described().certainty()
    }

    /// What was measured, and what it means, in a sentence or two.
    pub fn sentence(&self, lang: Lang) -> String {
        self.described().sentence(lang)
    }

    /// Changes that may help: nothing that is in use already, and nothing that the training's own settings refuse.
    pub fn advice(&self, evidence: &Evidence) -> Vec<Advice> {
        self.described().advice(&UsefulAdvice::of(evidence)).into_iter().flatten().collect()
    }

    /// Where the threshold comes from.
    pub fn source(&self) -> &'static str {
        self.described().source()
    }

    /// Where it is explained, in the handbook.
    pub fn page(&self, lang: Lang) -> String {
        let file = lang.choose("diagnosis.md", "diagnosis.zh.md");
        format!("{}/blob/main/docs/handbook/{file}#{}", env!("CARGO_PKG_REPOSITORY"), self.code())
    }
}
