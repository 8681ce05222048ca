//! Tables in text: as they are, by the delimiter of their name, and packed.
#![no_main]

use libfuzzer_sys::fuzz_target;
use nablab_data::table;
use nablab_fuzz::{gzip, within};

fuzz_target!(|bytes: &[u8]| {
    let plain = within(bytes.len(), || table::csv::read(bytes, "t.csv"));
    let packed = gzip(bytes);
    let unpacked = within(bytes.len(), || table::read(&packed, "t.csv.gz"));
    match (plain, unpacked) {
        (Ok(plain), Ok(unpacked)) => assert_eq!(plain, unpacked),
        (plain, unpacked) => assert_eq!(plain.is_ok(), unpacked.is_ok()),
    }
    let _ = within(bytes.len(), || table::read(bytes, "t.tsv"));
    let _ = within(bytes.len(), || table::read(bytes, "t.csv.gz"));
});
