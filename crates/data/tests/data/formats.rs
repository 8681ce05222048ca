//! Readers and writers: what goes out comes back, and damage is always noticed.
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use std::path::Path;

use nablab_data::dataset_file::{csv, mat, npz};
use nablab_data::{DataError, Dataset, Generator, load, write_file};
use proptest::prelude::*;

fn moons() -> Dataset {
    Generator::Moons { samples: 50, noise: 0.2, seed: 3 }.generate().unwrap()
}

fn course_file() -> Option<Vec<u8>> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/reference/data.mat");
    let bytes = std::fs::read(path).ok();
    if bytes.is_none() {
        eprintln!("skipped: the course's data.mat is not here");
    }
    bytes
}

#[test]
fn the_course_file_is_read_whole() {
    let Some(bytes) = course_file() else { return };
    let parts = mat::read(&bytes, "data.mat").unwrap();
    let test = parts.test.unwrap();
    assert_eq!((parts.train.features(), parts.train.examples(), parts.train.count(1)), (2, 211, 106));
    assert_eq!((test.features(), test.examples(), test.count(1)), (2, 200, 87));
    assert_eq!(parts.train.bounds(0), (-0.596774, 0.297235));
    assert_eq!(parts.train.bounds(1), (-0.657895, 0.573392));
}

/// Every file cut short is refused; every file with one bit flipped is refused or reads the same.
///
/// But for one flip: it makes `yval` another sequence of zeros and ones with the same Adler-32 checksum, which
/// is weak on 200 small numbers. No reader can tell.
#[test]
fn a_damaged_course_file_never_reads_otherwise() {
    let Some(bytes) = course_file() else { return };
    let whole = mat::read(&bytes, "data.mat").unwrap();
    for length in 0..bytes.len() {
        assert!(mat::read(&bytes[..length], "data.mat").is_err(), "cut to {length} bytes");
    }
    let mut unnoticed = 0;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        match mat::read(&flipped, "data.mat") {
            Ok(parts) => unnoticed += usize::from(parts != whole),
            Err(DataError::Format { .. }) => {}
            Err(other) => panic!("bit {bit}: {other}"),
        }
    }
    assert!(unnoticed <= 1, "{unnoticed} flips change the data unnoticed");
}

#[test]
fn other_versions_of_matlab_files_are_named() {
    let mut bytes = vec![b' '; 128];
    bytes[124..].copy_from_slice(&[0, 2, b'I', b'M']);
    let error = mat::read(&bytes, "new.mat").unwrap_err().to_string();
    assert!(error.contains("version 0x0100") && error.contains("-v7"), "{error}");
    let error = mat::read(&[0x89; 200], "hdf.mat").unwrap_err().to_string();
    assert!(error.contains("MATLAB 5"), "{error}");
}

#[test]
fn csv_errors_name_line_and_column() {
    let error = |text: &str| csv::read(text.as_bytes(), "a.csv").unwrap_err().to_string();
    assert!(error("x1,x2,label\n1,2,0\n1,two,0\n").contains("line 3, column x2"));
    assert!(error("x1,x2,label\n1,2,0\n1,2\n").contains("line 3"), "{}", error("x1,x2,label\n1,2,0\n1,2\n"));
    assert!(error("x1,x2,label\n1,2,0.5\n").contains("column label"));
    assert!(error("x1,x2,label\n1,inf,0\n").contains("column x2"));
    assert!(error("1,2,0\n1,2,1\n").contains("names of the columns"));
    assert!(error("a,label,label\n1,0,1\n").contains("one column label"));
    assert!(error("y,a,Y\n1,2,0\n").contains("one column y"));
    let long = error(&format!("a,label\n{}\u{1b},0\n", "x".repeat(200)));
    assert!(long.contains("…") && long.len() < 250 && !long.contains('\u{1b}'), "{long}");
    assert!(error("").contains("line 1"));
    assert!(error("x1,x2,label\n").contains("an example"));
}

#[test]
fn csv_finds_the_label_by_name_and_reads_a_byte_order_mark() {
    let set = csv::read(b"\xef\xbb\xbfy,a,b\r\n1, 2.5 ,3\r\n0,4,5\r\n", "a.csv").unwrap();
    assert_eq!(set.labels(), [1, 0]);
    assert_eq!(set.rows().collect::<Vec<_>>(), [[2.5, 3.0], [4.0, 5.0]]);
}

