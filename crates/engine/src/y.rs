//! Y: what is to come out for each example, as a matrix or as one class among several.

use crate::{Float, MatRef, Tiles, TilesRef};

/// One class among several for each example.
///
/// Y (outputs, m) has one value in the row of an example's class, and another one in all other rows. With thousands of classes
/// it does not fit into memory, but the classes do: of Y there are only ever the examples at work.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OneHot<C, F> {
    classes: C,
    outputs: usize,
    /// Of all other classes, and of the example's.
    values: [F; 2],
}

/// Y (outputs, m), borrowed.
///
/// ```
/// use nablab_engine::{MatRef, Y, YRef};
/// let classes = Y::<f64>::classes(vec![1, 0, 2], 3);
/// let matrix = [0.0, 1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0];
/// assert_eq!(classes.view(3).to_vec(), matrix);
/// assert_eq!(YRef::from(MatRef::new(&matrix, 3, 3)).at(1, 0), 1.0);
/// ```
#[derive(Clone, Copy, Debug)]
pub enum YRef<'y, F> {
    /// Any numbers.
    Matrix(MatRef<'y, F>),
    /// A class of several.
    OneHot(OneHot<&'y [u32], F>),
}

/// Y (outputs, m).
#[derive(Clone, Debug, PartialEq)]
pub enum Y<F> {
    /// Any numbers, row by row.
    Matrix(Vec<F>),
    /// A class of several.
    OneHot(OneHot<Vec<u32>, F>),
}

impl<C: AsRef<[u32]>, F: Float> OneHot<C, F> {
    pub(crate) fn view(&self) -> OneHot<&[u32], F> {
        OneHot { classes: self.classes.as_ref(), outputs: self.outputs, values: self.values }
    }

    /// The class of example `j`.
    pub fn class(&self, j: usize) -> usize {
        self.classes.as_ref()[j] as usize
    }

    /// Rows of Y.
    pub(crate) fn outputs(&self) -> usize {
        self.outputs
    }

    fn m(&self) -> usize {
        self.classes.as_ref().len()
    }

    fn at(&self, i: usize, j: usize) -> F {
        self.values[usize::from(self.class(j) == i)]
    }

    /// Fill tiles with Y of some examples.
    pub(crate) fn fill(&self, examples: impl ExactSizeIterator<Item = usize>, tiles: &mut Tiles<F>) {
        tiles.fill_one_hot(examples.map(|j| self.class(j)), self.values);
    }
}

impl<'y, F: Float> From<MatRef<'y, F>> for YRef<'y, F> {
    fn from(matrix: MatRef<'y, F>) -> Self {
        Self::Matrix(matrix)
    }
}

impl<F: Float> YRef<'_, F> {
    /// Rows of Y: logits of the network that is to tell it.
    pub fn outputs(&self) -> usize {
        match self {
            Self::Matrix(y) => y.rows(),
            Self::OneHot(y) => y.outputs,
        }
    }

    /// Number of examples.
    pub fn m(&self) -> usize {
        match self {
            Self::Matrix(y) => y.cols(),
            Self::OneHot(y) => y.m(),
        }
    }

    /// Entry of output `i`, example `j`.
    pub fn at(&self, i: usize, j: usize) -> F {
        match self {
            Self::Matrix(y) => y.at(i, j),
            Self::OneHot(y) => y.at(i, j),
        }
    }

    /// Row by row.
    pub fn to_vec(&self) -> Vec<F> {
        (0..self.outputs()).flat_map(|i| (0..self.m()).map(move |j| self.at(i, j))).collect()
    }

    /// All of it in tiles: for a sample.
    pub(crate) fn to_tiles(self) -> Tiles<F> {
        match self {
            Self::Matrix(y) => Tiles::from_matrix(y),
            Self::OneHot(y) => {
                let mut tiles = Tiles::zeros(y.outputs, y.m());
                y.fill(0..y.m(), &mut tiles);
                tiles
            }
        }
    }

    /// The first number that is not finite: its output, its example, and it.
    pub(crate) fn first_infinite(&self) -> Option<(usize, usize, F)> {
        match self {
            Self::Matrix(y) => {
                let at = y.data().iter().position(|v| !v.is_finite())?;
                Some((at / y.cols(), at % y.cols(), y.data()[at]))
            }
            Self::OneHot(y) => Some((0, 0, y.values.into_iter().find(|v| !v.is_finite())?)),
        }
    }
}

