//! `nablab study confirm`: are the best really better?

use std::path::PathBuf;

use clap::Args as ClapArgs;
use nablab::study::{Confirming, Located, Search, SearchResult, of_space};

use super::place::Place;
use super::run::tables;
use super::write;
use crate::terminal::Counts;
use crate::threads::Threads;
use crate::{Answer, terminal};

#[derive(ClapArgs)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// So many of the best
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = clap::value_parser!(u16).range(1..=1000))]
    top: u16,
    /// Each with so many new seeds, which also draw other rows to judge on
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u64).range(2..=MOST_SEEDS))]
    seeds: u64,
    /// How far the neighbours of the best are, as a share of each range; 0 for none
    #[arg(long, value_name = "SHARE", default_value_t = 0.1, value_parser = share)]
    step: f64,
    /// The table, where it lies elsewhere than the study says
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    #[command(flatten)]
    threads: Threads,
    /// Print as JSON
    #[arg(long)]
    json: bool,
    /// No progress
    #[arg(long, short)]
    quiet: bool,
}

/// Seeds to confirm with; more are a typing error.
pub(crate) const MOST_SEEDS: u64 = 1000;
/// New seeds to train the best again with.
pub(crate) fn confirming(text: &str) -> Result<u64, String> {
    let seeds = text.parse().ok().filter(|seeds| *seeds == 0 || (2..=MOST_SEEDS).contains(seeds));
    seeds.ok_or_else(|| format!("expected 0, or from 2 to {MOST_SEEDS}: of one seed there is no interval"))
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|s: &f64| (0.0..=0.5).contains(s));
    share.ok_or_else(|| "expected a share of a range, from 0 to 0.5".into())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let Located { storage, record, folder } = args.place.plain().open()?;
    let study = storage.registered(&record)?;
    let tables = tables(&study, args.data.as_deref(), folder.path(), args.threads, args.quiet)?;
    let mut search = Search::join(study, record, storage, &tables, folder)?;
    let trials = of_space(search.trials()?, &search.study.space);
    let how = Confirming { top: args.top.into(), seeds: args.seeds, step: args.step, seconds: None };
    let counts = Counts::new("trained again", args.quiet);
    let confirmation = search.confirm_as(&trials, how, args.threads.count(), &counts);
    drop(counts);
    let Some(confirmation) = confirmation? else {
        terminal::say("no trial has come to its end: there is nothing to train again");
        return Ok(Answer::No);
    };
    let text = match args.json {
        true => serde_json::to_string_pretty(&confirmation)? + "\n",
        false => confirmation.text(),
    };
    write(&mut search, &SearchResult { trials, ended: 0, confirmation: Some(confirmation) })?;
    terminal::print(&text)
}
