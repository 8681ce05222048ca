//! Columns that look like ids or dates, although they are learned from as numbers or categories.
//!
//! Ids are known by what measured numbers cannot be. Of independent draws from whatever distribution, pairs of equal numbers
//! are at least half as frequent as pairs that lie one step apart: Σ pᵢ pᵢ₊₁ ≤ Σ pᵢ². Numbers with many such neighbours of
//! which none comes twice were dealt out. How they are spread, and what a few of them are, does not matter.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::num::NonZeroUsize;

use nablab_data::dates::{self, Form};
use nablab_data::prepare::{Encoding, Inputs};
use nablab_data::table::{Table, Values};
use nablab_diagnosis::{Like, Lookalike};
use nablab_engine::population::side_by_side;

/// Nearly every row has a value of its own.
const OWN: f64 = 0.9;
/// Fewer numbers show nothing.
const FEWEST: usize = 10;
/// Fewer that are each one step after the other may be a series of amounts, or of trials.
const FEWEST_IN_STEPS: usize = 20;
/// So improbable a lack of equal numbers is no chance; and, of numbers that rise from row to row all through a table of a
/// hundred rows or more, which measured ones hardly do.
const CHANCE: f64 = 1e-9;
const CHANCE_IN_ORDER: f64 = 1e-4;
const MANY: usize = 100;
/// Numbers in no order fill so many of the places between the least and the greatest.
const MOST: f64 = 0.6;
/// Whole numbers in this range may be years.
const YEARS: (f64, f64) = (1500.0, 2100.0);
/// Beyond, a double does not hold every whole number; up to 64 bits they are ids.
const EXACT: f64 = 9_007_199_254_740_992.0;
const BITS_64: f64 = 18_446_744_073_709_551_616.0;
/// Dates at least, and from which second of 1970 on to which: 2000 to 2040.
const FEWEST_DATES: usize = 6;
const SECONDS: (f64, f64) = (946_684_800.0, 2_208_988_800.0);
/// What columns of times and of days are called.
const TIMES: [&str; 10] =
    ["time", "timestamp", "ts", "at", "created", "updated", "unix", "epoch", "when", "时间"];
const DAYS: [&str; 6] = ["date", "datetime", "timestamp", "when", "datum", "日期"];
/// Enough rows to see that values repeat.
const PREFIX: usize = 1000;

/// What the columns that are learned from look like, where that is something else than they are taken for.
pub(crate) fn lookalikes(table: &Table, inputs: &Inputs, threads: NonZeroUsize) -> Vec<Lookalike> {
    let of = |name: &String, encoding: &Encoding| {
        let values = &table.column(name)?.values;
        let like = match (encoding, values) {
            (Encoding::Number { .. }, Values::Numbers(numbers)) => {
                let given = numbers.given();
                date(name, &given).or_else(|| running(&given)).or_else(|| named_id(name, &given))
            }
            (Encoding::Category { .. }, Values::Categories(texts)) if dates::are_dates(texts) => {
                let example = texts.levels().first()?.clone();
                let form = [None, Some(true)].into_iter().find_map(|first| Form::of(values, first).ok())?;
                let date = form.parse(&example)?.to_string();
                Some(Like::Date { example, date })
            }
            (Encoding::Category { levels, .. }, values) => names(levels, values),
            _ => None,
        };
        Some(Lookalike { column: name.clone(), like: like? })
    };
    let columns = inputs.columns();
    let of_column = |i: usize| Ok::<_, Infallible>(of(&columns[i].name, &columns[i].encoding));
    let Ok(found) = side_by_side(columns.len(), threads, of_column);
    found.into_iter().flatten().collect()
}

/// Texts or numbers that were asked to be categories, although nearly every row has its own.
fn names(levels: &[String], values: &Values) -> Option<Like> {
    let rows = values.len() - values.missing();
    if rows < FEWEST_IN_STEPS || 2 * levels.len() < rows {
        return None;
    }
    // Some are in the rows held out alone.
    let different = values.categories().levels().len();
    let example = levels.first()?.clone();
    (different as f64 >= OWN * rows as f64).then_some(Like::Names { example, different, rows })
}

