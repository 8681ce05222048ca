//! Repository tasks: `cargo xtask check` runs everything a change must pass, here and in continuous integration alike.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a task runner talks to the terminal")]

mod check;
mod instructions;
mod postgres;
mod python;
mod web;

use std::path::Path;
use std::process::{Command, ExitCode};

const USAGE: &str = "usage: cargo xtask check
       cargo xtask instructions [--update]
       cargo xtask wasm
       cargo xtask site

check         format, spelling, lints, documentation, tests, doctests, instructions, and how long each took
instructions  instructions per training step against bench/instructions.toml; --update writes it
wasm          build the page's module of WebAssembly, which is committed
site          lay the page, the documents and the labs' reports into target/site, for any server of files";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["check"] => check::run(),
        ["instructions"] => instructions::run(false),
        ["instructions", "--update"] => instructions::run(true),
        ["wasm"] => web::build(),
        ["site"] => web::site(),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The repository.
fn root() -> Result<&'static Path, String> {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().ok_or_else(|| "xtask lies in the repository".into())
}

/// Run a command at the root; an error says which one failed.
fn run(command: &mut Command) -> Result<(), String> {
    run_in(root()?, command)
}

fn run_in(folder: &Path, command: &mut Command) -> Result<(), String> {
    let said = format!("{command:?}");
    match command.current_dir(folder).status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{said}: {status}")),
        Err(error) => Err(format!("{said}: {error}")),
    }
}
