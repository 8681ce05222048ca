//! A text that is read in small blocks, on several threads, is the table, or the error, that it is in one block.

use std::io::{self, Cursor, SeekFrom};

use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::table::Dialect;

type Length = fn(usize) -> usize;

/// All that is to be known of a reading, with the bytes that each column of numbers takes.
fn read(text: &str, reading: &Reading, threads: usize, block_length: Length) -> String {
    let reading = Reading { threads: threads.try_into().ok(), ..reading.clone() };
    let progress = &mut |_, _| ();
    let mut source = Watched::new(Cursor::new(text), progress).unwrap();
    match read_blocks(&mut source, "t.csv", None, &reading, block_length) {
        Ok(table) => {
            let bytes = |column: &Column| match &column.values {
                Values::Numbers(numbers) => numbers.bytes(),
                _ => 0,
            };
            format!("{table:#?} {:?}", table.columns().iter().map(bytes).collect::<Vec<_>>())
        }
        Err(error) => error.to_string(),
    }
}

fn is_the_same(text: &str, reading: &Reading) -> Result<(), TestCaseError> {
    let whole = read(text, reading, 1, |_| 1 << 20);
    let ways: [(usize, Length); 4] = [(1, |_| 50), (2, |_| 50), (3, |_| 1), (3, |row| 130 * row)];
    for (threads, block_length) in ways {
        prop_assert_eq!(&read(text, reading, threads, block_length), &whole, "{} threads", threads);
    }
    Ok(())
}

/// Cells that stand in a column together; a # is any number.
const SORTS: [&[&str]; 18] = [
    &["#"],
    &["-#.25", "#.5"],
    &["0.5", "16777217", "33554432", "-0", "1e5", "2147483648", "123456789012345678901", "NA"],
    &["1,5", "0,25", "#,75"],
    &["1,234", "5,678"],
    &["1.234", "5.678"],
    &["1,5", "1.234,5", "1,234", "1.234", "7", ""],
    &["$1,234.50", "$5", "-$#"],
    &["# %", "3,5 €", "\u{2212}#"],
    &["2024-01-31", "2024-02-# 10:00", "NA", "\"\""],
    &["red", " blue ", "\"deep; blue\"", "\"a\nb\"", "\"say \"\"a\"\"\""],
    &["5\" pipe", "x \"y\"", "\"a\" b \"c\"", "\"\r\n\"", "\" \n \""],
    &["red", "\"NA\"", "NA", "\"\""],
    &["NA", "", "?", "-999", "null"],
    &["word #"],
    &["word #", "#,5", "#"],
    &[
        "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#", "#",
        "#", "n/k",
    ],
    &["inf", "#"],
];

/// Rows whose columns may hold something else from some row on, with a slip or none.
fn texts() -> impl Strategy<Value = String> {
    let column = (select(&SORTS[..]), select(&SORTS[..]), 0..2000_usize);
    let slip = (0..2000_usize, select(&["", "\r", "1", "a;b;c;d;e", "\"", "  ", "\u{fffd}\"\""][..]));
    let rows = prop_oneof![0..40_usize, 0..300_usize, 1000..1500_usize];
    let separators = select(&[";", ";", ";", ",", "\t", " "][..]);
    let numbers = prop::collection::vec(0..500_usize, 300);
    (prop::collection::vec(column, 1..5), rows, slip, separators, any::<bool>(), numbers).prop_map(
        |(columns, rows, (slip_at, slip), separator, crlf, numbers)| {
            let row = |row: usize| {
                let cell = |(i, &(first, later, changes)): (usize, &(&[&str], &[&str], usize))| {
                    let (number, cells) =
                        (numbers[(row + 71 * i) % 300], if row < changes { first } else { later });
                    cells[number % cells.len()].replace('#', &number.to_string())
                };
                columns.iter().enumerate().map(cell).collect::<Vec<_>>().join(separator)
            };
            let mut lines: Vec<String> = (0..rows).map(row).collect();
            if slip_at < rows {
                lines.insert(slip_at, slip.to_owned());
            }
            lines.join(if crlf { "\r\n" } else { "\n" })
        },
    )
}

