//! A table of rules crossed with targets. A new rule is one line; its single steps are compared in `pytorch.rs`.

use nablab_engine::optim::{AdamForm, apply};
use nablab_engine::{
    Activation, Clip, CostHistory, Float, Hidden, Layout, MatRef, Optimizer, Penalty, Schedule, Settings,
    Trainer,
};

/// Each rule with the rate it walks at on the targets below.
const RULES: &[(Optimizer, f64)] = &[
    (Optimizer::GradientDescent, 0.001),
    (Optimizer::Momentum { beta: 0.9 }, 0.002),
    (Optimizer::Nesterov { beta: 0.9 }, 0.002),
    (Optimizer::RmsProp { rho: 0.9, epsilon: 1e-8 }, 0.001),
    (Optimizer::ADAM, 0.01),
    (Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, form: AdamForm::EpsilonInside }, 0.01),
    (Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, form: AdamForm::Uncorrected }, 0.01),
    (Optimizer::AdamW { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weight_decay: 1e-4 }, 0.01),
];

/// Walk so many steps down from a start; where it ends.
fn walk(
    (rule, rate): (Optimizer, f64),
    start: &[f64],
    steps: usize,
    gradient: impl Fn(&[f64]) -> Vec<f64>,
) -> Vec<f64> {
    let layout = Layout::vector("w", start.len());
    let (mut w, mut state) = (start.to_vec(), rule.start::<f64>(start.len()));
    for _ in 0..steps {
        let mut g = gradient(&w);
        state.update(&layout, &w, &mut g);
        apply(&mut w, &g, rate);
    }
    w
}

/// ½ Σ k w_k², a bowl fifty times steeper one way than another; minimum 0 at 0.
#[test]
fn every_rule_finds_the_bottom_of_a_bowl() {
    let steepness = [1.0, 5.0, 50.0];
    for &rule in RULES {
        let end =
            walk(rule, &[3.0, -2.0, 1.0], 10_000, |w| w.iter().zip(steepness).map(|(w, k)| k * w).collect());
        let far = end.iter().map(|w| w.abs()).fold(0.0, f64::max);
        assert!(far < 0.02, "{rule:?} ends at {end:?}");
    }
}

/// (1 − a)² + 100 (b − a²)², a curved valley; minimum 0 at (1, 1).
#[test]
fn every_rule_follows_rosenbrocks_valley() {
    for &rule in RULES {
        let end = walk(rule, &[-1.0, 1.0], 40_000, |w| {
            let valley = w[1] - w[0] * w[0];
            vec![-400.0 * w[0] * valley - 2.0 * (1.0 - w[0]), 200.0 * valley]
        });
        let far = end.iter().map(|w| (w - 1.0).abs()).fold(0.0, f64::max);
        assert!(far < 0.05, "{rule:?} ends at {end:?}");
    }
}

/// L-BFGS takes a network down in a few steps until none leads lower, whatever the precision, and says so.
#[test]
fn l_bfgs_trains_a_network() {
    fn train<F: Float>() {
        let (x, y) = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]);
        let [x, y] = [&x[..], &y].map(|numbers| numbers.iter().map(|&v| F::from_f64(v)).collect::<Vec<F>>());
        let (x, y) = (MatRef::new(&x, 2, 4), MatRef::new(&y, 1, 4));
        let settings = Settings {
            hidden: vec![Hidden { activation: Activation::Tanh, ..Hidden::relu(8) }],
            optimizer: Optimizer::LBfgs { memory: 10 },
            penalty: Penalty { l2: 1e-3, l1: 0.0 },
            epochs: 500,
            ..Settings::default()
        };
        let recipe = settings.check().unwrap();
        let mut trainer = Trainer::<F>::new(&recipe, x, y).unwrap();
        let trained = trainer.run(&mut ());
        let p = trainer.network().predict(&trained.params, x);
        let wrong = p.iter().zip(y.data()).map(|(p, y)| (*p - *y).abs().to_f64()).fold(0.0, f64::max);
        assert!(wrong < 0.05 && trainer.is_converged(), "{wrong} after {} steps", trained.steps);

        let (state, mut costs) = (trainer.state(), CostHistory::new(1, 500));
        trainer.epoch(&mut costs).unwrap();
        assert!(
            trainer.state() == state && costs.epochs.is_empty(),
            "an epoch after the end changes something"
        );
    }
    train::<f64>();
    train::<f32>();
}

#[test]
fn l_bfgs_refuses_what_would_change_the_cost_under_way() {
    let base = Settings {
        hidden: vec![Hidden::relu(2)],
        optimizer: Optimizer::LBfgs { memory: 10 },
        ..Settings::default()
    };
    base.clone().check().unwrap();
    for (settings, field) in [
        (Settings { batch_size: Some(4), ..base.clone() }, "batch_size"),
        (
            Settings { hidden: vec![Hidden { dropout: 0.1, ..Hidden::relu(2) }], ..base.clone() },
            "hidden[0].dropout",
        ),
        (
            Settings { hidden: vec![Hidden { batch_norm: true, ..Hidden::relu(2) }], ..base.clone() },
            "hidden[0].batch_norm",
        ),
        (Settings { schedule: Schedule::Exponential { factor: 0.9 }, ..base.clone() }, "schedule"),
        (Settings { clip: Clip::Value { max: 1.0 }, ..base.clone() }, "clip"),
        (Settings { optimizer: Optimizer::LBfgs { memory: 0 }, ..base }, "optimizer.memory"),
    ] {
        let error = settings.check().unwrap_err().to_string();
        assert!(error.starts_with(&format!("`{field}` must be")), "{error}");
    }
}

/// A network learns exclusive or with each.
#[test]
fn every_rule_trains_a_network() {
    let (x, y) = ([0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0]);
    let (x, y) = (MatRef::new(&x, 2, 4), MatRef::new(&y, 1, 4));
    for &(optimizer, rate) in RULES {
        // Plain steps have the size of the gradient, which is small here; the others have a size of their own.
        let scaled = matches!(
            optimizer,
            Optimizer::GradientDescent | Optimizer::Momentum { .. } | Optimizer::Nesterov { .. }
        );
        let learning_rate = if scaled { 0.3 } else { rate };
        let hidden = vec![Hidden::relu(8)];
        let settings = Settings { hidden, optimizer, learning_rate, epochs: 5000, ..Settings::default() };
        let recipe = settings.check().unwrap();
        let mut trainer = Trainer::<f64>::new(&recipe, x, y).unwrap();
        let trained = trainer.run(&mut ());
        let p = trainer.network().predict(&trained.params, x);
        let wrong = p.iter().zip(y.data()).map(|(p, y)| (p - y).abs()).fold(0.0, f64::max);
        assert!(wrong < 0.1, "{optimizer:?}: {p:?}");
    }
}
