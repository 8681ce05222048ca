//! A plane that is to be looked at, with all that it takes to do so.

use std::num::NonZeroUsize;

use nablab_data::{DataError, Dataset, Generator};
use nablab_engine::{Float, Hidden, Init, MatRef, Optimizer, Recipe, Settings};
use nablab_report::File;
use nablab_tables::Error;
use nablab_tables::recipe::choice;

use super::{Directions, LandscapeError, LandscapePlan, Mark, Rows, Unfinished, surface, trainability};

/// A plane that is to be looked at.
#[derive(Clone, Debug)]
pub enum Plane {
    /// Two settings: a training for each point.
    Settings {
        /// What all trainings have in common.
        settings: Box<Settings>,
        /// What is turned, and how far.
        plan: LandscapePlan,
    },
    /// Two directions of the weights: the loss, and the way of each recipe over it.
    Weights {
        /// Recipes by their names.
        recipes: Vec<(String, Recipe)>,
        /// Which two.
        directions: Directions,
        /// Points along each side.
        size: usize,
    },
}

/// What was seen there.
#[derive(Clone, Debug)]
pub struct Drawn {
    /// Figures, and the numbers behind them.
    pub files: Vec<File>,
    /// What they show, in a few lines.
    pub text: String,
}

impl Plane {
    /// What tells it from others.
    pub fn mark<F: Float>(&self, rows: Rows<'_, F>) -> Mark {
        match self {
            Self::Settings { settings, plan } => Mark::of_trainings(settings, rows, plan),
            Self::Weights { recipes, directions, .. } => Mark::of_surface(recipes, rows, *directions),
        }
    }

    /// Train, and draw it; `is_lab` where these are network and rows of the initialisation lab. The others as [`trainability()`]
    /// and [`surface()`].
    ///
    /// # Errors
    /// [`LandscapeError`].
    pub fn draw<F: Float>(
        &self,
        rows: Rows<'_, F>,
        is_lab: bool,
        threads: NonZeroUsize,
        kept: Option<&Unfinished>,
        follow: &(dyn Fn(usize, usize) -> bool + Sync),
    ) -> Result<Drawn, LandscapeError> {
        match self {
            Self::Settings { settings, plan } => {
                let landscape = trainability(settings, rows, plan, threads, kept, follow)?;
                Ok(Drawn { files: landscape.files(plan, is_lab)?, text: landscape.text(plan) })
            }
            Self::Weights { recipes, directions, size } => {
                let surface = surface(recipes, rows, *directions, *size, threads, kept, follow)?;
                Ok(Drawn { files: surface.files(*directions)?, text: surface.text() })
            }
        }
    }
}

/// The network of the initialisation lab, 2-10-5-1, by gradient descent: from weights of one spread, or from He's.
pub fn lab_settings(init: Init) -> Settings {
    Settings {
        hidden: vec![Hidden::relu(10), Hidden::relu(5)],
        init,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.1,
        epochs: 1000,
        ..Settings::default()
    }
}

/// The settings with each of these update rules, by name; `is_lab` where they are those of the initialisation lab, whose rate is
/// ten times too large for rules with steps of the size of the rate, whatever the gradient.
///
/// ```
/// use nablab_engine::{Init, Optimizer};
/// use nablab_study::landscape::{by_rule, lab_settings};
/// let recipes = by_rule(&["momentum"], &lab_settings(Init::He), true)?;
/// assert_eq!(recipes[0].1.optimizer, Optimizer::Momentum { beta: 0.9 });
/// assert!(by_rule(&["adem"], &lab_settings(Init::He), true).is_err());
/// # Ok::<(), nablab_tables::Error>(())
/// ```
///
/// # Errors
/// [`Error::Recipe`] for a name that is none, and settings that cannot be trained.
pub fn by_rule<T: AsRef<str>>(
    names: &[T],
    settings: &Settings,
    is_lab: bool,
) -> Result<Vec<(String, Recipe)>, Error> {
    let recipe = |name: &T| {
        let name = name.as_ref();
        let mut settings = Settings { optimizer: choice::optimizer(name)?, ..settings.clone() };
        let steps_by_rate = matches!(
            settings.optimizer,
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } | Optimizer::RmsProp { .. }
        );
        if is_lab && steps_by_rate {
            settings.learning_rate /= 10.0;
        }
        Ok((name.to_owned(), settings.check()?))
    };
    names.iter().map(recipe).collect()
}

/// Examples in the precision that is trained in.
#[derive(Clone, Debug)]
pub struct Examples<F> {
    x: Vec<F>,
    y: Vec<F>,
    m: usize,
}

impl<F: Float> Examples<F> {
    /// Of a data set.
    pub fn new(set: &Dataset) -> Self {
        let narrow = |values: &[f64]| values.iter().map(|&v| F::from_f64(v)).collect();
        Self { x: narrow(set.x()), y: narrow(&set.targets()), m: set.examples() }
    }

    /// The circles of the initialisation lab.
    ///
    /// # Errors
    /// None.
    pub fn circles() -> Result<Self, DataError> {
        let circles = Generator::Circles { samples: 300, noise: 0.05, factor: 0.8, seed: 1 };
        Ok(Self::new(&circles.generate()?))
    }

    /// As they are learned from.
    pub fn rows(&self) -> Rows<'_, F> {
        let matrix = |numbers| MatRef::new(numbers, <[F]>::len(numbers) / self.m, self.m);
        Rows { x: matrix(&self.x), y: matrix(&self.y).into() }
    }
}
