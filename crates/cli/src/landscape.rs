//! `nablab landscape`: what becomes of a network everywhere on a plane.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};

use clap::Args as ClapArgs;
use nablab::study::landscape::{
    Axes, Directions, Knob, LandscapeError, LandscapeFolder, LandscapeRequest, Plane, Unfinished,
};

use crate::output::Replacing;
use crate::terminal::Counts;
use crate::threads::Threads;
use crate::train::Flags;
use crate::{Answer, signals, table, terminal};

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
        default_value = Axes::LEARNING_RATE,
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
    #[arg(long, value_name = "path|random")]
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
    #[arg(long, short)]
    quiet: bool,
}

fn loss(text: &str) -> Result<f64, String> {
    let loss = text.parse().ok().filter(|loss: &f64| *loss > 0.0 && loss.is_finite());
    loss.ok_or_else(|| "expected a number above 0".into())
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let plane = plane(args)?;
    let folder = LandscapeFolder::begin(args.out.as_deref(), &plane.fingerprint(), args.replacing.force())?;
    let (out, trainings) = (folder.path().to_owned(), folder.kept().trainings());
    if trainings > 0 && !args.quiet {
        terminal::say(&format!("going on in {} after {trainings} trainings", out.display()));
    }
    signals::says_last(&out, |out| Unfinished::is_in(out).then(|| last_words(out)));
    let counts = Counts::new("trainings", args.quiet);
    let drawn = plane.draw(args.threads.count(), Some(folder.kept()), &counts);
    drop(counts);
    let drawn = match drawn {
        // It stops for a signal, which ends the program: no error is to be said before its last words.
        Err(LandscapeError::Stopped) => signals::end(signals::exit_code(), true),
        drawn => drawn?,
    };
    folder.write(&drawn, &signals::ends)?;
    terminal::print(&drawn.text)
}

/// Of the lab, or of a table; what cannot be drawn or written is said before a table is read.
fn plane(args: &Args) -> anyhow::Result<Plane> {
    let (axes, size, changes) = (args.axes(), args.size.into(), args.flags.changes()?);
    let check_folder = || {
        let out = args.out.as_deref();
        out.map_or(Ok(()), |out| LandscapeFolder::check(out, args.replacing.force()))
    };
    let Some(path) = &args.data else {
        let plane = Plane::of_lab(&axes, size, &changes)?;
        check_folder()?;
        return Ok(plane);
    };
    let request = LandscapeRequest::new(axes, size, changes)?;
    check_folder()?;
    table::wants_target(request.settings(), "--target COLUMN")?;
    let table = table::load(path, request.settings().reading(), args.threads, args.quiet)?;
    Ok(request.plane(&table, args.threads.count())?)
}

impl Args {
    fn axes(&self) -> Axes {
        match self.surface {
            None => Axes::Settings {
                x: self.x.clone(),
                y: self.y.clone(),
                refine: self.refine.into(),
                reach: self.reach,
            },
            Some(directions) => Axes::Weights { directions, optimizers: self.optimizers.clone() },
        }
    }
}

fn last_words(out: &Path) -> String {
    // The bar stands on the line.
    let line = if io::stderr().is_terminal() { "\n" } else { "" };
    format!("{line}what is trained so far is kept in {}: the same command goes on", out.display())
}
