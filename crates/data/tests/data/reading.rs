//! How a text is read: what is recognised, what is said of it, and what flags decide otherwise. The values expected are
//! what the notation means, written by hand.

use std::io::Cursor;

use nablab_data::DataError;
use nablab_data::table::{Dialect, Note, Reading, Table, Values, csv};
use proptest::prelude::*;

pub(super) fn read(text: &[u8], reading: &Reading) -> Result<Table, DataError> {
    csv::read_from(Cursor::new(text), "t.csv", reading, &mut |_, _| ())
}

pub(super) fn table(text: &str) -> Table {
    read(text.as_bytes(), &Reading::default()).unwrap()
}

fn told(dialect: Dialect) -> Reading {
    Reading { dialect, ..Reading::default() }
}

pub(super) fn numbers(table: &Table, column: usize) -> Vec<f64> {
    match &table.columns()[column].values {
        Values::Numbers(numbers) => numbers.iter().collect(),
        other => panic!("column {column} is of kind {}: {:?}", other.kind(), table.notes()),
    }
}

pub(super) fn texts(table: &Table, column: usize) -> Vec<String> {
    let text = table.columns()[column].values.texts();
    (0..table.rows()).map(|row| text(row).unwrap_or_default()).collect()
}

pub(super) fn notes(table: &Table) -> String {
    table.notes().iter().map(|note| format!("{note}\n")).collect()
}

pub(super) fn error(text: &str, reading: &Reading) -> String {
    read(text.as_bytes(), reading).unwrap_err().to_string()
}

pub(super) fn names(table: &Table) -> Vec<&str> {
    table.columns().iter().map(|column| column.name.as_str()).collect()
}

pub(super) fn set(names: &[&str]) -> std::collections::BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

#[test]
fn the_first_line_is_names_or_data() {
    for (text, header) in [
        // A text above numbers, and pandas' count.
        ("a,b\n1,2\n", true),
        ("0,1,2\n0.5,1,2\n3,4,5\n", true),
        (",0,1\n0,5,6\n1,7,8\n", true),
        ("0,1,y\n0.5,2,no\n0.7,1,yes\n", true),
        ("country,2019,2020\nPeru,5,6\nChile,7,8\n", true),
        ("smoker,age\nsmoker,31\nno,40\n", true),
        ("animal,colour\ncat,grey\ndog,brown\n", true),
        ("name,25%,75%\nx,1,2\ny,3,4\n", true),
        ("a,b\n1,x\n2,y\na,b\n3,x\n", true),
        // Numbers, a class that comes again, a number with decimals.
        ("0,1\n1,0\n1,1\n", false),
        ("1,2\n3,4\n", false),
        ("0.1,0.0,no\n0.4,0.3,no\n0.7,0.6,yes\n", false),
        ("p,x,s\ne,x,y\np,b,s\n", false),
        ("Alice,23,4\nBob,31,2\n", false),
        ("p,p\ne,p\n", false),
    ] {
        let table = table(text);
        assert_eq!(table.kept().header, Some(header), "{text:?} {:?}", names(&table));
        assert_eq!(table.rows(), text.lines().count() - usize::from(header), "{text:?}");
    }
}

#[test]
fn how_the_first_line_was_decided_is_said_and_can_be_told() {
    let text = "0,1,2\n0.5,1,2\n";
    assert!(notes(&table(text)).starts_with("line 1 is read as names: it counts the columns from 0"));
    assert!(notes(&table("0.1,no\n0.4,no\n")).contains("no stands in column 2 again; `header` yes"));
    assert_eq!(notes(&table("a,b\n1,2\n")), "");
    let no = read(text.as_bytes(), &told(Dialect { header: Some(false), ..Dialect::default() })).unwrap();
    assert_eq!((no.rows(), names(&no)), (2, vec!["column 1", "column 2", "column 3"]));
    let yes = told(Dialect { header: Some(true), ..Dialect::default() });
    assert_eq!(names(&read(b"5,6\n1,2\n", &yes).unwrap()), ["5", "6"]);
    // What the caller calls a column is its name.
    let names_of = |text: &str, known: &[&str]| {
        let table = read(text.as_bytes(), &Reading { names: set(known), ..Reading::default() }).unwrap();
        table.kept().header
    };
    assert_eq!(names_of("5,6\n1,2\n", &["6"]), Some(true));
    assert_eq!(names_of("0,1,2\n1,2,3\n", &["column 3"]), Some(false));
    assert_eq!(names_of("no,1\nno,2\n", &["no"]), Some(true));
}

