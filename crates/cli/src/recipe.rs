//! Recipe files of `nablab check`: the settings of a training and where its data come from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use nablab::data::{Dataset, Generator, load};
use nablab::engine::Recipe;
use nablab::tables::recipe::Document;
use serde::Deserialize;

/// The other kind of [data] table than a generator's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: PathBuf,
}

/// The recipe in a file, and its data.
pub(crate) fn read(path: &Path) -> anyhow::Result<(Recipe, Dataset)> {
    let name = path.display().to_string();
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {name}\nhint: check the path and its permissions"))?;
    let mut document = Document::parse(&text, &name)?;
    // The data's table is not part of the training's settings: take it out before those are read.
    let Some(data) = document.take("data") else {
        bail!(
            "{name}: expected a table [data]\nhint: for example `source = \"moons\"` in it, or `file = \"points.csv\"`"
        );
    };
    let recipe = document.training()?.check()?;
    if data.get_ref().as_table().is_some_and(|table| table.contains_key("file")) {
        let File { file } = document.read(data)?;
        // Relative to where the recipe lies, not to where the command runs.
        let file = path.parent().map_or_else(|| file.clone(), |folder| folder.join(&file));
        return Ok((recipe, load(&file)?.train));
    }
    let generator: Generator = document.read_tagged(data.clone(), "source")?;
    let data = generator.generate().map_err(|error| document.parameter(&error, &data))?;
    Ok((recipe, data))
}
