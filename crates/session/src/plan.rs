//! What is trained on what: the whole of a training as plain data, such as a link holds.

use base64::Engine;
use base64::prelude::BASE64_STANDARD as STANDARD;
use nablab_data::generate::DescribedGenerator;
use nablab_data::table::{Table, read_as};
use nablab_data::{Generator, dataset_file};
use nablab_tables::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::SessionError;

/// Data, recipe, and what was changed on the way: with it a training is the same wherever it runs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Plan {
    /// The data.
    pub data: Source,
    /// The recipe: the keys of a recipe's file, as JSON.
    #[serde(default)]
    pub recipe: Value,
    /// What was changed on the way, in order of steps.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<Change>,
}

/// Where the rows come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// A generator; its features are `x1` and `x2`, its target `label`.
    Generated(Generator),
    /// The text of a table.
    Text {
        /// The name of its file, whose ending says what it is.
        name: String,
        /// The table, as CSV or TSV.
        text: String,
    },
    /// A file that is no text: `.mat`, `.npz`, or packed.
    File {
        /// Its name, whose ending says what it is.
        name: String,
        /// Its bytes, in base64.
        base64: String,
    },
}

/// Something that was changed in the middle of a training.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// Steps made by then.
    pub step: u64,
    /// A parameter and its new value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set: Option<(usize, f64)>,
    /// The recipe from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recipe: Option<Value>,
}

/// Bytes of a table's text, and rows of a generator, that a session takes: more is work for the command.
const MOST_BYTES: usize = 100 << 20;
const MOST_SAMPLES: usize = 1_000_000;

/// The column of a generator's labels.
const TARGET: &str = "label";

impl Plan {
    /// The table, read as the command reads it, from the text that the command would read.
    pub(crate) fn table(&self, settings: &Settings) -> Result<Table, SessionError> {
        let (bytes, name) = match &self.data {
            Source::Generated(generator) => {
                too_large("samples", MOST_SAMPLES, samples(generator))?;
                (dataset_file::csv::write(&generator.generate()?), file_name(generator))
            }
            Source::Text { name, text } => {
                too_large("bytes of a table", MOST_BYTES, text.len())?;
                (text.clone().into_bytes(), name.clone())
            }
            Source::File { name, base64 } => {
                too_large("bytes of a table", MOST_BYTES, base64.len() / 4 * 3)?;
                (STANDARD.decode(base64)?, name.clone())
            }
        };
        Ok(read_as(&bytes, &name, &settings.reading())?)
    }

    /// Rows of a generator; none of a file, before it is read.
    pub(crate) fn samples(&self) -> usize {
        match &self.data {
            Source::Generated(generator) => samples(generator),
            Source::Text { .. } | Source::File { .. } => 0,
        }
    }

    /// The settings that a recipe says, for these data.
    pub(crate) fn settings(&self, recipe: &Value) -> Result<Settings, SessionError> {
        let text = match recipe {
            Value::Null => String::new(),
            recipe => toml::to_string(recipe)?,
        };
        let mut settings = Settings::from_toml(&text, "the recipe")?;
        if settings.data.target.is_empty() && matches!(self.data, Source::Generated(_)) {
            settings.data.target = vec![TARGET.into()];
        }
        Ok(settings)
    }

    /// Commands for a terminal that make the same model, beside the recipe in `recipe.toml`; none where something was changed on the
    /// way, which no command can.
    pub(crate) fn commands(&self) -> Option<Vec<String>> {
        if !self.changes.is_empty() {
            return None;
        }
        let train = |file: &str| format!("nablab train {} --recipe recipe.toml --out run", quoted(file));
        Some(match &self.data {
            Source::Generated(generator) => {
                let file = file_name(generator);
                let arguments =
                    described(generator).into_iter().map(|(name, value)| format!("--{name} {value} "));
                let arguments: String = arguments.collect();
                vec![format!("nablab data {} {arguments}--out {file}", generator.name()), train(&file)]
            }
            Source::Text { name, .. } | Source::File { name, .. } => vec![train(name)],
        })
    }
}

/// The arguments of a generator by their names, which are those of the command's flags.
fn described(generator: &Generator) -> Vec<(&'static str, Value)> {
    let all = serde_json::to_value(generator).unwrap_or_default();
    let parameters =
        DescribedGenerator::named(generator.name()).map_or(&[][..], |described| described.parameters);
    parameters
        .iter()
        .filter_map(|parameter| Some((parameter.name, all.get(parameter.name)?.clone())))
        .collect()
}

fn samples(generator: &Generator) -> usize {
    let samples = described(generator).into_iter().find(|(name, _)| *name == "samples");
    samples.and_then(|(_, samples)| samples.as_u64()).unwrap_or(0) as usize
}

/// The file that commands write its rows to.
fn file_name(generator: &Generator) -> String {
    format!("{}.csv", generator.name())
}

/// For a shell, where that is needed.
fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-/".contains(c);
    match word.chars().all(is_plain) {
        true => word.to_owned(),
        false => format!("'{}'", word.replace('\'', "'\\''")),
    }
}

pub(crate) fn too_large(what: &'static str, most: usize, got: usize) -> Result<(), SessionError> {
    match got > most {
        true => Err(SessionError::TooLarge { what, most: most as u64, got: got as u64 }),
        false => Ok(()),
    }
}