/// Words of a column's name.
fn is_called(name: &str, words: &[&str]) -> bool {
    let mut parts = vec![String::new()];
    let mut before = ' ';
    for c in name.chars() {
        if !c.is_alphanumeric() || c.is_uppercase() && before.is_lowercase() {
            parts.push(String::new());
        }
        if let Some(part) = parts.last_mut().filter(|_| c.is_alphanumeric()) {
            part.extend(c.to_lowercase());
        }
        before = c;
    }
    parts.iter().any(|part| words.contains(&part.as_str()))
}

/// Numbers that are dates in a way that amounts hardly are.
fn date(name: &str, numbers: &[f64]) -> Option<Like> {
    let first = *numbers.first()?;
    let all = |is: &dyn Fn(f64) -> bool| numbers.iter().all(|&v| is(v));
    let within = |v: f64, unit: f64| (SECONDS.0 * unit..SECONDS.1 * unit).contains(&v);
    let since =
        |unit: f64, step: f64| all(&|v| within(v, unit) && v.fract() == 0.0 && (v - first) % step == 0.0);
    let is_compact = |v: f64| Form::Compact.of_number(v).is_some_and(|at| at.is_near());
    let form = if is_compact(first) && all(&is_compact) {
        Form::Compact
    // Whole minutes apart: other amounts of this size are not by chance.
    } else if since(1.0, 60.0) || is_called(name, &TIMES) && all(&|v| within(v, 1.0)) {
        Form::Seconds
    } else if since(1e3, 1.0) {
        Form::Milliseconds
    } else if since(1e6, 1.0) {
        Form::Microseconds
    // Ids of 64 bits are of this size, too, and not round.
    } else if since(1e9, 1e6) && first % 1e6 == 0.0 {
        Form::Nanoseconds
    } else if is_called(name, &DAYS) {
        Form::of_numbers(numbers.iter().copied())?
    } else {
        return None;
    };
    let mut different: Vec<f64> = Vec::new();
    for v in numbers {
        if different.len() < FEWEST_DATES && !different.contains(v) {
            different.push(*v);
        }
    }
    let date = form.of_number(first).filter(|_| different.len() >= FEWEST_DATES)?.to_string();
    Some(Like::Date { example: first.to_string(), date })
}

/// Different numbers among these, sorted.
fn distinct(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.dedup();
    sorted
}

/// The same; none where they are not whole, or few, or come again.
fn own(numbers: &[f64]) -> Option<Vec<f64>> {
    let share = |numbers: &[f64]| distinct(numbers).len() as f64 / numbers.len() as f64;
    let is_whole = numbers.len() >= FEWEST && numbers.iter().all(|v| v.fract() == 0.0);
    if !is_whole || share(&numbers[..numbers.len().min(PREFIX)]) < OWN * OWN {
        return None;
    }
    let different = distinct(numbers);
    (different.len() as f64 >= OWN * numbers.len() as f64).then_some(different)
}

/// Whole numbers that were dealt out.
fn running(numbers: &[f64]) -> Option<Like> {
    if let Some(codes) = codes(numbers) {
        return Some(codes);
    }
    let different = own(numbers)?;
    let (low, high) = (*different.first()?, *different.last()?);
    if YEARS.0 <= low && high <= YEARS.1 {
        return None;
    }
    let steps = || numbers.windows(2).map(|pair| pair[1] - pair[0]);
    let is_in_order = steps().all(|step| step > 0.0) || steps().all(|step| step < 0.0);
    let rows = numbers.len();
    let first = steps().next()?;
    let is_even = is_in_order && rows >= FEWEST_IN_STEPS && steps().all(|step| step == first);
    let chance = if is_in_order && rows >= MANY { CHANCE_IN_ORDER } else { CHANCE };
    let (step, neighbours) = step(&different);
    let is_unlikely = chance_of_so_few(neighbours, rows - different.len()) < chance;
    let is_dealt = is_even || is_unlikely && (is_in_order || is_dense(&different, step));
    is_dealt.then_some(Like::RunningNumber { low, high, different: different.len(), rows, is_in_order })
}

