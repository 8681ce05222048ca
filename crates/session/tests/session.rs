//! A session gives what the library gives, at every step, back and ahead.

use nablab_data::table::csv;
use nablab_data::{Generator, dataset_file};
use nablab_session::{At, Change, Command, Ended, Event, Plan, Reply, Session, Stop, View};
use nablab_tables::{Options, Params, Settings};
use serde_json::json;

fn plan(recipe: serde_json::Value) -> Plan {
    let plan =
        json!({"data": {"source": "moons", "samples": 120, "noise": 0.2, "seed": 3}, "recipe": recipe});
    serde_json::from_value(plan).unwrap()
}

fn recipe(rule: &str, batch_size: u64) -> serde_json::Value {
    json!({
        "hidden": [{"units": 6, "dropout": 0.2}, {"units": 4, "activation": "tanh"}],
        "optimizer": rule, "learning_rate": 0.02, "epochs": 9, "batch_size": batch_size, "seed": 5,
        "precision": "f64", "validation": {"share": 0.2, "patience": 0},
    })
}

fn begun(plan: &Plan) -> Session {
    let mut session = Session::default();
    at(&session.answer(&Command::Begin { plan: plan.clone() }, &[]));
    session
}

/// Where the session says it stands.
fn at(reply: &Reply) -> At {
    match reply.events.last() {
        Some(Event::At(at)) => at.clone(),
        other => panic!("{other:?}"),
    }
}

fn parameters(session: &mut Session) -> Vec<f32> {
    session.answer(&Command::Look, &[View::Parameters]).numbers
}

fn refusal(reply: &Reply) -> &str {
    match &reply.events[..] {
        [Event::Refused { message }] => message,
        other => panic!("{other:?}"),
    }
}

/// The same training by the library, as the command runs it.
fn by_the_library(recipe: &serde_json::Value) -> (Vec<f32>, f64, f64) {
    let set = Generator::Moons { samples: 120, noise: 0.2, seed: 3 }.generate().unwrap();
    let table = csv::read(&dataset_file::csv::write(&set), "moons.csv").unwrap();
    let mut settings = Settings::from_toml(&toml::to_string(recipe).unwrap(), "recipe").unwrap();
    settings.data.target = vec!["label".into()];
    let fitted = settings.fit(&table, Options::default(), &()).unwrap();
    let Params::F64(params) = fitted.model.params else { panic!() };
    let last = fitted.record.history.last().unwrap();
    (params.iter().map(|&p| p as f32).collect(), last.validation_loss, last.validation_metric)
}

#[test]
fn a_session_ends_with_the_numbers_of_the_command() {
    for (rule, size) in [("adam", 16), ("momentum", 200), ("adam-w", 33)] {
        let recipe = recipe(rule, size);
        let (params, loss, accuracy) = by_the_library(&recipe);
        let mut session = begun(&plan(recipe));
        let end = at(&session.answer(&Command::Step { steps: 1_000_000 }, &[]));
        assert_eq!((end.epoch, end.ended), (9, Some(Ended::Finished)));
        assert_eq!(parameters(&mut session), params, "{rule}");
        assert_eq!((end.held_out_loss, end.held_out_accuracy), (Some(loss), Some(accuracy)), "{rule}");
        assert_eq!(at(&session.answer(&Command::Step { steps: 1 }, &[])).step, end.step, "it is over");
    }
}

#[test]
fn any_instant_is_the_same_on_every_way_to_it() {
    let plan = plan(recipe("adam", 16));
    let mut forward = begun(&plan);
    let mut known = vec![parameters(&mut forward)];
    for _ in 0..50 {
        forward.answer(&Command::Step { steps: 1 }, &[]);
        known.push(parameters(&mut forward));
    }
    let mut session = begun(&plan);
    for step in [50, 3, 17, 16, 0, 49, 31, 32, 33] {
        let stands = at(&session.answer(&Command::Seek { step, most: None }, &[]));
        assert_eq!(stands.step, step);
        assert_eq!(parameters(&mut session), known[step as usize], "step {step}");
    }
    // Six batches are an epoch of 96 rows.
    let stands = at(&session.answer(&Command::Epoch, &[]));
    assert_eq!((stands.step, stands.epoch, stands.batch), (36, 6, 0));
}

