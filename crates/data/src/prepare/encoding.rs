//! A column as features: numbers filled and scaled, categories one-hot.

use nablab_engine::Float;
use serde::{Deserialize, Serialize};

use super::levels::{levels, longer_than_a_name};
use super::scaling::Fitted;
use super::spelling::places;
use super::{Dates, Learned, Reason, Scaling, Seen, Type};
use crate::dates::are_dates;
use crate::table::{Column, Table, Values, number_with};
use crate::{DataError, Wording, readable};

/// What becomes of the values of a column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum Encoding {
    /// One feature, (x − center) / scale; and, if values were missing, another one that is 1 where they are.
    Number {
        /// Stands in for a missing value.
        fill: f64,
        /// Subtracted.
        center: f64,
        /// Divided by.
        scale: f64,
        /// There is a feature for missing values.
        indicator: bool,
        /// The numbers that were learned from; none in a model of an older version.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        learned: Option<Learned>,
    },
    /// A feature for each level, 1 where the value is that; and, if values were missing, one for those.
    Category {
        /// In their order.
        levels: Vec<String>,
        /// There is a feature for missing values.
        indicator: bool,
    },
    /// Days and what comes again of them.
    Date(Dates),
}

/// More different texts are not taken for categories unasked.
const MOST_LEVELS: usize = 100;
/// Nor more than a fifth of the rows, if more than a handful.
const SHARE_OF_ROWS: usize = 5;
const FEW_LEVELS: usize = 10;
/// From here on a double does not hold every whole number.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// The encoding of a column, or why there is none. The weights are those of all rows of the table, if they have some.
pub(super) fn fit_column(
    column: &Column,
    rows: &[usize],
    asked: Option<Type>,
    scaling: Scaling,
    weights: &[f64],
) -> Result<Encoding, Reason> {
    match (&column.values, asked) {
        (Values::Numbers(_), None) | (_, Some(Type::Number)) => {
            let all = column.values.numbers_of(rows);
            let mut given = all.map_err(|(row, text)| Reason::Text(text.to_owned(), row + 1))?;
            let weights = weights_of(rows, weights, |i| !given[i].is_nan());
            given.retain(|v| !v.is_nan());
            let indicator = given.len() < rows.len();
            let Fitted { center, scale, fill, is_round_off } = scaling.fitted(&given, &weights);
            match given.first() {
                None => return Err(Reason::Missing),
                Some(first) if !indicator && given.iter().all(|v| v == first) => {
                    let is_exact = first.abs() < EXACT || first.fract() != 0.0;
                    let reason = if is_exact { Reason::Constant } else { Reason::Rounded };
                    return Err(reason(first.to_string()));
                }
                Some(first) if !indicator && is_round_off => {
                    return Err(Reason::Rounded(first.to_string()));
                }
                _ => {}
            }
            Ok(Encoding::Number { fill, center, scale, indicator, learned: Learned::of(&given) })
        }
        (Values::Dates(_), None) => Err(Reason::Dates),
        (values, _) => {
            let texts = values.categories();
            if let Some((characters, row)) = longer_than_a_name(&texts, rows) {
                return Err(Reason::Long { characters, row: row + 1 });
            }
            let (levels, missing) = levels(values, &texts, rows);
            let indicator = missing.is_some();
            match levels.as_slice() {
                [] => return Err(Reason::Missing),
                [only] if !indicator => return Err(Reason::Constant(only.clone())),
                _ => {}
            }
            let many = levels.len() > MOST_LEVELS
                || levels.len() > FEW_LEVELS && levels.len() * SHARE_OF_ROWS > rows.len();
            if let (true, None, Values::Categories(texts)) = (many, asked, values)
                && are_dates(texts)
            {
                return Err(Reason::Dates);
            }
            if many && asked.is_none() {
                return Err(Reason::Texts { different: levels.len(), rows: rows.len() });
            }
            Ok(Encoding::Category { levels, indicator })
        }
    }
}

/// The weights of these rows, without those that have no value: row `i` of them has one, or not.
pub(super) fn weights_of(rows: &[usize], weights: &[f64], has_value: impl Fn(usize) -> bool) -> Vec<f64> {
    let of_rows = rows.iter().enumerate().filter(|&(i, _)| !weights.is_empty() && has_value(i));
    of_rows.map(|(_, &row)| weights[row]).collect()
}

impl Encoding {
    /// Of numbers or dates, whose first feature is a size.
    pub fn is_ordered(&self) -> bool {
        !matches!(self, Self::Category { .. })
    }

    /// Number of features.
    pub fn width(&self) -> usize {
        match self {
            Self::Number { indicator, .. } => 1 + usize::from(*indicator),
            Self::Category { levels, indicator } => levels.len() + usize::from(*indicator),
            Self::Date(dates) => dates.width(),
        }
    }