#[test]
fn separators_are_those_by_which_rows_are_even() {
    for text in [
        "a;b\n1,5;2\n2,5;3\n",
        "a|b\n1.5|2\n2.5|3\n",
        "a b\n1.5 2\n2.5  3\n",
        "  a   b \r\n  1.5 \t 2  \r\n\r\n 2.5   3\r\n",
        "sep=;\na;b\n1,5;2\n2,5;3\n",
        "sep=|\r\na|b\r\n1.5|2\r\n2.5|3\r\n",
        "\"a\" \"b\"\n1.5 \"2\"\n2.5 3\n",
    ] {
        let table = table(text);
        assert_eq!((names(&table), numbers(&table, 0)), (vec!["a", "b"], vec![1.5, 2.5]), "{text:?}");
        assert_eq!(numbers(&table, 1), [2.0, 3.0], "{text:?}");
    }
    // Without names, commas and semicolons are both even: the numbers tell.
    let plain = table("1,5;2,5;3\n2,5;3,5;4\n");
    assert_eq!((numbers(&plain, 0), numbers(&plain, 2)), (vec![1.5, 2.5], vec![3.0, 4.0]));
    // A column of texts stays one, and a comma beats a bar in a text.
    assert_eq!(names(&table("city\nNew York\nSan Jose\n")), ["city"]);
    assert_eq!(names(&table("a,b|c\n1,x|y\n2,z|w\n")), ["a", "b|c"]);
    let blanks = told(Dialect { separator: Some("blanks".parse().unwrap()), ..Dialect::default() });
    // A tab before a quoted name among blanks.
    let cars = table("18.0   8   307.0\t\"chevy\"\n15.0   8   350.0\t\"buick\"\n");
    assert_eq!((numbers(&cars, 2), texts(&cars, 3)[1].as_str()), (vec![307.0, 350.0], "buick"));
    assert_eq!(texts(&read(b"a b\nx 'y\nz w\n", &blanks).unwrap(), 1), ["'y", "w"]);
    assert!("ab".parse::<nablab_data::table::Separator>().is_err());
}

#[test]
fn decimal_commas_and_thousands_are_recognised_where_they_are_certain() {
    for (cells, expected) in [
        (vec!["1287,32", "5", "0,5"], vec![1287.32, 5.0, 0.5]),
        (vec!["1.234,5", "2.000.000", "7"], vec![1234.5, 2e6, 7.0]),
        (vec!["1,234,567", "89"], vec![1_234_567.0, 89.0]),
        (vec!["1,234.5", "1,000"], vec![1234.5, 1000.0]),
        (vec!["1,234", "0.25"], vec![1234.0, 0.25]),
        (vec!["1 234,5", "3"], vec![1234.5, 3.0]),
        (vec!["1\u{a0}234", "3"], vec![1234.0, 3.0]),
        (vec!["1'234.50", "3"], vec![1234.5, 3.0]),
        (vec!["$1,234.50", "$7"], vec![1234.5, 7.0]),
        (vec!["12,5 %", "3 %"], vec![12.5, 3.0]),
        (vec!["12%", "-3%"], vec![12.0, -3.0]),
        (vec!["1.299,00 €", "15,50 €"], vec![1299.0, 15.5]),
    ] {
        let text: String = std::iter::once("v;c".to_owned())
            .chain(cells.iter().map(|cell| format!("{cell};x")))
            .map(|line| line + "\n")
            .collect();
        let table = table(&text);
        assert_eq!(numbers(&table, 0), expected, "{cells:?}");
        assert!(notes(&table).contains("is read as"), "{cells:?}: what is read is said");
        let later = Reading::default().like(&table);
        let one = format!("v;c\n{};x\n", cells[0]);
        assert_eq!(numbers(&read(one.as_bytes(), &later).unwrap(), 0), expected[..1], "as before: {cells:?}");
    }
}