#[test]
fn a_change_on_the_way_forgets_what_came_after_and_stays_in_the_plan() {
    let first = recipe("adam", 16);
    let mut second = first.clone();
    second["learning_rate"] = json!(0.2);
    let mut session = begun(&plan(first));
    session.answer(&Command::Step { steps: 40 }, &[]);
    let unchanged = parameters(&mut session);
    session.answer(&Command::Seek { step: 20, most: None }, &[]);
    at(&session.answer(&Command::Set { parameter: 3, value: -1.5 }, &[]));
    assert_eq!(parameters(&mut session)[3], -1.5);
    session.answer(&Command::Seek { step: 30, most: None }, &[]);
    at(&session.answer(&Command::Change { recipe: second }, &[]));
    session.answer(&Command::Seek { step: 40, most: None }, &[]);
    let changed = parameters(&mut session);
    assert_ne!(changed, unchanged);
    // Back over both changes, and ahead again.
    session.answer(&Command::Seek { step: 19, most: None }, &[]);
    session.answer(&Command::Step { steps: 21 }, &[]);
    assert_eq!(parameters(&mut session), changed);
    // The plan holds both, and makes the same training.
    let reply = session.answer(&Command::Repeat, &[]);
    let [Event::Repeat { plan, commands, .. }] = &reply.events[..] else { panic!() };
    assert_eq!(plan.changes.iter().map(|change| change.step).collect::<Vec<_>>(), [20, 30]);
    assert!(commands.is_none(), "no command changes weights by hand");
    let mut again = begun(plan);
    again.answer(&Command::Seek { step: 40, most: None }, &[]);
    assert_eq!(parameters(&mut again), changed);
    // A change before them forgets them.
    session.answer(&Command::Seek { step: 10, most: None }, &[]);
    session.answer(&Command::Set { parameter: 0, value: 0.0 }, &[]);
    let reply = session.answer(&Command::Repeat, &[]);
    let [Event::Repeat { plan, .. }] = &reply.events[..] else { panic!() };
    let set = Change { step: 10, set: Some((0, 0.0)), recipe: None };
    assert_eq!(plan.changes, [set]);
}

#[test]
fn another_rule_or_batch_size_goes_on_from_here() {
    for changed in [json!({"optimizer": "gradient-descent"}), json!({"batch_size": 5}), json!({"seed": 8})] {
        let mut recipe = recipe("adam", 16);
        let mut session = begun(&plan(recipe.clone()));
        session.answer(&Command::Step { steps: 8 }, &[]);
        let before = parameters(&mut session);
        recipe.as_object_mut().unwrap().extend(changed.as_object().unwrap().clone());
        let [_, foreseen] = at(&session.answer(&Command::Change { recipe }, &[])).steps;
        assert_eq!(parameters(&mut session), before, "a change of the recipe moves nothing by itself");
        let end = at(&session.answer(&Command::Step { steps: 1_000_000 }, &[]));
        assert_eq!((end.step, end.steps[1]), (foreseen, foreseen), "{changed}");
        assert_eq!((end.epoch, end.ended), (9, Some(Ended::Finished)), "{changed}");
    }
}

