//! A reply as it goes over the wire.

use nablab::session::Reply;

/// The length of the events in four bytes, the events as JSON, zeros up to a multiple of four, the numbers as `f32`; all numbers
/// with their lowest byte first. So a page reads the numbers where they lie.
pub(crate) fn bytes(reply: &Reply) -> Vec<u8> {
    let events = serde_json::to_vec(&reply.events).expect("events are plain data");
    let length = u32::try_from(events.len()).expect("events are short");
    let start = (4 + events.len()).next_multiple_of(4);
    let mut bytes = Vec::with_capacity(start + 4 * reply.numbers.len());
    bytes.extend(length.to_le_bytes());
    bytes.extend(events);
    bytes.resize(start, 0);
    bytes.extend(reply.numbers.iter().flat_map(|number| number.to_le_bytes()));
    bytes
}
