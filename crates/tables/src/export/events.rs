//! TensorBoard's event files, as a whole or record by record while a training runs.
//!
//! A file is the bytes of [`start`] and then, for each epoch, those of [`epoch`]; TensorBoard follows a file that grows.
//! Scalars are `loss/train`, `loss/validation`, `metric/train`, `metric/validation` and `learning_rate`, in single
//! precision, for that is what the format has; their step is the epoch. What is not a number is left out.
//!
//! A record is its length (8 bytes, little-endian), a checksum of these 8 bytes, a message `Event` and a checksum of that.

use prost::{Message, Oneof};

use crate::Epoch;

/// The first record: the version of the format. `wall_time` is in seconds since 1970.
///
/// ```
/// use nablab_tables::export::events;
/// let bytes = events::start(1.0);
/// assert_eq!(bytes[..8], 24_u64.to_le_bytes()); // the message, between checksums
/// assert_eq!(bytes.len(), 8 + 4 + 24 + 4);
/// assert!(bytes[12..].windows(13).any(|part| part == b"brain.Event:2"));
/// ```
pub fn start(wall_time: f64) -> Vec<u8> {
    record(&Event { wall_time, step: 0, what: Some(What::FileVersion("brain.Event:2".into())) })
}

/// The scalars of an epoch that ended at `wall_time`, in seconds since 1970.
pub fn epoch(epoch: &Epoch, wall_time: f64) -> Vec<u8> {
    let scalars = [
        ("loss/train", epoch.train_loss),
        ("loss/validation", epoch.validation_loss),
        ("metric/train", epoch.train_metric),
        ("metric/validation", epoch.validation_metric),
        ("learning_rate", epoch.learning_rate),
    ];
    let given = scalars.into_iter().filter(|(_, number)| !number.is_nan());
    let scalar = |(tag, number): (&str, f64)| Scalar { tag: tag.into(), number: Some(number as f32) };
    let summary = Summary { scalars: given.map(scalar).collect() };
    record(&Event { wall_time, step: epoch.epoch as i64, what: Some(What::Summary(summary)) })
}

/// The customary name of a file: TensorBoard looks for those that have `tfevents` in their names. What could be no part
/// of a name becomes `_`.
///
/// ```
/// assert_eq!(nablab_tables::export::events::file_name(1.8e9, "a/b"), "events.out.tfevents.1800000000.a_b");
/// ```
pub fn file_name(wall_time: f64, host: &str) -> String {
    let is_plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-' | '_');
    let host: String = host.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    format!("events.out.tfevents.{:010}.{host}", wall_time as u64)
}

/// `tensorflow.Event`, as far as it is written here.
#[derive(Clone, PartialEq, Message)]
struct Event {
    #[prost(double, tag = "1")]
    wall_time: f64,
    #[prost(int64, tag = "2")]
    step: i64,
    #[prost(oneof = "What", tags = "3, 5")]
    what: Option<What>,
}

#[derive(Clone, PartialEq, Oneof)]
enum What {
    #[prost(string, tag = "3")]
    FileVersion(String),
    #[prost(message, tag = "5")]
    Summary(Summary),
}

#[derive(Clone, PartialEq, Message)]
struct Summary {
    #[prost(message, repeated, tag = "1")]
    scalars: Vec<Scalar>,
}

#[derive(Clone, PartialEq, Message)]
struct Scalar {
    #[prost(string, tag = "1")]
    tag: String,
    /// A choice among several kinds of values: 0 has to be written, too.
    #[prost(float, optional, tag = "2")]
    number: Option<f32>,
}

fn record(event: &Event) -> Vec<u8> {
    let message = event.encode_to_vec();
    let length = (message.len() as u64).to_le_bytes();
    let (of_length, of_message) = (checksum(&length), checksum(&message));
    [&length[..], &of_length, &message, &of_message].concat()
}

/// CRC-32C, masked as in TFRecord files.
fn checksum(bytes: &[u8]) -> [u8; 4] {
    const MASK: u32 = 0xa282_ead8;
    crc32c::crc32c(bytes).rotate_right(15).wrapping_add(MASK).to_le_bytes()
}
