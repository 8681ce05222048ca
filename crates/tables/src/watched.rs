//! What a training on matrices shows a diagnosis, where somebody else has the loop of its epochs.

use nablab_data::prepare::Target;
use nablab_diagnosis::{EpochLosses, Evidence, Handling, Reading};
use nablab_engine::signals::update_ratios;
use nablab_engine::{Divergence, EngineError, Float, Loss, Settings, Trainer};

use crate::decision_threshold::HALF;
use crate::evidence::{Judged, baselines, spreads, values};
use crate::judge::{Judge, sample};
use crate::monitor::sample_size;
use crate::prepared::Part;
use crate::signalling::{SAMPLE, Signalling};
use crate::split::split_rng;

/// So many epochs of a training are judged on rows held out, so that it costs little, and each of the first ones: it may end soon.
const JUDGED: u64 = 100;
const FIRST: u64 = 30;

/// Watches a training on matrices, epoch by epoch. It is measured as rarely as one on a table, and changes nothing of it.
///
/// ```
/// use nablab_data::prepare::Target;
/// use nablab_diagnosis::{Handling, diagnose};
/// use nablab_engine::{Settings, Trainer, Y};
/// use nablab_tables::{Part, Watched};
/// let part = Part::of(vec![0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], Y::Matrix(vec![0.0, 1.0, 1.0, 0.0]), 4, Vec::new());
/// let settings = Settings { epochs: 50, ..Settings::default() };
/// let mut trainer = Trainer::<f64>::new(&settings.clone().check()?, part.x(), part.y.view(4))?;
/// let classes = Target::Classes { name: "y".into(), levels: vec!["no".into(), "yes".into()] };
/// let mut watched = Watched::new(&trainer, settings, classes, &part, None)?;
/// for _ in 0..50 {
///     trainer.epoch(&mut ()).map_err(|at| at.to_string())?;
///     watched.epoch(&trainer, f64::NAN, None);
/// }
/// let params = trainer.params().to_vec();
/// let evidence = watched.evidence(&trainer, &params, (&part, None), Handling::default());
/// assert_eq!((evidence.rows, evidence.epochs, evidence.signals[0].epoch), (4, 50, 0));
/// assert!(!diagnose(&evidence).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Watched<F: Float> {
    settings: Settings,
    target: Target,
    signalling: Signalling<F>,
    readings: Vec<Reading>,
    /// Of some training rows, and of those held out.
    judges: Option<[Judge<F>; 2]>,
    history: Vec<EpochLosses>,
    done: u64,
    diverged: Option<(u64, String)>,
}

impl<F: Float> Watched<F> {
    /// Of a trainer before its first epoch, with the settings that are to be judged and its examples; measures where it begins.
    ///
    /// # Errors
    /// [`EngineError`] where the engine does not take the examples.
    pub fn new(
        trainer: &Trainer<F>,
        settings: Settings,
        target: Target,
        train: &Part<F>,
        held_out: Option<&Part<F>>,
    ) -> Result<Self, EngineError> {
        let some = |size| sample(train, size, &mut split_rng(settings.seed));
        let recipe = settings.clone().check()?;
        let mut signalling =
            Signalling::new(trainer.network(), &some(SAMPLE), train, &recipe, trainer.params())?;
        let readings = vec![signalling.read(0, trainer.params(), &[])];
        let judge = |part: &Part<F>| Judge::new(trainer, part, target.task());
        let judges = match held_out {
            Some(part) => Some([judge(&some(sample_size(train.m, Some(part.m))))?, judge(part)?]),
            None => None,
        };
        let history = Vec::new();
        Ok(Self { settings, target, signalling, readings, judges, history, done: 0, diverged: None })
    }

    /// The parameters before and after the last step of the next epoch are worth a look.
    pub fn wants_update(&self) -> bool {
        self.signalling.is_due(self.done + 1, &self.readings)
    }

    /// An epoch is done, with this mean cost of its batches; `update` are the parameters before and after its last step.
    pub fn epoch(&mut self, trainer: &Trainer<F>, cost: f64, update: Option<(&[F], &[F])>) {
        let is_due = self.wants_update();
        self.done += 1;
        let (network, params) = (trainer.network(), trainer.params());
        if is_due {
            let ratios = update.map(|(before, after)| update_ratios(network, before, after));
            self.readings.push(self.signalling.read(self.done, params, &ratios.unwrap_or_default()));
        }
        let stride = self.settings.epochs.div_ceil(JUDGED).max(1);
        let is_judged = self.done <= FIRST || self.done.is_multiple_of(stride);
        match &mut self.judges {
            None => self.note(cost),
            Some([some, held_out]) if is_judged => {
                let (train_loss, _) = some.judge(network, params);
                let (validation_loss, validation_metric) = held_out.judge(network, params);
                let row =
                    EpochLosses { epoch: self.done, cost, train_loss, validation_loss, validation_metric };
                self.history.push(row);
            }
            Some(_) => {}
        }
    }

    /// An iteration of somebody else's update rule is done, of which nothing but its cost is known.
    pub fn iteration(&mut self, cost: f64) {
        self.done += 1;
        self.note(cost);
    }

    fn note(&mut self, cost: f64) {
        let unknown = f64::NAN;
        let [train_loss, validation_loss, validation_metric] = [unknown; 3];
        self.history.push(EpochLosses {
            epoch: self.done,
            cost,
            train_loss,
            validation_loss,
            validation_metric,
        });
    }

    /// It diverged in the epoch that came next.
    pub fn diverged(&mut self, at: &Divergence) {
        self.diverged = Some((at.step, at.place.to_string()));
    }

    /// What is known of it by now, with the parameters that are kept; `parts` are the rows learned from and those held out, which
    /// are judged once.
    pub fn evidence(
        &mut self,
        trainer: &Trainer<F>,
        params: &[F],
        (train, held_out): (&Part<F>, Option<&Part<F>>),
        handling: Handling,
    ) -> Evidence {
        if self.readings.last().is_none_or(|last| last.epoch < self.done) {
            self.readings.push(self.signalling.read(self.done, params, &[]));
        }
        let judged = |part: &Part<F>, are_held_out| {
            let survey = trainer.survey(params, part.x(), part.y());
            Judged::new(part, survey, &self.target, HALF, are_held_out, trainer.threads())
        };
        let learned = judged(train, false);
        let validation = held_out.map(|part| judged(part, true));
        // The baselines are of losses without a logarithm of the targets.
        let is_known = self.settings.loss != Loss::Poisson;
        let (ignorant, constant) = baselines(train, &self.target);
        Evidence {
            settings: Some(self.settings.clone()),
            handling,
            rows: train.m,
            count: (!train.loss_weights.is_empty()).then(|| train.count()),
            epochs: self.done,
            target: values(train, &self.target),
            ignorant: is_known.then_some(ignorant),
            constant: is_known.then_some(constant),
            history: self.history.clone(),
            signals: self.readings.clone(),
            diverged: self.diverged.clone(),
            is_finished: self.diverged.is_none() && self.done >= self.settings.epochs,
            classes: validation.as_ref().unwrap_or(&learned).classes.clone(),
            learned_classes: learned.classes.clone(),
            train: Some(learned.fit),
            validation: validation.map(|judged| judged.fit),
            columns: spreads(train),
            are_rows_unseen: true,
            ..Evidence::default()
        }
    }
}
