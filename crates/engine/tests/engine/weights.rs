//! A weight of an example is as many copies of it.

use nablab_engine::gradcheck::NetworkCheck;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    CostHistory, EngineError, Float, Hidden, Init, Loss, MatRef, Network, Optimizer, Penalty, Settings,
    Trainer,
};

const M: usize = 43;
const LOSSES: [Loss; 4] = [
    Loss::SigmoidCrossEntropy,
    Loss::SigmoidCrossEntropyDirect,
    Loss::SoftmaxCrossEntropy,
    Loss::SquaredError,
];

/// X (3, m) and Y (2, m), a column for each of these examples.
fn columns<F: Float>(examples: &[usize]) -> (Vec<F>, Vec<F>) {
    let x = |i: usize| examples.iter().map(move |&j| F::from_f64(((i * M + j) as f64 * 0.7).sin()));
    let y = |k: usize| examples.iter().map(move |&j| F::from_f64(f64::from(u8::from(j % 2 == k))));
    ((0..3).flat_map(x).collect(), (0..2).flat_map(y).collect())
}

fn settings(loss: Loss) -> Settings {
    Settings { hidden: vec![Hidden::relu(7)], loss, epochs: 20, learning_rate: 0.01, ..Settings::default() }
}

#[test]
fn a_weight_is_as_many_copies() {
    let copies: Vec<usize> = (0..M).map(|j| j % 4).collect();
    let repeated: Vec<usize> = (0..M).flat_map(|j| std::iter::repeat_n(j, copies[j])).collect();
    let weights: Vec<f64> = copies.iter().map(|&n| n as f64).collect();
    for loss in LOSSES {
        let penalty = Penalty { l2: 3.0, l1: 0.5 };
        let recipe = Settings { penalty, ..settings(loss) }.check().unwrap();
        let train = |(x, y): (Vec<f64>, Vec<f64>), weights: &[f64]| {
            let m = y.len() / 2;
            let (x, y) = (MatRef::new(&x, 3, m), MatRef::new(&y, 2, m));
            let mut costs = CostHistory::new(1, 20);
            let trained = Trainer::weighted(&recipe, x, y, weights).unwrap().run(&mut costs);
            (trained.params, costs)
        };
        let (weighted, costs) = train(columns(&(0..M).collect::<Vec<_>>()), &weights);
        let (copied, expected) = train(columns(&repeated), &[]);
        for (w, c) in weighted.iter().zip(&copied) {
            assert!((w - c).abs() < 1e-9, "{loss:?}: {w} {c}");
        }
        for (cost, expected) in costs.epochs.iter().zip(&expected.epochs) {
            assert!((cost.mean() - expected.mean()).abs() < 1e-11, "{loss:?}");
        }
    }
}

#[test]
fn weights_follow_their_examples_into_the_batches() {
    // A batch of one example after the other: with weight 0 for all but one, gradient descent only moves at that one, which
    // counts for all.
    let recipe = Settings {
        batch_size: Some(1),
        epochs: 1,
        optimizer: Optimizer::GradientDescent,
        ..settings(Loss::SoftmaxCrossEntropy)
    };
    let alone =
        Settings { learning_rate: M as f64 * recipe.learning_rate, ..recipe.clone() }.check().unwrap();
    let recipe = recipe.check().unwrap();
    let (x, y) = columns::<f64>(&(0..M).collect::<Vec<_>>());
    let mut weights = vec![0.0; M];
    weights[11] = 1.0;
    let trained = Trainer::weighted(&recipe, MatRef::new(&x, 3, M), MatRef::new(&y, 2, M), &weights)
        .unwrap()
        .run(&mut ());
    let (x, y) = columns::<f64>(&[11]);
    let alone = Trainer::new(&alone, MatRef::new(&x, 3, 1), MatRef::new(&y, 2, 1)).unwrap().run(&mut ());
    let far = trained.params.iter().zip(&alone.params).map(|(w, a)| (w - a).abs()).fold(0.0, f64::max);
    assert!(far < 1e-12, "{far}");
}

#[test]
fn the_gradient_with_weights_is_that_of_the_cost() {
    for loss in LOSSES {
        let network = Network::new(3, &[Hidden::relu(4)], 2, loss);
        let mut params = vec![0.0; network.layout().len()];
        Init::Xavier.fill(network.layout(), &mut NumpyRng::new(2), &mut params);
        let (x, y) = columns(&(0..M).collect::<Vec<_>>());
        let (x, y) = (MatRef::new(&x, 3, M), MatRef::new(&y, 2, M));
        let weights: Vec<f64> = (0..M).map(|j| j as f64 / 20.0).collect();
        let penalty = Penalty { l2: 0.3, l1: 0.0 };
        let check = || NetworkCheck::new(&network, &params, x, y, penalty, &mut NumpyRng::new(1));
        let gradient = check().with_weights(&weights).gradient();
        assert!(check().with_weights(&weights).compare(&gradient).unwrap().is_correct(), "{loss:?}");
        assert!(!check().compare(&gradient).unwrap().is_correct(), "{loss:?}: weights make a difference");
    }
}

#[test]
fn weights_that_do_not_fit_are_refused() {
    let recipe = settings(Loss::SquaredError).check().unwrap();
    let (x, y) = columns::<f64>(&[0, 1, 2]);
    let (x, y) = (MatRef::new(&x, 3, 3), MatRef::new(&y, 2, 3));
    let refused = |weights: &[f64]| Trainer::weighted(&recipe, x, y, weights).unwrap_err();
    assert!(matches!(refused(&[1.0, 2.0]), EngineError::Shape { what: "weights", .. }));
    assert!(matches!(refused(&[1.0, f64::NAN, 1.0]), EngineError::NotFinite { example: 1, .. }));
    for (weights, words) in [
        ([0.0; 3], "`weights` must be above 0 for at least one example, got 0 for all"),
        ([1.0, -2.0, 1.0], "`weights` must be 0 or more, got -2"),
    ] {
        assert_eq!(refused(&weights).to_string(), words);
    }
}