fn readings() -> impl Strategy<Value = Reading> {
    let names = || prop::collection::btree_set((1..5_usize).prop_map(header::made_up), 0..2);
    let decimal = select(&[None, None, None, Some(Decimal::Comma), Some(Decimal::Point)][..]);
    (names(), names(), names(), decimal, any::<bool>()).prop_map(
        |(written, numbers, targets, decimal, asked)| {
            let missing = asked.then(|| vec!["default".to_owned(), "-999".to_owned()]);
            let dialect = Dialect { decimal, missing, header: asked.then_some(false), ..Dialect::default() };
            Reading { written, numbers, targets, dialect, ..Reading::default() }
        },
    )
}

/// What other columns decide, and what is decided by cells that are far apart.
#[test]
fn what_is_seen_in_different_blocks_is_brought_together() {
    let rows = |row: &dyn Fn(usize) -> String| (0..600).map(row).collect::<String>();
    let asked = Reading { numbers: ["a".to_owned()].into(), ..Reading::default() };
    let open = |i| if i < 50 { format!("{i};x\n") } else { format!("{},{:03};x\n", 1 + i % 9, i % 7) };
    // Enough words for texts, and then more numbers of another style.
    let mixed = |i| match (i % 3, i) {
        (0, ..350) => format!("word {i};1\n"),
        (_, ..350) => format!("{i},5;1\n"),
        _ => format!("1'{i}.5;1\n"),
    };
    for (text, reading) in [
        (rows(&open), Reading::default()),
        (rows(&|i| format!("{},{:03};{i}.5\n", 1 + i % 9, i % 7)), Reading::default()),
        (rows(&|i| format!("{}.{:03};{i},5\n", 1 + i % 9, i % 7)), Reading::default()),
        (rows(&|i| format!("{} €;{i}\n", (i * 389) % 599)), Reading::default()),
        (
            rows(&|i| format!("{},5;{i}\n", if i < 300 { i.to_string() } else { format!("-{i}") })),
            asked.clone(),
        ),
        (rows(&mixed), asked),
    ] {
        is_the_same(&format!("a;b\n{text}"), &reading).unwrap();
    }
}

/// A source that cannot be read to its end.
struct Broken(Cursor<String>);

impl Read for Broken {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        match self.0.read(into)? {
            0 => Err(io::Error::other("it broke")),
            read => Ok(read),
        }
    }
}

impl Seek for Broken {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

#[test]
fn the_first_thing_that_is_wrong_is_told() {
    // More than a text is judged by.
    let rows = "1,2\n".repeat(100_000);
    for (text, wrong) in [
        (rows.clone(), "cannot read t.csv: it broke"),
        (format!("{rows}1\n{rows}1,2,3\n\"a"), "t.csv: line 100001: expected 2 values, got 1"),
    ] {
        for threads in 1..4 {
            let reading = Reading { threads: threads.try_into().ok(), ..Reading::default() };
            let mut progress = |_, _| ();
            let mut source = Watched::new(Broken(Cursor::new(text.clone())), &mut progress).unwrap();
            let error = read_blocks(&mut source, "t.csv", None, &reading, |_| 5000).unwrap_err().to_string();
            assert_eq!(error.lines().next(), Some(wrong), "{threads} threads");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn tables_do_not_depend_on_blocks_and_threads(text in texts(), reading in readings()) {
        is_the_same(&text, &reading)?;
    }

    #[test]
    fn rows_end_where_they_are_cut(text in "([a-c1,; \t\n\r]|\"|\"\"|\"\n|,\"|\",){0,60}", blanks in any::<bool>()) {
        let separator = blanks.then_some(Separator::Blanks);
        is_the_same(&text, &Reading { dialect: Dialect { separator, ..Dialect::default() }, ..Reading::default() })?;
    }
}
