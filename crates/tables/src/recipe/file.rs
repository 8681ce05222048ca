//! Recipes as TOML: settings of the training at the top, a table for what is around it. Every error has its line and
//! column.

use std::path::Path;

use nablab_data::{DataError, readable};
use nablab_engine::{EngineError, Settings as TrainingSettings};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::{Settings, keys, names};
use crate::Error;

const SCHEMA: &str = "nablab.recipe/1";
/// Full batches; left out, a recipe for a table has others.
const ALL: &str = "all";

impl Settings {
    /// Read a recipe: `[data]`, `[validation]`, and the settings of the training. What is left out has the defaults of
    /// [`Settings::default`].
    ///
    /// ```
    /// let text = "hidden = [{ units = 8 }]\n[data]\ntarget = [\"y\"]\n[validation]\npatience = 5\n";
    /// let settings = nablab_tables::Settings::from_toml(text, "recipe.toml")?;
    /// assert_eq!((settings.training.hidden[0].units, settings.validation.patience), (8, 5));
    /// assert_eq!(nablab_tables::Settings::from_toml(&settings.to_toml(), "again")?, settings);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column.
    pub fn from_toml(text: &str, name: &str) -> Result<Self, Error> {
        Document::parse(text, name)?.settings()
    }

    /// The same as text; [`Settings::from_toml`] reads it back.
    pub fn to_toml(&self) -> String {
        let table = |value: Result<toml::Table, _>| value.expect("settings are plain data");
        let mut all = table(toml::Table::try_from(&self.training));
        all.insert("schema".into(), SCHEMA.into());
        all.remove("loss");
        all.entry("batch_size").or_insert_with(|| ALL.into());
        all.insert("data".into(), table(toml::Table::try_from(&self.data)).into());
        all.insert("validation".into(), table(toml::Table::try_from(&self.validation)).into());
        all.to_string()
    }
}

/// The text of a recipe while it is taken apart.
#[derive(Debug)]
pub struct Document<'t> {
    text: &'t str,
    name: &'t str,
    root: Spanned<DeTable<'t>>,
}

/// What a recipe says of the defaults that the rows of a table decide.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// A penalty.
    pub penalty: bool,
    /// When to stop early.
    pub patience: bool,
}

/// A table of a recipe, with its place.
pub type Value<'t> = Spanned<DeValue<'t>>;

impl<'t> Document<'t> {
    /// Read the text of a recipe, called so in errors.
    ///
    /// # Errors
    /// [`Error::Recipe`] if it is no TOML.
    pub fn parse(text: &'t str, name: &'t str) -> Result<Self, Error> {
        let mut root = DeTable::parse(text).map_err(|error| located(text, name, 0, &error))?;
        let keys = keys::rename(root.get_mut());
        names::rename_all(root.get_mut());
        let too_large = root.get_ref().values().find_map(too_large);
        let document = Self { text, name, root };
        if let Err((at, what)) = keys {
            return Err(document.error(at, what));
        }
        match too_large {
            Some(at) => {
                let what = "expected a number within 64 bits, from -2^63 to 2^63 - 1, got a larger one";
                Err(document.error(at, what.into()))
            }
            None => Ok(document),
        }
    }

