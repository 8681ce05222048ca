//! Who chooses the next point: a function of what came of the others, and of a seed.
//!
//! Every trial has random numbers of its own, so a trial that is repeated because its worker died tries the same. With
//! several workers the points of samplers that learn depend on which trial ends first.

mod cma_es;
mod grid;
mod random;
mod ranking;
mod sobol;
mod tpe;
mod untried;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use crate::space::{Point, Space};
use crate::trial::{Direction, Trial};
pub(crate) use untried::{Taken, next};

/// How points are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Sampler {
    /// Every combination of values, once.
    Grid {
        /// Values of a range without steps, both ends among them. Default 5.
        #[serde(default = "five")]
        points: usize,
    },
    /// Each point by itself (Bergstra & Bengio 2012, Random search for hyper-parameter optimization).
    Random {},
    /// Points that fill the space evenly: a scrambled Sobol sequence (Owen 1998; Burley 2020).
    Sobol {},
    /// Where good trials are dense and bad ones are not (Bergstra et al. 2011, Algorithms for hyper-parameter optimization).
    Tpe {
        /// Random trials before it begins. Default 10, as in Optuna.
        #[serde(default = "ten")]
        startup: usize,
    },
    /// A normal distribution that moves and turns with the good ones, over the ranges; choices are random (Hansen 2016, The CMA
    /// evolution strategy: a tutorial, arXiv 1604.00772).
    CmaEs {
        /// Standard deviation at the start, of ranges of length 1. Default 0.3.
        #[serde(default = "third")]
        sigma: f64,
    },
}

fn five() -> usize {
    5
}

fn ten() -> usize {
    10
}

fn third() -> f64 {
    0.3
}

impl Default for Sampler {
    fn default() -> Self {
        Self::Tpe { startup: ten() }
    }
}

/// A search so far: what a sampler chooses the next point by.
#[derive(Clone, Copy, Debug)]
pub struct SearchState<'a> {
    /// What is searched.
    pub space: &'a Space,
    /// All trials so far, by number.
    pub trials: &'a [Trial],
    /// What is better, for each objective.
    pub directions: &'a [Direction],
    /// Of the study.
    pub seed: u64,
    /// Where they can be counted, all points that may be tried ([`Sampler::points`]).
    pub points: &'a [Point],
}

impl Sampler {
    /// What is wrong with its numbers: what was expected, what came.
    pub(crate) fn wrong(&self) -> Option<(&'static str, String)> {
        match *self {
            Self::Grid { points } if points < 2 => Some(("a grid of at least 2 points", points.to_string())),
            Self::CmaEs { sigma } if !(sigma > 0.0 && sigma <= 1.0) => {
                Some(("of a sigma above 0, at most 1", sigma.to_string()))
            }
            _ => None,
        }
    }

    /// The point of the trial of this number: one that no other has, and what is `given` stays. Nothing where all points are
    /// counted, and none is left.
    pub fn point(&self, search: &SearchState<'_>, number: u64, given: &Point) -> Option<Point> {
        let draw = |search: &SearchState<'_>| match *self {
            Self::Random {} | Self::Grid { .. } => random::point(search, number, given),
            Self::Sobol {} => sobol::point(search, number, given),
            Self::Tpe { startup } => tpe::point(search, startup, number, given),
            Self::CmaEs { sigma } => cma_es::point(search, sigma, number, given),
        };
        match self {
            Self::Grid { .. } => untried::of_grid(search, given),
            _ => untried::drawn(search, number, given, draw),
        }
    }

    /// The points that are tried, if there are no more than so many: of a grid its own, else all of the space; none where they
    /// cannot be counted. A grid of more has one point more than `most`.
    ///
    /// ```
    /// use nablab_study::{Sampler, Space};
    /// let space = Space::parse("learning_rate = { low = 0.001, high = 0.1, log = true }", "study.toml")?;
    /// let rates: Vec<f64> = Sampler::Grid { points: 3 }.points(&space, 10).iter().map(|p| p["learning_rate"]).collect();
    /// assert!(rates.iter().zip([0.001, 0.01, 0.1]).all(|(a, b)| (a - b).abs() < 1e-12), "{rates:?}");
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn points(&self, space: &Space, most: usize) -> Vec<Point> {
        match *self {
            Self::Grid { points } => grid::all(space, points, most + 1),
            _ => grid::countable(space, most),
        }
    }

    /// The ranges of which a grid leaves values out, in silence unless it is said: name, values taken, values there are.
    pub fn thinned<'s>(&self, space: &'s Space) -> Vec<(&'s str, usize, i64)> {
        match *self {
            Self::Grid { points } => grid::thinned(space, points),
            _ => Vec::new(),
        }
    }
}

impl SearchState<'_> {
    /// The random numbers of a trial.
    fn rng(&self, number: u64) -> ChaCha8Rng {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        rng.set_stream(number);
        rng
    }
}
