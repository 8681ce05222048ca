//! `nablab landscape`: what becomes of a network everywhere on a plane.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args as ClapArgs;
use nablab::data::numbered;
use nablab::engine::{Float, Init, Precision, Recipe, Settings as TrainingSettings};
use nablab::report::File;
use nablab::study::landscape::{
    Begun, Directions, Examples, Knob, LandscapePlan, Mark, Plane, Rows, Unfinished, by_rule, lab_settings,
};
use nablab::tables::recipe::Given;
use nablab::tables::{Changes, Prepared, Settings, Tables};

use crate::output::{self, Replacing};
use crate::terminal::Counts;
use crate::threads::Threads;
use crate::train::{Flags, flag};
use crate::{Answer, signals, table, terminal};

/// Where none is named.
const FOLDER: &str = "landscape";

/// What is drawn, and examples.
const HELP: &str = "\
Without a table, the network and the circles of the initialisation lab are used: 2-10-5-1, 300 points, gradient descent.

Over two knobs a network is trained for each point: its loss at the end, the steps until a loss is reached, diverged or not.
A knob is any number of a recipe, such as learning_rate, init.normal.scale, init.orthogonal.gain, hidden[0].units,
penalty.l2, optimizer.momentum.beta, seed. Cells at the border between what learns and what does not are cut into four and
trained anew, as often as --refine says; narrower ranges zoom in.

With --surface the loss is drawn along two directions of the weights, and the way of each optimizer over it: along the two in
which the ways go farthest (path), or along random ones (random).

The folder gets figures as PNG and SVG, and all numbers as CSV. Until then it keeps what is trained so far: the same command goes
on where it was interrupted or killed.

Examples:
  nablab landscape
  nablab landscape --x learning_rate=0.05..0.5 --y init.normal.scale=1..20 --refine 3
  nablab landscape iris.csv --target species --y hidden[0].units=1..64
  nablab landscape --surface path --optimizers gradient-descent,momentum,adam";

#[derive(ClapArgs)]
#[command(after_help = HELP, allow_negative_numbers = true)]
pub(crate) struct Args {
    /// The table [default: the circles of the initialisation lab]
    data: Option<PathBuf>,
    #[command(flatten)]
    flags: Flags,
    /// The knob from left to right
    #[arg(
        long,
        value_name = "KNOB=LOW..HIGH",
        default_value = "learning_rate=1e-3..100",
        conflicts_with = "surface"
    )]
    x: Knob,
    /// The knob from below to above [default: init.normal.scale=0.01..100, or the learning rate where that is --x]
    #[arg(long, value_name = "KNOB=LOW..HIGH", conflicts_with = "surface")]
    y: Option<Knob>,
    /// Points along each side
    #[arg(long, value_name = "N", default_value_t = 64, value_parser = clap::value_parser!(u16).range(2..=2048))]
    size: u16,
    /// How often cells at the border are cut into four
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u8).range(0..=6), conflicts_with = "surface")]
    refine: u8,
    /// The loss to be reached [default: half of what knowing nothing costs]
    #[arg(long, value_name = "LOSS", value_parser = loss, conflicts_with = "surface")]
    reach: Option<f64>,
    /// Draw the loss over two directions of the weights
    #[arg(long, value_name = "path|random", value_parser = directions)]
    surface: Option<Directions>,
    /// Whose ways are drawn on it
    #[arg(long, value_name = "NAMES", value_delimiter = ',', requires = "surface")]
    optimizers: Vec<String>,
    /// The folder [default: landscape, or the next with a number]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replacing: Replacing,
    #[command(flatten)]
    threads: Threads,
    /// No progress
    #[arg(long)]
    quiet: bool,
}

/// What a landscape does not look at: rows that are held out, and how much each row counts.
const OF_JUDGING: [&str; 7] =
    ["validation", "group", "early_stopping", "weight", "class_weight", "label_smoothing", "threshold"];
