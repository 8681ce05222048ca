//! A dense network: forward, cost, backward, over one flat parameter slice and one workspace.

use nablab_kernel::memory::can_be_had;
use nablab_kernel::{TILE, lines_of};

use crate::batch_norm::{batch_norm_backward, batch_norm_forward, batch_norm_predict};
use crate::dense::{Dropout, dense_backward_input, dense_forward};
use crate::dropout::dropout_forward;
use crate::survey::{judge, predict, take_start};
use crate::workspace::{Pass, Workspace};
use crate::{
    Activation, EngineError, Float, Hidden, Layout, Loss, MatRef, Optimizer, Recipe, Targets, Tiles,
    TilesRef, YRef,
};

/// A chain of dense layers that ends in logits: W₁ g W₂ g … W_L, and a loss that knows what the logits mean.
///
/// The network holds no parameters: they are a flat slice with [`Network::layout`].
///
/// ```
/// use nablab_engine::{Hidden, Loss, MatRef, Network, Pass, Tiles, Workspace};
/// let network = Network::new(2, &[Hidden::relu(1)], 1, Loss::SquaredError);
/// //            W1         b1   W2   b2
/// let params = [1.0, -1.0, 0.5, 2.0, 0.25];
/// let x = [3.0, 0.0, 1.0, 4.0]; // examples (3, 1) and (0, 4), one per column
/// let x = Tiles::from_matrix(MatRef::new(&x, 2, 2));
/// let mut work = Workspace::new(&network, 2);
/// network.forward(&params, x.view(), Pass::Predict, &mut work);
/// assert_eq!(work.logits().to_vec(), [2.0 * 2.5 + 0.25, 0.25]); // relu(3 − 1 + ½), relu(0 − 4 + ½)
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    inputs: usize,
    hidden: Vec<Hidden>,
    outputs: usize,
    loss: Loss,
    layout: Layout,
}

impl Network {
    /// A network of `inputs` features, the hidden layers, and `outputs` logits.
    pub fn new(inputs: usize, hidden: &[Hidden], outputs: usize, loss: Loss) -> Self {
        let sizes: Vec<usize> =
            [inputs].into_iter().chain(hidden.iter().map(|h| h.units)).chain([outputs]).collect();
        let layout = Layout::normalized(&sizes, |l| hidden.get(l).is_some_and(|h| h.batch_norm));
        Self { inputs, hidden: hidden.to_vec(), outputs, loss, layout }
    }

    /// The network a recipe describes, for data of these dimensions and batches of up to `m` examples.
    ///
    /// # Errors
    /// [`EngineError::Memory`] if training it needs more than can be had, [`EngineError::Shape`] if one example is to be
    /// normalised.
    pub fn of<F: Float>(
        recipe: &Recipe,
        inputs: usize,
        outputs: usize,
        m: usize,
    ) -> Result<Self, EngineError> {
        if (1..recipe.least_batch()).contains(&m) {
            let (expected, got) = ("at least 2 with batch normalisation".into(), m.to_string());
            return Err(EngineError::Shape { what: "examples", expected, got });
        }
        Self::check_memory::<F>(recipe, inputs, outputs, m)?;
        Ok(Self::new(inputs, &recipe.hidden, outputs, recipe.loss))
    }

    /// Ask for the memory of a training in one piece, and give it back.
    fn check_memory<F: Float>(
        recipe: &Recipe,
        inputs: usize,
        outputs: usize,
        m: usize,
    ) -> Result<(), EngineError> {
        let sizes = || [inputs].into_iter().chain(recipe.hidden.iter().map(|h| h.units)).chain([outputs]);
        let wide = |n: usize| n as u128;
        let layers = || sizes().zip(sizes().skip(1)).map(|(n_in, n_out)| (wide(n_in), wide(n_out)));
        let parameters =
            layers().map(|(n_in, n_out)| (n_in + 1).saturating_mul(n_out)).fold(0, u128::saturating_add);
        let lanes = wide(F::LANES);
        let sums: u128 = layers()
            .map(|(n_in, n_out)| (n_in.next_multiple_of(lanes) + lanes).saturating_mul(n_out))
            .fold(0, u128::saturating_add);
        let units: u128 = sizes().map(wide).sum();
        let normalized: u128 = recipe.hidden.iter().filter(|h| h.batch_norm).map(|h| wide(h.units)).sum();
        // Parameters, gradient and two moments, or two of each step remembered and two to search with; the gradient's
        // sums, in whole lines; of each example its data and what the layers write.
        let copies = match recipe.optimizer {
            Optimizer::LBfgs { memory } => wide(memory).min(recipe.epochs.into()).saturating_mul(2) + 6,
            _ => 4,
        };
        let units = units.saturating_mul(4).saturating_add(normalized);
        let numbers = parameters
            .saturating_mul(copies)
            .saturating_add(sums)
            .saturating_add(units.saturating_mul(wide(m)));
        let bytes = numbers.saturating_mul(wide(size_of::<F>()));
        if can_be_had(bytes) {
            return Ok(());
        }
        let sizes: Vec<_> = sizes().map(|n| n.to_string()).collect();
        let what = format!("a network {} on {m} examples", sizes.join("-"));
        Err(EngineError::Memory { what, bytes: u64::try_from(bytes).unwrap_or(u64::MAX) })
    }

