//! Mini-batches: shuffle the examples, cut pieces from the left, the rest is the last piece, or part of it.

use std::ops::Range;

use crate::recipe::Seed;
use crate::rng::NumpyRng;
use crate::{EngineError, Float, Isa, MatRef, OneHot, Targets, Tiles, TilesRef, YRef};

/// Where batches begin and end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// Examples in all.
    m: usize,
    size: usize,
    count: usize,
}

impl Cut {
    /// `m` examples in batches of `size`; without a size, one batch of all. The rest is the last batch; fewer than `least`
    /// join the batch before.
    pub(crate) fn new(m: usize, size: Option<usize>, least: usize) -> Self {
        let size = size.unwrap_or(m).clamp(1, m.max(1));
        Self { m, size, count: m / size + usize::from(m % size >= least) }
    }

    /// Examples in the largest batch.
    pub(crate) fn largest(&self) -> usize {
        let last = self.m - self.count.saturating_sub(1) * self.size;
        last.max(self.size).min(self.m)
    }

    /// The examples of batch `k`, by their places in the order of the epoch.
    fn batch(&self, k: usize) -> Range<usize> {
        let start = k * self.size;
        start..if k + 1 == self.count { self.m } else { start + self.size }
    }
}

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
pub struct Batches<F: Float> {
    source: Source<F>,
    /// Instead of a Y, where it is made of classes.
    classes: Option<OneHot<Vec<u32>, F>>,
    cut: Cut,
    seed: Seed,
    shuffle: NumpyRng,
    order: Vec<usize>,
    /// The order is somebody else's.
    is_given: bool,
}

/// X, Y, and the weight of each example: a row of it, or none where all count the same.
#[derive(Debug)]
enum Source<F: Float> {
    /// In tiles, where the whole set is the only batch.
    Whole([Tiles<F>; 3]),
    /// Example by example, where batches are gathered: an example is then read from one place.
    Rows([Rows<F>; 3]),
}

/// A matrix with an example per row.
#[derive(Debug)]
struct Rows<F> {
    cols: usize,
    numbers: Vec<F>,
}

impl<F: Float> Rows<F> {
    fn view(&self, m: usize) -> MatRef<'_, F> {
        MatRef::new(&self.numbers, m, self.cols)
    }
}

/// The examples of a step.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'b, F: Float> {
    sets: Sets<'b, F>,
    classes: Option<OneHot<&'b [u32], F>>,
}

/// X, Y and weights of examples.
#[derive(Clone, Copy, Debug)]
enum Sets<'b, F: Float> {
    /// All of them, X (features, m), Y (outputs, m) and weights (1 or 0, m), in tiles.
    Whole([TilesRef<'b, F>; 3]),
    /// Some, to be gathered from X (m, features), Y (m, outputs) and weights (m, 1 or 0) with an example per row.
    Chosen([MatRef<'b, F>; 3], &'b [usize]),
}

impl<F: Float> Batch<'_, F> {
    /// Number of examples.
    pub fn m(&self) -> usize {
        match self.sets {
            Sets::Whole([x, ..]) => x.m(),
            Sets::Chosen(_, examples) => examples.len(),
        }
    }

    /// A copy of its X (features, m) and Y (outputs, m), to look at.
    pub fn to_tiles(&self) -> [Tiles<F>; 2] {
        let m = self.m();
        let rows = match self.sets {
            Sets::Whole(sets) => sets.map(|set| set.rows()),
            Sets::Chosen(sets, _) => sets.map(|set| set.cols()),
        };
        let [x, y, weights] = rows.map(|rows| Tiles::zeros(rows, m));
        let y = self.classes.map_or(y, |classes| Tiles::zeros(classes.outputs(), m));
        let mut room = [x, y, weights];
        self.gather(Isa::best(), 0, m, &mut room);
        let (x, targets) = self.examples(0, m, &room);
        [x, targets.y].map(|set| Tiles::from_matrix(MatRef::new(&set.to_vec(), set.rows(), set.m())))
    }

    /// Gather `count` examples from `first` on, or as many as there are, if they do not lie in tiles already.
    pub(crate) fn gather(&self, isa: Isa, first: usize, count: usize, room: &mut [Tiles<F>; 3]) {
        let [x, y, weights] = room;
        let some = first..self.m().min(first + count);
        match (self.sets, self.classes) {
            (Sets::Whole(_), None) => {}
            (Sets::Whole(_), Some(classes)) => classes.fill(some, y),
            (Sets::Chosen([of_x, of_y, of_weights], examples), classes) => {
                let examples = &examples[some];
                x.gather(isa, of_x, examples);
                weights.gather(isa, of_weights, examples);
                match classes {
                    None => y.gather(isa, of_y, examples),
                    Some(classes) => classes.fill(examples.iter().copied(), y),
                }
            }
        }
    }

    /// X of those examples, and what is to come out of it, in tiles. `first` begins a tile of a whole set.
    #[inline]
    pub(crate) fn examples<'r>(
        &'r self,
        first: usize,
        count: usize,
        gathered: &'r [Tiles<F>; 3],
    ) -> (TilesRef<'r, F>, Targets<'r, F>) {
        let [x, y, weights] = match &self.sets {
            Sets::Whole(sets) => sets.map(|set| set.examples(first, count)),
            Sets::Chosen(..) => gathered.each_ref().map(Tiles::view),
        };
        let y = if self.classes.is_some() { gathered[1].view() } else { y };
        (x, Targets { y, weights: (weights.rows() > 0).then_some(weights) })
    }
}

