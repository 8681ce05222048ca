//! What is tuned where nobody says what.

use nablab_engine::{Optimizer, Penalty};
use nablab_tables::{Changes, Settings, two_digits};
use toml::{Table, Value};

use crate::plan::Plan;
use crate::space::STUDY;

/// What was asked for and is not to be tuned.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Fixed {
    /// The learning rate.
    pub(crate) learning_rate: bool,
    /// The schedule.
    pub(crate) schedule: bool,
    /// The number of layers and their units.
    pub(crate) layers: bool,
    /// The dropout rate.
    pub(crate) dropout: bool,
    /// The L2 penalty.
    pub(crate) l2: bool,
    /// The batch size.
    pub(crate) batch_size: bool,
}

impl Fixed {
    /// What was changed, and what the update rule leaves no choice of.
    pub(crate) fn of(changes: &Changes, optimizer: Optimizer) -> Self {
        let given = Self {
            learning_rate: changes.learning_rate.is_some(),
            schedule: changes.schedule.is_some(),
            layers: changes.layers.is_some(),
            dropout: changes.dropout.is_some(),
            l2: changes.l2.is_some(),
            batch_size: changes.batch_size.is_some(),
        };
        match optimizer {
            // It searches the length of its steps, over all rows and without dropout.
            Optimizer::LBfgs { .. } => {
                Self { learning_rate: true, schedule: true, batch_size: true, dropout: true, ..given }
            }
            _ => given,
        }
    }
}

/// The text of a study that tunes what decides most on a table (`docs/defaults.md` has the ranges and their reasons): the
/// learning rate, its schedule, the layers, dropout, the penalty and the batch size, each unless it is fixed. The default
/// recipe lies in the space.
pub(crate) fn tuning(settings: &Settings, fixed: Fixed, plan: &Plan) -> String {
    let mut recipe: Table = settings.to_toml().parse().expect("a recipe is TOML");
    recipe.remove("schema");
    let mut ranges: Vec<(&str, String)> = Vec::new();
    if !fixed.learning_rate {
        ranges.push(("learning_rate", "{ low = 1e-4, high = 3e-2, log = true }".into()));
    }
    if !fixed.schedule {
        ranges.push(("schedule", "{ choices = [\"constant\", \"cosine\"] }".into()));
    }
    if !fixed.batch_size {
        ranges.push(("batch_size", "{ low = 16, high = 128, log = true }".into()));
    }
    if !fixed.l2 {
        let Penalty { l2, l1 } = settings.training.penalty;
        // Around the default, which falls as rows grow.
        let (low, high) = (two_digits(l2 / 20.0), two_digits(l2 * 50.0));
        ranges.push((
            "penalty",
            format!("{{ l2 = {{ low = {low:?}, high = {high:?}, log = true }}, l1 = {l1:?} }}"),
        ));
    }
    if let Some(hidden) = hidden(&recipe, fixed) {
        ranges.push(("hidden", hidden));
    }
    let mut text = String::from(
        "# What is tuned: ranges and choices. To search something else, change a copy of this, and its name.\n",
    );
    let mut line = |key: &str, value: &str| text += &format!("{key} = {value}\n");
    ranges.iter().for_each(|(key, range)| line(key, range));
    let is_section = |key: &str| ["data", "validation"].contains(&key);
    for (key, value) in &recipe {
        if !is_section(key) && !ranges.iter().any(|(ranged, _)| ranged == key) {
            line(key, &value.to_string());
        }
    }
    let plan = Table::try_from(plan).expect("a plan is plain data");
    let sections = recipe
        .iter()
        .filter(|(key, _)| is_section(key))
        .filter_map(|(key, value)| Some((key.as_str(), value.as_table()?)));
    for (name, table) in sections.chain([(STUDY, &plan)]) {
        text += &format!("\n[{name}]\n");
        table.iter().for_each(|(key, value)| text += &format!("{key} = {value}\n"));
    }
    text
}

/// The layers: how many and how wide, with what the recipe's first one has; or the recipe's own, with another dropout.
fn hidden(recipe: &Table, fixed: Fixed) -> Option<String> {
    const DROPOUT: &str = "{ low = 0.0, high = 0.5 }";
    let layers = recipe.get("hidden").and_then(Value::as_array);
    let fields = |layer: Option<&Table>, ranged: &[(&str, &str)]| {
        let others =
            layer.into_iter().flatten().filter(|(key, _)| !ranged.iter().any(|(ranged, _)| ranged == key));
        let others = others.map(|(key, value)| format!("{key} = {value}"));
        let ranged = ranged.iter().map(|(key, range)| format!("{key} = {range}"));
        format!("{{ {} }}", ranged.chain(others).collect::<Vec<_>>().join(", "))
    };
    let dropout = [("dropout", DROPOUT)];
    let dropout = if fixed.dropout { &dropout[..0] } else { &dropout[..] };
    if !fixed.layers {
        let first = layers.and_then(|layers| layers.first()).and_then(Value::as_table);
        let sizes = [("layers", "{ low = 1, high = 3 }"), ("units", "{ low = 16, high = 256, log = true }")];
        return Some(fields(first, &[&sizes[..], dropout].concat()));
    }
    let layers = layers.filter(|layers| !layers.is_empty() && !fixed.dropout)?;
    let each = layers.iter().filter_map(Value::as_table).map(|layer| fields(Some(layer), dropout));
    Some(format!("[{}]", each.collect::<Vec<_>>().join(", ")))
}