#[test]
fn what_may_be_thousands_or_decimals_is_asked() {
    let text = "v;w\n1,234;a\n2,500;b\n";
    let open = error(text, &Reading::default());
    for word in ["column v, row 1", "1,234, which is 1234 or 1.234", "`decimal` point or `decimal` comma"] {
        assert!(open.contains(word), "{word} in {open}");
    }
    let with = |decimal: &str| told(Dialect { decimal: decimal.parse().ok(), ..Dialect::default() });
    assert_eq!(numbers(&read(text.as_bytes(), &with("point")).unwrap(), 0), [1234.0, 2500.0]);
    assert_eq!(numbers(&read(text.as_bytes(), &with("comma")).unwrap(), 0), [1.234, 2.5]);
    let thousands = told(Dialect { thousands: "comma".parse().ok(), ..Dialect::default() });
    assert_eq!(numbers(&read(text.as_bytes(), &thousands).unwrap(), 0), [1234.0, 2500.0]);
    // Other columns may tell; where points would contradict them, that is asked, too.
    assert_eq!(numbers(&table("v;w\n1,234;0,5\n2,500;0,25\n"), 0), [1.234, 2.5]);
    assert_eq!(numbers(&table("v;w\n1,234;0.5\n2,500;0.25\n"), 0), [1234.0, 2500.0]);
    assert!(
        error("v;w\n1.234;0,5\n2.500;0,25\n", &Reading::default()).contains("column v: expected numbers")
    );
    assert_eq!(numbers(&table("v;w\n1.25;0,5\n2.500;0,25\n"), 0), [1.25, 2.5]);
    assert_eq!(numbers(&read(b"v;w\n1.234;0,5\n", &with("comma")).unwrap(), 0), [1234.0]);
    // What is text anyway asks nobody.
    let as_text = Reading { written: set(&["v"]), ..Reading::default() };
    assert_eq!(texts(&read(text.as_bytes(), &as_text).unwrap(), 0), ["1,234", "2,500"]);
    // Amounts in two currencies are no numbers.
    assert_eq!(texts(&table("v\n$5\n€5\n"), 0), ["$5", "€5"]);
    // A point among decimal commas is an error with its place.
    let slip = error("v;w\n0,5;a\n0.25;b\n1,5;c\n", &Reading::default());
    assert!(
        slip.contains("line 3, column v, row 2: expected a number with a decimal comma, got 0.25"),
        "{slip}"
    );
}

#[test]
fn one_word_in_fifty_is_missing_and_said() {
    let column = |words: usize, of: usize| {
        let cell = |i: usize| if i < words { format!("unknown,{i}\n") } else { format!("{i},{i}\n") };
        format!("age,x\n{}", (0..of).map(cell).collect::<String>())
    };
    let one = table(&column(1, 50));
    assert!(numbers(&one, 0)[0].is_nan() && numbers(&one, 0)[1] == 1.0);
    assert!(
        notes(&one).contains("column age: 49 of 50 are numbers, not: unknown (row 1)"),
        "{}",
        notes(&one)
    );
    // Later rows are read in the same way, and another word is none of those.
    let later = Reading::default().like(&one);
    assert!(numbers(&read(b"age,x\nunknown,1\n5,2\n", &later).unwrap(), 0)[0].is_nan());
    let odd = read(b"age,x\n5,1\n-,2\n", &later).unwrap_err().to_string();
    assert!(odd.contains("column age, row 2") && odd.contains("got -"), "{odd}");
    // More words, or in a smaller table, make texts; that is said, too.
    for (words, of) in [(2, 99), (1, 49)] {
        let texts = table(&column(words, of));
        assert_eq!(texts.columns()[0].values.kind(), "category");
        assert!(
            notes(&texts).contains("it is read as texts; `missing` default,unknown"),
            "{}",
            notes(&texts)
        );
    }
    // Asked for as numbers, the cell is an error; as names, all texts stay.
    let asked = Reading { numbers: set(&["age"]), ..Reading::default() };
    let refused = error(&column(1, 50), &asked);
    assert!(refused.contains("column age, row 1") && refused.contains("got unknown"), "{refused}");
    let words = Dialect { missing: Some(vec!["default".into(), "unknown".into()]), ..Dialect::default() };
    assert!(numbers(&read(column(5, 20).as_bytes(), &told(words)).unwrap(), 0)[4].is_nan());
    let written = Reading { written: set(&["age"]), ..Reading::default() };
    let as_text = read(column(1, 50).as_bytes(), &written).unwrap();
    assert_eq!((texts(&as_text, 0)[0].as_str(), notes(&as_text).as_str()), ("unknown", ""));
}

