//! Every number that decides whether something is a finding, with its reason. The corpus of `bench/` shows what each costs.

use crate::Finding;

/// The first loss of a network that knows nothing may be so many times the expected one, of classes and of numbers: He's
/// initialisation gives up to 3 and 12 times on standardised features.
pub const INITIAL_LOSS: [f64; 2] = [4.0, 25.0];
/// Share of examples of which an untrained network may be certain. Of networks started well it is 0.
pub const CERTAIN_AT_START: f64 = 0.2;
/// What a layer multiplies its signals by, at the start: √2 by He, 1 by Xavier and LeCun.
pub const GAIN: f64 = 4.0;
/// Errors may shrink or grow so much from one layer to the one before, on average over the layers.
pub const FADE_PER_LAYER: f64 = 0.45;
/// The same upwards.
pub const GROWTH_PER_LAYER: f64 = 2.2;
/// And so much from the last hidden layer to the first in all.
pub const FADE: f64 = 0.02;
/// The same upwards.
pub const GROWTH: f64 = 50.0;
/// Share of a layer's units that may be dead at the end; networks under a penalty lose some on the way.
pub const DEAD: f64 = 0.6;
/// Share of a layer's units that may be saturated.
pub const SATURATED: f64 = 0.5;
/// The mean cost of the last tenth may lie so much above the lowest tenth's.
pub const RISE: f64 = 1.5;
/// How much a cost may jump from epoch to epoch at the end, as a share of how far it has come down.
pub const JUMPS: f64 = 0.15;
/// A loss that falls by less over a tenth of the training is falling no more.
pub const STILL_FALLING: f64 = 0.03;
/// Plain descent with less than this share of 2 / curvature crawls.
pub const CRAWLS: f64 = 0.02;
/// Adam's and RMSProp's steps move a weight by about the rate: if all of them together are a smaller share of the weights'
/// size, they cannot have got anywhere.
pub const HARDLY_MOVED: f64 = 0.5;
/// Standard errors between the losses of rows learned from and rows held out: less is chance.
pub const LOSS_GAP: f64 = 2.0;
/// The validation loss may be so many times the training loss.
pub const LOSS_RATIO: f64 = 2.0;
/// Points of accuracy, or of R², that the network may be better on the rows it learned from.
pub const METRIC_GAP: [f64; 2] = [0.03, 0.1];
/// A validation loss that has risen by less has not.
pub const LEAST_RISE: f64 = 0.02;
/// A loss above this share of that of a constant answer has learned next to nothing.
pub const NO_SKILL: f64 = 0.9;
/// A network that is right so often, or has this R², has learned something whatever its loss says: a few answers that are
/// certain and wrong make a mean loss large.
pub const SKILL: [f64; 2] = [0.75, 0.25];
/// A penalty or dropout is too strong if it is there and the loss stays above this share.
pub const HELD_BACK: f64 = 0.6;
/// A penalty is strong if it pulls a weight so much of its own size a step, times the rate: λ / m.
pub const STRONG_PENALTY: f64 = 0.05;
/// A loss below this share of a constant answer's has come down, however slowly it goes on.
pub const COME_DOWN: f64 = 0.4;
/// Weights that have moved by so many times their initial size were thrown, not led.
pub const THROWN: f64 = 4.0;
/// A class whose rows are found in this share only has collapsed.
pub const COLLAPSED: f64 = 0.02;
/// Rows of a class that are needed to say so.
pub const FEWEST_OF_CLASS: f64 = 5.0;
/// A class with a smaller part of its even share is rare.
pub const RARE: f64 = 0.3;
/// And missed if it is found so much less often than the others.
pub const MISSED: f64 = 0.25;
/// Features may differ in size by this factor, and be so many times larger than 1.
pub const SIZES: f64 = 30.0;
/// The area under the ROC curve, or abs(r), beyond which a single feature gives the target away.
pub const GIVES_AWAY: f64 = 0.995;
/// Share of the rows held out that may be copies of rows learned from: small whole numbers repeat.
pub const SHARED: f64 = 0.05;
/// Suspect rows at least, and how many for each row of which the network is unsure: where classes overlap, unsure rows are
/// many and rows that are certainly wrong few.
pub const SUSPECTS: (usize, f64) = (3, 0.5);
/// A row is suspect if its label is less probable, and the network is unsure of rows whose label is not that improbable
/// and not as probable as the rest.
pub const IMPROBABLE: f64 = 0.1;
/// Noise scale over batch size; beyond it more rows a step are nearly free progress.
pub const NOISE: f64 = 500.0;
/// Half the width of the interval of an accuracy, beyond which it tells little.
pub const MARGIN: f64 = 0.1;

/// Where the threshold of a finding comes from.
pub(crate) fn source(finding: &Finding) -> &'static str {
    match finding {
        Finding::SymmetricUnits { .. } => "Goodfellow, Bengio & Courville 2016, section 8.4; the course",
        Finding::InitialLoss { .. } => "Karpathy 2019, A recipe for training neural networks; our corpus",
        Finding::SaturatedOutput { .. } => "the course; our corpus",
        Finding::LargeWeights { .. } => "He et al. 2015; the course",
        Finding::VanishingGradients { .. } | Finding::ExplodingGradients { .. } => {
            "Glorot & Bengio 2010; our corpus"
        }
        Finding::DeadUnits { .. } => "Lu et al. 2019, Dying ReLU; our corpus",
        Finding::SaturatedUnits { .. } => "Glorot & Bengio 2010; our corpus",
        Finding::Diverged { .. } => "the gradient is no number",
        Finding::LearningRateTooHigh { .. } | Finding::LearningRateTooLow { .. } => {
            "Goodfellow, Bengio & Courville 2016, section 11.4; Cohen et al. 2021; our corpus"
        }
        Finding::StoppedTooEarly { .. } => "our corpus",
        Finding::RisingValidationLoss { .. } => "Prechelt 1998, Early stopping, but when?",
        Finding::Overfitting { .. } | Finding::Underfitting { .. } | Finding::NoSkill { .. } => {
            "Goodfellow, Bengio & Courville 2016, section 5.2; our corpus"
        }
        Finding::PenaltyTooStrong { .. } | Finding::DropoutTooStrong { .. } => "our corpus",
        Finding::ClassCollapse { .. } | Finding::ClassImbalance { .. } => "He & Garcia 2009; our corpus",
        Finding::UnscaledInputs { .. } | Finding::ConstantInput { .. } => {
            "LeCun et al. 1998, Efficient BackProp"
        }
        Finding::LeakingFeature { .. } | Finding::SharedRows { .. } => {
            "Kaufman et al. 2012, Leakage in data mining"
        }
        Finding::SuspectLabels { .. } => "Northcutt et al. 2021, Confident learning; our corpus",
        Finding::BatchTooSmall { .. } => "McCandlish et al. 2018",
        Finding::ValidationTooSmall { .. } => "Wilson's interval at 95 %",
    }
}
