//! The columns of a table as the features of a network.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use nablab_engine::Float;
use serde::{Deserialize, Serialize};

use super::date::form_of;
use super::encoding::{Encoding, fit_column};
use super::{Dates, LeftOut, Reason, Scaling, Seen, Type};
use crate::table::{Column, Table};
use crate::threads::in_order;
use crate::{DataError, readable};

/// Which columns become features, and how.
#[derive(Clone, Debug, Default)]
pub struct Choice<'a> {
    /// These, if any are named; else all that are not left out.
    pub features: &'a [String],
    /// Not these: what the caller does not want, and what is no input (targets, weights, groups).
    pub ignore: &'a [String],
    /// Types that are not to be found out, of columns that are learned from.
    pub types: BTreeMap<String, Type>,
    /// Of numbers.
    pub scaling: Scaling,
    /// How much each row of the table counts for the scale of numbers and dates; none where all count the same.
    pub weights: &'a [f64],
}

/// How the columns of a table become features; found out from the training rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Inputs(Vec<Input>);

/// A column that is an input.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Of the column.
    pub name: String,
    /// What becomes of its values.
    pub encoding: Encoding,
}

/// More features are a mistake.
const MOST_FEATURES: usize = 100_000;

impl Inputs {
    /// Find out how to encode the columns from these rows of the table, on so many threads, which change nothing of it.
    ///
    /// # Errors
    /// [`DataError::Format`] for a column that is not there, one that cannot be of the type asked for or is not learned
    /// from although a type is asked for, no feature at all or more than can be meant.
    pub fn fit(
        table: &Table,
        rows: &[usize],
        choice: &Choice<'_>,
        threads: NonZeroUsize,
    ) -> Result<(Self, Vec<LeftOut>), DataError> {
        let named = choice.features.iter().chain(choice.ignore).chain(choice.types.keys());
        named.clone().try_for_each(|name| table.required(name).map(|_| ()))?;
        let mut chosen = Vec::new();
        for column in table.columns() {
            let wanted = choice.features.is_empty() || choice.features.contains(&column.name);
            let asked = choice.types.get(&column.name).copied();
            if wanted && !choice.ignore.contains(&column.name) {
                chosen.push((column, asked));
            } else if asked.is_some() {
                let (expected, hint) =
                    ("a column to learn from, because it has a type", "leave its type away");
                return Err(wrong(table, &column.name, expected, "one that is not", hint));
            }
        }
        let fit = |(column, asked): (&Column, Option<Type>)| {
            let encoding = match asked.filter(|asked| asked.is_date()) {
                Some(asked) => {
                    let form = form_of(table, column, asked.day_first())?;
                    Dates::fit(column, rows, form, choice.scaling, choice.weights).map(Encoding::Date)
                }
                None => fit_column(column, rows, asked, choice.scaling, choice.weights),
            };
            Ok::<_, DataError>((column.name.clone(), asked, encoding))
        };
        let (mut inputs, mut left_out) = (Vec::new(), Vec::new());
        let threads = threads_for(threads, chosen.len() * rows.len());
        in_order(threads, chosen.into_iter(), fit, |fitted| {
            let (name, asked, encoding) = fitted?;
            match encoding {
                Ok(encoding) => inputs.push(Input { name, encoding }),
                Err(why) if asked == Some(Type::Number) => {
                    return Err(wrong(table, &name, "numbers", &why.to_string(), "choose another type"));
                }
                Err(why @ Reason::Long { .. }) if asked.is_some() => {
                    let hint = "shorten the text, or leave the column's type away";
                    return Err(wrong(table, &name, "categories", &why.to_string(), hint));
                }
                Err(why) => left_out.push(LeftOut { name, why }),
            }
            Ok(())
        })?;
        let inputs = Self(inputs);
        let widest = inputs.0.iter().max_by_key(|input| input.encoding.width());
        match widest {
            None => {
                let (got, hint) = match left_out.is_empty() {
                    true => ("none".into(), "targets, weights and groups are not learned from"),
                    false => (list(&left_out), "name the types of columns that are to be used all the same"),
                };
                Err(table.error("columns", "at least one that can be learned from", got, hint))
            }
            Some(widest) if inputs.width() > MOST_FEATURES => {
                let expected = format!("at most {MOST_FEATURES} features");
                let hint = format!("{} of them come from column {}", widest.encoding.width(), widest.name);
                Err(table.error("columns", expected, inputs.width().to_string(), hint))
            }
            Some(_) => Ok((inputs, left_out)),
        }
    }

    /// The columns.
    pub fn columns(&self) -> &[Input] {
        &self.0
    }

    /// Number of features.
    pub fn width(&self) -> usize {
        self.0.iter().map(|input| input.encoding.width()).sum()
    }

    /// A name for each feature: `age`, `age is missing`, `city = Paris`, ….
    pub fn names(&self) -> Vec<String> {
        self.0.iter().flat_map(|Input { name, encoding }| encoding.names(name)).collect()
    }

    /// The features of these rows: X (features, rows), and what was met; on so many threads, which change nothing of it.
    ///
    /// # Errors
    /// [`DataError::Format`] for a text where the training had numbers, with its row, and if no column is there at all.
    pub fn encode<F: Float>(
        &self,
        table: &Table,
        rows: &[usize],
        threads: NonZeroUsize,
    ) -> Result<(Vec<F>, Seen), DataError> {
        let mut x = vec![F::ZERO; self.width() * rows.len()];
        let mut rest = x.as_mut_slice();
        let numbers = self.0.iter().filter(|input| input.encoding.is_ordered()).count();
        let columns = self.0.iter().map(|input| {
            let (features, others) =
                std::mem::take(&mut rest).split_at_mut(input.encoding.width() * rows.len());
            rest = others;
            (input, features)
        });
        let encode = |(Input { name, encoding }, features): (&Input, &mut [F])| match table.column(name) {
            Some(column) => encoding.encode(table, column, rows, features, numbers),
            None => {
                encoding.fill_missing(features, rows.len());
                Ok(Seen { absent: vec![name.clone()], ..Seen::default() })
            }
        };
        let (mut seen, threads) = (Seen::default(), threads_for(threads, self.0.len() * rows.len()));
        in_order(threads, columns, encode, |of_column| {
            seen.extend(of_column?);
            Ok::<_, DataError>(())
        })?;
        if seen.absent.len() == self.0.len() {
            let expected = format!("columns {}", readable(&seen.absent.join(", ")));
            let got: Vec<_> = table.columns().iter().map(|column| column.name.as_str()).collect();
            return Err(table.error("columns", expected, got.join(", "), "is it the right file?"));
        }
        Ok((x, seen))
    }
}

/// Of few cells a thread takes longer to start than to work.
fn threads_for(most: NonZeroUsize, cells: usize) -> NonZeroUsize {
    const FEW: usize = 1 << 16;
    if cells < FEW { NonZeroUsize::MIN } else { most }
}

pub(super) fn wrong(table: &Table, column: &str, expected: &str, got: &str, hint: &str) -> DataError {
    table.error(format!("column {column}"), expected, got, hint)
}

fn list(left_out: &[LeftOut]) -> String {
    let each: Vec<_> = left_out.iter().map(|LeftOut { name, why }| format!("{name} ({why})")).collect();
    each.join(", ")
}
