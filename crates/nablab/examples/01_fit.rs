//! Fit a network to a table in memory, judge it, and predict.
//!
//!     cargo run -p nablab --example 01_fit
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;

pub fn main() -> Result<(), Error> {
    // A class that depends on two columns together, as no linear model can tell it.
    let rows: String = (0..400).map(|i| (i % 20, i / 20)).map(row).collect();
    let table = csv::read(format!("width,height,colour\n{rows}").as_bytes(), "tiles.csv")?;

    let changes = Changes { target: Some(vec!["colour".into()]), epochs: Some(60), ..Changes::default() };
    let mut settings = Settings::default();
    changes.apply(&mut settings)?;

    let fitted = settings.fit(&table, Options::default(), &())?;
    let judged = fitted.record.summary.validation.as_ref().map_or(f64::NAN, Metrics::headline);
    println!("accuracy on the rows held out: {judged:.3}");
    assert!(judged > 0.9);

    let new = csv::read_as("width,height\n2,3\n2,18\n".as_bytes(), "new.csv", &fitted.model.reading())?;
    let answers: Vec<Vec<String>> = fitted.model.predict(&new)?.answers().collect();
    println!("{answers:?}");
    assert_eq!(answers, [["dark"], ["light"]]);
    Ok(())
}

fn row((width, height): (i32, i32)) -> String {
    let colour = if (width < 10) == (height < 10) { "dark" } else { "light" };
    format!("{width},{height},{colour}\n")
}
