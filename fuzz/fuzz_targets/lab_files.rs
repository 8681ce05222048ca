//! The files of the labs, and what is handed in to be judged: as they are, and with archives made of what they hold.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nablab_data::dataset_file::{csv, mat, npz};
use nablab_data::named_arrays;
use nablab_fuzz::{arrays, compressed_mat, within, zip};

fuzz_target!(|bytes: &[u8]| {
    if let Ok(set) = within(bytes.len(), || csv::read(bytes, "a.csv")) {
        assert_eq!(csv::read(&csv::write(&set), "again").unwrap(), set);
    }
    if let Ok(arrays) = within(bytes.len(), || named_arrays::csv::read(bytes, "a.csv")) {
        let again = named_arrays::csv::read(&named_arrays::csv::write(&arrays), "again").unwrap();
        assert!(arrays.iter().zip(&again).all(|(a, b)| (&a.shape, &a.values) == (&b.shape, &b.values)));
    }
    let _ = within(bytes.len(), || npz::read(bytes, "a.npz"));
    let _ = within(bytes.len(), || named_arrays::npz::read(bytes, "a.npz"));
    let _ = within(bytes.len(), || mat::read(bytes, "a.mat"));
    if let Some(packed) = compressed_mat(bytes) {
        let _ = within(packed.len(), || mat::variables(&packed, "a.mat"));
    }
    let members: Vec<_> = ["X.npy", "y.npy", "X_test.npy"].into_iter().zip(arrays(bytes)).collect();
    if !members.is_empty() {
        let archive = zip(&members);
        let _ = within(archive.len(), || named_arrays::npz::read(&archive, "a.npz"));
        if let Ok(parts) = within(archive.len(), || npz::read(&archive, "a.npz")) {
            assert_eq!(npz::read(&npz::write(&parts.train), "again").unwrap().train, parts.train);
        }
    }
});
