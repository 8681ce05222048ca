//! Workers: alone, several, with a database that goes and comes back.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use nablab_data::table::csv;
use nablab_engine::Watch;
use nablab_study::storage::Record;
use nablab_study::{Event, Objective, Options, State, Storage, Study, Trial, work};
use nablab_tables::Tables;

/// Two classes that a line divides, with some noise.
pub(crate) fn table() -> Tables<'static> {
    let mut text = String::from("a,b,y\n");
    let mut state = 1_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    for _ in 0..200 {
        let (a, b, noise) = (random(), random(), random());
        let class = if a + b + 0.2 * noise > 1.1 { "yes" } else { "no" };
        text += &format!("{a},{b},{class}\n");
    }
    csv::read(text.as_bytes(), "line.csv").unwrap().into()
}

const STUDY: &str = r#"
learning_rate = { low = 1e-4, high = 1e-1, log = true }
hidden = { layers = { low = 1, high = 2 }, units = { low = 2, high = 16 } }
epochs = 27
[data]
target = ["y"]
[validation]
share = 0.3
[study]
trials = 24
"#;

pub(crate) fn options(folder: &Path, threads: usize) -> Options {
    Options {
        threads: NonZeroUsize::new(threads).unwrap(),
        beat: Duration::from_millis(300),
        grace: Duration::from_secs(2),
        unwritten: folder.join("unwritten"),
    }
}

/// Remembers what happened, and stops when it is told.
#[derive(Default)]
struct Seen {
    events: Mutex<Vec<Event>>,
    stop_after: Option<usize>,
    stop_at: Option<Instant>,
}

impl Watch<Event> for Seen {
    fn saw(&self, event: &Event) {
        self.events.lock().unwrap().push(event.clone());
    }

    fn stop(&self) -> bool {
        let ended = |event: &&Event| matches!(event, Event::Ended(..));
        self.stop_at.is_some_and(|at| at < Instant::now())
            || self
                .stop_after
                .is_some_and(|most| self.events.lock().unwrap().iter().filter(ended).count() >= most)
    }
}

pub(crate) fn begin<'t>(
    url: &str,
    study: &mut Study,
    tables: &'t Tables<'_>,
) -> (Storage, Record, Objective<'t>) {
    let objective = Objective::new(study, tables).unwrap();
    let mut storage = Storage::open(url).unwrap();
    let record = storage.register("line", study).unwrap();
    storage.fill(&record, study).unwrap();
    (storage, record, objective)
}

fn states(storage: &mut Storage, record: &Record) -> Vec<State> {
    storage.trials(record.id).unwrap().iter().map(|trial| trial.state).collect()
}

#[test]
fn a_study_runs_is_stopped_and_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let table = table();
    let mut study = Study::parse(STUDY, "study.toml").unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    assert_eq!(study.plan.metric, ["accuracy"]);
    let seen = Seen { stop_after: Some(5), ..Seen::default() };
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &seen).unwrap();
    let mut storage = Storage::open(&url).unwrap();
    let over = states(&mut storage, &record).iter().filter(|state| state.is_over()).count();
    assert!((5..24).contains(&over), "{over}");
    assert!(!states(&mut storage, &record).contains(&State::Running), "what is not over was given back");
    let ended = work(&study, &record, storage, &objective, &options(folder.path(), 2), &()).unwrap();
    assert_eq!(ended as usize, 24 - over);
    let mut storage = Storage::open(&url).unwrap();
    let trials = storage.trials(record.id).unwrap();
    assert!(trials.iter().all(|trial| trial.state == State::Complete && trial.curve.len() == 27));
    let best = nablab_study::best(&trials, &record.directions).unwrap();
    assert!(best.values[0] > 0.85, "{best:?}");
    // The recipe of a trial, trained again, is worth the same.
    let settings = study.settings(&best.point).unwrap();
    assert_eq!(settings.learn(&table, &|| false).unwrap().metric, best.values[0]);
}

