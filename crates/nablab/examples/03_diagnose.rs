//! What is wrong with a training, and what follows from it: the first advice is taken, and helps.
//!
//!     cargo run -p nablab --example 03_diagnose
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;

pub fn main() -> Result<(), Error> {
    let wave = |x: f64| format!("{x},{}\n", (x / 10.0).sin());
    let rows: String = (0..300).map(|i| wave(f64::from(i % 75))).collect();
    let table = csv::read(format!("x,y\n{rows}").as_bytes(), "wave.csv")?;
    let text = "learning_rate = 1e-6\nepochs = 40\n[data]\ntarget = [\"y\"]";
    let settings = Settings::from_toml(text, "recipe.toml")?;

    let fitted = settings.fit(&table, Options::default(), &())?;
    let evidence = fitted.record.evidence.as_ref().expect("a training leaves some");
    let finding = &fitted.findings()[0];
    println!("{}: {}", finding.code(), finding.sentence(Lang::En));
    assert_eq!(finding.code(), "learning-rate-too-low");

    let advice = &finding.advice(evidence)[0];
    println!("try: {}", advice.flags());
    let mut changed = settings.clone();
    Changes::of(advice).expect("a change of one training").apply(&mut changed)?;
    let better = changed.fit(&table, Options::default(), &())?;
    let loss = |fitted: &Fitted| fitted.record.history.last().map_or(f64::NAN, |epoch| epoch.validation_loss);
    println!("validation loss {:.4}, then {:.4}", loss(&fitted), loss(&better));
    assert!(loss(&better) < loss(&fitted));
    Ok(())
}
