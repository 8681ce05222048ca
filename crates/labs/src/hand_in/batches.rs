//! Mini-batches: which examples are in them, in what order, and each with its own target.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::rng::NumpyRng;
use serde_json::{Value, json};

use super::batch_findings::{Found, find};
use super::error::shape;
use super::formulas::Quantity;
use super::given::Given;
use super::handed::Handed;
use super::judgement::{Judged, Judgement, Way};
use super::task::{Instructions, Task, Written, array};
use super::{HandInError, Text};
use crate::by_hand::Matrix;
use crate::numbers::rng_of;

/// Examples, and how many go into a batch.
pub(super) struct Batches {
    pub(super) x: Matrix,
    pub(super) y: Matrix,
    pub(super) size: usize,
}

/// As the course's: no multiple of the size.
const EXAMPLES: usize = 148;
const SIZE: usize = 64;
/// So many batches more than there should be are looked at.
const MORE: usize = 4;

/// A batch as it was handed in.
pub(super) struct Batch<'a> {
    pub(super) x: &'a NamedArray,
    pub(super) y: &'a NamedArray,
}

impl Batches {
    /// All numbers different, so that each example is known by them; the target follows from nothing.
    pub(super) fn built_in(variant: u64) -> Self {
        let mut rng = rng_of(variant);
        let order = rng.permutation(3 * EXAMPLES);
        let x = Matrix::from_fn(3, EXAMPLES, |i, j| order[i * EXAMPLES + j] as f64 / 100.0 - 2.0);
        let y: Vec<f64> = (0..EXAMPLES).map(|_| f64::from(u8::from(rng.uniform() < 0.5))).collect();
        Self { x, y: Matrix::new(1, EXAMPLES, y), size: SIZE }
    }

    pub(super) fn read(given: Given<'_>) -> Result<Self, HandInError> {
        let x = given.matrix("X", [None, None])?;
        let y = given.matrix("Y", [None, Some(x.cols())])?;
        let is_size = |size: f64| size >= 1.0 && size.fract() == 0.0;
        let size = given.number("size", "a whole number from 1", is_size)? as usize;
        Ok(Self { x, y, size })
    }

    /// How many examples each batch is to have.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let m = self.x.cols();
        (0..m.div_ceil(self.size)).map(|k| self.size.min(m - k * self.size)).collect()
    }

    /// The first batch has to be there; that others are missing is a mistake that is known.
    fn quantities(&self) -> Vec<Quantity> {
        let batch = |n: usize| {
            [format!("X{n}"), format!("Y{n}")]
                .map(|name| if n == 1 { Quantity::required(name) } else { Quantity::optional(name) })
        };
        (1..=self.sizes().len() + MORE).flat_map(batch).collect()
    }

    /// Examples in this order, cut into batches.
    fn cut(&self, order: &[usize]) -> Vec<NamedArray> {
        let take =
            |of: &Matrix, chunk: &[usize]| Matrix::from_fn(of.rows(), chunk.len(), |i, j| of.at(i, chunk[j]));
        let batch = |(k, chunk): (usize, &[usize])| {
            let n = k + 1;
            [array(format!("X{n}"), &take(&self.x, chunk)), array(format!("Y{n}"), &take(&self.y, chunk))]
        };
        order.chunks(self.size).enumerate().flat_map(batch).collect()
    }
}

impl Task for Batches {
    fn given(&self) -> Vec<NamedArray> {
        vec![array("X", &self.x), array("Y", &self.y), NamedArray::new("size", [], [self.size as f64])]
    }

    /// Of the many that are right, that of seed 0.
    fn right(&self) -> Vec<NamedArray> {
        self.cut(&NumpyRng::new(0).permutation(self.x.cols()))
    }

    fn planted(&self) -> Vec<(String, String, Vec<NamedArray>)> {
        let in_order: Vec<usize> = (0..self.x.cols()).collect();
        let mut dropped = self.right();
        dropped.truncate(2 * (self.sizes().len() - 1));
        let last = format!("X{0}, Y{0}", self.sizes().len());
        vec![
            ("last-dropped".into(), last, dropped),
            ("not-shuffled".into(), "X, Y".into(), self.cut(&in_order)),
        ]
    }

    fn judge(&self, handed: &[NamedArray]) -> Result<Judgement, HandInError> {
        let quantities = self.quantities();
        let handed = Handed::new(handed, &quantities, &["X".into(), "Y".into(), "size".into()])?;
        let mut batches = Vec::new();
        for (k, pair) in handed.arrays.chunks(2).enumerate() {
            match pair {
                [Some(x), Some(y)] if batches.len() == k => batches.push(Batch { x, y }),
                [None, None] => {}
                _ => {
                    let missing = if pair[0].is_some() && batches.len() == k {
                        format!("Y{}", k + 1)
                    } else {
                        format!("X{}", batches.len() + 1)
                    };
                    let expected = "X1, Y1, X2, Y2, … without a gap".into();
                    let got = handed
                        .arrays
                        .iter()
                        .flatten()
                        .map(|array| &array.name[..])
                        .collect::<Vec<_>>()
                        .join(", ");
                    return Err(HandInError::Missing { missing, expected, got });
                }
            }
        }
        let Found { mistakes, wrong } = find(self, &batches)?;
        let part = |(k, batch): (usize, &Batch<'_>)| {
            let judged = |name: String, array: &NamedArray| {
                let extent = shape(&array.shape);
                let right = !wrong.contains(&name);
                Judged {
                    name,
                    right,
                    extent: Text::new(extent.clone(), extent),
                    worst: None,
                    looks_like: Vec::new(),
                }
            };
            [judged(format!("X{}", k + 1), batch.x), judged(format!("Y{}", k + 1), batch.y)]
        };
        let parts: Vec<Judged> = batches.iter().enumerate().flat_map(part).collect();
        let right = mistakes.is_empty();
        let ways = if right { Vec::new() } else { vec![Way { mistakes }] };
        Ok(Judgement { right, exact: true, parts, convention: None, ways, notes: handed.notes })
    }
}

impl Written for Batches {
    fn names(&self) -> Value {
        json!({})
    }

    fn text(&self) -> Instructions {
        let (m, size, sizes) = (self.x.cols(), self.size, self.sizes());
        let all = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let formulas = Text::new(
            format!(
                "Make mini-batches of {size} of the {m} examples, which are the columns of X and Y: shuffle the examples, X and Y in the same way, \
                 and cut them into batches one after the other. The last batch takes what is left: {all} examples. Any order is right, but for the one \
                 in which they are given."
            ),
            format!(
                "把 {m} 个样本（X 和 Y 的列）划分成大小为 {size} 的小批量：打乱样本，X 和 Y 用同一个顺序，再依次切成批。最后一批取剩下的：\
                 各批有 {all} 个样本。除原来的顺序外，任何顺序都对。"
            ),
        );
        let given = vec![
            Text::new("inputs: (features, m)", "输入：(特征数, m)"),
            Text::new("what is to come out: (outputs, m)", "目标：(输出数, m)"),
            Text::new("examples of a batch", "每批的样本数"),
        ];
        let batch = |(k, count): (usize, &usize)| {
            let rows = |of: &Matrix| shape(&[of.rows(), *count]);
            [(format!("X{}", k + 1), rows(&self.x), true), (format!("Y{}", k + 1), rows(&self.y), true)]
        };
        let title = Text::new("Mini-batches", "小批量");
        Instructions { title, formulas, given, wanted: sizes.iter().enumerate().flat_map(batch).collect() }
    }
}