#[test]
fn what_cannot_change_on_the_way_is_refused_and_nothing_changes() {
    let first = recipe("adam", 16);
    let mut session = begun(&plan(first.clone()));
    session.answer(&Command::Step { steps: 4 }, &[]);
    let before = parameters(&mut session);
    for (key, value) in [("hidden", json!([{"units": 7}])), ("precision", json!("f32"))] {
        let mut recipe = first.clone();
        recipe[key] = value;
        let reply = session.answer(&Command::Change { recipe }, &[]);
        let expected = format!("`{key}` cannot change in the middle of a training: begin anew with it");
        assert_eq!(refusal(&reply), expected);
    }
    let reply = session.answer(&Command::Set { parameter: 10_000, value: 1.0 }, &[]);
    assert_eq!(refusal(&reply), "parameter: expected a number below 51, got 10000");
    let reply = session.answer(&Command::Change { recipe: json!({"learning_rate": -1}) }, &[]);
    assert!(refusal(&reply).contains("learning_rate"), "{}", refusal(&reply));
    let reply = session.answer(&Command::Look, &[View::Boundary { cells: 4000 }]);
    assert_eq!(refusal(&reply), "cells: expected at most 400, got 4000");
    assert_eq!(parameters(&mut session), before);
    assert_eq!(
        refusal(&session.answer_json("{\"do\": \"fly\"}")).split(',').next(),
        Some("command: unknown variant `fly`")
    );
    let reply = Session::default().answer(&Command::Epoch, &[]);
    assert_eq!(refusal(&reply), "no training has begun: send `begin` with a plan first");
}

#[test]
fn a_plan_that_cannot_begin_leaves_the_training_before() {
    let mut session = begun(&plan(recipe("adam", 16)));
    session.answer(&Command::Step { steps: 4 }, &[]);
    let mut wrong = plan(json!({"epochs": 0}));
    assert!(refusal(&session.answer(&Command::Begin { plan: wrong.clone() }, &[])).contains("epochs"));
    wrong.recipe = json!({"hidden": [{"units": 3000}, {"units": 3000}]});
    let reply = session.answer(&Command::Begin { plan: wrong }, &[]);
    assert_eq!(refusal(&reply), "parameters: expected at most 2000000, got 9015001");
    assert_eq!(at(&session.answer(&Command::Step { steps: 1 }, &[])).step, 5);
}

#[test]
fn maps_say_what_the_model_says() {
    let mut session = begun(&plan(recipe("adam", 16)));
    let reply = session.answer(&Command::Begin { plan: plan(recipe("adam", 16)) }, &[]);
    let Event::Began(began) = &reply.events[0] else { panic!() };
    assert_eq!((began.rows, began.steps, began.parameters), ([96, 24], [6, 54], 51));
    assert_eq!(
        (&began.features[..], &began.targets[..]),
        (&["x1".into(), "x2".into()][..], &["0".into(), "1".into()][..])
    );
    assert_eq!(began.places, [[0, 12], [18, 42], [46, 50]]);
    assert_eq!(began.points.unwrap().len, 3 * 120);
    let [left, right, lower, upper] = began.plane.unwrap();
    session.answer(&Command::Step { steps: 1_000_000 }, &[]);
    let cells = 9;
    let reply = session.answer(&Command::Look, &[View::Boundary { cells }, View::Units { cells }]);
    let (Event::Boundary { numbers, .. }, Event::Units { numbers: units, .. }) =
        (&reply.events[0], &reply.events[1])
    else {
        panic!()
    };
    assert_eq!((numbers.len, units.len), (81, 10 * 81));
    // The model of the library, at the middles of the cells.
    let middle = |low: f64, high: f64, cell: usize| low + (high - low) * (cell as f64 + 0.5) / cells as f64;
    let rows: String = (0..81)
        .map(|c| format!("{},{}\n", middle(left, right, c % cells), middle(lower, upper, c / cells)))
        .collect();
    let table = csv::read(format!("x1,x2\n{rows}").as_bytes(), "cells.csv").unwrap();
    let set = Generator::Moons { samples: 120, noise: 0.2, seed: 3 }.generate().unwrap();
    let learned = csv::read(&dataset_file::csv::write(&set), "moons.csv").unwrap();
    let mut settings = Settings::from_toml(&toml::to_string(&recipe("adam", 16)).unwrap(), "recipe").unwrap();
    settings.data.target = vec!["label".into()];
    let model = settings.fit(&learned, Options::default(), &()).unwrap().model;
    let said: Vec<f32> = model.predict(&table).unwrap().values.chunks(2).map(|p| p[1] as f32).collect();
    assert_eq!(&reply.numbers[numbers.at..numbers.at + numbers.len], said);
}