#[test]
fn the_same_random_study_finds_the_same_on_any_number_of_threads() {
    let table = table();
    let values = |threads| {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("study.db").display().to_string();
        let mut study =
            Study::parse(&(STUDY.to_owned() + "sampler = \"random\"\nseeds = 2"), "study.toml").unwrap();
        let (storage, record, objective) = begin(&url, &mut study, &table);
        work(&study, &record, storage, &objective, &options(folder.path(), threads), &()).unwrap();
        let trials = Storage::open(&url).unwrap().trials(record.id).unwrap();
        trials
            .into_iter()
            .map(|trial| (trial.number, trial.point, trial.values, trial.curve))
            .collect::<Vec<_>>()
    };
    assert_eq!(values(1), values(3));
}

#[test]
fn halving_gives_up_the_bad_and_keeps_the_best() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let table = table();
    let mut study =
        Study::parse(&(STUDY.to_owned() + "scheduler = \"asha\"\nsampler = \"random\""), "study.toml")
            .unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &()).unwrap();
    let trials = Storage::open(&url).unwrap().trials(record.id).unwrap();
    let pruned: Vec<_> = trials.iter().filter(|trial| trial.state == State::Pruned).collect();
    assert!((10..24).contains(&pruned.len()), "{}", pruned.len());
    for trial in &pruned {
        let last = trial.curve.last().unwrap();
        assert!([3, 9].contains(&last.0) && trial.values == [last.1], "{trial:?}");
    }
}

#[test]
fn several_metrics_a_failing_recipe_and_a_metric_that_is_none() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let table = table();
    let text = STUDY.to_owned() + "metric = [\"accuracy\", \"parameters\"]";
    let mut study = Study::parse(&text, "study.toml").unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &()).unwrap();
    let trials = Storage::open(&url).unwrap().trials(record.id).unwrap();
    for trial in &trials {
        let sizes: Vec<f64> =
            (0..2).filter_map(|i| trial.point.get(&format!("hidden[{i}].units")).copied()).collect();
        let parameters = match sizes[..] {
            [n] => 2.0 * n + n + n + 1.0,
            [n, k] => 2.0 * n + n + n * k + k + k + 1.0,
            _ => panic!("{trial:?}"),
        };
        assert_eq!(trial.values[1], parameters);
    }
    let front = nablab_study::front(&trials, &record.directions);
    assert!(!front.is_empty() && front.len() < trials.len());
    for trial in &trials {
        let beats = |other: &Trial| {
            let (a, b) = (&other.values, &trial.values);
            a[0] >= b[0] && a[1] <= b[1] && a != b
        };
        assert_eq!(front.contains(&trial), !trials.iter().any(beats), "{trial:?}");
    }
    let mut study = Study::parse(&(STUDY.to_owned() + "metric = \"r2\""), "study.toml").unwrap();
    let error = Objective::new(&mut study, &table).unwrap_err().to_string();
    assert!(
        error.starts_with("`study.metric` must be one of accuracy, ") && error.ends_with("got r2"),
        "{error}"
    );
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_dies_and_comes_back_loses_nothing() {
    use std::thread;

    use crate::postgres::Postgres;

    let Some(server) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let table = table();
    let text = STUDY.replace("epochs = 27", "epochs = 6000").replace("trials = 24", "trials = 10");
    let mut study = Study::parse(&text, "study.toml").unwrap();
    let (storage, record, objective) = begin(&server.url(), &mut study, &table);
    let other = storage.again().unwrap();
    // Where the server stays away, its workers would wait for ever.
    let stop_at = Some(Instant::now() + Duration::from_secs(300));
    let [first, second] = [0, 1].map(|_| Seen { stop_at, ..Seen::default() });
    let work = |storage, seen, name: &str| {
        let options = options(&folder.path().join(name), 1);
        work(&study, &record, storage, &objective, &options, seen).unwrap()
    };
    thread::scope(|scope| {
        let a = scope.spawn(|| work(storage, &first, "a"));
        let b = scope.spawn(|| work(other, &second, "b"));
        let ended = |seen: &Seen| {
            seen.events.lock().unwrap().iter().filter(|e| matches!(e, Event::Ended(..))).count()
        };
        // What is under way when the server goes is finished without it.
        let is_under_way = |seen: &Seen| {
            let events = seen.events.lock().unwrap();
            events.iter().filter(|e| matches!(e, Event::Began(..))).count()
                > events.iter().filter(|e| matches!(e, Event::Ended(..))).count()
        };
        let is_time = || ended(&first) + ended(&second) >= 2 && is_under_way(&first) && is_under_way(&second);
        let patience = Instant::now();
        while !is_time() && patience.elapsed() < Duration::from_secs(60) {
            thread::sleep(Duration::from_millis(20));
        }
        server.down();
        let gone = |seen: &Seen| seen.events.lock().unwrap().iter().any(|e| matches!(e, Event::Gone(_)));
        let kept = |name: &str| {
            std::fs::read_dir(folder.path().join(name).join("unwritten")).map_or(0, Iterator::count)
        };
        while !(gone(&first) && gone(&second) && kept("a") + kept("b") > 0)
            && patience.elapsed() < Duration::from_secs(60)
        {
            thread::sleep(Duration::from_millis(20));
        }
        assert!(kept("a") + kept("b") > 0, "what was finished meanwhile lies in a file");
        server.up();
        assert_eq!(a.join().unwrap() + b.join().unwrap(), 10);
        assert_eq!(kept("a") + kept("b"), 0, "and is written when it can be");
    });
    let mut storage = Storage::open(&server.url()).unwrap();
    // A claim that the server wrote, and died before it said so, is nobody's: it fails, and is tried again.
    let mut states = states(&mut storage, &record);
    states.retain(|&state| state != State::Fail);
    assert_eq!(states, [State::Complete; 10]);
}

