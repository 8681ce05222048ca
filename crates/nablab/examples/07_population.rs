//! Many trainings at once, one on each thread: the same network from a hundred seeds.
//!
//!     cargo run --release -p nablab --example 07_population
#![allow(missing_docs, clippy::print_stdout)]

use std::num::NonZeroUsize;
use std::thread::available_parallelism;

use nablab::data::Generator;
use nablab::engine::population::{Member, train_many};
use nablab::engine::{Hidden, MatRef, Recipe, Seed, Settings};

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let moons = Generator::Moons { samples: 100, noise: 0.1, seed: 3 }.generate()?;
    let x = MatRef::new(moons.x(), moons.features(), moons.examples());
    let targets = moons.targets();
    let y = MatRef::new(&targets, moons.outputs(), moons.examples());

    let recipe = |seed| {
        let hidden = vec![Hidden::relu(8)];
        Settings {
            hidden,
            epochs: 100,
            learning_rate: 0.05,
            seed: Seed::Streams(seed),
            ..Settings::default()
        }
        .check()
    };
    let recipes: Vec<Recipe> = (0..100).map(recipe).collect::<Result<_, _>>()?;
    let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x, y: y.into() }).collect();
    let threads = available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let trained = train_many(&members, threads, |_| ())?;
    let diverged = trained.iter().filter(|(end, ())| end.divergence.is_some()).count();
    println!("{} trainings, {diverged} diverged", trained.len());
    assert_eq!((trained.len(), diverged), (100, 0));
    Ok(())
}
