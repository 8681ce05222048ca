//! A study with an observer of its own: what is searched, what is found, and whether the best is really better.
//!
//!     cargo run -p nablab --example 05_study
#![allow(missing_docs, clippy::print_stdout)]

use std::num::NonZeroUsize;
use std::time::Duration;

use nablab::prelude::*;
use nablab::study::{Event, Search, StudyFolder, Working};

/// Says what each trial came to.
struct Said;

impl Watch<Event> for Said {
    fn saw(&self, event: &Event) {
        if let Event::Ended(number, outcome) = event {
            println!("trial {number}: {:?}", outcome.values);
        }
    }
}

pub fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::temp_dir().join(format!("nablab-study-{}", std::process::id()));
    let rows: String =
        (0..200).map(|i| format!("{},{},{}\n", i % 20, i / 20, (i % 20 < 10) == (i / 20 < 5))).collect();
    let table = csv::read(format!("a,b,y\n{rows}").as_bytes(), "t.csv")?;
    let text = "learning_rate = { choices = [1e-5, 1e-2] }\nepochs = 20\n[data]\ntarget = [\"y\"]\n[study]\nsampler = \"grid\"";
    let study = Study::parse(text, "study.toml")?;

    let (tables, place) = (Tables::from(&table), StudyFolder::new(Some(&folder), "rates"));
    let (mut search, _) = Search::begin(study, "rates", &tables, place, None, None)?;
    let working = Working { threads: NonZeroUsize::MIN, grace: Duration::from_secs(30) };
    let mut found = search.work(working, &Said)?;
    search.confirm(&mut found, 3, working.threads, &())?;
    search.write(&found)?;
    print!("{}", search.summary(&found).text(&found.trials));
    let best = found.confirmation.as_ref().expect("both came to their end").candidates[0].trial;
    let rate = search.study.recipe(&found.trials[best as usize])?.training.learning_rate;
    assert_eq!(rate, 1e-2);
    let _ = std::fs::remove_dir_all(&folder);
    Ok(())
}
