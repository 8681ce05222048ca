//! What a study's storage costs: `bookkeeping FILE` prints milliseconds a trial of one worker on SQLite (claim, suggest by TPE, write
//! the point, the curve and the outcome); `bookkeeping postgresql://… 16` prints how many trials a second so many workers claim.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "a benchmark prints")]

use std::error::Error;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use nablab_study::storage::Outcome;
use nablab_study::{Sampler, SearchState, State, Storage, Study};

/// The space of `nablab tune`.
const STUDY: &str = r#"
learning_rate = { low = 1e-4, high = 3e-2, log = true }
schedule = { choices = ["constant", "cosine"] }
batch_size = { low = 16, high = 128, log = true }
penalty = { l2 = { low = 0.01, high = 10.0, log = true } }
hidden = { layers = { low = 1, high = 3 }, units = { low = 16, high = 256, log = true }, dropout = { low = 0.0, high = 0.5 } }
[data]
target = ["y"]
[study]
metric = "accuracy"
"#;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let done = match &args[..] {
        [file] => one(file, 1000),
        [url, workers] => {
            workers.parse().map_or_else(|error| Err(Box::new(error) as _), |n| many(url, n, 5000))
        }
        _ => Err("usage: bookkeeping FILE | bookkeeping URL WORKERS".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// One worker, all that a trial needs.
fn one(file: &str, trials: u64) -> Result<(), Box<dyn Error>> {
    let study = Study::parse(STUDY, "study.toml")?;
    let mut storage = Storage::open(file)?;
    let record = storage.register("bookkeeping", &study)?;
    storage.top_up(record.id, trials)?;
    let mut known = Vec::new();
    let (mut sampling, mut writing) = (Duration::ZERO, Duration::ZERO);
    let begun = Instant::now();
    loop {
        let now = Instant::now();
        let Some(claim) = storage.claim(record.id)? else { break };
        writing += now.elapsed();
        let now = Instant::now();
        let (space, directions) = (&study.space, &record.directions);
        let what = SearchState { space, trials: &known, directions, seed: 0, points: &[] };
        let point = Sampler::default().point(&what, claim.number, &claim.given).expect("a space without end");
        sampling += now.elapsed();
        let now = Instant::now();
        storage.decide(claim.id, &point, space)?;
        let value = 1.0 - (point["learning_rate"].log10() + 2.5).abs() / 4.0;
        let curve: Vec<(u64, f64)> = (1..=50).map(|epoch| (4 * epoch, value)).collect();
        let outcome =
            Outcome { state: State::Complete, values: vec![value], curve, attributes: Default::default() };
        storage.finish(claim.id, &outcome)?;
        writing += now.elapsed();
        known.push(nablab_study::Trial {
            id: claim.id,
            number: claim.number,
            state: State::Complete,
            point,
            values: outcome.values,
            curve: Vec::new(),
            origin: claim.number,
            why: None,
        });
    }
    let each = |time: Duration| 1e3 * time.as_secs_f64() / trials as f64;
    println!(
        "{trials} trials: {:.3} ms a trial; storage {:.3}, sampling by TPE {:.3}",
        each(begun.elapsed()),
        each(writing),
        each(sampling)
    );
    Ok(())
}

/// Many workers, who claim.
fn many(url: &str, workers: usize, trials: u64) -> Result<(), Box<dyn Error>> {
    let study = Study::parse(STUDY, "study.toml")?;
    let mut storage = Storage::open(url)?;
    let record = storage.register(&format!("claims-{}", std::process::id()), &study)?;
    storage.top_up(record.id, trials)?;
    let storages: Vec<Storage> = (0..workers).map(|_| storage.again()).collect::<Result<_, _>>()?;
    let begun = Instant::now();
    let claimed: usize = thread::scope(|scope| {
        let claim_all = |mut storage: Storage| {
            let mut claimed = 0;
            while let Ok(Some(_)) = storage.claim(record.id) {
                claimed += 1;
            }
            claimed
        };
        let hands: Vec<_> =
            storages.into_iter().map(|storage| scope.spawn(move || claim_all(storage))).collect();
        hands.into_iter().map(|hand| hand.join().unwrap_or(0)).sum()
    });
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{workers} workers claimed {claimed} trials in {seconds:.2} s: {:.0} a second",
        claimed as f64 / seconds
    );
    Ok(())
}
