//! Files that are whole, but not what they should be: refused, never read in part.

use std::io::{Cursor, Write};

use flate2::Compression;
use flate2::write::ZlibEncoder;
use nablab_data::dataset_file::{mat, npz};
use nablab_data::table;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// An array as NumPy stores it: `descr`, shape, bytes.
fn array(descr: &str, shape: &str, bytes: &[u8]) -> Vec<u8> {
    let header = format!("{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}\n");
    let length = u16::try_from(header.len()).unwrap().to_le_bytes();
    [b"\x93NUMPY\x01\x00", &length[..], header.as_bytes(), bytes].concat()
}

fn archive(arrays: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in arrays {
        archive.start_file(format!("{name}.npy"), SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn labels() -> Vec<u8> {
    array("'|u1'", "(2,)", &[0, 1])
}

#[test]
fn npz_numbers_may_have_any_real_type() {
    // np.array([[1.5], [-2]], dtype=np.float16).tobytes()
    let halves = array("'<f2'", "(2, 1)", &[0x00, 0x3e, 0x00, 0xc0]);
    let set = npz::read(&archive(&[("X", halves), ("y", labels())]), "a.npz").unwrap().train;
    assert_eq!(set.x(), [1.5, -2.0]);
    let booleans = array("'|b1'", "(2,)", &[1, 0]);
    let points = array("'|i1'", "(2, 1)", &[3, 4]);
    let set = npz::read(&archive(&[("X", points), ("y", booleans)]), "a.npz").unwrap().train;
    assert_eq!((set.x(), set.labels()), (&[3.0, 4.0][..], &[1, 0][..]));
}

#[test]
fn npz_refuses_what_it_would_have_to_ignore() {
    let error = |arrays: &[(&str, Vec<u8>)]| npz::read(&archive(arrays), "a.npz").unwrap_err().to_string();
    let points = || array("'|i1'", "(2, 1)", &[3, 4]);
    let dates = array("'<M8[D]'", "(2, 1)", &[0; 16]);
    let message = error(&[("X", dates), ("y", labels())]);
    assert!(message.contains("array X: expected real numbers") && message.contains("dates"), "{message}");
    let message = error(&[("X", points()), ("y", labels()), ("X_test", points())]);
    assert!(message.contains("expected arrays X_test and y_test"), "{message}");
    // However deep they nest: records are none of ours.
    let nested = format!("{}{}", "[']', ".repeat(60), "]".repeat(60));
    let message = error(&[("X", array(&nested, "(2, 1)", &[3, 4])), ("y", labels())]);
    assert!(message.contains("array X") && message.contains("records"), "{message}");
}

#[test]
fn shapes_without_numbers_may_claim_any_size() {
    // Going through the rows of no columns would not end.
    let rows = i64::MAX;
    let mut fortran = array("'<f8'", &format!("({rows}, 0)"), &[]);
    let at = fortran.windows(5).position(|word| word == b"False").unwrap();
    fortran[at..at + 5].copy_from_slice(b"True ");
    let error = npz::read(&archive(&[("X", fortran), ("y", labels())]), "a.npz").unwrap_err().to_string();
    assert!(error.contains("array X: expected at least one example and one feature"), "{error}");
    for shape in [format!("({rows}, {rows})"), format!("({rows}, {rows}, 0)")] {
        let error = table::read(&array("'<f8'", &shape, &[]), "a.npy").unwrap_err().to_string();
        assert!(error.contains("a shape of more numbers than can be counted"), "{shape}: {error}");
    }
    // Python has other ways to write a number, and NumPy uses none of them.
    for shape in ["(0x7f, 3)", "(3_0,)"] {
        let error = table::read(&array("'<f8'", shape, &[]), "a.npy").unwrap_err().to_string();
        assert!(error.contains("expected a readable array"), "{shape}: {error}");
    }
}

/// A variable of doubles in a MATLAB 5 file.
fn variable(name: &str, dims: &[u32], values: &[f64]) -> Vec<u8> {
    let element = |kind: u32, bytes: &[u8]| {
        let mut element = [&kind.to_le_bytes(), &(bytes.len() as u32).to_le_bytes(), bytes].concat();
        element.resize(element.len().next_multiple_of(8), 0);
        element
    };
    let dims: Vec<u8> = dims.iter().flat_map(|d| d.to_le_bytes()).collect();
    let values: Vec<u8> = values.iter().flat_map(|v| v.to_le_bytes()).collect();
    let flags = element(6, &[6, 0, 0, 0, 0, 0, 0, 0]);
    let parts = [flags, element(5, &dims), element(1, name.as_bytes()), element(9, &values)];
    element(14, &parts.concat())
}

fn compressed(variable: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(variable).unwrap();
    let bytes = encoder.finish().unwrap();
    [&15_u32.to_le_bytes(), &(bytes.len() as u32).to_le_bytes(), &bytes[..]].concat()
}

#[test]
fn mat_errors_name_the_variable() {
    let x = || variable("X", &[2, 1], &[1.0, 2.0]);
    let y = || variable("y", &[2, 1], &[0.0, 1.0]);
    let test = [variable("Xval", &[1, 1], &[1.0]), variable("yval", &[1, 1], &[0.0])].concat();
    let read = |variables: &[Vec<u8>]| {
        let header = [b"MATLAB 5.0 MAT-file".as_slice(), &[b' '; 105], &[0, 1, b'I', b'M']].concat();
        mat::read(&[header, variables.concat(), test.clone()].concat(), "a.mat")
    };
    assert_eq!(read(&[x(), y()]).unwrap().train.x(), [1.0, 2.0]);
    let refused = |variables: &[Vec<u8>], words: &[&str]| {
        let message = read(variables).unwrap_err().to_string();
        words.iter().for_each(|word| assert!(message.contains(word), "no `{word}` in {message}"));
    };
    refused(&[x(), x(), y()], &["expected one X, got several"]);
    refused(&[x(), y(), vec![0; 16]], &["expected a variable or the end"]);
    // Bytes after the numbers, within the variable and within what is compressed.
    let mut long = [x(), vec![0; 8]].concat();
    long[4] += 8;
    refused(&[long, y()], &["expected the end of the variable, got 8 more bytes"]);
    let packed = compressed(&[x(), vec![0; 8]].concat());
    refused(&[packed, y()], &["expected the end of the variable, got 8 more bytes"]);
    assert!(read(&[compressed(&x()), y()]).is_ok());
    let cube = variable("X", &[2, 1, 1], &[1.0, 2.0]);
    refused(&[cube, y()], &["variable X: expected two dimensions", "hint: rows are examples"]);
    let hole = variable("X", &[2, 2], &[1.0, 2.0, 3.0, f64::NAN]);
    refused(&[hole, y()], &["variable X, row 2, column 2: expected a finite number, got NaN"]);
}
