//! Tables that pandas and pyarrow wrote (`files/make.py`), what nablab writes, and damaged files.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_arrow::{load, read_ipc, read_parquet, write_parquet};
use nablab_data::DataError;
use nablab_data::table::{Categories, Column, Reading, Table, Values};
use proptest::prelude::*;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

fn whole(name: &str) -> Table {
    load(&file(name), &Reading::default(), &mut |_, _| ()).unwrap()
}

fn read(bytes: Vec<u8>, name: &str) -> Result<Table, DataError> {
    if name.ends_with(".parquet") { read_parquet(bytes, name) } else { read_ipc(bytes, name) }
}

fn shown(values: &Values) -> String {
    match values {
        Values::Numbers(numbers) => format!("{:?}", numbers.iter().collect::<Vec<_>>()),
        Values::Categories(texts) | Values::Dates(texts) => {
            texts.texts().map(|text| text.unwrap_or("-")).collect::<Vec<_>>().join("|")
        }
    }
}

const FILES: [&str; 10] = [
    "none.parquet",
    "snappy.parquet",
    "gzip.parquet",
    "zstd.parquet",
    "lz4.parquet",
    "brotli.parquet",
    "uncompressed.feather",
    "lz4.feather",
    "zstd.feather",
    "stream.arrows",
];

#[test]
fn every_format_and_packing_holds_the_same_table() {
    let expected = [
        ("small", "number", "[1.0, NaN, 3.0]"),
        ("large", "number", "[1.0, 2.0, 1099511627776.0]"),
        ("single", "number", "[0.5, NaN, NaN]"),
        ("half", "number", "[0.5, 1.0, 2.0]"),
        ("double", "number", "[0.1, -2.5, 1e300]"),
        ("price", "number", "[0.1, NaN, -12.34]"),
        ("yes", "category", "True|-|False"),
        ("city", "category", "Paris|-|北京"),
        ("long", "category", "a||a"),
        ("kind", "category", "b|a|-"),
        ("by_number", "number", "[7.0, 7.0, 5.0]"),
        ("day", "date", "2024-01-31|-|1969-12-31"),
        ("moment", "date", "2024-02-29 12:30:00|-|2024-02-29 12:30:00"),
        ("abroad", "date", "2024-02-29 10:30:00+00:00|2024-02-29 10:30:00+00:00|2024-02-29 10:30:00+00:00"),
        ("nothing", "number", "[NaN, NaN, NaN]"),
    ];
    for name in FILES {
        let table = whole(name);
        let columns: Vec<_> = table
            .columns()
            .iter()
            .map(|c| (c.name.as_str(), c.values.kind(), shown(&c.values)))
            .filter(|(column, ..)| *column != "view")
            .collect();
        let columns: Vec<_> =
            columns.iter().map(|(name, kind, values)| (*name, *kind, values.as_str())).collect();
        assert_eq!(columns, expected, "{name}");
    }
    let view = &whole("stream.arrows").column("view").unwrap().values.clone();
    assert_eq!(shown(view), "short|a text of more than twelve bytes|-");
}

#[test]
fn a_frame_of_pandas_is_read_without_its_index() {
    let table = whole("pandas.parquet");
    let columns: Vec<_> =
        table.columns().iter().map(|c| format!("{} {}", c.name, shown(&c.values))).collect();
    assert_eq!(columns, ["size [1.5, 2.5]", "colour red|-", "ok True|False"]);
}

#[test]
fn what_no_table_has_is_refused_with_its_column() {
    for (name, words) in [
        ("nested.parquet", ["nested.parquet: column tags", "List", "leave the column out"]),
        ("nested.feather", ["nested.feather: column tags", "List", "leave the column out"]),
        ("infinite.parquet", ["infinite.parquet: column a, row 2", "finite", "inf"]),
    ] {
        let error = load(&file(name), &Reading::default(), &mut |_, _| ()).unwrap_err().to_string();
        words.iter().for_each(|word| assert!(error.contains(word), "{word} in {error}"));
    }
    for (bytes, words) in [
        (&b"FEA1 and more"[..], ["byte 0", "Feather version 2", "version 1"]),
        (b"", ["byte 0", "a message", "hint"]),
        (b"ARROW1\0\0", ["byte 8", "ARROW1 at the end", "hint"]),
    ] {
        let error = read_ipc(bytes.to_vec(), "a.arrow").unwrap_err().to_string();
        words.iter().for_each(|word| assert!(error.contains(word), "{word} in {error}"));
    }
    assert!(matches!(
        load(Path::new("/nowhere/a.parquet"), &Reading::default(), &mut |_, _| ()),
        Err(DataError::Read { .. })
    ));
    assert!(load(Path::new(file!()), &Reading::default(), &mut |_, _| ()).is_err());
}

#[test]
fn progress_ends_at_the_total() {
    let mut told = Vec::new();
    load(&file("snappy.parquet"), &Reading::default(), &mut |read, total| told.push((read, total))).unwrap();
    assert!(told.is_sorted() && told.len() == 16, "{told:?}");
    assert_eq!(told.last().map(|(read, _)| read), told.last().map(|(_, total)| total));
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    for name in FILES {
        let bytes = fs::read(file(name)).unwrap();
        for length in 0..bytes.len() {
            let error = read(bytes[..length].to_vec(), name).expect_err(&format!("{name} cut to {length}"));
            assert!(matches!(error, DataError::Format { .. }), "{name} cut to {length}: {error}");
        }
    }
}

#[test]
fn a_file_with_a_flipped_bit_is_a_table_or_an_error() {
    for name in FILES {
        let whole = fs::read(file(name)).unwrap();
        for at in (0..whole.len()).step_by(3) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            let _ = read(bytes, name);
        }
    }
}

#[test]
fn what_is_written_is_read() {
    let numbers = |values: &[f64]| Values::Numbers(values.iter().copied().collect());
    let texts: Categories = [Some("b"), None, Some("")].into_iter().collect();
    let columns = [
        ("whole", numbers(&[1.0, f64::NAN, -9_007_199_254_740_992.0])),
        ("real", numbers(&[0.1, -0.0, f64::NAN])),
        ("text", Values::Categories(texts)),
    ];
    let columns = columns.map(|(name, values)| Column { name: name.to_owned(), values });
    let table = Table::new(columns.to_vec(), "t").unwrap();
    assert_eq!(read_parquet(write_parquet(&table), "t.parquet").unwrap(), table);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    /// Whatever changes in a file, there is a table or an error.
    #[test]
    fn a_changed_file_is_a_table_or_an_error(
        name in prop::sample::select(FILES.to_vec()),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
    ) {
        let mut bytes = fs::read(file(name)).unwrap();
        for (at, byte) in changes {
            let at = at.index(bytes.len());
            bytes[at] = byte;
        }
        match read(bytes, name) {
            Ok(table) => prop_assert!(table.columns().iter().all(|c| c.values.len() == table.rows())),
            Err(error) => prop_assert!(error.to_string().contains("hint"), "{}", error),
        }
    }
}
