//! Arrays by their names, as people hand them to each other.

use nablab_data::dataset_file::npz::Archive;
use nablab_data::named_arrays::{NamedArray, csv, npz};

#[test]
fn any_type_of_numbers_is_read() {
    let mut archive = Archive::new();
    archive.array("grads/dW1", &[2, 1], "<f4", [0.1_f32, -2.0].map(f32::to_le_bytes).into_iter());
    archive.array("t", &[], ">i8", [3_i64.to_be_bytes()].into_iter());
    archive.array("D1", &[0, 4], "|b1", std::iter::empty::<[u8; 1]>());
    let read = npz::read(&archive.into_bytes(), "a.npz").unwrap();
    let expected = [
        NamedArray::new("grads/dW1", [2, 1], [f64::from(0.1_f32), -2.0]),
        NamedArray::new("t", [], [3.0]),
        NamedArray::new("D1", [0, 4], []),
    ];
    assert_eq!(read, expected);
}

#[test]
fn what_is_no_archive_of_numbers_is_refused() {
    let refused = |bytes: &[u8], words: &str| {
        let error = npz::read(bytes, "a.npz").unwrap_err().to_string();
        assert!(error.starts_with("a.npz: ") && error.contains(words) && error.contains("hint: "), "{error}");
    };
    refused(b"dW1", "expected a NumPy .npz archive");
    let mut texts = Archive::new();
    texts.texts("names", &[1], ["dW1"].into_iter());
    refused(&texts.into_bytes(), "array names: expected real numbers, got type <U3");
}

#[test]
fn lines_come_in_any_order() {
    let text = "\u{feff}value, Row,column,name\n-2e-1,1,0,b1\n 0.25 ,0,0,b1\n7,,,lambda\n";
    let read = csv::read(text.as_bytes(), "a.csv").unwrap();
    assert_eq!(
        (&read[0].name[..], &read[0].shape[..], &read[0].values[..]),
        ("b1", &[2, 1][..], &[0.25, -0.2][..])
    );
    assert_eq!((&read[1].shape[..], &read[1].values[..]), (&[1, 1][..], &[7.0][..]));
    let odd = [NamedArray::new("a, \"b\"", [1, 2], [f64::MIN_POSITIVE, -1e300])];
    let again = csv::read(&csv::write(&odd), "a.csv").unwrap();
    assert_eq!((&again[0].name, &again[0].values), (&odd[0].name, &odd[0].values));
}

#[test]
fn what_is_no_matrix_is_refused() {
    let refused = |lines: &str, words: &str| {
        let text = format!("name,row,column,value\n{lines}");
        let error = csv::read(text.as_bytes(), "a.csv").unwrap_err().to_string();
        assert!(error.starts_with("a.csv: ") && error.contains(words) && error.contains("hint: "), "{error}");
    };
    refused("W,0,0,nan", "line 2, column value: expected a finite number, got \"nan\"");
    refused("W,-1,0,1", "line 2, column row: expected a whole number from 0, got \"-1\"");
    refused("W,0,0,1\nW,0,0,1", "line 3: expected each entry once, got W[0, 0] a second time");
    refused("W,0,0,1\nW,1,1,1", "matrix W: expected W[0, 1] among 2 rows of 2, got no line for it");
    refused("W,1,1,1", "expected W[0, 0] among 2 rows of 2");
    refused("W,18446744073709551615,18446744073709551615,1", "matrix W: expected W[0, 0]");
    refused("W,0,0", "lines of text");
    let error = csv::read(b"W,0,0,1\n", "a.csv").unwrap_err().to_string();
    assert!(error.contains("line 1: expected name,row,column,value, got W,0,0,1"), "{error}");
}
