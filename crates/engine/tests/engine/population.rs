//! Populations: every member is the training alone, on any number of threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};

use nablab_engine::population::{Member, train_many};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, CostHistory, EngineError, Hidden, Init, Loss, MatRef, Observer, Optimizer, Progress, Recipe,
    Seed, Settings, Trainer,
};

const M: usize = 90;

fn gaussians(n: usize, seed: u32) -> Vec<f64> {
    let mut rng = NumpyRng::new(seed);
    (0..n).map(|_| rng.gaussian()).collect()
}

/// Other shapes, seeds, rates, rules, initialisers; one of them large, one that diverges.
fn recipes() -> Vec<Recipe> {
    let layer = |units, dropout| Hidden { units, activation: Activation::Tanh, dropout, batch_norm: false };
    let base =
        Settings { hidden: vec![layer(6, 0.0)], batch_size: Some(32), epochs: 8, ..Settings::default() };
    let mut settings: Vec<Settings> =
        (0..12).map(|seed| Settings { seed: Seed::Streams(seed), ..base.clone() }).collect();
    settings[1].hidden = vec![layer(11, 0.3), layer(4, 0.0)];
    settings[2].optimizer = Optimizer::Nesterov { beta: 0.9 };
    settings[3].init = Init::Orthogonal { gain: 1.0 };
    settings[4].learning_rate = 0.1;
    settings[5].hidden = vec![layer(120, 0.0), layer(90, 0.0)];
    settings[6] = Settings {
        hidden: vec![Hidden { units: 3, activation: Activation::Identity, dropout: 0.0, batch_norm: false }],
        loss: Loss::SquaredError,
        optimizer: Optimizer::GradientDescent,
        learning_rate: 1e200,
        ..base
    };
    settings.into_iter().map(|s| s.check().unwrap()).collect()
}

#[test]
fn members_are_bit_identical_to_trainings_alone() {
    let (x, y) = (gaussians(3 * M, 1), gaussians(M, 2));
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let recipes = recipes();
    let members: Vec<_> = recipes.iter().map(|recipe| Member { recipe, x, y: y.into() }).collect();
    let alone: Vec<_> = recipes
        .iter()
        .map(|recipe| {
            let mut history = CostHistory::new(1, recipe.epochs);
            (Trainer::new(recipe, x, y).unwrap().run(&mut history), history)
        })
        .collect();
    assert!(alone[6].0.divergence.is_some(), "this one diverges");
    for threads in [1, 2, 3, 4, 7, 40] {
        let threads = NonZeroUsize::new(threads).unwrap();
        let trained = train_many(&members, threads, |i| CostHistory::new(1, recipes[i].epochs)).unwrap();
        assert_eq!(trained, alone, "{threads} threads");
    }
}

/// Adds up what all observers see.
struct Count<'a>(&'a AtomicU64);

impl Observer<f64> for Count<'_> {
    fn wants_cost(&mut self, _: &Progress) -> bool {
        false
    }
    fn cost(&mut self, _: &Progress, _: f64) {}
    fn epoch_end(&mut self, _: u64, _: &[f64]) -> std::ops::ControlFlow<()> {
        self.0.fetch_add(1, Ordering::Relaxed);
        std::ops::ControlFlow::Continue(())
    }
}

#[test]
fn progress_is_seen_from_all_threads_and_a_bad_member_is_an_error() {
    let (x, y) = (gaussians(3 * M, 1), gaussians(M, 2));
    let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 1, M));
    let recipes = recipes();
    let mut members: Vec<_> = recipes[..5].iter().map(|recipe| Member { recipe, x, y: y.into() }).collect();
    let epochs = AtomicU64::new(0);
    train_many(&members, NonZeroUsize::new(2).unwrap(), |_| Count(&epochs)).unwrap();
    assert_eq!(epochs.load(Ordering::Relaxed), 5 * 8);

    let nan = vec![f64::NAN; 3 * M];
    members[3].x = MatRef::new(&nan, 3, M);
    let error = train_many(&members, NonZeroUsize::new(2).unwrap(), |_| ()).unwrap_err();
    assert!(matches!(error, EngineError::NotFinite { what: "X", row: 0, example: 0, .. }), "{error}");
    assert_eq!(train_many::<f64, ()>(&[], NonZeroUsize::MIN, |_| ()).unwrap().len(), 0);
}
