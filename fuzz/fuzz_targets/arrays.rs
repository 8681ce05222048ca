//! Tables in files of arrays: every reader gets the bytes, and archives are made of what they hold, so that a changed
//! bit gets past the checksum.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nablab_data::table;
use nablab_fuzz::{arrays, compressed_mat, gzip, within, zip};

fn read(bytes: &[u8], name: &str) {
    if let Ok(table) = within(bytes.len(), || table::read(bytes, name)) {
        assert!(table.columns().iter().all(|column| column.values.len() == table.rows()));
    }
}

fuzz_target!(|bytes: &[u8]| {
    for name in ["a.npy", "a.npz", "a.mat", "a-idx3-ubyte"] {
        read(bytes, name);
    }
    read(&gzip(bytes), "a-idx3-ubyte.gz");
    if let Some(packed) = compressed_mat(bytes) {
        read(&packed, "a.mat");
    }
    let arrays = arrays(bytes);
    for names in [["X.npy", "y.npy", "z.npy"], ["a.npy", "b.npy", "c.npy"]] {
        let members: Vec<_> = names.into_iter().zip(arrays.iter().copied()).collect();
        if !members.is_empty() {
            read(&zip(&members), "a.npz");
        }
    }
});
