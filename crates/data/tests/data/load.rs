//! Files as tables: those that NumPy and SciPy wrote (`files/make.py`), damaged ones, and those of unknown kinds.

use std::fs;
use std::path::{Path, PathBuf};

use nablab_data::DataError;
use nablab_data::table::{Reading, Table, Values, load};
use proptest::prelude::*;

fn file(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/files").join(name)
}

fn read(path: &Path) -> Result<Table, DataError> {
    load(path, &Reading::default(), &mut |_, _| ())
}

/// Each column: its name and what it holds.
fn shown(name: &str) -> Vec<String> {
    let table = read(&file(name)).unwrap();
    let column = |values: &Values| match values {
        Values::Numbers(numbers) => format!("{:?}", numbers.iter().collect::<Vec<_>>()),
        Values::Categories(texts) | Values::Dates(texts) => {
            format!("{:?}", texts.texts().map(Option::unwrap).collect::<Vec<_>>())
        }
    };
    table.columns().iter().map(|c| format!("{} {}", c.name, column(&c.values))).collect()
}

fn refused(path: &Path, words: &[&str]) {
    let error = read(path).unwrap_err().to_string();
    for word in ["hint"].iter().chain(words) {
        assert!(error.contains(word), "{word:?} in {error}");
    }
}

const X: [&str; 3] = ["x0 [1.5, 4.0]", "x1 [-2.0, 5.0]", "x2 [3.0, 6.0]"];

#[test]
fn arrays_of_numpy_are_columns() {
    assert_eq!(shown("c.npy"), X);
    assert_eq!(shown("fortran.npy"), X);
    assert_eq!(shown("vector.npy"), ["x0 [7.0, 8.0, 300.0]"]);
    assert_eq!(shown("words.npz"), [&X[..], &[r#"y ["café", "b"]"#]].concat());
    assert_eq!(
        shown("pictures.npz"),
        [
            "x0 [0.0, 4.0]",
            "x1 [1.0, 5.0]",
            "x2 [2.0, 6.0]",
            "x3 [3.0, 7.0]",
            "y0 [1.0, 0.0]",
            "y1 [0.0, 1.0]"
        ]
    );
    assert_eq!(shown("columns.npz"), ["size [1.5, NaN]", "ok [1.0, 0.0]", r#"kind ["a", "bc"]"#]);
}

#[test]
fn variables_of_matlab_are_columns() {
    assert_eq!(shown("sets.mat"), [&X[..], &["y [1.0, 0.0]"]].concat());
    assert_eq!(shown("vectors.mat"), ["a [1.0, 2.5]", "b [3.0, -4.0]"]);
}

#[test]
fn mnist_is_pictures_with_the_labels_beside_them() {
    assert_eq!(
        shown("train-images-idx3-ubyte.gz"),
        [
            "pixel0 [0.0, 4.0, 8.0]",
            "pixel1 [1.0, 5.0, 9.0]",
            "pixel2 [2.0, 6.0, 10.0]",
            "pixel3 [3.0, 7.0, 11.0]",
            "label [7.0, 0.0, 9.0]"
        ]
    );
    assert_eq!(shown("train-labels-idx1-ubyte"), ["label [7.0, 0.0, 9.0]"]);
    let folder = tempfile::tempdir().unwrap();
    let pictures = folder.path().join("t10k-images-idx3-ubyte");
    fs::copy(file("train-images-idx3-ubyte.gz"), &pictures).unwrap();
    assert_eq!(read(&pictures).unwrap().columns().len(), 4, "without labels only pixels");
    let labels = [&[0, 0, 8, 1, 0, 0, 0, 2][..], &[1, 2]].concat();
    fs::write(folder.path().join("t10k-labels-idx1-ubyte"), labels).unwrap();
    refused(&pictures, &["t10k-labels-idx1-ubyte: header", "3 labels", "[2]"]);
}

#[test]
fn text_may_be_packed_and_separated_by_tabs() {
    assert_eq!(shown("comma.csv.gz"), ["size [1.5, NaN]", r#"colour ["red", "blue"]"#]);
    let folder = tempfile::tempdir().unwrap();
    let tabs = folder.path().join("T.TSV");
    fs::write(&tabs, "a,b,c\td\n1,2\tx\n").unwrap();
    assert_eq!(read(&tabs).unwrap().columns()[0].name, "a,b,c");
}

#[test]
fn what_is_no_table_is_refused_with_its_place() {
    refused(&file("infinite.npy"), &["infinite.npy: column x1, row 2", "finite", "inf"]);
    refused(&file("uneven.npz"), &["column b", "2 rows", "3"]);
    refused(&file("dates.npz"), &["array y", "numbers", "M8"]);
    refused(&file("mixed.mat"), &["variable s", "vector"]);
    refused(&file("make.py"), &["extension", ".npz", ".mat", "idx", "got .py"]);
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        path
    };
    refused(&write("a.csv.gz", b"a,b\n1,2\n"), &["a.csv.gz: file", "whole compressed data"]);
    refused(&write("a.npy", b"a,b\n1,2\n"), &["a.npy: array", "readable array"]);
    refused(&write("a.npz", b""), &["a.npz: file", "archive"]);
    // Headers that claim more than is there: no room is made for it.
    refused(&write("b.npy", b"\x93NUMPY\x02\x00\xff\xff\xff\xff{"), &["header", "cut short"]);
    refused(
        &write("images", &[0, 0, 8, 3, 255, 255, 255, 255, 0, 0, 0, 1, 0, 0, 0, 1]),
        &["numbers", "0 bytes"],
    );
    let wide = b"\x93NUMPY\x01\x00\x42\x00{'descr': '|u1', 'fortran_order': False, 'shape': (0, 1073741824)}";
    refused(&write("c.npy", wide), &["at most 100000 columns", "1073741824"]);
    assert!(matches!(read(Path::new("/nowhere/a.csv")), Err(DataError::Read { .. })));
    assert!(matches!(read(folder.path()), Err(DataError::Read { .. })));
}

const FILES: [&str; 12] = [
    "c.npy",
    "fortran.npy",
    "vector.npy",
    "words.npz",
    "pictures.npz",
    "columns.npz",
    "sets.mat",
    "vectors.mat",
    "mixed.mat",
    "train-images-idx3-ubyte.gz",
    "train-labels-idx1-ubyte",
    "comma.csv.gz",
];

#[test]
fn a_file_cut_short_is_refused() {
    let (folder, mut whole_before) = (tempfile::tempdir().unwrap(), 0);
    for name in FILES {
        let whole = fs::read(file(name)).unwrap();
        for length in 0..whole.len() {
            let path = folder.path().join(name);
            fs::write(&path, &whole[..length]).unwrap();
            let read = read(&path);
            // A file of MATLAB's has no end but that of its last variable.
            let is_whole = name.ends_with(".mat");
            assert!(read.is_err() || is_whole, "{name} cut to {length} bytes");
            whole_before += usize::from(read.is_ok());
        }
    }
    assert_eq!(whole_before, 3, "each file of MATLAB's has two variables");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

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
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let _ = read(&path);
    }
}
