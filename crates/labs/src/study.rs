//! The trainings of a lab: one of each variant as in the course, and many with other seeds.

use nablab_data::{Dataset, Parts};
use nablab_engine::{Recipe, Seed};
use nablab_report::Lang;

use crate::experiment::{Run, Variant};
use crate::{Lab, LabError, Watch};

/// A lab's data and variants before training, its runs after.
#[derive(Clone, Debug)]
pub struct Study {
    /// The lab.
    pub lab: Lab,
    /// Training and test set.
    pub data: Parts,
    /// How this differs from what the published numbers were made with: only without difference they are
    /// compared.
    pub differences: Vec<Difference>,
    /// What is compared.
    pub variants: Vec<Variant>,
    /// One per variant, once trained.
    pub runs: Vec<Run>,
    /// Per variant the outcome of each seed, if any were asked for.
    pub seeds: Vec<Vec<Outcome>>,
}

/// How trainings differ from the course's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The embedded pitch in place of the course's file.
    EmbeddedData,
    /// Data of one's own.
    OwnData,
    /// A knob turned, as on the command line.
    Knob(&'static str),
}

/// What is kept of a training with another seed.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome {
    /// Mean loss on the training set at the end, without dropout and penalty.
    pub cost: f64,
    /// On the training set.
    pub train_accuracy: f64,
    /// On the test set, where there is one.
    pub test_accuracy: Option<f64>,
}

impl Study {
    /// Before training.
    pub(crate) fn new(lab: Lab, data: Parts, differences: Vec<Difference>, variants: Vec<Variant>) -> Self {
        Self { lab, data, differences, variants, runs: Vec::new(), seeds: Vec::new() }
    }

    /// Made as the published numbers were.
    pub fn as_published(&self) -> bool {
        self.differences.is_empty()
    }

    /// Why the trainings are not compared with the published numbers; `None` if they are.
    pub(crate) fn why_not_compared(&self, lang: Lang) -> Option<String> {
        let words = |difference: &Difference| match difference {
            Difference::EmbeddedData => lang.choose(
                "the data is nablab's embedded `pitch` (the course's own is compared: `--data data.mat`)"
                    .to_owned(),
                "所用的是 nablab 内置的数据 `pitch`，用 `--data data.mat` 给出课程的文件即可比较".to_owned(),
            ),
            Difference::OwnData => lang.choose(
                "the data given with `--data` is not the course's".to_owned(),
                "`--data` 给出的数据不是课程的数据".to_owned(),
            ),
            Difference::Knob(knob) => lang.choose(
                format!("`{knob}` changes the course's setting"),
                format!("`{knob}` 改变了课程的设置"),
            ),
        };
        let why: Vec<_> = self.differences.iter().map(words).collect();
        (!why.is_empty()).then(|| why.join(lang.choose("; ", "；")))
    }

    /// The variant of this key and its run.
    ///
    /// # Panics
    /// If there is none: keys are this crate's own.
    pub fn run(&self, key: &str) -> (&Variant, &Run) {
        let i = self.variants.iter().position(|v| v.key == key).expect("a variant of the lab");
        (&self.variants[i], &self.runs[i])
    }

    /// The test set.
    pub fn test(&self) -> Option<&Dataset> {
        self.data.test.as_ref()
    }

    /// Share of the larger class of the training set: what answering always the same gives.
    pub fn majority(&self) -> f64 {
        let train = &self.data.train;
        train.count(0).max(train.count(1)) as f64 / train.examples() as f64
    }

    /// Train one variant, as in the course or with another seed.
    pub(crate) fn train(
        &self,
        variant: usize,
        seed: Option<u64>,
        watch: &dyn Watch,
    ) -> Result<Run, LabError> {
        let variant = &self.variants[variant];
        match seed {
            None => variant.train(&self.data.train, self.test(), watch),
            Some(seed) => {
                let recipe = reseeded(&variant.recipe, seed)?;
                // Nothing is kept of the way there but the last cost.
                let reseeded = Variant { recipe, keep_every: u64::MAX, judge_after: None, ..variant.clone() };
                reseeded.train(&self.data.train, self.test(), watch)
            }
        }
    }
}

/// The same recipe with one seed for everything, and therefore fresh dropout masks in each step.
fn reseeded(recipe: &Recipe, seed: u64) -> Result<Recipe, LabError> {
    let mut settings = (**recipe).clone();
    settings.seed = Seed::Streams(seed);
    Ok(settings.check()?)
}

impl From<&Run> for Outcome {
    fn from(run: &Run) -> Self {
        Self {
            cost: run.train.cost,
            train_accuracy: run.train.accuracy,
            test_accuracy: run.test.as_ref().map(|fit| fit.accuracy),
        }
    }
}