/// Ids of 64 bits, of which a double has the first digits only.
fn codes(numbers: &[f64]) -> Option<Like> {
    let rows = numbers.len();
    let large = numbers.iter().filter(|v| (EXACT..BITS_64).contains(&v.abs())).count();
    if rows < FEWEST || (large as f64) < OWN * rows as f64 || numbers.iter().any(|v| v.fract() != 0.0) {
        return None;
    }
    let (low, high) =
        numbers.iter().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), &v| (l.min(v), h.max(v)));
    let different = own(numbers).or_else(|| rounded(numbers, low, high))?.len();
    Some(Like::Names { example: numbers[0].to_string(), different, rows })
}

/// Different numbers among these, where each row may have had one of its own before they were rounded: neighbours become
/// the same.
fn rounded(numbers: &[f64], low: f64, high: f64) -> Option<Vec<f64>> {
    let largest = low.abs().max(high.abs());
    let step = largest - largest.next_down();
    let different = distinct(numbers);
    let has_room = high - low + step >= OWN * numbers.len() as f64;
    (has_room && different.len() as f64 >= MOST * ((high - low) / step + 1.0)).then_some(different)
}

/// Numbers of their own in a column that is called so.
fn named_id(name: &str, numbers: &[f64]) -> Option<Like> {
    let different = own(numbers).filter(|_| is_called(name, &["id", "ids", "uuid", "guid"]))?.len();
    Some(Like::Names { example: numbers[0].to_string(), different, rows: numbers.len() })
}

/// The most frequent step from a number to the next, and how frequent it is.
fn step(different: &[f64]) -> (f64, usize) {
    let mut counts = BTreeMap::<u64, usize>::new();
    let steps = different.windows(2).map(|pair| pair[1] - pair[0]);
    steps.for_each(|step| *counts.entry(step.to_bits()).or_default() += 1);
    // Of two that are as frequent, the smaller.
    let most = counts.into_iter().rev().max_by_key(|(_, count)| *count);
    most.map_or((1.0, 0), |(step, count)| (f64::from_bits(step), count))
}

/// What was dealt out in steps lies in steps, and most of it is there: in the middle, where no stray number counts.
fn is_dense(different: &[f64], step: f64) -> bool {
    let middle = &different[different.len() / 10..different.len() - different.len() / 10];
    let in_steps = middle.windows(2).filter(|pair| (pair[1] - pair[0]) % step == 0.0).count();
    let places = (middle[middle.len() - 1] - middle[0]) / step;
    in_steps as f64 >= OWN * (middle.len() - 1) as f64 && middle.len() as f64 >= MOST * places
}

/// The probability that measured numbers with so many `neighbours`, pairs one step apart, have no more than `equal` pairs of equal
/// numbers: at least half as many are to be expected. A number that comes again is at least one such pair.
fn chance_of_so_few(neighbours: usize, equal: usize) -> f64 {
    let expected = neighbours as f64 / 2.0;
    let mut p = (-expected).exp();
    let mut sum = p;
    for k in 1..=equal {
        p *= expected / k as f64;
        sum += p;
    }
    sum
}

#[cfg(test)]
mod tests {
    use nablab_data::prepare::{Choice, Type};
    use nablab_data::table::csv;
    use nablab_engine::rng::NumpyRng;

    use super::*;

    fn shuffled(numbers: impl Iterator<Item = f64>) -> Vec<f64> {
        let mut numbers: Vec<f64> = numbers.collect();
        NumpyRng::new(3).shuffle(&mut numbers);
        numbers
    }

    fn is_id(name: &str, numbers: &[f64]) -> bool {
        let like = date(name, numbers).or_else(|| running(numbers)).or_else(|| named_id(name, numbers));
        matches!(like, Some(Like::RunningNumber { .. } | Like::Names { .. }))
    }

    fn is_date(name: &str, numbers: &[f64]) -> bool {
        matches!(date(name, numbers), Some(Like::Date { .. }))
    }

