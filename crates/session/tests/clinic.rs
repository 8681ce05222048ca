//! The patients of the clinic: each shows its faults, its cure heals, and another one does not.

use std::cell::RefCell;

use nablab_session::{
    Command, Diagnosed, Difficulty, Event, Healed, Language, Patient, Revealed, Session, Treated, View,
};
use serde_json::{Value, json};

/// Seeds of patients, at each difficulty, and of trials.
const PATIENTS: u32 = 12;
const TRIALS: u32 = 20;
const DIFFICULTIES: [Difficulty; 3] = [Difficulty::Easy, Difficulty::Medium, Difficulty::Hard];

thread_local! {
    /// As a page has one, which keeps the patient of before.
    static SESSION: RefCell<Session> = RefCell::default();
}

fn answer(command: &Command) -> Event {
    let mut reply = SESSION.with_borrow_mut(|session| session.answer(command, &[]));
    assert_eq!(reply.events.len(), 1, "{:?}", reply.events);
    reply.events.remove(0)
}

fn patient(seed: u32, difficulty: Difficulty) -> Patient {
    match answer(&Command::Patient { seed, difficulty }) {
        Event::Patient(patient) => *patient,
        other => panic!("{other:?}"),
    }
}

fn revealed(seed: u32, difficulty: Difficulty) -> Revealed {
    match answer(&Command::Reveal { seed, difficulty }) {
        Event::Revealed(revealed) => revealed,
        other => panic!("{other:?}"),
    }
}

fn healed(seed: u32, difficulty: Difficulty, recipe: &Value) -> Healed {
    let treated =
        |trial: u32| match answer(&Command::Treat { seed, difficulty, recipe: recipe.clone(), trial }) {
            Event::Treated(treated) => treated,
            other => panic!("{other:?}"),
        };
    let trials: Vec<Treated> = (0..TRIALS).map(treated).collect();
    match answer(&Command::Healed { trials }) {
        Event::Healed(healed) => healed,
        other => panic!("{other:?}"),
    }
}

/// As the training stands at its end.
fn diagnosed(patient: &Patient) -> Diagnosed {
    let mut session = Session::default();
    session.answer(&Command::Begin { plan: patient.plan.clone() }, &[]);
    let views = [View::Diagnosis { language: Language::En }];
    let mut reply = session.answer(&Command::Step { steps: u64::MAX }, &views);
    match reply.events.pop() {
        Some(Event::Diagnosis(diagnosed)) => *diagnosed,
        other => panic!("{other:?}"),
    }
}

fn with(recipe: &Value, keys: &Value) -> Value {
    let mut recipe = recipe.clone();
    recipe.as_object_mut().unwrap().extend(keys.as_object().unwrap().clone());
    recipe
}

fn codes(diagnosed: &Diagnosed) -> Vec<&'static str> {
    diagnosed.findings.iter().map(|found| found.code).collect()
}

/// Patients show their faults, and their cures heal.
fn look_after(difficulty: Difficulty) {
    let mut wrong = Vec::new();
    for seed in 0..PATIENTS {
        let (patient, answer) = (patient(seed, difficulty), revealed(seed, difficulty));
        let recipe = &patient.plan.recipe;
        let planted: Vec<_> = answer.faults.iter().map(|fault| fault.name).collect();
        let shown = codes(&diagnosed(&patient));
        let name = format!("{difficulty:?} {seed} {:?} {planted:?}, shown {shown:?}", patient.plan.data);
        let mut must = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{what}: {name}"));
            }
        };
        let as_is = healed(seed, difficulty, recipe);
        if planted.is_empty() {
            must(as_is.is_healed, "a healthy one is healthy");
            must(
                shown.iter().all(|code| ["plateau", "validation-too-small"].contains(code)),
                "nothing is found",
            );
            continue;
        }
        must(!as_is.is_healed, &format!("it is sick, {as_is:?}"));
        let is_shown = |fault: &nablab_session::Planted| {
            shown.contains(&fault.name) || fault.shown_as.iter().any(|code| shown.contains(code))
        };
        must(answer.faults.iter().any(is_shown), "a fault is shown");
        if planted.len() == 1 {
            must(answer.faults.iter().all(is_shown), "its fault is shown");
        }
        let cured = healed(seed, difficulty, &with(recipe, &answer.cure));
        must(cured.is_healed, &format!("its cure heals, {cured:?}"));
        // A change that has nothing to do with it, and half of a cure of two faults.
        let beside = healed(seed, difficulty, &with(recipe, &json!({"schedule": "cosine"})));
        must(!beside.is_healed, "another change does not heal");
        let keys = answer.cure.as_object().unwrap();
        if planted.len() == 2 && keys.len() == 2 {
            for (key, value) in keys {
                let half = healed(seed, difficulty, &with(recipe, &json!({ key: value })));
                must(!half.is_healed, &format!("half of a cure does not heal: {key}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn easy_patients_have_one_fault_that_shows_and_a_cure_that_heals() {
    look_after(Difficulty::Easy);
}

#[test]
fn medium_patients_may_also_be_healthy() {
    look_after(Difficulty::Medium);
}

#[test]
fn hard_patients_have_two_faults_and_half_of_a_cure_does_not_heal() {
    look_after(Difficulty::Hard);
}

#[test]
fn a_seed_is_always_the_same_patient_and_the_answer_stays_hidden() {
    for difficulty in DIFFICULTIES {
        assert_eq!(patient(7, difficulty), patient(7, difficulty));
        assert_ne!(patient(7, difficulty).plan, patient(8, difficulty).plan);
    }
    let text = serde_json::to_value(patient(3, Difficulty::Easy)).unwrap();
    let mut keys: Vec<_> = text.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    assert_eq!(keys, ["choices", "plan"]);
}

#[test]
fn a_cure_leaves_the_rows_alone_and_takes_no_forever() {
    let (seed, difficulty) = (3, Difficulty::Easy);
    let recipe = patient(seed, difficulty).plan.recipe;
    let refused = |keys: Value| {
        let recipe = with(&recipe, &keys);
        match answer(&Command::Treat { seed, difficulty, recipe, trial: 0 }) {
            Event::Refused { message } => message,
            other => panic!("{other:?}"),
        }
    };
    assert!(
        refused(json!({"validation": {"share": 0.1, "patience": 0}})).contains("rows held out as they are")
    );
    assert!(refused(json!({"epochs": 100_000})).starts_with("steps of a cure: expected at most"));
    match answer(&Command::Healed { trials: Vec::new() }) {
        Event::Refused { .. } => {}
        other => panic!("{other:?}"),
    }
}