#[test]
fn a_curve_is_thinned_and_goes_on() {
    let mut recipe = recipe("adam", 200);
    recipe["epochs"] = json!(5000);
    let mut session = begun(&plan(recipe));
    session.answer(&Command::Seek { step: 3000, most: None }, &[]);
    let curve = |session: &mut Session, from| {
        let reply = session.answer(&Command::Look, &[View::Curve { from }]);
        reply.numbers.chunks(5).map(|point| (point[0] as u64, point[1])).collect::<Vec<_>>()
    };
    let whole = curve(&mut session, 0);
    assert!((700..=1001).contains(&whole.len()), "{}", whole.len());
    assert!(whole.windows(2).all(|pair| pair[1].0 - pair[0].0 == whole[1].0));
    assert!(whole.last().unwrap().1 < whole[0].1 / 2.0, "it learns");
    session.answer(&Command::Seek { step: 100, most: None }, &[]);
    assert_eq!(curve(&mut session, 0), whole, "what was seen stays");
    assert_eq!(curve(&mut session, 2900)[..], whole[whole.iter().position(|p| p.0 >= 2900).unwrap()..]);
}

#[test]
fn commands_repeat_it() {
    let mut session = begun(&plan(recipe("adam", 16)));
    let reply = session.answer(&Command::Repeat, &[]);
    let [Event::Repeat { recipe, commands, .. }] = &reply.events[..] else { panic!() };
    let commands = commands.as_ref().unwrap();
    assert_eq!(commands[0], "nablab data moons --samples 120 --noise 0.2 --seed 3 --out moons.csv");
    assert_eq!(commands[1], "nablab train moons.csv --recipe recipe.toml --out run");
    assert!(recipe.contains("units = 6") && recipe.contains("target = [\"label\"]"), "{recipe}");
}

#[test]
fn a_training_that_diverges_says_where_and_can_be_gone_back_from() {
    let mut recipe = recipe("gradient-descent", 16);
    recipe["learning_rate"] = json!(1e200);
    let mut session = begun(&plan(recipe));
    let end = at(&session.answer(&Command::Step { steps: 100 }, &[]));
    let Some(Ended::Diverged { message }) = end.ended else { panic!("{end:?}") };
    assert!(message.starts_with("diverged at step"), "{message}");
    let back = at(&session.answer(&Command::Seek { step: 0, most: None }, &[]));
    assert_eq!((back.step, back.ended), (0, None));
}

#[test]
fn a_picture_comes_with_the_command() {
    let mut session = begun(&plan(recipe("adam", 16)));
    let views = [View::Boundary { cells: 10 }, View::Predictions, View::Parameters];
    let reply = session.answer(&Command::Step { steps: 5 }, &views);
    let [Event::At(stands), Event::Boundary { .. }, Event::Predictions { numbers }, Event::Parameters { .. }] =
        &reply.events[..]
    else {
        panic!("{:?}", reply.events)
    };
    assert_eq!((stands.step, stands.steps), (5, [6, 54]));
    let said = &reply.numbers[numbers.at..][..numbers.len];
    // What it says of the rows, held against their classes, is the accuracy that it tells.
    let began = session.answer(&Command::Begin { plan: plan(recipe("adam", 16)) }, &[]);
    let Event::Began(began) = &began.events[0] else { panic!() };
    let points = session.answer(&Command::Begin { plan: plan(recipe("adam", 16)) }, &[]).numbers;
    let is_right = |row: usize| (said[row] > 0.5) == (points[3 * row + 2] > 0.5);
    let [learned, held_out] = began.rows;
    let share = |rows: std::ops::Range<usize>| {
        let count = rows.len() as f64;
        rows.filter(|&row| is_right(row)).count() as f64 / count
    };
    assert!((share(0..learned) - stands.accuracy.unwrap()).abs() < 1e-12);
    assert!((share(learned..learned + held_out) - stands.held_out_accuracy.unwrap()).abs() < 1e-12);
    // A view that cannot be had does not undo the command.
    let reply = session.answer(&Command::Step { steps: 3 }, &[View::Boundary { cells: 9000 }]);
    let [Event::At(stands), Event::Refused { message }] = &reply.events[..] else { panic!() };
    assert_eq!(stands.step, 3);
    assert_eq!(message, "cells: expected at most 400, got 9000");
}