    #[test]
    fn running_numbers_are_known_wherever_they_begin() {
        for (start, step) in
            [(0.0, 1.0), (1.0, 1.0), (1001.0, 1.0), (7e6, 10.0), (-5.0, 3.0), (123_456.0, 100.0)]
        {
            let of = |n: i32| (0..n).map(move |i| start + step * f64::from(i));
            assert!(is_id("n", &of(20).collect::<Vec<_>>()), "{start} in order");
            assert!(is_id("n", &of(300).rev().collect::<Vec<_>>()), "{start} downwards");
            assert!(is_id("n", &shuffled(of(300))), "{start} shuffled");
            // Four of five rows, as a sample or a deletion leaves them; and two that come twice, and one that is no number of
            // the row.
            let gaps = || of(500).enumerate().filter(|(i, _)| i * 7 % 5 != 2).map(|(_, v)| v);
            assert!(is_id("n", &gaps().collect::<Vec<_>>()) && is_id("n", &shuffled(gaps())), "{start} gaps");
            let odd = of(300).chain([start, start + step, 99_999_999.0]);
            assert!(is_id("n", &shuffled(odd)), "{start} with odd ones");
        }
        // Steps of one to twelve, in the order of the rows.
        let mut at = 0.0;
        let rising = (0..300).map(|i| {
            at += f64::from(i * i % 12 + 1);
            at
        });
        assert!(is_id("n", &rising.collect::<Vec<_>>()));
    }

    #[test]
    fn codes_of_64_bits_are_known() {
        let neighbours: Vec<f64> = (0..10_000).map(|i| (1_582_218_195_625_938_945_i64 + i) as f64).collect();
        let mut rng = NumpyRng::new(1);
        let random: Vec<f64> = (0..300).map(|_| (rng.uniform() * 9e18).floor()).collect();
        assert!(is_id("n", &neighbours) && is_id("n", &random));
        // Doubles of this size are 256 apart.
        let Some(Like::Names { different, rows, .. }) = running(&neighbours) else { panic!() };
        assert_eq!((different, rows), (40, 10_000), "counted, not guessed");
        let few: Vec<f64> = (0..300).map(|i| 1e16 + f64::from(i * i % 10)).collect();
        assert!(!is_id("n", &few), "too few for the rows to have one each");
        let named: Vec<f64> = (0..300).map(|_| 1e6 + (rng.uniform() * 9e7).floor()).collect();
        for name in ["id", "customer_id", "customerId", "ID", "Order ID"] {
            assert!(is_id(name, &named), "{name}");
        }
        for name in ["n", "idle", "humid", "width"] {
            assert!(!is_id(name, &named), "{name}");
        }
    }

    #[test]
    fn what_is_measured_or_counted_is_no_id() {
        for seed in 0..60 {
            let mut rng = NumpyRng::new(seed);
            let n = [40, 300, 1000, 5000][seed as usize % 4];
            let mut draw =
                |of: &dyn Fn(&mut NumpyRng) -> f64| (0..n).map(|_| of(&mut rng)).collect::<Vec<f64>>();
            let prices = draw(&|rng| (300_000.0 + 120_000.0 * rng.gaussian()).round());
            let heavy = draw(&|rng| (11.0 + 2.0 * rng.gaussian()).exp().round());
            let even = draw(&|rng| (rng.uniform() * 1e5).floor());
            let money = draw(&|rng| (rng.uniform() * 1e9).floor() + 9e8);
            let counts = draw(&|rng| (30.0 * -rng.uniform().ln()).floor());
            let zips = draw(&|rng| 10_000.0 + (rng.uniform() * 80.0).floor() * 37.0);
            for mut numbers in [prices, heavy, even, money, counts, zips] {
                assert!(!is_id("n", &numbers) && !is_date("n", &numbers), "{seed}");
                numbers.sort_by(f64::total_cmp);
                assert!(!is_id("n", &numbers), "{seed} sorted");
            }
        }
        // Ages that all differ, as those of a class and its teachers may; years; a measurement in halves.
        let ages: Vec<f64> = shuffled((18..58).map(f64::from));
        let mut some = shuffled((18..81).map(f64::from))[..40].to_vec();
        assert!(!is_id("age", &ages) && !is_id("age", &some));
        some.sort_by(f64::total_cmp);
        assert!(!is_id("age", &some));
        assert!(!is_id("year", &(1990..=2020).map(f64::from).collect::<Vec<_>>()));
        assert!(!is_id("x", &(0..300).map(|i| f64::from(i) / 2.0).collect::<Vec<_>>()));
        // Spread evenly, as made-up tables have them.
        for (of, n) in
            [(|i| 40 + i * 37 % 160, 90), (|i| 100_000 + i * 7919 % 400_000, 300), (|i| i * 97 % 1000, 300)]
                as [(fn(i32) -> i32, i32); 3]
        {
            assert!(!is_id("x", &(0..n).map(|i| f64::from(of(i))).collect::<Vec<_>>()));
        }
        assert!(!is_id("week", &shuffled((0..520).map(|i| f64::from(i % 52)))));
    }

