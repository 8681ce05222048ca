//! What the training loop promises: no allocation per step, the same bits on every run, divergence as a result.

use std::ops::ControlFlow;

use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, Clip, CostHistory, Hidden, Init, Loss, MatRef, Observer, Optimizer, Penalty, Progress,
    Schedule, Seed, Settings, Trained, Trainer,
};

const M: usize = 50;

/// Two features, and a label by a curved border.
fn data() -> (Vec<f64>, Vec<f64>) {
    let mut rng = NumpyRng::new(4);
    let x: Vec<f64> = (0..2 * M).map(|_| rng.gaussian()).collect();
    let y = (0..M).map(|j| f64::from(u8::from(x[j] * x[j] > x[M + j]))).collect();
    (x, y)
}

/// Everything a step can contain.
fn settings() -> Settings {
    let layer = |units, dropout| Hidden { units, activation: Activation::Tanh, dropout, batch_norm: false };
    Settings {
        hidden: vec![layer(6, 0.2), layer(3, 0.0)],
        penalty: Penalty { l2: 0.1, l1: 0.01 },
        schedule: Schedule::Cosine { warmup: 2.0, floor: 0.1 },
        clip: Clip::Norm { max: 1.0 },
        batch_size: Some(16),
        epochs: 20,
        ..Settings::default()
    }
}

fn train(settings: Settings, observer: &mut (impl Observer<f64> + Send)) -> Trained<f64> {
    let (x, y) = data();
    let (x, y) = (MatRef::new(&x, 2, M), MatRef::new(&y, 1, M));
    Trainer::new(&settings.check().unwrap(), x, y).unwrap().run(observer)
}

/// Two steps of linear regression on (1, 1) and (2, 3) at rate 0.1, with a pencil.
#[test]
fn two_steps_by_hand() {
    let recipe = Settings {
        loss: Loss::SquaredError,
        init: Init::Zeros,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 0.1,
        epochs: 2,
        ..Settings::default()
    };
    let recipe = recipe.check().unwrap();
    let (x, y) = (MatRef::new(&[1.0, 2.0], 1, 2), MatRef::new(&[1.0, 3.0], 1, 2));
    let mut history = CostHistory::new(1, 2);
    let trained = Trainer::<f64>::new(&recipe, x, y).unwrap().run(&mut history);
    // w = 0, b = 0:     p = 0, 0        dz = −1, −3        dw = (−1·1 − 3·2) / 2 = −3.5   db = −4 / 2 = −2
    // w = 0.35, b = 0.2: p = 0.55, 0.9  dz = −0.45, −2.1   dw = (−0.45 − 4.2) / 2 = −2.325  db = −2.55 / 2 = −1.275
    // w = 0.5825, b = 0.3275
    let [w, b] = trained.params[..] else { panic!("a weight and a bias") };
    assert!((w - 0.5825_f64).abs() < 1e-15 && (b - 0.3275_f64).abs() < 1e-15, "{w} {b}");
    // (1² + 3²) / 2 / 2 and (0.45² + 2.1²) / 2 / 2
    let costs: Vec<_> = history.epochs.iter().map(|epoch| epoch.mean()).collect();
    assert!((costs[0] - 2.5).abs() < 1e-15 && (costs[1] - 1.153125).abs() < 1e-15, "{costs:?}");
}

/// Allocations of a training of so many epochs, after its start.
fn allocations(settings: &Settings, epochs: u64) -> u64 {
    let (x, y) = data();
    let (x, y) = (MatRef::new(&x, 2, M), MatRef::new(&y, 1, M));
    let recipe = Settings { epochs, ..settings.clone() }.check().unwrap();
    let mut trainer = Trainer::<f64>::new(&recipe, x, y).unwrap();
    allocation_counter::measure(|| drop(trainer.run(&mut ()))).count_total
}

