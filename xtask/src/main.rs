//! Repository tasks: `cargo xtask check` runs everything a change must pass, here and in continuous
//! integration alike: format, lints, documentation, tests, doctests, and instructions per training step.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a task runner talks to the terminal")]

mod instructions;
mod postgres;
mod python;

use std::process::{Command, ExitCode};

/// One step: a name, the arguments of cargo, and variables to set.
struct Step {
    name: &'static str,
    cargo: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
}

/// What the command can be built with.
const ARROW: &str = "nablab-cli/arrow";

const CHECK: &[Step] = &[
    Step { name: "format", cargo: &["fmt", "--all", "--", "--check"], env: &[] },
    Step {
        name: "lints",
        cargo: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--locked",
            "--features",
            ARROW,
            "--",
            "-D",
            "warnings",
        ],
        env: &[],
    },
    Step {
        name: "documentation",
        cargo: &["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    // `cargo test` runs unit tests, integration tests, examples and doctests.
    Step { name: "tests", cargo: &["test", "--workspace", "--locked", "--features", ARROW], env: &[] },
];

const USAGE: &str = "usage: cargo xtask check
       cargo xtask instructions [--update]

check         format, lints, documentation, tests, doctests, instructions
instructions  instructions per training step against bench/instructions.toml; --update writes it";

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args().skip(1).collect();
    let args: Vec<_> = args.iter().map(String::as_str).collect();
    let done = match args[..] {
        ["check"] => check(),
        ["instructions"] => instructions::run(false),
        ["instructions", "--update"] => instructions::run(true),
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

fn check() -> Result<(), String> {
    eprintln!("── python: packages of the tests that read what nablab exports");
    let python = match python::prepare() {
        Ok(python) => Some(python),
        // Where everything has to be checked, nothing may be left out.
        Err(error) if std::env::var_os("CI").is_some() => return Err(error),
        Err(error) => {
            eprintln!("skipped, and with it the tests that need them: {error}");
            None
        }
    };
    eprintln!("── postgresql: the server that studies are shared by");
    match postgres::prepare() {
        Ok(()) => {}
        Err(error) if std::env::var_os("CI").is_some() => return Err(error),
        Err(error) => eprintln!("skipped, and with it the tests that need it: {error}"),
    }
    for step in CHECK {
        eprintln!("── {}: cargo {}", step.name, step.cargo.join(" "));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo)
            .args(step.cargo)
            .envs(step.env.iter().copied())
            .envs(python.iter().map(|p| ("NABLAB_PYTHON", p)))
            .status();
        match status {
            Ok(status) if status.success() => {}
            Ok(_) => return Err(format!("the step `{}` failed", step.name)),
            Err(error) => return Err(format!("cargo did not start: {error}")),
        }
    }
    eprintln!("── instructions: cargo xtask instructions");
    instructions::run(false)?;
    eprintln!("── all {} steps passed", CHECK.len() + 1);
    Ok(())
}
