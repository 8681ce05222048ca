//! The trainings of a lab: one of each variant as in the course, and many with other seeds.

use nablab_data::{Dataset, Parts};
use nablab_engine::{Recipe, Seed, Watch};
use nablab_report::{Figure, Lang, RegionStyle};

use crate::boundary::boundary_figure;
use crate::record::Item;
use crate::reference::Comparison;
use crate::training::VariantTraining;
use crate::training_items::add_numbers;
use crate::variant::{Run, Variant};
use crate::{Bug, Event, Knobs, Lab, LabError};

/// A lab's data and variants before training, its runs after.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The lab.
    pub lab: Lab,
    /// Training and test set.
    pub data: Parts,
    /// How this differs from what the published numbers were made with. Results are compared with them only if there is no difference.
    pub differences: Vec<Difference>,
    /// What is compared; behind the course's variants those with turned knobs.
    pub variants: Vec<Variant>,
    /// One per variant, once trained.
    pub runs: Vec<Run>,
    /// Per variant the outcome of each seed, if any were asked for.
    pub seeds: Vec<Vec<Outcome>>,
    /// What is planted in the backward pass of the gradient-checking lab.
    pub bug: Option<Bug>,
}

/// How trainings differ from the course's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The embedded pitch in place of the course's file.
    EmbeddedData,
    /// Data of one's own.
    OwnData,
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

impl Experiment {
    /// Before training.
    pub(crate) fn new(lab: Lab, data: Parts, differences: Vec<Difference>, variants: Vec<Variant>) -> Self {
        Self { lab, data, differences, variants, runs: Vec::new(), seeds: Vec::new(), bug: None }
    }

    /// The same, and behind the course's variants those with turned knobs.
    pub(crate) fn with(mut self, knobs: &Knobs) -> Result<Self, LabError> {
        let turned = self.variants.iter().map(|variant| variant.turned(knobs));
        let turned: Vec<_> = turned.collect::<Result<_, _>>()?;
        self.variants.extend(turned.into_iter().flatten());
        Ok(self)
    }

    /// Each training with turned knobs, behind the course's beside which it is looked at; by their places among the variants.
    pub(crate) fn twins(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        self.variants.iter().enumerate().filter_map(|(turned, variant)| {
            let beside = variant.beside.as_ref()?;
            Some((self.variants.iter().position(|other| other.key == *beside)?, turned))
        })
    }

    /// Whether a variant is trained with other seeds: where knobs are turned, only what they are turned of.
    pub(crate) fn takes_seeds(&self, variant: usize) -> bool {
        match self.twins().next() {
            None => self.compared().any(|compared| compared == variant),
            Some(_) => self.twins().any(|(course, turned)| variant == course || variant == turned),
        }
    }

