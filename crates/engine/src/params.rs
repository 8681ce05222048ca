//! One flat buffer of parameters, and the layout that names its parts.
//!
//! Parameters, gradients and every moment of an update rule are slices of the same length with the same
//! [`Layout`]: the gradient checker, the rules and checkpoints take the slice, and the layout turns
//! component 37 into `W2[3, 1]`. The order is W1, b1, W2, b2, …, each row by row; behind the bias of a normalised
//! layer come its gamma and its running mean and variance.

use std::fmt;
use std::ops::Range;

use crate::{Float, MatRef};

/// What a slot is for. Penalties and weight decay touch weights, never biases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// The matrix W of a dense layer, (n_out, n_in).
    Weight,
    /// The column b of a dense layer, (n_out, 1).
    Bias,
    /// The column γ of a normalised layer, (n_out, 1).
    Gain,
    /// The running mean of a normalised layer, (n_out, 1). It lies among the parameters so that it is kept, restored
    /// and exported with them, but it is not learned: its gradient is 0.
    Mean,
    /// The running variance, likewise.
    Variance,
}

impl Role {
    /// Learned by descent, rather than counted along the way.
    pub fn is_learned(self) -> bool {
        !matches!(self, Self::Mean | Self::Variance)
    }
}

/// A named matrix inside the flat buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slot {
    /// `W1`, `b1`, `W2`, …; layers count from 1, as in the literature.
    pub name: String,
    /// Weight, bias, …
    pub role: Role,
    /// Rows: units of the layer.
    pub rows: usize,
    /// Columns: inputs of the layer; 1 for all but weights.
    pub cols: usize,
    /// Where the entries lie in the flat buffer.
    pub range: Range<usize>,
}

/// The parts of a flat parameter buffer, in order.
///
/// ```
/// use nablab_engine::Layout;
/// let layout = Layout::dense(&[2, 3, 1]);
/// assert_eq!(layout.len(), 2 * 3 + 3 + 3 + 1);
/// assert_eq!(layout.slot("W2").unwrap().range, 9..12);
/// assert_eq!(layout.locate(10).to_string(), "W2[0, 1]");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    slots: Vec<Slot>,
    /// The slots of each layer.
    layers: Vec<Range<usize>>,
}

/// A component of the flat buffer by name: slot, row and column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Name of the slot.
    pub slot: String,
    /// What the slot is for.
    pub role: Role,
    /// Row in the slot.
    pub row: usize,
    /// Column in the slot.
    pub col: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}, {}]", self.slot, self.row, self.col)
    }
}

impl Layout {
    /// Layout of any matrices in a row, by name, role, rows and columns.
    ///
    /// ```
    /// use nablab_engine::{Layout, Role};
    /// let layout = Layout::new([("u".to_owned(), Role::Weight, 2, 3), ("v".to_owned(), Role::Bias, 4, 1)]);
    /// assert_eq!(layout.locate(8).to_string(), "v[2, 0]");
    /// ```
    pub fn new(matrices: impl IntoIterator<Item = (String, Role, usize, usize)>) -> Self {
        let mut start = 0;
        let slot = |(name, role, rows, cols)| {
            let range = start..start + rows * cols;
            start = range.end;
            Slot { name, role, rows, cols, range }
        };
        let slots: Vec<Slot> = matrices.into_iter().map(slot).collect();
        let firsts: Vec<usize> = (0..slots.len()).filter(|&i| slots[i].role == Role::Weight).collect();
        let ends = firsts.iter().skip(1).copied().chain([slots.len()]);
        let layers = firsts.iter().copied().zip(ends).map(|(first, end)| first..end).collect();
        Self { slots, layers }
    }

    /// Layout of a dense network: `sizes` are the inputs, then the units of each layer.
    pub fn dense(sizes: &[usize]) -> Self {
        Self::normalized(sizes, |_| false)
    }

    /// The same where some layers (counted from 0) are normalised ([`crate::batch_norm`]).
    ///
    /// ```
    /// use nablab_engine::Layout;
    /// let layout = Layout::normalized(&[2, 3, 1], |l| l == 0);
    /// let names: Vec<_> = layout.slots().iter().map(|slot| &slot.name[..]).collect();
    /// assert_eq!(names, ["W1", "b1", "gamma1", "mean1", "variance1", "W2", "b2"]);
    /// assert_eq!((layout.len(), layout.learned()), (22, 16));
    /// ```
    pub fn normalized(sizes: &[usize], is_normalized: impl Fn(usize) -> bool) -> Self {
        Self::new(sizes.windows(2).enumerate().flat_map(|(l, pair)| {
            let column = |name: &str, role| (format!("{name}{}", l + 1), role, pair[1], 1);
            let dense = [(format!("W{}", l + 1), Role::Weight, pair[1], pair[0]), column("b", Role::Bias)];
            let norm = [("gamma", Role::Gain), ("mean", Role::Mean), ("variance", Role::Variance)];
            let norm = norm.map(|(name, role)| column(name, role));
            dense.into_iter().chain(norm.into_iter().filter(|_| is_normalized(l)).collect::<Vec<_>>())
        }))
    }