#[test]
fn numbers_with_a_sign_and_without_are_texts_and_said_to_be() {
    let cell = |i: u32| if i.is_multiple_of(5) { "0.85" } else { "5%" };
    let mixed =
        table(&format!("p,x\n{}", (0..100).map(|i| format!("{},{i}\n", cell(i))).collect::<String>()));
    assert_eq!(texts(&mixed, 0).len(), 100);
    let said = notes(&mixed);
    assert!(said.contains("column p: 80 of 100 numbers have a %, the others none"), "{said}");
    assert!(!said.contains("`missing`"), "nothing of it is a word: {said}");
}

#[test]
fn words_for_missing_are_those_of_the_column_and_a_quoted_text_is_a_value() {
    let text = "x,y\n1,\"None\"\nNA,Apnea\n\"NA\",None\n2,\n3,\"\"\n";
    let plain = table(text);
    assert!(numbers(&plain, 0)[1].is_nan() && numbers(&plain, 0)[2].is_nan(), "no number in quotes either");
    assert_eq!(texts(&plain, 1), ["None", "Apnea", "", "", ""]);
    assert!(plain.notes().contains(&Note::Quoted { column: "y".into(), word: "None".into(), rows: 1 }));
    let targets = set(&["y"]);
    let only = |words: &[&str]| Some(words.iter().map(|word| (*word).to_owned()).collect());
    let with = |dialect| Reading { targets: targets.clone(), dialect, ..Reading::default() };
    let class =
        read(text.as_bytes(), &with(Dialect { missing_target: only(&[]), ..Dialect::default() })).unwrap();
    assert_eq!(texts(&class, 1), ["None", "Apnea", "None", "", ""], "of the target alone");
    assert!(numbers(&class, 0)[1].is_nan());
    let asked =
        read(text.as_bytes(), &with(Dialect { missing_target: only(&["None"]), ..Dialect::default() }))
            .unwrap();
    assert_eq!(texts(&asked, 1), ["", "Apnea", "", "", ""], "asked for, even in quotes");
}

