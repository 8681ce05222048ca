//! A dense network: forward, cost, backward, over one flat parameter slice and one workspace.

use crate::dense::{dense_backward, dense_forward};
use crate::dropout::{draw_mask, dropout_backward, dropout_forward};
use crate::rng::NumpyRng;
use crate::{Activation, EngineError, Float, Hidden, Layout, Loss, MatMut, MatRef, Recipe};

/// A chain of dense layers that ends in logits: W₁ g W₂ g … W_L, and a loss that knows what the logits mean.
///
/// The network holds no parameters: they are a flat slice with [`Network::layout`].
///
/// ```
/// use nablab_engine::{Hidden, Loss, MatRef, Network, Pass, Workspace};
/// let network = Network::new(2, &[Hidden::relu(1)], 1, Loss::SquaredError);
/// //            W1         b1   W2   b2
/// let params = [1.0, -1.0, 0.5, 2.0, 0.25];
/// let x = [3.0, 0.0, 1.0, 4.0]; // examples (3, 1) and (0, 4), one per column
/// let mut work = Workspace::new(&network, 2);
/// network.forward(&params, MatRef::new(&x, 2, 2), Pass::Predict, &mut work);
/// assert_eq!(work.logits().data(), &[2.0 * 2.5 + 0.25, 0.25]); // relu(3 − 1 + ½), relu(0 − 4 + ½)
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    inputs: usize,
    hidden: Vec<Hidden>,
    outputs: usize,
    loss: Loss,
    layout: Layout,
}

/// What a forward pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pass {
    /// Dropout masks apply.
    Train,
    /// No dropout.
    Predict,
}

/// Everything a step writes besides parameters and gradients, sized once for the largest batch.
///
/// Kept from forward for backward, per hidden layer: the activation's output (units, m), the same after
/// dropout where there is dropout, and the mask. Nothing is allocated after [`Workspace::new`].
#[derive(Clone, Debug)]
pub struct Workspace<F> {
    capacity: usize,
    m: usize,
    pass: Pass,
    layers: Vec<LayerWork<F>>,
    /// dZ of the layer at hand and of the one before it, in turn; the widest layer fits.
    delta: [Vec<F>; 2],
}

#[derive(Clone, Debug)]
struct LayerWork<F> {
    units: usize,
    /// Output of the activation; of the last layer, the logits.
    output: Vec<F>,
    /// Empty where the layer has no dropout.
    mask: Vec<F>,
    dropped: Vec<F>,
}

impl<F: Float> LayerWork<F> {
    /// What the next layer reads.
    fn passed_on(&self, pass: Pass, m: usize) -> MatRef<'_, F> {
        let data = if pass == Pass::Train && !self.mask.is_empty() { &self.dropped } else { &self.output };
        MatRef::new(&data[..self.units * m], self.units, m)
    }
}

impl<F: Float> Workspace<F> {
    /// Room for batches of up to `capacity` examples.
    pub fn new(network: &Network, capacity: usize) -> Self {
        let layer = |units: usize, rate: f64| {
            let dropout = if rate > 0.0 { units * capacity } else { 0 };
            LayerWork {
                units,
                output: vec![F::ZERO; units * capacity],
                mask: vec![F::ONE; dropout],
                dropped: vec![F::ZERO; dropout],
            }
        };
        let mut layers: Vec<_> = network.hidden.iter().map(|h| layer(h.units, h.dropout)).collect();
        layers.push(layer(network.outputs, 0.0));
        let widest = layers.iter().map(|l| l.units).max().unwrap_or(0);
        let delta = || vec![F::ZERO; widest * capacity];
        Self { capacity, m: 0, pass: Pass::Predict, layers, delta: [delta(), delta()] }
    }

    /// Draw fresh masks for `m` examples: layer by layer, each unit by unit.
    pub fn draw_masks(&mut self, network: &Network, m: usize, rng: &mut NumpyRng) {
        for (work, hidden) in self.layers.iter_mut().zip(&network.hidden) {
            if hidden.dropout > 0.0 {
                draw_mask(hidden.dropout, rng, &mut work.mask[..hidden.units * m]);
            }
        }
    }

    /// The mask of hidden layer `l` (from 0) as last drawn, (units, m): 0 or 1 / keep; all ones if the layer
    /// has dropout but none was drawn, empty if it has none.
    pub fn mask_mut(&mut self, l: usize) -> &mut [F] {
        &mut self.layers[l].mask
    }

    /// Output of layer `l` (from 0) of the last forward pass, as the next layer saw it, (units, m).
    pub fn output(&self, l: usize) -> MatRef<'_, F> {
        self.layers[l].passed_on(self.pass, self.m)
    }

    /// Logits of the last forward pass, (outputs, m).
    pub fn logits(&self) -> MatRef<'_, F> {
        self.output(self.layers.len() - 1)
    }

    /// Bytes held, so that the memory of a batch is a number one can print.
    pub fn bytes(&self) -> usize {
        let layers =
            self.layers.iter().map(|l| l.output.len() + l.mask.len() + l.dropped.len()).sum::<usize>();
        (layers + self.delta.iter().map(Vec::len).sum::<usize>()) * size_of::<F>()
    }
}

