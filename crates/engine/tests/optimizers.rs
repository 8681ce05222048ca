//! A table of rules crossed with targets. A new rule is one line; its single steps are compared in `pytorch.rs`.

use nablab_engine::optim::{AdamForm, apply};
use nablab_engine::{Hidden, Layout, MatRef, Optimizer, Settings, Trainer};

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
