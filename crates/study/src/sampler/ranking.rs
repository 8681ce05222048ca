//! Which trials are better than which.

use crate::space::Point;
use crate::trial::{Direction, State, Trial, dominates};

/// The points of trials from best to worst: those that came to an end by their values, then those given up, the later the
/// better, as Optuna ranks them; then those that are trained right now, so that no two workers go to the same place.
pub(super) fn ranked<'t>(trials: &'t [Trial], directions: &[Direction]) -> Vec<&'t Point> {
    let direction = directions[0];
    let complete: Vec<&Trial> =
        trials.iter().filter(|t| t.state == State::Complete && t.values.len() == directions.len()).collect();
    let cost = |trial: &Trial, k: usize| directions[k].cost(trial.values[k]);
    // Of several objectives, by how many others are better in all of them (Fonseca & Fleming 1993).
    let mut ended: Vec<(f64, &Trial)> = match directions.len() {
        1 => complete.iter().map(|&trial| (cost(trial, 0), trial)).collect(),
        _ => {
            let better = |trial: &Trial| {
                complete.iter().filter(|other| dominates(other, trial, directions)).count() as f64
            };
            complete.iter().map(|&trial| (better(trial), trial)).collect()
        }
    };
    ended.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut given_up: Vec<(u64, f64, &Trial)> = trials
        .iter()
        .filter(|trial| trial.state == State::Pruned)
        .map(|trial| {
            let (step, value) = trial.curve.last().copied().unwrap_or((0, f64::NAN));
            (step, direction.cost(value), trial)
        })
        .collect();
    given_up.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.total_cmp(&b.1)));
    let running = trials.iter().filter(|trial| trial.state == State::Running && !trial.point.is_empty());
    let ended = ended.into_iter().map(|(_, trial)| trial);
    let given_up = given_up.into_iter().map(|(_, _, trial)| trial);
    ended.chain(given_up).chain(running).map(|trial| &trial.point).collect()
}
