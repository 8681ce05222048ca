//! What is tuned where nobody says what.

use nablab::Settings;
use toml::{Table, Value};

use crate::plan::Plan;
use crate::space::STUDY;

/// What was asked for and is not to be tuned.
#[derive(Clone, Copy, Debug, Default)]
pub struct Kept {
    /// The learning rate.
    pub learning_rate: bool,
    /// The schedule.
    pub schedule: bool,
    /// The number of layers and their units.
    pub layers: bool,
    /// The dropout rate.
    pub dropout: bool,
    /// The L2 penalty.
    pub l2: bool,
    /// The batch size.
    pub batch_size: bool,
}

/// The text of a study that tunes what decides most on a table (`docs/defaults.md` has the ranges and their reasons): the
/// learning rate, its schedule, the layers, dropout, the penalty and the batch size, each unless it is kept. The default
/// recipe lies in the space.
pub fn tuning(settings: &Settings, kept: Kept, plan: &Plan) -> String {
    let mut recipe: Table = settings.to_toml().parse().expect("a recipe is TOML");
    recipe.remove("schema");
    let range = |text: &str| -> Value { text.parse::<Value>().expect("a range is TOML") };
    if !kept.learning_rate {
        recipe.insert("learning_rate".into(), range("{ low = 1e-4, high = 3e-2, log = true }"));
    }
    if !kept.schedule {
        recipe.insert("schedule".into(), range("{ choices = [\"constant\", \"cosine\"] }"));
    }
    if !kept.batch_size {
        recipe.insert("batch_size".into(), range("{ low = 16, high = 128, log = true }"));
    }
    if !kept.l2 {
        let l1 = settings.training.penalty.l1;
        let mut penalty = Table::new();
        penalty.insert("l2".into(), range("{ low = 0.01, high = 10.0, log = true }"));
        penalty.insert("l1".into(), l1.into());
        recipe.insert("penalty".into(), penalty.into());
    }
    let dropout = || range("{ low = 0.0, high = 0.5 }");
    match (kept.layers, recipe.get_mut("hidden")) {
        (false, hidden) => {
            // Of all layers alike, what the recipe has in its first.
            let first = hidden.and_then(|hidden| hidden.get(0)).and_then(Value::as_table).cloned();
            let mut layers = first.unwrap_or_default();
            layers.insert("layers".into(), range("{ low = 1, high = 3 }"));
            layers.insert("units".into(), range("{ low = 16, high = 256, log = true }"));
            if !kept.dropout {
                layers.insert("dropout".into(), dropout());
            }
            recipe.insert("hidden".into(), layers.into());
        }
        (true, Some(Value::Array(layers))) if !kept.dropout => {
            for layer in layers.iter_mut().filter_map(Value::as_table_mut) {
                layer.insert("dropout".into(), dropout());
            }
        }
        _ => {}
    }
    let plan = Table::try_from(plan).expect("a plan is plain data");
    recipe.insert(STUDY.into(), plan.into());
    recipe.to_string()
}
