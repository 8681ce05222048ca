//! What we write, read and continued by Optuna; what Optuna begins, continued by us.
//!
//! `NABLAB_PYTHON` names an interpreter that has Optuna; without it these tests are skipped.

use std::io::{self, Write as _};
use std::process::Command;

use nablab_study::storage::Outcome;
use nablab_study::{
    AskTell, Direction, Domain, Label, Parameter, Point, Question, Sampler, SearchState, Space, State,
    Storage, Study, Told,
};
use serde_json::{Map, Value};

use crate::in_each;
use nablab_testing::running::output;

/// Run a script with the address of a database; what it prints is JSON.
fn python(script: &str, url: &str) -> Option<Value> {
    let Some(python) = std::env::var_os("NABLAB_PYTHON") else {
        let _ = writeln!(io::stderr(), "skipped: NABLAB_PYTHON names no Python with Optuna");
        return None;
    };
    let prelude = "import json, sys, warnings\nwarnings.simplefilter('ignore')\nimport optuna\n\
                   optuna.logging.set_verbosity(optuna.logging.ERROR)\nurl = sys.argv[1]\n";
    let url = if url.contains("://") { url.to_owned() } else { format!("sqlite:///{url}") };
    let output = output(Command::new(python).args(["-c", &format!("{prelude}{script}"), &url]));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    Some(serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {said}")))
}

const STUDY: &str = r#"
learning_rate = { low = 1e-4, high = 1e-1, log = true }
batch_size = { choices = ["all", 32] }
hidden = { layers = { low = 1, high = 2 }, units = { low = 4, high = 64, log = true } }
[data]
target = ["y"]
[study]
metric = "accuracy"
"#;

/// Let a storage have so many finished trials, every fourth given up; the value follows from the learning rate.
fn fill(storage: &mut Storage, study: &Study, name: &str, trials: u64) -> i64 {
    let record = storage.register(name, study).unwrap();
    storage.top_up(record.id, trials).unwrap();
    while let Some(claim) = storage.claim(record.id).unwrap() {
        let known = SearchState {
            space: &study.space,
            trials: &[],
            directions: &record.directions,
            seed: 0,
            points: &[],
        };
        let point = Sampler::Random {}.point(&known, claim.origin, &claim.given).unwrap();
        storage.decide(claim.id, &point, &study.space).unwrap();
        let value = 1.0 - (point["learning_rate"].log10() + 2.0).abs() / 4.0;
        let is_given_up = claim.number % 4 == 3;
        let outcome = Outcome {
            state: if is_given_up { State::Pruned } else { State::Complete },
            values: vec![value],
            curve: vec![(1, value / 2.0), (2, value)],
            attributes: Map::from_iter([("seconds".to_owned(), Value::from(0.5))]),
        };
        assert!(storage.finish(claim.id, &outcome).unwrap());
    }
    record.id
}

#[test]
fn optuna_reads_and_continues_what_we_wrote() {
    in_each(|url| {
        let study = Study::parse(STUDY, "study.toml").unwrap();
        let mut storage = Storage::open(url).unwrap();
        let id = fill(&mut storage, &study, "ours", 40);
        let script = r#"
study = optuna.load_study(study_name="ours", storage=url)
trials = study.trials
first = {
    "trials": len(trials), "best": study.best_value, "direction": study.direction.name,
    "metrics": study.metric_names,
    "pruned": sum(t.state.name == "PRUNED" for t in trials),
    "steps": sorted(trials[0].intermediate_values.items()),
    "seconds": trials[0].user_attrs["seconds"],
    "timed": all(t.duration.total_seconds() >= 0 for t in trials),
    "batch": sorted({str(t.params["batch_size"]) for t in trials}),
    "conditional": all(("hidden[1].units" in t.params) == (t.params["hidden.layers"] == 2) for t in trials),
    "ped_anova": optuna.importance.get_param_importances(study, evaluator=optuna.importance.PedAnovaImportanceEvaluator(target_quantile=0.1, region_quantile=1.0)),
    "importances": optuna.importance.get_param_importances(study, evaluator=optuna.importance.FanovaImportanceEvaluator(seed=0)),
}
def objective(trial):
    rate = trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)
    trial.suggest_categorical("batch_size", ["all", 32])
    layers = trial.suggest_int("hidden.layers", 1, 2)
    for i in range(layers):
        trial.suggest_int(f"hidden[{i}].units", 4, 64, log=True)
    return 1 - abs(__import__("math").log10(rate) + 2) / 4
study.sampler = optuna.samplers.TPESampler(seed=0)
study.optimize(objective, n_trials=10)
study.enqueue_trial({"learning_rate": 0.01, "batch_size": 32})
first["then"] = len(study.trials)
print(json.dumps(first))
"#;
        let Some(said) = python(script, url) else { return };
        let trials = storage.trials(id).unwrap();
        let best = nablab_study::best(&trials[..40], &[nablab_study::Direction::Maximize]).unwrap();
        assert_eq!(said["best"], best.values[0]);
        assert_eq!((&said["trials"], &said["pruned"], &said["then"]), (&40.into(), &10.into(), &51.into()));
        assert_eq!((&said["direction"], &said["metrics"][0]), (&"MAXIMIZE".into(), &"accuracy".into()));
        assert_eq!(said["batch"], serde_json::json!(["32", "all"]));
        assert_eq!(
            (&said["timed"], &said["conditional"], &said["seconds"]),
            (&true.into(), &true.into(), &0.5.into())
        );
        assert_eq!(said["steps"][1], serde_json::json!([2, trials[0].values[0]]));
        assert!(said["importances"]["learning_rate"].as_f64().unwrap() > 0.6, "{said}");
        // Ours and Optuna's PED-ANOVA (over the parameters that all trials have) agree on what decides.
        let ours = nablab_study::importances(&study.space, &trials[..40], nablab_study::Direction::Maximize);
        assert_eq!(ours[0].0, "learning_rate", "{ours:?}");
        let theirs = said["ped_anova"]["learning_rate"].as_f64().unwrap();
        assert!(ours[0].1 > 0.5 && theirs > 0.5, "{ours:?}, {theirs}");
        // What Optuna did and enqueued is ours again.
        assert_eq!(trials.len(), 51);
        assert!(
            trials[40..50]
                .iter()
                .all(|trial| trial.state == State::Complete && trial.point.contains_key("hidden.layers"))
        );
        // What somebody asks for goes before what waits already.
        storage.top_up(id, 55).unwrap();
        let script = r#"
optuna.load_study(study_name="ours", storage=url).enqueue_trial({"learning_rate": 0.02, "batch_size": 32})
print("null")
"#;
        python(script, url).unwrap();
        for (number, rate) in [(50, 0.01), (55, 0.02)] {
            let claim = storage.claim(id).unwrap().unwrap();
            assert_eq!((claim.number, claim.fixed["learning_rate"].as_f64()), (number, Some(rate)));
        }
        let claim = storage.claim(id).unwrap().unwrap();
        assert!(claim.number == 51 && claim.fixed.is_empty(), "{claim:?}");
    });
}

