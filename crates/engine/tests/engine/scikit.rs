//! The parts that make a training scikit-learn's: its momentum, its Adam, its mean of a batch. Oracles are steps by its own formulas
//! (`sklearn/neural_network/_stochastic_optimizers.py` and `_backprop`), on one weight and one bias.

use nablab_engine::optim::AdamForm;
use nablab_engine::{BatchMean, Loss, MatRef, Optimizer, Penalty, Settings, Trainer};

const X: [f64; 3] = [1.0, 2.0, -1.0];
const Y: [f64; 3] = [0.5, 3.0, 1.0];
const W: [f64; 3] = [1.0, 3.0, 0.5];
const L2: f64 = 0.3;
/// Batches of two and one: the last one is left over.
const ORDERS: [[usize; 3]; 3] = [[2, 0, 1], [0, 1, 2], [1, 2, 0]];
const RATES: [f64; 3] = [0.1, 0.1, 0.02];

/// Train as scikit-learn does; `update` makes a step of a gradient at a rate. Rates change from epoch to epoch.
fn by_formula(mut update: impl FnMut(f64, [f64; 2]) -> [f64; 2]) -> Vec<f64> {
    let (mut w, mut b) = (0.0, 0.0);
    let mut costs = Vec::new();
    for (order, rate) in ORDERS.iter().zip(RATES) {
        for batch in [&order[..2], &order[2..]] {
            let total: f64 = batch.iter().map(|&i| W[i]).sum();
            let error = |i: usize| w * X[i] + b - Y[i];
            let loss: f64 = batch.iter().map(|&i| W[i] * 0.5 * error(i) * error(i)).sum();
            costs.push((loss + 0.5 * L2 * w * w) / total);
            let dw: f64 = batch.iter().map(|&i| W[i] * error(i) * X[i]).sum();
            let db: f64 = batch.iter().map(|&i| W[i] * error(i)).sum();
            let [step_w, step_b] = update(rate, [(dw + L2 * w) / total, db / total]);
            (w, b) = (w + step_w, b + step_b);
        }
    }
    costs.extend([w, b]);
    costs
}

struct Costs(Vec<f64>);

impl nablab_engine::Observer<f64> for Costs {
    fn wants_cost(&mut self, _: &nablab_engine::Progress) -> bool {
        true
    }
    fn cost(&mut self, _: &nablab_engine::Progress, cost: f64) {
        self.0.push(cost);
    }
}

fn trained(optimizer: Optimizer) -> Vec<f64> {
    let recipe = Settings {
        loss: Loss::SquaredError,
        init: nablab_engine::Init::Zeros,
        penalty: Penalty { l2: L2, ..Penalty::default() },
        optimizer,
        learning_rate: RATES[0],
        batch_size: Some(2),
        batch_mean: BatchMean::OfBatch,
        ..Settings::default()
    };
    let recipe = recipe.check().unwrap();
    let mut trainer = Trainer::weighted(&recipe, MatRef::new(&X, 1, 3), MatRef::new(&Y, 1, 3), &W).unwrap();
    let mut costs = Costs(Vec::new());
    for (order, rate) in ORDERS.iter().zip(RATES) {
        trainer.set_rate_factor(rate / RATES[0]);
        trainer.epoch_in_order(order, &mut costs).unwrap().unwrap();
    }
    costs.0.extend_from_slice(trainer.params());
    costs.0
}

fn assert_close(optimizer: Optimizer, expected: &[f64]) {
    let got = trained(optimizer);
    assert_eq!(got.len(), expected.len());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() < 1e-13 * expected.abs().max(1.0), "{optimizer:?}: {got} {expected}");
    }
}

#[test]
fn heavy_ball_keeps_steps_when_the_rate_changes() {
    for beta in [0.0, 0.9, 1.0] {
        for nesterov in [false, true] {
            let mut velocity = [0.0; 2];
            let expected = by_formula(|rate, gradient| {
                for (v, g) in velocity.iter_mut().zip(gradient) {
                    *v = beta * *v - rate * g;
                }
                let look_ahead = |k: usize| beta * velocity[k] - rate * gradient[k];
                if nesterov { [look_ahead(0), look_ahead(1)] } else { velocity }
            });
            assert_close(Optimizer::HeavyBall { beta, nesterov }, &expected);
        }
    }
}

