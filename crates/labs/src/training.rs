//! The training of one variant, epoch by epoch.

use nablab_data::{Dataset, Parts};
use nablab_diagnosis::Reading;
use nablab_engine::signals::Probe;
use nablab_engine::{
    Divergence, EpochCosts, Float, Isa, Loss, MatRef, Network, Pass, Precision, Tiles, Trainer, Watch,
    Workspace,
};

use crate::on_the_way::{Costs, Moment};
use crate::variant::{Fit, Run, Variant};
use crate::{Event, LabError};

/// Most epochs between two reports of progress: rare enough to cost nothing.
const REPORT_EVERY: u64 = 250;
/// Examples times parameters after which progress is reported anyway: a fraction of a second.
const REPORT_WORK: u64 = 100_000_000;

/// Epochs between two reports, at which the watcher may also stop the training.
fn report_every(examples: usize, params: usize) -> u64 {
    let work = (examples as u64).saturating_mul(params as u64).max(1);
    (REPORT_WORK / work).clamp(1, REPORT_EVERY)
}

/// The training of one variant of a lab. The caller asks for epoch after epoch, looks at the network whenever it likes, and stops
/// by asking for no more.
///
/// ```
/// use nablab_labs::{Knobs, Lab};
/// let lab = Lab::Initialization.plan(None, &Knobs::default())?;
/// let mut training = lab.training("he")?;
/// let first = training.run();
/// while training.epochs_done() < 1000 && training.epoch() {}
/// let run = training.run();
/// assert!(run.train.cost < first.train.cost && run.train.accuracy > first.train.accuracy);
/// assert_eq!(run.costs()[0].0, 0); // the cost before the first update; the next is kept after 1000 epochs
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
#[derive(Debug)]
pub struct VariantTraining<'s> {
    variant: &'s Variant,
    data: &'s Parts,
    precise: Precise<'s>,
}

/// A training in the precision of its recipe.
#[derive(Debug)]
enum Precise<'s> {
    F32(Epochs<'s, f32>),
    F64(Epochs<'s, f64>),
}

/// What follows has one meaning in both precisions.
macro_rules! of_both {
    ($precise:expr, $epochs:ident => $what:expr) => {
        match $precise {
            Precise::F32($epochs) => $what,
            Precise::F64($epochs) => $what,
        }
    };
}

impl<'s> VariantTraining<'s> {
    /// Ready for the first epoch.
    pub(crate) fn new(variant: &'s Variant, data: &'s Parts) -> Result<Self, LabError> {
        let precise = match variant.recipe.precision {
            Precision::F32 => Precise::F32(Epochs::new(variant, &data.train)?),
            Precision::F64 => Precise::F64(Epochs::new(variant, &data.train)?),
        };
        Ok(Self { variant, data, precise })
    }

    /// The variant.
    pub fn variant(&self) -> &'s Variant {
        self.variant
    }

    /// Train an epoch. False where there was none to train: all are done, or the training has diverged.
    pub fn epoch(&mut self) -> bool {
        of_both!(&mut self.precise, epochs => epochs.next())
    }

    /// Epochs done.
    pub fn epochs_done(&self) -> u64 {
        of_both!(&self.precise, epochs => epochs.trainer.epochs_done())
    }

    /// The costs kept so far: of every [`Variant::keep_every`]-th epoch, and of the last.
    pub fn costs(&self) -> &[EpochCosts] {
        of_both!(&self.precise, epochs => &epochs.costs.regular.epochs)
    }

    /// Set if the training has diverged.
    pub fn divergence(&self) -> Option<&Divergence> {
        of_both!(&self.precise, epochs => epochs.divergence.as_ref())
    }

    /// What the training has come to by now: the network, judged on both sets in double precision, and the costs so far.
    pub fn run(&mut self) -> Run {
        of_both!(&mut self.precise, epochs => epochs.run(self.data))
    }

    /// Train to the end, unless the watcher stops it.
    pub(crate) fn finish(mut self, watch: &dyn Watch<Event>) -> Result<Run, LabError> {
        let every = of_both!(&self.precise, epochs => {
            report_every(self.data.train.examples(), epochs.trainer.params().len())
        });
        let mut unreported = 0;
        while self.epoch() {
            unreported += 1;
            if unreported == every {
                watch.saw(&Event::Epochs(std::mem::take(&mut unreported)));
                if watch.stop() {
                    return Err(LabError::Cancelled);
                }
            }
        }
        watch.saw(&Event::Epochs(unreported));
        if watch.stop() { Err(LabError::Cancelled) } else { Ok(self.run()) }
    }
}