impl Network {
    /// A network of `inputs` features, the hidden layers, and `outputs` logits.
    pub fn new(inputs: usize, hidden: &[Hidden], outputs: usize, loss: Loss) -> Self {
        let sizes: Vec<usize> =
            [inputs].into_iter().chain(hidden.iter().map(|h| h.units)).chain([outputs]).collect();
        Self { inputs, hidden: hidden.to_vec(), outputs, loss, layout: Layout::dense(&sizes) }
    }

    /// The network a recipe describes, for data of these dimensions.
    pub fn of(recipe: &Recipe, inputs: usize, outputs: usize) -> Self {
        Self::new(inputs, &recipe.hidden, outputs, recipe.loss)
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

    /// Check that X is (inputs, m) and Y (outputs, m), with m ≥ 1.
    ///
    /// # Errors
    /// [`EngineError::Shape`] otherwise.
    pub fn check_shapes<F: Float>(&self, x: MatRef<'_, F>, y: MatRef<'_, F>) -> Result<(), EngineError> {
        let shape = |what, expected: String, got: String| Err(EngineError::Shape { what, expected, got });
        if x.cols() == 0 {
            return shape("examples", "at least 1".into(), "0".into());
        }
        if x.rows() != self.inputs {
            return shape("features of X", self.inputs.to_string(), x.rows().to_string());
        }
        if (y.rows(), y.cols()) != (self.outputs, x.cols()) {
            let (expected, got) = ((self.outputs, x.cols()), (y.rows(), y.cols()));
            return shape("shape of Y", format!("{expected:?}"), format!("{got:?}"));
        }
        Ok(())
    }

    /// Z₁ = W₁ X + b₁, A₁ = g(Z₁), D₁ = A₁ ∘ mask₁, Z₂ = W₂ D₁ + b₂, … up to the logits.
    ///
    /// X (inputs, m). Keeps in `work` what [`Network::backward`] needs; read the logits there.
    ///
    /// # Panics
    /// If m exceeds the capacity of `work`, or a shape does not fit.
    pub fn forward<F: Float>(&self, params: &[F], x: MatRef<'_, F>, pass: Pass, work: &mut Workspace<F>) {
        let m = x.cols();
        assert!(m <= work.capacity, "a batch of {m} in a workspace for {}", work.capacity);
        (work.m, work.pass) = (m, pass);
        for l in 0..work.layers.len() {
            let (before, from_here) = work.layers.split_at_mut(l);
            let layer = &mut from_here[0];
            let input = before.last().map_or(x, |previous| previous.passed_on(pass, m));

            let (w, b) = self.layout.layer(l, params);
            let output = &mut layer.output[..layer.units * m];
            dense_forward(w, b, input, &mut MatMut::new(output, layer.units, m));
            if let Some(hidden) = self.hidden.get(l) {
                hidden.activation.forward(output);
                if pass == Pass::Train && !layer.mask.is_empty() {
                    dropout_forward(output, &layer.mask, &mut layer.dropped);
                }
            }
        }
    }

    /// Mean loss of the batch of the last forward pass. Y (outputs, m). Without the penalty.
    pub fn cost<F: Float>(&self, y: MatRef<'_, F>, work: &Workspace<F>) -> F {
        self.loss.value(work.logits(), y) * F::from_f64(1.0 / work.m as f64)
    }

    /// The gradient of the *summed* loss, added to `grads`, from what the last forward pass kept.
    ///
    /// `params` and X as in that pass, Y (outputs, m). Layer by layer from the last:
    /// dZ_L = prediction − Y; then dW = dZ·Dᵀ, db = Σ dZ, dD = Wᵀ·dZ, dA = dD ∘ mask, dZ = dA ∘ g′(Z).
    pub fn backward<F: Float>(
        &self,
        params: &[F],
        x: MatRef<'_, F>,
        y: MatRef<'_, F>,
        work: &mut Workspace<F>,
        grads: &mut [F],
    ) {
        let (m, pass) = (work.m, work.pass);
        let [delta, delta_before] = &mut work.delta;

        let logits = work.layers.last().expect("an output layer").passed_on(pass, m);
        let dz = &mut delta[..logits.data().len()];
        dz.copy_from_slice(logits.data());
        self.loss.backward(&mut MatMut::new(dz, self.outputs, m), y);

        for l in (0..work.layers.len()).rev() {
            let units = work.layers[l].units;
            let dz = MatRef::new(&delta[..units * m], units, m);
            let (w, _) = self.layout.layer(l, params);
            let (mut dw, db) = self.layout.layer_mut(l, grads);
            if l == 0 {
                dense_backward(w, x, dz, &mut dw, db, None);
                break;
            }
            let before = &work.layers[l - 1];
            let da = &mut delta_before[..before.units * m];
            let input = before.passed_on(pass, m);
            dense_backward(w, input, dz, &mut dw, db, Some(&mut MatMut::new(da, before.units, m)));
            if pass == Pass::Train && !before.mask.is_empty() {
                dropout_backward(&before.mask, da);
            }
            self.hidden[l - 1].activation.backward(&before.output, da);
            std::mem::swap(delta, delta_before);
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
        let mut work = Workspace::new(self, x.cols());
        self.forward(params, x, Pass::Predict, &mut work);
        let mut prediction = work.logits().data().to_vec();
        self.loss.predict(&mut MatMut::new(&mut prediction, self.outputs, x.cols()));
        prediction
    }

    /// The activation of hidden layer `l` (from 0); identity for the output layer.
    pub fn activation(&self, l: usize) -> Activation {
        self.hidden.get(l).map_or(Activation::Identity, |h| h.activation)
    }
}
