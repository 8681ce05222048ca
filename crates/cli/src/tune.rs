//! `nablab tune`: find a better recipe for a table than the default.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{Args as ClapArgs, value_parser};
use nablab::data::{is_pipe, name_of};
use nablab::study::plan::MOST_TRIALS;
use nablab::study::{CONFIRMING, Kept, Plan, Sampler, Scheduler, Study, StudyFolder, tuning};
use nablab::tables::Settings;
use nablab::tables::recipe::Given;

use crate::study::{Plan as Searched, Working, confirming, search};
use crate::train::Flags;
use crate::{Answer, table};

/// What is tuned, and examples.
const HELP: &str = "\
Tuned are the learning rate and its schedule, the number of layers and their units, dropout, the L2 penalty and the batch
size; whatever is given as a flag stays as it is. The first trial is the default recipe, so that there is something to
compare with. Trials that fall behind are given up early (ASHA), the others teach what to try next (TPE).

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
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = value_parser!(u64).range(1..=MOST_TRIALS))]
    trials: u64,
    /// Seconds in all; the last third is for training the best again
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    seconds: Option<f64>,
    /// What is sought [default: accuracy, or r2]
    #[arg(long, value_name = "NAME")]
    metric: Option<String>,
    /// Trainings of each trial with other seeds, whose mean counts
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = value_parser!(u64).range(1..=MOST))]
    seeds: u64,
    /// Parts of a cross-validation of each trial; 0 for the rows held out [default: 5 of a table of up to 10000 rows, unless
    /// --validation says otherwise]
    #[arg(long, value_name = "K", value_parser = parts)]
    folds: Option<usize>,
    /// Train the five best and the default recipe again with N new seeds, and take the best of those; 0 for not
    #[arg(long, value_name = "N", default_value_t = 5, value_parser = confirming)]
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

/// Rows of a table that is cross-validated.
const SMALL: usize = 10_000;
/// Into so many parts.
const FOLDS: usize = 5;

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut settings = Settings::default();
    let changes = args.flags.apply(&mut settings)?;
    table::wants_target(&settings, "--target COLUMN")?;
    if changes.finds_learning_rate() {
        bail!(
            "--learning-rate find is for a single training\nhint: leave it away: the rate is what is tuned first"
        );
    }
    if args.folds.is_some_and(|folds| folds > 0) && changes.validation.is_some() {
        bail!(
            "--folds judges on parts of the table, --validation on a share or another one\nhint: leave one of them away"
        );
    }
    if is_pipe(&args.data) {
        bail!(
            "{}: a study reads its table again whenever it goes on, and this can be read only once\nhint: save it as a file",
            name_of(&args.data)
        );
    }
    let whole = |path: &PathBuf| {
        fs::canonicalize(path).with_context(|| {
            format!("cannot read {}\nhint: check the path and its permissions", path.display())
        })
    };
    settings.data.file = Some(whole(&args.data)?);
    if let Some(file) = &settings.validation.file {
        settings.validation.file = Some(whole(file)?);
    }
    settings.check()?;
    let stem = args.data.file_stem().unwrap_or("study".as_ref()).to_string_lossy().into_owned();
    let name = args.name.clone().unwrap_or(stem);
    let (threads, quiet) = (args.working.threads, args.working.quiet);
    let tables = table::load_both(&settings, &args.data, Path::new(""), threads, quiet)?;
    let rows = tables.table.rows();
    changes.suit_rows(&mut settings, rows, Given::default());
    // A tenth of a small table tells recipes apart no better than a die.
    let is_small = rows <= SMALL && changes.validation.is_none();
    let folds = args.folds.unwrap_or(if is_small { FOLDS.min(rows) } else { 0 });
    let confirming = if args.confirm >= 2 { CONFIRMING } else { 0.0 };
    let plan = Plan {
        name: Some(name.clone()),
        trials: Some(args.trials),
        metric: args.metric.clone().into_iter().collect(),
        sampler: Sampler::default(),
        scheduler: Scheduler::Asha { reduction: 3, first: None },
        seeds: args.seeds,
        folds,
        seconds: args.seconds.map(|seconds| seconds / (1.0 + confirming)),
        ..Plan::default()
    };
    let text = tuning(&settings, Kept::of(&changes, settings.training.optimizer), &plan);
    let study = Study::parse(&text, "the tuning's study.toml")?;
    let folder = StudyFolder::new(args.out.as_deref(), &name);
    let plan = Searched { study, name, folder, tables, first: Some(settings) };
    search(&plan, args.storage.as_deref(), args.confirm, &args.working)
}
