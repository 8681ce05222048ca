//! Tables from text: what people's files look like, and what is refused. Kinds and values as pandas 2.3 reads the same text,
//! where it agrees that a column of numbers with a word in it is text.

use std::io::{self, Cursor, Read, Seek, SeekFrom};

use nablab_data::table::{Reading, Table, Values, csv};
use proptest::prelude::*;

fn table(text: &str) -> Table {
    csv::read(text.as_bytes(), "t.csv").unwrap()
}

fn refused(bytes: &[u8], words: &[&str]) {
    let error = csv::read(bytes, "t.csv").unwrap_err().to_string();
    for word in ["t.csv", "hint"].iter().chain(words) {
        assert!(error.contains(word), "{word:?} in {error}");
    }
}

fn numbers(table: &Table, name: &str) -> Vec<f64> {
    match &table.column(name).unwrap().values {
        Values::Numbers(numbers) => numbers.iter().collect(),
        other => panic!("{name} is of kind {}", other.kind()),
    }
}

fn texts(table: &Table, name: &str) -> Vec<Option<String>> {
    match &table.column(name).unwrap().values {
        Values::Categories(texts) => texts.texts().map(|text| text.map(str::to_owned)).collect(),
        other => panic!("{name} is of kind {}", other.kind()),
    }
}

#[test]
fn kinds_are_found() {
    let table = table(
        "age,city,joined,score,empty,mixed\n\
         31,Paris,2024-01-31,1e-3,,7\n\
         NA,\"New York, NY\",,-2.5,,x\n\
         40, Lima ,2024-02-29T12:00:00Z,+.5,,007\n",
    );
    assert_eq!((table.rows(), table.columns().len()), (3, 6));
    let kinds: Vec<_> = table.columns().iter().map(|column| column.values.kind()).collect();
    assert_eq!(kinds, ["number", "category", "date", "number", "number", "category"]);
    let missing: Vec<_> = table.columns().iter().map(|column| column.values.missing()).collect();
    assert_eq!(missing, [1, 0, 1, 0, 3, 0]);
    assert_eq!(numbers(&table, "score"), [0.001, -2.5, 0.5]);
    assert_eq!(
        texts(&table, "city"),
        [Some("Paris".into()), Some("New York, NY".into()), Some("Lima".into())]
    );
    assert_eq!(
        texts(&table, "mixed"),
        [Some("7".into()), Some("x".into()), Some("007".into())],
        "as written"
    );
}

#[test]
fn separators_marks_and_line_ends_are_found() {
    for text in
        ["a,b\n1,2\n", "a;b\r\n1;2\r\n", "a\tb\n1\t2", "\u{feff}a,b\n1,2\n", "\"a\",\"b\"\n\"1\",\"2\"\n"]
    {
        let table = table(text);
        assert_eq!((numbers(&table, "a"), numbers(&table, "b")), (vec![1.0], vec![2.0]), "{text:?}");
    }
    // A comma in a name is no separator.
    let table = table("\"size, cm\";colour\n1,5;red\n");
    assert_eq!(numbers(&table, "size, cm"), [1.5]);
}

#[test]
fn quotes_may_hold_anything() {
    let table = table("a,b\n\"1\",\"x \"\"y\"\"\nz\"\n -2 , \"p, q\" \n3,5\" pipe\n");
    assert_eq!(numbers(&table, "a"), [1.0, -2.0, 3.0]);
    assert_eq!(texts(&table, "b"), [Some("x \"y\"\nz".into()), Some("p, q".into()), Some("5\" pipe".into())]);
    refused(b"a,b\n\"1\n2\",3\n4\n", &["line 4", "2 values", "1"]);
    refused(b"a,b\n1,\"2\n3,4\n", &["line 2", "a quote that ends the value", "end of the file"]);
}

