//! `cargo xtask check`: the steps, and how long each takes.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::{instructions, postgres, python, web};

/// A step that cargo does: a name, cargo's arguments, and variables to set.
struct Cargo {
    name: &'static str,
    args: &'static [&'static str],
    env: &'static [(&'static str, &'static str)],
}

/// Features add code and leave code out, so code is linted and tested with and without them. Little is built twice for that,
/// because cargo finds one set of features for a library of the whole workspace, and PostgreSQL's libraries are among those
/// of the tests in any case (dev-dependencies of nablab-study). As `cargo test --unit-graph` of a nightly lists them, the
/// tests with features build 4 of their 318 units anew, the lints without features 10 of 358. Packages chosen by name, and
/// without those dev-dependencies, it was a third of them.
const STEPS: &[Cargo] = &[
    Cargo { name: "format", args: &["fmt", "--all", "--", "--check"], env: &[] },
    Cargo {
        name: "lints, all features",
        args: &[
            "clippy",
            "--workspace",
            "--all-targets",
            "--all-features",
            "--locked",
            "--",
            "-D",
            "warnings",
        ],
        env: &[],
    },
    Cargo {
        name: "lints, no features",
        args: &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"],
        env: &[],
    },
    // Alone, no library has features that only another package asks for. It produces no code, and is quick.
    Cargo { name: "as installed", args: &["check", "--package=nablab-cli", "--locked"], env: &[] },
    Cargo {
        name: "documentation",
        args: &["doc", "--workspace", "--all-features", "--no-deps", "--document-private-items", "--locked"],
        env: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    // Unit tests, integration tests, examples and doctests.
    Cargo { name: "tests, no features", args: &["test", "--workspace", "--locked"], env: &[] },
    // The tests that a feature changes: of the command, and of the storage of studies.
    Cargo {
        name: "tests, all features",
        args: &[
            "test",
            "--workspace",
            "--all-features",
            "--locked",
            "--test=study",
            "--test=cli",
            // With it Python's module is built with all features, which its own tests use.
            "--test=extension",
            "--",
            "features::",
            "optuna::",
            "silence::",
            "storage::",
            "tls::",
            "work::",
        ],
        env: &[],
    },
];

/// All steps, until one fails, and how long they took.
pub(crate) fn run() -> Result<(), String> {
    let mut times = Times::default();
    let done = steps(&mut times);
    for (name, took) in &times.0 {
        eprintln!("{name:<24} {:>7.1} s", took.as_secs_f64());
    }
    done.inspect(|()| eprintln!("── all {} steps passed", times.0.len()))
}

fn steps(times: &mut Times) -> Result<(), String> {
    let python = times.of("python", || or_skip(python::prepare()))?;
    let python = python.as_deref();
    times.of("postgresql", || or_skip(postgres::prepare()))?;
    let has_browser =
        times.of("browser", || Ok(web::prepare().map_err(|error| eprintln!("{error}")).is_ok()))?;
    times.of("spelling", || spelling(python))?;
    for step in STEPS {
        times.of(step.name, || cargo(step, python))?;
    }
    times.of("python's package", || match python {
        Some(python) => python::test_package(python),
        None => {
            eprintln!("skipped, for there is no Python");
            Ok(())
        }
    })?;
    times.of("page", || match has_browser {
        true => web::test(),
        false => {
            eprintln!(
                "skipped, for there is no npm, or no Chromium that starts; its module is looked at alone"
            );
            web::check()
        }
    })?;
    times.of("instructions", || instructions::run(false))
}

/// Where everything has to be checked, nothing may be left out.
fn or_skip<T>(prepared: Result<T, String>) -> Result<Option<T>, String> {
    match prepared {
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("skipped, and with it what needs it: {error}");
            Ok(None)
        }
        prepared => prepared.map(Some),
    }
}

fn spelling(python: Option<&Path>) -> Result<(), String> {
    let Some(python) = python else {
        eprintln!("skipped, for it is one of Python's packages");
        return Ok(());
    };
    crate::run(&mut Command::new(python.with_file_name("typos")))
}

fn cargo(step: &Cargo, python: Option<&Path>) -> Result<(), String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .args(step.args)
        .envs(step.env.iter().copied())
        .envs(python.map(|python| ("NABLAB_PYTHON", python)));
    crate::run(&mut command)
}

/// The steps that are done, and what each took.
#[derive(Default)]
struct Times(Vec<(&'static str, Duration)>);

impl Times {
    /// Do a step.
    fn of<T>(&mut self, name: &'static str, step: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
        eprintln!("── {name}");
        let begun = Instant::now();
        let done = step();
        let took = begun.elapsed();
        eprintln!("── {name}: {:.1} s", took.as_secs_f64());
        self.0.push((name, took));
        done.map_err(|error| format!("{name}: {error}"))
    }
}
