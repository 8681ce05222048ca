//! The gradient of a batch: sums over examples, block by block.
//!
//! | network | what is kept | a sum over examples |
//! | --- | --- | --- |
//! | small | a line of partial sums for each parameter | lane l adds examples l, l + LANES, …; lanes are joined at the end |
//! | large | dW in tiles whose lanes are inputs; lines for db as above | one chain per weight, from the first example to the last |

use nablab_kernel::{TILE, lines_of};

use crate::dense::dense_backward;
use crate::threads::Threads;
use crate::{Float, Isa, Layout, Network, Role, Slot, TilesRef, Workspace};

/// The gradient of a *summed* loss, while blocks of examples are added to it.
///
/// ```
/// use nablab_engine::{Gradient, Loss, MatRef, Network, Pass, Tiles, Workspace};
/// let network = Network::new(1, &[], 1, Loss::SquaredError); // ½ (w x + b − y)²
/// let (x, y) = ([1.0, 2.0], [0.0, 0.0]);
/// let [x, y] = [x, y].map(|row| Tiles::from_matrix(MatRef::new(&row, 1, 2)));
/// let (mut work, mut gradient) = (Workspace::new(&network, 2), Gradient::new(&network));
/// network.forward(&[3.0, 0.5], x.view(), Pass::Train, &mut work);
/// network.backward(&[3.0, 0.5], y.view(), &mut work);
/// gradient.add(x.view(), &work);
/// let mut mean = [0.0; 2];
/// gradient.take(0.5, &mut mean); // one half, for the mean over two examples
/// assert_eq!(mean, [(3.5 * 1.0 + 6.5 * 2.0) / 2.0, (3.5 + 6.5) / 2.0]);
/// ```
#[derive(Clone, Debug)]
pub struct Gradient<F: Float> {
    layout: Layout,
    isa: Isa,
    sums: Sums<F>,
}

#[derive(Clone, Debug)]
enum Sums<F: Float> {
    /// A line for each parameter.
    Lanes(Vec<F::Line>),
    /// The sums of each layer, and whether nothing was added to them yet.
    Tiles(Vec<LayerSums<F>>, bool),
}

#[derive(Clone, Debug)]
struct LayerSums<F: Float> {
    dw: Vec<F::Line>,
    db: Vec<F::Line>,
    /// Empty where the layer is not normalised.
    dgamma: Vec<F::Line>,
}

/// A piece of the gradient that one thread adds up.
enum Part<'a, F: Float> {
    /// Tile `tile` of dW of layer `l`.
    Weights { l: usize, tile: usize, dw: &'a mut [F::Line] },
    /// db and dγ of layer `l`.
    Columns { l: usize, db: &'a mut [F::Line], dgamma: &'a mut [F::Line] },
}

impl<F: Float> Gradient<F> {
    /// Nothing yet.
    pub fn new(network: &Network) -> Self {
        let layout = network.layout().clone();
        let sums = if network.is_small() {
            Sums::Lanes(vec![F::ZERO_LINE; layout.len()])
        } else {
            let layer = |slots: &[Slot]| {
                let (units, inputs) = (slots[0].rows, slots[0].cols);
                LayerSums {
                    dw: vec![F::ZERO_LINE; units * lines_of::<F>(inputs)],
                    db: vec![F::ZERO_LINE; units],
                    dgamma: vec![F::ZERO_LINE; slots.get(2).map_or(0, |gamma| gamma.rows)],
                }
            };
            Sums::Tiles(layout.by_layer().map(layer).collect(), true)
        };
        Self { layout, isa: Isa::best(), sums }
    }

    /// Compute on this instruction set, not on the best.
    pub fn with_isa(self, isa: Isa) -> Self {
        Self { isa, ..self }
    }

    /// Add the examples that went forward and backward in `work` last; X as then.
    pub fn add(&mut self, x: TilesRef<'_, F>, work: &Workspace<F>) {
        self.add_blocks(&Threads::ONE, [(x, work)].into_iter());
    }