#[test]
fn lines_may_be_empty_and_end_in_any_way() {
    for text in ["a\n1\n\n2\n\n", "\r\n\r\na\r\n1\r\n2", "a\r1\r\r2\r", "a\n1\n2\r\n"] {
        assert_eq!(numbers(&table(text), "a"), [1.0, 2.0], "{text:?}");
    }
}

/// A row goes on behind the piece of the file that is in memory, wherever that ends.
#[test]
fn a_table_may_be_longer_than_a_piece_in_memory() {
    let mut text = String::from("i,quoted,plain\n");
    for i in 0..40_000 {
        text += &format!("{i},\"{i},\n\",p{}\n", i % 7);
    }
    text += &format!("40000,\"{}\",p0\n", "long ".repeat(200_000));
    let table = table(&text);
    assert!(numbers(&table, "i").iter().copied().eq((0..=40_000).map(f64::from)));
    let quoted = texts(&table, "quoted");
    assert!((0..40_000).all(|i| quoted[i].as_deref() == Some(&format!("{i},"))));
    assert_eq!(quoted[40_000].as_ref().unwrap().len(), 5 * 200_000 - 1);
    refused(text.replace("39999,\"", "oh,no,\"").as_bytes(), &["line 80000", "3 values", "4"]);
}

#[test]
fn progress_grows_to_the_total() {
    let text = "1,2,3\n".repeat(2_000_000);
    let mut told = Vec::new();
    let source = std::io::Cursor::new(&text);
    csv::read_from(source, "t.csv", &Reading::default(), &mut |read, total| told.push((read, total)))
        .unwrap();
    let total = text.len() as u64;
    assert!(told.len() > 2 && told.is_sorted() && told.iter().all(|&(_, t)| t == total), "{told:?}");
    assert_eq!(told.last(), Some(&(total, total)));
}

#[test]
fn what_a_column_is_may_be_seen_in_its_last_rows_alone() {
    const ROWS: usize = 5000;
    let late = |row: usize, early: &str, late: String| if row < ROWS - 200 { early.to_owned() } else { late };
    let line = |row: usize| {
        [
            late(row, "7", "1.50".into()),                     // small numbers become others
            late(row, "", format!("{}", row as f64 - 4900.5)), // nothing becomes numbers
            late(row, "-3", format!("{}", row * 1000)),        // one byte becomes four
            late(row, "1.50", format!("word {row}")),          // numbers become texts
            late(row, "", format!("2026-11-{:02}", row % 28 + 1)), // nothing becomes days
            late(row, "0.5", if row == ROWS - 1 { "unknown".into() } else { "2".into() }), // one word among numbers
            late(row, "a", "1".into()),         // texts become numbers
            late(row, "-0", "16777217".into()), // what single precision rounds
        ]
        .join(",")
    };
    let lines: Vec<String> = (0..ROWS).map(line).collect();
    let text = |lines: Vec<&String>| {
        lines.iter().fold("a,b,c,d,e,f,g,h\n".to_owned(), |text, line| text + line + "\n")
    };
    let (forward, backward) =
        (table(&text(lines.iter().collect())), table(&text(lines.iter().rev().collect())));
    for (one, other) in forward.columns().iter().zip(backward.columns()) {
        assert_eq!(one.values.kind(), other.values.kind(), "{}", one.name);
        let (one_text, other_text) = (one.values.texts(), other.values.texts());
        assert!((0..ROWS).all(|row| one_text(row) == other_text(ROWS - 1 - row)), "{}", one.name);
    }
    let kinds: Vec<_> = forward.columns().iter().map(|column| column.values.kind()).collect();
    let (number, category) = ("number", "category");
    assert_eq!(kinds, [number, number, number, category, "date", number, category, number]);
    assert_eq!(texts(&forward, "d")[0].as_deref(), Some("1.50"));
    assert!(numbers(&forward, "h")[0].is_sign_negative());

    let mut told = Vec::new();
    let source = std::io::Cursor::new(text(lines.iter().collect()));
    csv::read_from(source, "t.csv", &Reading::default(), &mut |read, total| told.push((read, total)))
        .unwrap();
    let (last, total) = *told.last().unwrap();
    assert_eq!((last, total), (2 * told[0].1, 2 * told[0].1), "it was read twice");
}

