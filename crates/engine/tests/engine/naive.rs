//! The fast network against three nested loops, on random shapes.

use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Gradient, Hidden, Init, Loss, MatRef, Network, Pass, Tiles, Workspace};
use proptest::prelude::*;
use proptest::sample::select;

/// Around the sizes at which kernels take another turn.
const WIDTHS: &[usize] = &[1, 7, 8, 9, 17, 300];
const BATCHES: &[usize] = &[1, 2, 63, 64, 65, 211];

/// What both compute: logits, example by example, and the gradient of the summed loss.
type Result = (Vec<Vec<f64>>, Vec<f64>);

fn naive(network: &Network, params: &[f64], x: &[Vec<f64>], y: &[Vec<f64>]) -> Result {
    let (layout, layers) = (network.layout(), network.hidden().len() + 1);
    let (mut all_logits, mut gradient) = (Vec::new(), vec![0.0; params.len()]);
    for (x, y) in x.iter().zip(y) {
        let mut outputs = vec![x.clone()];
        for l in 0..layers {
            let (w, b) = layout.layer(l, params);
            let z = (0..w.rows())
                .map(|o| b[o] + w.row(o).iter().zip(&outputs[l]).map(|(w, x)| w * x).sum::<f64>());
            let g = |z: f64| match network.activation(l) {
                Activation::Relu => z.max(0.0),
                Activation::Tanh => z.tanh(),
                Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
                _ => z,
            };
            outputs.push(z.map(g).collect());
        }
        let logits = outputs.pop().unwrap();
        let total: f64 = logits.iter().map(|z| z.exp()).sum();
        let p = |z: f64| match network.loss() {
            Loss::SoftmaxCrossEntropy => z.exp() / total,
            Loss::SquaredError => z,
            Loss::Poisson => z.exp(),
            _ => 1.0 / (1.0 + (-z).exp()),
        };
        let mut dz: Vec<f64> = logits.iter().zip(y).map(|(&z, y)| p(z) - y).collect();
        for l in (0..layers).rev() {
            let (w, _) = layout.layer(l, params);
            let [dw, db] = [2 * l, 2 * l + 1].map(|slot| layout.slots()[slot].range.start);
            let input = &outputs[l];
            for (o, dz) in dz.iter().enumerate() {
                gradient[db + o] += dz;
                input.iter().enumerate().for_each(|(i, x)| gradient[dw + o * w.cols() + i] += dz * x);
            }
            if l > 0 {
                let slope = |a: f64| match network.activation(l - 1) {
                    Activation::Relu => f64::from(u8::from(a > 0.0)),
                    Activation::Tanh => 1.0 - a * a,
                    Activation::Sigmoid => a * (1.0 - a),
                    _ => 1.0,
                };
                let da = |i| dz.iter().enumerate().map(|(o, dz)| w.at(o, i) * dz).sum::<f64>();
                dz = input.iter().enumerate().map(|(i, &a)| da(i) * slope(a)).collect();
            }
        }
        all_logits.push(logits);
    }
    (all_logits, gradient)
}

fn fast(network: &Network, params: &[f64], x: &[Vec<f64>], y: &[Vec<f64>]) -> Result {
    let m = x.len();
    let columns = |examples: &[Vec<f64>]| {
        let rows = examples[0].len();
        let data: Vec<f64> = (0..rows).flat_map(|i| examples.iter().map(move |e| e[i])).collect();
        Tiles::from_matrix(MatRef::new(&data, rows, m))
    };
    let (x, y) = (columns(x), columns(y));
    let (mut work, mut sums) = (Workspace::new(network, m), Gradient::new(network));
    network.forward(params, x.view(), Pass::Train, &mut work);
    network.backward(params, y.view(), &mut work);
    sums.add(x.view(), &work);
    let mut gradient = vec![0.0; params.len()];
    sums.take(1.0, &mut gradient);
    let logits = (0..m).map(|j| (0..network.outputs()).map(|k| work.logits().at(k, j)).collect());
    (logits.collect(), gradient)
}

fn agree(
    inputs: usize,
    hidden: &[Hidden],
    outputs: usize,
    loss: Loss,
    m: usize,
) -> std::result::Result<(), TestCaseError> {
    let network = Network::new(inputs, hidden, outputs, loss);
    let mut rng = NumpyRng::new(7);
    let mut params = vec![0.0; network.layout().len()];
    Init::He.fill(network.layout(), &mut rng, &mut params);
    params.iter_mut().filter(|p| **p == 0.0).for_each(|b| *b = 0.1 * rng.gaussian());
    let examples = |rows: usize, rng: &mut NumpyRng| -> Vec<Vec<f64>> {
        (0..m).map(|_| (0..rows).map(|_| rng.gaussian()).collect()).collect()
    };
    let x = examples(inputs, &mut rng);
    let y: Vec<Vec<f64>> =
        (0..m).map(|j| (0..outputs).map(|k| f64::from(u8::from(j % outputs == k))).collect()).collect();
    let ((naive_logits, naive), (fast_logits, fast)) =
        (naive(&network, &params, &x, &y), fast(&network, &params, &x, &y));
    let near = |a: f64, b: f64, scale: f64| (a - b).abs() <= 1e-11 * scale.max(1.0);
    let largest = |v: &[f64]| v.iter().fold(0.0_f64, |top, v| top.max(v.abs()));
    for (n, f) in naive_logits.iter().flatten().zip(fast_logits.iter().flatten()) {
        prop_assert!(near(*n, *f, n.abs()), "logit {n} is not {f}");
    }
    let scale = largest(&naive);
    for (at, (n, f)) in naive.iter().zip(&fast).enumerate() {
        prop_assert!(near(*n, *f, scale), "{}: {n} is not {f}", network.layout().locate(at));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn fast_networks_compute_what_loops_compute(
        inputs in select(WIDTHS),
        widths in prop::collection::vec((select(WIDTHS), select(&[Activation::Relu, Activation::Tanh, Activation::Sigmoid, Activation::Identity][..])), 0..3),
        outputs in select(&[1, 3, 10][..]),
        loss in select(&[Loss::SigmoidCrossEntropy, Loss::SoftmaxCrossEntropy, Loss::SquaredError, Loss::Poisson][..]),
        m in select(BATCHES),
    ) {
        let hidden: Vec<_> = widths.iter().map(|&(units, activation)| Hidden { units, activation, dropout: 0.0, batch_norm: false }).collect();
        agree(inputs, &hidden, outputs, loss, m)?;
    }
}

#[test]
fn wide_networks_compute_what_loops_compute() {
    for (inputs, units, m) in [(2048, 9, 65), (9, 2048, 65), (2048, 2048, 3)] {
        agree(inputs, &[Hidden::relu(units)], 3, Loss::SoftmaxCrossEntropy, m).unwrap();
    }
}
