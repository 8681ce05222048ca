//! The command `nablab`: parse, call, present. One file per subcommand.
//!
//! A library, so that it can be called in a process of its own or in another one's, such as a fuzzer's. The program is `main.rs`.
#![forbid(unsafe_code)]

mod check;
mod data;
mod diagnose;
mod evaluate;
mod exercise;
mod export;
mod lab;
mod landscape;
mod man;
mod memory;
mod output;
mod predict;
mod progress;
mod remedies;
mod report;
mod serve;
mod signals;
mod staged;
mod study;
mod table;
mod terminal;
mod threads;
mod train;
mod tune;
mod words;

use std::ffi::OsString;

use clap::{CommandFactory, Parser, Subcommand};
use clap_complete::Shell;
use nablab::data::{DataError, with_causes};
use nablab::labs::LabError;
use nablab::study::StudyError;
use nablab::study::landscape::LandscapeError;
use nablab::tables::Error;

pub use memory::allocator;
pub use signals::listen;

/// ∇lab: a laboratory for training dense neural networks.
#[derive(Parser)]
// Of a flag that comes again the last counts: whoever appends to a command that is there need not look for it.
#[command(
    name = "nablab",
    version,
    arg_required_else_help = true,
    propagate_version = true,
    args_override_self = true
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the course labs: train, draw, compare with the published numbers, write a report
    Lab(Box<lab::Args>),
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
    /// Serve the page in the browser: train in front of your eyes, with the runs and studies of a directory
    Serve(serve::Args),
    /// Write a generated data set to a CSV or NPZ file
    Data(data::Args),
    /// Check the gradient of a network against finite differences, or what your own code computed
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

/// Do what is typed, the program's name first, and answer with the program's exit code: 0 yes, 1 it ran and the answer is no, 2 bad
/// use or input.
pub fn run(args: impl IntoIterator<Item = OsString>) -> u8 {
    let typed: Vec<OsString> = args.into_iter().collect();
    let answer = match Cli::try_parse_from(&typed) {
        Ok(Cli { command }) => command.run(&typed),
        Err(misuse) if misuse.use_stderr() => {
            // Where it cannot be written, there is nobody to tell.
            let _ = misuse.print();
            return 2;
        }
        Err(help) => terminal::printed(help.print()),
    };
    match answer {
        // A signal that came, and was left to the work in hand, ends a program also where that was done.
        Ok(_) if signals::came() => signals::exit_code(),
        Err(error) if signals::came() && is_stopped(&error) => signals::exit_code(),
        Ok(Answer::Yes) => 0,
        Ok(Answer::No) => 1,
        Err(error) => {
            let said = with_causes(error.as_ref(), &remedies::worded);
            terminal::say(&format!("error: {said}"));
            2
        }
    }
}

impl Command {
    fn run(self, typed: &[OsString]) -> anyhow::Result<Answer> {
        match self {
            Self::Lab(args) => lab::run(&args, &terminal::command_line(typed)),
            Self::Train(args) => train::run(&args),
            Self::Tune(args) => tune::run(&args),
            Self::Study(args) => study::run(&args),
            Self::Landscape(args) => landscape::run(&args),
            Self::Predict(args) => predict::run(&args),
            Self::Evaluate(args) => evaluate::run(&args),
            Self::Export(args) => export::run(&args),
            Self::Report(args) => report::run(&args),
            Self::Diagnose(args) => diagnose::run(&args),
            Self::Serve(args) => serve::run(args),
            Self::Data(args) => data::run(&args),
            Self::Check(args) => check::run(&args),
            Self::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "nablab", &mut script);
                terminal::print(&String::from_utf8_lossy(&script))
            }
            Self::Man(args) => man::run(&args),
        }
    }
}

/// It says only that a signal was obeyed.
fn is_stopped(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(DataError::Cancelled))
        || matches!(error.downcast_ref(), Some(LabError::Cancelled))
        || error.downcast_ref().is_some_and(Error::is_stopped)
        || error.downcast_ref().is_some_and(StudyError::is_stopped)
        || error.downcast_ref().is_some_and(LandscapeError::is_stopped)
}
