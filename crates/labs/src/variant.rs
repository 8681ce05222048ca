//! One training of a lab, as plain data: its recipe, and everything the lab shows of it.

use nablab_data::Dataset;
use nablab_diagnosis::Reading;
use nablab_engine::{Divergence, EpochCosts, MatRef, Network, Recipe, Settings};
use nablab_report::Lang;
use nablab_report::figure::Rectangle;

use crate::curve::Steps;
use crate::knobs::of_knob;
use crate::on_the_way::Moment;
use crate::{Knobs, LabError};

/// What the course shows of a variant, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shown {
    /// The item that prints its training.
    pub(crate) item: &'static str,
    /// What the names of its numbers begin with in that item.
    pub(crate) prefix: &'static str,
    /// Above its boundary.
    pub(crate) title: &'static str,
    /// What the x axis of its cost curve counts.
    pub(crate) steps: Steps,
    /// The part of the plane around its boundary.
    pub(crate) view: Rectangle,
}

/// One of the trainings a lab compares.
#[derive(Clone, Debug)]
pub struct Variant {
    /// In file names and JSON: `l2`.
    pub key: String,
    /// In figures and English text: `L2 regularization`.
    pub en: String,
    /// In Chinese text.
    pub zh: String,
    /// What decides the training.
    pub recipe: Recipe,
    /// Epochs between two costs kept.
    pub keep_every: u64,
    /// Epochs of the course's training, whatever a knob makes of them.
    pub(crate) course_epochs: u64,
    /// Also judge the parameters after this many epochs.
    pub judge_after: Option<u64>,
    /// Trained to explain a published table, not to be compared with the others.
    pub aside: bool,
    /// Of a variant that knobs make of one of the course's: the key of that one, beside which it is looked at.
    pub beside: Option<String>,
    /// The setting by which the lab's variants differ, where this one is there for its value: no knob turns it here.
    pub(crate) own: Option<&'static str>,
    pub(crate) shown: Shown,
}

impl Variant {
    /// As the course trains it.
    pub(crate) fn new(
        (key, en, zh): (&str, &str, &str),
        settings: Settings,
        shown: Shown,
    ) -> Result<Self, LabError> {
        let recipe = settings.check()?;
        let (keep_every, course_epochs) = (shown.steps.keep_every(recipe.epochs), recipe.epochs);
        let [key, en, zh] = [key, en, zh].map(str::to_owned);
        Ok(Self {
            key,
            en,
            zh,
            recipe,
            keep_every,
            course_epochs,
            judge_after: None,
            aside: false,
            beside: None,
            own: None,
            shown,
        })
    }

    /// The same with knobs turned, to be looked at beside it; none where they change nothing of it.
    pub(crate) fn turned(&self, knobs: &Knobs) -> Result<Option<Self>, LabError> {
        let settings = knobs.turn(self);
        if self.aside || settings == *self.recipe {
            return Ok(None);
        }
        let recipe = settings.check().map_err(of_knob)?;
        let keep_every = self.shown.steps.keep_every(recipe.epochs);
        Ok(Some(Self {
            key: format!("{}-turned", self.key),
            en: format!("{}, turned", self.en),
            zh: format!("{}（调整后）", self.zh),
            recipe,
            keep_every,
            beside: Some(self.key.clone()),
            ..self.clone()
        }))
    }

    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &str {
        lang.choose(&self.en, &self.zh)
    }
}

/// How a network does on a data set, without dropout.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Share of examples whose predicted label is the true one.
    pub accuracy: f64,
    /// Mean loss without penalty, in the form that cannot overflow.
    pub cost: f64,
    /// Standard deviation of that loss from example to example.
    pub deviation: f64,
    /// `0` or `1` per example.
    pub predictions: String,
}

impl Fit {
    /// Which examples of the set it was judged on it has right.
    pub(crate) fn right<'a>(&'a self, set: &'a Dataset) -> impl Iterator<Item = bool> + 'a {
        self.predictions
            .bytes()
            .zip(set.labels())
            .map(|(predicted, &label)| u32::from(predicted - b'0') == label)
    }
}

/// A training that has run, to its end or as far as it was followed.
#[derive(Clone, Debug)]
pub struct Run {
    /// The trained network.
    pub network: Network,
    /// Its parameters at the end.
    pub params: Vec<f64>,
    /// The costs kept.
    pub costs: Vec<EpochCosts>,
    /// Costs kept besides, for figures: of the epochs 1, 2, …, 9, 10, 20, …, 90, 100, 200, …
    pub costs_between: Vec<EpochCosts>,
    /// The parameters on the way: before the first epoch, and after 1, 2, 5, 10, 20, 50, … of them.
    pub moments: Vec<Moment>,
    /// Epochs done.
    pub epochs: u64,
    /// The cost before the first update, as [`Fit::cost`] of the training set.
    pub start: f64,
    /// On the training set.
    pub train: Fit,
    /// On the test set, where there is one.
    pub test: Option<Fit>,
    /// Training accuracy after [`Variant::judge_after`] epochs.
    pub accuracy_before: Option<f64>,
    /// Set if the training stopped because its gradient was no number.
    pub divergence: Option<Divergence>,
    /// What was measured inside, before the first step and after the last.
    pub readings: Vec<Reading>,
}

impl Run {
    /// Pairs of iteration (epoch) and cost as the course prints it: of the last batch of the epoch.
    pub fn costs(&self) -> Vec<(u64, f64)> {
        self.costs.iter().map(|epoch| (epoch.epoch, epoch.last_batch())).collect()
    }

    /// Pairs of epoch and mean cost over its examples.
    pub fn mean_costs(&self) -> Vec<(u64, f64)> {
        self.costs.iter().map(|epoch| (epoch.epoch, epoch.mean())).collect()
    }

    /// As [`Run::costs`], with those kept besides.
    pub(crate) fn all_costs(&self) -> Vec<(u64, f64)> {
        self.all(EpochCosts::last_batch)
    }

    /// As [`Run::mean_costs`], with those kept besides.
    pub(crate) fn all_mean_costs(&self) -> Vec<(u64, f64)> {
        self.all(EpochCosts::mean)
    }

    fn all(&self, cost: fn(&EpochCosts) -> f64) -> Vec<(u64, f64)> {
        let all = self.costs.iter().chain(&self.costs_between);
        let mut all: Vec<_> = all.map(|epoch| (epoch.epoch, cost(epoch))).collect();
        all.sort_by_key(|&(epoch, _)| epoch);
        all
    }

    /// The probability of class 1 of examples X (features, m), row-major: feature 0 of all of them first.
    pub fn predict(&self, x: &[f64]) -> Vec<f64> {
        let features = self.network.inputs();
        self.network.predict(&self.params, MatRef::new(x, features, x.len() / features))
    }

    /// Sum of the squares of all weights.
    pub fn squared_weights(&self) -> f64 {
        self.network.layout().weights().flat_map(|range| &self.params[range]).map(|w| w * w).sum()
    }
}
