//! Inverted dropout: forward and backward are one product with the same mask.
//!
//! A unit's output is multiplied by 1 / keep with probability keep = 1 − rate, else by 0. Scaling while training
//! means that prediction needs no dropout at all, and that the expected input of the next layer is unchanged
//! (Srivastava et al. 2014, JMLR 15; scaled as in the course, PyTorch and Keras).
//!
//! The mask is kept in the workspace for the backward pass; a gradient check replays it. Between layers with relu, both are part
//! of the matrix products (`dense.rs`): forward takes the mask, backward the masked output and the scale.

use nablab_kernel::{line_index, lines_of};

use crate::rng::{Bernoulli, NumpyRng};
use crate::{Float, Hidden, Isa, Loss, Network, Seed, Workspace};

/// Which outputs of a layer stay, (units, m): a bit each, a word for each line of the layer's output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mask(Vec<u16>);

impl Mask {
    /// Ask for each unit and example, unit by unit.
    pub fn from_fn<F: Float>(units: usize, m: usize, mut stays: impl FnMut(usize, usize) -> bool) -> Self {
        let lines = lines_of::<F>(m);
        let mut words = vec![0; units * lines];
        for unit in 0..units {
            for j in 0..m {
                let bit = u16::from(stays(unit, j)) << (j % F::LANES);
                words[line_index(units, lines, unit, j / F::LANES)] |= bit;
            }
        }
        Self(words)
    }

    /// A word for each line.
    pub fn words(&self) -> &[u16] {
        &self.0
    }

    /// Keep where a uniform number is below keep = 1 − rate, drawn unit by unit: the course's mask, bit for bit.
    ///
    /// ```
    /// use nablab_engine::{dropout::Mask, rng::NumpyRng};
    /// // np.random.seed(1); np.random.rand(1, 5) < 0.7
    /// let drawn = Mask::draw::<f64>(0.3, 1, 5, &mut NumpyRng::new(1));
    /// assert_eq!(drawn, Mask::from_fn::<f64>(1, 5, |_, j| j != 1));
    /// ```
    pub fn draw<F: Float>(rate: f64, units: usize, m: usize, rng: &mut NumpyRng) -> Self {
        Self::from_fn::<F>(units, m, |_, _| rng.uniform() < 1.0 - rate)
    }
}

/// Which outputs stay in the first step of a training on `m` examples at once: of each hidden layer with dropout, unit by unit, an
/// answer for each example.
///
/// ```
/// use nablab_engine::dropout::masks_of_first_step;
/// use nablab_engine::{Hidden, Seed};
/// let hidden = [Hidden { dropout: 0.3, ..Hidden::relu(1) }, Hidden::relu(2)];
/// // np.random.seed(1); np.random.rand(1, 5) < 0.7
/// let masks = masks_of_first_step::<f64>(&hidden, 5, Seed::Course { weights: 3, dropout: 1, shuffle: 0 });
/// assert_eq!(masks, [Some(vec![true, false, true, true, true]), None]);
/// ```
pub fn masks_of_first_step<F: Float>(hidden: &[Hidden], m: usize, seed: Seed) -> Vec<Option<Vec<bool>>> {
    let network = Network::new(1, hidden, 1, Loss::SquaredError);
    let mut work = Workspace::<F>::new(&network, m);
    Masks::new::<F>(hidden, m, seed).put_into(&mut work, 0, m);
    work.kept(&network, m)
}

/// Where the masks of a training come from.
#[derive(Clone, Debug)]
pub(crate) enum Masks {
    /// New ones for every block: a generator for each layer that has dropout.
    Redrawn(Vec<Option<Bernoulli>>),
    /// The same ones in every step, drawn for the whole batch: the course's habit.
    Frozen(Vec<Option<Mask>>),
}

impl Masks {
    /// The masks of a recipe for batches of up to `m` examples.
    pub(crate) fn new<F: Float>(hidden: &[Hidden], m: usize, seed: Seed) -> Self {
        let mut rng = seed.dropout();
        let layers = hidden.iter().map(|h| (h.dropout > 0.0).then_some((h.units, h.dropout)));
        match seed {
            Seed::Streams(_) => {
                let mut generator = |(_, rate)| Bernoulli::new(1.0 - rate, &mut rng);
                Self::Redrawn(layers.map(|layer| layer.map(&mut generator)).collect())
            }
            Seed::Course { .. } => {
                let mut mask = |(units, rate)| Mask::draw::<F>(rate, units, m, &mut rng);
                Self::Frozen(layers.map(|layer| layer.map(&mut mask)).collect())
            }
        }
    }

    /// The state of the generator of each layer whose masks are drawn anew.
    pub(crate) fn generators(&self) -> Vec<Vec<u64>> {
        match self {
            Self::Redrawn(layers) => layers.iter().flatten().map(Bernoulli::state).collect(),
            Self::Frozen(_) => Vec::new(),
        }
    }

    /// Go on from these states, one for each layer whose masks are drawn anew.
    pub(crate) fn set_generators(&mut self, states: &[Vec<u64>]) {
        if let Self::Redrawn(layers) = self {
            layers.iter_mut().flatten().zip(states).for_each(|(generator, state)| generator.set_state(state));
        }
    }

    /// Put the masks for `m` examples from `first` on into the workspace.
    pub(crate) fn put_into<F: Float>(&mut self, work: &mut Workspace<F>, first: usize, m: usize) {
        match self {
            Self::Redrawn(generators) => work.redraw_masks(m, generators),
            Self::Frozen(masks) => {
                for (l, mask) in masks.iter().enumerate().filter_map(|(l, mask)| Some((l, mask.as_ref()?))) {
                    work.set_mask(l, mask, first / F::LANES);
                }
            }
        }
    }
}

/// What a kept output is multiplied by: 1 / keep.
pub(crate) fn scale<F: Float>(rate: f64) -> F {
    F::from_f64(1.0 / (1.0 - rate))
}

/// d = a ∘ mask / keep. Keeps `mask`, and `a` itself for the derivative of the activation.
pub fn dropout_forward<F: Float>(isa: Isa, a: &[F::Line], mask: &[u16], rate: f64, d: &mut [F::Line]) {
    d.copy_from_slice(a);
    F::multiply_by_mask(isa, mask, scale(rate), d);
}

/// da = dd ∘ mask / keep in place, the derivative of `d = a * mask / keep`.
pub fn dropout_backward<F: Float>(isa: Isa, mask: &[u16], rate: f64, dd: &mut [F::Line]) {
    F::multiply_by_mask(isa, mask, scale(rate), dd);
}