#[test]
fn we_continue_what_optuna_began() {
    in_each(|url| {
        let script = r#"
study = optuna.create_study(study_name="theirs", storage=url, direction="maximize")
def objective(trial):
    rate = trial.suggest_float("learning_rate", 1e-4, 1e-1, log=True)
    trial.suggest_categorical("batch_size", ["all", 32])
    trial.report(0.5, 1)
    return rate
study.optimize(objective, n_trials=12)
other = optuna.create_study(study_name="other", storage=url, direction="maximize")
other.optimize(lambda trial: trial.suggest_float("batch_size", 1, 2), n_trials=1)
print(json.dumps([t.value for t in study.trials]))
"#;
        let Some(values) = python(script, url) else { return };
        let study = Study::parse(STUDY, "study.toml").unwrap();
        let mut storage = Storage::open(url).unwrap();
        let id = fill(&mut storage, &study, "theirs", 20);
        let trials = storage.trials(id).unwrap();
        assert_eq!(trials.len(), 20);
        let theirs: Vec<f64> = trials[..12].iter().map(|trial| trial.values[0]).collect();
        assert_eq!(Value::from(theirs), values);
        assert_eq!(trials[0].curve, [(1, 0.5)]);
        // TPE learns from theirs: high rates are good.
        let known = SearchState {
            space: &study.space,
            trials: &trials[..12],
            directions: &[nablab_study::Direction::Maximize],
            seed: 1,
            points: &[],
        };
        let rates: Vec<f64> = (20..60)
            .map(|n| Sampler::default().point(&known, n, &Point::new()).unwrap()["learning_rate"])
            .collect();
        assert!(rates.iter().filter(|&&rate| rate > 1e-2).count() > 20, "{rates:?}");
        let error = storage.register("other", &study).unwrap_err().to_string();
        assert!(
            error.contains("study other: it is there already with another kind of batch_size"),
            "{error}"
        );
        let script = "study = optuna.load_study(study_name='theirs', storage=url)\nprint(json.dumps(len(study.trials)))";
        assert_eq!(python(script, url), Some(20.into()));
    });
}

