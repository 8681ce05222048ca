//! The command `nablab`: parse, call, present. One file per subcommand.
#![forbid(unsafe_code)]

mod check;
mod data;
mod diagnose;
mod evaluate;
mod export;
mod folder;
mod lab;
mod landscape;
mod list;
mod man;
mod memory;
mod output;
mod predict;
mod progress;
mod reading;
mod recipe;
mod report;
mod signals;
mod study;
mod table;
mod terminal;
mod threads;
mod train;
mod tune;
mod words;

use std::io;
use std::process::ExitCode;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use nablab::Error;
use nablab_data::DataError;
use nablab_labs::LabError;

/// ∇lab: a laboratory for training dense neural networks.
#[derive(Parser)]
#[command(name = "nablab", version, arg_required_else_help = true, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the course labs: train, draw, compare with the published numbers, write a report
    Lab(lab::Args),
    /// Train a network on a table
    Train(Box<train::Args>),
    /// Find a better recipe for a table than the default
    Tune(Box<tune::Args>),
    /// Search the best recipe of a space, alone or with others, and see what was found
    Study(study::Args),
    /// Draw what becomes of a network everywhere on a plane of two settings, or of its weights
    Landscape(Box<landscape::Args>),
    /// Predict the rows of a table with a trained network
    Predict(predict::Args),
    /// Judge a trained network on a table
    Evaluate(evaluate::Args),
    /// Write a trained network as ONNX, safetensors or NPZ
    Export(export::Args),
    /// Show a training, or several beside each other, as a page
    Report(report::Args),
    /// Say what is wrong with a training, how that is known, and what to change
    Diagnose(diagnose::Args),
    /// Write a generated data set to a CSV or NPZ file
    Data(data::Args),
    /// Check the gradient of a network against finite differences
    Check(check::Args),
    /// Print a completion script for a shell
    #[command(
        after_help = "Example: nablab completions bash > ~/.local/share/bash-completion/completions/nablab"
    )]
    Completions {
        /// The shell
        shell: Shell,
    },
    /// Write the manual pages of all commands into a folder
    Man(man::Args),
}

/// How a command ended that did not fail.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    /// It ran, and the answer is no.
    No,
}

fn main() -> ExitCode {
    let answer = match Cli::try_parse() {
        Ok(Cli { command }) => {
            signals::listen();
            run(command)
        }
        Err(misuse) if misuse.use_stderr() => misuse.exit(),
        Err(help) => terminal::printed(help.print()),
    };
    match answer {
        // A signal that came, and was left to the work in hand, ends a program also where that was done.
        Ok(_) if signals::came() => ExitCode::from(signals::exit_code()),
        Err(error) if signals::came() && is_stopped(&error) => ExitCode::from(signals::exit_code()),
        Ok(Answer::Yes) => ExitCode::SUCCESS,
        Ok(Answer::No) => ExitCode::from(1),
        Err(error) => {
            terminal::say(&format!("error: {}", message(&error)));
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> anyhow::Result<Answer> {
    match command {
        Command::Lab(args) => lab::run(&args),
        Command::Train(args) => train::run(&args),
        Command::Tune(args) => tune::run(&args),
        Command::Study(args) => study::run(&args),
        Command::Landscape(args) => landscape::run(&args),
        Command::Predict(args) => predict::run(&args),
        Command::Evaluate(args) => evaluate::run(&args),
        Command::Export(args) => export::run(&args),
        Command::Report(args) => report::run(&args),
        Command::Diagnose(args) => diagnose::run(&args),
        Command::Data(args) => data::run(&args),
        Command::Check(args) => check::run(&args),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "nablab", &mut script);
            terminal::print(&String::from_utf8_lossy(&script))
        }
        Command::Man(args) => man::run(&args),
    }
}

/// It says only that a signal was obeyed.
fn is_stopped(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(DataError::Cancelled))
        || matches!(error.downcast_ref(), Some(Error::Stopped | Error::Data(DataError::Cancelled)))
        || matches!(error.downcast_ref(), Some(LabError::Cancelled))
}

/// An error with its causes, before its hint; without those it has already said itself.
fn message(error: &anyhow::Error) -> String {
    let add = |said: String, cause: String| match said.split_once("\nhint:") {
        _ if said.contains(&cause) => said,
        Some((what, hint)) => format!("{what}: {cause}\nhint:{hint}"),
        None => format!("{said}: {cause}"),
    };
    let said = error.chain().map(ToString::to_string).reduce(add).unwrap_or_default();
    let is_too_long = |cause: &(dyn std::error::Error + 'static)| {
        cause.downcast_ref().is_some_and(|error: &io::Error| error.kind() == io::ErrorKind::InvalidFilename)
    };
    match said.split_once("\nhint:") {
        // Whatever else there may be to do about files that cannot be written, it does not help here.
        Some((what, _)) if error.chain().any(is_too_long) => format!("{what}\nhint: {}", DataError::TOO_LONG),
        _ => said,
    }
}
