//! `nablab tune`: find a better recipe for a table than the default.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use clap::{Args as ClapArgs, value_parser};
use nablab::study::plan::MOST_TRIALS;
use nablab::study::{StudyError, StudyFolder, Tuning};

use crate::study::{Plan as Searched, Working, confirming, search};
use crate::train::Flags;
use crate::{Answer, table};

/// What is tuned, and examples.
const HELP: &str = "\
Tuned are the learning rate and its schedule, the number of layers and their units, dropout, the L2 penalty and the batch
size; whatever is given as a flag stays as it is. The first trial is the default recipe, so that there is something to
compare with. Trials that fall behind are pruned, that is given up early (ASHA), the others teach what to try next (TPE).

The folder gets study.toml, to be changed and searched again with nablab study run; study.db in Optuna's tables; best.toml.
The same command goes on where it was ended. A best.toml that was changed by hand since becomes best-2.toml then.

Examples:
  nablab tune digits.csv --target target
  nablab tune houses.csv --target price --trials 200 --seconds 600
  nablab tune digits.csv --target target --layers 64,32 --metric f1
  nablab tune digits.csv --target target --storage postgresql://lab@host/studies";

#[derive(ClapArgs)]
#[command(after_help = HELP, allow_negative_numbers = true)]
pub(crate) struct Args {
    /// The table
    data: PathBuf,
    #[command(flatten)]
    flags: Flags,
    /// Trials in all
    #[arg(long, value_name = "N", default_value_t = Tuning::default().trials, value_parser = value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: u64,
    /// Seconds in all; the last third is for training the best again
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    seconds: Option<f64>,
    /// What is sought [default: accuracy, or r2]
    #[arg(long, value_name = "NAME")]
    metric: Option<String>,
    /// Trainings of each trial with other seeds, whose mean counts
    #[arg(long, value_name = "N", default_value_t = Tuning::default().seeds, value_parser = value_parser!(u64).range(1..=MOST))]
    seeds: u64,
    /// Parts of a cross-validation of each trial; 0 for the rows held out [default: 5 of a table of up to 10000 rows, unless
    /// --validation says otherwise]
    #[arg(long, visible_alias = "cv", value_name = "K", value_parser = parts)]
    folds: Option<usize>,
    /// Train the five best and the default recipe again with N new seeds, and take the best of those; 0 for not
    #[arg(long, value_name = "N", default_value_t = Tuning::default().confirm, value_parser = confirming)]
    confirm: u64,
    /// The study's name [default: as the table]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The study's folder [default: studies/NAME]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Where trials are kept: a file of SQLite, or postgresql://USER@HOST/DATABASE (feature postgres) [default:
    /// study.db in the folder]
    #[arg(long, value_name = "URL")]
    storage: Option<String>,
    #[command(flatten)]
    working: Working,
}

/// More seeds or parts are a typing error.
const MOST: u64 = 1_000_000_000;

fn parts(text: &str) -> Result<usize, String> {
    let parts = text.parse().ok().filter(|parts| *parts as u64 <= MOST);
    parts.ok_or_else(|| format!("expected a whole number from 0 to {MOST}"))
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|s: &f64| *s > 0.0 && *s < 1e9);
    seconds.ok_or_else(|| "expected a number of seconds, above 0, below 1e9".into())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let changes = args.flags.changes()?;
    let stem = || args.data.file_stem().unwrap_or("study".as_ref()).to_string_lossy().into_owned();
    let name = args.name.clone().unwrap_or_else(stem);
    let tuning = Tuning {
        name: Some(name.clone()),
        trials: args.trials,
        metric: args.metric.clone(),
        seeds: args.seeds,
        folds: args.folds,
        confirm: args.confirm,
        seconds: args.seconds,
    };
    let settings = tuning.settings(&changes, &args.data).map_err(|error| match error {
        StudyError::NoTarget => anyhow!("{error}\nhint: --target COLUMN"),
        error => error.into(),
    })?;
    let (threads, quiet) = (args.working.threads, args.working.quiet);
    let tables = table::load_both(&settings, &args.data, Path::new(""), threads, quiet)?;
    let (study, first) = tuning.study(settings, &changes, tables.table.rows())?;
    let folder = StudyFolder::new(args.out.as_deref(), &name);
    let plan = Searched { study, name, folder, tables, first: Some(first) };
    search(&plan, args.storage.as_deref(), args.confirm, &args.working)
}
