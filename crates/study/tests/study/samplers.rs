//! Samplers on functions whose smallest value is known.

use nablab_study::{Direction, Point, Sampler, SearchState, Space, State, Trial};

const SPACE: &str = r#"
learning_rate = { low = 1e-5, high = 1e0, log = true }
optimizer = { choices = ["gradient-descent", "adam", "rms-prop", { momentum = { beta = { low = 0.0, high = 0.99 } } }] }
[penalty]
l2 = { low = 0.0, high = 1.0 }
l1 = { low = 0.0, high = 1.0 }
"#;

/// 0 at a rate of 1e-2, momentum with beta 0.9, l2 0.3, l1 0.7.
fn cost(point: &Point) -> f64 {
    let square = |a: f64| a * a;
    let beta = point.get("optimizer.momentum.beta").map_or(1.0, |beta| square(beta - 0.9));
    square((point["learning_rate"].log10() + 2.0) / 2.0)
        + beta
        + square(point["penalty.l2"] - 0.3)
        + square(point["penalty.l1"] - 0.7)
}

/// A trial that is over.
fn told(number: u64, point: Point, value: f64) -> Trial {
    Trial {
        id: number as i64,
        number,
        state: State::Complete,
        point,
        values: vec![value],
        curve: Vec::new(),
        origin: number,
        why: None,
    }
}

/// The best of so many trials.
fn best(sampler: Sampler, space: &Space, cost: fn(&Point) -> f64, trials: u64, seed: u64) -> f64 {
    let mut known: Vec<Trial> = Vec::new();
    for number in 0..trials {
        let what =
            SearchState { space, trials: &known, directions: &[Direction::Minimize], seed, points: &[] };
        let point = sampler.point(&what, number, &Point::new()).unwrap();
        let value = cost(&point);
        known.push(told(number, point, value));
    }
    known.iter().map(|trial| trial.values[0]).fold(f64::INFINITY, f64::min)
}

fn median(sampler: Sampler, space: &Space, cost: fn(&Point) -> f64) -> f64 {
    let mut all: Vec<f64> = (0..15).map(|seed| best(sampler, space, cost, 80, seed)).collect();
    all.sort_by(f64::total_cmp);
    all[7]
}

#[test]
fn those_that_learn_beat_those_that_do_not() {
    let space = Space::parse(SPACE, "study.toml").unwrap();
    let random = median(Sampler::Random {}, &space, cost);
    let tpe = median(Sampler::default(), &space, cost);
    assert!(tpe < random / 2.0, "TPE {tpe}, random {random}");

    // A valley that lies askew: what CMA-ES is for.
    let text = "learning_rate = { low = 1e-5, high = 1e0, log = true }\n[penalty]\nl2 = { low = 0.0, high = 1.0 }\nl1 = { low = 0.0, high = 1.0 }";
    let ranges = Space::parse(text, "study.toml").unwrap();
    let askew = |point: &Point| {
        let (a, b, c) =
            ((point["learning_rate"].log10() + 5.0) / 5.0, point["penalty.l2"], point["penalty.l1"]);
        (a - b + 0.1).powi(2) * 30.0 + (b - c + 0.2).powi(2) * 30.0 + (a + b + c - 1.4).powi(2)
    };
    let random = median(Sampler::Random {}, &ranges, askew);
    let cma = median(Sampler::CmaEs { sigma: 0.3 }, &ranges, askew);
    assert!(cma < random / 5.0, "CMA-ES {cma}, random {random}");
}

#[test]
fn sobol_fills_the_space_more_evenly() {
    let text = "[penalty]\nl2 = { low = 0.0, high = 1.0 }\nl1 = { low = 0.0, high = 1.0 }";
    let space = Space::parse(text, "study.toml").unwrap();
    let empty = |sampler: Sampler| {
        let known = SearchState { space: &space, trials: &[], directions: &[], seed: 3, points: &[] };
        let mut seen = [false; 64];
        for number in 0..64 {
            let point = sampler.point(&known, number, &Point::new()).unwrap();
            seen[(point["penalty.l2"] * 7.999) as usize * 8 + (point["penalty.l1"] * 7.999) as usize] = true;
        }
        seen.iter().filter(|seen| !**seen).count()
    };
    let (sobol, random) = (empty(Sampler::Sobol {}), empty(Sampler::Random {}));
    assert!(sobol <= 2 && random > 15, "of 64 squares, {sobol} and {random} are empty");
}

#[test]
fn a_trial_draws_the_same_whoever_begins_it() {
    let space = Space::parse(SPACE, "study.toml").unwrap();
    for sampler in [Sampler::Random {}, Sampler::Sobol {}, Sampler::default()] {
        let at = |number, seed| {
            let directions = &[Direction::Minimize];
            let known = SearchState { space: &space, trials: &[], directions, seed, points: &[] };
            sampler.point(&known, number, &Point::new()).unwrap()
        };
        assert_eq!(at(5, 1), at(5, 1));
        assert_ne!(at(5, 1), at(6, 1), "{sampler:?}");
    }
}

#[test]
fn what_is_given_stays() {
    let space = Space::parse(SPACE, "study.toml").unwrap();
    let given = Point::from([("optimizer".to_owned(), 3.0), ("penalty.l2".to_owned(), 0.25)]);
    for sampler in [
        Sampler::Random {},
        Sampler::Sobol {},
        Sampler::Grid { points: 3 },
        Sampler::default(),
        Sampler::CmaEs { sigma: 0.3 },
    ] {
        let (points, directions) = (sampler.points(&space, 1000), &[Direction::Minimize]);
        let known = SearchState { space: &space, trials: &[], directions, seed: 0, points: &points };
        let point = sampler.point(&known, 4, &given).unwrap();
        assert_eq!((point["optimizer"], point["penalty.l2"]), (3.0, 0.25), "{sampler:?}");
        assert!(point.contains_key("optimizer.momentum.beta"), "{sampler:?}");
    }
}

/// One branch of a choice is continuous, so that points are not counted; the other is one point, of which a sampler may be sure.
#[test]
fn a_point_is_not_drawn_for_ever() {
    let text = "optimizer = { choices = [\"adam\", { momentum = { beta = { low = 0.8, high = 0.99 } } }] }";
    let space = Space::parse(text, "study.toml").unwrap();
    for seed in 0..5 {
        let mut trials: Vec<Trial> = Vec::new();
        for number in 0..30 {
            let known = SearchState {
                space: &space,
                trials: &trials,
                directions: &[Direction::Minimize],
                seed,
                points: &[],
            };
            let point = Sampler::Tpe { startup: 5 }.point(&known, number, &Point::new()).unwrap();
            let value = if point.len() == 1 { 0.0 } else { 1.0 };
            trials.push(told(number, point, value));
        }
        let alone = trials.iter().filter(|trial| trial.point.len() == 1).count();
        assert!(alone <= 4, "seed {seed}: {alone} of 30 trials are one point");
    }
}
