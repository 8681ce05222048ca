//! `nablab train`: a network on a table, into a run folder.

mod flags;
mod folds;
mod resume;
mod tensorboard;
mod words;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::read_text;
use nablab::tables::recipe::{Document, Given};
use nablab::tables::run::{Run, Status, Summary, clear, is_bare, is_begun};
use nablab::tables::{Changes, Error, Options, RangeTest, Settings, Tables};

use crate::progress::Progress;
use crate::signals::Unfinished;
use crate::threads::Threads;
use crate::{Answer, output, signals, table, terminal};
pub(crate) use flags::{Flags, flag};
pub(crate) use tensorboard::TensorBoard;

/// What the values of flags may be, and examples.
const HELP: &str = "\
Where nothing is said, numbers are scaled, texts become one-hot, missing values are filled and marked, a tenth of the rows
is held out to judge on, and a network 128-64 with dropout and an L2 penalty learns for 200 epochs, of a
table of more than 700 rows until 40 in a row have brought no lower loss on the rows held out.

  task        binary, multiclass, multilabel (several targets, each yes or no), regression; found out from the target
  scaling     standard, min-max, robust, none
  activation  relu, leaky-relu, tanh, sigmoid, identity
  init        zeros, normal, he, he-uniform, xavier, xavier-uniform, lecun, lecun-uniform, orthogonal
  optimizer   gradient-descent, momentum, nesterov, rms-prop, adam, adam-w, l-bfgs
  schedule    constant, step, exponential, inverse-time, cosine
  clip        none, norm, value

A value with parameters is written as in a recipe: --optimizer '{ adam = { beta1 = 0.95 } }', --schedule '{ step = {
every = 30, factor = 0.5 } }', --clip '{ norm = { max = 1 } }'.

The run folder gets recipe.toml, history.csv, model.safetensors, metrics.json, and checkpoint.safetensors, from which
--resume goes on, to the same bits as if nothing had happened. Ctrl-C ends the epoch, or gives it up if it takes long, and
keeps all that was learned before; a second one, half a second later or more, ends at once.

Examples:
  nablab train iris.csv --target species
  nablab train houses.csv --target price --layers 128,64 --dropout 0.2 --learning-rate 3e-4 --out runs/houses
  nablab train houses.csv --target price --out runs/houses --resume
  nablab train houses.csv --target price --folds 5
  nablab train sales.csv --target sold --types when=date --validation-by when
  nablab train houses.csv --target price --learning-rate find";

#[derive(ClapArgs)]
#[command(after_help = HELP, allow_negative_numbers = true)]
pub(crate) struct Args {
    /// The table: CSV or TSV, with a line of names or without, NPY, NPZ, MATLAB, idx, Parquet or Arrow; - for standard input
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
    #[arg(long, value_name = "K", conflicts_with = "validation")]
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
    #[arg(long)]
    quiet: bool,
}

