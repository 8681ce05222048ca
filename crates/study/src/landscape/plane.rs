//! A plane that is to be looked at, with all that it takes to do so.

use std::num::NonZeroUsize;

use nablab_data::Dataset;
use nablab_engine::{Done, Float, MatRef, Recipe, Settings, Watch, Y};
use nablab_report::File;
use nablab_tables::Part;

use super::{
    Directions, Fingerprint, LandscapeError, LandscapePlan, Rows, Unfinished, surface, trainability,
};

/// A plane that is to be looked at, with the examples that are learned from.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_study::landscape::{Axes, Plane};
/// use nablab_tables::Changes;
/// let axes = Axes::Settings { x: Axes::LEARNING_RATE.parse()?, y: None, refine: 0, reach: None };
/// let changes = Changes { epochs: Some(50), ..Changes::default() };
/// let drawn = Plane::of_lab(&axes, 4, &changes)?.draw(NonZeroUsize::MIN, None, &())?;
/// assert!(drawn.text.starts_with("16 trainings, 4 × 4 cells"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plane {
    pub(super) kind: Kind,
    pub(super) data: Data,
    /// It is of the network and the examples of the initialisation lab.
    pub(super) is_lab: bool,
}

/// What is seen on it.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Over two settings: a training for each point.
    Settings {
        /// What all trainings have in common.
        settings: Box<Settings>,
        /// What is turned, and how far.
        plan: LandscapePlan,
    },
    /// Over two directions of the weights: the loss, and the way of each recipe over it.
    Weights {
        /// Recipes by their names.
        recipes: Vec<(String, Recipe)>,
        /// Which two.
        directions: Directions,
        /// Points along each side.
        size: usize,
    },
}

/// The examples, in the precision that is trained in.
#[derive(Clone, Debug)]
pub(super) enum Data {
    F32(Examples<f32>),
    F64(Examples<f64>),
}

/// What was seen there.
#[derive(Clone, Debug)]
pub struct DrawnLandscape {
    /// Figures, and the numbers behind them.
    pub files: Vec<File>,
    /// What they show, in a few lines.
    pub text: String,
}

impl Plane {
    /// What tells it from others.
    pub fn fingerprint(&self) -> Fingerprint {
        match &self.data {
            Data::F32(examples) => self.kind.fingerprint(examples.rows()),
            Data::F64(examples) => self.kind.fingerprint(examples.rows()),
        }
    }

    /// Train on so many threads, and draw it; the others as [`trainability()`] and [`surface()`].
    ///
    /// # Errors
    /// [`LandscapeError`].
    pub fn draw(
        &self,
        threads: NonZeroUsize,
        kept: Option<&Unfinished>,
        watch: &dyn Watch<Done>,
    ) -> Result<DrawnLandscape, LandscapeError> {
        match &self.data {
            Data::F32(examples) => self.kind.draw(examples.rows(), self.is_lab, threads, kept, watch),
            Data::F64(examples) => self.kind.draw(examples.rows(), self.is_lab, threads, kept, watch),
        }
    }
}

impl Kind {
    fn fingerprint<F: Float>(&self, rows: Rows<'_, F>) -> Fingerprint {
        match self {
            Self::Settings { settings, plan } => Fingerprint::of_trainings(settings, rows, plan),
            Self::Weights { recipes, directions, .. } => Fingerprint::of_surface(recipes, rows, *directions),
        }
    }

    fn draw<F: Float>(
        &self,
        rows: Rows<'_, F>,
        is_lab: bool,
        threads: NonZeroUsize,
        kept: Option<&Unfinished>,
        watch: &dyn Watch<Done>,
    ) -> Result<DrawnLandscape, LandscapeError> {
        match self {
            Self::Settings { settings, plan } => {
                let landscape = trainability(settings, rows, plan, threads, kept, watch)?;
                Ok(DrawnLandscape { files: landscape.files(plan, is_lab)?, text: landscape.text(plan) })
            }
            Self::Weights { recipes, directions, size } => {
                let surface = surface(recipes, rows, *directions, *size, threads, kept, watch)?;
                Ok(DrawnLandscape { files: surface.files(*directions)?, text: surface.text() })
            }
        }
    }
}

/// Examples in the precision that is trained in.
#[derive(Clone, Debug)]
pub(super) struct Examples<F> {
    x: Vec<F>,
    y: Y<F>,
    m: usize,
}

impl<F: Float> Examples<F> {
    /// Of a data set.
    pub(super) fn new(set: &Dataset) -> Self {
        let narrow = |values: &[f64]| values.iter().map(|&v| F::from_f64(v)).collect();
        Self { x: narrow(set.x()), y: Y::Matrix(narrow(&set.targets())), m: set.examples() }
    }

    /// Of the rows of a table.
    pub(super) fn of(part: Part<F>) -> Self {
        Self { x: part.x, y: part.y, m: part.m }
    }

    fn rows(&self) -> Rows<'_, F> {
        Rows { x: MatRef::new(&self.x, self.x.len() / self.m, self.m), y: self.y.view(self.m) }
    }
}