    #[test]
    fn categories_of_dates_and_of_names_are_known() {
        let like = |cell: &dyn Fn(u32) -> String, types: &[(&str, Type)]| {
            let rows: String = (0..100).map(|i| format!("{},{}\n", cell(i), i % 7)).collect();
            let table = csv::read(format!("c,x\n{rows}").as_bytes(), "t.csv").unwrap();
            let types = types.iter().map(|(name, of)| ((*name).to_owned(), *of)).collect();
            let choice = Choice { types, ..Choice::default() };
            let rows: Vec<usize> = (0..90).collect();
            let (inputs, _) = Inputs::fit(&table, &rows, &choice, NonZeroUsize::MIN).unwrap();
            lookalikes(&table, &inputs, NonZeroUsize::MIN).into_iter().next().map(|lookalike| lookalike.like)
        };
        for (form, date) in [
            ("2024/03/0", "2024-03-01"),
            ("0 Mar 2024", ""),
            ("0/03/2024", ""),
            ("0.3.2024", ""),
            ("2024-0", "2024-01-01"),
        ] {
            let cell = |i: u32| match date {
                "" => format!("{}{}", i % 9 + 1, &form[1..]),
                _ => format!("{form}{}", i % 9 + 1),
            };
            let Some(Like::Date { date, .. }) = like(&cell, &[]) else { panic!("{form}") };
            assert!(["2024-03-01", "2024-01-01"].contains(&date.as_str()), "{form}");
        }
        let asked = [("c", Type::Category)];
        let Some(Like::Names { different, rows, .. }) = like(&|i| format!("C{i:05}"), &asked) else {
            panic!()
        };
        assert_eq!((different, rows), (100, 100));
        assert!(matches!(like(&|i| (7 * i).to_string(), &asked), Some(Like::Names { .. })));
        assert_eq!(like(&|i| ["red", "blue"][i as usize % 2].to_owned(), &[]), None);
        assert_eq!(like(&|i| (i % 40).to_string(), &asked), None);
        // As dates they are what they look like.
        assert_eq!(like(&|i| (20_240_301 + i % 28).to_string(), &[("c", Type::Date)]), None);
        assert!(matches!(like(&|i| (20_240_301 + i % 28).to_string(), &[]), Some(Like::Date { .. })));
    }

    #[test]
    fn dates_in_numbers_are_known() {
        let compact: Vec<f64> = (0..60).map(|i| f64::from(20_230_101 + i / 28 * 100 + i % 28)).collect();
        let hourly: Vec<f64> = (0..60).map(|i| 1_700_000_000.0 + 3600.0 * f64::from(i)).collect();
        assert!(is_date("n", &compact) && is_date("n", &hourly));
        for unit in [1e3, 1e6, 1e9] {
            assert!(is_date("n", &hourly.iter().map(|v| v * unit).collect::<Vec<_>>()), "{unit}");
        }
        let excel: Vec<f64> = (0..60).map(|i| f64::from(45_000 + i * 37 % 90)).collect();
        assert!(is_date("order date", &excel) && !is_date("pay", &excel));
        assert!(!is_date("n", &[20_240_131.0, 20_240_132.0, 20_240_201.0, 2.0, 3.0, 4.0]));
        // Amounts of that size, round or not; and logged seconds, which their name tells from those.
        let dong: Vec<f64> = (0..60).map(|i| 1e9 + 1e7 * f64::from(i * 7 % 60)).collect();
        let people: Vec<f64> = (0..60).map(|i| 1_200_893_465.0 + 3_456_789.0 * f64::from(i)).collect();
        assert!(!is_date("price", &dong) && !is_date("people", &people));
        for name in ["ts", "created_at", "eventTime", "unix time"] {
            assert!(is_date(name, &people), "{name}");
            assert!(is_date(name, &people.iter().map(|v| v + 0.25).collect::<Vec<_>>()), "{name}");
        }
    }
}
