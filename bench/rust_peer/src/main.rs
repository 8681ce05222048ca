//! burn's side of the benchmarks, as its examples write a training: `rust-peer W1-f64 5` prints the seconds of each of
//! five runs. What a workload is: `bench/README.md`.

use std::time::{Duration, Instant};

use burn::module::Module;
use burn::nn::loss::{BinaryCrossEntropyLossConfig, CrossEntropyLossConfig};
use burn::nn::{Initializer, Linear, LinearConfig};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::{AdamConfig, GradientsParams, SgdConfig};
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, FloatDType, Int, Tensor};

#[derive(Module, Debug)]
struct Network {
    layers: Vec<Linear>,
}

impl Network {
    /// He's weights (`scale` 2) or LeCun's (1).
    fn new(sizes: &[usize], scale: f64, device: &Device) -> Self {
        let layer = |pair: &[usize]| {
            let normal = Initializer::Normal { mean: 0.0, std: (scale / pair[0] as f64).sqrt() };
            LinearConfig::new(pair[0], pair[1]).with_initializer(normal).init(device)
        };
        Self { layers: sizes.windows(2).map(layer).collect() }
    }

    fn forward(&self, mut x: Tensor<2>) -> Tensor<2> {
        for (l, layer) in self.layers.iter().enumerate() {
            x = layer.forward(x);
            if l + 1 < self.layers.len() {
                x = relu(x);
            }
        }
        x
    }
}

type Run = Box<dyn Fn()>;

/// Gradient descent on `m` points of a plane, labelled by whether they lie within a circle: the numbers do not matter.
fn descend(
    device: Device,
    m: usize,
    sizes: &'static [usize],
    scale: f64,
    rate: f64,
    steps: usize,
    l2: f64,
) -> Run {
    let x = Tensor::<2>::random([m, 2], Distribution::Uniform(-1.0, 1.0), &device);
    let y = (x.clone() * x.clone()).sum_dim(1).lower_elem(0.6).int();
    Box::new(move || {
        let mut network = Network::new(sizes, scale, &device);
        let decay = (l2 > 0.0).then(|| WeightDecayConfig::new((l2 / m as f64) as f32));
        let mut optimizer = SgdConfig::new().with_weight_decay(decay).init();
        let loss = BinaryCrossEntropyLossConfig::new().with_logits(true).init(&device);
        for _ in 0..steps {
            let loss = loss.forward(network.forward(x.clone()), y.clone());
            let grads = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(rate, network, grads);
        }
    })
}

/// Epochs of [`wide`].
const EPOCHS: usize = 10;

/// 784-512-256-10 with Adam, `steps` batches in all.
fn wide(device: Device, batch: usize, steps: usize) -> Run {
    let m = batch * (steps / EPOCHS);
    let x = Tensor::<2>::random([m, 784], Distribution::Uniform(0.0, 1.0), &device);
    let labels = Tensor::<1, Int>::random([m], Distribution::Uniform(0.0, 10.0), &device);
    Box::new(move || {
        let mut network = Network::new(&[784, 512, 256, 10], 2.0, &device);
        let mut optimizer = AdamConfig::new().with_epsilon(1e-8).init();
        let loss = CrossEntropyLossConfig::new().init(&device);
        for first in (0..EPOCHS).flat_map(|_| (0..m).step_by(batch)) {
            let logits = network.forward(x.clone().narrow(0, first, batch));
            let loss = loss.forward(logits, labels.clone().narrow(0, first, batch));
            let grads = GradientsParams::from_grads(loss.backward(), &network);
            network = optimizer.step(0.001, network, grads);
        }
    })
}

fn workload(name: &str, float: FloatDType) -> Option<Run> {
    let mut device = Device::flex();
    device.configure(float).ok()?;
    let device = device.autodiff();
    // Settings that come too late are ignored.
    assert_eq!(Tensor::<1>::zeros([1], &device).dtype(), float.into());
    let parts: Vec<_> = name.split('/').collect();
    Some(match parts[..] {
        ["W1"] => descend(device, 300, &[2, 10, 5, 1], 2.0, 0.01, 15_000, 0.0),
        ["W2a"] => descend(device, 211, &[2, 20, 3, 1], 1.0, 0.3, 30_000, 0.0),
        ["W2b"] => descend(device, 211, &[2, 20, 3, 1], 1.0, 0.3, 30_000, 0.7),
        ["W4", batch, steps] => wide(device, batch.parse().ok()?, steps.parse().ok()?),
        _ => return None,
    })
}

fn main() {
    let mut args = std::env::args().skip(1);
    let (name, runs) =
        (args.next().unwrap_or_default(), args.next().and_then(|n| n.parse().ok()).unwrap_or(5));
    let run = match name.rsplit_once('-') {
        Some((name, "f32")) => workload(name, FloatDType::F32),
        Some((name, "f64")) => workload(name, FloatDType::F64),
        _ => None,
    };
    let run = run.unwrap_or_else(|| panic!("no such workload: {name}"));
    let start = Instant::now();
    for _ in 0..runs {
        let begin = Instant::now();
        run();
        println!("{:.9}", begin.elapsed().as_secs_f64());
        // As the other peers do: no more runs after ten seconds.
        if start.elapsed() > Duration::from_secs(10) {
            break;
        }
    }
}
