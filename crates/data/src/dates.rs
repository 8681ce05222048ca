//! Dates as people and programs write them.
//!
//! How a column writes them is found out once, from the table that is learned from; a later cell is read in that form, whatever
//! else its file holds.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike};
use serde::{Deserialize, Serialize};

use crate::table::{Categories, Values};

/// A way to write dates. The first three may have a time behind them, `2024-01-31T12:30:15+02:00`; one with an offset from
/// Greenwich is taken there, one without counts as if it were of there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    /// `2024-01-31`, `2024/01/31`, `2024.01.31`.
    YearMonthDay,
    /// `31.01.2024`, `31/01/2024`, `31-01-2024`.
    DayMonthYear,
    /// `01/31/2024`, `01-31-2024`.
    MonthDayYear,
    /// `31 Jan 2024`, `31-Jan-2024`, `January 31, 2024`.
    Named,
    /// `2024-01`, `2024/01`: the first day of the month.
    YearMonth,
    /// `20240131`.
    Compact,
    /// Since the beginning of 1970.
    Seconds,
    /// The same in thousandths.
    Milliseconds,
    /// The same in millionths.
    Microseconds,
    /// The same in billionths.
    Nanoseconds,
    /// Days since the end of 1899, as Excel and Lotus count them.
    Excel,
}

/// A point in time, to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(NaiveDateTime);

/// Why a column cannot be read as dates: a cell, with its row from 0.
#[derive(Clone, Debug, PartialEq)]
pub enum Unclear {
    /// It is a date in no form that the others have.
    NoDate(String, usize),
    /// Day and month may be either way round.
    DayOrMonth(String, usize),
    /// Numbers that count nothing known.
    Numbers(f64, usize),
}

/// Texts of which every one is a date, in words or with separators: whatever day and month are.
pub fn are_dates(texts: &Categories) -> bool {
    let levels = texts.levels();
    let fits = |form: Form| levels.iter().all(|text| form.parse(text).is_some());
    !levels.is_empty() && Form::OF_TEXTS.into_iter().any(fits)
}

impl Form {
    const OF_TEXTS: [Self; 5] =
        [Self::YearMonthDay, Self::DayMonthYear, Self::MonthDayYear, Self::Named, Self::YearMonth];

    /// The form of a column's dates; `day_first` says what nothing else does.
    ///
    /// ```
    /// use nablab_data::dates::{Form, Unclear};
    /// use nablab_data::table::Values;
    /// let values = |texts: [&str; 2]| Values::Categories(texts.into_iter().map(Some).collect());
    /// let of = |texts| Form::of(&values(texts), None);
    /// assert_eq!(of(["01/02/2024", "31/01/2024"]), Ok(Form::DayMonthYear));
    /// assert!(matches!(of(["01/02/2024", "02/03/2024"]), Err(Unclear::DayOrMonth(..))));
    /// let us = Form::of(&values(["01/02/2024", "02/03/2024"]), Some(false));
    /// assert_eq!(us, Ok(Form::MonthDayYear));
    /// ```
    ///
    /// # Errors
    /// [`Unclear`].
    pub fn of(values: &Values, day_first: Option<bool>) -> Result<Self, Unclear> {
        let texts = match values {
            Values::Numbers(numbers) => {
                let given = || numbers.iter().enumerate().filter(|(_, v)| !v.is_nan());
                let form = Self::of_numbers(given().map(|(_, v)| v)).filter(|_| day_first.is_none());
                let (row, first) = given().next().unwrap_or((0, f64::NAN));
                return form.ok_or(Unclear::Numbers(first, row));
            }
            Values::Categories(texts) | Values::Dates(texts) => texts,
        };
        let levels = texts.levels();
        let place = |text: &String| texts.texts().position(|of_row| of_row == Some(text)).unwrap_or_default();
        let fits = |form: &Self| levels.iter().all(|text| form.parse(text).is_some());
        let numbers = || levels.iter().map(|text| text.trim().parse::<f64>()).collect::<Result<Vec<_>, _>>();
        let mut forms: Vec<Self> = Self::OF_TEXTS.into_iter().filter(fits).collect();
        let asked =
            day_first.map(|day_first| if day_first { Self::DayMonthYear } else { Self::MonthDayYear });
        if let Some(asked) = asked {
            forms.retain(|form| *form == asked);
        } else if let [a, b] = forms[..]
            // Days and months that are the same either way round say nothing.
            && let Some(text) = levels.iter().find(|text| a.parse(text) != b.parse(text))
        {
            return Err(Unclear::DayOrMonth(text.clone(), place(text)));
        }
        let of_numbers = || {
            let all = numbers().ok().filter(|_| asked.is_none())?;
            Self::of_numbers(all.into_iter())
        };
        forms.first().copied().or_else(of_numbers).ok_or_else(|| {
            // The form that most have, and the first cell that is not of it.
            let count = |form: &Self| levels.iter().filter(|text| form.parse(text).is_some()).count();
            let best = asked.or_else(|| Self::OF_TEXTS.into_iter().max_by_key(count));
            let best = best.unwrap_or(Self::YearMonthDay);
            let wrong =
                levels.iter().filter(|text| best.parse(text).is_none()).min_by_key(|text| place(text));
            wrong.map_or(Unclear::NoDate(String::new(), 0), |text| Unclear::NoDate(text.clone(), place(text)))
        })
    }