#[test]
fn npz_refuses_what_is_no_archive() {
    for bytes in [&b"not a zip"[..], b"", b"PK\x05\x06"] {
        let error = npz::read(bytes, "a.npz").unwrap_err().to_string();
        assert!(error.contains("a.npz") && error.contains("np.savez"), "{error}");
    }
}

#[test]
fn a_written_file_is_whole_or_absent() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("new");
    let file = folder.join("moons.csv");
    write_file(&file, &csv::write(&moons()), &|| false).unwrap();
    assert_eq!(load(&file).unwrap().train, moons());
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no temporary file stays");
    // A folder stands where the file should go.
    let error = write_file(&folder, b"x", &|| false).unwrap_err();
    assert!(matches!(error, DataError::Write { .. }));
    let error = write_file(&folder.join("sub/b.csv"), b"x", &|| true).unwrap_err();
    assert!(matches!(error, DataError::Cancelled));
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1, "no temporary file and no new folder stays");
    assert!(matches!(load(Path::new("/nowhere/a.csv")), Err(DataError::Read { .. })));
    assert!(load(Path::new("a.xyz")).unwrap_err().to_string().contains(".csv, .npz or .mat"));
}

#[test]
fn generators_refuse_values_out_of_range() {
    let refused = |generator: Generator, name: &str| {
        let error = generator.generate().unwrap_err().to_string();
        assert!(error.contains(name), "{error}");
    };
    refused(Generator::Moons { samples: 0, noise: 0.0, seed: 0 }, "samples");
    refused(Generator::Moons { samples: usize::MAX, noise: 0.0, seed: 0 }, "samples");
    refused(Generator::Moons { samples: 50, noise: 1e308, seed: 0 }, "finite");
    refused(Generator::Xor { samples: 5, noise: f64::NAN, seed: 0 }, "noise");
    refused(Generator::Circles { samples: 5, noise: -0.1, factor: 0.5, seed: 0 }, "noise");
    refused(Generator::Circles { samples: 5, noise: 0.1, factor: 1.5, seed: 0 }, "factor");
    refused(Generator::Blobs { samples: 5, noise: 0.1, centers: 1, seed: 0 }, "centers");
    refused(Generator::Spirals { samples: 5, noise: 0.1, arms: 0, seed: 0 }, "arms");
}

#[test]
fn a_recipe_table_names_a_generator() {
    let read = |text: &str| toml::from_str::<Generator>(text);
    let moons = read("source = \"moons\"\nsamples = 20\nnoise = 0.2\nseed = 3").unwrap();
    assert_eq!(moons, Generator::Moons { samples: 20, noise: 0.2, seed: 3 });
    assert!(read("source = \"moons\"\nsamples = 20\nfactor = 1").unwrap_err().to_string().contains("factor"));
    assert!(read("source = \"suns\"\nsamples = 20").unwrap_err().to_string().contains("suns"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Any set survives both formats.
    #[test]
    fn what_is_written_is_read(
        features in 1_usize..4,
        labels in prop::collection::vec(0_u32..4, 1..20),
        numbers in prop::collection::vec(prop::num::f64::NORMAL | prop::num::f64::ZERO, 60),
    ) {
        let set = Dataset::from_rows(features, &numbers[..features * labels.len()], labels).unwrap();
        prop_assert_eq!(&csv::read(&csv::write(&set), "a.csv").unwrap(), &set);
        prop_assert_eq!(&npz::read(&npz::write(&set), "a.npz").unwrap().train, &set);
    }

    /// No bytes make a reader panic; a changed archive is refused or reads the same.
    #[test]
    fn readers_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..300), at in any::<prop::sample::Index>(), byte: u8) {
        let _ = csv::read(&bytes, "a.csv");
        let _ = npz::read(&bytes, "a.npz");
        let _ = mat::read(&bytes, "a.mat");
        let mut matlab = vec![b' '; 124];
        matlab.extend([0, 1, b'I', b'M']);
        matlab.extend(&bytes);
        let _ = mat::read(&matlab, "a.mat");
        let mut archive = npz::write(&moons());
        let at = at.index(archive.len());
        archive[at] = byte;
        let _ = npz::read(&archive, "a.npz");
        let mut text = csv::write(&moons());
        let at = at % text.len();
        text[at] = byte;
        let _ = csv::read(&text, "a.csv");
    }
}