    /// Names, shapes and ranges of the parameters.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The hidden layers.
    pub fn hidden(&self) -> &[Hidden] {
        &self.hidden
    }

    /// The loss on the logits.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// Number of features an example has.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of logits.
    pub fn outputs(&self) -> usize {
        self.outputs
    }

    /// Some layer drops units while training.
    pub fn has_dropout(&self) -> bool {
        self.hidden.iter().any(|h| h.dropout > 0.0)
    }

    /// Some layer is normalised over the batch, which then goes through in one block.
    pub fn has_batch_norm(&self) -> bool {
        self.hidden.iter().any(|h| h.batch_norm)
    }

    /// Z₁ = W₁ X + b₁, A₁ = g(Z₁), D₁ = A₁ ∘ mask₁, Z₂ = W₂ D₁ + b₂, … up to the logits; a normalised layer has
    /// A = g(γ Ẑ + b) instead, with Ẑ from Z = W X.
    ///
    /// X (inputs, m). Keeps in `work` what [`Network::backward`] needs; read the logits there.
    ///
    /// # Panics
    /// If m exceeds the capacity of `work`, or a shape does not fit.
    pub fn forward<F: Float>(&self, params: &[F], x: TilesRef<'_, F>, pass: Pass, work: &mut Workspace<F>) {
        work.begin(x.m(), pass);
        let isa = work.isa;
        for l in 0..work.layers.len() {
            let (before, from_here) = work.layers.split_at_mut(l);
            let layer = &mut from_here[0];
            let input = before.last().map_or(x, |previous| previous.passed_on(pass, x.m()));

            let (w, b) = self.layout.layer(l, params);
            let lines = layer.units * x.lines_per_row();
            let hidden = self.hidden.get(l).filter(|h| pass == Pass::Train && h.dropout > 0.0);
            let dropout = hidden.map(|hidden| Dropout {
                mask: &layer.mask[..lines],
                rate: hidden.dropout,
                d: &mut layer.dropped[..lines],
            });
            let output = &mut layer.output[..lines];
            let Some(norm) = &mut layer.norm else {
                dense_forward(isa, w, b, input, self.activation(l), output, dropout);
                continue;
            };
            let [gamma, mean, variance] = self.layout.normalization(l, params);
            dense_forward(isa, w, &norm.zeros, input, Activation::Identity, output, None);
            match pass {
                Pass::Train => batch_norm_forward(isa, [gamma, b], x.m(), output, norm),
                Pass::Predict => batch_norm_predict(isa, [gamma, b], [mean, variance], x.m(), output),
            }
            self.activation(l).forward::<F>(isa, output);
            if let Some(Dropout { mask, rate, d }) = dropout {
                dropout_forward::<F>(isa, output, mask, rate, d);
            }
        }
    }