impl<F: Float> Batches<F> {
    /// Cut X (features, m) and Y (outputs, m) into batches of `size`; without a size, one batch of all.
    pub fn new<'y>(x: MatRef<'_, F>, y: impl Into<YRef<'y, F>>, size: Option<usize>, seed: Seed) -> Self {
        Self::weighted(x, y.into(), &[], Cut::new(x.cols(), size, 1), seed)
    }

    /// The same, cut so, with a weight for each example, or none at all.
    pub(crate) fn weighted(x: MatRef<'_, F>, y: YRef<'_, F>, weights: &[F], cut: Cut, seed: Seed) -> Self {
        let m = cut.m;
        let (y, classes) = match y {
            YRef::Matrix(y) => (y, None),
            YRef::OneHot(y) => (MatRef::new(&[], 0, m), Some(y.to_owned())),
        };
        let sets = [x, y, MatRef::new(weights, usize::from(!weights.is_empty()), m)];
        let source = match cut.count > 1 {
            true => Source::Rows(sets.map(|set| Rows { cols: set.rows(), numbers: set.transposed() })),
            false => Source::Whole(sets.map(Tiles::from_matrix)),
        };
        Self { source, classes, cut, seed, shuffle: seed.shuffle(), order: (0..m).collect(), is_given: false }
    }

    /// Batches per epoch.
    pub fn count(&self) -> usize {
        self.cut.count
    }

    /// Examples in the largest batch.
    pub fn size(&self) -> usize {
        self.cut.largest()
    }

    /// Examples have weights.
    pub(crate) fn is_weighted(&self) -> bool {
        match &self.source {
            Source::Whole([.., weights]) => weights.view().rows() > 0,
            Source::Rows([.., weights]) => weights.cols > 0,
        }
    }

    /// Y is made of classes, of which those at work are made tiles.
    pub(crate) fn has_classes(&self) -> bool {
        self.classes.is_some()
    }

    /// Leave the order of the examples as it is given here, each once, until orders are drawn again.
    pub(crate) fn set_order(&mut self, order: &[usize]) -> Result<(), EngineError> {
        let mut seen = vec![false; self.cut.m];
        let is_new =
            |&example: &usize| seen.get_mut(example).is_some_and(|seen| !std::mem::replace(seen, true));
        if order.len() != self.cut.m || !order.iter().all(is_new) {
            return Err(EngineError::Order { examples: self.cut.m });
        }
        self.order.copy_from_slice(order);
        self.is_given = true;
        Ok(())
    }

    pub(crate) fn draw_orders(&mut self) {
        self.is_given = false;
    }

    /// Σ w over the examples of batch `k`, where their mean over all examples is 1.
    pub(crate) fn weight(&self, k: usize) -> f64 {
        let examples = self.cut.batch(k);
        match &self.source {
            Source::Rows([.., weights]) if weights.cols > 0 => {
                self.order[examples].iter().map(|&example| weights.numbers[example].to_f64()).sum()
            }
            _ => examples.len() as f64,
        }
    }

    /// Shuffle for epoch `epoch`, counted from 0.
    pub fn start_epoch(&mut self, epoch: u64) {
        if self.is_whole() || self.is_given {
            return;
        }
        self.shuffle = self.generator_of(epoch);
        self.shuffle.permutation_into(&mut self.order);
    }

    /// The examples of batch `k` of this epoch; of the one after it where `is_next`, whose order is not drawn yet.
    pub(crate) fn examples(&self, k: usize, epoch: u64, is_next: bool) -> Vec<usize> {
        let mut order = self.order.clone();
        if is_next && !self.is_whole() && !self.is_given {
            self.generator_of(epoch).permutation_into(&mut order);
        }
        order[self.cut.batch(k)].to_vec()
    }

    /// The generator of an epoch's order; where it is not seeded anew, it has drawn those before.
    fn generator_of(&self, epoch: u64) -> NumpyRng {
        match self.seed {
            Seed::Course { shuffle, .. } => NumpyRng::new(shuffle.wrapping_add(epoch as u32)),
            Seed::Streams(_) => self.shuffle.clone(),
        }
    }

    /// Begin anew, as if `epochs` epochs had been started. Drawing their permutations again takes a small part of the
    /// time those epochs took, and spares whoever keeps a training the state of a generator.
    pub(crate) fn restart_at(&mut self, epochs: u64) {
        self.shuffle = self.seed.shuffle();
        // The course's generator is seeded anew for every epoch.
        if matches!(self.seed, Seed::Streams(_)) {
            (0..epochs).for_each(|epoch| self.start_epoch(epoch));
        }
    }

    /// Batch `k` of this epoch.
    pub fn batch(&self, k: usize) -> Batch<'_, F> {
        let sets = match &self.source {
            Source::Whole(sets) => Sets::Whole(sets.each_ref().map(Tiles::view)),
            Source::Rows(sets) => {
                let examples = &self.order[self.cut.batch(k)];
                Sets::Chosen(sets.each_ref().map(|rows| rows.view(self.cut.m)), examples)
            }
        };
        Batch { sets, classes: self.classes.as_ref().map(OneHot::view) }
    }

    /// All examples are one batch.
    pub fn is_whole(&self) -> bool {
        matches!(self.source, Source::Whole(_))
    }
}
