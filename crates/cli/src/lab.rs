//! `nablab lab`: run the course labs and write their report.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow};
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use clap::{Args as ClapArgs, Subcommand};
use nablab::data::{StagedFolder, load, load_with_test};
use nablab::engine::{EngineError, Precision};
use nablab::labs::by_hand::Mistake;
use nablab::labs::document::{Material, PAGE, REPORT, beginning, files, results, text};
use nablab::labs::{Bug, Knobs, Lab, LabError, Labs, Options, tally};
use nablab::report::Lang;
use nablab::tables::{Changes, Setting};

use crate::terminal::{self, TrainingBar, bar};
use crate::threads::Threads;
use crate::train::flag;
use crate::{Answer, exercise, staged};

/// Folder of the first report.
const REPORTS: &str = "report";
/// More seeds than this are a typing error.
const MAX_SEEDS: u32 = 100_000;

/// Which labs, on what, and where to.
#[derive(ClapArgs)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
#[command(after_help = "\
Examples:
  nablab lab                                  all four labs, report in ./report; another command's goes to ./report-2
  nablab lab --data data.mat                  with the course's data, so that all numbers are compared
  nablab lab initialization --seeds 100       is He really better? Ask 100 seeds
  nablab lab regularization --dropout 0.5     turn a knob: what changes, and is it more than luck?
  nablab lab initialization --activation tanh do zeros learn with another activation?
  nablab lab optimization --optimizer '{ adam = { beta1 = 0.5 } }'
  nablab lab --data mine.csv --test new.csv   the same trainings on points of your own
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
    /// Folder of the report; an earlier report in it is replaced [default: report; where that has another command's report,
    /// report-2, report-3, …]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// Points of your own, in the place of each lab's data; or the course's data.mat, which only the regularization lab takes
    /// where that is chosen. A CSV file has a point and its label (0 or 1) per line and is all training set; NPZ and MAT files
    /// hold X and y, and for a test set X_test and y_test (NPZ) or Xval and yval (MAT)
    #[arg(long, value_name = "FILE.{mat,csv,npz}")]
    data: Option<PathBuf>,
    /// Points to judge on, in a file of the same kinds, where --data has a training set alone
    #[arg(long, value_name = "FILE.{mat,csv,npz}", requires = "data")]
    test: Option<PathBuf>,
    /// Also train with N other seeds, and compare over them: with a knob, the turned training with the course's [default: 20; 0
    /// for none]; without, each variant with each other [default: 0]. 100 seeds of a lab take 15 to 40 seconds of one core
    #[arg(long, value_name = "N", value_parser = seeds)]
    seeds: Option<u32>,
    /// Plant a bug in the gradient-checking lab: its name (sign, factor, missing-mean, transposed, missing-mask, …), perhaps with
    /// its layer (missing-mean@2), or hidden, to be found; --help has all names
    #[arg(long, value_name = "NAME", long_help = bug_help())]
    bug: Vec<String>,
    /// Which hidden bug: a number for each student. With a bug that is named, it is planted in the network of the hidden ones, to be
    /// compared with one of them
    #[arg(long, value_name = "N", requires = "bug")]
    variant: Option<u64>,
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

/// Settings to change: each training on which they act runs once more, beside the course's.
#[derive(ClapArgs, Clone)]
#[command(
    next_help_heading = "Knobs (each training that one changes runs once more, beside the course's, which stays as it is)"
)]
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
    /// Activation of all hidden layers of all trainings: relu, leaky-relu, tanh, sigmoid, identity
    #[arg(long, value_name = "NAME")]
    activation: Option<String>,
    /// Initial weights of all trainings: zeros, normal, he, he-uniform, xavier, xavier-uniform, lecun, lecun-uniform,
    /// orthogonal, or '{ normal = { scale = 0.1 } }'; in the initialization lab beside He's
    #[arg(long, value_name = "NAME")]
    init: Option<String>,
    /// Update rule of all trainings: gradient-descent, momentum, nesterov, heavy-ball, rms-prop, adam, adam-w, l-bfgs (which
    /// needs all examples and no dropout: in the initialization lab), or '{ adam = { beta1 = 0.5 } }'; in the optimization lab beside
    /// Adam
    #[arg(long, value_name = "NAME")]
    optimizer: Option<String>,
    /// Share that momentum keeps of its velocity, of the trainings with momentum
    #[arg(long, visible_alias = "momentum", value_name = "X", allow_negative_numbers = true)]
    beta: Option<f64>,
    /// Examples per step of all trainings; as many as there are points, or more, for all of them
    #[arg(long, value_name = "N")]
    batch_size: Option<usize>,
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
        Ok(count) if count <= MAX_SEEDS => Ok(count),
        _ => Err(format!("expected a whole number from 0 to {MAX_SEEDS}")),
    }
}

