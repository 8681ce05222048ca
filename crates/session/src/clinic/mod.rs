//! The clinic: sick trainings by seed and difficulty, and whether a cure heals them.

mod faults;
mod healed;
mod wards;

use std::collections::BTreeMap;

use nablab_diagnosis::{Certainty, diagnose};
use nablab_engine::rng::NumpyRng;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::plan::too_large;
use crate::running::Running;
use crate::stop::Stop;
use crate::train::trained;
use crate::{Plan, SessionError};
use faults::{FAULTS, Fault};
pub use healed::{Healed, Treated, Within};
use wards::{LOOK_SICK, WARDS, Ward};

/// How hard a patient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Difficulty {
    /// One fault.
    Easy,
    /// One fault, or none: a healthy training may look sick.
    Medium,
    /// Two faults at once, or none.
    Hard,
}

/// A patient: a training, without what is wrong with it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Patient {
    /// The training.
    pub plan: Plan,
    /// What a fault may be called, in the order of a list; none of them is wrong with a healthy one.
    pub choices: Vec<&'static str>,
}

/// What is wrong with a patient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Revealed {
    /// Its faults; none of a healthy one.
    pub faults: Vec<Planted>,
    /// The keys of the recipe that heal it, with their values.
    pub cure: Value,
}

/// A fault of a patient.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Planted {
    /// Its name, one of [`Patient::choices`].
    pub name: &'static str,
    /// Findings by which a diagnosis may say the same.
    pub shown_as: &'static [&'static str],
}

/// A patient with all that is known of it.
pub(crate) struct Case {
    pub(crate) plan: Plan,
    pub(crate) faults: Vec<&'static Fault>,
    /// The recipe without its faults.
    healthy: Value,
    /// Where that ended with the seeds tried so far.
    healthy_ends: BTreeMap<u32, [f32; 6]>,
}

/// Where patients are asked for: the last one is kept, whatever is tried with it.
#[derive(Default)]
pub(crate) struct Clinic(Option<(u32, Difficulty, Case)>);

impl Clinic {
    /// The patient of a seed.
    pub(crate) fn case(
        &mut self,
        seed: u32,
        difficulty: Difficulty,
        stop: &Stop,
    ) -> Result<&mut Case, SessionError> {
        let kept = self.0.take().filter(|(of, how, _)| (*of, *how) == (seed, difficulty));
        let kept = match kept {
            Some(kept) => kept,
            None => (seed, difficulty, Case::new(seed, difficulty, stop)?),
        };
        Ok(&mut self.0.insert(kept).2)
    }
}

/// The most steps that a cure may take, as many times those of the healthy recipe; those of the patient itself in any case.
const MOST_STEPS: u64 = 4;
/// Every fourth patient that may be healthy is.
const ONE_IN: u32 = 4;
/// The first of the seeds with which cures are tried: far from those of the patients themselves.
const FIRST_TRIAL: u64 = 1000;
/// Draws of a patient: nearly all show what they have at once.
const MOST_DRAWS: usize = 20;
/// Seeds of points and weights.
const SEEDS: u32 = 99;

impl Case {
    /// The patient of a seed: the first of its draws that shows what is wrong with it.
    fn new(seed: u32, difficulty: Difficulty, stop: &Stop) -> Result<Self, SessionError> {
        let mut rng = NumpyRng::new(seed);
        for _ in 0..MOST_DRAWS {
            let case = Self::drawn(&mut rng, difficulty)?;
            if case.is_shown(stop)? {
                return Ok(case);
            }
        }
        Self::drawn(&mut rng, difficulty)
    }

