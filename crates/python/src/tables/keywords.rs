//! The settings of a recipe as keyword arguments.

use nablab::tables::{Changes, Setting, SettingGroup};
use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;

use super::words::raised;

/// What a setting is called in Python, where the estimators of scikit-learn or the recipe have a name for it.
const NAMES: [(&str, &str); 3] =
    [("layers", "hidden"), ("early_stopping", "patience"), ("seed", "random_state")];

/// What a keyword argument is called.
pub(super) fn keyword(setting: &str) -> &str {
    NAMES.iter().find(|(name, _)| *name == setting).map_or(setting, |(_, keyword)| keyword)
}

/// What the estimators say themselves: the columns come with X and y, and nothing is read from a file.
fn is_keyword(setting: &Setting) -> bool {
    let of_y = ["target", "task", "drop_missing_target", "weight"];
    setting.group != SettingGroup::Reading && !of_y.contains(&setting.name)
}

/// Name, meaning, choices, default and an example of a setting.
type Described = (&'static str, &'static str, Vec<&'static str>, Option<&'static str>, &'static str);

/// All that can be set, each as texts.
#[pyfunction]
pub(crate) fn settings() -> Vec<Described> {
    let all = Setting::all().filter(|setting| is_keyword(setting));
    let one = |setting: &Setting| {
        (
            keyword(setting.name),
            setting.meaning,
            setting.choices().collect(),
            setting.default,
            setting.example,
        )
    };
    all.map(one).collect()
}

/// Changes by keyword arguments, each with its text.
pub(super) fn changes(given: &[(String, String)]) -> PyResult<Changes> {
    let mut changes = Changes::default();
    for (name, text) in given {
        let setting = Setting::all().find(|setting| is_keyword(setting) && keyword(setting.name) == name);
        let setting =
            setting.ok_or_else(|| PyTypeError::new_err(format!("{name}: there is no such setting")))?;
        setting.read(&mut changes, text).map_err(|error| raised(&error))?;
    }
    Ok(changes)
}
