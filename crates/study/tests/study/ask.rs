//! Asking and telling: the same points as a worker tries, whoever asks, and none lost.

use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};

use nablab_study::{
    AskTell, Direction, Domain, Label, Parameter, Question, Sampler, Scheduler, Space, State, Storage, Study,
    StudyError, Told, work,
};

use crate::work::{begin, options, table};

fn parameter(name: &str, domain: Domain) -> Parameter {
    Parameter { name: name.into(), domain, when: Vec::new() }
}

fn space() -> Space {
    let x = Domain::Float { low: 0.0, high: 1.0, log: false, step: None };
    let n = Domain::Integer { low: 1, high: 64, log: true, step: None };
    Space::new(vec![parameter("x", x), parameter("n", n)]).unwrap()
}

/// A parameter beside which another one is of two choices, of which one has more of its own.
fn conditional() -> Vec<Parameter> {
    let rule =
        Domain::Choice(vec![Label::Text("adam".into()), Label::Null, Label::List(vec![Label::Integer(3)])]);
    let beta = Domain::Float { low: 0.5, high: 0.9, log: false, step: None };
    vec![
        parameter("rule", rule),
        Parameter { name: "beta".into(), domain: beta, when: vec![("rule".into(), vec![0.0])] },
    ]
}

#[test]
fn a_worker_and_who_tells_its_values_come_to_the_same_points() {
    let table = table();
    for sampler in
        ["\"random\"", "\"sobol\"", "\"cma-es\"", "{ tpe = { startup = 5 } }", "{ grid = { points = 3 } }"]
    {
        let folder = tempfile::tempdir().unwrap();
        let url = folder.path().join("study.db").display().to_string();
        let text = format!(
            "learning_rate = {{ low = 1e-4, high = 1e-1, log = true }}\nbatch_size = {{ choices = [16, 64] }}\n\
             hidden = {{ layers = {{ low = 1, high = 2 }}, units = {{ low = 2, high = 16 }} }}\nepochs = 2\n\
             [data]\ntarget = [\"y\"]\n[study]\ntrials = 24\nseed = 7\nsampler = {sampler}"
        );
        let mut study = Study::parse(&text, "study.toml").unwrap();
        let (storage, record, objective) = begin(&url, &mut study, &table);
        work(&study, &record, storage, &objective, &options(folder.path(), 1), &()).unwrap();
        let trials = Storage::open(&url).unwrap().trials(record.id).unwrap();
        let question = Question::of_study(&study, record.directions.clone()).unwrap();
        let search = AskTell::in_memory("again", &question).unwrap();
        for trial in &trials {
            let asked = search.ask().unwrap().unwrap();
            assert_eq!((asked.number, &asked.point), (trial.number, &trial.point), "{sampler}");
            search.tell(asked.number, Told::Values(trial.values.clone())).unwrap();
        }
        // Who joins that study is asked for what its worker would try next.
        let joined = AskTell::join(Storage::open(&url).unwrap(), record, None).unwrap();
        assert_eq!(joined.ask().unwrap(), search.ask().unwrap(), "{sampler}");
    }
}

