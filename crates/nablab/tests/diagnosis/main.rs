//! The corpus: what is planted is found by its name, and healthy trainings are left alone.

mod corpus;

use std::io::{Write, stderr};

use corpus::{Case, healthy, sick};
use nablab_diagnosis::Finding;

fn found(case: &Case) -> Vec<&'static str> {
    case.findings().iter().map(Finding::code).collect()
}

/// The thresholds were chosen on the first; on the second they are judged.
const SEEDS: [u32; 2] = [1, 1000];

#[test]
fn what_is_planted_is_found() {
    for seed in SEEDS {
        let cases = sick(seed);
        assert!(cases.len() >= 60, "{}", cases.len());
        let (mut planted, mut named) = (0, 0);
        for case in &cases {
            let found = found(case);
            for names in &case.planted {
                planted += 1;
                let is_named = names.iter().any(|name| found.contains(name));
                named += usize::from(is_named);
                if !is_named {
                    say(&format!("missed {names:?} in {}: {found:?}", case.name));
                }
            }
        }
        say(&format!("{named} of {planted} sicknesses found in {} trainings", cases.len()));
        assert!(named * 100 >= planted * 95);
    }
}

#[test]
fn healthy_trainings_are_left_alone() {
    for seed in SEEDS {
        let cases = healthy(seed);
        assert!(cases.len() >= 60, "{}", cases.len());
        let mut wrong = 0;
        for case in &cases {
            let found = found(case);
            if !found.is_empty() {
                wrong += 1;
                say(&format!("false {found:?} in {}", case.name));
            }
        }
        say(&format!("false findings in {wrong} of {} healthy trainings", cases.len()));
        assert!(wrong * 50 <= cases.len());
    }
}

fn say(text: &str) {
    // Not by a macro of print: the test harness would swallow it.
    let said = writeln!(stderr(), "{text}");
    said.unwrap();
}
