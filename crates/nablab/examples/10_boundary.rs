//! Two moons: a training that is followed epoch by epoch and stopped, and its decision boundary as the bytes of a file.
//!
//!     cargo run -p nablab --example 10_boundary
#![allow(missing_docs, clippy::print_stdout)]

use std::convert::Infallible;

use nablab::data::Generator;
use nablab::engine::{Hidden, MatRef, Settings, Trainer};
use nablab::report::{Boundary, Figure};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let moons = Generator::Moons { samples: 300, noise: 0.1, seed: 3 }.generate()?;
    let (x, targets) = (MatRef::new(moons.x(), 2, moons.examples()), moons.targets());
    let recipe =
        Settings { hidden: vec![Hidden::relu(10); 2], epochs: 1000, ..Settings::default() }.check()?;
    let mut trainer = Trainer::new(&recipe, x, MatRef::new(&targets, 1, moons.examples()))?;

    let mut accuracy = 0.0;
    while trainer.epochs_done() < recipe.epochs && accuracy < 0.98 {
        trainer.epoch(&mut ()).map_err(|divergence| divergence.to_string())?;
        let p = trainer.network().predict(trainer.params(), x);
        let right = p.iter().zip(&targets).filter(|(p, y)| (**p > 0.5) == (**y == 1.0));
        accuracy = right.count() as f64 / moons.examples() as f64;
    }
    println!("accuracy {accuracy:.3} after {} epochs", trainer.epochs_done());
    assert!(accuracy >= 0.98 && trainer.epochs_done() < recipe.epochs);

    let predict = |x: &[f64]| trainer.network().predict(trainer.params(), MatRef::new(x, 2, x.len() / 2));
    let boundary = Boundary::around(moons.points().collect(), moons.labels().to_vec());
    let Ok(figure) = boundary.figure("wrong", |x| Ok::<_, Infallible>(predict(x)));
    let [svg, png] = Figure { name: "moons".into(), ..figure }.files(1.5)?;
    println!("{}: {} bytes, {}: {} bytes", svg.name, svg.bytes.len(), png.name, png.bytes.len());
    assert!(svg.bytes.starts_with(b"<svg") && png.bytes.starts_with(b"\x89PNG"));
    Ok(())
}
