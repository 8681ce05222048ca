//! `nablab study`: search the best recipe, alone or with other workers, and see what was found.

mod confirm;
mod place;
mod progress;
mod report;
mod run;
mod show;

use std::time::Duration;

use clap::{Args as ClapArgs, Subcommand};
use nablab::study::{Search, SearchResult};

use crate::threads::Threads;
use crate::{Answer, terminal};
pub(crate) use confirm::confirming;
pub(crate) use run::{Plan, search};

/// What a study's file holds, and examples.
const HELP: &str = "\
A study's file is a recipe in which values may be ranges, and a table [study]:

  learning_rate = { low = 1e-4, high = 1e-1, log = true }
  batch_size = { choices = [16, 32, 64] }
  optimizer = { choices = [\"adam\", { momentum = { beta = { low = 0.8, high = 0.99 } } }] }
  hidden = { layers = { low = 1, high = 3 }, units = { low = 16, high = 256, log = true } }
  [data]
  file = \"digits.csv\"
  target = [\"label\"]
  [study]
  trials = 100            # in all
  metric = \"accuracy\"     # or several; loss, f1, roc_auc, r2, rmse, seconds, parameters, …
  sampler = \"tpe\"         # grid, random, sobol, tpe, cma-es
  scheduler = \"asha\"      # none, median, asha, hyperband
  seeds = 1               # trainings of each trial, whose mean counts; folds = 5 cross-validates
  seconds = 120           # no trial begins later

A range of whole numbers gives whole numbers. Units are drawn for each layer, all else of hidden for all layers together.

The study is kept in Optuna's tables, in SQLite or, where nablab was built with the feature postgres, in PostgreSQL:
optuna-dashboard shows it, Optuna goes on with it, and so does the same command after a kill. Ctrl-C gives back what is
under way.

Examples:
  nablab study run study.toml
  nablab study run study.toml --storage postgresql://lab@host/studies
  nablab study work --storage postgresql://lab@host/studies --study digits
  nablab study show studies/digits
  nablab study best studies/digits > best.toml";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Search what a file describes, or go on with it
    Run(run::Args),
    /// Help with a study that is somewhere else
    Work(run::WorkArgs),
    /// Print the trials of a study, or the studies of a database
    Show(show::Args),
    /// Print the best recipe
    Best(show::BestArgs),
    /// Train the best again with new seeds: are they really better?
    Confirm(confirm::Args),
    /// Write the study's page
    Report(report::Args),
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    match &args.command {
        Command::Run(args) => run::run(args),
        Command::Work(args) => run::work(args),
        Command::Show(args) => show::run(args),
        Command::Best(args) => show::best(args),
        Command::Confirm(args) => confirm::run(args),
        Command::Report(args) => report::run(args),
    }
}

/// How a worker works.
#[derive(ClapArgs, Clone, Debug)]
pub(crate) struct Working {
    #[command(flatten)]
    pub(crate) threads: Threads,
    /// Seconds without a sign of life after which another worker's trial is tried again
    #[arg(long, value_name = "SECONDS", default_value_t = 30.0, value_parser = grace)]
    grace: f64,
    /// Print what was found as JSON
    #[arg(long)]
    pub(crate) json: bool,
    /// No progress
    #[arg(long, short)]
    pub(crate) quiet: bool,
}

fn grace(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|s: &f64| (1.0..=1e6).contains(s));
    seconds.ok_or_else(|| "expected a number of seconds, at least 1".into())
}

impl Working {
    fn plain(&self) -> nablab::study::Working {
        let grace = Duration::from_secs_f64(self.grace);
        nablab::study::Working { threads: self.threads.count(), grace }
    }
}

/// Write down what was found, and say where what somebody else has written is now.
fn write(search: &mut Search<'_>, found: &SearchResult) -> anyhow::Result<()> {
    for kept in search.write(found)? {
        let kept = kept.display();
        terminal::say(&format!("note: {kept} is what was there, and not as nablab writes it"));
    }
    Ok(())
}
