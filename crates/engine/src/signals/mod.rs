//! Signals: what a network does inside, measured on a sample of examples at given parameters.
//!
//! A loss says how a training goes; these numbers say why. A measurement is a pass forward and two backward, without
//! dropout, and touches nothing of the training.

mod histogram;
mod layer;
mod symmetry;

pub use histogram::Histogram;
pub use layer::LayerSignals;
pub use symmetry::symmetric_units;

use crate::norm::norm;
use crate::optim::dot;
use crate::survey::predict;
use crate::{
    EngineError, Float, Gradient, Hidden, Loss, MatRef, Network, Pass, Penalty, Targets, Tiles, Workspace,
    YRef,
};

/// What was measured at some parameters.
#[derive(Clone, Debug, PartialEq)]
pub struct Signals {
    /// Mean loss of the sample, without penalty.
    pub loss: f64,
    /// ‖g‖ of the mean loss plus penalty, over all parameters.
    pub gradient: f64,
    /// Σ (‖gⱼ − ḡ‖²) / (n − 1) over the gradients gⱼ of single examples: how much they disagree. A batch of
    /// [`Signals::noise_scale`] examples has as much noise as signal. Not a number where batch normalisation gives single
    /// examples no gradient of their own.
    pub variance: f64,
    /// gᵀHg / ‖g‖²: the curvature of the cost along its gradient. Steps of plain descent beyond 2 / curvature climb.
    pub curvature: f64,
    /// Share of examples whose prediction is a certainty: within 10⁻³ of 0 or 1 in every output.
    pub certain: f64,
    /// Share of examples that are predicted to be of each class: of no and of yes where one output says so; none where no
    /// class excludes the others.
    pub predicted: Vec<f64>,
    /// From the first layer to the last.
    pub layers: Vec<LayerSignals>,
}

impl Signals {
    /// Numbers that are always there and not a layer's; the last counts the classes.
    const NUMBERS: usize = 6;

    /// All its numbers, in the order in which files hold them: its own, then those of each layer.
    pub fn numbers(&self) -> Vec<f64> {
        let own = [self.loss, self.gradient, self.variance, self.curvature, self.certain];
        let classes = [self.predicted.len() as f64].into_iter().chain(self.predicted.iter().copied());
        let layers = self.layers.iter().flat_map(LayerSignals::numbers);
        own.into_iter().chain(classes).chain(layers).collect()
    }

    /// The signals of such numbers; none if there are too few, or a rest.
    pub fn of_numbers(numbers: &[f64]) -> Option<Self> {
        let (own, rest) = numbers.split_at_checked(Self::NUMBERS)?;
        let &[loss, gradient, variance, curvature, certain, classes] = own else { return None };
        let (predicted, layers) = rest.split_at_checked(classes as usize)?;
        let (layers, rest) = layers.as_chunks();
        let layers = layers.iter().map(LayerSignals::of_numbers).collect();
        let predicted = predicted.to_vec();
        rest.is_empty().then_some(Self { loss, gradient, variance, curvature, certain, predicted, layers })
    }

    /// tr Σ / ‖G‖² with the unbiased ‖G‖² = ‖ḡ‖² − tr Σ / n of `n` examples: the batch size at which noise and signal are
    /// equal (McCandlish et al. 2018, arXiv 1812.06162, "simple noise scale"). Infinite where the sample shows no signal.
    pub fn noise_scale(&self, n: usize) -> f64 {
        let signal = self.gradient * self.gradient - self.variance / n as f64;
        if signal > 0.0 { self.variance / signal } else { f64::INFINITY }
    }
}

/// Measures a network on a sample of examples.
///
/// ```
/// use nablab_engine::signals::Probe;
/// use nablab_engine::{Hidden, Loss, MatRef, Network, Penalty};
/// let network = Network::new(1, &[Hidden::relu(2)], 1, Loss::SquaredError);
/// let (x, y) = ([1.0, 2.0], [0.0, 0.0]);
/// //            W1         b1        W2        b2: the second unit never wakes
/// let params = [1.0, -1.0, 0.0, 0.0, 2.0, 2.0, 0.0];
/// let mut probe = Probe::new(&network, MatRef::new(&x, 1, 2), MatRef::new(&y, 1, 2), &[], &params)?;
/// let signals = probe.measure(&params, &Penalty::default(), 2.0);
/// assert_eq!(signals.loss, (2.0 * 2.0 + 4.0 * 4.0) / 2.0 / 2.0);
/// assert_eq!((signals.layers[0].dead, signals.layers[0].always_on), (1, 1));
/// assert_eq!(signals.layers[0].mean, (1.0 + 2.0 + 0.0 + 0.0) / 4.0);
/// # Ok::<(), nablab_engine::EngineError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Probe<F: Float> {
    /// Without dropout, which would hide what units do.
    network: Network,
    x: Tiles<F>,
    y: Tiles<F>,
    weights: Option<Tiles<F>>,
    work: Workspace<F>,
    gradient: Gradient<F>,
    initial: Vec<F>,
}

