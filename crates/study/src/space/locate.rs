//! Where a recipe lies in a space.

use nablab_tables::Settings;
use toml::Value;

use super::{Domain, Label, Parameter, Point, Space};

impl Space {
    /// The values that a recipe has for the parameters, where it has one inside the space.
    ///
    /// ```
    /// use nablab_study::Space;
    /// let text = "learning_rate = { low = 1e-4, high = 1e-1, log = true }\n\
    ///             hidden = { layers = { low = 1, high = 2 }, units = { low = 4, high = 128 } }\n[data]\ntarget = [\"y\"]";
    /// let space = Space::parse(text, "study.toml")?;
    /// let point = space.locate(&nablab_tables::Settings::default());
    /// assert_eq!((point["learning_rate"], point["hidden.layers"], point["hidden[1].units"]), (0.001, 2.0, 64.0));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn locate(&self, settings: &Settings) -> Point {
        let Ok(Value::Table(recipe)) = settings.to_toml().parse::<toml::Table>().map(Value::Table) else {
            return Point::new();
        };
        let recipe = Value::Table(recipe);
        self.parameters
            .iter()
            .filter_map(|parameter| Some((parameter.name.clone(), locate(parameter, &recipe)?)))
            .collect()
    }
}

fn locate(parameter: &Parameter, recipe: &Value) -> Option<f64> {
    let value = match parameter.name.strip_prefix("hidden.") {
        Some("layers") => return Some(recipe.get("hidden")?.as_array()?.len() as f64),
        // The same in all layers.
        Some(field) => {
            let mut values = recipe.get("hidden")?.as_array()?.iter().map(|layer| layer.get(field));
            let first = values.next()??;
            values.all(|value| value == Some(first)).then_some(first)?
        }
        None => parameter.name.split(['.', '[', ']']).filter(|step| !step.is_empty()).try_fold(
            recipe,
            |at, step| match step.parse::<usize>() {
                Ok(i) => at.get(i),
                Err(_) => at.get(step),
            },
        )?,
    };
    let number = value.as_float().or_else(|| value.as_integer().map(|number| number as f64));
    match &parameter.domain {
        Domain::Choice(labels) => labels.iter().position(|label| stands_for(label, value)).map(|i| i as f64),
        domain => number.filter(|&number| domain.contains(number)),
    }
}

/// A choice without parameters stands as `{ adam = … }` in a recipe that is written whole.
fn stands_for(label: &Label, value: &Value) -> bool {
    match label {
        // Of a recipe nothing is null, and a list is called by its text.
        Label::Null | Label::List(_) => false,
        Label::Bool(choice) => value.as_bool() == Some(*choice),
        Label::Integer(choice) => value.as_integer() == Some(*choice),
        Label::Float(choice) => value.as_float() == Some(*choice),
        Label::Text(choice) => {
            value.as_str() == Some(choice) || value.as_table().is_some_and(|table| table.contains_key(choice))
        }
    }
}