    /// Add several blocks, in this order.
    ///
    /// For each layer, from what the passes kept: dW += dZ·Xᵀ and db += Σ dZ, with X the output of the layer before.
    pub(crate) fn add_blocks<'b>(
        &mut self,
        threads: &Threads,
        blocks: impl Iterator<Item = (TilesRef<'b, F>, &'b Workspace<F>)> + Clone + Send + Sync,
    ) {
        let isa = self.isa;
        match &mut self.sums {
            Sums::Lanes(lanes) => {
                for (x, work) in blocks {
                    for l in 0..work.layers.len() {
                        let [dw, db, dgamma] = self.layout.layer_parts(l, lanes);
                        let (input, dz) = (work.input(l, x), work.delta(l));
                        match &work.layers[l].norm {
                            None => dense_backward(isa, input, dz, dw, db),
                            Some(norm) => {
                                dense_backward(isa, input, dz, dw, &mut []);
                                norm.add_sums(db, dgamma);
                            }
                        }
                    }
                }
            }
            Sums::Tiles(layers, is_empty) => {
                let was_empty = std::mem::take(is_empty);
                threads.each(
                    layers.iter_mut().enumerate().flat_map(|(l, layer)| layer.parts(l)),
                    |mut part| {
                        for (i, (x, work)) in blocks.clone().enumerate() {
                            match &mut part {
                                Part::Weights { l, tile, dw } => {
                                    let (dz, x) = (work.delta(*l), work.input(*l, x));
                                    F::add_dz_xt(isa, dz, x, *tile, was_empty && i == 0, dw);
                                }
                                Part::Columns { l, db, dgamma } => match &work.layers[*l].norm {
                                    None => {
                                        let dz = work.delta(*l);
                                        dense_backward(isa, TilesRef::new(&[], 0, dz.m()), dz, &mut [], db);
                                    }
                                    Some(norm) => norm.add_sums(db, dgamma),
                                },
                            }
                        }
                    },
                );
            }
        }
    }

    /// Set `grads` to the sum, times a factor, and begin anew.
    pub fn take(&mut self, factor: F, grads: &mut [F]) {
        assert_eq!(grads.len(), self.layout.len(), "a number for each parameter");
        self.write(factor, 0, grads);
        self.clear();
    }

    /// The sums of the components from `start` on, times a factor: whole rows of slots.
    pub(crate) fn write(&self, factor: F, start: usize, grads: &mut [F]) {
        match &self.sums {
            Sums::Lanes(lanes) => F::set_joined(self.isa, &lanes[start..start + grads.len()], factor, grads),
            Sums::Tiles(layers, _) => {
                let by_layer = self.layout.by_layer().zip(layers);
                for (slot, layer) in by_layer.flat_map(|(slots, layer)| slots.iter().map(move |s| (s, layer)))
                {
                    let range = slot.range.start.max(start)..slot.range.end.min(start + grads.len());
                    if range.is_empty() {
                        continue;
                    }
                    let (rows, cols) = (slot.rows, slot.cols);
                    let row = (range.start - slot.range.start) / cols;
                    let out = &mut grads[range.start - start..range.end - start];
                    let some = row..row + out.len();
                    match slot.role {
                        Role::Weight => F::set_rows(self.isa, &layer.dw, (rows, cols), row, factor, out),
                        Role::Bias => F::set_joined(self.isa, &layer.db[some], factor, out),
                        Role::Gain => F::set_joined(self.isa, &layer.dgamma[some], factor, out),
                        Role::Mean | Role::Variance => out.fill(F::ZERO),
                    }
                }
            }
        }
    }

    /// Begin anew.
    pub(crate) fn clear(&mut self) {
        match &mut self.sums {
            Sums::Lanes(lanes) => lanes.fill(F::ZERO_LINE),
            Sums::Tiles(layers, is_empty) => {
                *is_empty = true;
                for layer in layers {
                    layer.db.fill(F::ZERO_LINE);
                    layer.dgamma.fill(F::ZERO_LINE);
                }
            }
        }
    }
}

impl<F: Float> LayerSums<F> {
    fn parts(&mut self, l: usize) -> impl Iterator<Item = Part<'_, F>> {
        let units = self.db.len();
        let weights = self.dw.chunks_mut(units * TILE).enumerate();
        let weights = weights.map(move |(tile, dw)| Part::Weights { l, tile, dw });
        weights.chain([Part::Columns { l, db: &mut self.db, dgamma: &mut self.dgamma }])
    }
}