#[test]
fn a_study_goes_on_with_a_wider_space_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let question = Question { seed: 3, ..Question::new(Space::new(conditional()).unwrap()) };
    let begin = |question: &Question| AskTell::begin(Storage::open(&url).unwrap(), "s", question, None);
    let first = begin(&question).unwrap();
    let asked = first.ask().unwrap().unwrap();
    assert_eq!(asked.point.contains_key("beta"), asked.point["rule"] == 0.0);
    drop(first);
    let mut storage = Storage::existing(&url).unwrap();
    let record = storage.study("s").unwrap().unwrap();
    assert_eq!(AskTell::join(storage, record, None).unwrap().question(), &question);
    let again = begin(&question).unwrap();
    assert_eq!(again.tell(asked.number, Told::Values(vec![1.0])).unwrap(), State::Complete);

    let mut wider = conditional();
    wider[1].domain = Domain::Float { low: 0.1, high: 0.99, log: false, step: None };
    begin(&Question::new(Space::new(wider).unwrap())).unwrap();
    let refused = |parameters: Vec<Parameter>| {
        begin(&Question::new(Space::new(parameters).unwrap())).err().expect("it is another").to_string()
    };
    let mut narrower = conditional();
    narrower[1].domain = Domain::Float { low: 0.6, high: 0.7, log: false, step: None };
    let said = refused(narrower);
    assert!(
        said.contains("study s: it is there already with another space: beta was another range"),
        "{said}"
    );
    let mut always = conditional();
    (always[1].when, always[1].domain) =
        (Vec::new(), Domain::Float { low: 0.1, high: 0.99, log: false, step: None });
    assert!(refused(always).contains("beta had another condition"));
    let other = Question { directions: vec![Direction::Maximize], ..question };
    assert!(begin(&other).err().unwrap().to_string().contains("other directions"));
}

#[test]
fn who_falls_behind_stops_whatever_steps_are_reported() {
    let scheduler = Scheduler::Asha { reduction: 3, first: None };
    let question = Question { scheduler, steps: Some(81), ..Question::new(space()) };
    let search = AskTell::in_memory("s", &question).unwrap();
    // Rungs are at 9 and 27; nobody reports at one.
    let mut stopped = Vec::new();
    for value in [1.0, 2.0, 3.0, 0.5, 4.0] {
        let number = search.ask().unwrap().unwrap().number;
        for step in [4, 8, 12, 16, 28, 40] {
            search.report(number, step, value).unwrap();
            if search.should_stop(number).unwrap() {
                assert!(search.should_stop(number).unwrap(), "the answer stays");
                stopped.push((number, step));
                break;
            }
        }
        let told = if stopped.iter().any(|&(at, _)| at == number) {
            Told::GivenUp
        } else {
            Told::Values(vec![value])
        };
        search.tell(number, told).unwrap();
    }
    assert_eq!(stopped, [(1, 12), (2, 12), (4, 12)]);
    let trials = search.trials().unwrap();
    assert_eq!((trials[1].state, &trials[1].values[..]), (State::Pruned, &[2.0][..]));
    let without = Question { steps: None, ..question };
    let said = AskTell::in_memory("s", &without).err().unwrap().to_string();
    assert!(said.starts_with("steps: expected the last step that a trial reports"), "{said}");
}

#[test]
fn what_cannot_be_told_is_refused() {
    let search = AskTell::in_memory("s", &Question::new(space())).unwrap();
    let number = search.ask().unwrap().unwrap().number;
    let said = |done: Result<State, StudyError>| done.unwrap_err().to_string();
    assert_eq!(said(search.tell(number, Told::Values(vec![1.0, 2.0]))), "values: expected 1, got 2");
    assert_eq!(said(search.tell(7, Told::Released)), "there is no trial 7 in this study");
    search.report(number, 3, 0.5).unwrap();
    let error = search.report(number, 3, 0.5).unwrap_err().to_string();
    assert_eq!(error, "step: expected a step behind 3, which is reported already, got 3");
    assert_eq!(search.tell(number, Told::Values(vec![f64::NAN])).unwrap(), State::Fail);
    assert_eq!(search.trials().unwrap()[0].why.as_deref(), Some("its value is not a number"));
    assert_eq!(
        said(search.tell(number, Told::Values(vec![1.0]))),
        "trial 0 is failed and not under way: what comes of it does not count"
    );
    let number = search.ask().unwrap().unwrap().number;
    assert_eq!(search.tell(number, Told::Values(vec![f64::INFINITY])).unwrap(), State::Complete);
}

