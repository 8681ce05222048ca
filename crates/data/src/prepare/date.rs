//! Dates as features: a running number of days, and the parts in which habits show, each as sine and cosine so that December is
//! next to January.

use std::f64::consts::TAU;

use nablab_engine::Float;
use serde::{Deserialize, Serialize};

use super::encoding::weights_of;
use super::range::Told;
use super::scaling::Fitted;
use super::{Learned, Reason, Scaling};
use crate::dates::{Form, Moment, Unclear};
use crate::table::{Column, Table, Values};
use crate::{DataError, Wording, readable};

/// How a column of dates becomes features: days, scaled as numbers are; sine and cosine of each part; and, if values were missing,
/// another one that is 1 where they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dates {
    /// How they are written.
    pub form: Form,
    /// Each had a time of day: one without it would silently be midnight.
    #[serde(default)]
    pub timed: bool,
    /// Those that are not the same in all rows learned from.
    pub parts: Vec<Part>,
    /// Days that stand in for a missing value, whose parts are 0.
    pub fill: f64,
    /// Subtracted.
    pub center: f64,
    /// Divided by.
    pub scale: f64,
    /// There is a feature for missing values.
    pub indicator: bool,
    /// The days that were learned from.
    pub learned: Learned,
}

/// A part of a date that comes again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Of the year.
    Month,
    /// Of the week.
    Weekday,
    /// Of the day.
    Hour,
}

impl Part {
    const ALL: [Self; 3] = [Self::Month, Self::Weekday, Self::Hour];

    /// As in names of features.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Weekday => "weekday",
            Self::Hour => "hour",
        }
    }

    /// From 0, and how many there are.
    fn of(self, at: Moment) -> (f64, f64) {
        match self {
            Self::Month => (f64::from(at.month()), 12.0),
            Self::Weekday => (f64::from(at.weekday()), 7.0),
            Self::Hour => (at.hour(), 24.0),
        }
    }
}

/// A time of day stands behind the date.
fn has_time(text: &str) -> bool {
    text.contains(':')
}

/// The date of any row; none where it is missing; the text where it is no date of this form, or has no time where all have.
fn moments(
    values: &Values,
    form: Form,
    timed: bool,
) -> Box<dyn Fn(usize) -> Result<Option<Moment>, String> + '_> {
    match values {
        Values::Numbers(numbers) => Box::new(move |row| match numbers.get(row) {
            v if v.is_nan() => Ok(None),
            v => form.of_number(v).map(Some).ok_or_else(|| v.to_string()),
        }),
        Values::Categories(texts) | Values::Dates(texts) => {
            let parse = |text: &String| form.parse(text).filter(|_| !timed || has_time(text));
            let of_level: Vec<_> = texts.levels().iter().map(parse).collect();
            Box::new(move |row| match texts.code(row) {
                None => Ok(None),
                Some(code) => of_level[code].map(Some).ok_or_else(|| texts.levels()[code].clone()),
            })
        }
    }
}

/// The form of the dates in a column of the table, which has to be of dates.
///
/// # Errors
/// [`DataError::Format`] with the first cell that is none, or may be two.
pub fn form_of(table: &Table, column: &Column, day_first: Option<bool>) -> Result<Form, DataError> {
    let wrong = |row: usize, expected: &str, got: String, hint: Wording| {
        table.error(format!("column {}, row {}", column.name, row + 1), expected, got, hint)
    };
    let name = &column.name;
    Form::of(&column.values, day_first).map_err(|unclear| match unclear {
        Unclear::NoDate(text, row) => {
            let expected = match day_first {
                None => "a date in the form of the others",
                Some(true) => "a date with the day first, such as 31.01.2024",
                Some(false) => "a date with the month first, such as 01/31/2024",
            };
            let hint = Wording::with_settings("2024-01-31, 31.01.2024, 01/31/2024 (also with a time behind them), 31 Jan 2024, 2024-01, 20240131 and \
                        seconds since 1970 are dates, years with four digits; a missing value is left empty, or [missing] names its word");
            wrong(row, expected, format!("{:?}", readable(&text)), hint)
        }
        Unclear::DayOrMonth(text, row) => {
            let hint = Wording::default().set("types", format!("{name}=date-day-first")).and(" or ");
            let hint = hint.set("types", format!("{name}=date-month-first")).and(" says which");
            let got = format!("{:?}, whose first number may be the day or the month", readable(&text));
            wrong(row, "a date", got, hint)
        }
        Unclear::Numbers(number, row) => {
            let hint = "20240131, seconds since 1970 (also milli-, micro- and nanoseconds) and the days of Excel are dates; \
                        other numbers are best learned from as they are";
            wrong(row, "dates, the same way in all rows", number.to_string(), hint.into())
        }
    })
}

