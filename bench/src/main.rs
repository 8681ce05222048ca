//! `nablab-bench W1-f64 5` runs workload W1 five times and prints the seconds of each run.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

use std::process::ExitCode;
use std::time::Instant;

use nablab_bench::workload;

const USAGE: &str = "usage: nablab-bench WORKLOAD-<f64|f32> [RUNS]

W1, W2a, W2b, W2c, W3 [/EPOCHS]   W5              the small networks; W5 reads the file DIGITS
W4/BATCH/STEPS                                    784-512-256-10
W6/STEPS[/NETWORKS]                               a population
NET/FEATURES-HIDDEN-…-CLASSES/BATCH/STEPS         any network
PREDICT1, PREDICT/BATCH                           10 000 predictions of one row; one of a batch

THREADS: of populations; NABLAB_ISA: instruction set of trainings";

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let (name, runs) =
        (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()).unwrap_or(5));
    let run = match name.rsplit_once('-') {
        Some((name, "f32")) => workload::<f32>(name),
        Some((name, "f64")) => workload::<f64>(name),
        _ => None,
    };
    let Some(mut run) = run else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    for _ in 0..runs {
        let start = Instant::now();
        run();
        println!("{:.9}", start.elapsed().as_secs_f64());
    }
    ExitCode::SUCCESS
}
