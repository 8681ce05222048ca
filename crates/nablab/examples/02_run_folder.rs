//! A training in a folder: stopped, gone on with, and looked at.
//!
//!     cargo run -p nablab --example 02_run_folder
#![allow(missing_docs, clippy::print_stdout)]

use nablab::prelude::*;
use nablab::tables::Event;
use nablab::tables::run::{Record, Status};
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// Wants no more after some epochs.
struct Stop(AtomicU64);

impl Watch<Event> for Stop {
    fn saw(&self, event: &Event) {
        if let Event::Epoch { .. } = event {
            self.0.fetch_sub(1, Relaxed);
        }
    }

    fn stop(&self) -> bool {
        self.0.load(Relaxed) == 0
    }
}

pub fn main() -> Result<(), Error> {
    let folder = std::env::temp_dir().join(format!("nablab-example-{}", std::process::id()));
    let rows: String = (0..90).map(|i| format!("{i},{}\n", 3 * i + i * i % 7)).collect();
    let table = csv::read(format!("x,y\n{rows}").as_bytes(), "line.csv")?;
    let settings = Settings::from_toml("epochs = 30\n[data]\ntarget = [\"y\"]", "recipe.toml")?;

    let run = Run::create(&folder, settings)?;
    let stopped = run.train(Tables::from(&table), Options::default(), &Stop(10.into()))?.record.summary;
    assert_eq!((stopped.ended, stopped.epochs), (Status::Interrupted, 10));
    drop(run);
    Run::open(&folder)?.train(Tables::from(&table), Options::default(), &())?;
    let record = Record::read(&folder)?;
    println!("epochs: {}", record.history.len());
    assert_eq!(record.history.len(), 30);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}