/// A hundred epochs allocate no more than one.
#[test]
fn a_step_allocates_nothing() {
    let losses = [Loss::SigmoidCrossEntropy, Loss::SoftmaxCrossEntropy, Loss::SquaredError];
    let rules = [
        Optimizer::GradientDescent,
        Optimizer::Nesterov { beta: 0.9 },
        Optimizer::RmsProp { rho: 0.9, epsilon: 1e-8 },
        Optimizer::AdamW { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.01 },
    ];
    for loss in losses {
        for optimizer in rules {
            for batch_size in [None, Some(16)] {
                for batch_norm in [false, true] {
                    let hidden = settings().hidden.iter().map(|h| Hidden { batch_norm, ..*h }).collect();
                    let settings = Settings { hidden, loss, optimizer, batch_size, ..settings() };
                    let counts = [1, 100].map(|epochs| allocations(&settings, epochs));
                    // The parameters handed over at the end.
                    assert_eq!(counts, [1, 1], "{loss:?} {optimizer:?} {batch_size:?} {batch_norm}");
                }
            }
        }
    }
}

/// L-BFGS makes room for the steps it remembers, and then no more.
#[test]
fn a_step_of_l_bfgs_allocates_nothing_once_its_memory_is_full() {
    let settings = Settings {
        hidden: settings().hidden.iter().map(|h| Hidden { dropout: 0.0, ..*h }).collect(),
        optimizer: Optimizer::LBfgs { memory: 3 },
        schedule: Schedule::Constant,
        clip: Clip::None,
        batch_size: None,
        ..settings()
    };
    assert_eq!(
        train(Settings { epochs: 40, ..settings.clone() }, &mut ()).steps,
        40,
        "none of them is a rest"
    );
    let [few, many] = [5, 40].map(|epochs| allocations(&settings, epochs));
    assert_eq!(few, many);
}

#[test]
fn the_same_recipe_gives_the_same_bits() {
    assert_eq!(train(settings(), &mut ()), train(settings(), &mut ()));
    let other = Settings { seed: Seed::Streams(1), ..settings() };
    assert_ne!(train(settings(), &mut ()).params, train(other, &mut ()).params);
}

/// Weights, shuffling and dropout have a stream each: a change to one leaves the others alone.
#[test]
fn batch_size_and_dropout_do_not_change_the_initial_weights() {
    let initial = |settings: Settings| {
        let (x, y) = data();
        let recipe = settings.check().unwrap();
        let trainer = Trainer::new(&recipe, MatRef::new(&x, 2, M), MatRef::new(&y, 1, M)).unwrap();
        trainer.params().to_vec()
    };
    let expected = initial(settings());
    assert_eq!(initial(Settings { batch_size: None, ..settings() }), expected);
    let without = settings().hidden.iter().map(|h| Hidden { dropout: 0.0, ..*h }).collect();
    assert_eq!(initial(Settings { hidden: without, ..settings() }), expected);
}

/// Watching does not touch.
#[test]
fn costs_asked_for_do_not_change_the_training() {
    let mut history = CostHistory::new(1, 20);
    assert_eq!(train(settings(), &mut history), train(settings(), &mut ()));
    assert_eq!(history.epochs.len(), 20);
    let examples: Vec<_> = history.epochs[7].batches.iter().map(|(n, _)| *n).collect();
    assert_eq!(examples, [16, 16, 16, 2]);
}

/// Examples of each batch of an epoch.
fn batch_sizes(batch_size: usize, batch_norm: bool) -> Vec<usize> {
    let hidden = settings().hidden.iter().map(|h| Hidden { batch_norm, ..*h }).collect();
    let mut history = CostHistory::new(1, 1);
    train(Settings { hidden, batch_size: Some(batch_size), epochs: 1, ..settings() }, &mut history);
    history.epochs[0].batches.iter().map(|&(examples, _)| examples).collect()
}

/// Normalised, an example alone is 0 whatever it was; without normalisation it is as good as any.
#[test]
fn an_example_left_over_joins_the_batch_before_where_it_would_be_normalised() {
    assert_eq!(batch_sizes(7, false), [7, 7, 7, 7, 7, 7, 7, 1]);
    assert_eq!(batch_sizes(7, true), [7, 7, 7, 7, 7, 7, 8]);
    assert_eq!(batch_sizes(16, true), [16, 16, 16, 2]);
    assert_eq!(batch_sizes(49, false), [49, 1]);
    assert_eq!(batch_sizes(49, true), [50]);
    assert_eq!(batch_sizes(1, false), [1; M]);
}

