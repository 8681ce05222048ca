//! A training in a folder: stopped, gone on with, and looked at.
//!
//!     cargo run -p nablab --example 02_run_folder
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;
use nablab::tables::run::{Phase, Record, Status, Watch};

/// Wants no more after some epochs.
struct Stop(u64);

impl Watch for Stop {
    fn phase(&mut self, phase: Phase) {
        println!("{phase:?}");
    }

    fn epoch(&mut self, _: &Epoch, _: Option<u64>) {
        self.0 -= 1;
    }

    fn stop(&self) -> bool {
        self.0 == 0
    }
}

pub fn main() -> Result<(), Error> {
    let folder = std::env::temp_dir().join(format!("nablab-example-{}", std::process::id()));
    let rows: String = (0..90).map(|i| format!("{i},{}\n", 3 * i + i * i % 7)).collect();
    let table = csv::read(format!("x,y\n{rows}").as_bytes(), "line.csv")?;
    let settings = Settings::from_toml("epochs = 30\n[data]\ntarget = [\"y\"]", "recipe.toml")?;

    let run = Run::create(&folder, settings)?;
    let stopped = run.train(Tables::from(&table), Options::default(), &mut Stop(10))?.record.summary;
    assert_eq!((stopped.ended, stopped.epochs), (Status::Interrupted, 10));
    drop(run);
    Run::open(&folder)?.train(Tables::from(&table), Options::default(), &mut ())?;
    let record = Record::read(&folder)?;
    println!("epochs: {}", record.history.len());
    assert_eq!(record.history.len(), 30);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}