    /// How one is written, or what is counted.
    pub fn example(self) -> &'static str {
        match self {
            Self::YearMonthDay => "2024-01-31",
            Self::DayMonthYear => "31.01.2024",
            Self::MonthDayYear => "01/31/2024",
            Self::Named => "31 Jan 2024",
            Self::YearMonth => "2024-01",
            Self::Compact => "20240131",
            Self::Seconds => "1706659200 (seconds since 1970)",
            Self::Milliseconds => "1706659200000 (milliseconds since 1970)",
            Self::Microseconds => "1706659200000000 (microseconds since 1970)",
            Self::Nanoseconds => "1706659200000000000 (nanoseconds since 1970)",
            Self::Excel => "45322 (days since 1899)",
        }
    }

    /// What numbers count, if that can be told from their size.
    pub fn of_numbers(numbers: impl Iterator<Item = f64> + Clone) -> Option<Self> {
        let all = |is: &dyn Fn(f64) -> bool| numbers.clone().all(is);
        let (low, high) = numbers
            .clone()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
        let within = |from: f64, to: f64| from <= high && high < to && low > -to;
        let form = if all(&|v| Self::Compact.of_number(v).is_some_and(|at| at.is_near())) {
            Self::Compact
        } else if all(&|v| Self::Excel.of_number(v).is_some_and(|at| at.is_near())) {
            Self::Excel
        } else if within(1e8, 1e11) {
            Self::Seconds
        } else if within(1e11, 1e14) {
            Self::Milliseconds
        } else if within(1e14, 1e17) {
            Self::Microseconds
        } else if within(1e17, 9e18) {
            Self::Nanoseconds
        } else {
            return None;
        };
        Some(form)
    }

    /// The date in a text of this form.
    ///
    /// ```
    /// use nablab_data::dates::Form;
    /// let at = |text: &str| Form::YearMonthDay.parse(text).map(|at| at.to_string());
    /// assert_eq!(at("2024-01-31T12:30+02:00").unwrap(), "2024-01-31 10:30");
    /// assert_eq!(at("2024/2/29").unwrap(), "2024-02-29");
    /// assert_eq!(at("2023-02-29"), None);
    /// ```
    pub fn parse(self, text: &str) -> Option<Moment> {
        let text = text.trim();
        match self {
            Self::YearMonthDay => with_time(text, "-/.", ["%Y", "%m", "%d"]),
            Self::DayMonthYear => with_time(text, "-/.", ["%d", "%m", "%Y"]),
            // With points nobody writes the month first.
            Self::MonthDayYear => with_time(text, "-/", ["%m", "%d", "%Y"]),
            Self::Named => {
                let formats = ["%d %B %Y", "%d-%B-%Y", "%B %d, %Y", "%B %d %Y"];
                let day = formats.iter().find_map(|format| day(text, format))?;
                Some(Moment(day.and_time(NaiveTime::MIN)))
            }
            Self::YearMonth => {
                let is_separated = text.get(4..).is_some_and(|rest| rest.starts_with(['-', '/']));
                let first = is_separated.then(|| format!("{text}{}1", &text[4..5]))?;
                Self::YearMonthDay.parse(&first)
            }
            _ => self.of_number(text.parse().ok()?),
        }
    }

    /// The date that a number is in this form.
    pub fn of_number(self, number: f64) -> Option<Moment> {
        // A quarter of a million years: beyond, the calendar ends.
        const MOST: f64 = 8e12;
        let since = |seconds: f64| {
            let whole = Some(seconds.floor()).filter(|whole| whole.abs() < MOST)?;
            let rest = ((seconds - whole) * 1e9).round().min(999_999_999.0);
            Some(Moment(DateTime::from_timestamp(whole as i64, rest as u32)?.naive_utc()))
        };
        match self {
            Self::Compact => {
                let whole = Some(number).filter(|v| v.fract() == 0.0 && (10_000_101.0..1e8).contains(v))?;
                let [year, month, day] = [whole / 1e4, whole / 1e2 % 1e2, whole % 1e2].map(|v| v as u32);
                let day = NaiveDate::from_ymd_opt(year as i32, month, day)?;
                Some(Moment(day.and_time(NaiveTime::MIN)))
            }
            Self::Seconds => since(number),
            Self::Milliseconds => since(number / 1e3),
            Self::Microseconds => since(number / 1e6),
            Self::Nanoseconds => since(number / 1e9),
            Self::Excel => {
                /// Days from there to the beginning of 1970.
                const BEFORE: f64 = 25_569.0;
                since((number - BEFORE) * SECONDS)
            }
            _ => None,
        }
    }
}

