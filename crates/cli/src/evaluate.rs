//! `nablab evaluate`: how good a trained model is on a table.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use nablab::data::prepare::Target;
use nablab::data::readable;
use nablab::tables::Ensemble;
use nablab::tables::metrics::{Classification, MOST_CONFUSED, Metrics};
use serde_json::json;

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
    let (metrics, predictions) = model.evaluate(&table)?;
    if !args.quiet {
        words::seen(&predictions.seen, "the rows").iter().for_each(|line| terminal::say(line));
    }
    let rows = predictions.rows().count();
    if args.json {
        let mut value = json!({ "schema": "nablab.evaluation/1", "rows": rows, "metrics": metrics });
        if model.models().len() > 1 {
            value["models"] = json!(model.models().len());
        }
        if !predictions.seen.is_empty() {
            value["seen"] = json!(predictions.seen);
        }
        return terminal::print(&format!("{value:#}\n"));
    }
    let mut text = match table.rows() - rows {
        0 => format!("{rows} rows\n\n"),
        without => format!("{rows} rows; {without} without a target are left out\n\n"),
    };
    for (name, value) in words::metrics(&metrics) {
        text += &format!("{name:<18} {:>10}\n", words::number(value));
    }
    if let (Metrics::Classification(metrics), Target::Classes { levels, .. }) = (&metrics, model.target()) {
        text += &confusion(metrics, levels);
    }
    terminal::print(&text)
}

/// The confusion matrix, where it fits a terminal.
fn confusion(metrics: &Classification, levels: &[String]) -> String {
    const MOST_CLASSES: usize = 20;
    if levels.len() > MOST_CLASSES {
        let all = levels.len();
        return match all <= MOST_CONFUSED {
            true => format!("\nconfusion matrix: left out, for {all} classes; --json has it\n"),
            false => format!(
                "\nconfusion matrix: left out, for {all} classes; --json has the numbers of each class\n"
            ),
        };
    }
    let levels: Vec<String> = levels.iter().map(|level| readable(level)).collect();
    let longest = levels.iter().map(|level| level.chars().count()).max().unwrap_or(0).max(6);
    let cell = |text: &str| format!(" {text:>longest$}");
    let mut text = format!("\ntrue \\ predicted\n{}", " ".repeat(longest));
    levels.iter().for_each(|level| text += &cell(level));
    for (level, row) in levels.iter().zip(&metrics.confusion) {
        text += &format!("\n{level:>longest$}");
        row.iter().for_each(|&count| text += &cell(&count.to_string()));
    }
    text + "\n"
}
