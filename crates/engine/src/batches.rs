//! Mini-batches: shuffle the examples, cut pieces from the left, the rest is the last piece.

use crate::recipe::Seed;
use crate::rng::{NumpyRng, Stream};
use crate::tiles::TilesRef;
use crate::{Float, MatRef, Tiles};

/// The order in which a training sees its examples, and one batch gathered from it.
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
/// let seen: Vec<Vec<f64>> = (0..batches.count()).map(|k| batches.batch(k).0.to_vec()).collect();
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
    /// The batch at hand, or the whole set where it is the only batch.
    x_batch: Tiles<F>,
    y_batch: Tiles<F>,
}

impl<'a, F: Float> Batches<'a, F> {
    /// Cut X (features, m) and Y (outputs, m) into batches of `size`; without a size, one batch of all.
    pub fn new(x: MatRef<'a, F>, y: MatRef<'a, F>, size: Option<usize>, seed: Seed) -> Self {
        let m = x.cols();
        let size = size.unwrap_or(m).min(m);
        let whole_or_room = |matrix: MatRef<'_, F>| match size < m {
            true => Tiles::zeros(matrix.rows(), size),
            false => Tiles::from_matrix(matrix),
        };
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
            x_batch: whole_or_room(x),
            y_batch: whole_or_room(y),
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

    /// Batch `k` of this epoch: X (features, size) and Y (outputs, size).
    pub fn batch(&mut self, k: usize) -> (TilesRef<'_, F>, TilesRef<'_, F>) {
        if !self.is_whole() {
            let examples = &self.order[k * self.size..((k + 1) * self.size).min(self.order.len())];
            let [x, y] = &self.examples;
            self.x_batch.gather(MatRef::new(x, self.x.cols(), self.x.rows()), examples);
            self.y_batch.gather(MatRef::new(y, self.y.cols(), self.y.rows()), examples);
        }
        (self.x_batch.view(), self.y_batch.view())
    }

    /// All examples are one batch.
    fn is_whole(&self) -> bool {
        self.size >= self.x.cols()
    }
}
