//! Mini-batches: shuffle the examples, cut pieces from the left, the rest is the last piece.

use crate::kernel::simd::Isa;
use crate::recipe::Seed;
use crate::rng::{NumpyRng, Stream};
use crate::tiles::TilesRef;
use crate::{Float, MatRef, Tiles};

/// The order in which a training sees its examples.
///
/// A permutation p per epoch; new column j is old column `p[j]`. If all examples fit into one batch nothing is
/// shuffled: the order of a full batch decides only round-off.
///
/// ```
/// use nablab_engine::batches::Batches;
/// use nablab_engine::{MatRef, Seed};
/// let (x, y) = ([0.0, 1.0, 2.0, 3.0, 4.0], [0.0; 5]);
/// let (x, y) = (MatRef::new(&x, 1, 5), MatRef::new(&y, 1, 5));
/// let mut batches = Batches::new(x, y, Some(2), Seed::Course { weights: 0, dropout: 0, shuffle: 0 });
/// batches.start_epoch(0);
/// // np.random.seed(0); np.random.permutation(5)
/// let seen: Vec<Vec<f64>> = (0..batches.count()).map(|k| batches.batch(k).to_tiles()[0].view().to_vec()).collect();
/// assert_eq!(seen, [vec![2.0, 0.0], vec![1.0, 3.0], vec![4.0]]);
/// ```
#[derive(Debug)]
pub struct Batches<'a, F: Float> {
    x: MatRef<'a, F>,
    y: MatRef<'a, F>,
    /// X and Y example by example, where batches are gathered: an example is then read from one place.
    examples: [Vec<F>; 2],
    size: usize,
    seed: Seed,
    shuffle: NumpyRng,
    order: Vec<usize>,
    /// X and Y in tiles where the whole set is the only batch.
    whole: Option<[Tiles<F>; 2]>,
}

/// The examples of a step.
#[derive(Clone, Copy, Debug)]
pub enum Batch<'b, F: Float> {
    /// All of them, X (features, m) and Y (outputs, m), in tiles.
    Whole([TilesRef<'b, F>; 2]),
    /// Some, to be gathered from X (m, features) and Y (m, outputs) with an example per row.
    Chosen([MatRef<'b, F>; 2], &'b [usize]),
}

impl<F: Float> Batch<'_, F> {
    /// Number of examples.
    pub fn m(&self) -> usize {
        match self {
            Self::Whole([x, _]) => x.m(),
            Self::Chosen(_, examples) => examples.len(),
        }
    }

    /// A copy of its X (features, m) and Y (outputs, m), to look at.
    pub fn to_tiles(&self) -> [Tiles<F>; 2] {
        match self {
            Self::Whole(sets) => {
                sets.map(|set| Tiles::from_matrix(MatRef::new(&set.to_vec(), set.rows(), set.m())))
            }
            Self::Chosen(sets, examples) => sets.map(|set| {
                let mut tiles = Tiles::zeros(set.cols(), examples.len());
                tiles.gather(Isa::best(), set, examples);
                tiles
            }),
        }
    }

    /// Gather `count` examples from `first` on, or as many as there are, if they do not lie in tiles already.
    pub(crate) fn gather(&self, isa: Isa, first: usize, count: usize, room: &mut [Tiles<F>; 2]) {
        if let Self::Chosen(sets, examples) = self {
            let examples = &examples[first..examples.len().min(first + count)];
            for (room, &set) in room.iter_mut().zip(sets) {
                room.gather(isa, set, examples);
            }
        }
    }

    /// X and Y of those examples, in tiles. `first` begins a tile of a whole set.
    #[inline]
    pub(crate) fn examples<'r>(
        &'r self,
        first: usize,
        count: usize,
        gathered: &'r [Tiles<F>; 2],
    ) -> (TilesRef<'r, F>, TilesRef<'r, F>) {
        match self {
            Self::Whole([x, y]) => (x.examples(first, count), y.examples(first, count)),
            Self::Chosen(..) => (gathered[0].view(), gathered[1].view()),
        }
    }
}

impl<'a, F: Float> Batches<'a, F> {
    /// Cut X (features, m) and Y (outputs, m) into batches of `size`; without a size, one batch of all.
    pub fn new(x: MatRef<'a, F>, y: MatRef<'a, F>, size: Option<usize>, seed: Seed) -> Self {
        let m = x.cols();
        let size = size.unwrap_or(m).min(m);
        let transposed = |matrix: MatRef<'_, F>| match size < m {
            true => matrix.transposed(),
            false => Vec::new(),
        };
        let shuffle = match seed {
            Seed::Streams(seed) => Stream::Shuffle.rng(seed),
            Seed::Course { shuffle, .. } => NumpyRng::new(shuffle),
        };
        Self {
            x,
            y,
            examples: [transposed(x), transposed(y)],
            size,
            seed,
            shuffle,
            order: (0..m).collect(),
            whole: (size == m).then(|| [Tiles::from_matrix(x), Tiles::from_matrix(y)]),
        }
    }

    /// Batches per epoch.
    pub fn count(&self) -> usize {
        self.x.cols().div_ceil(self.size)
    }

    /// Examples in the largest batch.
    pub fn size(&self) -> usize {
        self.size
    }

    /// Shuffle for epoch `epoch`, counted from 0.
    pub fn start_epoch(&mut self, epoch: u64) {
        if self.is_whole() {
            return;
        }
        if let Seed::Course { shuffle, .. } = self.seed {
            self.shuffle = NumpyRng::new(shuffle.wrapping_add(epoch as u32));
        }
        self.shuffle.permutation_into(&mut self.order);
    }

    /// Batch `k` of this epoch.
    pub fn batch(&self, k: usize) -> Batch<'_, F> {
        if let Some([x, y]) = &self.whole {
            return Batch::Whole([x.view(), y.view()]);
        }
        let examples = &self.order[k * self.size..((k + 1) * self.size).min(self.order.len())];
        let [x, y] = &self.examples;
        let rows = |rows, of: MatRef<'_, F>| MatRef::new(rows, of.cols(), of.rows());
        Batch::Chosen([rows(x, self.x), rows(y, self.y)], examples)
    }

    /// All examples are one batch.
    pub fn is_whole(&self) -> bool {
        self.whole.is_some()
    }
}
