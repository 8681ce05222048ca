//! `nablab export`: a trained network for other tools.

use std::path::PathBuf;

use clap::{Args as ClapArgs, ValueEnum};
use nablab::tables::{Model, export};

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
    #[arg(long, value_enum)]
    format: Format,
    /// Where to; - for standard output [default: model.onnx or model.npz in the run folder]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    replacing: Replacing,
    /// Do not say where it was written
    #[arg(long, short)]
    quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Onnx,
    Safetensors,
    Npz,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<Answer> {
    let model = Model::load(&args.run)?;
    let (bytes, extension) = match args.format {
        Format::Onnx => (export::onnx(&model)?, "onnx"),
        Format::Safetensors => (model.to_bytes(), "safetensors"),
        Format::Npz => (export::npz(&model), "npz"),
    };
    let beside = if args.run.is_dir() { args.run.join("model") } else { args.run.clone() };
    let out = match &args.out {
        Some(out) => {
            args.replacing.check(out, &[&args.run])?;
            out.clone()
        }
        // Beside the model it is the model's, unless somebody else has put something there.
        None => {
            let out = beside.with_extension(extension);
            if !export::is_ours(&out) {
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
