//! `nablab export`: a trained network for other tools.

use std::path::PathBuf;

use clap::Args as ClapArgs;
use clap::builder::{PossibleValuesParser, TypedValueParser};
use nablab::tables::Model;
use nablab::tables::export::{ExportFormat, is_ours};

use crate::output::Replacing;
use crate::{Answer, output, terminal};

const HELP: &str = "\
What is written:

  onnx         the whole way from the table's raw columns to the predictions, for ONNX Runtime and others: an input for each
               column, (rows, 1), numbers as double and texts as string; outputs label and probabilities, or prediction
  safetensors  the parameters by name, with all that nablab needs in the metadata
  npz          the parameters and the numbers of the preparation, for numpy.load

Without --out an earlier export of the run is replaced, and what somebody else has put there only with --force.

Example: nablab export runs/iris --format onnx --out iris.onnx";

#[derive(ClapArgs)]
#[command(after_help = HELP)]
pub(crate) struct Args {
    /// A run folder, or a model.safetensors
    #[arg(value_name = "RUN")]
    run: PathBuf,
    /// What to write
    #[arg(long, value_parser = formats())]
    format: ExportFormat,
    /// Where to; - for standard output [default: model.onnx or model.npz in the run folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replacing: Replacing,
    /// Do not say where it was written
    #[arg(long, short)]
    quiet: bool,
}

fn formats() -> impl TypedValueParser<Value = ExportFormat> {
    PossibleValuesParser::new(ExportFormat::ALL.map(ExportFormat::key)).map(|name| {
        let named = |format: &ExportFormat| format.key() == name;
        ExportFormat::ALL.into_iter().find(named).expect("one of the names above")
    })
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let model = Model::load(&args.run)?;
    let bytes = args.format.bytes(&model)?;
    let out = match &args.out {
        Some(out) => {
            args.replacing.check(out, &[&args.run])?;
            out.clone()
        }
        // Beside the model it is the model's, unless somebody else has put something there.
        None => {
            let out = args.format.beside(&args.run);
            if !is_ours(&out) {
                args.replacing.check(&out, &[])?;
            }
            out
        }
    };
    output::write_out(&out, &bytes)?;
    if !args.quiet && !output::is_stdout(&out) {
        terminal::say(&format!("wrote {}", out.display()));
    }
    Ok(Answer::Yes)
}
