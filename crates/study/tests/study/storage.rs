//! Storage: the same of SQLite and of PostgreSQL.

use std::collections::BTreeSet;
use std::thread;

use nablab_study::storage::Outcome;
use nablab_study::{Direction, Point, State, Storage, StorageError, Study};
use serde_json::{Map, json};

use crate::in_each;

const STUDY: &str = "learning_rate = { low = 1e-4, high = 1e-1, log = true }\n\
                     optimizer = { choices = [\"adam\", \"rms-prop\"] }\n[data]\ntarget = [\"y\"]\n[study]\nmetric = \"loss\"";

fn study() -> Study {
    Study::parse(STUDY, "study.toml").unwrap()
}

fn point() -> Point {
    Point::from([("learning_rate".to_owned(), 0.01), ("optimizer".to_owned(), 1.0)])
}

fn outcome(values: &[f64]) -> Outcome {
    let mut attributes = Map::new();
    attributes.insert("seconds".into(), json!(0.25));
    Outcome {
        state: State::Complete,
        values: values.to_vec(),
        curve: vec![(1, 0.5), (2, f64::NAN), (3, f64::INFINITY)],
        attributes,
    }
}

#[test]
fn what_is_written_is_read_again() {
    in_each(|url| {
        let study = study();
        let mut storage = Storage::open(url).unwrap();
        let record = storage.register("a", &study).unwrap();
        assert_eq!(
            (record.directions.as_slice(), record.metrics.as_slice()),
            (&[Direction::Minimize][..], &["loss".to_owned()][..])
        );
        storage.enqueue_first(record.id, &point(), &study.space).unwrap();
        storage.enqueue_first(record.id, &point(), &study.space).unwrap();
        assert_eq!(storage.top_up(record.id, 3).unwrap(), 2);
        assert_eq!(storage.top_up(record.id, 3).unwrap(), 0);
        let claim = storage.claim(record.id).unwrap().unwrap();
        assert_eq!((claim.number, claim.origin, &claim.given), (0, 0, &point()));
        storage.decide(claim.id, &point(), &study.space).unwrap();
        storage.report(claim.id, &[(1, 0.5)]).unwrap();
        assert!(storage.finish(claim.id, &outcome(&[0.125])).unwrap());
        assert!(!storage.finish(claim.id, &outcome(&[9.0])).unwrap(), "a trial ends once");
        // A later connection sees all of it.
        let mut again = storage.again().unwrap();
        let trials = again.trials(record.id).unwrap();
        let states: Vec<State> = trials.iter().map(|trial| trial.state).collect();
        assert_eq!(states, [State::Complete, State::Waiting, State::Waiting]);
        assert_eq!((&trials[0].values, &trials[0].point), (&vec![0.125], &point()));
        let steps: Vec<u64> = trials[0].curve.iter().map(|(step, _)| *step).collect();
        assert_eq!(steps, [1, 2, 3]);
        assert!(trials[0].curve[1].1.is_nan() && trials[0].curve[2].1 == f64::INFINITY);
        assert_eq!(again.at_steps(record.id, &(1..2)).unwrap(), [(0, 0.5)]);
        assert_eq!(again.names().unwrap(), ["a"]);
        assert_eq!(again.registered(&record).unwrap().text, STUDY);
    });
}

#[test]
fn no_trial_is_claimed_twice() {
    in_each(|url| {
        let mut storage = Storage::open(url).unwrap();
        let record = storage.register("a", &study()).unwrap();
        storage.top_up(record.id, 200).unwrap();
        let claimed: Vec<Vec<u64>> = thread::scope(|scope| {
            let workers: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        let mut storage = Storage::open(url).unwrap();
                        let next = || storage.claim(record.id).unwrap().map(|claim| claim.number);
                        std::iter::from_fn(next).collect()
                    })
                })
                .collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        let all: Vec<u64> = claimed.into_iter().flatten().collect();
        assert_eq!(all.len(), 200);
        assert_eq!(all.into_iter().collect::<BTreeSet<_>>(), (0..200).collect());
    });
}

#[test]
fn many_begin_at_once() {
    in_each(|url| {
        let ids: BTreeSet<i64> = thread::scope(|scope| {
            let begin = || {
                let mut storage = Storage::open(url).unwrap();
                let record = storage.register("a", &study()).unwrap();
                storage.top_up(record.id, 20).unwrap();
                record.id
            };
            let workers: Vec<_> = (0..8).map(|_| scope.spawn(begin)).collect();
            workers.into_iter().map(|worker| worker.join().unwrap()).collect()
        });
        assert_eq!(ids.len(), 1);
        let mut storage = Storage::open(url).unwrap();
        let numbers: Vec<u64> =
            storage.trials(*ids.first().unwrap()).unwrap().iter().map(|t| t.number).collect();
        assert_eq!(numbers, (0..20).collect::<Vec<_>>());
    });
}

/// So often that two come between each other: one in fifty did.
#[test]
fn a_new_file_is_opened_by_many_at_once() {
    for _ in 0..50 {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("study.db").display().to_string();
        thread::scope(|scope| {
            let all: Vec<_> =
                (0..8).map(|_| scope.spawn(|| Storage::open(&url).map(|_| ()).unwrap())).collect();
            all.into_iter().for_each(|opened| opened.join().unwrap());
        });
    }
}

