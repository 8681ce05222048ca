//! The settings in which recipes differ.

use std::fmt;

use serde::Serialize;
use toml::{Table, Value};

use crate::Settings;

/// A setting in which recipes differ.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// Its path in a recipe: `hidden[0].units`.
    pub key: String,
    /// Its value in each run; none where it is not there.
    pub values: Vec<Option<Value>>,
}

/// The settings in which these recipes differ, compared as values: the order of the lines is no part of a recipe, that of the
/// layers is.
pub(crate) fn differences(settings: &[&Settings]) -> Vec<Difference> {
    let table = |text: String| text.parse::<Table>().map(Value::Table);
    // What it wrote itself it reads.
    let recipes: Vec<Value> = settings.iter().flat_map(|settings| table(settings.to_toml())).collect();
    let mut differences = Vec::new();
    compare(String::new(), &recipes.iter().map(Some).collect::<Vec<_>>(), &mut differences);
    differences
}

impl Settings {
    /// The first setting in which another recipe is not this one; where their tables lie does not matter.
    ///
    /// ```
    /// use nablab_tables::Settings;
    /// let [a, b] = ["6, 3", "3, 6"].map(|units| {
    ///     let layers = units.split(", ").map(|units| format!("{{ units = {units} }}")).collect::<Vec<_>>().join(", ");
    ///     Settings::from_toml(&format!("hidden = [{layers}]"), "recipe.toml")
    /// });
    /// let difference = a?.difference(&b?).unwrap();
    /// assert_eq!(difference.to_string(), "hidden[0].units = 6, now 3");
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        self.all_differences(other).into_iter().next()
    }

    /// All of them.
    pub(crate) fn all_differences(&self, other: &Self) -> Vec<Difference> {
        let anywhere = |settings: &Self| {
            let mut settings = settings.clone();
            settings.data.file = None;
            settings.validation.file = settings.validation.file.map(|_| "another table".into());
            settings
        };
        differences(&[&anywhere(self), &anywhere(other)])
    }
}

impl fmt::Display for Difference {
    /// Of a recipe, and another one now.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |i: usize| match self.values.get(i) {
            Some(Some(value)) => value.to_string(),
            _ => "not there".to_owned(),
        };
        write!(f, "{} = {}, now {}", self.key, shown(0), shown(1))
    }
}

fn compare(path: String, values: &[Option<&Value>], out: &mut Vec<Difference>) {
    if values.iter().all(|value| *value == values[0]) {
        return;
    }
    if let Some(keys) = shared_tables(values) {
        for key in keys {
            let inside: Vec<_> = values.iter().map(|value| value.and_then(|v| v.get(&key))).collect();
            compare(if path.is_empty() { key } else { format!("{path}.{key}") }, &inside, out);
        }
        return;
    }
    if let Some(length) = lists_of_tables(values) {
        for i in 0..length {
            let inside: Vec<_> = values.iter().map(|value| value.and_then(|v| v.get(i))).collect();
            compare(format!("{path}[{i}]"), &inside, out);
        }
        return;
    }
    out.push(Difference { key: path, values: values.iter().map(|value| value.cloned()).collect() });
}

/// The keys of tables that have something in common; two update rules have not, and are compared as a whole.
fn shared_tables(values: &[Option<&Value>]) -> Option<Vec<String>> {
    let there: Vec<&Value> = values.iter().copied().flatten().collect();
    let tables = there.iter().map(|value| value.as_table()).collect::<Option<Vec<&Table>>>()?;
    let first = tables.first()?;
    if !first.keys().any(|key| tables.iter().all(|table| table.contains_key(key))) {
        return None;
    }
    let mut keys: Vec<String> = tables.iter().flat_map(|table| table.keys().cloned()).collect();
    keys.sort_unstable();
    keys.dedup();
    Some(keys)
}

/// The longest of lists of tables, such as hidden layers.
fn lists_of_tables(values: &[Option<&Value>]) -> Option<usize> {
    let there: Vec<&Value> = values.iter().copied().flatten().collect();
    let lists = there.iter().map(|value| value.as_array()).collect::<Option<Vec<_>>>()?;
    let tables = lists.iter().copied().flatten().all(Value::is_table);
    tables.then(|| lists.iter().map(|list| list.len()).max().unwrap_or(0))
}
