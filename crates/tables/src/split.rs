//! Which rows are held out, by what a recipe says: the same ones whenever that is asked again.

use nablab_data::Wording;
use nablab_data::prepare::{
    Split, Target, folds, folds_forward, form_of, hold_out, hold_out_last, with_values,
};
use nablab_data::table::{Table, Values};
use nablab_engine::Seed;
use nablab_engine::rng::{NumpyRng, Stream};

use crate::prepared::values;
use crate::recipe::Fold;
use crate::{Error, Settings};

/// The rows that have a target: all, unless the settings leave those without one out. A target that is missing elsewhere is an
/// error where it is looked at.
pub(crate) fn taught(settings: &Settings, table: &Table) -> Result<Vec<usize>, Error> {
    match settings.data.drop_missing_target {
        true => Ok(with_values(table, &settings.data.target)?),
        false => Ok((0..table.rows()).collect()),
    }
}

/// Which rows are held out: the same share of each class, whole groups, or the last by their times; or the fold's.
pub(crate) fn split(settings: &Settings, table: &Table, target: &Target) -> Result<Split, Error> {
    let (validation, rows) = (&settings.validation, taught(settings, table)?);
    if !validation.is_wanted() {
        return Ok(Split { train: rows, validation: Vec::new() });
    }
    let mut rng = split_rng(settings.training.seed);
    let together = validation.group.is_some();
    let split = match &validation.by {
        Some(by) => {
            let times = times(settings, table, by, &rows)?;
            match validation.fold {
                None => hold_out_last(&times, validation.share)?,
                Some(Fold { number, of }) => folds_forward(&times, of)?.swap_remove(number - 1),
            }
        }
        None => {
            let kinds = match &validation.group {
                Some(group) => groups(table, group, &rows)?,
                None => target.classes(table, &rows)?.unwrap_or_else(|| vec![0; rows.len()]),
            };
            match validation.fold {
                None => hold_out(&kinds, validation.share, together, &mut rng)?,
                Some(Fold { number, of }) => folds(&kinds, of, together, &mut rng)?.swap_remove(number - 1),
            }
        }
    };
    let of_table = |part: Vec<usize>| part.into_iter().map(|j| rows[j]).collect();
    Ok(Split { train: of_table(split.train), validation: of_table(split.validation) })
}

/// The generator that says which rows are held out.
pub(crate) fn split_rng(seed: Seed) -> NumpyRng {
    match seed {
        Seed::Streams(seed) => Stream::Split.rng(seed),
        Seed::Course { shuffle, .. } => Stream::Split.rng(u64::from(shuffle)),
    }
}

/// A number for each group of rows that stay together.
fn groups(table: &Table, name: &str, rows: &[usize]) -> Result<Vec<usize>, Error> {
    let values = values(table, name)?;
    let texts = values.categories();
    let (mut numbers, mut next) = (vec![None; texts.levels().len()], 0..);
    let group = |&row: &usize| match texts.code(row) {
        Some(code) => Ok(*numbers[code].get_or_insert_with(|| next.next().unwrap_or_default())),
        None => {
            let place = format!("column {name}, row {}", row + 1);
            Err(table.error(place, "a group", "a missing value", "every row belongs to a group").into())
        }
    };
    rows.iter().map(group).collect()
}

/// When each row is: a number, or days.
fn times(settings: &Settings, table: &Table, name: &str, rows: &[usize]) -> Result<Vec<f64>, Error> {
    let values = &table.required(name)?.values;
    let wrong = |row: usize, got: String| {
        let place = format!("column {name}, row {}", row + 1);
        let hint =
            "[validation_by] holds out the last rows by this column: every row has its number or date there";
        Error::from(table.error(place, "a number or a date", got, Wording::with_settings(hint)))
    };
    let missing = |row| wrong(row, "a missing value".into());
    if let Values::Numbers(numbers) = values {
        let time = |&row: &usize| Some(numbers.get(row)).filter(|v| !v.is_nan()).ok_or_else(|| missing(row));
        return rows.iter().map(time).collect();
    }
    let day_first = settings.data.types.get(name).and_then(|of| of.day_first());
    let form = form_of(table, table.required(name)?, day_first)?;
    let text = values.texts();
    let time = |row| {
        let text = text(row).ok_or_else(|| missing(row))?;
        form.parse(&text).map(|at| at.days()).ok_or_else(|| wrong(row, format!("{text:?}")))
    };
    rows.iter().map(|&row| time(row)).collect()
}