#[test]
fn a_long_way_goes_in_parts() {
    let plan = plan(recipe("momentum", 16));
    let mut whole = begun(&plan);
    whole.answer(&Command::Seek { step: 50, most: None }, &[]);
    let mut parts = begun(&plan);
    let ask = Command::Seek { step: 50, most: Some(20) };
    let steps: Vec<u64> = (0..4).map(|_| at(&parts.answer(&ask, &[])).step).collect();
    assert_eq!(steps, [20, 40, 50, 50]);
    assert_eq!(parameters(&mut parts), parameters(&mut whole));
}

#[test]
fn of_a_weight_that_is_dragged_the_last_value_counts() {
    let mut session = begun(&plan(recipe("adam", 16)));
    session.answer(&Command::Step { steps: 7 }, &[]);
    let untouched = parameters(&mut session);
    for value in [0.5, 1.0, -2.0] {
        session.answer(&Command::Set { parameter: 4, value }, &[]);
    }
    session.answer(&Command::Set { parameter: 2, value: 0.25 }, &[]);
    let dragged = parameters(&mut session);
    assert_eq!((dragged[4], dragged[2], dragged[3]), (-2.0, 0.25, untouched[3]));
    let reply = session.answer(&Command::Repeat, &[]);
    let [Event::Repeat { plan, .. }] = &reply.events[..] else { panic!() };
    let sets: Vec<_> = plan.changes.iter().map(|change| (change.step, change.set.unwrap())).collect();
    assert_eq!(sets, [(7, (4, -2.0)), (7, (2, 0.25))]);
    session.answer(&Command::Step { steps: 20 }, &[]);
    let mut again = begun(plan);
    again.answer(&Command::Step { steps: 20 }, &[]);
    assert_eq!(parameters(&mut again), parameters(&mut session));
    // Back before it, and there once more.
    session.answer(&Command::Seek { step: 6, most: None }, &[]);
    session.answer(&Command::Seek { step: 27, most: None }, &[]);
    assert_eq!(parameters(&mut again), parameters(&mut session));
}

#[test]
fn trainings_beside_it_end_as_it_would() {
    let first = recipe("adam", 16);
    let mut second = first.clone();
    second["learning_rate"] = json!(0.2);
    let changes = vec![Change { step: 10, set: None, recipe: Some(second) }];
    let plan = Plan { changes, ..plan(first) };
    let mut session = begun(&plan);
    let watched = at(&session.answer(&Command::Step { steps: 3 }, &[]));
    let variants = vec![json!({}), json!({"seed": 6}), json!({"seed": 7, "learning_rate": 1e300})];
    let train = Command::Train { plan: plan.clone(), variants, steps: Some(40) };
    let reply = session.answer(&train, &[]);
    let [Event::Trained { numbers }] = &reply.events[..] else { panic!("{:?}", reply.events) };
    let results: Vec<&[f32]> = reply.numbers[numbers.at..][..numbers.len].chunks(6).collect();
    assert_eq!(at(&session.answer(&Command::Step { steps: 0 }, &[])), watched, "it stays where it was");
    for (seed, result) in [(5, results[0]), (6, results[1])] {
        let mut plan = plan.clone();
        plan.recipe["seed"] = json!(seed);
        plan.changes[0].recipe.as_mut().unwrap()["seed"] = json!(seed);
        let mut alone = begun(&plan);
        let end = at(&alone.answer(&Command::Seek { step: 40, most: None }, &[]));
        let expected =
            [end.loss, end.accuracy.unwrap(), end.held_out_loss.unwrap(), end.held_out_accuracy.unwrap()];
        assert_eq!(result[0], 40.0);
        assert_eq!(result[1..5], expected.map(|number| number as f32), "seed {seed}");
        assert_eq!(result[5], 0.0);
    }
    assert!(results[2][1].is_infinite() && results[2][5] == 1.0, "{:?}", results[2]);
}

