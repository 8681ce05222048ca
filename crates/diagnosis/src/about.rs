//! What is the same of all findings of a kind: name, certainty, source.

use crate::Finding;
use crate::finding::Certainty::{self, Certain, Likely, Note};

/// A kind of finding.
pub(crate) struct About {
    pub(crate) code: &'static str,
    pub(crate) certainty: Certainty,
    /// Where the threshold comes from.
    pub(crate) source: &'static str,
}

/// What is known of its kind.
pub(crate) fn about(finding: &Finding) -> About {
    use Finding as F;
    let (code, certainty, source) = match finding {
        F::SymmetricUnits { .. } => {
            ("symmetric-units", Certain, "Goodfellow, Bengio & Courville 2016, section 8.4; the course")
        }
        F::InitialLoss { .. } => {
            ("initial-loss", Likely, "Karpathy 2019, A recipe for training neural networks; our corpus")
        }
        F::SaturatedOutput { .. } => ("saturated-output", Certain, "the course; our corpus"),
        F::LargeWeights { .. } => ("large-weights", Likely, "He et al. 2015; the course"),
        F::VanishingGradients { .. } => ("vanishing-gradients", Likely, "Glorot & Bengio 2010; our corpus"),
        F::ExplodingGradients { .. } => ("exploding-gradients", Likely, "Glorot & Bengio 2010; our corpus"),
        F::WrongGradient { .. } => {
            ("wrong-gradient", Certain, "the course; Goodfellow et al. 2016, section 11.5")
        }
        F::DeadUnits { .. } => ("dead-units", Likely, "Lu et al. 2019, Dying ReLU; our corpus"),
        F::SaturatedUnits { .. } => ("saturated-units", Likely, "Glorot & Bengio 2010; our corpus"),
        F::Diverged { .. } => ("diverged", Certain, "a gradient or a running statistic is no finite number"),
        F::LearningRateTooHigh { .. } => (
            "learning-rate-too-high",
            Likely,
            "Goodfellow, Bengio & Courville 2016, section 11.4; our corpus",
        ),
        F::LearningRateTooLow { .. } => {
            ("learning-rate-too-low", Likely, "Goodfellow, Bengio & Courville 2016, section 11.4; our corpus")
        }
        F::EdgeOfStability { .. } => ("edge-of-stability", Note, "Cohen et al. 2021"),
        F::StoppedTooEarly { .. } => ("stopped-too-early", Note, "our corpus"),
        F::Plateau { .. } => ("plateau", Note, "our corpus"),
        F::Overfitting { .. } => {
            ("overfitting", Likely, "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus")
        }
        F::NoSkill { .. } => {
            ("no-skill", Likely, "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus")
        }
        F::RisingValidationLoss { .. } => {
            ("rising-validation-loss", Note, "Prechelt 1998, Early stopping, but when?")
        }
        F::Underfitting { .. } => {
            ("underfitting", Likely, "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus")
        }
        F::PenaltyTooStrong { .. } => ("penalty-too-strong", Likely, "our corpus"),
        F::PenaltyOvershoots { .. } => {
            ("penalty-overshoots", Certain, "w (1 − rate · λ / m) grows where that exceeds 2")
        }
        F::DropoutTooStrong { .. } => ("dropout-too-strong", Likely, "our corpus"),
        F::PenaltyWithoutEffect { .. } => ("penalty-without-effect", Note, "our corpus"),
        F::DropoutWithoutEffect { .. } => {
            ("dropout-without-effect", Note, "Srivastava et al. 2014; our corpus")
        }
        F::UntaughtClass { .. } => ("untaught-class", Certain, "there is nothing to learn it from"),
        F::ClassCollapse { .. } => ("class-collapse", Likely, "He & Garcia 2009; our corpus"),
        F::ClassImbalance { .. } => ("class-imbalance", Likely, "He & Garcia 2009; our corpus"),
        F::UnscaledInputs { .. } => ("unscaled-inputs", Likely, "LeCun et al. 1998, Efficient BackProp"),
        F::ConstantInput { is_left_out: true, .. } => {
            ("constant-input", Note, "LeCun et al. 1998, Efficient BackProp")
        }
        F::ConstantInput { .. } => ("constant-input", Certain, "LeCun et al. 1998, Efficient BackProp"),
        F::IdAsFeature { .. } => (
            "id-as-feature",
            Likely,
            "Kaufman et al. 2012, Leakage in data mining; of independent draws equal ones are half as frequent as neighbours",
        ),
        F::DateAsNumber { .. } => (
            "date-as-number",
            Likely,
            "scikit-learn's Time-related feature engineering; fastai's add_datepart",
        ),
        F::LeakingFeature { .. } => {
            ("leaking-feature", Likely, "Kaufman et al. 2012, Leakage in data mining")
        }
        F::SharedRows { .. } => ("shared-rows", Likely, "Kaufman et al. 2012, Leakage in data mining"),
        F::NoBetterThanShuffled { .. } => (
            "no-better-than-shuffled",
            Likely,
            "Ojala & Garriga 2010, Permutation tests for studying classifier performance",
        ),
        F::SuspectLabels { .. } => {
            ("suspect-labels", Likely, "Northcutt et al. 2021, Confident learning; our corpus")
        }
        F::UnfittingLoss { .. } => {
            ("unfitting-loss", Likely, "Goodfellow, Bengio & Courville 2016, section 6.2")
        }
        F::BatchTooSmall { .. } => ("batch-too-small", Note, "McCandlish et al. 2018"),
        F::ValidationTooSmall { .. } => ("validation-too-small", Note, "Wilson's interval at 95 %"),
    };
    About { code, certainty, source }
}
