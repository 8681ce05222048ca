//! `nablab predict`: what a trained model says of the rows of a table.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::data::prepare::Target;
use nablab::tables::{Ensemble, Predictions, names_in};

use crate::output::Replacing;
use crate::threads::Threads;
use crate::train::ReadingFlags;
use crate::{Answer, output, table, terminal, words};

const HELP: &str = "\
The predictions are in the order of the table's rows: the most probable class, yes or no to each label, or a number, in a
column with the target's name; with --proba also the probability of each class.

Columns are found by their names. A category that the training had not is none of those it had; a missing column counts as
missing in every row. Both are said.

Of a cross-validation, made by train --folds, the models of all folds predict: the mean of their probabilities, or of their numbers.

Examples:
  nablab predict runs/iris new.csv --proba --out predictions.csv
  nablab predict runs/houses new.csv --keep id,street";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder, also of a cross-validation, or a model.safetensors
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The table; - for standard input
    data: PathBuf,
    /// Also the probability of each class or label
    #[arg(long)]
    proba: bool,
    /// Write to this file instead of printing [default: -, standard output]
    #[arg(long, value_name = "FILE.{csv,parquet}")]
    out: Option<PathBuf>,
    /// Another probability above which the second of two classes is predicted than the model's
    #[arg(long, value_name = "P")]
    threshold: Option<f64>,
    /// Write these columns of the table beside the predictions, such as an id
    #[arg(long, value_name = "COLUMNS", value_parser = names_in)]
    keep: Vec<Vec<String>>,
    #[command(flatten)]
    replacing: Replacing,
    /// No progress and no warnings
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    reading: ReadingFlags,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let out = args.out.as_deref().filter(|out| !output::is_stdout(out));
    if let Some(out) = out {
        args.replacing.check(out, &[&args.data, &args.run])?;
        Predictions::check_name(&out.to_string_lossy())?;
    }
    let mut model = Ensemble::load(&args.run)?;
    if let Some(threshold) = args.threshold {
        model.set_threshold(threshold)?;
    }
    if args.proba && matches!(model.target(), Target::Numbers { .. }) {
        bail!(
            "--proba needs a model of classes or labels, this one predicts numbers\nhint: leave --proba away"
        );
    }
    let keep = args.keep.concat();
    let reading = model.reading().keeping(&keep).in_dialect(&args.reading.changes()?.reading);
    let table = table::load(&args.data, reading, Threads::default(), args.quiet)?;
    if !args.quiet {
        words::averaged(&model, &args.run).iter().for_each(|line| terminal::say(line));
    }
    let predictions = model.predict(&table)?.keeping(&table, &keep)?;
    if !args.quiet {
        words::seen(&predictions.seen, "the rows").iter().for_each(|line| terminal::say(line));
    }
    table::write(&predictions, args.proba, out)
}