#[test]
fn recipes_are_compared_seed_by_seed() {
    let mut session = Session::default();
    // scipy.stats: wilcoxon(a, b).pvalue, ttest_rel(a, b).confidence_interval()
    let compare = json!({"do": "compare", "first": [1.5, -0.3, 2.2, 0.9, -1.1, 3.0, 0.4], "second": [0, 0, 0, 0, 0, 0, 0]});
    let reply = session.answer_json(&compare.to_string());
    let [Event::Compared(compared)] = &reply.events[..] else { panic!("{:?}", reply.events) };
    assert_eq!(compared.p, Some(0.15625));
    assert!((compared.mean - 6.6 / 7.0).abs() < 1e-12 && compared.median == 0.9);
    let (low, high) = compared.interval.unwrap();
    assert!((low - -0.372_524_907_0).abs() < 1e-9 && (high - 2.258_239_192_7).abs() < 1e-9, "{low} {high}");
    for (first, second) in [(json!([1.0]), json!([])), (json!([]), json!([]))] {
        let reply =
            session.answer_json(&json!({"do": "compare", "first": first, "second": second}).to_string());
        assert!(refusal(&reply).starts_with("expected two rows of numbers of one length"));
    }
}

#[test]
fn a_file_that_is_no_text_is_read_as_the_command_reads_it() {
    use base64::Engine;
    use nablab_data::dataset_file::npz;
    let set = Generator::Moons { samples: 120, noise: 0.2, seed: 3 }.generate().unwrap();
    let base64 = base64::prelude::BASE64_STANDARD.encode(npz::write(&set));
    let mut recipe = recipe("adam", 16);
    recipe["data"] = json!({"target": ["y"]});
    let plan = json!({"data": {"name": "moons.npz", "base64": base64}, "recipe": recipe});
    let mut session = begun(&serde_json::from_value(plan).unwrap());
    let end = at(&session.answer(&Command::Epoch, &[]));
    // The same rows as a text.
    let mut generated = begun(&self::plan(self::recipe("adam", 16)));
    assert_eq!(at(&generated.answer(&Command::Epoch, &[])), end);
    let reply = session.answer(&Command::Repeat, &[]);
    let [Event::Repeat { commands: Some(commands), .. }] = &reply.events[..] else { panic!() };
    assert_eq!(commands, &["nablab train moons.npz --recipe recipe.toml --out run"]);
    for (name, base64, expected) in
        [("a.mat", "AAAA", "a.mat"), ("a.npz", "??", "base64: "), ("a", "AAAA", "extension")]
    {
        let plan = json!({"do": "begin", "plan": {"data": {"name": name, "base64": base64}}});
        let reply = session.answer_json(&plan.to_string());
        assert!(refusal(&reply).contains(expected), "{}", refusal(&reply));
    }
}

#[test]
fn a_reply_has_so_many_numbers() {
    let mut session = begun(&plan(recipe("adam", 16)));
    let reply = session.answer(&Command::Look, &vec![View::Boundary { cells: 400 }; 500]);
    let Some(Event::Refused { message }) = reply.events.last() else { panic!("{:?}", reply.events.last()) };
    assert_eq!(message, "numbers of a reply: expected at most 16000000, got 16160000");
}

#[test]
fn a_session_that_is_stopped_does_no_more() {
    let stop = Stop::default();
    let mut session = Session::until(stop.clone());
    let mut recipe = recipe("adam", 16);
    recipe["epochs"] = json!(1_000_000_000_u64);
    session.answer(&Command::Begin { plan: plan(recipe) }, &[]);
    let working = std::thread::spawn(move || session.answer(&Command::Step { steps: u64::MAX }, &[]));
    stop.stop();
    assert!(refusal(&working.join().unwrap()).starts_with("stopped: "));
}