    /// Take out what belongs to a key of the outermost level.
    pub fn take(&mut self, key: &str) -> Option<Value<'t>> {
        let key = self.root.get_ref().keys().find(|k| k.get_ref() == key).cloned();
        key.and_then(|key| self.root.get_mut().remove(&key))
    }

    /// Read a table that was taken out.
    ///
    /// # Errors
    /// [`Error::Recipe`] if it is not of this kind.
    pub fn read<T: DeserializeOwned>(&self, value: Value<'t>) -> Result<T, Error> {
        let start = value.span().start;
        T::deserialize(ValueDeserializer::from(value))
            .map_err(|error| located(self.text, self.name, start, &error))
    }

    /// Read a table that says by its field `tag` what it is. Such tables lose their places on the way; but without the
    /// field in question the message is another.
    ///
    /// # Errors
    /// [`Error::Recipe`] if it is not of this kind.
    pub fn read_tagged<T: DeserializeOwned>(&self, value: Value<'t>, tag: &str) -> Result<T, Error> {
        let (start, values) = (value.span().start, value.get_ref().as_table().cloned().unwrap_or_default());
        T::deserialize(ValueDeserializer::from(value)).map_err(|error| {
            let says_otherwise = |key: &Spanned<_>| {
                let mut others = values.clone();
                others.remove(key);
                let others = ValueDeserializer::from(Spanned::new(key.span(), DeValue::Table(others)));
                T::deserialize(others).map_or_else(|other| other.message() != error.message(), |_| true)
            };
            // Without its tag no table says the same.
            let mut fields = values.keys().filter(|key| key.get_ref() != tag);
            let culprit = fields.find(|key| says_otherwise(key)).map(|key| key.span().start);
            located(self.text, self.name, culprit.unwrap_or(start), &error)
        })
    }

    /// Read what is left as settings of a training, and check them.
    ///
    /// # Errors
    /// [`Error::Recipe`] for a field that is none, or a value outside its range.
    pub fn training(&self) -> Result<TrainingSettings, Error> {
        let mut root = self.root.clone();
        if root.get_ref().get("batch_size").is_some_and(|size| size.get_ref().as_str() == Some(ALL)) {
            root.get_mut().remove("batch_size");
        }
        let settings = TrainingSettings::deserialize(toml::Deserializer::from(root))
            .map_err(|error| located(self.text, self.name, 0, &error))?;
        match settings.clone().check() {
            Ok(_) => Ok(settings),
            Err(error) => {
                let at = match &error {
                    EngineError::Setting { field, .. } => start_of(field, self.root.get_ref()),
                    _ => 0,
                };
                Err(self.error(at, error.to_string()))
            }
        }
    }

    /// An error about the parameter of a generator, which stands in this table.
    pub fn parameter(&self, error: &DataError, table: &Value<'t>) -> Error {
        let at = match (error, table.get_ref().as_table()) {
            (DataError::Parameter { name, .. }, Some(values)) if values.contains_key(*name) => {
                start_of(name, values)
            }
            _ => table.span().start,
        };
        let said = error.to_string();
        self.error(at, said.split_once("\nhint:").map_or(said.as_str(), |(what, _)| what).to_owned())
    }

    /// Read all of it as a recipe for a table.
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column.
    pub fn settings(mut self) -> Result<Settings, Error> {
        if let Some(schema) = self.take("schema") {
            let at = schema.span().start;
            let schema: String = self.read(schema)?;
            if schema != SCHEMA {
                let what = format!("expected schema = {SCHEMA:?}, got {schema:?}: a newer nablab wrote it");
                return Err(self.error(at, what));
            }
        }
        let data = self.take("data").map(|data| self.read(data)).transpose()?;
        let validation = self.take("validation").map(|table| self.read(table)).transpose()?;
        if let Some(loss) = self.take("loss") {
            let what = "the loss follows from what is predicted".into();
            return Err(self.error(loss.span().start, what));
        }
        let given = |key| self.root.get_ref().keys().any(|k| k.get_ref() == key);
        let mut training = self.training()?;
        let defaults = Settings::by(training.optimizer);
        if !given("hidden") {
            training.hidden = defaults.training.hidden;
        }
        if !given("penalty") {
            training.penalty = defaults.training.penalty;
        }
        if !given("batch_size") {
            training.batch_size = defaults.training.batch_size;
        }
        if !given("epochs") {
            training.epochs = defaults.training.epochs;
        }
        Ok(Settings {
            data: data.unwrap_or(defaults.data),
            validation: validation.unwrap_or(defaults.validation),
            training,
        })
    }

    /// What it says of the defaults that the rows of a table decide.
    pub(crate) fn given(&self) -> Given {
        let section = |name: &str| self.root.get_ref().get(name);
        let validation = section("validation").and_then(|section| section.get_ref().as_table());
        Given {
            penalty: section("penalty").is_some(),
            patience: validation.is_some_and(|section| section.contains_key("patience")),
        }
    }

    /// What is in it: keys and values with their places.
    pub fn root(&self) -> &DeTable<'t> {
        self.root.get_ref()
    }

    /// A document of these values; where they keep the places that they have in the text, errors name those.
    pub fn of(root: DeTable<'t>, text: &'t str, name: &'t str) -> Self {
        Self { text, name, root: Spanned::new(0..text.len(), root) }
    }

    /// An error about what stands at this byte of the text.
    pub fn error(&self, at: usize, what: String) -> Error {
        Error::Recipe { place: place(self.text, self.name, at), what, hint: None }
    }
}