    /// Mean loss of the batch of the last forward pass. Y (outputs, m). Without the penalty.
    pub fn cost<'a, F: Float>(&self, targets: impl Into<Targets<'a, F>>, work: &Workspace<F>) -> F {
        let targets = targets.into();
        self.loss.value(work.isa, work.logits(), targets) * F::from_f64(1.0 / targets.y.m() as f64)
    }

    /// dZ of every layer, from what the last forward pass kept: the derivative of the *summed* loss by its Z. What it
    /// says of the parameters is for [`crate::Gradient::add`] to tell.
    ///
    /// `params` as in that pass, Y (outputs, m). Layer by layer from the last:
    /// dZ_L = prediction − Y; then dD = Wᵀ·dZ, dA = dD ∘ mask, dZ = dA ∘ g′(Z), and through the normalisation where
    /// there is one.
    pub fn backward<'a, F: Float>(
        &self,
        params: &[F],
        targets: impl Into<Targets<'a, F>>,
        work: &mut Workspace<F>,
    ) {
        let targets = targets.into();
        let (isa, pass, m, lines_per_row) = (work.isa, work.pass, targets.y.m(), targets.y.lines_per_row());
        let last = work.layers.last_mut().expect("an output layer");
        let lines = last.units * lines_per_row;
        let logits = TilesRef::new(&last.output[..lines], last.units, m);
        self.loss.backward(isa, logits, targets, &mut last.delta[..lines]);

        for l in (1..work.layers.len()).rev() {
            let (before, from_here) = work.layers.split_at_mut(l);
            let (before, layer, hidden) = (&mut before[l - 1], &from_here[0], &self.hidden[l - 1]);
            let dz = TilesRef::new(&layer.delta[..layer.units * lines_per_row], layer.units, m);

            let (lines, (w, _)) = (before.units * lines_per_row, self.layout.layer(l, params));
            let mask = (pass == Pass::Train && hidden.dropout > 0.0)
                .then(|| (&before.mask[..lines], hidden.dropout));
            let with_mask = mask.is_some() && hidden.activation == Activation::Relu;
            let output = if with_mask { &before.dropped } else { &before.output };
            let output = (hidden.activation, &output[..lines]);
            let delta = &mut before.delta[..lines];
            dense_backward_input(isa, w, dz, output, mask, delta);
            if let Some(norm) = &mut before.norm {
                let [gamma, ..] = self.layout.normalization(l - 1, params);
                batch_norm_backward(isa, gamma, m, delta, norm);
            }
        }
    }

    /// The predictions for X (inputs, m), as (outputs, m): probabilities, or the numbers themselves.
    ///
    /// ```
    /// use nablab_engine::{Loss, MatRef, Network};
    /// let network = Network::new(1, &[], 1, Loss::SigmoidCrossEntropy);
    /// assert_eq!(network.predict(&[0.0, 0.0], MatRef::new(&[7.0], 1, 1)), [0.5]);
    /// ```
    pub fn predict<F: Float>(&self, params: &[F], x: MatRef<'_, F>) -> Vec<F> {
        F::predict(self, params, x)
    }

    pub(crate) fn predictions<F: Float>(&self, params: &[F], x: MatRef<'_, F>) -> Vec<F> {
        let m = x.cols();
        let mut prediction = vec![F::ZERO; self.outputs * m];
        let mut rows: Vec<&mut [F]> = prediction.chunks_mut(m.max(1)).collect();
        let mut said = Vec::new();
        self.pass_over(params, x, |_, work| {
            predict(self, work, &mut said, &mut take_start(&mut rows, work.logits().m()));
        });
        prediction
    }

    /// The loss of each example, for X (inputs, m) and Y (outputs, m): what [`Loss::of_example`] says of its logits.
    ///
    /// ```
    /// use nablab_engine::{Loss, MatRef, Network};
    /// let network = Network::new(1, &[], 1, Loss::SquaredError);
    /// let (x, y) = ([1.0, 2.0], [0.0, 0.0]);
    /// assert_eq!(network.losses(&[2.0, 0.0], MatRef::new(&x, 1, 2), MatRef::new(&y, 1, 2)), [2.0, 8.0]);
    /// ```
    pub fn losses<'y, F: Float>(
        &self,
        params: &[F],
        x: MatRef<'_, F>,
        y: impl Into<YRef<'y, F>>,
    ) -> Vec<f64> {
        F::losses(self, params, x, y.into())
    }

    pub(crate) fn losses_of_examples<F: Float>(
        &self,
        params: &[F],
        x: MatRef<'_, F>,
        y: YRef<'_, F>,
    ) -> Vec<f64> {
        let mut losses = vec![0.0; x.cols()];
        self.pass_over(params, x, |first, work| {
            judge(self, work, (y, first), &mut losses[first..first + work.logits().m()]);
        });
        losses
    }

    /// Forward passes over X, a block at a time: the number of its first example, and what the network says of it.
    fn pass_over<F: Float>(
        &self,
        params: &[F],
        x: MatRef<'_, F>,
        mut take: impl FnMut(usize, &Workspace<F>),
    ) {
        let m = x.cols();
        let mut work = Workspace::new(self, self.block::<F>(m));
        let mut tiles = Tiles::zeros(self.inputs, work.capacity());
        for first in (0..m).step_by(work.capacity()) {
            tiles.fill_columns(x, first..m.min(first + work.capacity()));
            self.forward(params, tiles.view(), Pass::Predict, &mut work);
            take(first, &work);
        }
    }

    /// Examples of a block of a batch of `m`. Of a small network, so many tiles that what the layers write of them
    /// about fits into the first-level cache, in blocks of about one size. Of a large one, whose weights do not fit
    /// there either, enough examples to be worth fetching the weights.
    pub fn block<F: Float>(&self, m: usize) -> usize {
        const CACHE: usize = 64 * 1024;
        const LARGE: usize = 256;
        let m = m.max(1);
        if !self.is_small() {
            return LARGE.min(m);
        }
        let hidden = self.hidden.iter().map(|h| if h.dropout > 0.0 { 3 * h.units } else { 2 * h.units });
        let lines = self.inputs + hidden.sum::<usize>() + 3 * self.outputs;
        let most = (CACHE / (TILE * lines * size_of::<F::Line>())).max(1);
        let tiles = lines_of::<F>(m).div_ceil(TILE);
        (tiles.div_ceil(tiles.div_ceil(most)) * TILE * F::LANES).min(m)
    }

    /// Its gradient is best kept in lanes: a line of partial sums for each parameter, 64 KiB at most.
    pub(crate) fn is_small(&self) -> bool {
        const SMALL: usize = 1024;
        self.layout.len() <= SMALL
    }

    /// The activation of hidden layer `l` (from 0); identity for the output layer.
    pub fn activation(&self, l: usize) -> Activation {
        self.hidden.get(l).map_or(Activation::Identity, |h| h.activation)
    }
}