/// The engine's training in one precision, and what is kept of it.
#[derive(Debug)]
struct Epochs<'s, F: Float> {
    variant: &'s Variant,
    trainer: Trainer<F>,
    probe: Probe<F>,
    costs: Costs,
    moments: Vec<Moment>,
    /// The cost on the training set before the first update.
    start: f64,
    /// What was measured inside before the first update.
    before: Reading,
    /// The parameters after [`Variant::judge_after`] epochs.
    params_then: Option<Vec<f64>>,
    divergence: Option<Divergence>,
}

impl<'s, F: Float> Epochs<'s, F> {
    fn new(variant: &'s Variant, train: &Dataset) -> Result<Self, LabError> {
        let targets = train.targets();
        let (x, y) = views(train, &targets);
        let [x_data, y_data] =
            [x, y].map(|set| set.data().iter().map(|&v| F::from_f64(v)).collect::<Vec<_>>());
        let (x, y) = (MatRef::new(&x_data, x.rows(), x.cols()), MatRef::new(&y_data, y.rows(), y.cols()));
        let trainer = Trainer::new(&variant.recipe, x, y)?;
        let mut probe = Probe::new(trainer.network(), x, y, &[], trainer.params())?;
        Ok(Self {
            variant,
            costs: Costs::new(variant.keep_every, variant.recipe.epochs),
            moments: Moment::of(0, trainer.params()).into_iter().collect(),
            start: judge(trainer.network(), &doubles(trainer.params()), train).cost,
            before: reading(variant, &trainer, &mut probe, train.examples()),
            params_then: None,
            divergence: None,
            trainer,
            probe,
        })
    }

    fn next(&mut self) -> bool {
        let before = self.trainer.epochs_done();
        if before == self.variant.recipe.epochs || self.divergence.is_some() {
            return false;
        }
        self.divergence = self.trainer.epoch(&mut self.costs).err();
        let done = self.trainer.epochs_done();
        if done > before {
            self.moments.extend(Moment::of(done, self.trainer.params()));
        }
        if done > before && self.variant.judge_after == Some(done) {
            self.params_then = Some(doubles(self.trainer.params()));
        }
        done > before
    }

    fn run(&mut self, data: &Parts) -> Run {
        let now = reading(self.variant, &self.trainer, &mut self.probe, data.train.examples());
        let network = self.trainer.network().clone();
        let params = doubles(self.trainer.params());
        Run {
            epochs: self.trainer.epochs_done(),
            train: judge(&network, &params, &data.train),
            test: data.test.as_ref().map(|set| judge(&network, &params, set)),
            accuracy_before: self
                .params_then
                .as_ref()
                .map(|params| judge(&network, params, &data.train).accuracy),
            costs: self.costs.regular.epochs.clone(),
            costs_between: self.costs.between.clone(),
            moments: self.moments.clone(),
            start: self.start,
            params,
            divergence: self.divergence.clone(),
            readings: vec![self.before.clone(), now],
            network,
        }
    }
}

/// What is measured inside a network on its training set.
fn reading<F: Float>(
    variant: &Variant,
    trainer: &Trainer<F>,
    probe: &mut Probe<F>,
    examples: usize,
) -> Reading {
    let recipe = &variant.recipe;
    let penalty_examples = recipe.penalty_examples(examples as f64);
    Reading {
        epoch: trainer.epochs_done(),
        examples,
        signals: probe.measure(trainer.params(), &recipe.penalty, penalty_examples),
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
fn judge(network: &Network, params: &[f64], set: &Dataset) -> Fit {
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