#[test]
fn what_is_enqueued_or_released_comes_next() {
    let search = AskTell::in_memory("s", &Question::new(space())).unwrap();
    let first = search.ask().unwrap().unwrap();
    let given = serde_json::json!({ "x": 0.25 });
    search.enqueue(given.as_object().unwrap()).unwrap();
    let asked = search.ask().unwrap().unwrap();
    assert_eq!((asked.number, asked.point["x"]), (1, 0.25));
    let outside = serde_json::json!({ "x": 2.5 });
    let said = search.enqueue(outside.as_object().unwrap()).unwrap_err().to_string();
    assert_eq!(said, "enqueue: expected values of the space, got x = 2.5");
    search.tell(first.number, Told::Released).unwrap();
    assert_eq!(search.ask().unwrap().unwrap(), first);
}

#[test]
fn a_grid_ends() {
    let sampler = Sampler::Grid { points: 2 };
    let search = AskTell::in_memory("s", &Question { sampler, ..Question::new(space()) }).unwrap();
    let points: BTreeSet<String> =
        std::iter::from_fn(|| search.ask().unwrap()).map(|asked| format!("{:?}", asked.point)).collect();
    assert_eq!((points.len(), search.trials().unwrap().len()), (4, 4));
}

#[test]
fn many_who_ask_at_once_get_a_number_each_and_one_that_dies_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let url = folder.path().join("study.db").display().to_string();
    let grace = Some(Duration::from_secs(1));
    let begin = || AskTell::begin(Storage::open(&url).unwrap(), "s", &Question::new(space()), grace).unwrap();
    let dead = begin();
    let lost = dead.ask().unwrap().unwrap();
    drop(dead);
    let worker = |_| {
        let search = begin();
        let mut numbers = Vec::new();
        for _ in 0..10 {
            let asked = search.ask().unwrap().unwrap();
            numbers.push(asked.number);
            search.tell(asked.number, Told::Values(vec![asked.point["x"]])).unwrap();
        }
        numbers
    };
    let mut numbers: Vec<u64> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|i| scope.spawn(move || worker(i))).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<_>>());

    let search = begin();
    let first = search.ask().unwrap().unwrap();
    let until = Instant::now() + Duration::from_secs(60);
    while !search.trials().unwrap().iter().any(|trial| trial.state == State::Waiting) {
        assert!(Instant::now() < until, "nobody misses it");
        thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(search.ask().unwrap().unwrap().point, lost.point);
    assert_eq!(search.trials().unwrap()[first.number as usize].state, State::Running, "this one is alive");
    let error = search.tell(lost.number, Told::Values(vec![0.0])).unwrap_err();
    assert!(matches!(error, StudyError::NotUnderWay { number: 0, state: "failed" }), "{error}");
}

#[test]
fn a_space_that_is_none_is_refused() {
    let refused = |parameters| Space::new(parameters).unwrap_err().to_string();
    let float = |low, high, log, step| vec![parameter("x", Domain::Float { low, high, log, step })];
    let mut twice = conditional();
    twice.push(twice[0].clone());
    let mut orphan = conditional();
    orphan.remove(0);
    let mut none = conditional();
    none[1].when[0].1 = vec![9.0];
    for (parameters, said) in [
        (vec![], "the space: expected at least one parameter, got none"),
        (float(1.0, 0.0, false, None), "x: expected a finite low that is at most high, got 1 and 0"),
        (float(0.0, f64::NAN, false, None), "x: expected a finite low that is at most high, got 0 and NaN"),
        (float(0.0, 1.0, true, None), "x: expected a low above 0 where powers count, got 0"),
        (float(0.5, 1.0, true, Some(0.1)), "x: expected steps or powers, got both"),
        (float(0.5, 1.0, false, Some(0.0)), "x: expected a step above 0, got 0"),
        (vec![parameter("k", Domain::Choice(vec![]))], "k: expected 1 to 1000 choices, got 0"),
        (
            vec![parameter("k", Domain::Choice(vec![Label::Integer(1), Label::Integer(1)]))],
            "k: expected each choice once, got 1 twice",
        ),
        (twice, "rule: expected each name once, got it twice"),
        (orphan, "beta: expected a condition on a parameter that comes before it, got one on rule"),
        (none, "beta: expected a condition on values that rule may have, got another one"),
    ] {
        assert_eq!(refused(parameters), said);
    }
}
