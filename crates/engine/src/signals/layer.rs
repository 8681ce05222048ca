//! The signals of one layer.

use super::Histogram;
use crate::norm::norm;
use crate::{Activation, Float, Network, Workspace};

/// Of a bounded unit, this share of its range from the end counts as the end: there the slope is a fiftieth of the largest.
const END: f64 = 0.005;
/// A unit that is at its end for this share of the examples is saturated.
const MOSTLY: f64 = 0.95;

/// What a layer does on the sample.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LayerSignals {
    /// Units of the layer.
    pub units: usize,
    /// Mean of its outputs over units and examples; of the last layer, of the logits.
    pub mean: f64,
    /// Standard deviation of its outputs.
    pub deviation: f64,
    /// Largest output in size.
    pub largest: f64,
    /// Units of relu that are 0 for every example.
    pub dead: usize,
    /// Units of relu that are above 0 for every example: they are linear.
    pub always_on: usize,
    /// Units of sigmoid or tanh that are at an end of their range for nearly every example.
    pub saturated: usize,
    /// Units that are copies of another: the same weights in, the same weights out.
    pub symmetric: usize,
    /// Root mean square of the weights.
    pub weights: f64,
    /// √(Σ w² / units): what a layer multiplies signals by. √2 after He's initialisation.
    pub gain: f64,
    /// Root mean square of the gradient of the weights.
    pub gradient: f64,
    /// Root mean square of dZ, the derivative of an example's loss by what the layer adds up.
    pub error: f64,
    /// ‖W − W₀‖ over the larger of ‖W₀‖ and the size that LeCun's initialisation gives: how far training has moved it.
    pub moved: f64,
    /// ‖ΔW‖ / ‖W‖ of the step before; not a number where that is not known, as before the first. About 10⁻³ is usual.
    pub update: f64,
    /// Of its outputs.
    pub outputs: Histogram,
    /// Of its weights.
    pub weight: Histogram,
    /// Of the gradient of its weights.
    pub slope: Histogram,
}

/// What the numbers of a layer beside its histograms are called, in the order in which files hold them.
const NAMES: [&str; 14] = [
    "units",
    "mean",
    "deviation",
    "largest",
    "dead",
    "always_on",
    "saturated",
    "symmetric",
    "weights",
    "gain",
    "gradient",
    "error",
    "moved",
    "update",
];

impl LayerSignals {
    /// How many numbers it is.
    pub(super) const NUMBERS: usize = NAMES.len() + 3 * Histogram::NUMBERS;

    /// What its numbers are called.
    pub fn names() -> impl Iterator<Item = String> {
        let own = NAMES.map(str::to_owned).into_iter();
        own.chain(["outputs", "weights", "gradient"].into_iter().flat_map(Histogram::names))
    }

    /// Its numbers, in the order in which files hold them.
    pub fn numbers(&self) -> impl Iterator<Item = f64> {
        let own = [
            self.units as f64,
            self.mean,
            self.deviation,
            self.largest,
            self.dead as f64,
            self.always_on as f64,
            self.saturated as f64,
            self.symmetric as f64,
            self.weights,
            self.gain,
            self.gradient,
            self.error,
            self.moved,
            self.update,
        ];
        let histograms = [&self.outputs, &self.weight, &self.slope];
        own.into_iter().chain(histograms.into_iter().flat_map(Histogram::numbers))
    }

    /// The layer of such numbers.
    pub(super) fn of_numbers(numbers: &[f64; Self::NUMBERS]) -> Self {
        let [units, mean, deviation, largest, dead, on, saturated, symmetric, rest @ ..] = numbers;
        let [weights, gain, gradient, error, moved, update, histograms @ ..] = rest;
        let [units, dead, always_on, saturated, symmetric] =
            [units, dead, on, saturated, symmetric].map(|&count| count as usize);
        let (histograms, _) = histograms.as_chunks();
        let [outputs, weight, slope] = [0, 1, 2].map(|i| Histogram::of_numbers(&histograms[i]));
        Self {
            units,
            mean: *mean,
            deviation: *deviation,
            largest: *largest,
            dead,
            always_on,
            saturated,
            symmetric,
            weights: *weights,
            gain: *gain,
            gradient: *gradient,
            error: *error,
            moved: *moved,
            update: *update,
            outputs,
            weight,
            slope,
        }
    }

    /// Of layer `l` after a pass forward and backward; all but its symmetry.
    pub(super) fn of<F: Float>(
        network: &Network,
        l: usize,
        [params, initial, gradient]: [&[F]; 3],
        work: &Workspace<F>,
    ) -> Self {
        let (outputs, m) = (work.output(l).to_vec(), work.output(l).m());
        let weights = network.layout().layer_slots(l)[0].range.clone();
        let (w, g) = (&params[weights.clone()], &gradient[weights.clone()]);
        let moved: Vec<F> = w.iter().zip(&initial[weights.clone()]).map(|(&w, &w0)| w - w0).collect();
        let [mut dead, mut always_on, mut saturated] = [0; 3];
        for unit in outputs.chunks_exact(m) {
            match network.activation(l) {
                Activation::Relu => {
                    let on = unit.iter().filter(|&&a| a > F::ZERO).count();
                    dead += usize::from(on == 0);
                    always_on += usize::from(on == m);
                }
                bounded @ (Activation::Tanh | Activation::Sigmoid) => {
                    let (low, high) = if bounded == Activation::Tanh { (-1.0, 1.0) } else { (0.0, 1.0) };
                    let end = END * (high - low);
                    let at_end = |a: &&F| a.to_f64() < low + end || a.to_f64() > high - end;
                    saturated += usize::from(unit.iter().filter(at_end).count() as f64 >= MOSTLY * m as f64);
                }
                Activation::LeakyRelu { .. } | Activation::Identity => {}
            }
        }
        let n = outputs.len() as f64;
        let mean = outputs.iter().map(|a| a.to_f64()).sum::<f64>() / n;
        let variance = outputs.iter().map(|a| (a.to_f64() - mean).powi(2)).sum::<f64>() / n;
        let error = work.delta(l).to_vec();
        let rms = |v: &[F]| norm(v) / (v.len() as f64).sqrt();
        let units = network.layout().layer_slots(l)[0].rows;
        let of_lecun = (units as f64).sqrt();
        let histogram = |v: &[F]| Histogram::of(v.iter().map(|v| v.to_f64()));
        Self {
            units,
            mean,
            deviation: variance.sqrt(),
            largest: outputs.iter().map(|a| a.to_f64().abs()).fold(0.0, f64::max),
            dead,
            always_on,
            saturated,
            symmetric: 0,
            weights: rms(w),
            gain: norm(w) / (units as f64).sqrt(),
            gradient: rms(g),
            error: rms(&error),
            moved: norm(&moved) / norm(&initial[weights]).max(of_lecun),
            update: f64::NAN,
            outputs: histogram(&outputs),
            weight: histogram(w),
            slope: histogram(g),
        }
    }
}
