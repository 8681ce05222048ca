//! Spaces of few points: each is tried once, whoever tried it, and then the search is over.

use std::collections::BTreeSet;

use nablab_study::storage::{Outcome, Record};
use nablab_study::{Point, SearchState, State, Storage, Study, TrialBudget, work};
use proptest::prelude::*;
use serde_json::{Map, json};

use crate::work::{begin, options, table};

/// Four units and two rates.
const GRID: &str = r#"
hidden = [{ units = { low = 4, high = 17, step = 4 } }]
learning_rate = { choices = [0.001, 0.01] }
epochs = 2
[data]
target = ["y"]
[study]
sampler = "grid"
"#;

/// As Optuna's `enqueue_trial` does.
fn enqueue(url: &str, record: &Record, fixed: &serde_json::Value) {
    let connection = rusqlite::Connection::open(url).unwrap();
    let sql = "INSERT INTO trials (number, study_id, state) SELECT count(*), ?1, 'WAITING' FROM trials WHERE study_id = ?1";
    connection.execute(sql, [record.id]).unwrap();
    let sql =
        "INSERT INTO trial_system_attributes (trial_id, key, value_json) VALUES (?1, 'fixed_params', ?2)";
    connection.execute(sql, (connection.last_insert_rowid(), fixed.to_string())).unwrap();
}

/// Work without training: claim, choose as a worker does, finish.
fn work_off(storage: &mut Storage, record: &Record, study: &Study, fails: impl Fn(u64) -> bool) {
    let points = study.plan.sampler.points(&study.space, 100_000);
    while let Some(claim) = storage.claim(record.id).unwrap() {
        let mut given = claim.given.clone();
        for (name, value) in &claim.fixed {
            given.insert(name.clone(), value.as_f64().unwrap_or_default());
        }
        let trials = storage.trials(record.id).unwrap();
        let directions = &record.directions[..];
        let known =
            SearchState { space: &study.space, trials: &trials, directions, seed: 0, points: &points };
        let point = study.plan.sampler.point(&known, claim.origin, &given).expect("a point is left");
        storage.decide(claim.id, &point, &study.space).unwrap();
        let state = if fails(claim.number) { State::Fail } else { State::Complete };
        let values = if state == State::Fail { Vec::new() } else { vec![0.5] };
        let outcome = Outcome { state, values, curve: Vec::new(), attributes: Map::new() };
        assert!(storage.finish(claim.id, &outcome).unwrap());
    }
}

/// The points of the trials that came to their end, as text.
fn tried(storage: &mut Storage, record: &Record) -> Vec<String> {
    let trials = storage.trials(record.id).unwrap();
    let complete = trials.iter().filter(|trial| trial.state == State::Complete);
    complete.map(|trial| format!("{:?}", trial.point)).collect()
}

