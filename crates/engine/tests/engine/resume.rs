//! A training that stops and goes on elsewhere ends with the same bits as one that never stopped.

use nablab_engine::{
    Activation, CostHistory, EngineError, Float, Hidden, MatRef, Optimizer, Schedule, Seed, Settings, Trainer,
};

const M: usize = 37;

fn data<F: Float>() -> (Vec<F>, Vec<F>) {
    let x = (0..3 * M).map(|i| F::from_f64((i as f64 * 0.7).sin())).collect();
    let y = (0..M).map(|j| F::from_f64(f64::from(u8::from(j % 3 == 0)))).collect();
    (x, y)
}

fn rules() -> Vec<Optimizer> {
    vec![
        Optimizer::GradientDescent,
        Optimizer::Momentum { beta: 0.9 },
        Optimizer::Nesterov { beta: 0.8 },
        Optimizer::RmsProp { rho: 0.9, epsilon: 1e-8 },
        Optimizer::ADAM,
        Optimizer::AdamW { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weight_decay: 0.1 },
    ]
}

/// One of the layers is normalised: its running statistics have to go on, too.
fn settings(optimizer: Optimizer, batch_size: Option<usize>, dropout: f64, seed: Seed) -> Settings {
    Settings {
        hidden: vec![
            Hidden { units: 9, activation: Activation::Relu, dropout, batch_norm: false },
            Hidden { units: 5, activation: Activation::Tanh, dropout: dropout / 2.0, batch_norm: true },
        ],
        optimizer,
        batch_size,
        epochs: 7,
        learning_rate: 0.01,
        schedule: Schedule::Cosine { warmup: 1.0, floor: 0.0 },
        seed,
        ..Settings::default()
    }
}

fn same_as_uninterrupted<F: Float>(settings: Settings) {
    let recipe = settings.check().unwrap();
    let (x, y) = data::<F>();
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let mut costs = CostHistory::new(1, 7);
    let whole = Trainer::new(&recipe, x, y).unwrap().run(&mut costs);
    for stop in 0..=7 {
        let mut first = Trainer::new(&recipe, x, y).unwrap();
        let mut before = CostHistory::new(1, 7);
        (0..stop).for_each(|_| first.epoch(&mut before).unwrap());
        let mut second = Trainer::new(&recipe, x, y).unwrap();
        // Whatever it did before does not matter.
        second.epoch(&mut ()).unwrap();
        second.resume(first.state()).unwrap();
        let rest = second.run(&mut before);
        assert_eq!(rest, whole, "stopped after {stop} epochs");
        assert_eq!(before.epochs, costs.epochs, "costs, stopped after {stop} epochs");
    }
}

#[test]
fn every_rule_goes_on_as_if_it_had_never_stopped() {
    let course = Seed::Course { weights: 3, dropout: 1, shuffle: 10 };
    for rule in rules() {
        for batch_size in [None, Some(8)] {
            for dropout in [0.0, 0.4] {
                for seed in [Seed::Streams(5), course] {
                    same_as_uninterrupted::<f64>(settings(rule, batch_size, dropout, seed));
                    same_as_uninterrupted::<f32>(settings(rule, batch_size, dropout, seed));
                }
            }
        }
    }
}

/// Stopped between any two steps, also in the middle of an epoch.
fn same_by_steps<F: Float>(settings: Settings) {
    let recipe = settings.check().unwrap();
    let (x, y) = data::<F>();
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let mut costs = CostHistory::new(1, 7);
    let whole = Trainer::new(&recipe, x, y).unwrap().run(&mut costs);
    for stop in [0, 1, 3, 4, 5, 7] {
        let mut first = Trainer::new(&recipe, x, y).unwrap();
        assert_eq!(first.steps(stop, &mut ()).unwrap(), stop);
        let state = first.state();
        assert_eq!(state.step, stop);
        let mut second = Trainer::new(&recipe, x, y).unwrap();
        second.steps(2, &mut ()).unwrap();
        second.resume(state.clone()).unwrap();
        assert_eq!(second.state(), state, "after {stop} steps");
        assert_eq!(second.steps(whole.steps - stop, &mut ()).unwrap(), whole.steps - stop);
        assert_eq!(second.params(), whole.params, "stopped after {stop} steps");
        assert_eq!(second.epochs_done(), 7);
        // The rest of the epoch that is begun counts as that epoch.
        first.run(&mut ());
        assert_eq!(first.params(), whole.params, "run on after {stop} steps");
    }
}

#[test]
fn a_training_stops_and_goes_on_in_the_middle_of_an_epoch() {
    let course = Seed::Course { weights: 3, dropout: 1, shuffle: 10 };
    for rule in rules() {
        for batch_size in [None, Some(8)] {
            for seed in [Seed::Streams(5), course] {
                same_by_steps::<f64>(settings(rule, batch_size, 0.4, seed));
                same_by_steps::<f32>(settings(rule, batch_size, 0.4, seed));
            }
        }
    }
}

#[test]
fn a_state_in_the_middle_of_an_epoch_fits_no_training_of_fewer_batches() {
    let (x, y) = data::<f64>();
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let of = |size| settings(Optimizer::ADAM, size, 0.0, Seed::Streams(1)).check().unwrap();
    let mut small = Trainer::<f64>::new(&of(Some(8)), x, y).unwrap();
    small.steps(3, &mut ()).unwrap();
    let error = Trainer::new(&of(None), x, y).unwrap().resume(small.state()).unwrap_err();
    assert_eq!(error.to_string(), "batches done of the epoch of the state: expected fewer than 1, got 3");
}

#[test]
fn l_bfgs_goes_on_with_the_steps_it_remembers() {
    let rule = Optimizer::LBfgs { memory: 3 };
    let like = settings(rule, None, 0.0, Seed::Streams(5));
    let hidden = like.hidden.iter().map(|h| Hidden { batch_norm: false, ..*h }).collect();
    let settings = Settings { hidden, schedule: Schedule::Constant, ..like };
    same_as_uninterrupted::<f64>(settings.clone());
    same_as_uninterrupted::<f32>(settings);
}

#[test]
fn the_state_of_another_training_is_refused() {
    let (x, y) = data::<f64>();
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let adam = settings(Optimizer::ADAM, Some(8), 0.4, Seed::Streams(1));
    let descent = Settings { optimizer: Optimizer::GradientDescent, ..adam.clone() };
    let narrow = Settings { hidden: vec![Hidden::relu(2)], ..adam.clone() };
    let steady = settings(Optimizer::ADAM, Some(8), 0.0, Seed::Streams(1));
    let recipe = adam.check().unwrap();
    let mut trainer = Trainer::new(&recipe, x, y).unwrap();
    let before = trainer.state();
    for (other, what) in [(descent, "moments"), (narrow, "parameters"), (steady, "masks")] {
        let other = other.check().unwrap();
        let state = Trainer::new(&other, x, y).unwrap().state();
        let error = trainer.resume(state).unwrap_err();
        assert!(matches!(&error, EngineError::Shape { what: w, .. } if w.contains(what)), "{error}");
        assert_eq!(trainer.state(), before, "untouched");
    }
}