impl<F: Float> Y<F> {
    /// Y of the class of each example: 1 in its row, and 0 elsewhere.
    ///
    /// # Panics
    /// If one is not below `outputs`.
    pub fn classes(classes: Vec<u32>, outputs: usize) -> Self {
        assert!(classes.iter().all(|&class| (class as usize) < outputs), "classes below {outputs}");
        Self::OneHot(OneHot { classes, outputs, values: [F::ZERO, F::ONE] })
    }

    /// As the engine reads it, of `m` examples.
    ///
    /// # Panics
    /// If it is not of so many.
    pub fn view(&self, m: usize) -> YRef<'_, F> {
        match self {
            Self::Matrix(numbers) => YRef::Matrix(MatRef::new(numbers, numbers.len() / m.max(1), m)),
            Self::OneHot(y) => {
                assert_eq!(y.m(), m, "examples");
                YRef::OneHot(y.view())
            }
        }
    }

    /// Every number exchanged for another one.
    pub fn map(&self, of: impl Fn(F) -> F) -> Self {
        match self {
            Self::Matrix(numbers) => Self::Matrix(numbers.iter().map(|&y| of(y)).collect()),
            Self::OneHot(y) => Self::OneHot(OneHot { values: y.values.map(of), ..y.clone() }),
        }
    }

    /// Of some of `m` examples, in this order.
    pub fn of_examples(&self, m: usize, examples: &[usize]) -> Self {
        match self {
            Self::Matrix(numbers) => {
                let rows = numbers.chunks_exact(m);
                Self::Matrix(rows.flat_map(|row| examples.iter().map(|&j| row[j])).collect())
            }
            Self::OneHot(y) => {
                let classes = examples.iter().map(|&j| y.classes[j]).collect();
                Self::OneHot(OneHot { classes, ..*y })
            }
        }
    }
}

impl<F: Float> OneHot<&[u32], F> {
    /// A copy that stays.
    pub(crate) fn to_owned(self) -> OneHot<Vec<u32>, F> {
        OneHot { classes: self.classes.to_vec(), outputs: self.outputs, values: self.values }
    }
}

/// Y as it is kept for passes over all examples: in tiles, or as classes of which those at work are made tiles.
#[derive(Clone, Debug)]
pub(crate) enum Laid<F: Float> {
    Tiles(Tiles<F>),
    OneHot(OneHot<Vec<u32>, F>),
}

impl<F: Float> Laid<F> {
    pub(crate) fn new(y: YRef<'_, F>) -> Self {
        match y {
            YRef::Matrix(_) => Self::Tiles(y.to_tiles()),
            YRef::OneHot(y) => Self::OneHot(y.to_owned()),
        }
    }

    /// Examples that there must be room for where `size` are at work.
    pub(crate) fn room(&self, size: usize) -> usize {
        match self {
            Self::Tiles(_) => 0,
            Self::OneHot(_) => size,
        }
    }

    /// Make tiles of `count` examples from `first` on, or as many as there are, if they do not lie in tiles already.
    pub(crate) fn fill(&self, first: usize, count: usize, room: &mut Tiles<F>) {
        if let Self::OneHot(y) = self {
            y.fill(first..y.m().min(first + count), room);
        }
    }

    /// Those examples. `first` begins a tile.
    pub(crate) fn examples<'y>(&'y self, first: usize, count: usize, room: &'y Tiles<F>) -> TilesRef<'y, F> {
        match self {
            Self::Tiles(y) => y.view().examples(first, count),
            Self::OneHot(_) => room.view(),
        }
    }
}
