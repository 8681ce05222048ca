//! Folds: every row is judged by a model that has not learned from it, and the measures have a spread.
//!
//!     cargo run -p nablab --example 11_folds
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;

pub fn main() -> Result<(), Error> {
    let rows: String = (0..300).map(|i| (i % 20, i / 20)).map(row).collect();
    let table = csv::read(format!("width,height,colour\n{rows}").as_bytes(), "tiles.csv")?;
    let settings = Settings::from_toml("epochs = 40\n[data]\ntarget = [\"colour\"]", "recipe.toml")?;

    let validated = settings.cross_validate(&table, 5, Options::default(), &())?;
    for metric in validated.found.metrics(Lang::En) {
        let [mean, deviation] = [metric.mean, metric.deviation].map(Option::unwrap_or_default);
        println!("{}: {mean:.3} ± {deviation:.3}", metric.name);
    }
    let accuracy = validated.found.metrics(Lang::En)[0].mean.unwrap_or_default();
    assert!(accuracy > 0.9);

    let answers = validated.predictions.answers().zip((0..300).map(|i| colour(i % 20, i / 20)));
    let wrong: Vec<usize> =
        answers.enumerate().filter(|(_, (a, b))| a[0] != *b).map(|(row, _)| row).collect();
    println!("rows that the other folds do not explain: {wrong:?}");
    assert_eq!(validated.models.len(), 5);
    assert!(wrong.len() < 30);
    Ok(())
}

fn colour(width: i32, height: i32) -> &'static str {
    if (width < 10) == (height < 8) { "dark" } else { "light" }
}

fn row((width, height): (i32, i32)) -> String {
    format!("{width},{height},{}\n", colour(width, height))
}
