//! Dates as features, and rows held out by their times.

use std::collections::BTreeMap;

use nablab_data::DataError;
use nablab_data::dates::{Form, Moment};
use nablab_data::prepare::{Choice, Inputs, LeftOut, Type, folds_forward, hold_out_last};
use nablab_data::table::{Table, csv};
use nablab_engine::rng::Stream;
use proptest::prelude::*;

use crate::prepare::TWO;

fn table(text: &str) -> Table {
    csv::read(text.as_bytes(), "t.csv").unwrap()
}

/// Of a column `when` of dates.
fn fit(table: &Table, of: Type) -> Result<(Inputs, Vec<LeftOut>), DataError> {
    let types = BTreeMap::from([("when".to_owned(), of)]);
    let rows: Vec<usize> = (0..table.rows()).collect();
    Inputs::fit(table, &rows, &Choice { types, ..Choice::default() }, TWO)
}

fn encode(inputs: &Inputs, text: &str) -> Vec<f64> {
    let table = table(text);
    inputs.encode::<f64>(&table, &(0..table.rows()).collect::<Vec<_>>(), TWO).unwrap().0
}

/// Python: `(datetime − datetime(1970, 1, 1)) / timedelta(days=1)` less NumPy's mean, over its deviation; sine and cosine of
/// 2π (month − 1) / 12, 2π weekday() / 7 and 2π hour / 24. The same days in all ways to write them.
#[test]
fn dates_become_days_and_what_comes_again() {
    let expected = [
        [-1.066810068585577, -0.27060815476155, 1.337418223347127],
        [-0.5, 0.5, 0.0],
        [0.8660254037844384, 0.8660254037844387, -1.0],
        [-0.7818314824680299, 0.43388373911755823, 0.0],
        [0.6234898018587334, -0.900968867902419, 1.0],
        [1.0, -0.9914448613738105, 0.0],
        [0.0, 0.13052619222005127, 1.0],
    ];
    for (text, of) in [
        ("when,x\n2023-12-31 06:00,1\n2024-02-29 18:30,2\n2024-07-01 00:00,3\n", Type::Date),
        ("when,x\n2023-12-31T06:00Z,1\n2024-02-29T20:30:00+02:00,2\n2024-07-01,3\n", Type::Date),
        ("when,x\n31.12.2023 06:00,1\n29.2.2024 18:30,2\n1.7.2024,3\n", Type::Date),
        ("when,x\n12/31/2023 6:00 AM,1\n02/29/2024 6:30 PM,2\n07/01/2024,3\n", Type::Date),
        ("when,x\n12/31/2023 06:00,1\n02/29/2024 18:30,2\n07/01/2024 0:00,3\n", Type::DateMonthFirst),
        ("when,x\n1704002400,1\n1709231400,2\n1719792000,3\n", Type::Date),
        ("when,x\n1704002400000,1\n1709231400000,2\n1719792000000,3\n", Type::Date),
    ] {
        let (inputs, left_out) = fit(&table(text), of).unwrap();
        assert_eq!(left_out, []);
        assert_eq!(
            inputs.names(),
            [
                "when",
                "when: sine of the month",
                "when: cosine of the month",
                "when: sine of the weekday",
                "when: cosine of the weekday",
                "when: sine of the hour",
                "when: cosine of the hour",
                "x",
            ]
        );
        let x = encode(&inputs, text);
        for (feature, expected) in x.chunks_exact(3).zip(expected) {
            for (a, b) in feature.iter().zip(expected) {
                assert!((a - b).abs() < 1e-12, "{text}: {feature:?} {expected:?}");
            }
        }
    }
}