fn seconds(text: &str) -> Result<f64, String> {
    let seconds = text.parse().ok().filter(|s: &f64| (0.0..=1e9).contains(s));
    seconds.ok_or_else(|| "expected a number of seconds, 0 or more".into())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    if let Some(of) = args.folds {
        let Asked { settings, tables, .. } = asked(args)?;
        let out = args.out.clone().unwrap_or_else(|| match args.resume {
            true => default_folder(&settings),
            false => output::free(default_folder(&settings)),
        });
        return folds::run(args, of, settings, &tables, &out);
    }
    let (run, is_new, tables) = folder(args)?;
    let folder = run.folder().to_owned();
    let (summary, watched) = train_in(args, run, is_new, tables)?;
    if args.json {
        terminal::print(&(serde_json::to_string_pretty(&summary)? + "\n"))?;
    } else {
        terminal::print(&words::summary(&summary, &folder))?;
    }
    if !args.quiet {
        words::findings(&folder)?.iter().for_each(|line| terminal::say(line));
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

/// Train in a run folder; a new one that could not begin goes. Beside what came of it, whether TensorBoard has got all of it.
fn train_in(
    args: &Args,
    run: Run,
    is_new: bool,
    tables: Tables<'_>,
) -> anyhow::Result<(Summary, anyhow::Result<()>)> {
    let options = Options {
        threads: args.threads.count(),
        checkpoint_every: Duration::from_secs_f64(args.checkpoint_every),
        signals: !args.no_signals,
    };
    signals::says_last(run.folder(), |folder| is_begun(folder).then(|| words::kept(folder)));
    let train = || -> anyhow::Result<_> {
        let board = args.tensorboard.as_ref();
        let board = board.map(|folder| TensorBoard::create(folder, run.folder())).transpose()?;
        let mut progress = Progress::new(&tables.table, run.settings(), args.quiet, board);
        let summary = run.train(tables, options, &mut progress);
        let watched = progress.finish().map_or(Ok(()), TensorBoard::finish);
        Ok((summary?, watched))
    };
    let trained = train();
    let mut unfinished = signals::unfinished();
    if is_new && trained.is_err() {
        run.discard();
    }
    *unfinished = None;
    trained
}

/// The run folder, whether it is new, and its tables.
fn folder(args: &Args) -> anyhow::Result<(Run, bool, Tables<'static>)> {
    if !args.resume {
        let asked = asked(args)?;
        let out = args.out.clone().unwrap_or_else(|| output::free(default_folder(&asked.settings)));
        return create(&out, asked);
    }
    let is_asked = args.data.is_some() || args.recipe.is_some();
    let out = match &args.out {
        Some(out) => out.clone(),
        None if is_asked => default_folder(&Typed::new(args)?.settings),
        None => bail!("which run is to be resumed?\nhint: nablab train --resume --out runs/NAME"),
    };
    match Run::open(&out) {
        Ok(run) => {
            let (asked, tables) = resumed(args, &run)?;
            Ok((resume::go_on(run, &asked, args.quiet)?, false, tables))
        }
        // Nothing to go on with: the same command begins and resumes.
        Err(_) if is_asked && is_bare(&out) => create(&out, asked(args)?),
        Err(error) => Err(error.into()),
    }
}

/// A new run folder, with what chose its learning rate.
fn create(out: &Path, asked: Asked) -> anyhow::Result<(Run, bool, Tables<'static>)> {
    let run = begin(out, asked.settings)?;
    let mut files = asked.test.iter().flat_map(RangeTest::files);
    let kept = files.try_for_each(|file| output::write(&out.join(&file.name), &file.bytes));
    match kept {
        Ok(()) => Ok((run, true, asked.tables)),
        Err(error) => {
            run.discard();
            Err(error.into())
        }
    }
}

/// A new run folder, which goes if the program ends before anything is learned.
fn begin(out: &Path, settings: Settings) -> anyhow::Result<Run> {
    let mut unfinished = signals::unfinished();
    let run = Run::create(out, settings)?;
    *unfinished = run.new_folders().map(|folders| Unfinished {
        folder: out.to_owned(),
        parents: folders.clone(),
        remove: clear,
    });
    Ok(run)
}

/// What is asked for.
struct Asked {
    settings: Settings,
    tables: Tables<'static>,
    /// What chose the learning rate.
    test: Option<RangeTest>,
}

/// What a run that goes on is compared with: a recipe says everything; else what is not typed is as the run has it.
fn resumed(args: &Args, run: &Run) -> anyhow::Result<(Settings, Tables<'static>)> {
    if args.recipe.is_none() {
        let mut asked = run.settings().clone();
        args.flags.apply(&mut asked)?;
        let tables = load(args, &asked)?;
        return Ok((asked, tables));
    }
    let mut typed = Typed::new(args)?;
    let tables = typed.load(args)?;
    if typed.changes.finds_learning_rate() {
        // It was found when the run began.
        typed.settings.training.learning_rate = run.settings().training.learning_rate;
    }
    Ok((typed.settings, tables))
}

/// Recipe, then flags.
struct Typed {
    settings: Settings,
    /// By flags.
    changes: Changes,
    /// By the recipe.
    given: Given,
}

impl Typed {
    fn new(args: &Args) -> anyhow::Result<Self> {
        let (mut settings, given) = match &args.recipe {
            None => Default::default(),
            Some(path) => {
                let name = path.display().to_string();
                let text = read_text(path)?;
                let recipe = Document::parse(&text, &name)?;
                let given = recipe.given();
                let mut settings = recipe.settings()?;
                // Relative to where the recipe lies; a run keeps the path that was typed, relative to where the command ran.
                let beside = |file: &mut PathBuf| {
                    let there = path.parent().unwrap_or(Path::new("")).join(&*file);
                    if there.exists() || !file.exists() {
                        *file = there;
                    }
                };
                settings.data.file.iter_mut().chain(&mut settings.validation.file).for_each(beside);
                (settings, given)
            }
        };
        if let Some(data) = &args.data {
            settings.data.file = Some(data.clone());
        }
        let changes = args.flags.apply(&mut settings)?;
        Ok(Self { settings, changes, given })
    }

    /// The tables, by whose rows the defaults are chosen that nothing says.
    fn load(&mut self, args: &Args) -> anyhow::Result<Tables<'static>> {
        let tables = load(args, &self.settings)?;
        self.changes.suit_rows(&mut self.settings, tables.table.rows(), self.given);
        Ok(tables)
    }
}

/// What is asked for, checked, with what follows from the table, and what is to be found.
fn asked(args: &Args) -> anyhow::Result<Asked> {
    let mut typed = Typed::new(args)?;
    let settings = &typed.settings;
    if settings.data.file.is_none() {
        bail!("which table?\nhint: nablab train FILE --target COLUMN");
    }
    table::wants_target(settings, "--target COLUMN")?;
    settings.training.clone().check().map_err(Error::from)?;
    if !args.quiet {
        settings.warnings().iter().for_each(|line| terminal::say(&format!("warning: {line}")));
    }
    let tables = typed.load(args)?;
    let (mut settings, finds) = (typed.settings, typed.changes.finds_learning_rate());
    let test = finds.then(|| find_rate(args, &tables, &mut settings)).transpose()?;
    Ok(Asked { settings, tables, test })
}

/// Find the learning rate, and take it into the settings.
fn find_rate(args: &Args, tables: &Tables<'_>, settings: &mut Settings) -> anyhow::Result<RangeTest> {
    let found = settings.find_rate(tables)?;
    settings.training.learning_rate = found.rate;
    if !args.quiet {
        terminal::say(&found.text());
    }
    Ok(found.test)
}

fn default_folder(settings: &Settings) -> PathBuf {
    let file = settings.data.file.as_deref().unwrap_or(Path::new("run"));
    let stem = if file == Path::new("-") { Some("stdin".as_ref()) } else { file.file_stem() };
    Path::new("runs").join(stem.unwrap_or("run".as_ref()))
}