/// What only a table has.
const OF_TABLES: [&str; 6] = ["target", "task", "features", "ignore", "types", "scaling"];
/// What a knob sets, and the change that would set it, too.
const OF_KNOBS: [(&str, &str); 6] = [
    ("learning_rate", "learning_rate"),
    ("penalty.l2", "l2"),
    ("penalty.l1", "l1"),
    ("batch_size", "batch_size"),
    ("epochs", "epochs"),
    ("seed", "seed"),
];

fn loss(text: &str) -> Result<f64, String> {
    let loss = text.parse().ok().filter(|loss: &f64| *loss > 0.0 && loss.is_finite());
    loss.ok_or_else(|| "expected a number above 0".into())
}

fn directions(text: &str) -> Result<Directions, String> {
    match text {
        "path" => Ok(Directions::Path),
        "random" => Ok(Directions::Random(0)),
        _ => Err("expected path or random".into()),
    }
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let (settings, changes) = settings(args)?;
    match settings.training.precision {
        Precision::F32 => on::<f32>(args, &settings, &changes),
        Precision::F64 => on::<f64>(args, &settings, &changes),
    }
}

/// The defaults of the lab, or of a table; then the flags.
fn settings(args: &Args) -> anyhow::Result<(Settings, Changes)> {
    let mut settings = Settings::default();
    if args.data.is_none() {
        let init = if args.surface.is_some() { Init::He } else { Init::Normal { scale: 1.0 } };
        settings.training = lab_settings(init);
    }
    let changes = args.flags.apply(&mut settings)?;
    if changes.finds_learning_rate() {
        bail!("--learning-rate find is for a single training\nhint: give a number, or leave it away");
    }
    let given = changes.given();
    let first = |flags: &[&'static str]| flags.iter().copied().find(|flag| given.contains(flag));
    if let Some(field) = first(&OF_JUDGING) {
        bail!(
            "{} is for a training that is judged\nhint: leave it away: it is the training on all rows that is looked at, each alike",
            flag(field)
        );
    }
    if let Some(field) = first(&OF_TABLES).filter(|_| args.data.is_none()) {
        bail!(
            "{} is for a table, and none is given\nhint: nablab landscape FILE --target COLUMN",
            flag(field)
        );
    }
    let knobs = match args.surface {
        Some(_) => Vec::new(),
        None => vec![args.x.name.clone(), args.y()?.name],
    };
    let turned =
        OF_KNOBS.iter().find(|(knob, field)| knobs.iter().any(|k| k == knob) && given.contains(field));
    if let Some((knob, field)) = turned {
        bail!(
            "{} has no say where {knob} is a knob\nhint: leave it away, or turn another with --x or --y",
            flag(field)
        );
    }
    if let Some(out) = &args.out {
        if out.exists() && !out.is_dir() {
            bail!("cannot write to {}: it is no folder\nhint: choose another one with --out", out.display());
        }
        // What was begun there goes on, or is refused once it is known what it is.
        if !Unfinished::is_in(out) {
            args.replacing.check_folder(out)?;
        }
    }
    Ok((settings, changes))
}

/// Rows to learn from, of the lab or of the table.
fn on<F: Float>(args: &Args, settings: &Settings, changes: &Changes) -> anyhow::Result<Answer> {
    let Some(path) = &args.data else {
        return draw(args, &settings.training, Examples::<F>::circles()?.rows());
    };
    table::wants_target(settings, "--target COLUMN")?;
    let table = table::load(path, settings.reading(), args.threads, args.quiet)?;
    // All rows: it is the training that is looked at.
    let mut settings = settings.clone();
    settings.validation.share = 0.0;
    changes.suit_rows(&mut settings, table.rows(), Given::default());
    let prepared = Prepared::<F>::new(&settings, &Tables::from(&table), args.threads.count())?;
    let rows = Rows { x: prepared.train.x(), y: prepared.train.y() };
    let training = TrainingSettings { loss: prepared.recipe.loss, ..settings.training };
    draw(args, &training, rows)
}

impl Args {
    /// The knob from below to above: another one than that from left to right.
    fn y(&self) -> anyhow::Result<Knob> {
        const OF_WEIGHTS: &str = "init.normal.scale=0.01..100";
        const OF_RATE: &str = "learning_rate=1e-3..100";
        let default = if self.x.name.starts_with("init.") { OF_RATE } else { OF_WEIGHTS };
        let y = match &self.y {
            Some(y) => y.clone(),
            None => default.parse().map_err(|error| anyhow!("{error}"))?,
        };
        if y.name == self.x.name {
            bail!("--x and --y are both {}\nhint: choose two knobs", y.name);
        }
        Ok(y)
    }
}

fn draw<F: Float>(args: &Args, training: &TrainingSettings, rows: Rows<'_, F>) -> anyhow::Result<Answer> {
    let size = usize::from(args.size);
    let plane = match args.surface {
        None => {
            let (x, y, refine) = (args.x.clone(), args.y()?, args.refine.into());
            let plan = LandscapePlan { x, y, size, refine, reach: args.reach };
            Plane::Settings { settings: Box::new(training.clone()), plan }
        }
        Some(directions) => Plane::Weights { recipes: recipes(args, training)?, directions, size },
    };
    let (out, kept) = begin(args, &plane.mark(rows))?;
    let counts = Counts::new("trainings", args.quiet);
    let follow = |done, all| counts.follow(done, all);
    let drawn = plane.draw(rows, args.data.is_none(), args.threads.count(), Some(&kept), &follow);
    drop(counts);
    let drawn = drawn.map_err(|error| match error.to_string() {
        what if what.contains("\nhint:") => anyhow!(what),
        what => anyhow!("{what}\nhint: nablab landscape --help has examples"),
    })?;
    write_all(&drawn.files, &out)?;
    kept.finish();
    terminal::print(&drawn.text)
}

/// A recipe for each optimizer, by its name.
fn recipes(args: &Args, training: &TrainingSettings) -> anyhow::Result<Vec<(String, Recipe)>> {
    let names = match &args.optimizers[..] {
        [] => &["gradient-descent", "momentum", "adam"].map(str::to_owned),
        names => names,
    };
    Ok(by_rule(names, training, args.data.is_none())?)
}

/// Where it is trained, and what is kept there until all is: the folder where the same landscape was begun, or a new one.
fn begin(args: &Args, mark: &Mark) -> anyhow::Result<(PathBuf, Unfinished)> {
    let (out, kept) = find(args, mark)?;
    if kept.trainings() > 0 && !args.quiet {
        terminal::say(&format!("going on in {} after {} trainings", out.display(), kept.trainings()));
    }
    signals::says_last(&out, |out| Unfinished::is_in(out).then(|| last_words(out)));
    Ok((out, kept))
}

fn last_words(out: &Path) -> String {
    // The bar stands on the line.
    let line = if io::stderr().is_terminal() { "\n" } else { "" };
    format!("{line}what is trained so far is kept in {}: the same command goes on", out.display())
}

fn find(args: &Args, mark: &Mark) -> anyhow::Result<(PathBuf, Unfinished)> {
    let new = |out: PathBuf| {
        let kept = Unfinished::new(&out, mark.clone());
        (out, kept)
    };
    let Some(out) = args.out.clone() else {
        let found = Unfinished::in_first_free(numbered(FOLDER.into()), mark)?;
        return Ok(found.unwrap_or_else(|| new(FOLDER.into())));
    };
    match Unfinished::find(&out, mark)? {
        Begun::Same(kept) => return Ok((out, kept)),
        Begun::Busy => bail!(
            "{}: another landscape is being trained there\nhint: wait for that one, or choose another folder with --out",
            out.display()
        ),
        Begun::Other => args.replacing.check_folder(&out)?,
        Begun::No => {}
    }
    Ok(new(out))
}

fn write_all(files: &[File], out: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(out)
        .with_context(|| format!("cannot write {}\nhint: choose another folder with --out", out.display()))?;
    Ok(files.iter().try_for_each(|file| output::write(&out.join(&file.name), &file.bytes))?)
}