#[test]
fn the_dashboard_shows_it() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let study = Study::parse(STUDY, "study.toml").unwrap();
    fill(&mut Storage::open(&url).unwrap(), &study, "ours", 8);
    // The application that optuna-dashboard serves, asked without a server.
    let script = r#"
from optuna_dashboard import wsgi
from wsgiref.util import setup_testing_defaults
app = wsgi(optuna.storages.RDBStorage(url))
def get(path):
    environ = {"PATH_INFO": path, "QUERY_STRING": ""}
    setup_testing_defaults(environ)
    said = {}
    body = b"".join(app(environ, lambda status, headers, error=None: said.update(status=status)))
    return said["status"], json.loads(body)
status, studies = get("/api/studies")
name, trials = studies["study_summaries"][0]["study_name"], get("/api/studies/1")[1]
print(json.dumps([status, name, len(trials["trials"]), trials["directions"] if "directions" in trials else None]))
"#;
    let Some(said) = python(script, &url) else { return };
    assert_eq!(said, serde_json::json!(["200 OK", "ours", 8, ["maximize"]]));
}

#[test]
fn optuna_reads_what_was_asked_and_asks_for_more() {
    in_each(|url| {
        let x = Domain::Float { low: 0.0, high: 1.0, log: false, step: None };
        let kinds = vec![
            Label::Null,
            Label::Bool(true),
            Label::Text("a".into()),
            Label::List(vec![Label::Integer(3)]),
        ];
        let when = vec![("kind".to_owned(), vec![2.0, 3.0])];
        let space = Space::new(vec![
            Parameter { name: "kind".into(), domain: Domain::Choice(kinds), when: vec![] },
            Parameter { name: "x".into(), domain: x, when },
        ])
        .unwrap();
        let question = Question { directions: vec![Direction::Maximize], ..Question::new(space) };
        let search = AskTell::begin(Storage::open(url).unwrap(), "asked", &question, None).unwrap();
        for number in 0..12 {
            let asked = search.ask().unwrap().unwrap();
            search.report(asked.number, 1, 0.25).unwrap();
            search.tell(asked.number, Told::Values(vec![f64::from(number)])).unwrap();
        }
        let script = "study = optuna.load_study(study_name='asked', storage=url)\n\
                      study.enqueue_trial({'kind': 'a', 'x': 0.5})\n\
                      trials = [t for t in study.trials if t.state.is_finished()]\n\
                      print(json.dumps({'best': study.best_value, 'params': [t.params for t in trials],\n\
                          'curves': [t.intermediate_values for t in trials]}))";
        let Some(said) = python(script, url) else { return };
        let kinds = [Value::Null, true.into(), "a".into(), serde_json::json!([3])];
        for (number, trial) in search.trials().unwrap().iter().take(12).enumerate() {
            let theirs = &said["params"][number];
            assert_eq!(theirs["kind"], kinds[trial.point["kind"] as usize]);
            assert_eq!(theirs.get("x").and_then(Value::as_f64), trial.point.get("x").copied());
            assert_eq!(said["curves"][number]["1"], 0.25);
        }
        assert_eq!(said["best"], 11.0);
        let asked = search.ask().unwrap().unwrap();
        assert_eq!((asked.point["kind"], asked.point["x"]), (2.0, 0.5));
    });
}

#[test]
fn a_study_of_optunas_is_asked_in_its_ranges() {
    in_each(|url| {
        let script = "study = optuna.create_study(study_name='theirs', storage=url, direction='maximize')\n\
                      def f(t): return t.suggest_float('x', 0.1, 10, log=True) + (t.suggest_categorical('k', [None, 'b']) is None)\n\
                      study.optimize(f, n_trials=12)\n\
                      print(json.dumps([t.value for t in study.trials]))";
        let Some(said) = python(script, url) else { return };
        let mut storage = Storage::existing(url).unwrap();
        let record = storage.study("theirs").unwrap().unwrap();
        let search = AskTell::join(storage, record, None).unwrap();
        let values: Vec<f64> = search.trials().unwrap().iter().map(|trial| trial.values[0]).collect();
        assert_eq!(serde_json::json!(values), said);
        let asked = search.ask().unwrap().unwrap();
        assert!(asked.number == 12 && (0.1..=10.0).contains(&asked.point["x"]) && asked.point["k"] < 2.0);
        search.tell(asked.number, Told::Values(vec![99.0])).unwrap();
        let best = "study = optuna.load_study(study_name='theirs', storage=url)\nprint(json.dumps(study.best_trial.number))";
        assert_eq!(python(best, url), Some(12.into()));
    });
}
