//! The labs of the course by name.

use nablab_data::Parts;
use nablab_report::Lang;
use serde::Serialize;

use crate::experiment::Experiment;
use crate::{Knobs, LabError, Options, gradient_checking, initialization, optimization, regularization};

/// A lab of the course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lab {
    /// None, L2, dropout.
    Regularization,
    /// Zeros, large random, He.
    Initialization,
    /// Of one number and of a network.
    GradientChecking,
    /// Gradient descent, momentum, Adam on mini-batches.
    Optimization,
}

impl Lab {
    /// All of them, in the order of the report.
    pub const ALL: [Self; 4] =
        [Self::Regularization, Self::Initialization, Self::GradientChecking, Self::Optimization];

    /// As on the command line and in JSON.
    pub fn key(self) -> &'static str {
        match self {
            Self::Regularization => "regularization",
            Self::Initialization => "initialization",
            Self::GradientChecking => "gradient-checking",
            Self::Optimization => "optimization",
        }
    }

    /// Trains networks: what acts on trainings acts on it.
    pub(crate) fn trains(self) -> bool {
        self != Self::GradientChecking
    }

    /// Its data and its variants, to be trained one by one. `data` takes the place of the lab's own; for each variant on which
    /// `knobs` act there is one more.
    ///
    /// ```
    /// use nablab_labs::{Knobs, Lab};
    /// let lab = Lab::Initialization.plan(None, &Knobs::default())?;
    /// let keys: Vec<_> = lab.variants.iter().map(|variant| &*variant.key).collect();
    /// assert_eq!(keys, ["zeros", "random", "he"]);
    /// assert_eq!((lab.data.train.examples(), lab.variants[2].recipe.epochs), (300, 15_000));
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError`] for a knob out of range, data that does not fit, or either where the lab has no use for it.
    pub fn plan(self, data: Option<Parts>, knobs: &Knobs) -> Result<Experiment, LabError> {
        let options = Options { labs: vec![self], data, knobs: knobs.clone(), ..Options::default() };
        let planned = self.planned(&options)?;
        options.check(std::slice::from_ref(&planned))?;
        Ok(planned)
    }

    /// The same, before it is known whether all that is asked for acts.
    pub(crate) fn planned(self, options: &Options) -> Result<Experiment, LabError> {
        let (data, knobs) = (options.data_of(self), &options.knobs);
        match self {
            Self::Regularization => regularization::plan(data, knobs),
            Self::Initialization => initialization::plan(data, knobs),
            Self::GradientChecking => Ok(gradient_checking::plan(options.bug)),
            Self::Optimization => optimization::plan(data, knobs),
        }
    }

    /// As a heading.
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::Regularization => lang.choose("Regularization", "正则化"),
            Self::Initialization => lang.choose("Initialization", "参数初始化"),
            Self::GradientChecking => lang.choose("Gradient checking", "梯度检验"),
            Self::Optimization => lang.choose("Optimization methods", "优化方法"),
        }
    }
}
