//! The command `nablab`.
#![forbid(unsafe_code)]
fn main() {}