impl<F: Float> Probe<F> {
    /// On X (features, m), Y (outputs, m) and a weight for each example, or none; `initial` are the parameters from which
    /// distances are measured.
    ///
    /// # Errors
    /// As [`crate::Evaluation::new`].
    pub fn new<'y>(
        network: &Network,
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
        weights: &[f64],
        initial: &[F],
    ) -> Result<Self, EngineError> {
        F::probe(network, x, y.into(), weights, initial)
    }

    pub(crate) fn lay_out(
        network: &Network,
        x: MatRef<'_, F>,
        y: YRef<'_, F>,
        weights: &[f64],
        initial: &[F],
    ) -> Result<Self, EngineError> {
        let (m, weights) = (x.cols(), network.check_examples(x, y, weights)?);
        let hidden: Vec<_> = network.hidden().iter().map(|h| Hidden { dropout: 0.0, ..*h }).collect();
        let network = Network::new(network.inputs(), &hidden, network.outputs(), network.loss());
        Ok(Self {
            x: Tiles::from_matrix(x),
            y: y.to_tiles(),
            weights: (!weights.is_empty()).then(|| Tiles::from_matrix(MatRef::new(&weights, 1, m))),
            work: Workspace::new(&network, m),
            gradient: Gradient::new(&network),
            initial: initial.to_vec(),
            network,
        })
    }

    /// Examples of the sample.
    pub fn examples(&self) -> usize {
        self.x.view().m()
    }

    /// Measure at these parameters, beside a penalty whose strength is divided by `penalty_examples`
    /// ([`crate::Settings::penalty_examples`] of the training which the sample is a part of).
    pub fn measure(&mut self, params: &[F], penalty: &Penalty, penalty_examples: f64) -> Signals {
        F::measure(self, params, penalty, penalty_examples)
    }

    pub(crate) fn signals(&mut self, params: &[F], penalty: &Penalty, penalty_examples: f64) -> Signals {
        let m = self.examples();
        let (loss, gradient) = self.pass(params, penalty, penalty_examples);
        let mut layers: Vec<LayerSignals> = (0..=self.network.hidden().len())
            .map(|l| LayerSignals::of(&self.network, l, [params, &self.initial, &gradient], &self.work))
            .collect();
        for (layer, symmetric) in layers.iter_mut().zip(symmetric_units(&self.network, params)) {
            layer.symmetric = symmetric;
        }
        let length = norm(&gradient);
        // That of the mean, without the penalty, which is the same for all examples.
        let mut mean = gradient.clone();
        let mut of_penalty = vec![F::ZERO; params.len()];
        penalty.add_gradient(self.network.layout(), params, penalty_examples, &mut of_penalty);
        mean.iter_mut().zip(&of_penalty).for_each(|(g, &p)| *g -= p);
        let variance = match self.network.hidden().iter().any(|layer| layer.batch_norm) {
            true => f64::NAN,
            false => {
                (self.squared_gradients() - m as f64 * dot(&mean, &mean)).max(0.0) / (m.max(2) - 1) as f64
            }
        };
        let (certain, predicted) = self.predictions();

        // A small step along −g: how much of the gradient is left tells the curvature on the way.
        let step = 1e-3 * (norm(params).max(1e-3) / length.max(f64::MIN_POSITIVE));
        let moved: Vec<F> = params.iter().zip(&gradient).map(|(&w, &g)| w - F::from_f64(step) * g).collect();
        let (_, after) = self.pass(&moved, penalty, penalty_examples);
        let curvature = match length > 0.0 {
            true => (1.0 - dot(&gradient, &after) / length / length) / step,
            false => 0.0,
        };
        Signals { loss, gradient: length, variance, curvature, certain, predicted, layers }
    }

    /// Mean loss, and the gradient of the cost.
    fn pass(&mut self, params: &[F], penalty: &Penalty, penalty_examples: f64) -> (f64, Vec<F>) {
        let (x, m) = (self.x.view(), self.x.view().m());
        let mut gradient = vec![F::ZERO; params.len()];
        let targets = Targets { y: self.y.view(), weights: self.weights.as_ref().map(Tiles::view) };
        self.network.forward(params, x, Pass::Train, &mut self.work);
        self.network.backward(params, targets, &mut self.work);
        self.gradient.add(x, &self.work);
        self.gradient.take(F::from_f64(1.0 / m as f64), &mut gradient);
        penalty.add_gradient(self.network.layout(), params, penalty_examples, &mut gradient);
        (self.network.cost(targets, &self.work).to_f64(), gradient)
    }

    /// Σ ‖gⱼ‖² over the examples: that of a dense layer is (‖xⱼ‖² + 1) ‖dzⱼ‖², so no gradient of an example is needed.
    fn squared_gradients(&self) -> f64 {
        let m = self.examples();
        let mut total = 0.0;
        for l in 0..=self.network.hidden().len() {
            let (x, dz) = (self.work.input(l, self.x.view()).to_vec(), self.work.delta(l).to_vec());
            let squares = |matrix: &[F]| {
                let mut sums = vec![0.0; m];
                for row in matrix.chunks_exact(m) {
                    row.iter().zip(&mut sums).for_each(|(v, sum)| *sum += v.to_f64() * v.to_f64());
                }
                sums
            };
            total += squares(&x).iter().zip(squares(&dz)).map(|(x, dz)| (x + 1.0) * dz).sum::<f64>();
        }
        total
    }

    /// Share of examples of which the network is certain, and share of those predicted to be of each class.
    fn predictions(&self) -> (f64, Vec<f64>) {
        let loss = self.network.loss();
        if !loss.is_classification() {
            return (0.0, Vec::new());
        }
        let (m, outputs) = (self.examples(), self.network.outputs());
        let mut p = vec![F::ZERO; outputs * m];
        predict(&self.network, &self.work, &mut Vec::new(), &mut p.chunks_mut(m).collect::<Vec<_>>());
        let of = |j: usize| p.iter().skip(j).step_by(m).map(|p| p.to_f64());
        // What is no number is no certainty.
        let is_certain = |p: f64| p.min(1.0 - p) < 1e-3;
        let certain = (0..m).filter(|&j| of(j).all(is_certain)).count();
        let one_of_many = loss == Loss::SoftmaxCrossEntropy;
        let mut predicted = match outputs {
            1 => vec![0.0; 2],
            _ if one_of_many => vec![0.0; outputs],
            _ => Vec::new(),
        };
        if !predicted.is_empty() {
            for j in 0..m {
                let class = match one_of_many {
                    true => of(j).enumerate().max_by(|a, b| a.1.total_cmp(&b.1)).map_or(0, |(k, _)| k),
                    false => usize::from(of(j).any(|p| p > 0.5)),
                };
                predicted[class] += 1.0 / m as f64;
            }
        }
        (certain as f64 / m as f64, predicted)
    }
}

/// ‖ΔW‖ / ‖W‖ of each layer from parameters before a step to those after it.
///
/// ```
/// use nablab_engine::{Hidden, Loss, Network, signals::update_ratios};
/// let network = Network::new(1, &[Hidden::relu(1)], 1, Loss::SquaredError);
/// //                                W1   b1   W2   b2
/// let ratios = update_ratios(&network, &[2.0, 0.0, 4.0, 0.0], &[2.5, 9.0, 4.0, 9.0]);
/// assert_eq!(ratios, [0.25, 0.0]);
/// ```
pub fn update_ratios<F: Float>(network: &Network, before: &[F], after: &[F]) -> Vec<f64> {
    let ratio = |l: usize| {
        let weights = network.layout().layer_slots(l)[0].range.clone();
        let (before, after) = (&before[weights.clone()], &after[weights]);
        let step: Vec<F> = after.iter().zip(before).map(|(&a, &b)| a - b).collect();
        norm(&step) / norm(before).max(f64::MIN_POSITIVE.sqrt())
    };
    (0..=network.hidden().len()).map(ratio).collect()
}