#[test]
fn batches_of_one_example_are_not_normalised() {
    let hidden = vec![Hidden { batch_norm: true, ..Hidden::relu(2) }];
    let settings = Settings { hidden, ..Settings::default() };
    let error = Settings { batch_size: Some(1), ..settings.clone() }.check().unwrap_err();
    assert_eq!(error.to_string(), "`batch_size` must be at least 2 with batch normalisation, got 1");
    let (recipe, one) = (settings.check().unwrap(), MatRef::new(&[1.0], 1, 1));
    let error = Trainer::<f64>::new(&recipe, one, one).unwrap_err();
    assert_eq!(error.to_string(), "examples: expected at least 2 with batch normalisation, got 1");
}

/// A rate of 1e200 makes the weights, and then the gradient, infinite: said with step and place.
#[test]
fn divergence_is_a_result_with_its_place() {
    let recipe = Settings {
        hidden: vec![Hidden { units: 3, activation: Activation::Identity, dropout: 0.0, batch_norm: false }],
        loss: Loss::SquaredError,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 1e200,
        ..Settings::default()
    };
    let trained = train(recipe, &mut ());
    let divergence = trained.divergence.expect("it diverges");
    assert_eq!((divergence.step, divergence.epoch, divergence.place.slot.as_str()), (1, 1, "W1"));
    assert_eq!(
        divergence.to_string(),
        "diverged at step 1 (epoch 1): the gradient of W1[0, 0] is not finite"
    );
    assert_eq!(trained.steps, 1, "the update that would have spoilt the parameters was not made");
    assert!(trained.params.iter().all(|w| w.is_finite()));
}

/// Features of 1e200 have a variance that is infinite. The gradient stays finite, because Ẑ is then 0.
#[test]
fn an_infinite_running_variance_is_a_divergence() {
    let (mut x, y) = data();
    x[M..].iter_mut().for_each(|x| *x *= 1e200);
    let hidden = vec![Hidden::relu(2), Hidden { batch_norm: true, ..Hidden::relu(3) }];
    for batch_size in [None, Some(16)] {
        let recipe = Settings { hidden: hidden.clone(), batch_size, ..Settings::default() }.check().unwrap();
        let mut trainer = Trainer::<f64>::new(&recipe, MatRef::new(&x, 2, M), MatRef::new(&y, 1, M)).unwrap();
        let start = trainer.params().to_vec();
        let trained = trainer.run(&mut ());
        let divergence = trained.divergence.expect("it diverges");
        assert_eq!(divergence.place.slot, "variance2");
        let said = divergence.to_string();
        assert!(said.starts_with("diverged at step 0 (epoch 0): the running statistic variance2["), "{said}");
        assert!(said.ends_with("] is not finite"), "{said}");
        assert_eq!((trained.params, trained.steps), (start, 0));
    }
}

/// Stops after so many epochs.
struct StopAfter(u64);

impl Observer<f64> for StopAfter {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }
    fn cost(&mut self, _: &Progress, _: f64) {}
    fn epoch_end(&mut self, epochs_done: u64, _: &[f64]) -> ControlFlow<()> {
        if epochs_done == self.0 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }
}

#[test]
fn an_observer_can_stop_a_training() {
    let constant = Settings { schedule: Schedule::Constant, ..settings() };
    let stopped = train(constant.clone(), &mut StopAfter(7));
    assert_eq!(stopped.steps, 7 * 4);
    assert_eq!(stopped.params, train(Settings { epochs: 7, ..constant }, &mut ()).params);
}

/// Single precision follows double precision for a short training.
#[test]
fn single_precision_agrees_to_its_digits() {
    let (x, y) = data();
    let single = |v: &[f64]| v.iter().map(|&v| v as f32).collect::<Vec<_>>();
    // Without dropout: a tile of the two holds different numbers of examples, so the random bits fall elsewhere.
    let hidden = settings().hidden.iter().map(|h| Hidden { dropout: 0.0, ..*h }).collect();
    let recipe = Settings { init: Init::Xavier, hidden, ..settings() }.check().unwrap();
    let (x32, y32) = (single(&x), single(&y));
    let narrow =
        Trainer::new(&recipe, MatRef::new(&x32, 2, M), MatRef::new(&y32, 1, M)).unwrap().run(&mut ());
    let wide = Trainer::new(&recipe, MatRef::new(&x, 2, M), MatRef::new(&y, 1, M)).unwrap().run(&mut ());
    for (n, w) in narrow.params.iter().zip(&wide.params) {
        assert!((f64::from(*n) - w).abs() < 1e-4, "{n} and {w}");
    }
}
