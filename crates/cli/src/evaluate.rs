//! `nablab evaluate`: how good a trained model is on a table.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use nablab::tables::metrics::Metrics;
use nablab::tables::{Ensemble, Evaluation};

use crate::threads::Threads;
use crate::train::ReadingFlags;
use crate::{Answer, table, terminal, words};

const HELP: &str = "\
The numbers are scikit-learn's: accuracy_score, balanced_accuracy_score, f1_score, roc_auc_score, average_precision_score (PR AUC), log_loss; r2_score,
root_mean_squared_error, mean_absolute_error. The calibration error is the expected one over 15 bins.

Of a cross-validation, made by train --folds, the models of all folds predict together. On rows that they have learned from that is
too good: its cross-validation.json has what each fold says of the rows that it has not learned from.

Example: nablab evaluate runs/iris test.csv";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder, also of a cross-validation, or a model.safetensors
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// A table that has the target; - for standard input
    data: PathBuf,
    /// Leave out the rows without a target, which are an error otherwise
    #[arg(long)]
    drop_missing_target: bool,
    /// Print the metrics as JSON
    #[arg(long)]
    json: bool,
    /// Another probability above which the second of two classes is predicted than the model's
    #[arg(long, value_name = "P")]
    threshold: Option<f64>,
    /// No progress and no warnings
    #[arg(long, short)]
    quiet: bool,
    #[command(flatten)]
    reading: ReadingFlags,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let mut model = Ensemble::load(&args.run)?;
    if args.drop_missing_target {
        model.drop_missing_target();
    }
    if let Some(threshold) = args.threshold {
        model.set_threshold(threshold)?;
    }
    let reading = model.reading().in_dialect(&args.reading.changes()?.reading);
    let table = table::load(&args.data, reading, Threads::default(), args.quiet)?;
    if !args.quiet {
        words::averaged(&model, &args.run).iter().for_each(|line| terminal::say(line));
    }
    let evaluation = model.evaluate(&table)?;
    if !args.quiet {
        words::seen(&evaluation.predictions.seen, "the rows").iter().for_each(|line| terminal::say(line));
    }
    terminal::print(&if args.json { evaluation.json() } else { evaluation.text() + &elsewhere(&evaluation) })
}

/// Where the confusion matrix is that does not fit a terminal.
fn elsewhere(evaluation: &Evaluation) -> String {
    let (Metrics::Classification(metrics), None) = (&evaluation.metrics, evaluation.confusion()) else {
        return String::new();
    };
    let has = if metrics.confusion.is_empty() { "the numbers of each class" } else { "it" };
    format!("\nconfusion matrix: left out, for {} classes; --json has {has}\n", metrics.per_class.len())
}
