//! What may help: a setting that is to be another one.

mod flags;
mod useful;

pub use flags::{item, quoted};
pub(crate) use useful::{UsefulAdvice, digits};

/// A change of a training's settings that may help. A door shows it in its own words: [`Advice::flags`] are the command's.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// He's initial weights.
    He,
    /// Xavier's initial weights.
    Xavier,
    /// Relu in the hidden layers, and He's initial weights, which fit it.
    Relu,
    /// Leaky relu of this slope in the hidden layers.
    LeakyRelu(f64),
    /// Hidden units normalised over each batch.
    BatchNorm,
    /// The learning rate that a range test finds.
    FindLearningRate,
    /// This learning rate.
    LearningRate(f64),
    /// Adam, with this learning rate.
    Adam(f64),
    /// A learning rate that falls as a cosine.
    Cosine,
    /// A gradient of at most this norm.
    ClipNorm(f64),
    /// This L2 penalty.
    L2(f64),
    /// This L1 penalty.
    L1(f64),
    /// This weight decay, of AdamW.
    WeightDecay(f64),
    /// This share of the hidden units silenced.
    Dropout(f64),
    /// Hidden layers of so many units; none makes a linear model.
    Layers(Vec<usize>),
    /// Stop after so many epochs without a lower validation loss.
    EarlyStopping(u64),
    /// So many epochs.
    Epochs(u64),
    /// So many rows a step.
    BatchSize(usize),
    /// Every class counts the same.
    BalancedClasses,
    /// The rare class is predicted from the probability on that makes the balanced accuracy high.
    BalancedThreshold,
    /// Numbers scaled to mean 0 and variance 1.
    Scaled,
    /// These columns are not learned from.
    Ignore(Vec<String>),
    /// These columns have these types: the column, and number, category or date.
    Types(Vec<(String, String)>),
    /// This share of each class's target goes to all classes alike.
    LabelSmoothing(f64),
    /// The target is one of two classes.
    Binary,
    /// The target is a number.
    Regression,
    /// A cross-validation in so many folds.
    Folds(usize),
}
