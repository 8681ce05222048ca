//! Which rows are held out, by what a recipe says: the same ones whenever that is asked again.

use std::collections::HashMap;

use nablab_data::DataError;
use nablab_data::prepare::{Split, Target, folds, folds_forward, form_of, hold_out, hold_out_last};
use nablab_data::table::{Table, Values};
use nablab_engine::Seed;
use nablab_engine::rng::{NumpyRng, Stream};

use crate::prepared::values;
use crate::recipe::Fold;
use crate::{Error, Settings};

/// Which rows are held out: the same share of each class, whole groups, or the last by their times; or the fold's.
pub(crate) fn split(settings: &Settings, table: &Table, target: &Target, file: &str) -> Result<Split, Error> {
    let (validation, rows) = (&settings.validation, table.rows());
    let all: Vec<usize> = (0..rows).collect();
    if !validation.is_wanted() {
        return Ok(Split { train: all, validation: Vec::new() });
    }
    if let Some(by) = &validation.by {
        let times = times(settings, table, by, file)?;
        return Ok(match validation.fold {
            None => hold_out_last(&times, validation.share)?,
            Some(Fold { number, of }) => folds_forward(&times, of)?.swap_remove(number - 1),
        });
    }
    let mut rng = split_rng(settings.training.seed);
    let kinds = match &validation.group {
        Some(group) => groups(table, group, file)?,
        None => target.classes(table, &all, file)?.unwrap_or_else(|| vec![0; rows]),
    };
    let together = validation.group.is_some();
    match validation.fold {
        None => Ok(hold_out(&kinds, validation.share, together, &mut rng)?),
        Some(Fold { number, of }) => Ok(folds(&kinds, of, together, &mut rng)?.swap_remove(number - 1)),
    }
}

/// The generator that says which rows are held out.
pub(crate) fn split_rng(seed: Seed) -> NumpyRng {
    match seed {
        Seed::Streams(seed) => Stream::Split.rng(seed),
        Seed::Course { shuffle, .. } => Stream::Split.rng(u64::from(shuffle)),
    }
}

/// A number for each group of rows that stay together.
fn groups(table: &Table, name: &str, file: &str) -> Result<Vec<usize>, Error> {
    let values = values(table, name, file)?;
    let mut numbers = HashMap::new();
    let text = values.texts();
    let group = |row| match text(row) {
        Some(text) => {
            let next = numbers.len();
            Ok(*numbers.entry(text).or_insert(next))
        }
        None => {
            let place = format!("column {name}, row {}", row + 1);
            Err(DataError::format(file, place, "a group", "a missing value", "every row belongs to a group")
                .into())
        }
    };
    (0..table.rows()).map(group).collect()
}

/// When each row is: a number, or days.
fn times(settings: &Settings, table: &Table, name: &str, file: &str) -> Result<Vec<f64>, Error> {
    let values = &table.required(name, file)?.values;
    let wrong = |row: usize, got: String| {
        let place = format!("column {name}, row {}", row + 1);
        let hint =
            "--validation-by holds out the last rows by this column: every row has its number or date there";
        Error::from(DataError::format(file, place, "a number or a date", got, hint))
    };
    let missing = |row| wrong(row, "a missing value".into());
    if let Values::Numbers(numbers) = values {
        let times: Vec<f64> = numbers.iter().collect();
        return match times.iter().position(|v| v.is_nan()) {
            Some(row) => Err(missing(row)),
            None => Ok(times),
        };
    }
    let day_first = settings.data.types.get(name).and_then(|of| of.day_first());
    let form = form_of(table.required(name, file)?, day_first, file)?;
    let text = values.texts();
    let time = |row| {
        let text = text(row).ok_or_else(|| missing(row))?;
        form.parse(&text).map(|at| at.days()).ok_or_else(|| wrong(row, format!("{text:?}")))
    };
    (0..table.rows()).map(time).collect()
}