#[test]
fn what_needs_one_reading_is_read_once() {
    let readings = |text: &str| {
        let mut last = 0;
        csv::read_from(std::io::Cursor::new(text), "t.csv", &Reading::default(), &mut |read, _| last = read)
            .unwrap();
        last / text.len() as u64
    };
    let rows = |row: &str| format!("a,b\n{}", format!("{row}\n").repeat(3000));
    assert_eq!(readings(&rows("1.5,red")), 1);
    assert_eq!(readings(&rows("\"x\",\"\"")), 1, "nothing is missing, in quotes or not");
    assert_eq!(readings(&rows("\"x\",\"NA\"")), 2, "in quotes it is a word");
    assert_eq!(readings(&rows("\"1,5\",$3")), 2);
}

#[test]
fn names_are_made_up_where_there_are_none() {
    let plain = table("1,2\n3,4\n");
    assert_eq!((plain.rows(), numbers(&plain, "column 2")), (2, vec![2.0, 4.0]));
    let unnamed = table("a,\n1,2\n");
    assert_eq!(numbers(&unnamed, "column 2"), [2.0]);
}

#[test]
fn categories_do_not_depend_on_the_order_of_rows() {
    let levels = |text: &str| match &table(text).column("c").unwrap().values {
        Values::Categories(categories) => categories.levels().to_vec(),
        other => panic!("{}", other.kind()),
    };
    assert_eq!(levels("c\nb\na\nb\n"), ["a", "b"]);
    assert_eq!(levels("c\na\nb\nb\n"), ["a", "b"]);
}

#[test]
fn damaged_tables_are_refused_with_their_place() {
    refused(b"a,b\n1,2\n3\n", &["line 3", "2 values", "1"]);
    refused(b"a,b\n1,2\n3,4,5\n", &["line 3", "2 values", "3"]);
    refused(b"a,b\n1,\xff\n", &["line 2, value 2", "UTF-8"]);
    refused(b"a,b\n1,inf\n", &["line 2", "column b", "finite", "inf"]);
    refused(b"a,b\n1,1e999\n", &["line 2", "column b", "finite", "1e999"]);
    refused(b"a,a\nx,2\n", &["line 1", "two named a"]);
    refused(b"a,b\n", &["line 2", "row", "end of the file"]);
    refused(b"", &["line 1", "row", "end of the file"]);
}

#[test]
fn a_long_row_is_read_once_however_it_arrives() {
    struct Drops<'a>(Cursor<&'a [u8]>);
    impl Read for Drops<'_> {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            let length = into.len().min(16);
            self.0.read(&mut into[..length])
        }
    }
    impl Seek for Drops<'_> {
        fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
            self.0.seek(to)
        }
    }
    // Were the row looked through anew after each read, this would take minutes.
    let word = "\"\"".repeat(2 << 20);
    let text = format!("a,b\n1,\"{word}\"\n");
    let table =
        csv::read_from(Drops(Cursor::new(text.as_bytes())), "t.csv", &Reading::default(), &mut |_, _| ())
            .unwrap();
    assert_eq!(texts(&table, "b"), [Some("\"".repeat(2 << 20))]);
}

#[test]
fn names_without_end_are_not_kept() {
    for line in [",".repeat(200_000), format!("\"\"{}", ",".repeat(200_000))] {
        refused(format!("{line}\n").as_bytes(), &["line 1", "at most 100000 columns, got more"]);
    }
    let line = format!("\"\"{}", ",".repeat(200_000));
    refused(format!("a,b\n{line}\n").as_bytes(), &["line 2", "2 values, got 100001"]);
}