#[test]
fn a_trial_of_the_dead_waits_again_with_what_it_tried() {
    in_each(|url| {
        let study = study();
        let mut storage = Storage::open(url).unwrap();
        let record = storage.register("a", &study).unwrap();
        storage.top_up(record.id, 2).unwrap();
        let dead = storage.claim(record.id).unwrap().unwrap();
        storage.decide(dead.id, &point(), &study.space).unwrap();
        assert_eq!(storage.signs_of_life(record.id).unwrap().len(), 1);
        assert!(storage.retry(dead.id).unwrap());
        assert!(!storage.retry(dead.id).unwrap(), "once is enough");
        assert!(!storage.finish(dead.id, &outcome(&[1.0])).unwrap(), "the dead do not come back");
        // What was begun goes before what nobody has begun.
        let again = storage.claim(record.id).unwrap().unwrap();
        let second = storage.claim(record.id).unwrap().unwrap();
        assert_eq!((second.number, again.number, again.origin, again.given), (1, 2, 0, point()));
        assert!(storage.retry(again.id).unwrap());
        let third = storage.claim(record.id).unwrap().unwrap();
        assert_eq!((third.number, third.origin), (3, 0));
        // Given back, it waits as if nobody had begun it.
        storage.release(third.id).unwrap();
        assert_eq!(storage.claim(record.id).unwrap().unwrap().number, 3);
        assert_eq!(storage.top_up(record.id, 2).unwrap(), 0, "those that failed are replaced already");
    });
}

#[test]
fn another_study_of_the_same_name_is_refused() {
    in_each(|url| {
        let mut storage = Storage::open(url).unwrap();
        storage.register("a", &study()).unwrap();
        let mut refused = |text: &str| {
            let other = Study::parse(text, "study.toml").unwrap();
            storage.register("a", &other).unwrap_err().to_string()
        };
        for (from, to, expected) in [
            ("1e-4", "1e-3", "with another space: learning_rate"),
            (
                "[data]",
                "[penalty]\nl2 = { low = 0.0, high = 1.0 }\n[data]",
                "another space: penalty.l2 is a new range",
            ),
            ("[data]", "[penalty]\nl2 = 0.5\n[data]", "with another recipe: penalty.l2 = 0.2, now 0.5"),
            ("\"loss\"", "\"accuracy\"", "is to minimize loss, this one to maximize accuracy"),
            ("\"loss\"", "\"log_loss\"", "is to minimize loss, this one to minimize log_loss"),
            ("\"loss\"", "\"loss\"\nseeds = 3", "another number of seeds or folds"),
        ] {
            let said = refused(&STUDY.replace(from, to));
            assert!(
                said.contains("study a: ") && said.contains(expected) && said.contains("\nhint: "),
                "{said}"
            );
        }
        // How long and by whom it is searched may change.
        let same = STUDY.to_owned() + "\ntrials = 7\nsampler = \"random\"\nscheduler = \"asha\"";
        storage.register("a", &Study::parse(&same, "study.toml").unwrap()).unwrap();
        let said = storage.without_study("b").to_string();
        assert!(said.contains("study b: there is none of this name\nhint: there are a"), "{said}");
    });
}

#[test]
fn a_database_that_cannot_be_used_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let refused = |url: &str| match Storage::open(url) {
        Ok(_) => panic!("taken: {url}"),
        Err(error) => error.to_string(),
    };
    std::fs::write(
        path("text.db"),
        "this is a text, and long enough to be looked at as a database would be. ".repeat(20),
    )
    .unwrap();
    let said = refused(&path("text.db"));
    assert!(said.contains("file is not a database\nhint: the file is something else"), "{said}");
    let said = refused(&path("no/folder/study.db"));
    assert!(
        said.contains("unable to open database file")
            && said.contains("hint: check that the folder is there"),
        "{said}"
    );
    let said = refused("mysql://lab@host/studies");
    assert!(
        said.contains("expected sqlite:///FILE or postgresql://USER@HOST/DATABASE, got mysql://"),
        "{said}"
    );

    drop(Storage::open(&path("old.db")).unwrap());
    for (version, hint) in [(11, "optuna storage upgrade"), (13, "a newer Optuna made it")] {
        let connection = rusqlite::Connection::open(path("old.db")).unwrap();
        connection
            .execute("UPDATE version_info SET schema_version = ?1, library_version = '9.9.9'", [version])
            .unwrap();
        let said = refused(&path("old.db"));
        let expected =
            format!("expected the tables of Optuna's schema 12, got {version}, made by Optuna 9.9.9");
        assert!(said.contains(&expected) && said.contains(hint), "{said}");
    }
}

#[cfg(not(feature = "postgres"))]
#[test]
fn without_the_feature_an_address_of_postgresql_says_so() {
    for scheme in ["postgresql", "postgres", "postgresql+psycopg2"] {
        let Err(error @ StorageError::WithoutPostgres { .. }) =
            Storage::open(&format!("{scheme}://lab:secret@host/studies"))
        else {
            panic!("{scheme} is no file")
        };
        let said = error.to_string();
        assert!(said.starts_with(&format!("{scheme}://lab:***@host/studies: ")), "{said}");
        assert!(said.ends_with("PostgreSQL, which this nablab was built without"), "{said}");
    }
}

#[cfg(feature = "postgres")]
#[test]
fn a_server_that_is_not_there_is_gone_and_a_wrong_one_refuses() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let url = format!("postgresql://lab:secret@127.0.0.1:{port}/studies");
    let Err(error @ StorageError::Gone { .. }) = Storage::open(&url) else { panic!("it is not gone") };
    let said = error.to_string();
    assert!(said.contains("lab:***@") && !said.contains("secret") && said.contains("refused"), "{said}");
    let Some(server) = crate::postgres::Postgres::start() else { return };
    let Err(error @ StorageError::Refused { .. }) =
        Storage::open(&server.url().replace("/studies", "/nothing"))
    else {
        panic!("there is no such database")
    };
    assert!(error.to_string().contains("database \"nothing\" does not exist"), "{error}");
}
