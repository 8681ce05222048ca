//! Trainings with turned knobs beside the course's.

use nablab_data::{Dataset, Generator, Parts};
use nablab_engine::{Activation, Init, Optimizer, Precision};
use nablab_labs::{Knobs, Lab, LabRecord, Labs, Options, SEEDS_BESIDE, tally};
use nablab_report::{Lang, Layer};

use crate::all_threads;

fn record(lab: Lab, knobs: Knobs, seeds: Option<u32>) -> LabRecord {
    record_of(&Options { labs: vec![lab], knobs, seeds, ..Options::default() })
}

fn record_of(options: &Options) -> LabRecord {
    let mut labs = Labs::new(options).unwrap();
    labs.train(all_threads(), &()).unwrap();
    labs.records(Lang::En, all_threads(), &()).unwrap().remove(0)
}

fn refused(labs: &[Lab], knobs: Knobs) -> String {
    Labs::new(&Options { labs: labs.to_vec(), knobs, ..Options::default() }).unwrap_err().to_string()
}

/// The keys of a lab's trainings.
fn keys(lab: Lab, knobs: &Knobs) -> Vec<String> {
    lab.plan(None, knobs).unwrap().variants.into_iter().map(|variant| variant.key).collect()
}

#[test]
fn only_what_a_knob_changes_runs_once_more() {
    let none = Knobs::default();
    let l2 = Knobs { l2: Some(2.0), ..none.clone() };
    assert_eq!(keys(Lab::Regularization, &l2), ["none", "l2", "dropout", "l2-turned"]);
    let tanh = Knobs { activation: Some(Activation::Tanh), ..none.clone() };
    assert_eq!(
        keys(Lab::Initialization, &tanh)[3..],
        ["zeros-turned", "random-turned", "he-turned"].map(str::to_owned)
    );
    // What a lab compares is turned in one of its variants alone.
    let xavier = Knobs { init: Some(Init::Xavier), ..none.clone() };
    assert_eq!(keys(Lab::Initialization, &xavier)[3..], ["he-turned".to_owned()]);
    let nesterov = Knobs { optimizer: Some(Optimizer::Nesterov { beta: 0.9 }), ..none.clone() };
    assert_eq!(keys(Lab::Optimization, &nesterov)[4..], ["adam-turned".to_owned()]);
    let beta = Knobs { beta: Some(0.5), ..none.clone() };
    assert_eq!(keys(Lab::Optimization, &beta)[4..], ["momentum-turned".to_owned()]);
    let both = Knobs { beta: Some(0.5), ..nesterov };
    let lab = Lab::Optimization.plan(None, &both).unwrap();
    let adam = lab.variants.iter().find(|variant| variant.key == "adam-turned").unwrap();
    assert_eq!(adam.recipe.optimizer, Optimizer::Nesterov { beta: 0.5 });
    let batch = Knobs { batch_size: Some(8), ..none };
    let lab = Lab::Regularization.plan(None, &batch).unwrap();
    assert!(lab.variants[3..].iter().all(|variant| variant.recipe.batch_size == Some(8)));
}

#[test]
fn a_knob_that_changes_nothing_is_refused() {
    let none = Knobs::default();
    let beta = Knobs { beta: Some(0.5), ..none.clone() };
    let message = refused(&[Lab::Regularization, Lab::Initialization], beta.clone());
    assert_eq!(message, "`beta` changes nothing in the labs chosen\nhint: it acts on optimization");
    // With momentum there is something to turn.
    let momentum = Knobs { optimizer: Some(Optimizer::Momentum { beta: 0.9 }), ..beta };
    assert!(
        Labs::new(&Options { labs: vec![Lab::Regularization], knobs: momentum, ..Options::default() })
            .is_ok()
    );
    let course = Knobs { learning_rate: Some(0.01), ..none.clone() };
    let message = refused(&[Lab::Initialization], course.clone());
    assert!(message.starts_with("`learning_rate` has the course's own value"), "{message}");
    // Of another lab it is not the course's.
    assert!(Labs::new(&Options { labs: Lab::ALL.to_vec(), knobs: course, ..Options::default() }).is_ok());
    let search = Optimizer::LBfgs { memory: 10 };
    let rate = Knobs { learning_rate: Some(0.5), optimizer: Some(search), ..none };
    assert!(refused(&[Lab::Initialization], rate).contains("it acts on optimization"));
}

