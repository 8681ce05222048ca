//! One variant of a lab, followed epoch by epoch, and its numbers beside those that the course published.
//!
//!     cargo run -p nablab --example 09_lab_variant
#![allow(missing_docs, clippy::print_stdout)]

use nablab::labs::{Knobs, Lab, LabError};
use nablab::prelude::*;
use nablab::report::RegionStyle;

pub fn main() -> Result<(), LabError> {
    let lab = Lab::Initialization.plan(None, &Knobs::default())?;
    let mut training = lab.training("he")?;
    while training.epoch() {
        if training.epochs_done().is_multiple_of(3000) {
            let now = training.run();
            println!("epoch {}: cost {:.4}, accuracy {:.3}", now.epochs, now.train.cost, now.train.accuracy);
        }
    }
    let (variant, run) = (training.variant(), training.run());
    let compared = lab.compare(variant, &run);
    for number in compared.iter().filter(|number| number.name.ends_with("accuracy")) {
        println!("{}: {:?}, published {:?}", number.name, number.got, number.published);
    }
    assert!(compared.len() > 10 && compared.iter().all(|number| number.agrees));

    let curve = variant.cost_curve(&run, Lang::En);
    let boundary = lab.boundary(variant, &run, RegionStyle::Classes, Lang::En);
    assert_eq!(boundary.title.as_deref(), Some("Model with He initialization"));
    for figure in [curve, boundary] {
        println!("{}: {}", figure.name, figure.caption);
    }
    Ok(())
}
