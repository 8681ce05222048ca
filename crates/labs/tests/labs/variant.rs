//! One variant, followed epoch by epoch.

use nablab_data::{Generator, Parts};
use nablab_engine::Precision;
use nablab_labs::reference::Reference;
use nablab_labs::{Knobs, Lab, Labs, Options};
use nablab_report::{Lang, Layer, RegionStyle};

use crate::all_threads;

/// Looked at on the way, it becomes what the labs train in one go.
#[test]
fn a_training_that_is_followed_is_the_same() {
    for precision in [Precision::F32, Precision::F64] {
        let knobs = Knobs { epochs: Some(200), precision: Some(precision), ..Knobs::default() };
        let options = Options {
            labs: vec![Lab::Optimization],
            knobs: knobs.clone(),
            seeds: Some(0),
            ..Options::default()
        };
        let mut labs = Labs::new(&options).unwrap();
        labs.train(all_threads(), &()).unwrap();
        let experiment = Lab::Optimization.plan(None, &knobs).unwrap();
        let trained = experiment.variants.iter().zip(&labs.experiments()[0].runs);
        for (variant, run) in trained.filter(|(variant, _)| variant.beside.is_some()) {
            let mut training = experiment.training(&variant.key).unwrap();
            let mut epochs = 0;
            while training.epoch() {
                epochs += 1;
                assert_eq!(training.epochs_done(), epochs);
                if epochs % 50 == 0 {
                    assert_eq!(training.run().epochs, epochs);
                }
            }
            let followed = training.run();
            assert_eq!((followed.epochs, &followed.params), (epochs, &run.params), "{}", variant.key);
            assert_eq!((&followed.costs, &followed.train), (&run.costs, &run.train), "{}", variant.key);
            assert_eq!(followed.moments, run.moments, "{}", variant.key);
            let epochs: Vec<u64> = run.moments.iter().map(|moment| moment.epochs).collect();
            assert_eq!(epochs, [0, 1, 2, 5, 10, 20, 50, 100, 200], "{}", variant.key);
            assert_eq!(run.moments[8].params, run.params, "{}", variant.key);
            // By their texts, in which what is no number is equal to itself.
            assert!(format!("{:?}", followed.readings) == format!("{:?}", run.readings), "{}", variant.key);
        }
    }
}

#[test]
fn a_training_that_is_over_is_compared_with_the_course() {
    let experiment = Lab::Initialization.plan(None, &Knobs::default()).unwrap();
    let mut training = experiment.training("he").unwrap();
    while training.epochs_done() < 14_000 {
        assert!(training.epoch());
    }
    let early = training.run();
    assert!(experiment.compare(training.variant(), &early).is_empty(), "it is not over");
    while training.epoch() {}
    let run = training.run();
    let compared = experiment.compare(training.variant(), &run);
    let names: Vec<_> = compared.iter().map(|comparison| comparison.name.as_str()).collect();
    assert!(names.contains(&"cost[14000]") && names.contains(&"test_accuracy"), "{names:?}");
    assert!(names.iter().all(|name| Reference::course().names("he-initialization.2").contains(name)));
    assert!(compared.iter().all(|comparison| comparison.agrees), "{compared:?}");

    let curve = training.variant().cost_curve(&run, Lang::En);
    let Layer::Line { points, .. } = &curve.layers[0] else { panic!("{curve:?}") };
    // The costs that the course draws, at its places, and those between the first two of them.
    let regular = points.iter().filter(|point| point.0.fract() == 0.0);
    let costs: Vec<_> =
        run.costs().into_iter().take(15).map(|(epoch, cost)| (epoch as f64 / 1000.0, cost)).collect();
    assert_eq!(
        (curve.title.as_deref(), regular.copied().collect::<Vec<_>>()),
        (Some("Learning rate =0.01"), costs)
    );
    let between = points.iter().filter(|point| 0.0 < point.0 && point.0 < 1.0);
    assert_eq!(between.count(), 27, "1, 2, …, 9, 10, 20, …, 90, 100, 200, …, 900");
    let boundary = experiment.boundary(training.variant(), &run, RegionStyle::Classes, Lang::En);
    let title = "Model with He initialization";
    assert_eq!((&*boundary.name, boundary.title.as_deref()), ("initialization-he-boundary", Some(title)));
    let Layer::Rings { points, .. } = &boundary.layers[2] else { panic!("{:?}", boundary.layers[2]) };
    let examples = run.train.predictions.len() as f64;
    assert_eq!(
        points.len() as f64,
        (examples * (1.0 - run.train.accuracy)).round(),
        "each wrong point has a ring"
    );
}

#[test]
fn what_has_no_use_for_a_lab_is_refused() {
    let moons = Generator::Moons { samples: 60, noise: 0.2, seed: 1 }.generate().unwrap();
    let data = Some(Parts { train: moons, test: None });
    assert!(Lab::GradientChecking.plan(data.clone(), &Knobs::default()).is_err());
    let experiment = Lab::Regularization.plan(data, &Knobs::default()).unwrap();
    assert_eq!(experiment.data.train.examples(), 60);
    let mut training = experiment.training("none").unwrap();
    training.epoch();
    let run = training.run();
    assert!(experiment.compare(training.variant(), &run).is_empty() && run.test.is_none());
}