/// The course's numbers are compared as ever, and those of the knob stand beside them.
#[test]
fn the_courses_run_stays_and_the_turned_one_is_the_same_as_alone() {
    let knobs = Knobs { learning_rate: Some(0.5), epochs: Some(500), ..Knobs::default() };
    let course = record(Lab::Initialization, Knobs::default(), None);
    let turned = record(Lab::Initialization, knobs.clone(), Some(0));
    let one = std::slice::from_ref;
    assert_eq!(tally(one(&turned)), tally(one(&course)));
    let [plain, beside] = [&course, &turned].map(|record| serde_json::to_value(&record.items).unwrap());
    assert_eq!(plain, beside);
    assert_eq!(course.summary.statements, turned.summary.statements);

    let lab = Lab::Initialization.plan(None, &knobs).unwrap();
    let mut training = lab.training("he-turned").unwrap();
    while training.epoch() {}
    let alone = training.run();
    assert!(lab.compare(training.variant(), &alone).is_empty(), "nobody published it");
    let told = &turned.turned.unwrap().trainings[2];
    assert_eq!((&told["key"], &told["beside"]), (&"he-turned".into(), &"he".into()));
    assert_eq!(told["turned"]["cost"], alone.train.cost);
    let difference = alone.train.cost - told["course"]["cost"].as_f64().unwrap();
    assert_eq!(told["difference"]["cost"], difference);
    let changes = serde_json::json!([
        { "setting": "learning_rate", "course": "0.01", "turned": "0.5" },
        { "setting": "epochs", "course": "15000", "turned": "500" },
    ]);
    assert_eq!(told["changes"], changes);
}

/// A rate of almost nothing learns nothing with any seed, and single precision changes no more than the last digits.
#[test]
fn seeds_tell_worse_from_luck() {
    // On few points, because there are many trainings.
    let circles =
        |samples, seed| Generator::Circles { samples, noise: 0.05, factor: 0.8, seed }.generate().unwrap();
    let slow = Options {
        labs: vec![Lab::Initialization],
        data: Some(Parts { train: circles(80, 1), test: Some(circles(80, 2)) }),
        knobs: Knobs { learning_rate: Some(1e-6), ..Knobs::default() },
        ..Options::default()
    };
    let slow = record_of(&slow).turned.unwrap();
    let [zeros, _, he] = &slow.trainings[..] else { panic!("{:?}", slow.trainings) };
    assert_eq!(he["turned"]["seeds"]["count"], SEEDS_BESIDE);
    for measure in ["test_accuracy", "cost", "train_accuracy"] {
        assert_eq!(he["judgement"][measure], "worse", "{he}");
        assert_ne!(zeros["judgement"][measure], "better", "{zeros}");
    }
    let first = "What the knobs make of the trainings, by test accuracy: worse: ";
    assert!(slow.statements[0].starts_with(first), "{}", slow.statements[0]);
    // 20 pairs that all go one way: 2 / 2²⁰, if no two differ by as much.
    assert_eq!(he["pairs"][1]["p"], 2.0_f64.powi(-19));
    assert!(
        slow.statements
            .iter()
            .any(|s| s.starts_with("**He**, learning rate 0.01 → 1e-6: **worse** by test accuracy"))
    );

    let single = Knobs { precision: Some(Precision::F32), ..Knobs::default() };
    let single = record(Lab::Optimization, single, Some(6)).turned.unwrap();
    for told in &single.trainings {
        let judged = told["judgement"]["cost"].as_str().unwrap();
        assert!(["negligible", "cannot-be-told"].contains(&judged), "{told}");
    }
    assert!(
        single.statements[1].starts_with("**Gradient descent**, precision double (f64) → single (f32): **")
    );
}

#[test]
fn few_seeds_or_none_tell_nothing() {
    let knobs = || Knobs { dropout: Some(0.5), epochs: Some(500), ..Knobs::default() };
    let few = record(Lab::Regularization, knobs(), Some(3)).turned.unwrap();
    assert!(few.trainings.iter().all(|told| told["judgement"]["cost"] == "cannot-be-told"), "{few:?}");
    assert!(few.statements.iter().any(|s| s.contains("3 seeds cannot tell the variants apart")));
    let none = record(Lab::Regularization, knobs(), Some(0)).turned.unwrap();
    assert!(none.trainings.iter().all(|told| told["judgement"].as_object().unwrap().is_empty()));
    let said: Vec<_> = none.statements.iter().filter(|s| s.contains("not compared over seeds")).collect();
    assert!(
        said[0].contains("in the course's run alone and") && said[0].contains("McNemar's test: p = "),
        "{none:?}"
    );
    let of_optimization = Knobs { learning_rate: Some(0.1), epochs: Some(50), ..Knobs::default() };
    let none = record(Lab::Optimization, of_optimization, Some(0)).turned.unwrap();
    assert!(none.statements[0].contains("one run of each cannot tell a difference from luck"), "{none:?}");
}