#[test]
fn epsilon_hat_counts_for_more_at_first() {
    let (beta1, beta2, epsilon) = (0.8_f64, 0.99_f64, 0.05);
    let (mut first, mut second, mut t) = ([0.0; 2], [0.0; 2], 0);
    let expected = by_formula(|rate, gradient| {
        t += 1;
        let rate = rate * (1.0 - beta2.powi(t)).sqrt() / (1.0 - beta1.powi(t));
        [0, 1].map(|k| {
            first[k] = beta1 * first[k] + (1.0 - beta1) * gradient[k];
            second[k] = beta2 * second[k] + (1.0 - beta2) * gradient[k] * gradient[k];
            -rate * first[k] / (f64::sqrt(second[k]) + epsilon)
        })
    });
    assert_close(Optimizer::Adam { beta1, beta2, epsilon, form: AdamForm::EpsilonHat }, &expected);
}

/// Of scikit-learn's `poisson_loss`, at the logits 0, ln 2, 3 and −1 and the counts 0, 2, 1 and 5.
#[test]
fn poisson_deviance_is_scikit_learns() {
    let (z, y) = ([0.0, std::f64::consts::LN_2, 3.0, -1.0], [0.0, 2.0, 1.0, 5.0]);
    let losses = [1.0, 0.0, 16.085536923187668, 8.415069003341944];
    for ((z, y), expected) in z.iter().zip(&y).zip(losses) {
        let of_example = Loss::Poisson.of_example(&[*z], &[*y]);
        assert!((of_example - expected).abs() < 1e-13, "{z} {y}: {of_example} {expected}");
    }
    for isa in nablab_engine::Isa::available() {
        let [z, y] = [&z, &y].map(|row| nablab_engine::Tiles::from_matrix(MatRef::new(row, 1, 4)));
        let total = Loss::Poisson.value(isa, z.view(), y.view());
        assert!((total - losses.iter().sum::<f64>()).abs() < 1e-12, "{isa}: {total}");
    }
}

#[test]
fn counts_are_not_negative() {
    let recipe = Settings { loss: Loss::Poisson, ..Settings::default() }.check().unwrap();
    let error =
        Trainer::new(&recipe, MatRef::new(&X, 1, 3), MatRef::new(&[1.0, -2.0, 0.0], 1, 3)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "Y, row 0, example 1 (both from 0): expected a count, 0 or more, with a Poisson loss, got -2"
    );
}

#[test]
fn an_order_has_each_example_once() {
    let recipe = Settings { batch_size: Some(2), ..Settings::default() }.check().unwrap();
    let mut trainer = Trainer::new(&recipe, MatRef::new(&X, 1, 3), MatRef::new(&Y, 1, 3)).unwrap();
    for wrong in [&[0, 1][..], &[0, 1, 1], &[0, 1, 3], &[0, 1, 2, 2]] {
        let error = trainer.epoch_in_order(wrong, &mut ()).unwrap_err();
        assert_eq!(error.to_string(), "the order of an epoch: expected each of the numbers 0 to 2 once");
    }
}

/// Costs tell examples apart where nothing is learned.
#[test]
fn orders_are_drawn_again_afterwards() {
    let recipe =
        Settings { batch_size: Some(1), learning_rate: 1e-300, ..Settings::default() }.check().unwrap();
    let seen = |given: bool| {
        let mut trainer = Trainer::new(&recipe, MatRef::new(&X, 1, 3), MatRef::new(&Y, 1, 3)).unwrap();
        if given {
            trainer.epoch_in_order(&[0, 1, 2], &mut ()).unwrap().unwrap();
        }
        let mut costs = Costs(Vec::new());
        trainer.epoch(&mut costs).unwrap();
        trainer.epoch(&mut costs).unwrap();
        costs.0
    };
    assert_eq!(seen(true), seen(false));
}
