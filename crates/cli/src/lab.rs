//! `nablab lab`: run the course labs and write their report.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Subcommand};
use nablab::data::{StagedFolder, load};
use nablab::engine::{EngineError, Precision};
use nablab::labs::document::{Material, PAGE, REPORT, files, results, text};
use nablab::labs::{Bug, Knobs, Lab, LabError, Labs, Options, tally};
use nablab::report::Lang;

use crate::signals::{self, Unfinished};
use crate::terminal::{self, TrainingBar, bar};
use crate::threads::Threads;
use crate::train::flag;
use crate::{Answer, exercise};

/// More seeds than this are a typing error.
const MAX_SEEDS: u32 = 100_000;

/// Which labs, on what, and where to.
#[derive(ClapArgs)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = "\
Examples:
  nablab lab                                  all four labs, report in ./report
  nablab lab --data data.mat                  with the course's data, so that all numbers are compared
  nablab lab initialization --seeds 100       is He really better? Ask 100 seeds
  nablab lab optimization --learning-rate 0.1 turn a knob and see what changes
  nablab lab regularization --slides --handout for a lecture: slides, questions for print, answers
  nablab lab gradient-checking --bug missing-mean          what does the check make of it?
  nablab lab gradient-checking --bug hidden --variant 17   find it

Exit code: 0 all compared numbers agree, 1 some do not, 2 bad use or input.")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<Command>,
    /// Which labs
    #[arg(value_parser = names(), default_value = ALL)]
    labs: Vec<String>,
    /// Folder of the report; an earlier report in it is replaced
    #[arg(long, value_name = "DIR", default_value = "report")]
    out: PathBuf,
    /// Data of the regularization lab instead of the embedded pitch: the course's data.mat, or points of your own.
    /// A CSV file has a point and its label (0 or 1) per line and is all training set; NPZ and MAT files hold X and y,
    /// and for a test set X_test and y_test (NPZ) or Xval and yval (MAT)
    #[arg(long, value_name = "FILE.{mat,csv,npz}")]
    data: Option<PathBuf>,
    /// Also train every variant with N other seeds, and compare the variants over them; 100 seeds of a lab take half
    /// a minute to three minutes of one core
    #[arg(long, value_name = "N", value_parser = seeds)]
    seeds: Option<u32>,
    /// Plant a bug in the gradient-checking lab: its name (sign, factor, missing-mean, transposed, missing-mask, …), perhaps with
    /// its layer (missing-mean@2), or hidden, to be found
    #[arg(long, value_name = "NAME")]
    bug: Option<String>,
    /// Which hidden bug: a number for each student
    #[arg(long, value_name = "N", default_value_t = 0, requires = "bug")]
    variant: u64,
    /// Language of the report
    #[arg(long, value_parser = language(), default_value = "en")]
    lang: Lang,
    /// Also make slides for a lecture
    #[arg(long)]
    slides: bool,
    /// Also make a handout: the questions for print, with room to write, and their answers apart
    #[arg(long)]
    handout: bool,
    /// Print the results as JSON
    #[arg(long)]
    json: bool,
    /// No progress and no messages besides errors
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    threads: Threads,
    #[command(flatten)]
    knobs: KnobArgs,
}

#[derive(Subcommand)]
enum Command {
    /// Exercises on the labs: ask, check an answer, print sheets and their keys
    Exercise(exercise::Args),
}

/// Settings to change; the published numbers are not compared then.
#[derive(ClapArgs, Clone)]
#[command(next_help_heading = "Knobs (turned, the trainings are no longer compared with published numbers)")]
struct KnobArgs {
    /// Learning rate of all trainings
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    learning_rate: Option<f64>,
    /// Iterations or epochs of all trainings
    #[arg(long, value_name = "N")]
    epochs: Option<u64>,
    /// Units of the hidden layers of all trainings
    #[arg(long, value_name = "N,N,…", value_delimiter = ',')]
    hidden: Option<Vec<usize>>,
    /// Number type of all trainings [default: f64, as the course]
    #[arg(long, value_name = "TYPE", value_parser = precision())]
    precision: Option<Precision>,
    /// Strength of the L2 penalty in the regularization lab
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    l2: Option<f64>,
    /// Dropout rate in the regularization lab (1 − keep probability)
    #[arg(long, value_name = "X", allow_negative_numbers = true)]
    dropout: Option<f64>,
}

/// Every lab.
const ALL: &str = "all";

fn names() -> PossibleValuesParser {
    [ALL].into_iter().chain(Lab::ALL.map(Lab::key)).collect::<Vec<_>>().into()
}

fn precision() -> impl TypedValueParser<Value = Precision> {
    let single = PossibleValue::new("f32").help("Single precision: seven digits, twice the speed");
    let double = PossibleValue::new("f64").help("Double precision: sixteen digits");
    let number = |name: String| if name == "f32" { Precision::F32 } else { Precision::F64 };
    PossibleValuesParser::new([single, double]).map(number)
}

