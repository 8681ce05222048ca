//! One training of a lab: its recipe in, everything the lab shows of it out.

use std::ops::ControlFlow;

use nablab_data::Dataset;
use nablab_diagnosis::Reading;
use nablab_engine::signals::Probe;
use nablab_engine::{
    CostHistory, Divergence, EpochCosts, Float, Isa, Loss, MatRef, Network, Observer, Pass, Precision,
    Progress, Recipe, Settings, Tiles, Trainer, Workspace,
};
use nablab_report::Lang;

use crate::curve::Steps;
use crate::{Knobs, LabError, Watch};

/// Most epochs between two reports of progress: rare enough to cost nothing.
const REPORT_EVERY: u64 = 250;
/// Examples times parameters after which progress is reported anyway: a fraction of a second.
const REPORT_WORK: u64 = 100_000_000;

/// Epochs between two reports, at which the watcher may also stop the training.
fn report_every(examples: usize, params: usize) -> u64 {
    let work = (examples as u64).saturating_mul(params as u64).max(1);
    (REPORT_WORK / work).clamp(1, REPORT_EVERY)
}

/// One of the trainings a lab compares.
#[derive(Clone, Debug)]
pub struct Variant {
    /// In file names and JSON: `l2`.
    pub key: &'static str,
    /// In figures and English text: `L2 regularization`.
    pub en: &'static str,
    /// In Chinese text.
    pub zh: &'static str,
    /// What decides the training.
    pub recipe: Recipe,
    /// Epochs between two costs kept.
    pub keep_every: u64,
    /// Also judge the parameters after this many epochs.
    pub judge_after: Option<u64>,
    /// Trained to explain a published table, not to be compared with the others.
    pub aside: bool,
}