/// Of a day.
const SECONDS: f64 = 86_400.0;

/// A year has four digits: two may be of any century.
fn day(text: &str, format: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text, format).ok().filter(|day| (1000..=9999).contains(&day.year()))
}

fn with_time(text: &str, separators: &str, parts: [&str; 3]) -> Option<Moment> {
    let separator = text.chars().find(|c| !c.is_ascii_digit()).filter(|c| separators.contains(*c))?;
    let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, ""));
    let day = day(date, &parts.join(&separator.to_string()))?;
    match time.trim() {
        "" if date.len() == text.len() => Some(Moment(day.and_time(NaiveTime::MIN))),
        time => {
            let (clock, offset) = zone(time)?;
            let formats = ["%H:%M:%S%.f", "%H:%M", "%I:%M:%S %p", "%I:%M %p"];
            let time = formats.iter().find_map(|format| NaiveTime::parse_from_str(clock, format).ok())?;
            day.and_time(time).checked_sub_signed(offset).map(Moment)
        }
    }
}

/// A time of day without its zone, and how far that is from Greenwich.
fn zone(time: &str) -> Option<(&str, TimeDelta)> {
    if let Some(clock) = time.strip_suffix(['Z', 'z']) {
        return Some((clock.trim_end(), TimeDelta::zero()));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, TimeDelta::zero())) };
    let (clock, offset) = (time[..at].trim_end(), time[at + 1..].replace(':', ""));
    let is_offset = matches!(offset.len(), 2 | 4) && offset.bytes().all(|b| b.is_ascii_digit());
    let minutes = format!("{offset:0<4}").parse::<i64>().ok().filter(|_| is_offset)?;
    let minutes = minutes / 100 * 60 + minutes % 100;
    let minutes = if time[at..].starts_with('-') { -minutes } else { minutes };
    Some((clock, TimeDelta::minutes(minutes)))
}

impl Moment {
    /// Days since the beginning of 1970.
    pub fn days(self) -> f64 {
        let at = self.0.and_utc();
        (at.timestamp() as f64 + f64::from(at.timestamp_subsec_nanos()) / 1e9) / SECONDS
    }

    /// So many days after the beginning of 1970.
    pub fn of_days(days: f64) -> Option<Self> {
        Form::Seconds.of_number(days * SECONDS)
    }

    /// From 0, January.
    pub fn month(self) -> u32 {
        self.0.month0()
    }

    /// From 0, Monday.
    pub fn weekday(self) -> u32 {
        self.0.weekday().num_days_from_monday()
    }

    /// Of the day, with its minutes as a fraction.
    pub fn hour(self) -> f64 {
        f64::from(self.0.num_seconds_from_midnight()) / 3600.0
    }

    /// Within what people mean by a date of their own time.
    pub fn is_near(self) -> bool {
        (1950..2100).contains(&self.0.year())
    }
}