#[test]
fn the_trial_of_a_worker_that_is_silent_is_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let table = table();
    let mut study = Study::parse(&STUDY.replace("trials = 24", "trials = 3"), "study.toml").unwrap();
    let (mut storage, record, objective) = begin(&url, &mut study, &table);
    // Claimed by somebody who never says anything again; a clock that was set far ahead does not count as silence.
    let dead = storage.claim(record.id).unwrap().unwrap();
    let connection = rusqlite::Connection::open(&url).unwrap();
    connection.execute("UPDATE trial_heartbeats SET heartbeat = '2001-01-01 00:00:00'", []).unwrap();
    let begun = Instant::now();
    let seen = Seen::default();
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &seen).unwrap();
    assert!(begun.elapsed() >= Duration::from_secs(2), "it had its time");
    assert!(seen.events.lock().unwrap().contains(&Event::Retried));
    let mut storage = Storage::open(&url).unwrap();
    let trials = storage.trials(record.id).unwrap();
    assert_eq!(trials.len(), 4);
    assert_eq!((trials[0].id, trials[0].state), (dead.id, State::Fail));
    assert_eq!((trials[3].origin, trials[3].state), (0, State::Complete));
}

/// Whichever thread it is, the others come to their end, and so does the one that gives signs of life.
#[test]
fn a_panic_ends_the_work_and_does_not_wait_for_ever() {
    struct Panics(u64);
    impl Watch<Event> for Panics {
        fn saw(&self, event: &Event) {
            assert!(!matches!(event, Event::Began(number, ..) if *number == self.0), "it panics");
        }
    }
    for (number, threads) in [(0, 1), (1, 2), (2, 2), (3, 3)] {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("study.db").display().to_string();
        let table = table();
        let mut study = Study::parse(STUDY, "study.toml").unwrap();
        let (storage, record, objective) = begin(&url, &mut study, &table);
        let (options, watch) = (options(folder.path(), threads), Panics(number));
        let worked = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            drop(work(&study, &record, storage, &objective, &options, &watch));
        }));
        assert!(worked.is_err());
        let mut storage = Storage::open(&url).unwrap();
        let over = states(&mut storage, &record).iter().filter(|state| state.is_over()).count();
        assert!(over < 24, "the others went on");
    }
}
