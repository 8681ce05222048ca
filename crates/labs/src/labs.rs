//! The labs as a whole: what is asked for, the trainings on all cores, the records.

use nablab_data::{DataError, Parts};
use nablab_engine::{EngineError, Hidden, Precision, Settings};
use nablab_report::Lang;
use rayon::prelude::*;
use serde::Serialize;

use crate::experiment::Run;
use crate::record::LabRecord;
use crate::study::{Difference, Study};
use crate::{gradient_checking, initialization, optimization, regularization};

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
    fn trains(self) -> bool {
        self != Self::GradientChecking
    }

    /// Its data and its variants, to be trained one by one. `data` takes the place of the data of the regularisation lab, `knobs`
    /// change the settings of the course.
    ///
    /// ```
    /// use nablab_labs::{Knobs, Lab};
    /// let lab = Lab::Initialization.plan(None, &Knobs::default())?;
    /// let keys: Vec<_> = lab.variants.iter().map(|variant| variant.key).collect();
    /// assert_eq!(keys, ["zeros", "random", "he"]);
    /// assert_eq!((lab.data.train.examples(), lab.variants[2].recipe.epochs), (300, 15_000));
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError`] for a knob out of range, data that does not fit, or either where the lab has no use for it.
    pub fn plan(self, data: Option<Parts>, knobs: &Knobs) -> Result<Study, LabError> {
        let options = Options { labs: vec![self], data, knobs: knobs.clone(), seeds: 0 };
        options.check()?;
        self.planned(&options)
    }

    /// The same for options that have been checked.
    fn planned(self, options: &Options) -> Result<Study, LabError> {
        match self {
            Self::Regularization => regularization::plan(options.data.clone(), &options.knobs),
            Self::Initialization => initialization::plan(&options.knobs),
            Self::GradientChecking => Ok(gradient_checking::plan()),
            Self::Optimization => optimization::plan(&options.knobs),
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

/// What is asked for.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which labs.
    pub labs: Vec<Lab>,
    /// Data of the regularisation lab; without, the embedded pitch.
    pub data: Option<Parts>,
    /// Also train each variant with this many other seeds.
    pub seeds: u32,
    /// What to change.
    pub knobs: Knobs,
}

impl Options {
    /// What is asked for that acts on a lab, as on the command line.
    fn acting_on(&self, lab: Lab) -> Vec<&'static str> {
        let mut acting = self.knobs.turned(lab);
        acting.extend((self.data.is_some() && lab == Lab::Regularization).then_some("--data"));
        acting.extend((self.seeds > 0 && lab.trains()).then_some("--seeds"));
        acting
    }

    /// What is asked for must act on one of the labs chosen.
    fn check(&self) -> Result<(), LabError> {
        for lab in Lab::ALL {
            let used = |option: &&str| self.labs.iter().any(|lab| self.acting_on(*lab).contains(option));
            if let Some(option) = self.acting_on(lab).into_iter().find(|option| !used(option)) {
                let acts = |lab: &&Lab| self.acting_on(**lab).contains(&option);
                let labs: Vec<_> = Lab::ALL.iter().filter(acts).map(|lab| lab.key()).collect();
                return Err(LabError::Unused { option, labs: labs.join(", ") });
            }
        }
        Ok(())
    }
}

/// Knobs a learner may turn. The trainings they change are no longer compared with the published numbers.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Knobs {
    /// Of all trainings.
    pub learning_rate: Option<f64>,
    /// Of all trainings.
    pub epochs: Option<u64>,
    /// Units of the hidden layers of all trainings.
    pub hidden: Option<Vec<usize>>,
    /// Number type of all trainings.
    pub precision: Option<Precision>,
    /// Of the variant with L2.
    pub l2: Option<f64>,
    /// Dropout rate of the variant with dropout.
    pub dropout: Option<f64>,
}

impl Knobs {
    /// The knobs turned that change a lab, as on the command line.
    pub fn turned(&self, lab: Lab) -> Vec<&'static str> {
        let regularizes = lab == Lab::Regularization;
        let knobs = [
            ("--learning-rate", self.learning_rate.is_some() && lab.trains()),
            ("--epochs", self.epochs.is_some() && lab.trains()),
            ("--hidden", self.hidden.is_some() && lab.trains()),
            ("--precision", self.precision.is_some() && lab.trains()),
            ("--l2", self.l2.is_some() && regularizes),
            ("--dropout", self.dropout.is_some() && regularizes),
        ];
        knobs.into_iter().filter(|(_, turned)| *turned).map(|(knob, _)| knob).collect()
    }

    /// The same as differences from the course.
    pub(crate) fn differences(&self, lab: Lab) -> Vec<Difference> {
        self.turned(lab).into_iter().map(Difference::Knob).collect()
    }

    /// A course recipe with the knobs applied; `l2` and `dropout` only where the recipe has them.
    pub(crate) fn turn(&self, mut settings: Settings) -> Settings {
        if let Some(units) = &self.hidden {
            // Further layers are like the last one.
            let like = |l: usize| settings.hidden.get(l).or(settings.hidden.last()).copied();
            let layer = |(l, &units): (usize, &usize)| Hidden { units, ..like(l).unwrap_or(Hidden::relu(1)) };
            settings.hidden = units.iter().enumerate().map(layer).collect();
        }
        settings.learning_rate = self.learning_rate.unwrap_or(settings.learning_rate);
        settings.epochs = self.epochs.unwrap_or(settings.epochs);
        settings.precision = self.precision.unwrap_or(settings.precision);
        if let Some(l2) = self.l2.filter(|_| settings.penalty.l2 > 0.0) {
            settings.penalty.l2 = l2;
        }
        if let Some(rate) = self.dropout {
            settings.hidden.iter_mut().filter(|h| h.dropout > 0.0).for_each(|h| h.dropout = rate);
        }
        settings
    }
}

/// Watches the trainings, from several threads at once.
pub trait Watch: Sync {
    /// So many epochs more are done.
    fn advanced(&self, epochs: u64);
    /// Shall everything stop?
    fn cancelled(&self) -> bool;
}

/// Watches nothing.
impl Watch for () {
    fn advanced(&self, _: u64) {}
    fn cancelled(&self) -> bool {
        false
    }
}

/// Why a lab cannot run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LabError {
    /// A knob outside its range, or data that does not fit.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Data that cannot be made.
    #[error(transparent)]
    Data(#[from] DataError),
    /// Data that is not for this lab.
    #[error("the data has {got}, expected {expected}\nhint: {hint}")]
    Unsuitable {
        /// What fits.
        expected: &'static str,
        /// What came.
        got: String,
        /// What to do.
        hint: &'static str,
    },
    /// Something that acts on none of the labs chosen.
    #[error("`{option}` changes nothing in the labs chosen\nhint: it acts on {labs}")]
    Unused {
        /// As on the command line.
        option: &'static str,
        /// The labs it acts on.
        labs: String,
    },
    /// A variant that the lab does not have.
    #[error("expected a variant of {}: {expected}; got {got}", lab.key())]
    Variant {
        /// The lab.
        lab: Lab,
        /// Its variants.
        expected: String,
        /// What was asked for.
        got: String,
    },
    /// The watcher stopped it.
    #[error("stopped")]
    Cancelled,
}

/// Study, variant, and the seed if it is not the course's.
type Task = (usize, usize, Option<u64>);

/// The labs asked for: planned, then trained, then told.
#[derive(Clone, Debug)]
pub struct Labs {
    seeds: u32,
    studies: Vec<Study>,
}

impl Labs {
    /// Plan the trainings.
    ///
    /// ```
    /// use nablab_labs::{Lab, Labs, Options, tally};
    /// use nablab_report::Lang;
    /// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
    /// labs.train(&())?;
    /// let records = labs.records(Lang::En);
    /// assert_eq!(records[0].items[0].title, "One-dimensional gradient check");
    /// assert_eq!(tally(&records), (9, 9)); // nine published numbers, all agree
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError`] for a knob out of range or without use, or data that does not fit.
    pub fn new(options: &Options) -> Result<Self, LabError> {
        options.check()?;
        let asked_for = Lab::ALL.iter().filter(|lab| options.labs.contains(lab));
        let studies = asked_for.map(|lab| lab.planned(options));
        Ok(Self { seeds: options.seeds, studies: studies.collect::<Result<_, _>>()? })
    }

    /// Epochs [`Labs::train`] will train, of all trainings together.
    pub fn epochs(&self) -> u64 {
        self.tasks().map(|(s, v, _)| self.studies[s].variants[v].recipe.epochs).sum()
    }

    /// Every training: the course's of each variant, then those with other seeds of the variants compared.
    fn tasks(&self) -> impl Iterator<Item = Task> + '_ {
        let variants = |s: usize| (0..self.studies[s].variants.len()).map(move |v| (s, v));
        (0..self.studies.len()).flat_map(variants).flat_map(|(s, v)| {
            let seeds = if self.studies[s].variants[v].aside { 0 } else { u64::from(self.seeds) };
            std::iter::once(None).chain((0..seeds).map(Some)).map(move |seed| (s, v, seed))
        })
    }

    /// The studies, in the order of the report.
    pub fn studies(&self) -> &[Study] {
        &self.studies
    }

    /// Train everything, a training per task on the threads of the caller's rayon pool. Each training is
    /// single-threaded, so the results do not depend on the number of threads.
    ///
    /// # Errors
    /// [`LabError::Cancelled`] if the watcher says so.
    pub fn train(&mut self, watch: &dyn Watch) -> Result<(), LabError> {
        let tasks: Vec<_> = self.tasks().collect();
        let train = |&(s, v, seed): &Task| self.studies[s].train(v, seed, watch);
        let runs: Vec<Run> = tasks.par_iter().with_max_len(1).map(train).collect::<Result<_, _>>()?;
        for (&(s, v, seed), run) in tasks.iter().zip(runs) {
            let study = &mut self.studies[s];
            study.seeds.resize(study.variants.len(), Vec::new());
            match seed {
                None => study.runs.push(run),
                Some(_) => study.seeds[v].push((&run).into()),
            }
        }
        Ok(())
    }

    /// What the labs show, in words of one language. Call after [`Labs::train`].
    pub fn records(&self, lang: Lang) -> Vec<LabRecord> {
        let tell = |study: &Study| match study.lab {
            Lab::Regularization => regularization::tell(study, lang),
            Lab::Initialization => initialization::tell(study, lang),
            Lab::GradientChecking => gradient_checking::tell(study, lang),
            Lab::Optimization => optimization::tell(study, lang),
        };
        self.studies.par_iter().map(tell).collect()
    }
}
