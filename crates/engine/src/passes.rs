//! Forward and backward over a batch: cut into blocks of examples, on several threads.
//!
//! Of a small network, one block goes through after the other, each while it is in the caches. Of a large one,
//! several blocks go through side by side, and then the gradient is added up, its pieces side by side. A batch that is
//! normalised is one block.

use std::ops::Range;

use nablab_kernel::TILE;

use crate::batch_norm::NormWork;
use crate::batches::{Batch, Batches};
use crate::dropout::Masks;
use crate::gradient::Gradient;
use crate::threads::Threads;
use crate::{Float, Isa, Layout, Network, Pass, Tiles, Workspace};

/// Examples that go through a large network before its gradient is added up: their layers' outputs are kept.
const AT_ONCE: usize = 1024;

#[derive(Debug)]
pub(crate) struct Passes<F: Float> {
    isa: Isa,
    threads: Threads,
    /// Examples of a block.
    size: usize,
    blocks: Vec<Block<F>>,
    gradient: Gradient<F>,
    /// Partial sums of the loss.
    loss: F::Line,
}

/// Examples on their way through the network.
#[derive(Debug)]
struct Block<F: Float> {
    /// X, Y and weights, those of them that are gathered for the batch.
    gathered: [Tiles<F>; 3],
    work: Workspace<F>,
}

impl<F: Float> Passes<F> {
    /// For the batches of a training.
    pub(crate) fn new(network: &Network, batches: &Batches<F>, threads: Threads) -> Self {
        let (m, is_gathered) = (batches.size(), !batches.is_whole());
        // Blocks of one line of examples, so that there are enough for all threads; but whole tiles where masks are
        // drawn or examples lie in tiles.
        let grain = if is_gathered && !network.has_dropout() { F::LANES } else { TILE * F::LANES };
        let share = m.div_ceil(threads.count()).next_multiple_of(grain);
        let (size, count) = if network.has_batch_norm() {
            (m, 1)
        } else if network.is_small() {
            (network.block::<F>(m), 1)
        } else {
            let size = network.block::<F>(m).min(share);
            (size, m.min(AT_ONCE.max(size * threads.count())).div_ceil(size))
        };
        let room = if is_gathered { size } else { 0 };
        let gathered = [
            Tiles::zeros(network.inputs(), room),
            Tiles::zeros(network.outputs(), if batches.has_classes() { size } else { room }),
            Tiles::zeros(usize::from(batches.is_weighted()), room),
        ];
        let block = || Block { gathered: gathered.clone(), work: Workspace::new(network, size) };
        Self {
            isa: Isa::best(),
            threads,
            size,
            blocks: std::iter::repeat_with(block).take(count).collect(),
            gradient: Gradient::new(network),
            loss: F::ZERO_LINE,
        }
    }

    /// Compute on this instruction set.
    pub(crate) fn with_isa(self, isa: Isa) -> Self {
        let block = |block: Block<F>| Block { work: block.work.with_isa(isa), ..block };
        Self {
            isa,
            blocks: self.blocks.into_iter().map(block).collect(),
            gradient: self.gradient.with_isa(isa),
            ..self
        }
    }

    /// Examples of a block.
    pub(crate) fn block(&self) -> usize {
        self.size
    }

    pub(crate) fn isa(&self) -> Isa {
        self.isa
    }

    pub(crate) fn threads(&self) -> &Threads {
        &self.threads
    }

    /// Move the running statistics of normalised layers towards those of the batch of `m` examples that went through
    /// last.
    pub(crate) fn follow_statistics(&self, layout: &Layout, params: &mut [F], m: usize) {
        self.statistics(layout).for_each(|(range, norm)| norm.follow(m, &mut params[range]));
    }

    /// The first component that [`Self::follow_statistics`] would make infinite or no number.
    pub(crate) fn first_lost_statistic(&self, layout: &Layout, params: &[F], m: usize) -> Option<usize> {
        self.statistics(layout)
            .find_map(|(range, norm)| Some(range.start + norm.first_lost(m, &params[range])?))
    }

    /// Where the running statistics of each normalised layer lie, and those of the batch.
    fn statistics(&self, layout: &Layout) -> impl Iterator<Item = (Range<usize>, &NormWork<F>)> {
        self.blocks[0].work.layers.iter().enumerate().filter_map(|(l, layer)| {
            let norm = layer.norm.as_ref()?;
            let [_, _, _, mean, variance] = layout.layer_slots(l) else { return None };
            Some((mean.range.start..variance.range.end, norm))
        })
    }

    /// The summed gradient, and on what to compute.
    pub(crate) fn parts(&mut self) -> (&mut Gradient<F>, (&Threads, Isa)) {
        (&mut self.gradient, (&self.threads, self.isa))
    }

    /// Add up the gradient of the summed loss of a batch, and compute that loss where asked for.
    pub(crate) fn run(
        &mut self,
        network: &Network,
        params: &[F],
        batch: &Batch<'_, F>,
        wants_loss: bool,
        masks: &mut Masks,
    ) -> Option<F> {
        let (isa, m) = (self.isa, batch.m());
        for first in (0..m).step_by(self.size * self.blocks.len()) {
            let used = (m - first).div_ceil(self.size).min(self.blocks.len());
            let blocks = &mut self.blocks[..used];
            let starts = (first..m).step_by(self.size);
            for (block, first) in blocks.iter_mut().zip(starts.clone()) {
                masks.put_into(&mut block.work, first, self.size.min(m - first));
            }
            self.threads.each(blocks.iter_mut().zip(starts.clone()), |(block, first)| {
                batch.gather(isa, first, self.size, &mut block.gathered);
                let (x, targets) = batch.examples(first, self.size, &block.gathered);
                network.forward(params, x, Pass::Train, &mut block.work);
                network.backward(params, targets, &mut block.work);
            });
            let passed = blocks.iter().zip(starts).map(|(block, first)| {
                let (x, targets) = batch.examples(first, self.size, &block.gathered);
                (x, targets, &block.work)
            });
            if wants_loss {
                for (_, targets, work) in passed.clone() {
                    network.loss().add_value(isa, work.logits(), targets, &mut self.loss);
                }
            }
            self.gradient.add_blocks(&self.threads, passed.map(|(x, _, work)| (x, work)));
        }
        wants_loss.then(|| F::sum_of_lanes(isa, &std::mem::replace(&mut self.loss, F::ZERO_LINE)))
    }
}
