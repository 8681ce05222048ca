//! What the passes of a block of examples write: sized once, so that a step allocates nothing.

use nablab_kernel::{line_index, lines_of};

use crate::batch_norm::NormWork;
use crate::dropout::Mask;
use crate::rng::{Bernoulli, NumpyRng};
use crate::{Float, Hidden, Isa, Network, TilesRef};

/// What a forward pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Dropout masks apply, and statistics are those of the batch.
    Train,
    /// No dropout; running statistics.
    Predict,
}

/// Everything the passes of a network write, sized once for the largest block of examples.
///
/// Kept per layer: the activation's output (units, m), the same after dropout where there is dropout, the mask, what
/// batch normalisation needs where there is that, and dZ.
#[derive(Clone, Debug)]
pub struct Workspace<F: Float> {
    pub(crate) isa: Isa,
    /// Examples there is room for.
    capacity: usize,
    m: usize,
    pub(crate) pass: Pass,
    pub(crate) layers: Vec<LayerWork<F>>,
}

#[derive(Clone, Debug)]
pub(crate) struct LayerWork<F: Float> {
    pub(crate) units: usize,
    /// Output of the activation; of the last layer, the logits.
    pub(crate) output: Vec<F::Line>,
    /// Empty where the layer has no dropout.
    pub(crate) mask: Vec<u16>,
    pub(crate) dropped: Vec<F::Line>,
    /// Where the layer is normalised.
    pub(crate) norm: Option<NormWork<F>>,
    /// dZ of the last backward pass.
    pub(crate) delta: Vec<F::Line>,
}

impl<F: Float> LayerWork<F> {
    fn new(layer: &Hidden, capacity: usize) -> Self {
        let units = layer.units;
        let lines = units * lines_of::<F>(capacity);
        let dropped = if layer.dropout > 0.0 { lines } else { 0 };
        Self {
            units,
            output: vec![F::ZERO_LINE; lines],
            mask: vec![u16::MAX; dropped],
            dropped: vec![F::ZERO_LINE; dropped],
            norm: layer.batch_norm.then(|| NormWork::new(units, capacity)),
            delta: vec![F::ZERO_LINE; lines],
        }
    }

    /// What the next layer reads.
    pub(crate) fn passed_on(&self, pass: Pass, m: usize) -> TilesRef<'_, F> {
        let lines = if pass == Pass::Train && !self.mask.is_empty() { &self.dropped } else { &self.output };
        TilesRef::new(&lines[..self.units * lines_of::<F>(m)], self.units, m)
    }
}

impl<F: Float> Workspace<F> {
    /// Room for up to `capacity` examples at a time.
    pub fn new(network: &Network, capacity: usize) -> Self {
        let output = Hidden::relu(network.outputs());
        let layers = network.hidden().iter().chain([&output]).map(|h| LayerWork::new(h, capacity)).collect();
        Self { isa: Isa::best(), capacity, m: 0, pass: Pass::Predict, layers }
    }

    /// Compute on this instruction set, not on the best.
    pub fn with_isa(self, isa: Isa) -> Self {
        Self { isa, ..self }
    }

    /// Examples there is room for.
    pub fn capacity(&self) -> usize {
        self.capacity
    }

    /// A forward pass of `m` examples begins.
    pub(crate) fn begin(&mut self, m: usize, pass: Pass) {
        assert!(m <= self.capacity, "a batch of {m} in a workspace for {}", self.capacity);
        (self.m, self.pass) = (m, pass);
    }

    /// Draw masks for `m` examples: layer by layer, each unit by unit, as the course draws them.
    pub fn draw_masks(&mut self, network: &Network, m: usize, rng: &mut NumpyRng) {
        for (l, hidden) in network.hidden().iter().enumerate().filter(|(_, hidden)| hidden.dropout > 0.0) {
            self.set_mask(l, &Mask::draw::<F>(hidden.dropout, hidden.units, m, rng), 0);
        }
    }

    /// Draw new masks for `m` examples, each layer from its own generator.
    pub(crate) fn redraw_masks(&mut self, m: usize, generators: &mut [Option<Bernoulli>]) {
        for (layer, generator) in self.layers.iter_mut().zip(generators) {
            if let Some(generator) = generator {
                let words = &mut layer.mask[..layer.units * lines_of::<F>(m)];
                generator.fill(self.isa, words, F::LANES);
            }
        }
    }

    /// The mask of hidden layer `l` (from 0) from now on: that of a larger set of examples from line `first` on.
    pub fn set_mask(&mut self, l: usize, mask: &Mask, first: usize) {
        let layer = &mut self.layers[l];
        let words = &mask.words()[first * layer.units..];
        let count = words.len().min(layer.mask.len());
        layer.mask[..count].copy_from_slice(&words[..count]);
    }

    /// What the masks of the first `m` examples let through: of each hidden layer with dropout, unit by unit, an answer for each.
    pub(crate) fn kept(&self, network: &Network, m: usize) -> Vec<Option<Vec<bool>>> {
        let lines = lines_of::<F>(m);
        let bits = |(layer, hidden): (&LayerWork<F>, &Hidden)| {
            let stays = |unit: usize, j: usize| {
                let word = layer.mask[line_index(hidden.units, lines, unit, j / F::LANES)];
                word >> (j % F::LANES) & 1 == 1
            };
            let all = || (0..hidden.units).flat_map(|unit| (0..m).map(move |j| (unit, j)));
            (hidden.dropout > 0.0).then(|| all().map(|(unit, j)| stays(unit, j)).collect())
        };
        self.layers.iter().zip(network.hidden()).map(bits).collect()
    }

    /// Output of layer `l` (from 0) of the last forward pass, as the next layer saw it, (units, m).
    pub fn output(&self, l: usize) -> TilesRef<'_, F> {
        self.layers[l].passed_on(self.pass, self.m)
    }

    /// Logits of the last forward pass, (outputs, m).
    pub fn logits(&self) -> TilesRef<'_, F> {
        self.output(self.layers.len() - 1)
    }

    /// What layer `l` read in the last forward pass; X was the input of the network.
    pub(crate) fn input<'w>(&'w self, l: usize, x: TilesRef<'w, F>) -> TilesRef<'w, F> {
        if l == 0 { x } else { self.output(l - 1) }
    }

    /// dZ of layer `l` of the last backward pass, (units, m).
    pub(crate) fn delta(&self, l: usize) -> TilesRef<'_, F> {
        let layer = &self.layers[l];
        TilesRef::new(&layer.delta[..layer.units * lines_of::<F>(self.m)], layer.units, self.m)
    }

    /// Bytes held, so that the memory of a batch is a number one can print.
    pub fn bytes(&self) -> usize {
        let lines = |lines: &Vec<F::Line>| size_of_val(lines.as_slice());
        let layer = |l: &LayerWork<F>| {
            let norm = l.norm.as_ref().map_or(0, NormWork::bytes);
            lines(&l.output) + lines(&l.dropped) + lines(&l.delta) + size_of_val(l.mask.as_slice()) + norm
        };
        self.layers.iter().map(layer).sum()
    }
}