impl std::fmt::Display for Moment {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let time = self.0.time();
        let format = match (time.num_seconds_from_midnight(), time.second()) {
            (0, _) => "%Y-%m-%d",
            (_, 0) => "%Y-%m-%d %H:%M",
            _ => "%Y-%m-%d %H:%M:%S",
        };
        write!(out, "{}", self.0.format(format))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Python's `datetime`: `(datetime(…, tzinfo=utc) - datetime(1970, 1, 1, tzinfo=utc)) / timedelta(days=1)`, `month - 1`,
    /// `weekday()`.
    #[test]
    fn dates_are_those_of_python() {
        for (form, text, days, month, weekday) in [
            (Form::YearMonthDay, "2024-01-31", 19753.0, 0, 2),
            (Form::YearMonthDay, "2000-02-29 06:00:00", 11016.25, 1, 1),
            (Form::YearMonthDay, "2024-03-01T00:30:00+02:00", 19782.9375, 1, 3),
            (Form::YearMonthDay, "1969-12-31 12:00Z", -0.5, 11, 2),
            (Form::DayMonthYear, "31.12.1999", 10956.0, 11, 4),
            (Form::DayMonthYear, "1/2/2024 18:00", 19754.75, 1, 3),
            (Form::MonthDayYear, "02/01/2024 6:00 PM", 19754.75, 1, 3),
            (Form::Named, "31 Jan 2024", 19753.0, 0, 2),
            (Form::Named, "January 31, 2024", 19753.0, 0, 2),
            (Form::YearMonth, "2024-02", 19754.0, 1, 3),
            (Form::YearMonth, "2024/2", 19754.0, 1, 3),
            (Form::Compact, "20240229", 19782.0, 1, 3),
            (Form::Seconds, "1706702400", 19753.5, 0, 2),
            (Form::Milliseconds, "1706702400000", 19753.5, 0, 2),
            (Form::Excel, "45322.5", 19753.5, 0, 2),
        ] {
            let at = form.parse(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((at.days(), at.month(), at.weekday()), (days, month, weekday), "{text}");
            assert_eq!(Moment::of_days(days), Some(at));
        }
    }

    #[test]
    fn what_is_no_date_is_none() {
        for (form, text) in [
            (Form::YearMonthDay, "2023-02-29"),
            (Form::YearMonthDay, "24-01-31"),
            (Form::YearMonthDay, "2024-01-31 25:00"),
            (Form::YearMonthDay, "2024-01-31 12:30 oops"),
            (Form::YearMonthDay, "2024-01-31T"),
            (Form::YearMonthDay, ""),
            (Form::DayMonthYear, "13.13.2024"),
            (Form::MonthDayYear, "13/1/2024"),
            (Form::YearMonth, "2024-13"),
            (Form::YearMonth, "2024-01-05"),
            (Form::YearMonth, "äöü-01"),
            (Form::Compact, "20241301"),
            (Form::Seconds, "1e300"),
            (Form::Seconds, "soon"),
            (Form::Named, "31 Foo 2024"),
        ] {
            assert_eq!(form.parse(text), None, "{text}");
        }
    }

    #[test]
    fn the_form_is_that_of_all_cells() {
        let of =
            |texts: &[&str]| Form::of(&Values::Categories(texts.iter().map(|&t| Some(t)).collect()), None);
        assert_eq!(of(&["01/02/2024", "01/13/2024"]), Ok(Form::MonthDayYear));
        assert_eq!(of(&["01/02/2024", "13/01/2024"]), Ok(Form::DayMonthYear));
        assert_eq!(of(&["03/03/2024"]), Ok(Form::DayMonthYear), "either way round it is the same");
        assert_eq!(of(&["01.02.2024"]), Ok(Form::DayMonthYear), "with points the day is first");
        assert_eq!(of(&["2024-01-02", "soon"]), Err(Unclear::NoDate("soon".into(), 1)));
        assert_eq!(of(&["2024-01-02 10:00", "2024-01-03"]), Ok(Form::YearMonthDay));
        let numbers = |all: &[f64]| Form::of(&Values::Numbers(all.iter().copied().collect()), None);
        assert_eq!(numbers(&[20240131.0, f64::NAN, 20231231.0]), Ok(Form::Compact));
        assert_eq!(numbers(&[45322.0, 45000.5]), Ok(Form::Excel));
        assert_eq!(numbers(&[1.7e9, 1.6e9]), Ok(Form::Seconds));
        assert_eq!(numbers(&[1.7e12]), Ok(Form::Milliseconds));
        assert_eq!(numbers(&[1.7e18]), Ok(Form::Nanoseconds));
        assert_eq!(numbers(&[3.0, 4.0]), Err(Unclear::Numbers(3.0, 0)));
    }
}