#[test]
fn a_long_text_is_no_name_and_no_word_for_a_missing_value() {
    let named = |length: usize| format!("a,{}\n1,2\n", "ü".repeat(length));
    assert_eq!(table(&named(1000)).columns().len(), 2);
    refused(
        named(1001).as_bytes(),
        &["column 2", "a name of at most 1000 characters, got one of 1001", "`header` no"],
    );
    // Among a hundred numbers a word is a missing value, which the model keeps.
    let with = |word: &str| {
        let numbers: String = (0..100).map(|i| format!("{i}.5\n")).collect();
        table(&format!("a\n{numbers}{word}\n"))
    };
    assert_eq!(with(&"x".repeat(1000)).columns()[0].values.kind(), "number");
    assert_eq!(with(&"x".repeat(1001)).columns()[0].values.kind(), "category");
}

proptest! {
    /// Whatever the bytes are, there is a table or an error.
    #[test]
    fn any_bytes_are_a_table_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = csv::read(&bytes, "t.csv");
    }

    /// The same of what looks like one.
    #[test]
    fn anything_like_a_table_is_one_or_an_error(text in "([a-c0-9.,;\"\t\n -]|NA|inf|2024-01-01){0,60}") {
        if let Ok(table) = csv::read(text.as_bytes(), "t.csv") {
            prop_assert!(table.columns().iter().all(|column| column.values.len() == table.rows()));
        }
    }

    /// Numbers come back as they were.
    #[test]
    fn numbers_come_back(values in prop::collection::vec(-1e300..1e300_f64, 1..20)) {
        let text: String = values.iter().map(|v| format!("{v},x\n")).collect();
        prop_assert_eq!(numbers(&table(&format!("v,c\n{text}")), "v"), values);
    }
}

fn read_as(text: &str, written: &[&str]) -> Table {
    let reading =
        Reading { written: written.iter().map(|&name| name.to_owned()).collect(), ..Reading::default() };
    csv::read_from(Cursor::new(text), "t.csv", &reading, &mut |_, _| ()).unwrap()
}

#[test]
fn numbers_that_are_names_keep_their_texts() {
    let text = "code,x\n007,1\n01,2\n39.0,3\n,4\n1582218195625938945,5\n1582218195625938946,6\n";
    let table = read_as(text, &["code"]);
    let Values::Numbers(codes) = &table.column("code").unwrap().values else { panic!("numbers") };
    let texts: Vec<_> = (0..6).map(|row| codes.text(row)).collect();
    let expected = ["007", "01", "39.0", "", "1582218195625938945", "1582218195625938946"];
    assert_eq!(texts, expected.map(|text| (!text.is_empty()).then(|| text.to_owned())));
    assert_eq!((codes.get(0), codes.get(2), codes.missing()), (7.0, 39.0, 1));
    assert_eq!(csv::read(text.as_bytes(), "t.csv").unwrap().columns()[1], table.columns()[1]);
    let reading = Reading { written: ["code".to_owned()].into(), ..Reading::default() };
    let infinite = csv::read_from(Cursor::new("code\n1\ninf\n"), "t.csv", &reading, &mut |_, _| ());
    assert!(infinite.unwrap_err().to_string().starts_with("t.csv: line 3, column code: expected a finite"));
}

proptest! {
    /// The text of a cell is the file's, whatever the other rows hold.
    #[test]
    fn a_text_does_not_depend_on_the_other_rows(
        rows in prop::collection::vec("[+-]?[0-9]{1,20}(\\.[0-9]{0,3})?|[a-c]{1,2}", 1..20),
        at in any::<prop::sample::Index>(),
    ) {
        let file = |rows: &[String]| read_as(&format!("code,x\n{}", rows.iter().map(|c| format!("{c},1\n")).collect::<String>()), &["code"]);
        let (all, row) = (file(&rows), at.index(rows.len()));
        let alone = file(&rows[row..=row]);
        let text = |table: &Table, row: usize| table.columns()[0].values.texts()(row);
        prop_assert_eq!(text(&all, row), Some(rows[row].clone()));
        prop_assert_eq!(text(&alone, 0), Some(rows[row].clone()));
    }
}
