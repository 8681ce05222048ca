//! What a probe measures, against what the definitions say.

use nablab_engine::rng::NumpyRng;
use nablab_engine::signals::{Probe, Signals};
use nablab_engine::{
    Activation, Gradient, Hidden, Init, Loss, MatRef, Network, Pass, Penalty, Seed, Tiles, Workspace,
};

const M: usize = 12;

struct Setting {
    network: Network,
    params: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Setting {
    fn new(loss: Loss, outputs: usize, layer: Hidden) -> Self {
        let network = Network::new(3, &[layer, Hidden { units: 4, ..layer }], outputs, loss);
        let rng = &mut NumpyRng::new(5);
        let mut params = vec![0.0; network.layout().len()];
        Init::He.fill(network.layout(), &mut Seed::Streams(5).weights(), &mut params);
        params.iter_mut().for_each(|w| *w += 0.01 * rng.gaussian());
        let x = (0..3 * M).map(|_| rng.gaussian()).collect();
        let y = match loss {
            Loss::SquaredError => (0..outputs * M).map(|_| rng.gaussian()).collect(),
            Loss::SoftmaxCrossEntropy => {
                (0..outputs * M).map(|i| f64::from(u8::from(i % M % outputs == i / M))).collect()
            }
            _ => (0..outputs * M).map(|i| f64::from(u8::from(i % 3 == 0))).collect(),
        };
        Self { network, params, x, y }
    }

    fn measure(&self, penalty: &Penalty, batch: f64) -> Signals {
        let x = MatRef::new(&self.x, 3, M);
        let y = MatRef::new(&self.y, self.y.len() / M, M);
        Probe::new(&self.network, x, y, &[], &self.params).unwrap().measure(&self.params, penalty, batch)
    }

    /// The gradient of the cost on these examples.
    fn gradient(&self, params: &[f64], examples: &[usize], penalty: &Penalty, batch: f64) -> Vec<f64> {
        let of = |all: &[f64]| -> Vec<f64> {
            all.chunks_exact(M).flat_map(|row| examples.iter().map(move |&j| row[j])).collect()
        };
        let (m, x, y) = (examples.len(), of(&self.x), of(&self.y));
        let x = Tiles::from_matrix(MatRef::new(&x, 3, m));
        let y = Tiles::from_matrix(MatRef::new(&y, y.len() / m, m));
        let (mut work, mut sum) = (Workspace::new(&self.network, m), Gradient::new(&self.network));
        self.network.forward(params, x.view(), Pass::Train, &mut work);
        self.network.backward(params, y.view(), &mut work);
        sum.add(x.view(), &work);
        let mut gradient = vec![0.0; params.len()];
        sum.take(1.0 / m as f64, &mut gradient);
        penalty.add_gradient(self.network.layout(), params, batch, &mut gradient);
        gradient
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn settings() -> [Setting; 3] {
    let tanh = Hidden { activation: Activation::Tanh, ..Hidden::relu(5) };
    [
        Setting::new(Loss::SigmoidCrossEntropy, 1, tanh),
        Setting::new(Loss::SoftmaxCrossEntropy, 3, Hidden::relu(5)),
        Setting::new(Loss::SquaredError, 2, tanh),
    ]
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * b.abs()
}

#[test]
fn the_variance_is_that_of_the_gradients_of_single_examples() {
    let penalty = Penalty { l2: 0.3, l1: 0.0 };
    for setting in settings() {
        let signals = setting.measure(&penalty, M as f64);
        let all: Vec<usize> = (0..M).collect();
        let mean = setting.gradient(&setting.params, &all, &Penalty::default(), M as f64);
        let of_one = |j: usize| {
            let own = setting.gradient(&setting.params, &[j], &Penalty::default(), M as f64);
            own.iter().zip(&mean).map(|(g, mean)| (g - mean).powi(2)).sum::<f64>()
        };
        let variance = all.iter().map(|&j| of_one(j)).sum::<f64>() / (M - 1) as f64;
        assert!(close(signals.variance, variance, 1e-9), "{} is not {variance}", signals.variance);
        let cost = setting.gradient(&setting.params, &all, &penalty, M as f64);
        assert!(close(signals.gradient, dot(&cost, &cost).sqrt(), 1e-12));
    }
}

/// gᵀHg / ‖g‖², with H g from central differences of the gradient.
#[test]
fn the_curvature_is_that_along_the_gradient() {
    for setting in settings() {
        let signals = setting.measure(&Penalty::default(), M as f64);
        let all: Vec<usize> = (0..M).collect();
        let gradient = |params: &[f64]| setting.gradient(params, &all, &Penalty::default(), M as f64);
        let g = gradient(&setting.params);
        let at =
            |t: f64| gradient(&setting.params.iter().zip(&g).map(|(w, g)| w + t * g).collect::<Vec<_>>());
        let h = 1e-5;
        let hg: Vec<f64> = at(h).iter().zip(at(-h)).map(|(a, b)| (a - b) / (2.0 * h)).collect();
        let curvature = dot(&g, &hg) / dot(&g, &g);
        assert!(close(signals.curvature, curvature, 0.02), "{} is not {curvature}", signals.curvature);
    }
}

/// λ / examples: a sample is not all that a training learns from.
#[test]
fn the_penalty_is_that_of_the_training() {
    let [setting, ..] = settings();
    let strong = Penalty { l2: 64.0, l1: 0.0 };
    let of_small = setting.measure(&strong, 4.0).gradient;
    let all: Vec<usize> = (0..M).collect();
    let g = setting.gradient(&setting.params, &all, &strong, 4.0);
    assert!(close(of_small, dot(&g, &g).sqrt(), 1e-12));
    assert!(of_small > 2.0 * setting.measure(&strong, M as f64).gradient);
}

#[test]
fn batch_normalisation_leaves_single_examples_no_gradient() {
    let layer = Hidden { batch_norm: true, ..Hidden::relu(5) };
    let signals = Setting::new(Loss::SigmoidCrossEntropy, 1, layer).measure(&Penalty::default(), M as f64);
    assert!(signals.variance.is_nan() && signals.noise_scale(M).is_infinite());
    assert!(signals.curvature.is_finite() && signals.gradient > 0.0);
}

#[test]
fn units_at_their_ends_are_saturated() {
    let tanh = Hidden { activation: Activation::Tanh, ..Hidden::relu(5) };
    let mut setting = Setting::new(Loss::SigmoidCrossEntropy, 1, tanh);
    assert_eq!(setting.measure(&Penalty::default(), M as f64).layers[0].saturated, 0);
    // Two of five units, thrown to an end by their bias, which follows 5 · 3 weights.
    setting.params[15] = 50.0;
    setting.params[15 + 3] = -50.0;
    let signals = setting.measure(&Penalty::default(), M as f64);
    assert_eq!(signals.layers[0].saturated, 2);
    let histogram = &signals.layers[0].outputs;
    assert_eq!((histogram.low, histogram.high), (-1.0, 1.0));
    assert_eq!(histogram.counts.iter().sum::<u32>() as usize, 5 * M);
    assert!(histogram.counts[0] as usize >= M && histogram.counts[15] as usize >= M);
}

#[test]
fn predictions_are_counted_by_class() {
    let [binary, three, numbers] = settings();
    for (setting, classes) in [(binary, 2), (three, 3), (numbers, 0)] {
        let predicted = setting.measure(&Penalty::default(), M as f64).predicted;
        assert_eq!(predicted.len(), classes);
        let p = setting.network.predict(&setting.params, MatRef::new(&setting.x, 3, M));
        for (k, share) in predicted.iter().enumerate() {
            let is_class = |j: usize| match classes {
                2 => (p[j] > 0.5) == (k == 1),
                n => (0..n).all(|other| p[other * M + j] <= p[k * M + j]),
            };
            let expected = (0..M).filter(|&j| is_class(j)).count() as f64 / M as f64;
            assert!((share - expected).abs() < 1e-12, "{predicted:?}");
        }
    }
}

#[test]
fn numbers_of_signals_can_be_read_again() {
    for setting in settings() {
        let mut signals = setting.measure(&Penalty::default(), M as f64);
        signals.layers.iter_mut().for_each(|layer| layer.update = 0.5);
        let numbers = signals.numbers();
        assert_eq!(Signals::of_numbers(&numbers), Some(signals));
        assert_eq!(Signals::of_numbers(&numbers[1..]), None);
        assert_eq!(Signals::of_numbers(&numbers[..numbers.len() - 1]), None);
    }
}
