//! Trainings beside the one that is watched: the seeds of a race, the cells of a landscape.

use std::num::NonZeroUsize;

use nablab_engine::{Float, in_precision};
use nablab_tables::{Prepared, Settings, Tables};
use serde_json::Value;

use crate::event::{At, Ended};
use crate::live::{Kept, Live, Training};
use crate::plan::too_large;
use crate::{Change, Plan, SessionError, Stop};

/// Trainings of one command: whoever wants more sends more commands, and can stop between them.
const MOST_VARIANTS: usize = 10_000;

/// Train each variant of a plan from its beginning: steps made, loss and accuracy learned from, those held out, and
/// whether it diverged, by a gradient or a loss that is no number.
pub(crate) fn trained(
    plan: &Plan,
    variants: &[Value],
    steps: Option<u64>,
    stop: &Stop,
) -> Result<Vec<[f32; 6]>, SessionError> {
    too_large("trainings of one command", MOST_VARIANTS, variants.len())?;
    let plans: Vec<Plan> = variants.iter().map(|variant| varied(plan, variant)).collect();
    let settings = plans.iter().map(|plan| plan.settings(&plan.recipe));
    let settings: Vec<Settings> = settings.collect::<Result<_, _>>()?;
    let Some(first) = settings.first() else { return Ok(Vec::new()) };
    let reading = first.reading();
    let tables = Tables::from(plan.table(first)?);
    let mut results = Vec::new();
    for (plan, settings) in plans.iter().zip(&settings) {
        // Another recipe may read the same text in another way.
        let own =
            (settings.reading() != reading).then(|| plan.table(settings)).transpose()?.map(Tables::from);
        let at = in_precision!(settings.training.precision, F => {
            end_of::<F>(plan, settings, own.as_ref().unwrap_or(&tables), steps, stop)?
        });
        results.push(numbers(&at));
    }
    Ok(results)
}

/// The plan with these keys in place of its recipe's own. A change on the way keeps what it changes.
fn varied(plan: &Plan, variant: &Value) -> Plan {
    let Value::Object(keys) = variant else { return plan.clone() };
    let recipe = |recipe: &Value| {
        let mut varied = recipe.clone();
        for (key, value) in keys {
            if recipe.get(key) == plan.recipe.get(key) {
                varied[key] = value.clone();
            }
        }
        varied
    };
    let change = |change: &Change| Change { recipe: change.recipe.as_ref().map(recipe), ..change.clone() };
    Plan {
        recipe: recipe(&plan.recipe),
        changes: plan.changes.iter().map(change).collect(),
        data: plan.data.clone(),
    }
}

fn end_of<F: Float>(
    plan: &Plan,
    settings: &Settings,
    tables: &Tables<'_>,
    steps: Option<u64>,
    stop: &Stop,
) -> Result<At, SessionError> {
    let prepared = Prepared::<F>::new(settings, tables, NonZeroUsize::MIN)?;
    let mut training = Training::new(prepared, settings, Kept::Nothing, stop)?;
    let end = steps.unwrap_or(u64::MAX);
    for change in plan.changes.iter().filter(|change| change.step <= end) {
        training.seek(change.step, u64::MAX);
        stop.check()?;
        let changed = change.recipe.as_ref().map(|recipe| plan.settings(recipe)).transpose()?;
        training.change(change, changed.as_ref())?;
    }
    training.seek(end, u64::MAX);
    stop.check()?;
    Ok(training.at())
}

fn numbers(at: &At) -> [f32; 6] {
    let is_diverged = matches!(at.ended, Some(Ended::Diverged { .. })) || !(at.loss as f32).is_finite();
    let none = f64::NAN;
    let held_out = [at.held_out_loss.unwrap_or(none), at.held_out_accuracy.unwrap_or(none)];
    [
        at.step as f32,
        at.loss as f32,
        at.accuracy.unwrap_or(none) as f32,
        held_out[0] as f32,
        held_out[1] as f32,
        f32::from(u8::from(is_diverged)),
    ]
}
