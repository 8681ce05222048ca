//! `cargo xtask instructions`: instructions per training step, which no noise of a machine moves, against the recorded
//! ones. Valgrind counts them; it knows no AVX-512, so what it counts are the AVX2 kernels.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Workloads of `nablab-bench`, with two numbers of steps or epochs in the place of `#`: their difference is free of
/// the start of the process.
const WORKLOADS: &[(&str, [u64; 2])] = &[
    ("W4/32/#-f32", [10, 20]),
    ("NET/64-100-10/200/#-f32", [20, 40]),
    ("NET/784-512-256-10/32/#-f64", [1, 3]),
    ("W2c/#-f64", [200, 400]),
    ("W1/#-f64", [200, 400]),
    ("W1/#-f32", [200, 400]),
    ("W3/#-f64", [40, 80]),
];
/// Growth that fails.
const MOST: f64 = 0.03;
const FILE: &str = "bench/instructions.toml";
const HEAD: &str =
    "# Instructions per step (W3: per epoch), as `cargo xtask instructions --update` counted them.\n";

/// Compare with the file, or write it. An error says what grew, or what went wrong.
pub(crate) fn run(update: bool) -> Result<(), String> {
    if let Some(why) = missing() {
        eprintln!("instructions: skipped, for {why}");
        return Ok(());
    }
    let root = crate::root()?;
    let bench = build(root)?;
    let counted = count_all(&bench)?;
    let (rustc, file) = (rustc()?, root.join(FILE));
    if update {
        let lines: String = counted.iter().map(|(workload, n)| format!("\"{workload}\" = {n}\n")).collect();
        let text = format!("{HEAD}rustc = \"{rustc}\"\n{lines}");
        return std::fs::write(&file, text).map_err(|error| format!("{FILE}: {error}"));
    }
    let recorded = std::fs::read_to_string(&file).map_err(|error| format!("{FILE}: {error}"))?;
    compare(&counted, &recorded, &rustc)
}

/// Why nothing can be counted here.
fn missing() -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        let found = Command::new("valgrind").arg("--version").output().is_ok_and(|out| out.status.success());
        return (!found).then_some("valgrind is not installed");
    }
    Some("this processor has no AVX2")
}

fn build(root: &Path) -> Result<PathBuf, String> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let built =
        cargo.args(["build", "--release", "--locked", "-p", "nablab-bench"]).current_dir(root).status();
    match built {
        Ok(status) if status.success() => {
            let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
            Ok(root.join(target).join("release/nablab-bench"))
        }
        _ => Err("nablab-bench does not build".into()),
    }
}

/// Instructions of a step of every workload. They do not depend on what runs beside, so each processor counts one.
fn count_all(bench: &Path) -> Result<BTreeMap<String, u64>, String> {
    let next = AtomicUsize::new(0);
    let hand = || {
        let mut counted = Vec::new();
        while let Some(&(workload, [short, long])) = WORKLOADS.get(next.fetch_add(1, Ordering::Relaxed)) {
            let count = |length: u64| count(bench, &workload.replace('#', &length.to_string()));
            counted.push((workload.to_owned(), count(long)?.saturating_sub(count(short)?) / (long - short)));
        }
        Ok(counted)
    };
    let hands = thread::available_parallelism().map_or(1, NonZeroUsize::get);
    thread::scope(|scope| {
        let hands: Vec<_> = (0..hands).map(|_| scope.spawn(hand)).collect();
        let counted = hands.into_iter().map(|hand| hand.join().expect("counting does not panic"));
        Ok(counted.collect::<Result<Vec<_>, String>>()?.into_iter().flatten().collect())
    })
}

/// Instructions of one run of a workload, start of the process included.
fn count(bench: &Path, workload: &str) -> Result<u64, String> {
    let out = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(bench)
        .args([workload, "1"])
        .envs([("NABLAB_ISA", "avx2"), ("THREADS", "1")])
        .output()
        .map_err(|error| format!("valgrind did not start: {error}"))?;
    // ==123== Collected : 456
    let said = String::from_utf8_lossy(&out.stderr);
    let collected = said.lines().find_map(|line| line.split_once("Collected : ")?.1.trim().parse().ok());
    collected
        .filter(|_| out.status.success())
        .ok_or_else(|| format!("{workload} failed under valgrind:\n{said}"))
}

fn rustc() -> Result<String, String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let out = Command::new(rustc).arg("--version").output().map_err(|error| format!("rustc: {error}"))?;
    Ok(String::from_utf8_lossy(&out.stdout).trim().to_owned())
}

fn compare(counted: &BTreeMap<String, u64>, recorded: &str, rustc: &str) -> Result<(), String> {
    let recorded: BTreeMap<_, _> = recorded
        .lines()
        .filter_map(|line| line.split_once(" = "))
        .map(|(name, value)| (name.trim_matches('"'), value.trim_matches('"')))
        .collect();
    let mut grown = Vec::new();
    for (workload, &now) in counted {
        let Some(then) = recorded.get(workload.as_str()).and_then(|n| n.parse::<u64>().ok()) else {
            return Err(format!("{FILE} has no {workload}\nhint: cargo xtask instructions --update"));
        };
        let growth = now as f64 / then as f64 - 1.0;
        eprintln!("{workload:<30} {now:>12} a step, {:+.1} %", 100.0 * growth);
        if growth > MOST {
            grown.push(format!("{workload} takes {:.1} % more instructions", 100.0 * growth));
        }
    }
    let same_compiler = recorded.get("rustc") == Some(&rustc);
    match grown.as_slice() {
        [] => Ok(()),
        grown if same_compiler => Err(format!(
            "{}\nhint: if this is the price of something, cargo xtask instructions --update",
            grown.join("\n")
        )),
        grown => {
            eprintln!("warning: with another compiler than the recorded one, {}", grown.join(", "));
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growth_fails_with_the_recorded_compiler_only() {
        let recorded = "rustc = \"rustc 1\"\n\"W1/#-f64\" = 1000\n";
        let counted = |n| BTreeMap::from([("W1/#-f64".to_owned(), n)]);
        assert_eq!(compare(&counted(1029), recorded, "rustc 1"), Ok(()));
        let error = compare(&counted(1031), recorded, "rustc 1").unwrap_err();
        assert!(error.starts_with("W1/#-f64 takes 3.1 % more instructions"), "{error}");
        assert_eq!(compare(&counted(1031), recorded, "rustc 2"), Ok(()));
        assert!(compare(&counted(1), "", "rustc 1").unwrap_err().contains("--update"));
    }
}