impl Variant {
    /// A course recipe with the knobs applied.
    pub(crate) fn new(
        (key, en, zh): (&'static str, &'static str, &'static str),
        settings: Settings,
        knobs: &Knobs,
        steps: Steps,
    ) -> Result<Self, LabError> {
        let recipe = knobs.turn(settings).check()?;
        let keep_every = steps.keep_every(recipe.epochs);
        Ok(Self { key, en, zh, recipe, keep_every, judge_after: None, aside: false })
    }

    /// Its name in a language.
    pub fn name(&self, lang: Lang) -> &'static str {
        lang.choose(self.en, self.zh)
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

/// A training that has run.
#[derive(Clone, Debug)]
pub struct Run {
    /// The trained network.
    pub network: Network,
    /// Its parameters at the end.
    pub params: Vec<f64>,
    /// The costs kept.
    pub costs: Vec<EpochCosts>,
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

impl Variant {
    /// Train on one set in the recipe's precision, judge on both in double precision.
    pub(crate) fn train(
        &self,
        train: &Dataset,
        test: Option<&Dataset>,
        watch: &dyn Watch,
    ) -> Result<Run, LabError> {
        match self.recipe.precision {
            Precision::F32 => self.train_in::<f32>(train, test, watch),
            Precision::F64 => self.train_in::<f64>(train, test, watch),
        }
    }

    fn train_in<F: Float>(
        &self,
        train: &Dataset,
        test: Option<&Dataset>,
        watch: &dyn Watch,
    ) -> Result<Run, LabError> {
        let targets = train.targets();
        let (x, y) = views(train, &targets);
        let [x_data, y_data] =
            [x, y].map(|set| set.data().iter().map(|&v| F::from_f64(v)).collect::<Vec<_>>());
        let (x, y) = (MatRef::new(&x_data, x.rows(), x.cols()), MatRef::new(&y_data, y.rows(), y.cols()));
        let mut trainer = Trainer::new(&self.recipe, x, y)?;
        let mut observer = Observing {
            history: CostHistory::new(self.keep_every, self.recipe.epochs),
            judge_after: self.judge_after,
            params_then: None,
            watch,
            report_every: report_every(train.examples(), trainer.params().len()),
            unreported: 0,
        };
        let start = fit(trainer.network(), &doubles(trainer.params()), train).cost;
        let mut probe = Probe::new(trainer.network(), x, y, &[], trainer.params())?;
        let mut read = |epoch, params: &[F]| Reading {
            epoch,
            examples: x.cols(),
            signals: probe.measure(
                params,
                &self.recipe.penalty,
                self.recipe.penalty_examples(x.cols() as f64),
            ),
        };
        let before = read(0, trainer.params());
        let trained = trainer.run(&mut observer);
        let readings = vec![before, read(trainer.epochs_done(), &trained.params)];
        watch.advanced(observer.unreported);
        if watch.cancelled() {
            return Err(LabError::Cancelled);
        }
        let network = trainer.network().clone();
        let params = doubles(&trained.params);
        Ok(Run {
            train: fit(&network, &params, train),
            test: test.map(|set| fit(&network, &params, set)),
            accuracy_before: observer.params_then.map(|params| fit(&network, &params, train).accuracy),
            costs: observer.history.epochs,
            start,
            params,
            divergence: trained.divergence,
            readings,
            network,
        })
    }
}

fn views<'a>(set: &'a Dataset, targets: &'a [f64]) -> (MatRef<'a, f64>, MatRef<'a, f64>) {
    let m = set.examples();
    (MatRef::new(set.x(), set.features(), m), MatRef::new(targets, set.outputs(), m))
}

/// The same numbers in double precision.
fn doubles<F: Float>(numbers: &[F]) -> Vec<f64> {
    numbers.iter().map(|v| v.to_f64()).collect()
}

/// Judge parameters on a set of two classes.
fn fit(network: &Network, params: &[f64], set: &Dataset) -> Fit {
    let targets = set.targets();
    let (x, y) = views(set, &targets);
    let (x, y) = (Tiles::from_matrix(x), Tiles::from_matrix(y));
    let mut work = Workspace::new(network, set.examples());
    network.forward(params, x.view(), Pass::Predict, &mut work);
    let m = set.examples() as f64;
    let cost = Loss::SigmoidCrossEntropy.value(Isa::best(), work.logits(), y.view()) / m;
    let logits = work.logits().to_vec();
    let loss = |(&z, &y): (&f64, &f64)| z.max(0.0) - z * y + (-z.abs()).exp().ln_1p();
    let squares = logits.iter().zip(&targets).map(|example| (loss(example) - cost).powi(2)).sum::<f64>();
    // A probability above ½ is a logit above 0.
    let labels: Vec<u32> = logits.iter().map(|&z| u32::from(z > 0.0)).collect();
    let right = labels.iter().zip(set.labels()).filter(|(a, b)| a == b).count();
    Fit {
        accuracy: right as f64 / m,
        cost,
        deviation: (squares / m).sqrt(),
        predictions: labels.iter().map(u32::to_string).collect(),
    }
}

/// Keeps the costs, judges once on the way, tells the watcher.
struct Observing<'a> {
    history: CostHistory,
    judge_after: Option<u64>,
    params_then: Option<Vec<f64>>,
    watch: &'a dyn Watch,
    report_every: u64,
    unreported: u64,
}

impl<F: Float> Observer<F> for Observing<'_> {
    fn wants_cost(&mut self, at: &Progress) -> bool {
        Observer::<F>::wants_cost(&mut self.history, at)
    }

    fn cost(&mut self, at: &Progress, cost: F) {
        self.history.cost(at, cost);
    }

    fn epoch_end(&mut self, epochs_done: u64, params: &[F]) -> ControlFlow<()> {
        if self.judge_after == Some(epochs_done) {
            self.params_then = Some(doubles(params));
        }
        self.unreported += 1;
        if self.unreported < self.report_every {
            return ControlFlow::Continue(());
        }
        self.watch.advanced(std::mem::take(&mut self.unreported));
        if self.watch.cancelled() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_networks_and_sets_report_more_often() {
        assert_eq!(report_every(211, 127), 250, "the course's network");
        assert_eq!(report_every(211, 100_000), 4);
        assert_eq!(report_every(usize::MAX, usize::MAX), 1);
    }
}
