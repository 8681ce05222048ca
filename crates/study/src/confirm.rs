//! Is the best really better? Each trial was judged once, and the best of many was also lucky. The top ones are trained again
//! with seeds that nobody has seen, which also draw other rows to judge on; and so are the neighbours of the best.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use nablab_engine::population::side_by_side;
use nablab_engine::{Done, Seed, Watch};
use nablab_statistics::t_interval;
use nablab_tables::{Error, Settings};
use serde::{Deserialize, Serialize};

use crate::objective::{Follow, Objective, Verdict};
use crate::plan::Study;
use crate::space::Point;
use crate::trial::{Direction, State, Trial, first_tried, leaders};

/// How much is trained again.
#[derive(Clone, Copy, Debug)]
pub struct Confirming {
    /// So many of the best.
    pub top: usize,
    /// Each with so many seeds.
    pub seeds: u64,
    /// How far the neighbours of the best are, as a share of each range; none where it is 0.
    pub step: f64,
    /// For so many seconds at most.
    pub seconds: Option<f64>,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Confirmation {
    /// `nablab.confirmation/1`.
    pub schema: String,
    /// What is sought.
    pub metric: String,
    /// More is better.
    pub maximize: bool,
    /// The trials, the best mean first.
    pub candidates: Vec<Candidate>,
    /// The number of the first trial: 0, or that of the one that repeats it because its worker died.
    #[serde(default)]
    pub first: u64,
    /// What becomes of the first of them when one value changes.
    pub neighbours: Vec<Neighbour>,
}

/// A trial, trained again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// Its number.
    pub trial: u64,
    /// Of each seed; the seeds are the same for all.
    pub values: Vec<f64>,
}

/// The best with another value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Neighbour {
    /// The parameter that changes.
    pub parameter: String,
    /// To this.
    pub value: f64,
    /// Of each seed.
    pub values: Vec<f64>,
}

impl Candidate {
    /// Mean over the seeds.
    pub fn mean(&self) -> f64 {
        mean(&self.values)
    }

