//! Where a network learns, where it does not, and where it diverges: a landscape over two settings.
//!
//!     cargo run -p nablab --example 06_landscape
#![allow(missing_docs, clippy::print_stdout)]

use std::num::NonZeroUsize;

use nablab::prelude::*;
use nablab::study::landscape::{Axes, Plane};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let axes = Axes::Settings {
        x: "learning_rate=1e-2..100".parse()?,
        y: Some("init.normal.scale=0.01..100".parse()?),
        refine: 0,
        reach: None,
    };
    // The network and the circles of the initialisation lab.
    let plane = Plane::of_lab(&axes, 8, &Changes { epochs: Some(200), ..Changes::default() })?;
    let drawn = plane.draw(NonZeroUsize::MIN, None, &())?;
    print!("{}", drawn.text);
    let names: Vec<&str> = drawn.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["loss.svg", "loss.png", "steps.svg", "steps.png", "cells.csv"]);
    Ok(())
}