#[test]
fn the_form_of_dates_is_that_of_the_training() {
    let train = table("when\n01/02/2024\n?\n13/02/2024\n20/03/2024\n");
    let (inputs, _) = fit(&train, Type::Date).unwrap();
    assert_eq!(inputs.names().last().unwrap(), "when is missing");
    // Weekdays and months vary, hours do not.
    assert_eq!(inputs.width(), 1 + 2 + 2 + 1);
    // Alone, this cell might be the third of January.
    let x = encode(&inputs, "when\n01/03/2024\n");
    let again = encode(&inputs, "when\n01/03/2024\n20/03/2024\n");
    assert_eq!(x[0], again[0]);
    assert_eq!(
        (again[2], again[4]),
        ((std::f64::consts::TAU / 6.0).sin(), (std::f64::consts::TAU / 6.0).cos())
    );
    // A missing one is the mean of the days, none of the parts, and says so.
    let missing = encode(&inputs, "when\n20/03/2024\n?\n");
    let of_second: Vec<f64> = missing.chunks_exact(2).map(|feature| feature[1]).collect();
    assert!(of_second[0].abs() < 1e-12);
    assert_eq!(of_second[1..], [0.0, 0.0, 0.0, 0.0, 1.0]);
    let wrong = |text: &str| {
        let table = table(text);
        inputs.encode::<f64>(&table, &[0], TWO).unwrap_err().to_string()
    };
    for (text, got) in [
        ("when\n2024-01-31\n", "\"2024-01-31\""),
        ("when\n12/31/2024\n", "\"12/31/2024\""),
        ("when\n20240131\n", "\"20240131\""),
        ("when\nsoon\n", "\"soon\""),
    ] {
        let error = wrong(text);
        assert!(error.contains("column when, row 1: expected a date such as 31.01.2024"), "{error}");
        assert!(error.contains(got), "{error}");
    }
    // Later dates are said as numbers are.
    let later = table("when\n01/03/2034\n02/03/2034\n03/03/2034\n04/03/2034\n");
    let (_, seen) = inputs.encode::<f64>(&later, &[0, 1, 2, 3], TWO).unwrap();
    assert_eq!(seen.outside[0].learned, ["2024-02-01", "2024-03-20"]);
    assert_eq!((seen.outside[0].rows, seen.outside[0].example.as_str()), (4, "2034-03-04"));
}

#[test]
fn what_is_no_date_or_may_be_two_is_refused() {
    let refused = |text: &str, of| fit(&table(text), of).unwrap_err().to_string();
    let said = refused("when\n01/02/2024\n03/02/2024\n", Type::Date);
    assert!(said.contains("row 1") && said.contains("the day or the month"), "{said}");
    assert!(said.contains("`types` when=date-day-first"), "{said}");
    let said = refused("when\n2024-01-31\n2024-02-30\n", Type::Date);
    assert!(said.contains("column when, row 2: expected a date") && said.contains("2024-02-30"), "{said}");
    let said = refused("when\n01/31/2024\n02/01/2024\n", Type::DateDayFirst);
    assert!(said.contains("the day first") && said.contains("01/31/2024"), "{said}");
    assert!(refused("when\n2024-01-31\n2024-02-01\n", Type::DateDayFirst).contains("the day first"));
    assert!(refused("when\n7\n9\n", Type::Date).contains("row 1: expected dates"));
    assert!(refused("when\n2024-01-31\n2024-01-31\n", Type::Date).contains("every value is 2024-01-31"));
}

/// scikit-learn 1.9.1, `TimeSeriesSplit(k).split(range(n))`: for each fold the end of what is learned from, and the end of what
/// is judged on. Rows come in any order.
#[test]
fn folds_forward_are_those_of_scikit_learn() {
    for (n, ends) in [
        (11, &[(3, 5), (5, 7), (7, 9), (9, 11)][..]),
        (6, &[(1, 2), (2, 3), (3, 4), (4, 5), (5, 6)]),
        (20, &[(5, 10), (10, 15), (15, 20)]),
    ] {
        let mut times: Vec<f64> = (0..n).map(f64::from).collect();
        for shuffles in 0..2 {
            let at = |time: usize| times.iter().position(|&t| t == time as f64).unwrap();
            let rows = |from: usize, to: usize| {
                let mut rows: Vec<usize> = (from..to).map(at).collect();
                rows.sort_unstable();
                rows
            };
            let folds = folds_forward(&times, ends.len()).unwrap();
            for (split, &(learned, judged)) in folds.iter().zip(ends) {
                assert_eq!(split.train, rows(0, learned), "{n} {shuffles}");
                assert_eq!(split.validation, rows(learned, judged), "{n} {shuffles}");
            }
            Stream::Split.rng(7).shuffle(&mut times);
        }
    }
    let refused = |times: &[f64], k| folds_forward(times, k).unwrap_err().to_string();
    assert!(refused(&[1.0, 2.0, 2.0], 2).contains("from 2 to 1: there are 2 different times"));
    assert!(
        refused(&[0.0, 1.0, 2.0, 3.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0, 9.0], 4).contains("of one time")
    );
    assert!(hold_out_last(&[4.0; 9], 0.1).unwrap_err().to_string().contains("at least two different times"));
}

