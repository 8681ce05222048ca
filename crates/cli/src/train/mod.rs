//! `nablab train`: a network on a table, into a run folder.

mod flags;
mod folds;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::{DataError, free_folder};
use nablab::tables::export::EventFile;
use nablab::tables::run::{NewLength, Run, Status, clear, default_folder, is_bare, is_begun};
use nablab::tables::{Error, Fitted, FoundRate, Options, Request, Settings, Tables};

use crate::progress::Progress;
use crate::remedies::with_flags;
use crate::signals::Unfinished;
use crate::threads::Threads;
use crate::{Answer, output, signals, table, terminal};
pub(crate) use flags::{Flags, ReadingFlags, flag};

/// What the values of flags may be, and examples.
const HELP: &str = "\
Where nothing is said, numbers are scaled, texts become one-hot, missing values are filled and marked, a tenth of the rows \
is held out for validation, and a network 128-64 with dropout and an L2 penalty learns for 200 epochs, of a table of more than \
700 rows until 40 in a row have brought no lower validation loss.

A name with parameters is written as in a recipe: --optimizer '{ adam = { beta1 = 0.95 } }', --schedule '{ step = { every = \
30, factor = 0.5 } }', --clip '{ norm = { max = 1 } }'.

The run folder gets recipe.toml, history.csv, model.safetensors, metrics.json, and checkpoint.safetensors, from which \
--resume goes on, to the same bits as if nothing had happened. Ctrl-C ends the epoch, or gives it up if it takes long, and \
keeps all that was learned before; a second one, half a second later or more, ends at once.

Examples:
  nablab train iris.csv --target species
  nablab train houses.csv --target price --layers 128,64 --dropout 0.2 --learning-rate 3e-4
  nablab train houses.csv --target price --out runs/houses --resume
  nablab train houses.csv --target price --folds 5
  nablab train sales.csv --target sold --types when=date --validation-by when
  nablab train houses.csv --target price --learning-rate find";

#[derive(ClapArgs)]
#[command(after_help = HELP, allow_negative_numbers = true, next_help_heading = "Run")]
pub(crate) struct Args {
    /// The table: CSV or TSV, with a line of names or without, NPY, NPZ, MATLAB, idx, Parquet or Arrow; - for standard input
    #[arg(help_heading = None::<&str>)]
    data: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
    /// Begin with the settings of a recipe; flags override them
    #[arg(long, value_name = "FILE.toml")]
    recipe: Option<PathBuf>,
    /// The run folder [default: runs/NAME of the table, with a number if there is one]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Go on with the run folder's training
    #[arg(long)]
    resume: bool,
    /// Cross-validate: cut the rows into K parts, and judge on each what was learned from the others
    #[arg(long, visible_alias = "cv", value_name = "K", conflicts_with = "validation")]
    folds: Option<usize>,
    #[command(flatten)]
    threads: Threads,
    /// Seconds between two checkpoints, of which the first comes after the first epoch; 0 for one after each
    #[arg(long, value_name = "SECONDS", default_value_t = 5.0, value_parser = seconds)]
    checkpoint_every: f64,
    /// Write the history for TensorBoard into this folder, while it is made
    #[arg(long, value_name = "DIR")]
    tensorboard: Option<PathBuf>,
    /// Measure nothing inside the network: the same result, and less for nablab diagnose to tell
    #[arg(long)]
    no_signals: bool,
    /// Print the metrics as JSON
    #[arg(long)]
    json: bool,
    /// No progress
    #[arg(long, short)]
    quiet: bool,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|s: &f64| (0.0..=1e9).contains(s));
    seconds.ok_or_else(|| "expected a number of seconds, 0 or more".into())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    if let Some(of) = args.folds {
        return folds::run(args, of, asked(args)?);
    }
    let (run, tables) = open(args)?;
    let folder = run.folder().to_owned();
    let (fitted, watched) = train_in(args, run, tables)?;
    let summary = &fitted.record.summary;
    if args.json {
        terminal::print(&(serde_json::to_string_pretty(summary)? + "\n"))?;
    } else {
        terminal::print(&words::summary(summary, &folder))?;
    }
    if !args.quiet {
        words::findings(&fitted, &folder).iter().for_each(|line| terminal::say(line));
    }
    watched?;
    Ok(match summary.ended {
        Status::Diverged => Answer::No,
        // An interruption has its own exit code.
        Status::Interrupted
        | Status::Finished
        | Status::StoppedEarly
        | Status::Converged
        | Status::SearchFailed => Answer::Yes,
    })
}

fn load(args: &Args, settings: &Settings) -> anyhow::Result<Tables<'static>> {
    let Some(file) = args.data.as_ref().or(settings.data.file.as_ref()) else {
        bail!("which table?\nhint: nablab train FILE --target COLUMN");
    };
    table::load_both(settings, file, Path::new(""), args.threads, args.quiet)
}

