//! Where a network learns, where it does not, and where it diverges: a landscape over two settings.
//!
//!     cargo run -p nablab --example 06_landscape
#![allow(missing_docs, clippy::print_stdout)]

use std::num::NonZeroUsize;

use nablab::engine::{Init, Settings};
use nablab::study::landscape::{Examples, LandscapePlan, Plane, lab_settings};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let settings = Settings { epochs: 200, ..lab_settings(Init::Normal { scale: 1.0 }) };
    let plan = LandscapePlan {
        x: "learning_rate=1e-2..100".parse()?,
        y: "init.normal.scale=0.01..100".parse()?,
        size: 8,
        refine: 0,
        reach: None,
    };
    let plane = Plane::Settings { settings: Box::new(settings), plan };
    let circles = Examples::<f32>::circles()?;
    let drawn = plane.draw(circles.rows(), true, NonZeroUsize::MIN, None, &|_, _| true)?;
    print!("{}", drawn.text);
    let names: Vec<&str> = drawn.files.iter().map(|file| &*file.name).collect();
    assert_eq!(names, ["loss.svg", "loss.png", "steps.svg", "steps.png", "cells.csv"]);
    Ok(())
}
