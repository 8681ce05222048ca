//! The diagnosis of a live training is that of the command at its end, and before it says what is open.

use nablab_data::table::csv;
use nablab_data::{Generator, dataset_file};
use nablab_diagnosis::{Finding, diagnose};
use nablab_session::{Command, Diagnosed, Event, Language, Plan, Reply, Session, View};
use nablab_tables::{Options, Settings};
use serde_json::{Value, json};

const SAMPLES: usize = 300;

fn recipe(more: &Value) -> Value {
    let mut recipe = json!({
        "hidden": [{"units": 8, "activation": "tanh"}, {"units": 8, "activation": "tanh"}],
        "optimizer": "adam", "learning_rate": 0.01, "epochs": 60, "batch_size": 32, "seed": 2,
        "penalty": {"l2": 0.0, "l1": 0.0}, "validation": {"share": 0.2, "patience": 0},
    });
    recipe.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    recipe
}

fn plan(recipe: &Value) -> Plan {
    let data = json!({"source": "moons", "samples": SAMPLES, "noise": 0.2, "seed": 3});
    serde_json::from_value(json!({"data": data, "recipe": recipe})).unwrap()
}

/// Trainings, sick in different ways, and a healthy one.
fn trainings() -> Vec<(&'static str, Value)> {
    vec![
        ("symmetric-units", json!({"init": "zeros"})),
        ("large-weights", json!({"init": {"normal": {"scale": 10.0}}})),
        ("learning-rate-too-low", json!({"optimizer": "gradient-descent", "learning_rate": 1e-4})),
        (
            "diverged",
            json!({"hidden": [{"units": 8}, {"units": 8}], "optimizer": "momentum", "learning_rate": 1e5}),
        ),
        ("penalty-too-strong", json!({"penalty": {"l2": 60.0}})),
        (
            "overfitting",
            json!({
                "hidden": [{"units": 64}, {"units": 64}], "epochs": 300, "validation": {"share": 0.7, "patience": 0},
            }),
        ),
        (
            "dropout-too-strong",
            json!({"hidden": [{"units": 16, "dropout": 0.95}, {"units": 8, "dropout": 0.95}]}),
        ),
        ("penalty-too-strong", json!({"optimizer": "l-bfgs", "batch_size": "all", "penalty": {"l2": 500.0}})),
        ("", json!({})),
    ]
}

/// As `nablab train` and `nablab diagnose` say it.
fn by_the_command(recipe: &Value) -> Vec<Finding> {
    let set = Generator::Moons { samples: SAMPLES, noise: 0.2, seed: 3 }.generate().unwrap();
    let table = csv::read(&dataset_file::csv::write(&set), "moons.csv").unwrap();
    let mut settings = Settings::from_toml(&toml::to_string(recipe).unwrap(), "recipe").unwrap();
    settings.data.target = vec!["label".into()];
    let fitted = settings.fit(&table, Options::default(), &()).unwrap();
    diagnose(&fitted.record.evidence.unwrap())
}

fn diagnosed(reply: &Reply) -> &Diagnosed {
    match reply.events.last() {
        Some(Event::Diagnosis(diagnosed)) => diagnosed,
        other => panic!("{other:?}"),
    }
}

fn looked(session: &mut Session, command: &Command) -> Diagnosed {
    diagnosed(&session.answer(command, &[View::Diagnosis { language: Language::En }])).clone()
}

fn begun(plan: Plan) -> Session {
    let mut session = Session::default();
    session.answer(&Command::Begin { plan }, &[]);
    session
}

/// To the same numbers, and whatever was looked at on the way.
#[test]
fn at_the_end_it_is_the_diagnosis_of_the_command() {
    for (planted, more) in trainings() {
        let recipe = recipe(&more);
        let expected = by_the_command(&recipe);
        let codes: Vec<_> = expected.iter().map(Finding::code).collect();
        assert!(planted.is_empty() || codes.contains(&planted), "{planted}: {codes:?}");
        let mut session = begun(plan(&recipe));
        for _ in 0..7 {
            looked(&mut session, &Command::Step { steps: 37 });
        }
        looked(&mut session, &Command::Seek { step: 20, most: None });
        let end = looked(&mut session, &Command::Step { steps: 1_000_000 });
        assert!(!end.is_under_way);
        let found: Vec<Finding> = end.findings.iter().map(|found| found.measured.clone()).collect();
        assert_eq!(found, expected, "{planted}");
    }
}