#[test]
fn encodings_are_known_by_their_mark_or_told() {
    let text = "größe,name\n1.5,Zoë\n2.5,René\n";
    let utf16 = |order: fn(u16) -> [u8; 2]| -> Vec<u8> {
        std::iter::once(0xfeff).chain(text.encode_utf16()).flat_map(order).collect()
    };
    let with = |encoding: &str| told(Dialect { encoding: encoding.parse().ok(), ..Dialect::default() });
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (bytes, reading) in [
        (utf16(u16::to_le_bytes), Reading::default()),
        (utf16(u16::to_be_bytes), Reading::default()),
        (utf16(u16::to_le_bytes)[2..].to_vec(), with("utf-16le")),
        (latin.clone(), with("latin-1")),
        (latin.clone(), with("windows-1252")),
        (text.as_bytes().to_vec(), with("utf8")),
    ] {
        let table = read(&bytes, &reading).unwrap();
        assert_eq!(names(&table), ["größe", "name"]);
        assert_eq!(
            (numbers(&table, 0), texts(&table, 1)),
            (vec![1.5, 2.5], vec!["Zoë".into(), "René".into()])
        );
    }
    let refused = read(&latin, &Reading::default()).unwrap_err().to_string();
    assert!(refused.contains("line 1, value 1") && refused.contains("`encoding` windows-1252"), "{refused}");
    let unmarked = read(&utf16(u16::to_le_bytes)[2..], &Reading::default()).unwrap_err().to_string();
    assert!(unmarked.contains("utf-16le"), "{unmarked}");
    let mut half = utf16(u16::to_le_bytes);
    half.pop();
    assert!(read(&half, &Reading::default()).is_err(), "half a character");
    assert!("klingon".parse::<nablab_data::table::Encoding>().is_err());
    // Long texts come in pieces.
    let long = format!("name\n{}", "Zoë\n".repeat(100_000));
    let bytes: Vec<u8> =
        std::iter::once(0xfeff).chain(long.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let table = read(&bytes, &Reading::default()).unwrap();
    assert!(table.rows() == 100_000 && texts(&table, 0).iter().all(|text| text == "Zoë"));
}

#[test]
fn a_packed_file_under_the_name_of_a_text_is_named() {
    for (bytes, kind, remedy) in [
        (&b"\x1f\x8b\x08\0\0\0\0\0\0\x03K\xd4\xa9"[..], "a gzip file", ".csv.gz"),
        (b"PK\x03\x04\x14\0\0\0\x08\0", "a zip file or a spreadsheet", "unpack it first"),
        (b"BZh91AY&SY\x01\x02", "a bzip2 file", "unpack it first"),
        (b"\xfd7zXZ\0\0\x04", "an xz file", "unpack it first"),
        (b"\x28\xb5\x2f\xfd\x04", "a zstd file", "unpack it first"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a spreadsheet", "save it as CSV"),
        (b"PAR1\x15\0", "a Parquet file", ".parquet"),
    ] {
        let error = read(bytes, &Reading::default()).unwrap_err().to_string();
        assert!(error.contains(&format!("got the bytes of {kind}")) && error.contains(remedy), "{error}");
    }
    assert_eq!(names(&table("PK,BZh\n1,2\n")), ["PK", "BZh"]);
}

#[test]
fn lines_before_the_table_are_left_out() {
    let text = "Report of March\n\"all, of it\"\na,b\n1,2\n3,4\n";
    let skip = |n: usize| told(Dialect { skip_lines: n, ..Dialect::default() });
    let table = read(text.as_bytes(), &skip(2)).unwrap();
    assert_eq!((names(&table), numbers(&table, 1)), (vec!["a", "b"], vec![2.0, 4.0]));
    let refused = error(text, &Reading::default());
    assert!(refused.contains("`skip_lines`"), "{refused}");
    assert!(error("a,b\n1,2\n3\n", &skip(1)).contains("line 3"), "lines are those of the file");
    assert!(error(text, &skip(50)).contains("end of the file"));
}

#[test]
fn a_dialect_is_plain_data() {
    let dialect = Dialect {
        format: Some("csv".parse().unwrap()),
        header: Some(true),
        separator: "tab".parse().ok(),
        decimal: "comma".parse().ok(),
        thousands: "apostrophe".parse().ok(),
        encoding: "latin-1".parse().ok(),
        skip_lines: 3,
        missing: Some(vec!["-".into()]),
        missing_target: Some(Vec::new()),
    };
    let text = toml::to_string(&dialect).unwrap();
    assert_eq!(toml::from_str::<Dialect>(&text).unwrap(), dialect, "{text}");
    assert!(
        toml::from_str::<Dialect>("decimal = \"dot\"").unwrap_err().to_string().contains("point or comma")
    );
}

proptest! {
    /// However numbers are written, they are read as they are or not at all.
    #[test]
    fn numbers_in_any_notation_come_back(
        values in prop::collection::vec(-5_000_000..5_000_000_i64, 2..30),
        comma in any::<bool>(),
        grouped in any::<bool>(),
        unit in prop::sample::select(vec!["", "$", "€", "%"]),
    ) {
        let (decimal, thousands) = if comma { (",", ".") } else { (".", ",") };
        let write = |value: &i64| {
            let (whole, cents) = (value.abs() / 100, value.abs() % 100);
            let digits = whole.to_string();
            let groups = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap());
            let whole = if grouped { groups.collect::<Vec<_>>().join(thousands) } else { digits.clone() };
            let sign = if *value < 0 { "-" } else { "" };
            format!("{sign}{whole}{decimal}{cents:02}{unit};x\n")
        };
        let text: String = std::iter::once("v;c\n".to_owned()).chain(values.iter().map(write)).collect();
        let expected: Vec<f64> = values.iter().map(|&value| format!("{}e-2", value).parse().unwrap()).collect();
        prop_assert_eq!(numbers(&table(&text), 0), expected, "{}", text);
    }

    /// Whatever the text and its dialect, there is a table or an error; the second reading of it is the first.
    #[test]
    fn any_text_is_read_in_the_same_way_again(
        text in "([a-c0-9.,;|\"\t\n '$€%-]|NA|None|sep=;|1,234|0,5){0,60}",
        separator in prop::sample::select(vec![None, Some("blanks"), Some("semicolon"), Some("bar")]),
        skip_lines in 0..3_usize,
    ) {
        let separator = separator.and_then(|name| name.parse().ok());
        let reading = told(Dialect { separator, skip_lines, ..Dialect::default() });
        if let Ok(table) = read(text.as_bytes(), &reading) {
            let again = read(text.as_bytes(), &reading.clone().like(&table));
            prop_assert_eq!(again.unwrap(), table, "{:?}", text);
        }
    }
}