impl Dates {
    /// From these rows, of a form that is that of all rows of the table.
    ///
    /// # Errors
    /// The reason why nothing can be learned from them.
    pub(super) fn fit(
        column: &Column,
        rows: &[usize],
        form: Form,
        scaling: Scaling,
        weights: &[f64],
    ) -> Result<Self, Reason> {
        let moment = moments(&column.values, form, false);
        let text = |row: usize, text| Reason::Text(text, row + 1);
        let all = rows.iter().map(|&row| moment(row).map_err(|got| text(row, got)));
        let all = all.collect::<Result<Vec<Option<Moment>>, Reason>>()?;
        let given: Vec<Moment> = all.iter().copied().flatten().collect();
        let indicator = given.len() < all.len();
        let days: Vec<f64> = given.iter().map(|at| at.days()).collect();
        let (Some(first), Some(learned)) = (given.first(), Learned::of(&days)) else {
            return Err(Reason::Missing);
        };
        if !indicator && given.iter().all(|at| at == first) {
            return Err(Reason::Constant(first.to_string()));
        }
        let varies = |part: &Part| given.iter().any(|&at| part.of(at) != part.of(*first));
        let weights = weights_of(rows, weights, |i| all[i].is_some());
        let Fitted { center, scale, fill, .. } = scaling.fitted(&days, &weights);
        let parts = Part::ALL.into_iter().filter(varies).collect();
        let timed = match &column.values {
            Values::Numbers(_) => false,
            Values::Categories(texts) | Values::Dates(texts) => {
                let mut given = rows.iter().filter_map(|&row| texts.code(row));
                given.all(|code| has_time(&texts.levels()[code]))
            }
        };
        Ok(Self { form, timed, parts, fill, center, scale, indicator, learned })
    }

    /// The first and the last date that was learned from.
    pub fn span(&self) -> [String; 2] {
        [self.learned.low, self.learned.high].map(shown)
    }

    pub(super) fn width(&self) -> usize {
        1 + 2 * self.parts.len() + usize::from(self.indicator)
    }

    pub(super) fn names(&self, column: &str) -> Vec<String> {
        let part =
            |part: &Part| ["sine", "cosine"].map(|of| format!("{column}: {of} of the {}", part.name()));
        let parts = self.parts.iter().flat_map(part);
        let missing = self.indicator.then(|| format!("{column} is missing"));
        [column.to_owned()].into_iter().chain(parts).chain(missing).collect()
    }

    /// The features of these rows, how many are missing, and what is to be said of their range.
    ///
    /// # Errors
    /// The cell that is no date of this form.
    pub(super) fn encode<F: Float>(
        &self,
        table: &Table,
        column: &Column,
        rows: &[usize],
        features: &mut [F],
        columns: usize,
    ) -> Result<(usize, Option<Told>), DataError> {
        let (m, moment) = (rows.len(), moments(&column.values, self.form, self.timed));
        let (mut missing, mut days) = (0, Vec::with_capacity(rows.len()));
        for (j, &row) in rows.iter().enumerate() {
            let at = moment(row).map_err(|got| {
                let place = format!("column {}, row {}", column.name, row + 1);
                let time = if self.timed { " 12:30" } else { "" };
                let expected = format!("a date such as {}{time}", self.form.example());
                let hint = "the model learned from dates of this form; leave a missing value empty";
                table.error(place, expected, format!("{:?}", readable(&got)), hint)
            })?;
            let day = at.map_or(f64::NAN, Moment::days);
            days.push(day);
            let filled = if day.is_nan() { self.fill } else { day };
            features[j] = F::from_f64((filled - self.center) / self.scale);
            match at {
                Some(at) => {
                    for (i, part) in self.parts.iter().enumerate() {
                        let (v, of) = part.of(at);
                        features[(1 + 2 * i) * m + j] = F::from_f64((TAU * v / of).sin());
                        features[(2 + 2 * i) * m + j] = F::from_f64((TAU * v / of).cos());
                    }
                }
                None => {
                    missing += 1;
                    if self.indicator {
                        features[(self.width() - 1) * m + j] = F::ONE;
                    }
                }
            }
        }
        Ok((missing, self.learned.judge(days.into_iter(), columns, shown)))
    }
}

/// Days since 1970 as a date.
fn shown(days: f64) -> String {
    Moment::of_days(days).map_or_else(|| days.to_string(), |at| at.to_string())
}