    fn drawn(rng: &mut NumpyRng, difficulty: Difficulty) -> Result<Self, SessionError> {
        let faults = match difficulty {
            Difficulty::Easy => 1,
            Difficulty::Medium | Difficulty::Hard if rng.up_to(ONE_IN - 1) == 0 => 0,
            Difficulty::Medium => 1,
            Difficulty::Hard => 2,
        };
        let fitting: Vec<&Ward> = match faults {
            0 => LOOK_SICK.iter().collect(),
            count => WARDS.iter().filter(|ward| ward.faults.len() >= count).collect(),
        };
        let ward = fitting[rng.up_to(fitting.len() as u32 - 1) as usize];
        let (points, weights) = (u64::from(rng.up_to(SEEDS)), u64::from(rng.up_to(SEEDS)));
        let healthy = ward.recipe(weights);
        let mut recipe = healthy.clone();
        let mut planted: Vec<&Fault> = Vec::new();
        while planted.len() < faults {
            let name = ward.faults[rng.up_to(ward.faults.len() as u32 - 1) as usize];
            let fault =
                Fault::named(name).filter(|fault| planted.iter().all(|other| goes_with(fault, other)));
            if let Some(fault) = fault {
                fault.plant(&mut recipe, rng);
                planted.push(fault);
            }
        }
        planted.sort_by_key(|fault| FAULTS.iter().position(|other| other.name == fault.name));
        let plan = Plan { data: serde_json::from_value(ward.data(points))?, recipe, changes: Vec::new() };
        Ok(Self { plan, faults: planted, healthy, healthy_ends: BTreeMap::new() })
    }

    /// At its end the diagnosis says one of its faults, the only one where there is one, and of a healthy one nothing but notes.
    fn is_shown(&self, stop: &Stop) -> Result<bool, SessionError> {
        let mut running = Running::begin(&self.plan, stop)?;
        running.live.advance(u64::MAX);
        let found = diagnose(&running.live.evidence());
        let is_found = |fault: &&Fault| found.iter().any(|finding| fault.is_shown_by(finding.code()));
        Ok(match self.faults.is_empty() {
            true => found.iter().all(|finding| finding.certainty() == Certainty::Note),
            false => self.faults.iter().any(is_found),
        })
    }

    /// What a page may see before the answer.
    pub(crate) fn patient(&self) -> Patient {
        Patient { plan: self.plan.clone(), choices: FAULTS.iter().map(|fault| fault.name).collect() }
    }

    /// The answer.
    pub(crate) fn revealed(&self) -> Revealed {
        let mut cure = self.healthy.as_object().cloned().unwrap_or_default();
        cure.retain(|key, value| self.plan.recipe.get(key) != Some(value));
        let planted = |fault: &&Fault| Planted { name: fault.name, shown_as: fault.shown_as };
        Revealed { faults: self.faults.iter().map(planted).collect(), cure: Value::Object(cure) }
    }

    /// A cure and the healthy recipe, each trained with one of the seeds of trials.
    pub(crate) fn treated(
        &mut self,
        recipe: &Value,
        trial: u32,
        stop: &Stop,
    ) -> Result<Treated, SessionError> {
        self.check(recipe)?;
        let seed = FIRST_TRIAL + u64::from(trial);
        let variant = Value::Object(Map::from_iter([("seed".to_owned(), seed.into())]));
        let end = |recipe: &Value| -> Result<[f32; 6], SessionError> {
            let plan = Plan { recipe: recipe.clone(), ..self.plan.clone() };
            Ok(trained(&plan, std::slice::from_ref(&variant), None, stop)?[0])
        };
        let healthy = match self.healthy_ends.get(&trial) {
            Some(known) => *known,
            None => end(&self.healthy)?,
        };
        let treated = Treated::new(&end(recipe)?, &healthy);
        self.healthy_ends.insert(trial, healthy);
        Ok(treated)
    }

    /// A cure leaves the rows as they are, and takes no forever.
    fn check(&self, recipe: &Value) -> Result<(), SessionError> {
        let [cure, healthy, sick] =
            [recipe, &self.healthy, &self.plan.recipe].map(|recipe| self.plan.settings(recipe));
        let (cure, healthy, sick) = (cure?, healthy?, sick?);
        if cure.data != healthy.data || cure.validation != healthy.validation {
            return Err(SessionError::OtherRows);
        }
        let rows = self.plan.samples() as f64 * (1.0 - healthy.validation.share);
        let steps = |settings: &nablab_tables::Settings| {
            let size = settings.training.batch_of(rows as usize).max(1);
            settings.training.epochs.saturating_mul((rows / size as f64).ceil() as u64)
        };
        let most = (MOST_STEPS * steps(&healthy)).max(steps(&sick));
        too_large("steps of a cure", most as usize, steps(&cure) as usize)
    }
}

/// Two faults can be told apart, and cured apart.
fn goes_with(one: &Fault, other: &Fault) -> bool {
    one.keys.iter().all(|key| !other.keys.contains(key))
}