#[test]
fn each_point_is_trained_once_whatever_was_asked_for_meanwhile() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let (table, some) = (table(), GRID.to_owned() + "trials = 3");
    let mut study = Study::parse(&some, "study.toml").unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &()).unwrap();
    enqueue(&url, &record, &json!({ "hidden[0].units": 16, "learning_rate": 0.01 }));
    enqueue(&url, &record, &json!({ "hidden[0].units": 12 }));
    let mut study = Study::parse(GRID, "study.toml").unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    work(&study, &record, storage, &objective, &options(folder.path(), 2), &()).unwrap();
    let mut storage = Storage::open(&url).unwrap();
    let points = tried(&mut storage, &record);
    assert_eq!((points.len(), points.iter().collect::<BTreeSet<_>>().len()), (8, 8), "{points:#?}");
    assert!(study.is_exhausted(&storage.trials(record.id).unwrap()));

    // Asked for once more, it is not trained: what is known is its answer. And one too many has nothing left to try.
    enqueue(&url, &record, &json!({ "hidden[0].units": 16, "learning_rate": 0.01 }));
    storage.top_up(record.id, 10).unwrap();
    work(&study, &record, storage, &objective, &options(folder.path(), 1), &()).unwrap();
    let trials = Storage::open(&url).unwrap().trials(record.id).unwrap();
    let of = |number: usize| (trials[number].state, &trials[number].values, &trials[number].curve);
    let same = trials[..8].iter().find(|trial| trial.point == trials[8].point).unwrap();
    assert_eq!(of(8), (State::Complete, &same.values, &same.curve));
    assert_eq!(trials[9].state, State::Fail);
    assert!(trials[9].why.as_ref().unwrap().contains("every point has a trial already"), "{trials:?}");
    // In Optuna's tables the range ends where its steps do.
    let connection = rusqlite::Connection::open(&url).unwrap();
    let sql = "SELECT DISTINCT distribution_json FROM trial_params WHERE param_name = 'hidden[0].units'";
    let written: String = connection.query_row(sql, [], |row| row.get(0)).unwrap();
    assert!(written.contains(r#""step":4,"low":4,"high":16"#), "{written}");
}

#[test]
fn steps_are_all_tried_and_a_range_without_is_cut_and_says_so() {
    let names = |range: &str| {
        let text = format!(
            "hidden = [{{ units = {range} }}]\n[data]\ntarget = [\"y\"]\n[study]\nsampler = \"grid\""
        );
        let study = Study::parse(&text, "study.toml").unwrap();
        let points = study.plan.sampler.points(&study.space, 1000).len();
        let thinned = study.plan.sampler.thinned(&study.space);
        (
            points,
            thinned.into_iter().map(|(name, taken, all)| (name.to_owned(), taken, all)).collect::<Vec<_>>(),
        )
    };
    assert_eq!(names("{ low = 4, high = 40, step = 4 }"), (10, vec![]));
    assert_eq!(names("{ low = 1, high = 30, step = 1 }"), (30, vec![]));
    assert_eq!(names("{ low = 1, high = 5 }"), (5, vec![]));
    assert_eq!(names("{ low = 4, high = 40 }"), (5, vec![("hidden[0].units".to_owned(), 5, 37)]));
}

#[test]
fn every_sampler_ends_where_no_point_is_left() {
    let folder = tempfile::tempdir().unwrap();
    for sampler in ["random", "sobol", "tpe", "cma-es"] {
        let url = folder.path().join(format!("{sampler}.db")).display().to_string();
        let text = GRID.replace("\"grid\"", &format!("\"{sampler}\"\nmetric = \"accuracy\""));
        let study = Study::parse(&text, "study.toml").unwrap();
        let mut storage = Storage::open(&url).unwrap();
        let record = storage.register("few", &study).unwrap();
        let wanted = storage.fill(&record, &study).unwrap();
        assert_eq!(wanted, TrialBudget { trials: 8, limit: Some(8) }, "{sampler}");
        work_off(&mut storage, &record, &study, |_| false);
        let points = tried(&mut storage, &record);
        assert_eq!(points.iter().collect::<BTreeSet<_>>().len(), 8, "{sampler}: {points:#?}");
        assert_eq!(storage.fill(&record, &study).unwrap().trials, 8);
    }
}

#[test]
fn a_study_may_grow_and_what_was_trained_counts() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let text = GRID.replace("\"grid\"", "\"grid\"\nmetric = \"accuracy\"");
    let study = |from: &str, to: &str| Study::parse(&text.replace(from, to), "study.toml").unwrap();
    let mut storage = Storage::open(&url).unwrap();
    let begun = study("", "");
    let record = storage.register("grows", &begun).unwrap();
    storage.fill(&record, &begun).unwrap();
    work_off(&mut storage, &record, &begun, |_| false);
    let refused = |storage: &mut Storage, from: &str, to: &str| {
        storage.register("grows", &study(from, to)).unwrap_err().to_string()
    };
    let said = refused(&mut storage, "high = 17", "high = 9");
    assert!(said.contains("hidden[0].units was another range (a range may become wider"), "{said}");
    let said = refused(&mut storage, "[0.001, 0.01]", "[0.1, 0.001, 0.01]");
    assert!(said.contains("more choices go behind those there are"), "{said}");
    let said = refused(&mut storage, "epochs = 2", "epochs = { low = 2, high = 3 }");
    assert!(said.contains("epochs is a new range"), "{said}");
    let wider = Study::parse(
        &text.replace("high = 17", "high = 20").replace("[0.001, 0.01]", "[0.001, 0.01, 0.1]"),
        "study.toml",
    );
    let wider = wider.unwrap();
    assert_eq!(storage.widened("grows", &wider).unwrap(), ["hidden[0].units", "learning_rate"]);
    let record = storage.register("grows", &wider).unwrap();
    assert_eq!(storage.fill(&record, &wider).unwrap().trials, 15);
    work_off(&mut storage, &record, &wider, |_| false);
    let points = tried(&mut storage, &record);
    assert_eq!((points.len(), points.iter().collect::<BTreeSet<_>>().len()), (15, 15));
    // Optuna wants the same choices in all trials.
    let connection = rusqlite::Connection::open(&url).unwrap();
    let sql = "SELECT count(DISTINCT distribution_json) FROM trial_params WHERE param_name = 'learning_rate'";
    assert_eq!(connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap(), 1);
}

