//! Recipe files: the settings of a training and where its data come from. Every error has its line and column.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use nablab_data::{DataError, Dataset, Generator, load};
use nablab_engine::{EngineError, Recipe, Settings};
use serde::Deserialize;
use toml::de::{DeTable, DeValue, ValueDeserializer};

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
            anyhow!("{}: {}", place(start), in_plain_words(error.message()))
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
        anyhow::Error::new(error).context(place(at))
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
    let generator = Generator::deserialize(data).map_err(located(start))?;
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
            Some(DeValue::Table(table)) => table.get(step),
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
    const WORDS: [(&str, &str); 13] = [
        (
            "data did not match any variant of untagged enum Seed",
            "expected a whole number, or { weights = 3, dropout = 1, shuffle = 0 }",
        ),
        ("internally tagged enum Generator", "a table such as { source = \"moons\", samples = 300 }"),
        ("variant identifier", "a name"),
        ("path string", "the name of a file"),
        ("struct Hidden", "a table such as { units = 5 }"),
        ("struct Penalty", "a table such as { l2 = 0.1 }"),
        ("a sequence", "a list"),
        ("expected usize", "expected a whole number, 0 or more"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected u32", "expected a whole number, 0 or more"),
        ("expected f64", "expected a number"),
        ("wanted string or table", "expected a name, or a table such as { adam = { beta1 = 0.9 } }"),
        ("floating point", "number"),
    ];
    let message = match message.split_once("struct variant ") {
        Some((before, _)) => format!("{before}a table of its values"),
        None => message.to_owned(),
    };
    WORDS.iter().fold(message, |text, (theirs, ours)| text.replace(theirs, ours))
}