    /// Its 95 % interval (Student's t).
    pub fn interval(&self) -> Option<(f64, f64)> {
        t_interval(&self.values)
    }
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

impl Neighbour {
    /// Mean over the seeds.
    pub fn mean(&self) -> f64 {
        mean(&self.values)
    }
}

/// The 95 % interval of the difference between two of them, seed by seed.
pub fn difference(a: &[f64], b: &[f64]) -> Option<(f64, f64)> {
    let differences: Vec<f64> = a.iter().zip(b).map(|(a, b)| a - b).collect();
    t_interval(&differences)
}

impl Confirmation {
    /// The trial that came first, for comparison: of a tuning, the default recipe.
    pub fn first(&self) -> Option<&Candidate> {
        self.candidates.iter().find(|candidate| candidate.trial == self.first)
    }
}

/// Train the top trials of a study again, and the first one unless it failed; `watch` hears of trainings done and of how many
/// there are, and may end all: the seeds that all have finished by then count, if there are two.
///
/// # Errors
/// What cannot be trained. Nothing if it was stopped before, or if no trial has come to its end.
pub fn confirm(
    study: &Study,
    objective: &Objective<'_>,
    trials: &[Trial],
    directions: &[Direction],
    how: Confirming,
    threads: NonZeroUsize,
    watch: &dyn Watch<Done>,
) -> Result<Option<Confirmation>, Error> {
    let mut tried = leaders(trials, directions);
    tried.truncate(how.top);
    let first = first_tried(trials, &study.space);
    tried.extend(first.filter(|first| tried.iter().all(|trial| trial.number != first.number)));
    if tried.is_empty() {
        return Ok(None);
    }
    let seeds: Vec<u64> = (0..how.seeds).map(|k| study.plan.seeds + k).collect();
    let until = how.seconds.map(|seconds| Instant::now() + Duration::from_secs_f64(seconds));
    let goes_on = |done, of| {
        watch.saw(&Done { done, of });
        !watch.stop() && until.is_none_or(|until| Instant::now() < until)
    };
    let again = |points: Vec<&Point>| -> Result<Vec<Vec<f64>>, Error> {
        let recipes = points.into_iter().map(|point| study.settings(point));
        values(objective, &recipes.collect::<Result<Vec<_>, _>>()?, &seeds, threads, &goes_on)
    };
    let enough = |values: &[Vec<f64>]| values.iter().all(|values| values.len() >= seeds.len().min(2));
    let values = again(tried.iter().map(|trial| &trial.point).collect())?;
    if !enough(&values) {
        return Ok(None);
    }
    let direction = directions.first().copied().unwrap_or(Direction::Minimize);
    let mut candidates: Vec<Candidate> =
        tried.iter().zip(values).map(|(trial, values)| Candidate { trial: trial.number, values }).collect();
    candidates.sort_by(|a, b| direction.cost(a.mean()).total_cmp(&direction.cost(b.mean())));
    let best = tried.iter().find(|trial| trial.number == candidates[0].trial);
    let around = best.map_or_else(Vec::new, |best| neighbours(study, &best.point, how.step));
    let values = again(around.iter().map(|(_, _, point)| point).collect())?;
    let neighbours = match enough(&values) {
        true => around
            .into_iter()
            .zip(values)
            .map(|((parameter, value, _), values)| Neighbour { parameter, value, values })
            .collect(),
        false => Vec::new(),
    };
    Ok(Some(Confirmation {
        schema: "nablab.confirmation/1".into(),
        metric: study.plan.metric.first().cloned().unwrap_or_default(),
        maximize: direction == Direction::Maximize,
        candidates,
        first: first.map_or(0, |first| first.number),
        neighbours,
    }))
}

/// One value changed: a range's by a step to each side, a choice to each of the others.
fn neighbours(study: &Study, best: &Point, step: f64) -> Vec<(String, f64, Point)> {
    let mut all = Vec::new();
    for parameter in study.space.parameters().iter().filter(|_| step > 0.0) {
        let Some(&value) = best.get(&parameter.name) else { continue };
        let domain = &parameter.domain;
        let others: Vec<f64> = match domain.choices() {
            Some(choices) => (0..choices).map(|choice| choice as f64).collect(),
            None => {
                let at = domain.to_unit(value);
                [at - step, at + step]
                    .into_iter()
                    .filter(|u| (0.0..=1.0).contains(u))
                    .map(|u| domain.at_unit(u.min(1.0 - f64::EPSILON)))
                    .collect()
            }
        };
        for other in others.into_iter().filter(|&other| other != value) {
            let mut given = best.clone();
            given.insert(parameter.name.clone(), other);
            // What only now is there gets its first value.
            let point = study.space.draw(&given, &mut |parameter| parameter.domain.first());
            all.push((parameter.name.clone(), other, point));
        }
    }
    all
}

/// The values of each recipe with the seeds that all have finished.
fn values(
    objective: &Objective<'_>,
    recipes: &[Settings],
    seeds: &[u64],
    threads: NonZeroUsize,
    goes_on: &(dyn Fn(usize, usize) -> bool + Sync),
) -> Result<Vec<Vec<f64>>, Error> {
    let objective = objective.of_one_seed();
    let all = recipes.len() * seeds.len();
    let done = AtomicUsize::new(0);
    // One seed of all recipes after the other.
    let value = |number: usize| -> Result<Option<f64>, Error> {
        let mut settings = recipes[number % recipes.len()].clone();
        if let Seed::Streams(seed) = settings.training.seed {
            settings.training.seed = Seed::Streams(seed + seeds[number / recipes.len()]);
        }
        let goes_on = || goes_on(done.load(Ordering::Relaxed), all);
        if !goes_on() {
            return Ok(None);
        }
        let Some(outcome) = objective.evaluate(&settings, &mut Stop { goes_on: &goes_on })? else {
            return Ok(None);
        };
        done.fetch_add(1, Ordering::Relaxed);
        let value = outcome.values.first().copied().filter(|_| outcome.state == State::Complete);
        Ok(Some(value.unwrap_or(f64::NAN)))
    };
    let values = side_by_side(all, threads, value)?;
    let finished: Vec<Vec<f64>> =
        values.chunks(recipes.len().max(1)).map_while(|of_seed| of_seed.iter().copied().collect()).collect();
    Ok((0..recipes.len()).map(|i| finished.iter().map(|of_seed| of_seed[i]).collect()).collect())
}

/// Follows nothing but the wish to stop.
struct Stop<'a> {
    goes_on: &'a (dyn Fn() -> bool + Sync),
}

impl Follow for Stop<'_> {
    fn stop(&self) -> bool {
        !(self.goes_on)()
    }

    fn after(&mut self, _: u64, _: Option<f64>) -> Verdict {
        if (self.goes_on)() { Verdict::GoOn } else { Verdict::Stop }
    }

    fn wants(&self) -> &[u64] {
        &[]
    }
}