    /// Layout of one column of `n` numbers: for functions of a vector that is no network.
    pub fn vector(name: &str, n: usize) -> Self {
        Self::new([(name.to_owned(), Role::Weight, n, 1)])
    }

    /// Numbers in the buffer.
    pub fn len(&self) -> usize {
        self.slots.last().map_or(0, |slot| slot.range.end)
    }

    /// How many of them are learned: all but running means and variances.
    pub fn learned(&self) -> usize {
        self.slots.iter().filter(|slot| slot.role.is_learned()).map(|slot| slot.range.len()).sum()
    }

    /// No parameters at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The slots in order.
    pub fn slots(&self) -> &[Slot] {
        &self.slots
    }

    /// The slot of this name.
    pub fn slot(&self, name: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.name == name)
    }

    /// Ranges of all weights, without biases.
    pub fn weights(&self) -> impl Iterator<Item = Range<usize>> + '_ {
        self.slots.iter().filter(|slot| slot.role == Role::Weight).map(|slot| slot.range.clone())
    }

    /// Where the weights lie among `len` components from `start` on, counted from there.
    pub(crate) fn weights_within(&self, start: usize, len: usize) -> impl Iterator<Item = Range<usize>> + '_ {
        self.weights()
            .map(move |w| w.start.clamp(start, start + len) - start..w.end.clamp(start, start + len) - start)
    }

    /// The components in pieces of about `size`, each of whole rows of one slot; in one piece if there are no more.
    pub(crate) fn pieces(&self, size: usize) -> Vec<Range<usize>> {
        let mut pieces = Vec::new();
        if self.len() <= size {
            pieces.push(0..self.len());
            return pieces;
        }
        for Slot { rows, cols, range, .. } in &self.slots {
            let rows_of_piece = (size / cols).clamp(1, *rows);
            let starts = range.clone().step_by(rows_of_piece * cols);
            pieces.extend(starts.map(|start| start..range.end.min(start + rows_of_piece * cols)));
        }
        pieces
    }

    /// Name, row and column of component `index`.
    ///
    /// # Panics
    /// If `index` is not below [`Layout::len`].
    pub fn locate(&self, index: usize) -> Place {
        let slot =
            self.slots.iter().find(|slot| slot.range.contains(&index)).expect("index within the layout");
        let offset = index - slot.range.start;
        Place { slot: slot.name.clone(), role: slot.role, row: offset / slot.cols, col: offset % slot.cols }
    }

    /// W of layer `l` (counted from 0) and its bias.
    #[inline]
    pub fn layer<'a, F: Float>(&self, l: usize, flat: &'a [F]) -> (MatRef<'a, F>, &'a [F]) {
        let [w, b, ..] = self.layer_slots(l) else { unreachable!("a layer has weights and a bias") };
        (MatRef::new(&flat[w.range.clone()], w.rows, w.cols), &flat[b.range.clone()])
    }

    /// γ, running mean and running variance of layer `l` (counted from 0).
    ///
    /// # Panics
    /// If it is not normalised.
    pub fn normalization<'a, F>(&self, l: usize, flat: &'a [F]) -> [&'a [F]; 3] {
        let [_, _, norm @ ..] = self.layer_slots(l) else { unreachable!("a layer has weights and a bias") };
        [0, 1, 2].map(|i| &flat[norm[i].range.clone()])
    }

    /// The slots of layer `l` (counted from 0).
    #[inline]
    pub(crate) fn layer_slots(&self, l: usize) -> &[Slot] {
        &self.slots[self.layers[l].clone()]
    }

    /// The slots of each layer: W, b and, where it is normalised, γ and the running mean and variance.
    pub fn by_layer(&self) -> impl Iterator<Item = &[Slot]> {
        self.layers.iter().map(|slots| &self.slots[slots.clone()])
    }

    /// What belongs to W, b and, where it is normalised, γ of layer `l` (counted from 0), in a buffer that holds
    /// anything for each parameter.
    #[inline]
    pub(crate) fn layer_parts<'a, T>(&self, l: usize, flat: &'a mut [T]) -> [&'a mut [T]; 3] {
        let slots = self.layer_slots(l);
        let (w, rest) = flat[slots[0].range.start..].split_at_mut(slots[0].range.len());
        let (b, rest) = rest.split_at_mut(slots[1].range.len());
        let gamma = slots.get(2).map_or(0, |slot| slot.range.len());
        [w, b, &mut rest[..gamma]]
    }
}