    /// The variants that the lab compares with each other: none that only explains a table, or is looked at beside another.
    pub(crate) fn compared(&self) -> impl Iterator<Item = usize> + '_ {
        let is_beside = |i: usize| self.twins().any(|(_, turned)| turned == i);
        (0..self.variants.len()).filter(move |&i| !self.variants[i].aside && !is_beside(i))
    }

    /// The lab as if the course had turned the knobs: each training with turned knobs in the place of the one beside it.
    pub(crate) fn turned(&self) -> Self {
        let mut lab = self.clone();
        for (course, turned) in self.twins() {
            lab.variants[course] = self.variants[turned].clone();
            lab.runs[course] = self.runs[turned].clone();
        }
        let count = self.variants.len() - self.twins().count();
        lab.variants.truncate(count);
        lab.runs.truncate(count);
        // What seeds say is said of each beside the course's.
        lab.seeds = vec![Vec::new(); count];
        lab
    }

    /// The course's trainings are made as the published numbers were.
    pub fn as_published(&self) -> bool {
        self.differences.is_empty()
    }

    /// On data that is not the course's.
    pub(crate) fn has_own_data(&self) -> bool {
        self.differences.contains(&Difference::OwnData)
    }

    /// Why the trainings are not compared with the published numbers; `None` if they are.
    pub(crate) fn why_not_compared(&self, lang: Lang) -> Option<String> {
        let words = |difference: &Difference| match difference {
            Difference::EmbeddedData => lang.choose(
                "the data is nablab's embedded `pitch` (the course's own, in its file data.mat, is compared)",
                "所用的是 nablab 内置的数据 `pitch`，给出课程的文件 data.mat 即可比较",
            ),
            Difference::OwnData => {
                lang.choose("the data that was given is not the course's", "给出的数据不是课程的数据")
            }
        };
        let why: Vec<_> = self.differences.iter().map(words).collect();
        (!why.is_empty()).then(|| why.join(lang.choose("; ", "；")))
    }

    /// The variant of this key, or what [`turned`](Self::turned) has put in its place, and its run. Keys are this crate's own.
    pub(crate) fn run(&self, key: &str) -> (&Variant, &Run) {
        let is = |variant: &Variant| variant.key == key || variant.beside.as_deref() == Some(key);
        let i = self.variants.iter().position(is).expect("a variant of the lab");
        (&self.variants[i], &self.runs[i])
    }

    /// The training of the variant of this key, to be followed epoch by epoch.
    ///
    /// ```
    /// use nablab_labs::{Knobs, Lab};
    /// let lab = Lab::Optimization.plan(None, &Knobs::default())?;
    /// assert_eq!(lab.training("adam")?.epochs_done(), 0);
    /// let error = lab.training("adem").unwrap_err().to_string();
    /// assert_eq!(error, "expected a variant of optimization: gd, momentum, adam, adam-uncorrected; got adem");
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    ///
    /// # Errors
    /// [`LabError::Variant`] where there is none of this key, [`LabError::Engine`] where the engine does not take the data.
    pub fn training(&self, key: &str) -> Result<VariantTraining<'_>, LabError> {
        match self.variants.iter().find(|variant| variant.key == key) {
            Some(variant) => VariantTraining::new(variant, &self.data),
            None => {
                let keys: Vec<_> = self.variants.iter().map(|variant| &*variant.key).collect();
                Err(LabError::Variant { lab: self.lab, expected: keys.join(", "), got: key.to_owned() })
            }
        }
    }

    /// The numbers of a training beside those that the course published of this variant. There are none where the training is not
    /// over, or not made as the published numbers were.
    ///
    /// ```
    /// use nablab_labs::{Knobs, Lab};
    /// let lab = Lab::Initialization.plan(None, &Knobs::default())?;
    /// let mut training = lab.training("zeros")?;
    /// while training.epoch() {}
    /// let (variant, run) = (training.variant(), training.run());
    /// let first = &lab.compare(variant, &run)[0];
    /// assert_eq!((&*first.name, first.published.as_deref(), first.agrees), ("cost[0]", Some("0.6931471805599453"), true));
    /// # Ok::<(), nablab_labs::LabError>(())
    /// ```
    pub fn compare(&self, variant: &Variant, run: &Run) -> Vec<Comparison> {
        let is_over = run.epochs == variant.recipe.epochs || run.divergence.is_some();
        let is_published = self.as_published() && variant.beside.is_none();
        let mut item = Item::new(variant.shown.item, "", is_published && is_over);
        add_numbers(&mut item, variant, run);
        item.reference
    }

    /// What a network says everywhere on the plane, with the training set over it, as the course draws it; or how probable it
    /// finds class 1.
    pub fn boundary(&self, variant: &Variant, run: &Run, style: RegionStyle, lang: Lang) -> Figure {
        boundary_figure(self, variant, run, style, lang)
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
        watch: &dyn Watch<Event>,
    ) -> Result<Run, LabError> {
        let variant = &self.variants[variant];
        match seed {
            None => VariantTraining::new(variant, &self.data)?.finish(watch),
            Some(seed) => {
                let recipe = reseeded(&variant.recipe, seed)?;
                // Nothing is kept of the way there but the last cost.
                let reseeded = Variant { recipe, keep_every: u64::MAX, judge_after: None, ..variant.clone() };
                VariantTraining::new(&reseeded, &self.data)?.finish(watch)
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
