//! A server that says nothing: from the start, or from some moment on.

use std::net::TcpListener;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use nablab_engine::Watch;
use nablab_study::{Event, State, Storage, StorageError, Study, work};

use crate::postgres::Postgres;
use crate::work::{begin, options, table};

/// The shortest limits that an address can have.
const SHORT: &str = "?connect_timeout=1";
/// More than all of them together, on a busy machine.
const SOON: Duration = Duration::from_secs(20);

const STUDY: &str = "learning_rate = { low = 1e-4, high = 1e-1, log = true }\nepochs = 300\n[data]\ntarget = [\"y\"]\n\
                     [validation]\nshare = 0.3\n[study]\ntrials = 40";

/// It takes connections, which the system does for it, and that is all.
fn silent() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

#[test]
fn a_server_that_never_answers_is_given_up() {
    let (_listener, port) = silent();
    let begun = Instant::now();
    let Err(error @ StorageError::Gone { .. }) =
        Storage::open(&format!("postgresql://lab:secret@127.0.0.1:{port}/studies{SHORT}"))
    else {
        panic!("nobody answered")
    };
    let said = error.to_string();
    assert!(
        said.contains("no answer within 1 seconds\nhint: check that a server") && !said.contains("secret")
    );
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());

    let Some(server) = Postgres::start() else { return };
    // The next host has its own time.
    let both = format!("postgresql://lab@127.0.0.1:{port},127.0.0.1:{}/studies{SHORT}", server.port());
    Storage::open(&both).unwrap();
    Storage::open(&format!("{}?connect_timeout={}", server.url(), i64::MAX)).unwrap();
}

/// What a worker has seen.
#[derive(Default)]
struct Seen(Mutex<Vec<Event>>);

impl Watch<Event> for Seen {
    fn saw(&self, event: &Event) {
        self.0.lock().unwrap().push(event.clone());
    }
}

impl Seen {
    fn count(&self, of: impl Fn(&Event) -> bool) -> usize {
        self.0.lock().unwrap().iter().filter(|event| of(event)).count()
    }

    fn gone(&self) -> Vec<String> {
        let said = |event: &Event| match event {
            Event::Gone(error) => Some(error.to_string()),
            _ => None,
        };
        self.0.lock().unwrap().iter().filter_map(said).collect()
    }
}

fn until(what: &str, is_so: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(120), "waited for {what}");
        thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_server_that_freezes_is_given_up_and_waited_for() {
    let Some(server) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let table = table();
    let mut study = Study::parse(STUDY, "study.toml").unwrap();
    let (storage, record, objective) = begin(&format!("{}{SHORT}", server.url()), &mut study, &table);
    let mut alone = storage.again().unwrap();
    let seen = Seen::default();
    let options = options(folder.path(), 2);
    thread::scope(|scope| {
        let worker = scope.spawn(|| work(&study, &record, storage, &objective, &options, &seen));
        until("a trial", || seen.count(|event| matches!(event, Event::Ended(..))) > 0);
        let frozen = server.freeze();
        // Without a worker around it the answer is an error, and the transaction is not asked for another.
        let begun = Instant::now();
        let Err(error @ StorageError::Gone { .. }) = alone.top_up(record.id, 41) else {
            panic!("a frozen server has answered")
        };
        assert!(error.to_string().contains("no answer within 4 seconds\nhint: "), "{error}");
        assert!((4.0..7.0).contains(&begun.elapsed().as_secs_f64()), "{:?}", begun.elapsed());
        until("the worker to notice", || !seen.gone().is_empty());
        drop(frozen);
        assert!(worker.join().unwrap().unwrap() > 0);
    });
    let states: Vec<State> = alone_again(&mut alone, record.id);
    let complete = states.iter().filter(|state| **state == State::Complete).count();
    // A claim or an outcome that was written and not answered is another's, and is tried again.
    assert!(complete == 40 && states.iter().all(|state| state.is_over()), "{states:?}");
}

fn alone_again(storage: &mut Storage, study: i64) -> Vec<State> {
    storage.reconnect().unwrap();
    storage.trials(study).unwrap().iter().map(|trial| trial.state).collect()
}

/// A server that waits for somebody else's lock is not frozen: it is said who it waits for, and the worker waits on.
#[test]
fn a_lock_that_is_waited_for_is_no_silence() {
    let Some(server) = Postgres::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let table = table();
    let mut study = Study::parse(&STUDY.replace("trials = 40", "trials = 3"), "study.toml").unwrap();
    let (mut storage, record, objective) = begin(&format!("{}{SHORT}", server.url()), &mut study, &table);
    let _holder = server.begin_to_ask("BEGIN; SELECT * FROM studies FOR UPDATE; SELECT pg_sleep(7);");
    let holds = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    until("the lock", || server.ask(holds) == "1");
    let Err(error @ StorageError::Gone { .. }) = storage.top_up(record.id, 4) else {
        panic!("the study was not locked")
    };
    let said = error.to_string();
    assert!(
        said.contains("another program holds a lock on it: ") && said.contains("pg_stat_activity"),
        "{said}"
    );
    let seen = Seen::default();
    let ended = work(&study, &record, storage, &objective, &options(folder.path(), 1), &seen).unwrap();
    assert_eq!(ended, 3, "it goes on when the lock is free");
    assert!(
        seen.gone().iter().all(|said| said.contains("holds a lock")) && !seen.gone().is_empty(),
        "{:?}",
        seen.gone()
    );
}
