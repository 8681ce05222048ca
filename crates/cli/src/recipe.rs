//! Recipe files: the settings of a training and where its data come from. Every error has its line and column.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use nablab_data::{DataError, Dataset, Generator, load, readable};
use nablab_engine::{EngineError, Recipe, Settings};
use serde::Deserialize;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

const HINT: &str = "hint: nablab check --help shows what a recipe may hold";

/// The other kind of [data] table than a generator's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: PathBuf,
}

/// The recipe in a file, and its data.
pub(crate) fn read(path: &Path) -> anyhow::Result<(Recipe, Dataset)> {
    let name = path.display();
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {name}\nhint: check the path and its permissions"))?;
    let place = |at: usize| {
        let before = text.get(..at).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        format!("{name}: line {line}, column {column}")
    };
    // An error that does not know its place lies somewhere behind `start`.
    let located = |start: usize| {
        let place = &place;
        move |error: toml::de::Error| {
            let start = error.span().map_or(start, |span| span.start);
            anyhow!("{}: {}\n{HINT}", place(start), in_plain_words(error.message()))
        }
    };
    // The data's table is not part of the training's settings: take it out before those are read.
    let mut table = DeTable::parse(&text).map_err(located(0))?;
    let key = table.get_ref().keys().find(|key| key.get_ref() == "data").cloned();
    let Some(data) = key.and_then(|key| table.get_mut().remove(&key)) else {
        bail!(
            "{name}: expected a table [data]\nhint: for example `source = \"moons\"` in it, or `file = \"points.csv\"`"
        );
    };
    let written = table.clone();
    let settings = Settings::deserialize(toml::Deserializer::from(table)).map_err(located(0))?;
    let recipe = settings.check().map_err(|error| {
        let at = match &error {
            EngineError::Setting { field, .. } => start_of(field, written.get_ref()),
            _ => 0,
        };
        anyhow!("{}: {error}\n{HINT}", place(at))
    })?;

    let start = data.span().start;
    let values = data.get_ref().as_table().cloned().unwrap_or_default();
    let data = ValueDeserializer::from(data);
    if values.contains_key("file") {
        let File { file } = File::deserialize(data).map_err(located(start))?;
        // Relative to where the recipe lies, not to where the command runs.
        let file = path.parent().map_or_else(|| file.clone(), |folder| folder.join(&file));
        return Ok((recipe, load(&file)?.train));
    }
    let generator = Generator::deserialize(data).map_err(|error| {
        let start = start_of_culprit(error.message(), &values).unwrap_or(start);
        located(start)(error)
    })?;
    let data = generator.generate().map_err(|error| {
        let at = match &error {
            DataError::Parameter { name, .. } if values.contains_key(*name) => start_of(name, &values),
            _ => start,
        };
        anyhow::Error::new(error).context(place(at))
    })?;
    Ok((recipe, data))
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

/// Where the field starts that keeps a generator from being read. Tables that say by a field what they are lose their places
/// on the way; but without the field in question the message is another.
fn start_of_culprit(message: &str, values: &DeTable<'_>) -> Option<usize> {
    let says_otherwise = |key: &Spanned<_>| {
        let mut others = values.clone();
        others.remove(key);
        let others = ValueDeserializer::from(Spanned::new(key.span(), DeValue::Table(others)));
        Generator::deserialize(others).map_or_else(|error| error.message() != message, |_| true)
    };
    // Without its source no table says the same.
    let mut fields = values.keys().filter(|key| key.get_ref() != "source");
    fields.find(|key| says_otherwise(key)).map(|key| key.span().start)
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
