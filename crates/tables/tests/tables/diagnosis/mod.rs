//! The corpus: what is planted is found by its name, and healthy trainings are left alone.

mod corpus;
mod real;
mod rows;

use std::collections::BTreeMap;
use std::io::{Write, stderr};
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use corpus::{Case, healthy, sick};
use nablab_diagnosis::{Certainty, Evidence, Finding, Thresholds, diagnose_by};

/// The thresholds were chosen on the first; on the second they are judged.
const SEEDS: [u32; 2] = [1, 1000];

/// A training, and what it showed.
struct Trained {
    case: Case,
    evidence: Evidence,
}

impl Trained {
    /// Its beginning: enough to find it.
    fn name(&self) -> &str {
        self.case.name.get(..90).unwrap_or(&self.case.name)
    }

    fn found(&self, by: &Thresholds) -> Vec<Finding> {
        diagnose_by(&self.evidence, by)
    }
}

/// All trainings of a seed: the healthy and the sick.
type Corpus = [Vec<Trained>; 2];

static CORPORA: LazyLock<[Corpus; 2]> =
    LazyLock::new(|| SEEDS.map(|seed| [healthy(seed), sick(seed)].map(train)));

/// On all cores.
fn train(cases: Vec<Case>) -> Vec<Trained> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(case) = cases.get(at) else { return done };
            done.push((at, case.evidence()));
        }
    };
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let evidence: BTreeMap<usize, Evidence> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..cores).map(|_| scope.spawn(work)).collect();
        all.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    cases.into_iter().zip(evidence.into_values()).map(|(case, evidence)| Trained { case, evidence }).collect()
}

/// What a sickness may bring with it that is true as well.
fn company(code: &str) -> &'static [&'static str] {
    match code {
        "learning-rate-too-high" => &["dead-units", "saturated-units"],
        // Planted by large weights, and trained at a low rate, lest it diverge.
        "exploding-gradients" => {
            &["large-weights", "saturated-output", "initial-loss", "learning-rate-too-low"]
        }
        "overfitting" => &["no-skill"],
        "no-skill" => &["overfitting"],
        "large-weights" => &["saturated-output", "initial-loss"],
        "edge-of-stability" => &["saturated-units"],
        _ => &[],
    }
}

/// What is found in a corpus.
#[derive(Default)]
struct Count {
    /// Sicknesses that were planted.
    planted: usize,
    /// Of these, found by their name.
    named: usize,
    /// Trainings in which one was planted.
    sick: usize,
    /// Findings in these, notes apart, of something that was not planted.
    beside: usize,
    /// Trainings in which nothing was planted.
    healthy: usize,
    /// Of these, in which something was found all the same, notes apart.
    wrong: usize,
    /// Notes in these.
    notes: usize,
}

fn count(corpora: &[Corpus], by: &Thresholds, mut tell: impl FnMut(String)) -> Count {
    let mut count = Count::default();
    for [healthy, sick] in corpora {
        (count.sick, count.healthy) = (count.sick + sick.len(), count.healthy + healthy.len());
        for training in sick {
            let (name, planted) = (training.name(), &training.case.planted);
            let found = training.found(by);
            let codes: Vec<_> = found.iter().map(Finding::code).collect();
            for names in planted {
                count.planted += 1;
                match names.iter().any(|name| codes.contains(name)) {
                    true => count.named += 1,
                    false => tell(format!("missed {names:?} in {name}: {codes:?}")),
                }
            }
            let expected: Vec<&str> =
                planted.iter().flat_map(|names| names.iter().chain(company(names[0]))).copied().collect();
            let is_beside = |finding: &&Finding| {
                finding.certainty() > Certainty::Note && !expected.contains(&finding.code())
            };
            for finding in found.iter().filter(is_beside) {
                count.beside += 1;
                tell(format!("beside {:?} in {name}", finding.code()));
            }
        }
        for training in healthy {
            let found = training.found(by);
            let wrong = |finding: &&Finding| finding.certainty() > Certainty::Note;
            let codes: Vec<_> = found.iter().filter(wrong).map(Finding::code).collect();
            count.wrong += usize::from(!codes.is_empty());
            count.notes += found.len() - codes.len();
            if !codes.is_empty() {
                tell(format!("false {codes:?} in {}", training.name()));
            }
            for note in found.iter().filter(|finding| !wrong(finding)) {
                tell(format!("note {:?} in {}", note.code(), training.case.name));
            }
        }
    }
    count
}

#[test]
fn what_is_planted_is_found_and_nothing_else() {
    for (seed, corpus) in SEEDS.iter().zip(CORPORA.chunks(1)) {
        let count = count(corpus, &Thresholds::default(), |line| say(&line));
        let Count { planted, named, sick, beside, healthy, wrong, notes } = count;
        say(&format!(
            "seed {seed}: {named} of {planted} sicknesses found in {sick} trainings, {beside} beside them"
        ));
        say(&format!("false findings in {wrong} of {healthy} healthy trainings, with {notes} notes"));
        assert!(sick >= 60 && healthy >= 60);
        assert!(named * 100 >= planted * 95 && wrong * 50 <= healthy && beside * 20 <= sick);
    }
}

/// The table of the handbook: `cargo test --release -p nablab-tables --test tables -- --ignored`.
#[test]
#[ignore = "prints what each threshold costs"]
fn trade_offs() {
    say("| threshold | value | ÷ 4 | ÷ 2 | × 1 | × 2 | × 4 |\n| --- | --- | --- | --- | --- | --- | --- |");
    for name in Thresholds::NAMES {
        let value = *Thresholds::default().named(name).unwrap();
        let cell = |factor: f64| {
            let mut by = Thresholds::default();
            *by.named(name).unwrap() = factor * value;
            let Count { planted, named, healthy, wrong, notes, .. } = count(&*CORPORA, &by, |_| ());
            let share = |part: usize, all: usize| 100.0 * part as f64 / all as f64;
            format!("{:.1} / {:.1} / {notes}", share(named, planted), share(wrong, healthy))
        };
        let cells = [0.25, 0.5, 1.0, 2.0, 4.0].map(cell).join(" | ");
        say(&format!("| `{name}` | {value} | {cells} |"));
    }
}

fn say(text: &str) {
    // Not by a macro of print: the test harness would swallow it.
    let said = writeln!(stderr(), "{text}");
    said.unwrap();
}