/// Name of a file for messages.
pub(crate) fn name_of(path: &Path) -> String {
    path.display().to_string()
}

/// Where a whole number is that TOML has no room for. The library reads it all the same, but does not write it.
fn too_large(value: &Value<'_>) -> Option<usize> {
    match value.get_ref() {
        DeValue::Integer(number) => {
            i64::from_str_radix(number.as_str(), number.radix()).is_err().then(|| value.span().start)
        }
        DeValue::Array(values) => values.iter().find_map(too_large),
        DeValue::Table(table) => table.values().find_map(too_large),
        _ => None,
    }
}

fn place(text: &str, name: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
    format!("{name}: line {line}, column {column}")
}

/// An error that does not know its place lies somewhere behind `start`.
fn located(text: &str, name: &str, start: usize, error: &toml::de::Error) -> Error {
    let start = error.span().map_or(start, |span| span.start);
    Error::Recipe { place: place(text, name, start), what: in_plain_words(error.message()), hint: None }
}

/// Where the value of a field such as `hidden[0].dropout` starts, or what there is of the way to it.
fn start_of(field: &str, table: &DeTable<'_>) -> usize {
    let mut start = 0;
    let mut inside: Option<&DeValue<'_>> = None;
    for step in field.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        let next = match inside {
            None => table.get(step),
            // A choice such as `{ adam = { beta1 = 0.9 } }` is no step of the field's name.
            Some(DeValue::Table(table)) => {
                table.get(step).or_else(|| table.values().next()?.get_ref().as_table()?.get(step))
            }
            Some(DeValue::Array(array)) => step.parse().ok().and_then(|i: usize| array.get(i)),
            Some(_) => None,
        };
        let Some(next) = next else { break };
        (start, inside) = (next.span().start, Some(next.get_ref()));
    }
    start
}

/// The words of the library that reads recipes, which name Rust's types, in those of a recipe.
fn in_plain_words(message: &str) -> String {
    const WORDS: [(&str, &str); 11] = [
        ("internally tagged enum Generator", "a table such as { source = \"moons\", samples = 300 }"),
        ("variant identifier", "a name"),
        ("path string", "the name of a file"),
        ("struct Hidden", "a table such as { units = 5 }"),
        ("struct Penalty", "a table such as { l2 = 0.1 }"),
        ("a sequence", "a list"),
        ("unit", "its name alone"),
        ("f64", "a number"),
        ("usize", "a whole number, 0 or more"),
        ("u32", "a whole number, 0 or more"),
        ("u64", "a whole number, 0 or more"),
    ];
    if let Some(said) = names::unknown(message) {
        return said;
    }
    match message {
        "data did not match any variant of untagged enum Seed" => {
            return "expected a whole number, or { weights = 3, dropout = 1, shuffle = 0 }".into();
        }
        "wanted string or table" => {
            return "expected a name, or a table such as { adam = { beta1 = 0.9 } }".into();
        }
        _ => {}
    }
    // What came is the recipe's own text, and may be anything; what is expected is the library's.
    let Some((got, expected)) = message.rsplit_once(", expected ") else { return readable(message) };
    let got = got.replace("floating point", "number").replace("type: map", "type: table or date");
    let got = got.strip_suffix(" as i128").unwrap_or(&got);
    let expected = if expected.starts_with("struct variant ") {
        "a table of its values"
    } else {
        WORDS.iter().find(|(theirs, _)| *theirs == expected).map_or(expected, |(_, ours)| ours)
    };
    format!("{}, expected {expected}", readable(got))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_beyond_those_of_toml_are_refused_with_their_place() {
        let refused = |text: &str| Settings::from_toml(text, "r.toml").unwrap_err().to_string();
        for (text, place) in [
            ("epochs = 3\nseed = 9223372036854775808", "line 2, column 8"),
            ("hidden = [{ units = 0x8000000000000000 }]", "line 1, column 21"),
            ("[validation]\npatience = 18446744073709551615", "line 2, column 12"),
        ] {
            let error = refused(text);
            assert!(
                error.starts_with(&format!("r.toml: {place}: expected a number within 64 bits")),
                "{error}"
            );
        }
        let largest =
            Settings::from_toml("seed = 9223372036854775807\nbatch_size = \"all\"", "r.toml").unwrap();
        assert_eq!(largest.training.batch_size, None);
        assert_eq!(Settings::from_toml(&largest.to_toml(), "again").unwrap(), largest);
    }
}
