//! `nablab study show` and `best`: what was found.

use clap::Args as ClapArgs;
use nablab::study::summary;

use super::place::Place;
use crate::{Answer, terminal};

#[derive(ClapArgs)]
pub(crate) struct Args {
    #[command(flatten)]
    place: Place,
    /// The N best trials
    #[arg(long, value_name = "N", default_value_t = 10, conflicts_with_all = ["csv", "json"])]
    top: usize,
    /// All trials as CSV, in their order
    #[arg(long)]
    csv: bool,
    /// Print as JSON
    #[arg(long, conflicts_with = "csv")]
    json: bool,
}

#[derive(ClapArgs)]
pub(crate) struct BestArgs {
    #[command(flatten)]
    place: Place,
    /// The recipe of this trial; without it that of the best, over new seeds where it was confirmed
    #[arg(long, value_name = "NUMBER")]
    trial: Option<u64>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut located = args.place.plain().read()?;
    let (trials, space) = (located.trials()?, located.space());
    let (space, record) = (space.as_ref(), &located.record);
    let text = match args.json {
        true => serde_json::to_string_pretty(&summary::listed(space, record, &trials))? + "\n",
        false if args.csv => String::from_utf8_lossy(&summary::csv(space, record, &trials)).into_owned(),
        false => summary::table(space, record, &trials, args.top),
    };
    terminal::print(&text)
}

pub(crate) fn best(args: &BestArgs) -> anyhow::Result<Answer> {
    let mut located = args.place.plain().read()?;
    let study = located.study()?;
    match located.chosen(args.trial)? {
        Some(trial) => terminal::print(&study.recipe(&trial)?.to_toml()),
        None => {
            terminal::say("error: no such trial has begun\nhint: nablab study show lists them");
            Ok(Answer::No)
        }
    }
}
