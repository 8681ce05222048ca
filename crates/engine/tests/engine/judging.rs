//! Judging many examples says of each what judging it alone says, bit for bit, on any number of threads.

use std::num::NonZeroUsize;

use nablab_engine::rng::NumpyRng;
use nablab_engine::{Evaluation, Float, Hidden, Loss, MatRef, Settings, Trainer};

const FEATURES: usize = 3;
const OUTPUTS: usize = 2;
/// A large network's block has 256, and the last one is not full.
const M: usize = 2 * 4 * 256 + 37;

const LOSSES: [Loss; 5] = [
    Loss::SigmoidCrossEntropy,
    Loss::SigmoidCrossEntropyDirect,
    Loss::SoftmaxCrossEntropy,
    Loss::SquaredError,
    Loss::Poisson,
];

/// The sum over examples has a fixed shape: a chain in each lane, then halves.
fn mean_by_lanes<F: Float>(losses: &[F]) -> f64 {
    let mut lanes = vec![F::ZERO; F::LANES];
    losses.iter().enumerate().for_each(|(j, &loss)| lanes[j % F::LANES] += loss);
    while lanes.len() > 1 {
        let upper = lanes.split_off(lanes.len() / 2);
        lanes.iter_mut().zip(upper).for_each(|(lane, upper)| *lane += upper);
    }
    lanes[0].to_f64() / losses.len() as f64
}

fn all_is_as_one_by_one<F: Float>() {
    let mut rng = NumpyRng::new(1);
    let x: Vec<F> = (0..FEATURES * M).map(|_| F::from_f64(3.0 * rng.gaussian())).collect();
    let y: Vec<F> =
        (0..OUTPUTS * M).map(|i| if i % M % OUTPUTS == i / M { F::ONE } else { F::ZERO }).collect();
    let weights: Vec<f64> = (0..M).map(|j| [1.0, 0.0, 2.5][j % 3]).collect();
    let column = |of: &[F], j: usize| -> Vec<F> { of.chunks_exact(M).map(|row| row[j]).collect() };
    let (all_x, all_y) = (MatRef::new(&x, FEATURES, M), MatRef::new(&y, OUTPUTS, M));
    for (loss_of, hidden) in LOSSES.into_iter().flat_map(|loss| [(loss, vec![5]), (loss, vec![70, 60])]) {
        let what = format!("{loss_of:?}, {hidden:?}");
        let hidden: Vec<_> = hidden.into_iter().map(Hidden::relu).collect();
        let recipe = Settings { hidden, loss: loss_of, ..Settings::default() }.check().unwrap();
        let trainer = Trainer::new(&recipe, all_x, all_y).unwrap();
        let (network, params) = (trainer.network().clone(), trainer.params().to_vec());
        let (mut losses, mut predictions) = (Vec::new(), vec![Vec::new(); OUTPUTS]);
        for j in 0..M {
            let (x, y) = (column(&x, j), column(&y, j));
            let (x, y) = (MatRef::new(&x, FEATURES, 1), MatRef::new(&y, OUTPUTS, 1));
            let mut alone = Evaluation::new(&network, x, y, &[]).unwrap();
            losses.push(F::from_f64(alone.loss(&network, &params)));
            predictions.iter_mut().zip(alone.predictions()).for_each(|(row, &p)| row.push(p));
        }
        let predictions = predictions.concat();
        let mean: f64 = weights.iter().sum::<f64>() / M as f64;
        let weighted: Vec<F> = losses
            .iter()
            .zip(&weights)
            .map(|(&loss, w)| loss * F::from_f64(w / 2.5 / (mean / 2.5)))
            .collect();
        for threads in [1, 2, 5] {
            let trainer = Trainer::new(&recipe, all_x, all_y).unwrap();
            let trainer = trainer.with_threads(NonZeroUsize::new(threads).unwrap());
            let mut all = trainer.evaluation(all_x, all_y, &[]).unwrap();
            assert_eq!(all.loss(&network, &params), mean_by_lanes(&losses), "{what} on {threads} threads");
            assert!(all.predictions() == predictions, "{what} on {threads} threads");
            let loss = trainer.evaluation(all_x, all_y, &weights).unwrap().loss(&network, &params);
            let expected = mean_by_lanes(&weighted);
            assert!((loss - expected).abs() <= 1e-6 * expected, "{what}: {loss}, not {expected}");
            let survey = trainer.survey(&params, all_x, all_y);
            assert!(survey.predictions == predictions, "{what} on {threads} threads");
            assert!(survey.losses == network.losses(&params, all_x, all_y), "{what} on {threads} threads");
            // The direct form loses digits.
            let is_exact = loss_of != Loss::SigmoidCrossEntropyDirect;
            for (said, loss) in survey.losses.iter().zip(&losses).filter(|_| is_exact) {
                let tolerance = 1e3 * F::EPSILON.to_f64() * (1.0 + said.abs());
                assert!((said - loss.to_f64()).abs() <= tolerance, "{what}: {said}, not {loss}");
            }
        }
    }
}

#[test]
fn doubles_are_judged_as_one_by_one() {
    all_is_as_one_by_one::<f64>();
}

#[test]
fn singles_are_judged_as_one_by_one() {
    all_is_as_one_by_one::<f32>();
}