/// Train in a run folder. Beside what came of it, whether TensorBoard has got all of it.
fn train_in(args: &Args, run: Run, tables: Tables<'_>) -> anyhow::Result<(Fitted, Result<(), DataError>)> {
    let options = Options {
        threads: args.threads.count(),
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every),
        signals: !args.no_signals,
    };
    signals::says_last(run.folder(), |folder| is_begun(folder).then(|| words::kept(folder)));
    let train = || -> anyhow::Result<_> {
        let board = args.tensorboard.as_ref();
        let board = board.map(|folder| {
            let name = run.folder().file_name().unwrap_or("run".as_ref());
            let host = std::env::var("HOSTNAME").unwrap_or_else(|_| "localhost".into());
            EventFile::create(folder, name.as_ref(), &host)
        });
        let board = board.transpose()?;
        let progress = Progress::new(&tables.table, run.settings(), args.quiet, board);
        let fitted = run.train(tables, options, &progress);
        let watched = progress.finish().map_or(Ok(()), EventFile::finish);
        Ok((fitted?, watched))
    };
    let trained = train();
    let mut unfinished = signals::unfinished();
    // A new one that could not begin goes.
    drop(run);
    *unfinished = None;
    trained
}

/// The run, new or to be gone on with, and its tables.
fn open(args: &Args) -> anyhow::Result<(Run, Tables<'static>)> {
    if !args.resume {
        let asked = asked(args)?;
        let out = args.out.clone().unwrap_or_else(|| free_folder(default_folder(&asked.settings)));
        return create(args, &out, asked);
    }
    let is_asked = args.data.is_some() || args.recipe.is_some();
    let out = match &args.out {
        Some(out) => out.clone(),
        None if is_asked => default_folder(request(args)?.settings()),
        None => bail!("which run is to be resumed?\nhint: nablab train --resume --out runs/NAME"),
    };
    // Nothing to go on with: the same command begins and resumes.
    if is_asked && is_bare(&out) {
        return create(args, &out, asked(args)?);
    }
    let mut run = Run::open(&out)?;
    let request = match &args.recipe {
        Some(_) => request(args)?,
        None => {
            let mut like = Request::like(run.settings());
            like.change(&args.flags.changes()?)?;
            like
        }
    };
    let tables = load(args, request.settings())?;
    let asked = request.for_run(&tables, run.settings());
    let run = begin(args, || run.go_on_as(&asked).map(|length| (run, length)))?;
    Ok((run, tables))
}

/// A new run folder, with what chose its learning rate.
fn create(args: &Args, out: &Path, asked: Asked) -> anyhow::Result<(Run, Tables<'static>)> {
    let Asked { settings, tables, found } = asked;
    let run = begin(args, || Ok((Run::create(out, settings)?, None)))?;
    let mut files = found.iter().flat_map(|found| found.test.files());
    files.try_for_each(|file| output::write(&out.join(&file.name), &file.bytes))?;
    Ok((run, tables))
}

/// Make a run folder, which goes if the program ends before anything is learned, or open one, which may have another length now.
fn begin(args: &Args, make: impl FnOnce() -> Result<(Run, Option<NewLength>), Error>) -> anyhow::Result<Run> {
    let mut unfinished = signals::unfinished();
    let (run, length) = make()?;
    *unfinished = run.new_folders().map(|folders| Unfinished {
        folder: run.folder().to_owned(),
        parents: folders.clone(),
        remove: clear,
    });
    drop(unfinished);
    if let Some(length) = length.filter(|_| !args.quiet) {
        terminal::say(&length.to_string());
    }
    Ok(run)
}

/// The recipe, then the flags.
fn request(args: &Args) -> anyhow::Result<Request> {
    let mut request = args.recipe.as_deref().map_or_else(|| Ok(Request::default()), Request::from_file)?;
    if let Some(data) = &args.data {
        request.learn_from(data);
    }
    request.change(&args.flags.changes()?)?;
    Ok(request)
}

/// What is asked for.
struct Asked {
    settings: Settings,
    tables: Tables<'static>,
    /// The learning rate, where it was to be found.
    found: Option<FoundRate>,
}

/// What is asked for, checked, with what follows from the table, and what is to be found.
fn asked(args: &Args) -> anyhow::Result<Asked> {
    let request = request(args)?;
    let settings = request.settings();
    if settings.data.file.is_none() {
        bail!("which table?\nhint: nablab train FILE --target COLUMN");
    }
    table::wants_target(settings, "--target COLUMN")?;
    settings.training.clone().check().map_err(Error::from)?;
    if !args.quiet {
        settings.warnings().iter().for_each(|line| terminal::say(&format!("warning: {}", with_flags(line))));
    }
    let tables = load(args, settings)?;
    let (settings, found) = request.for_tables(&tables, &())?;
    if let Some(found) = found.as_ref().filter(|_| !args.quiet) {
        terminal::say(&found.text());
    }
    Ok(Asked { settings, tables, found })
}