#[test]
fn before_its_end_what_comes_of_it_is_open() {
    for (planted, more) in trainings() {
        let mut session = begun(plan(&recipe(&more)));
        for steps in [0, 1, 60] {
            let views = [View::Diagnosis { language: Language::En }];
            let reply = session.answer(&Command::Step { steps }, &views);
            let Event::At(at) = &reply.events[0] else { panic!("{reply:?}") };
            let now = diagnosed(&reply);
            assert_eq!(now.is_under_way, at.ended.is_none(), "{planted}");
            if now.is_under_way {
                assert!(now.open.iter().any(|question| question.code == "under-way"), "{planted}");
                assert!(now.all_clear.as_ref().is_none_or(|clear| !clear.is_health), "{planted}");
            }
        }
    }
    // Before the first step nobody knows what is learned.
    let mut session = begun(plan(&recipe(&json!({}))));
    let start = looked(&mut session, &Command::Look);
    assert!(start.findings.is_empty(), "{:?}", start.findings);
    assert!(start.open.iter().any(|question| question.code == "curve"));
    // Zeros are seen at once.
    let mut session = begun(plan(&recipe(&json!({"init": "zeros"}))));
    assert_eq!(looked(&mut session, &Command::Look).findings[0].code, "symmetric-units");
}

/// The same instant has the same diagnosis, on whatever way it is reached.
#[test]
fn whoever_goes_back_sees_what_was_seen_then() {
    let mut session = begun(plan(&recipe(&json!({"learning_rate": 2.0}))));
    let then = looked(&mut session, &Command::Step { steps: 100 });
    let later = looked(&mut session, &Command::Step { steps: 200 });
    assert_eq!(looked(&mut session, &Command::Seek { step: 100, most: None }), then);
    assert_eq!(looked(&mut session, &Command::Seek { step: 300, most: None }), later);
}

/// What is advised is done, on the way where that can be, and helps.
#[test]
fn advice_is_a_change_of_the_recipe() {
    let sick = recipe(&json!({"init": "zeros", "penalty": {"l2": 500.0, "l1": 0.0}}));
    let mut session = begun(plan(&sick));
    let now = looked(&mut session, &Command::Step { steps: 1_000_000 });
    let start = now.findings.iter().find(|found| found.code == "symmetric-units").unwrap();
    let advice = &start.advice[0];
    assert_eq!(advice.recipe, Some(json!({"init": "xavier"})), "{advice:?}");
    assert!(!advice.is_on_the_way, "weights have begun");

    let sick = recipe(&json!({"optimizer": "gradient-descent", "learning_rate": 1e-4}));
    let mut session = begun(plan(&sick));
    let now = looked(&mut session, &Command::Step { steps: 160 });
    let slow = now.findings.iter().find(|found| found.code == "learning-rate-too-low").unwrap();
    let advice = slow.advice.iter().find(|advice| advice.recipe.is_some()).unwrap();
    assert!(advice.is_on_the_way);
    let mut healed = sick.clone();
    healed.as_object_mut().unwrap().extend(advice.recipe.clone().unwrap().as_object().unwrap().clone());
    let now = looked(&mut session, &Command::Change { recipe: healed });
    assert!(now.findings.iter().all(|found| found.code != "learning-rate-too-low"), "{now:?}");
    // A rate that is to be found is found.
    let reply = session.answer(&Command::FindRate, &[]);
    let [Event::Rate { rate }] = reply.events[..] else { panic!("{reply:?}") };
    assert!((1e-3..10.0).contains(&rate), "{rate}");
}

#[test]
fn it_speaks_chinese() {
    let mut session = begun(plan(&recipe(&json!({"init": "zeros"}))));
    let reply = session.answer(&Command::Look, &[View::Diagnosis { language: Language::Zh }]);
    let found = &diagnosed(&reply).findings[0];
    assert_eq!(found.name, "单元对称");
    assert!(found.advice.iter().any(|advice| advice.words.contains("初始化")), "{found:?}");
    assert!(found.page.ends_with("diagnosis.zh.md#symmetric-units"), "{}", found.page);
}