/// Both costs in one figure with their names at their ends, and both boundaries.
#[test]
fn the_two_are_drawn_together() {
    let record = record(Lab::Regularization, Knobs { dropout: Some(0.5), ..Knobs::default() }, Some(0));
    let records = [record];
    let figures = nablab_labs::document::figures(&records);
    let named = |name: &str| figures.iter().find(|figure| figure.name == name).unwrap();
    let names = named("regularization-dropout-turned-costs").layers.iter().filter_map(|layer| match layer {
        Layer::Line { label: Some(name), .. } => Some(name.as_str()),
        _ => None,
    });
    assert_eq!(names.collect::<Vec<_>>(), ["turned (0.5)", "course (0.14)"]);
    let titles = ["regularization-dropout-boundary", "regularization-dropout-turned-boundary"]
        .map(|name| named(name).title.clone().unwrap());
    assert_eq!(titles, ["Dropout: course (0.14)", "Dropout: turned (0.5)"]);
    let mut all: Vec<_> = figures.iter().map(|figure| &figure.name).collect();
    let count = all.len();
    all.sort();
    all.dedup();
    assert_eq!(all.len(), count, "each figure has its own name");
}

/// Zeros fail with any activation, and how is read off the parameters: with relu and tanh no weight ever moves, with sigmoid they
/// do where the classes are of unequal size, but the units stay copies of each other.
#[test]
fn zeros_fail_in_their_own_way_with_each_activation() {
    let circles = Generator::Circles { samples: 90, noise: 0.05, factor: 0.8, seed: 1 }.generate().unwrap();
    // Of one class every second point less.
    let kept: Vec<_> = circles.rows().zip(circles.labels()).enumerate().collect();
    let kept = kept.into_iter().filter(|(i, (_, label))| **label == 0 || i % 2 == 0).map(|(_, point)| point);
    let (rows, labels): (Vec<_>, Vec<_>) = kept.map(|(row, &label)| (row, label)).unzip();
    let train = Dataset::from_rows(2, &rows.concat(), labels).unwrap();
    let of = |activation, data: Option<Parts>| {
        let knobs = Knobs { activation: Some(activation), epochs: Some(3000), ..Knobs::default() };
        let lab = Lab::Initialization.plan(data.clone(), &knobs).unwrap();
        let mut training = lab.training("zeros-turned").unwrap();
        while training.epoch() {}
        let options =
            Options { labs: vec![Lab::Initialization], data, seeds: Some(0), knobs, ..Options::default() };
        let mut labs = Labs::new(&options).unwrap();
        labs.train(all_threads(), &()).unwrap();
        let told = labs.records(Lang::En, all_threads(), &()).unwrap().remove(0).turned.unwrap();
        let accuracy = told.trainings[0]["turned"]["train_accuracy"].as_f64().unwrap();
        assert!((accuracy - lab.majority()).abs() < 1e-12, "the answer is always the same: {accuracy}");
        (training.run(), told.statements.into_iter().find(|s| s.starts_with("**Zeros, turned**")).unwrap())
    };
    let (run, told) = of(Activation::Tanh, None);
    assert!(run.params.iter().all(|&p| p == 0.0));
    assert!(told.contains("a factor 0, the output tanh(0) = 0 of the unit before it"), "{told}");
    assert!(told.contains("None of its parameters has moved."), "{told}");
    let (run, told) = of(Activation::Sigmoid, None);
    assert!(run.params.iter().all(|&p| p == 0.0));
    assert!(
        told.contains("sigmoid(0) = 0.5 for every point, and over classes of equal size the errors cancel"),
        "{told}"
    );

    let unequal = Some(Parts { train, test: None });
    let (run, told) = of(Activation::Tanh, unequal.clone());
    let (bias, rest) = run.params.split_last().unwrap();
    assert!(*bias != 0.0 && rest.iter().all(|&p| p == 0.0), "{:?}", run.params);
    assert!(told.contains("Of its parameters only `b3` has moved."), "{told}");
    let (run, told) = of(Activation::Sigmoid, unequal);
    let (first, biases) = run.network.layout().layer(0, &run.params);
    assert!((1..10).all(|unit| first.row(unit) == first.row(0) && biases[unit] == biases[0]));
    assert!(first.row(0).iter().all(|&w| w != 0.0), "they move");
    assert!(told.contains("all 10 units of layer 1 and all 5 units of layer 2 are copies"), "{told}");
}

/// A rule in Adam's place is not spoken of as Adam.
#[test]
fn another_rule_in_adams_place_gets_no_words_of_adam() {
    let optimizer = Some(Optimizer::Nesterov { beta: 0.9 });
    let of = |knobs| record(Lab::Optimization, knobs, Some(0)).turned.unwrap().statements;
    let nesterov = of(Knobs { optimizer, ..Knobs::default() });
    assert!(!nesterov.iter().any(|s| s.starts_with("Adam ")), "{nesterov:?}");
    assert!(nesterov[0].contains("update rule Adam with β₁ = 0.9"), "{nesterov:?}");
    let slow = of(Knobs { learning_rate: Some(1e-7), ..Knobs::default() });
    assert!(slow.iter().any(|s| s.starts_with("Adam ")), "{slow:?}");
}