impl Args {
    fn options(&self) -> anyhow::Result<Options> {
        let wanted = |lab: &Lab| self.labs.iter().any(|name| name == ALL || name == lab.key());
        let data = match (&self.data, &self.test) {
            (Some(data), Some(test)) => Some(load_with_test(data, test)?),
            (data, _) => data.as_deref().map(load).transpose()?,
        };
        Ok(Options {
            labs: Lab::ALL.into_iter().filter(wanted).collect(),
            data,
            seeds: self.seeds,
            bug: self.planted()?,
            knobs: self.knobs.knobs()?,
        })
    }

    fn planted(&self) -> anyhow::Result<Option<Bug>> {
        match &self.bug[..] {
            [] => Ok(None),
            [name] => Ok(Some(Bug::parse(name, self.variant)?)),
            names => {
                let (expected, got) = ("one bug".to_owned(), names.join(" and "));
                Err(LabError::Bug { expected, got }.into())
            }
        }
    }
}

/// Every bug with what is wrong then.
fn bug_help() -> String {
    let all = Bug::mistakes();
    let width = all.iter().map(|mistake| mistake.key().len()).max().unwrap_or_default();
    let line = |mistake: &Mistake| format!("\n  {:<width$}  {}", mistake.key(), mistake.words(Lang::En));
    "Plant a bug in the gradient-checking lab: hidden, to be found, or one of these, perhaps with its layer (missing-mean@2); [l] is \
     the layer:"
        .to_owned()
        + &all.iter().map(line).collect::<String>()
}

impl KnobArgs {
    fn knobs(&self) -> anyhow::Result<Knobs> {
        let mut read = Changes::default();
        let typed = [("activation", &self.activation), ("init", &self.init), ("optimizer", &self.optimizer)];
        for (name, text) in typed {
            if let (Some(setting), Some(text)) = (Setting::named(name), text) {
                setting.read(&mut read, text)?;
            }
        }
        Ok(Knobs {
            learning_rate: self.learning_rate,
            epochs: self.epochs,
            hidden: self.hidden.clone(),
            activation: read.activation,
            init: read.init,
            optimizer: read.optimizer,
            beta: self.beta,
            batch_size: self.batch_size,
            precision: self.precision,
            l2: self.l2,
            dropout: self.dropout,
        })
    }
}

/// Train, draw, write, and answer whether all compared numbers agree; the report says what was typed.
pub(crate) fn run(args: &Args, typed: &str) -> anyhow::Result<Answer> {
    if let Some(Command::Exercise(args)) = &args.command {
        return exercise::run(args);
    }
    let mut labs = Labs::new(&args.options()?).map_err(|error| worded(error, args))?;
    // Before the training: who waits for minutes should not learn only then that the folder cannot be written.
    let out = place(args, typed);
    let folder = staged::begin(&out, REPORT)?;

    let start = Instant::now();
    let (lang, threads) = (args.lang, args.threads.count());
    let watch = TrainingBar(bar(labs.epochs(), lang.choose("training", "训练"), args.quiet));
    labs.train(threads, &watch)?;
    watch.0.finish_and_clear();
    let trained = start.elapsed();

    let records = labs.records(lang, threads, &())?;
    let material = Material { slides: args.slides, handout: args.handout };
    let files = files(&records, material, typed, lang, threads).context("cannot draw the figures")?;
    let drawn = start.elapsed();

    files.iter().try_for_each(|file| folder.write(&file.name, &file.bytes))?;
    staged::publish(folder)?;
    let written = start.elapsed();

    let (compared, agree) = tally(&records);
    if args.json {
        terminal::print(&format!("{:#}\n", results(&records, typed)))?;
    } else if !args.quiet {
        let page = out.join(PAGE);
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

/// What an error says, with the flag or the file it is about.
fn worded(error: LabError, args: &Args) -> anyhow::Error {
    match &error {
        LabError::Unsuitable { part, .. } => {
            let file = args.test.as_ref().filter(|_| *part == "test set").or(args.data.as_ref());
            let file = file.map(|file| file.display().to_string()).unwrap_or_default();
            anyhow::Error::new(error).context(file)
        }
        LabError::Unused { option: name, .. } | LabError::Unturned { knob: name } => {
            anyhow!("{}", error.to_string().replacen(name, &flag(name), 1))
        }
        LabError::Engine(EngineError::Setting { field, .. }) => {
            // A part of a value, such as `init.scale`, has no flag of its own.
            let name = if field.contains('.') { field.clone() } else { flag(field) };
            let error = error.to_string().replacen(field, &name, 1);
            anyhow!("{error}\nhint: choose other values of the knobs, or leave them out for the course's")
        }
        _ => error.into(),
    }
}

/// Where the report goes: unless a place is given, to one of its own, so that the report of another command stays.
fn place(args: &Args, typed: &str) -> PathBuf {
    let first = || PathBuf::from(REPORTS);
    let out = args.out.clone().unwrap_or_else(|| StagedFolder::place(first(), REPORT, &beginning(typed)));
    if args.out.is_none() && out != first() && !args.quiet {
        let new = out.display();
        terminal::say(&args.lang.choose(
            format!("{REPORTS} is there already, and not of this command: the report goes to {new}"),
            format!("{REPORTS} 已经存在，且不是这条命令的报告：本次报告写入 {new}"),
        ));
    }
    out
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