#[test]
fn recipes_are_compared_as_values_also_inside_of_choices() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let text = "learning_rate = { low = 0.1, high = 1.0 }\nhidden = [{ units = 6 }, { units = 3 }]\n\
                optimizer = { choices = [\"adam\", { momentum = { beta = 0.8 } }, { rms-prop = { rho = { low = 0.8, high = 0.9 }, epsilon = 1e-7 } }] }\n\
                [data]\ntarget = [\"y\"]\n[study]\nmetric = \"accuracy\"";
    let study = |from: &str, to: &str| Study::parse(&text.replace(from, to), "study.toml").unwrap();
    let mut storage = Storage::open(&url).unwrap();
    storage.register("a", &study("", "")).unwrap();
    for (from, to, said) in [
        ("6 }, { units = 3", "3 }, { units = 6", "recipe: hidden[0].units = 6, now 3"),
        ("epsilon = 1e-7", "epsilon = 1e-6", "optimizer.rms-prop.epsilon = 0.0000001, now 0.000001"),
        ("beta = 0.8", "beta = 0.9", "space: optimizer was another range"),
    ] {
        let error = storage.register("a", &study(from, to)).unwrap_err().to_string();
        assert!(error.contains(said), "{from} → {to}: {error}");
    }
    storage
        .register("a", &study("hidden = [{ units = 6 }", "hidden = [{units=6, activation=\"relu\"}"))
        .unwrap();
}

#[test]
fn a_point_that_fails_keeps_no_other_from_its_turn() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let table = table();
    // Without rows held out nothing can stop early: with one patience every training fails, with the other none.
    let text = GRID.replace("[study]", "[validation]\nshare = 0.0\npatience = { choices = [0, 3] }\n[study]");
    let mut study = Study::parse(&text, "study.toml").unwrap();
    let (storage, record, objective) = begin(&url, &mut study, &table);
    work(&study, &record, storage, &objective, &options(folder.path(), 1), &()).unwrap();
    let mut storage = Storage::open(&url).unwrap();
    let trials = storage.trials(record.id).unwrap();
    let count = |state| trials.iter().filter(|trial| trial.state == state).count();
    assert_eq!((count(State::Complete), count(State::Fail)), (8, 8));
    let points = trials.iter().map(|trial| format!("{:?}", trial.point)).collect::<BTreeSet<_>>();
    assert_eq!(points.len(), 16);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]
    #[test]
    fn a_grid_is_its_points_whatever_fails_and_whoever_asks(
        asked in proptest::collection::vec((1_usize..5, 0_usize..3), 0..4),
        some in 0_u64..9,
        failing in proptest::collection::btree_set(0_u64..8, 0..3),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("study.db").display().to_string();
        let text = "hidden = [{ units = { low = 4, high = 16, step = 4 } }]\n[penalty]\nl2 = { low = 0, high = 2 }\n\
                    [data]\ntarget = [\"y\"]\n[study]\nmetric = \"accuracy\"\nsampler = \"grid\"";
        let study = Study::parse(text, "study.toml").unwrap();
        let mut storage = Storage::open(&url).unwrap();
        let record = storage.register("a", &study).unwrap();
        storage.top_up(record.id, some).unwrap();
        work_off(&mut storage, &record, &study, |number| failing.contains(&number));
        let asked: BTreeSet<_> = asked.into_iter().collect();
        let point = |&(units, l2): &(usize, usize)| json!({ "hidden[0].units": 4 * units, "penalty.l2": l2 });
        let already = tried(&mut storage, &record);
        let shown = |&(units, l2): &(usize, usize)| {
            format!("{:?}", Point::from([("hidden[0].units".into(), 4.0 * units as f64), ("penalty.l2".into(), l2 as f64)]))
        };
        asked.iter().filter(|asked| !already.contains(&shown(asked))).for_each(|asked| enqueue(&url, &record, &point(asked)));
        storage.fill(&record, &study).unwrap();
        work_off(&mut storage, &record, &study, |_| false);
        let points = tried(&mut storage, &record);
        prop_assert_eq!((points.len(), points.iter().collect::<BTreeSet<_>>().len()), (12, 12), "{:#?}", points);
    }
}