proptest! {
    /// No time is on both sides, nothing is judged on that lies before what was learned from, and the parts of folds join.
    #[test]
    fn the_last_rows_are_behind_the_others(times in prop::collection::vec(0_u8..40, 2..200), share in 0.01..0.9, k in 2_usize..8) {
        let times: Vec<f64> = times.into_iter().map(f64::from).collect();
        let last = |rows: &[usize]| rows.iter().map(|&row| times[row]).fold(f64::NEG_INFINITY, f64::max);
        let first = |rows: &[usize]| rows.iter().map(|&row| times[row]).fold(f64::INFINITY, f64::min);
        if let Ok(split) = hold_out_last(&times, share) {
            prop_assert!(last(&split.train) < first(&split.validation));
            prop_assert_eq!(split.train.len() + split.validation.len(), times.len());
        }
        if let Ok(folds) = folds_forward(&times, k) {
            prop_assert_eq!(folds.len(), k);
            for pair in folds.windows(2) {
                let mut before = [pair[0].train.clone(), pair[0].validation.clone()].concat();
                before.sort_unstable();
                prop_assert_eq!(&pair[1].train, &before);
            }
            let end = &folds[k - 1];
            prop_assert_eq!(end.train.len() + end.validation.len(), times.len());
            for split in &folds {
                prop_assert!(last(&split.train) < first(&split.validation));
            }
        }
    }
}

proptest! {
    /// Whatever stands in a cell, it is a date or none; and a date that is written anew is the same second.
    #[test]
    fn any_cell_is_a_date_or_none(text in "[0-9TZ:./ +-]{0,24}|\\PC{0,12}", number in prop::num::f64::ANY) {
        const FORMS: [Form; 11] = [
            Form::YearMonthDay, Form::DayMonthYear, Form::MonthDayYear, Form::Named, Form::YearMonth, Form::Compact,
            Form::Seconds, Form::Milliseconds, Form::Microseconds, Form::Nanoseconds, Form::Excel,
        ];
        for form in FORMS {
            for at in [form.parse(&text), form.of_number(number)].into_iter().flatten() {
                let again = Form::YearMonthDay.parse(&at.to_string());
                let is_written = (1000.0..9999.0).contains(&(1970.0 + at.days() / 365.25));
                prop_assert!(!is_written || again.is_some_and(|again| (again.days() - at.days()).abs() < 2e-5), "{at}");
            }
        }
    }

    /// A day is the same day in all ways to write it.
    #[test]
    fn a_day_is_the_same_in_all_forms(days in -7000_i32..40_000) {
        let at = Moment::of_days(f64::from(days)).unwrap();
        let written = at.to_string();
        let parts: Vec<&str> = written.split('-').collect();
        let [year, month, day] = parts[..] else { panic!("{written}") };
        for (form, text) in [
            (Form::YearMonthDay, format!("{year}/{month}/{day}T00:00Z")),
            (Form::DayMonthYear, format!("{day}.{month}.{year}")),
            (Form::MonthDayYear, format!("{month}/{day}/{year} 12:00 AM")),
            (Form::Compact, format!("{year}{month}{day}")),
            (Form::Seconds, format!("{}", i64::from(days) * 86_400)),
            (Form::Excel, format!("{}", days + 25_569)),
        ] {
            prop_assert_eq!(form.parse(&text), Some(at), "{}", text);
        }
    }
}

/// Where every date had its time of day, one without would count as midnight, in silence.
#[test]
fn a_date_without_its_time_is_refused_where_all_have_one() {
    let all = table("when,x\n2024-01-31 06:00,1\n2024-02-01 18:30,2\n,3\n");
    let (inputs, _) = fit(&all, Type::Date).unwrap();
    let later = table("when,x\n2024-02-02 07:00,1\n2024-02-03,2\n").named("later.csv");
    let error = inputs.encode::<f64>(&later, &[0, 1], TWO).unwrap_err().to_string();
    assert!(
        error.starts_with("later.csv: column when, row 2: expected a date such as 2024-01-31 12:30, got"),
        "{error}"
    );
    let some = table("when,x\n2024-01-31 06:00,1\n2024-02-01,2\n2024-02-02,3\n");
    let (inputs, _) = fit(&some, Type::Date).unwrap();
    inputs.encode::<f64>(&later, &[0, 1], TWO).unwrap();
}
