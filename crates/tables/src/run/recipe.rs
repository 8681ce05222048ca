//! `recipe.toml` of a run: whole, and still what the run began with. Checkpoints and models hold it, too, under their seals.

use std::fs;
use std::path::Path;

use toml::Table;

use super::{CHECKPOINT, FolderProblem, MODEL, RECIPE, checkpoint, first_fold, read, sealed, write};
use crate::recipe::name_of;
use crate::{Error, Settings};

/// Read it.
///
/// # Errors
/// [`Error::Folder`] if there is none, or it has been changed since; [`Error::Recipe`] if it is none.
pub(super) fn settings(folder: &Path) -> Result<Settings, Error> {
    let path = folder.join(RECIPE);
    let bytes = read(&path)?.ok_or_else(|| missing(folder))?;
    let text = String::from_utf8_lossy(&bytes);
    let settings = Settings::from_toml(&text, &name_of(&path)).map_err(|error| match error {
        Error::Recipe { place, what, .. } => {
            let hint =
                "nablab train wrote this file for its run: put it back as it was, or begin another run";
            Error::Recipe { place, what, hint: Some(hint) }
        }
        other => other,
    })?;
    let may_be = sealed_recipes(folder)?;
    let Some(began) = may_be.first() else { return check_whole(&text, folder).map(|()| settings) };
    if may_be.iter().any(|recipe| recipe.difference(&settings).is_none()) {
        return Ok(settings);
    }
    Err(changed(began, &settings, folder))
}

/// What the run learns by, and, where it was just made longer, what it learned by until then: a process that was killed may
/// have written the one and not yet the other. None before the first checkpoint, or of a run of an older version.
fn sealed_recipes(folder: &Path) -> Result<Vec<Settings>, Error> {
    let path = folder.join(CHECKPOINT);
    if let Some(bytes) = read(&path)? {
        let recipes = checkpoint::recipes(&checkpoint::open(&bytes, &name_of(&path))?)?;
        if !recipes.is_empty() {
            return Ok(recipes);
        }
    }
    let path = folder.join(MODEL);
    let Some(bytes) = read(&path)? else { return Ok(Vec::new()) };
    Ok(vec![sealed_recipe(&bytes, &name_of(&path))?])
}

/// The recipe of a model's bytes.
fn sealed_recipe(bytes: &[u8], file: &str) -> Result<Settings, Error> {
    let text: String = sealed::open(bytes, file, super::model_file::SCHEMA)?.get("recipe")?;
    Settings::from_toml(&text, file)
}

fn changed(began: &Settings, now: &Settings, folder: &Path) -> Error {
    const MOST: usize = 3;
    let all = began.all_differences(now);
    let shown: Vec<String> = all.iter().take(MOST).map(ToString::to_string).collect();
    let more = match all.len().saturating_sub(MOST) {
        0 => String::new(),
        more => format!("; and {more} more"),
    };
    let problem = FolderProblem::ChangedRecipe { differences: shown.join("; ") + &more };
    Error::Folder { folder: folder.to_owned(), problem }
}

/// Nothing is known of what it was: all that can be told is that its end is there.
fn check_whole(text: &str, folder: &Path) -> Result<(), Error> {
    let recipe: Table = text.parse().unwrap_or_default();
    match ["schema", "data", "validation"].into_iter().find(|key| !recipe.contains_key(*key)) {
        None => Ok(()),
        Some(key) => {
            Err(Error::Folder { folder: folder.to_owned(), problem: FolderProblem::CutRecipe { key } })
        }
    }
}

fn missing(folder: &Path) -> Error {
    let cross_validation = first_fold(folder).map(|first| FolderProblem::CrossValidation { first });
    let problem = cross_validation.unwrap_or(FolderProblem::NoRun);
    Error::Folder { folder: folder.to_owned(), problem }
}

/// Write it, with what was said of earlier changes in comments, which stays true, and what is said now.
pub(super) fn write_longer(folder: &Path, settings: &Settings, note: Option<&str>) -> Result<(), Error> {
    let path = folder.join(RECIPE);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let comments = text.lines().filter(|line| line.starts_with('#')).chain(note);
    let said: String = comments.map(|line| format!("{line}\n")).collect();
    write(&path, (said + &settings.to_toml()).as_bytes())
}