/// A language by its name.
pub(crate) fn language() -> impl TypedValueParser<Value = Lang> {
    PossibleValuesParser::new(["en", "zh"]).map(|name| if name == "zh" { Lang::Zh } else { Lang::En })
}

fn seeds(text: &str) -> Result<u32, String> {
    match text.parse() {
        Ok(0) => Err("expected at least 1\nhint: leave --seeds out for the course's own run alone".into()),
        Ok(count) if count <= MAX_SEEDS => Ok(count),
        _ => Err(format!("expected a whole number from 1 to {MAX_SEEDS}")),
    }
}

impl Args {
    fn options(&self) -> anyhow::Result<Options> {
        let wanted = |lab: &Lab| self.labs.iter().any(|name| name == ALL || name == lab.key());
        let KnobArgs { learning_rate, epochs, hidden, precision, l2, dropout } = self.knobs.clone();
        Ok(Options {
            labs: Lab::ALL.into_iter().filter(wanted).collect(),
            data: self.data.as_deref().map(load).transpose()?,
            seeds: self.seeds.unwrap_or(0),
            bug: self.bug.as_deref().map(|name| Bug::parse(name, self.variant)).transpose()?,
            knobs: Knobs { learning_rate, epochs, hidden, precision, l2, dropout },
        })
    }
}

/// Train, draw, write, and answer whether all compared numbers agree; the report says what was typed.
pub(crate) fn run(args: &Args, typed: &str) -> anyhow::Result<Answer> {
    if let Some(Command::Exercise(args)) = &args.command {
        return exercise::run(args);
    }
    let mut labs = Labs::new(&args.options()?).map_err(|error| match (&error, &args.data) {
        (LabError::Unsuitable { .. }, Some(file)) => {
            anyhow::Error::new(error).context(file.display().to_string())
        }
        (LabError::Unused { option, labs }, _) => {
            anyhow!("`{}` changes nothing in the labs chosen\nhint: it acts on {labs}", flag(option))
        }
        (LabError::Engine(EngineError::Setting { .. }), _) => {
            anyhow!("{error}\nhint: leave it out for the course's value")
        }
        _ => error.into(),
    })?;
    // Before the training: who waits for minutes should not learn only then that the folder cannot be written.
    let folder = begin(&args.out)?;

    let start = Instant::now();
    let (lang, threads) = (args.lang, args.threads.count());
    let watch = TrainingBar(bar(labs.epochs(), lang.choose("training", "训练"), args.quiet));
    labs.train(threads, &watch)?;
    watch.0.finish_and_clear();
    let trained = start.elapsed();

    let records = labs.records(lang, threads);
    let material = Material { slides: args.slides, handout: args.handout };
    let files = files(&records, material, typed, lang, threads).context("cannot draw the figures")?;
    let drawn = start.elapsed();

    files.iter().try_for_each(|file| folder.write(&file.name, &file.bytes))?;
    publish(folder)?;
    let written = start.elapsed();

    let (compared, agree) = tally(&records);
    if args.json {
        terminal::print(&format!("{:#}\n", results(&records)))?;
    } else if !args.quiet {
        let page = args.out.join(PAGE);
        let end = lang.choose(
            format!("report: {}\nreference: {agree} of {compared} agree\n", page.display()),
            format!("报告：{}\n核对：{compared} 项中 {agree} 项一致\n", page.display()),
        );
        terminal::print(&(text(&records, lang) + &end))?;
        // Not to stdout, which is the same from run to run.
        terminal::say(&spent([trained, drawn - trained, written - drawn], lang));
    }
    Ok(if agree == compared { Answer::Yes } else { Answer::No })
}

/// The report's folder, which goes if the program ends before it is in its place.
fn begin(out: &Path) -> anyhow::Result<StagedFolder> {
    let mut unfinished = signals::unfinished();
    let staged = StagedFolder::begin(out, REPORT)?;
    let (folder, parents) = staged.unfinished();
    *unfinished = Some(Unfinished {
        folder: folder.to_owned(),
        parents: parents.clone(),
        remove: StagedFolder::remove,
    });
    Ok(staged)
}

fn publish(staged: StagedFolder) -> anyhow::Result<()> {
    let mut unfinished = signals::unfinished();
    staged.publish()?;
    *unfinished = None;
    Ok(())
}

/// Where the time went.
fn spent(times: [Duration; 3], lang: Lang) -> String {
    let total: Duration = times.iter().sum();
    let [training, drawing, writing] =
        times.map(|time| format!("{:.0} %", 100.0 * time.as_secs_f64() / total.as_secs_f64().max(1e-9)));
    let seconds = format!("{:.1}", total.as_secs_f64());
    lang.choose(
        format!("time: {seconds} s (training {training}, drawing {drawing}, writing {writing})"),
        format!("用时：{seconds} 秒（训练 {training}，绘图 {drawing}，写入 {writing}）"),
    )
}
