//! Repository tasks: `cargo xtask check` runs everything a change must pass, here and in continuous
//! integration alike: format, lints, documentation, tests, doctests.
#![forbid(unsafe_code)]
#![allow(clippy::print_stderr, reason = "a task runner talks to the terminal")]

use std::process::{Command, ExitCode};

/// One step: a name, the arguments of cargo, and variables to set.
struct Step {
    name: &'static str,
    cargo: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
}

const CHECK: &[Step] = &[
    Step { name: "format", cargo: &["fmt", "--all", "--", "--check"], env: &[] },
    Step {
        name: "lints",
        cargo: &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        env: &[],
    },
    Step {
        name: "documentation",
        cargo: &["doc", "--workspace", "--no-deps", "--document-private-items", "--locked"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    // `cargo test` runs unit tests, integration tests, examples and doctests.
    Step { name: "tests", cargo: &["test", "--workspace", "--locked"], env: &[] },
];

fn main() -> ExitCode {
    let task = std::env::args().nth(1);
    if task.as_deref() != Some("check") {
        eprintln!("usage: cargo xtask check\n\ncheck  format, lints, documentation, tests and doctests");
        return ExitCode::from(2);
    }
    for step in CHECK {
        eprintln!("── {}: cargo {}", step.name, step.cargo.join(" "));
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let status = Command::new(cargo).args(step.cargo).envs(step.env.iter().copied()).status();
        match status {
            Ok(status) if status.success() => {}
            Ok(_) => {
                eprintln!("error: the step `{}` failed", step.name);
                return ExitCode::FAILURE;
            }
            Err(error) => {
                eprintln!("error: cargo did not start: {error}");
                return ExitCode::FAILURE;
            }
        }
    }
    eprintln!("── all {} steps passed", CHECK.len());
    ExitCode::SUCCESS
}