    /// A name for each feature of the column.
    pub(super) fn names(&self, column: &str) -> Vec<String> {
        let missing = |indicator: bool| indicator.then(|| format!("{column} is missing"));
        match self {
            Self::Number { indicator, .. } => {
                [column.to_owned()].into_iter().chain(missing(*indicator)).collect()
            }
            Self::Category { levels, indicator } => {
                levels.iter().map(|level| format!("{column} = {level}")).chain(missing(*indicator)).collect()
            }
            Self::Date(dates) => dates.names(column),
        }
    }

    /// The features of `rows` missing values.
    pub(super) fn fill_missing<F: Float>(&self, features: &mut [F], rows: usize) {
        let indicator = match *self {
            Self::Number { fill, center, scale, indicator, .. }
            | Self::Date(Dates { fill, center, scale, indicator, .. }) => {
                features[..rows].fill(F::from_f64((fill - center) / scale));
                indicator
            }
            Self::Category { indicator, .. } => indicator,
        };
        if indicator {
            let start = features.len() - rows;
            features[start..].fill(F::ONE);
        }
    }

    /// The features of these rows of a column, and what is met there; `numbers` of the columns are ordered.
    pub(super) fn encode<F: Float>(
        &self,
        table: &Table,
        column: &Column,
        rows: &[usize],
        features: &mut [F],
        numbers: usize,
    ) -> Result<Seen, DataError> {
        let (m, mut missing, mut seen) = (rows.len(), 0, Seen::default());
        let indicated = match self {
            &Self::Number { fill, center, scale, indicator, learned } => {
                let given = column.values.numbers_of(rows);
                let given =
                    given.map_err(|(row, text)| no_number(table, &column.name, row, text, LEARNED))?;
                for (j, &value) in given.iter().enumerate() {
                    let is_missing = value.is_nan();
                    missing += usize::from(is_missing);
                    let value = if is_missing { fill } else { value };
                    let feature = F::from_f64((value - center) / scale);
                    if !feature.is_finite() {
                        return Err(too_large::<F>(table, &column.name, rows[j], value));
                    }
                    features[j] = feature;
                    if indicator && is_missing {
                        features[m + j] = F::ONE;
                    }
                }
                let given = given.into_iter();
                let told = learned.and_then(|learned| learned.judge(given, numbers, |v| v.to_string()));
                seen.outside.extend(told.map(|told| told.of(&column.name)));
                indicator
            }
            Self::Category { levels, indicator } => {
                let (texts, mut unknown) = (column.values.categories(), (0, None));
                let places = places(levels, &texts);
                for (j, &row) in rows.iter().enumerate() {
                    match texts.code(row) {
                        Some(code) => match places[code] {
                            Some(level) => features[level * m + j] = F::ONE,
                            None => {
                                unknown = (unknown.0 + 1, unknown.1.or(Some(texts.levels()[code].clone())))
                            }
                        },
                        None => {
                            missing += 1;
                            if *indicator {
                                features[levels.len() * m + j] = F::ONE;
                            }
                        }
                    }
                }
                if let (count, Some(example)) = unknown {
                    seen.unknown.push((column.name.clone(), count, readable(&example)));
                }
                *indicator
            }
            Self::Date(dates) => {
                let (absent, told) = dates.encode(table, column, rows, features, numbers)?;
                missing = absent;
                seen.outside.extend(told.map(|told| told.of(&column.name)));
                dates.indicator
            }
        };
        if missing > 0 && !indicated {
            seen.missing.push((column.name.clone(), missing));
        }
        Ok(seen)
    }
}

const LEARNED: &str = "the model learned from numbers in this column; leave a missing value empty";

/// The cell that is no number where numbers are wanted.
pub(super) fn no_number(
    table: &Table,
    column: &str,
    row: usize,
    text: &str,
    hint: impl Into<Wording>,
) -> DataError {
    let place = format!("column {column}, row {}", row + 1);
    let hint = match number_with(text) {
        Some(settings) => Wording::from("with ").and(settings).and(" it is a number; ").and(hint),
        None => hint.into(),
    };
    table.error(place, "a number", format!("{text:?}"), hint)
}

/// A number of the table that the precision of the training has no room for.
fn too_large<F: Float>(table: &Table, column: &str, row: usize, value: f64) -> DataError {
    let (precision, most) = match size_of::<F>() {
        4 => ("f32", "3.4e38"),
        _ => ("f64", "1.8e308"),
    };
    let place = format!("column {column}, row {}", row + 1);
    let expected = format!("numbers that stay below {most} once they are scaled, the largest of {precision}");
    let hint = Wording::with_settings(
        "correct it if it is a slip; [scaling standard] makes large numbers small, [precision f64] has more room",
    );
    table.error(place, expected, format!("{value:e}"), hint)
}
