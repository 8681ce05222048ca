//! Threads decide nothing: the same bits on any number of them, for small and large networks.

use std::num::NonZeroUsize;

use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, Clip, CostHistory, Float, Hidden, Isa, Loss, MatRef, Optimizer, Penalty, Seed, Settings,
    Trainer,
};

const M: usize = 300;
const FEATURES: usize = 70;

fn layer(units: usize, dropout: f64) -> Hidden {
    Hidden { units, activation: Activation::Relu, dropout, batch_norm: false }
}

/// Small and large networks; whole and cut batches; everything a step is made of.
fn settings() -> Vec<(&'static str, Settings)> {
    let base = Settings {
        hidden: vec![layer(65, 0.0), layer(33, 0.0)],
        loss: Loss::SoftmaxCrossEntropy,
        batch_size: Some(128),
        epochs: 3,
        ..Settings::default()
    };
    let course = Seed::Course { weights: 1, dropout: 2, shuffle: 3 };
    vec![
        ("small", Settings { hidden: vec![layer(5, 0.0)], ..base.clone() }),
        ("small with dropout", Settings { hidden: vec![layer(5, 0.3)], batch_size: None, ..base.clone() }),
        ("large", base.clone()),
        ("large, whole", Settings { batch_size: None, ..base.clone() }),
        ("large, odd batches", Settings { batch_size: Some(37), ..base.clone() }),
        ("large, one at a time", Settings { batch_size: Some(1), epochs: 1, ..base.clone() }),
        ("dropout", Settings { hidden: vec![layer(65, 0.4), layer(33, 0.2)], ..base.clone() }),
        ("frozen dropout", Settings { hidden: vec![layer(90, 0.4)], seed: course, ..base.clone() }),
        (
            "penalties, clipping and decay",
            Settings {
                penalty: Penalty { l2: 0.1, l1: 0.01 },
                clip: Clip::Norm { max: 0.5 },
                optimizer: Optimizer::AdamW { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 0.02 },
                ..base.clone()
            },
        ),
        (
            "batch normalisation",
            Settings {
                hidden: [65, 33].map(|units| Hidden { batch_norm: true, ..layer(units, 0.1) }).to_vec(),
                ..base.clone()
            },
        ),
        (
            "l-bfgs",
            Settings {
                optimizer: Optimizer::LBfgs { memory: 5 },
                batch_size: None,
                epochs: 9,
                ..base.clone()
            },
        ),
        ("one wide layer", Settings { hidden: vec![layer(700, 0.0)], batch_size: Some(200), ..base.clone() }),
        (
            "diverging",
            Settings {
                loss: Loss::SquaredError,
                optimizer: Optimizer::GradientDescent,
                learning_rate: 1e30,
                ..base
            },
        ),
    ]
}

fn trainings_do_not_depend_on_threads<F: Float>() {
    let mut rng = NumpyRng::new(1);
    let x: Vec<F> = (0..FEATURES * M).map(|_| F::from_f64(rng.gaussian())).collect();
    let y: Vec<F> = (0..3 * M).map(|i| if i % M % 3 == i / M { F::ONE } else { F::ZERO }).collect();
    let (x, y) = (MatRef::new(&x, FEATURES, M), MatRef::new(&y, 3, M));
    for (what, settings) in settings() {
        let recipe = settings.check().unwrap();
        let train = |threads, isa| {
            let threads = NonZeroUsize::new(threads).unwrap();
            let mut history = CostHistory::new(1, recipe.epochs);
            let trainer = Trainer::new(&recipe, x, y).unwrap().with_isa(isa);
            let trained = trainer.with_threads(threads).run(&mut history);
            // As text, because not-a-number is not itself.
            (format!("{trained:?}"), format!("{history:?}"))
        };
        let expected = train(1, Isa::best());
        for threads in [2, 3, 4, 7] {
            assert!(train(threads, Isa::best()) == expected, "{what} on {threads} threads");
        }
        for isa in Isa::available() {
            assert!(train(3, isa) == expected, "{what} on {isa}");
        }
    }
}

#[test]
fn trainings_in_doubles_do_not_depend_on_threads() {
    trainings_do_not_depend_on_threads::<f64>();
}

#[test]
fn trainings_in_singles_do_not_depend_on_threads() {
    trainings_do_not_depend_on_threads::<f32>();
}
