//! `nablab predict`: what a trained model says of the rows of a table.

use std::path::PathBuf;

use anyhow::bail;
use clap::Args as ClapArgs;
use nablab::{Model, Predictions};
use nablab_data::prepare::Target;
use nablab_data::write_file;

use crate::{Answer, signals, table, terminal, words};

const HELP: &str = "\
The predictions are in the order of the table's rows: the most probable class, yes or no to each label, or a number, in a
column with the target's name; with --proba also the probability of each class.

Columns are found by their names. A category that the training had not is none of those it had; a missing column counts as
missing in every row. Both are said.

Example: nablab predict runs/iris new.csv --proba --out predictions.csv";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder, or a model.safetensors
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// The table
    data: PathBuf,
    /// Also the probability of each class or label
    #[arg(long)]
    proba: bool,
    /// Write to this file instead of printing
    #[arg(long, value_name = "FILE.csv")]
    out: Option<PathBuf>,
    /// No progress and no warnings
    #[arg(long)]
    quiet: bool,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    signals::listen();
    let model = Model::load(&args.run)?;
    if args.proba && matches!(model.target, Target::Numbers { .. }) {
        bail!(
            "--proba needs a model of classes or labels, this one predicts numbers\nhint: leave --proba away"
        );
    }
    let table = table::load(&args.data, args.quiet)?;
    let predictions = model.predict(&table, &args.data.display().to_string())?;
    if !args.quiet {
        words::seen(&predictions.seen, "the rows").iter().for_each(|line| terminal::say(line));
    }
    let text = csv(&predictions, args.proba)?;
    match &args.out {
        None => terminal::print(&text),
        Some(path) => {
            write_file(path, text.as_bytes(), &signals::came)?;
            Ok(Answer::Yes)
        }
    }
}

/// A line of names, and a line for each row.
pub(crate) fn csv(predictions: &Predictions, proba: bool) -> anyhow::Result<String> {
    let mut out = csv::Writer::from_writer(Vec::new());
    let mut names = predictions.target.names().to_vec();
    if proba {
        names.extend(predictions.names().iter().map(|name| format!("p({name})")));
    }
    out.write_record(&names)?;
    for (answer, row) in predictions.answers().zip(predictions.rows()) {
        let numbers = row.iter().filter(|_| proba).map(f64::to_string);
        out.write_record(answer.into_iter().chain(numbers))?;
    }
    Ok(String::from_utf8(out.into_inner()?)?)
}
