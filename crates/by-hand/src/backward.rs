//! From the cost back to every parameter, right or with mistakes planted.

use nablab_engine::Activation;

use crate::mistake::{Mistake, Planted};
use crate::{Cache, Dropout, Layer, Matrix, Problem};

/// What the backward pass says of a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct LayerGradient {
    /// ∂J/∂A of the layer's output as the next layer got it, behind the mask: Wᵀ dZ of the next layer. In the output layer that of
    /// the loss is not needed, and this is empty.
    pub da_behind_mask: Matrix,
    /// The same taken back through dropout: of the activation itself, before the mask.
    pub da: Matrix,
    /// ∂J/∂Z of every example: m times its share of the mean.
    pub dz: Matrix,
    /// ∂J/∂W.
    pub dw: Matrix,
    /// ∂J/∂b.
    pub db: Matrix,
}

/// The backward pass:
///
/// ```text
/// dZ = A − Y                         of the output, with any of the losses
/// dA = Wᵀ dZ of the next layer,      then ∘ D / keep where there is dropout
/// dZ = dA ∘ g′(Z)                    of a hidden layer
/// dW = 1/m · dZ A_beforeᵀ + λ/m · W
/// db = 1/m · Σ dZ over the examples
/// ```
///
/// with these mistakes planted. The engine's own gradient is the same without:
///
/// ```
/// use nablab_engine::{Activation, Loss};
/// use nablab_by_hand::{Layer, Matrix, Mistake, Planted, Problem, backward};
/// let (w, b) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [0.0]));
/// let output = Layer { w, b, activation: Activation::Sigmoid, dropout: None };
/// let (x, y) = (Matrix::new(1, 2, [0.0, 0.0]), Matrix::new(1, 2, [1.0, 1.0]));
/// let problem = Problem { x, y, layers: vec![output], loss: Loss::SigmoidCrossEntropy, l2: 3.0 };
/// let cache = problem.forward();
/// let right = &backward(&problem, &cache, &[])[0];
/// assert_eq!((right.dw.at(0, 0), right.db.at(0, 0)), (3.0, -0.5)); // λ/m · W = 3/2 · 2; the mean of a − y = 1/2 − 1
/// let planted = Planted { mistake: Mistake::PenaltyMissing, layer: 0 };
/// assert_eq!(backward(&problem, &cache, &[planted])[0].dw.at(0, 0), 0.0);
/// ```
pub fn backward(problem: &Problem, cache: &Cache, planted: &[Planted]) -> Vec<LayerGradient> {
    let mut gradients: Vec<LayerGradient> = Vec::new();
    for l in (0..problem.layers.len()).rev() {
        let pass = Pass { problem, cache, planted, l };
        let (da_behind_mask, da, dz) = match gradients.last() {
            None => (Matrix::new(0, 0, []), Matrix::new(0, 0, []), pass.dz_of_output()),
            Some(next) => {
                let behind = pass.da_behind_mask(&next.dz);
                let da = pass.da(&behind);
                let dz = pass.dz(&da);
                (behind, da, dz)
            }
        };
        gradients.push(LayerGradient { dw: pass.dw(&dz), db: pass.db(&dz), da_behind_mask, da, dz });
    }
    gradients.reverse();
    gradients
}

/// The matrices that are handed in: dW1, db1, dW2, … with their names.
///
/// ```
/// use nablab_engine::{Activation, Loss};
/// use nablab_by_hand::{Layer, Matrix, Problem, backward, gradient};
/// let (w, b) = (Matrix::new(1, 2, [0.0, 0.0]), Matrix::new(1, 1, [0.0]));
/// let output = Layer { w, b, activation: Activation::Sigmoid, dropout: None };
/// let (x, y) = (Matrix::new(2, 1, [4.0, 6.0]), Matrix::new(1, 1, [1.0]));
/// let problem = Problem { x, y, layers: vec![output], loss: Loss::SigmoidCrossEntropy, l2: 0.0 };
/// let matrices = gradient(&backward(&problem, &problem.forward(), &[]));
/// assert_eq!(matrices[0], ("dW1".into(), Matrix::new(1, 2, [-2.0, -3.0]))); // (½ − 1) Xᵀ
/// assert_eq!(matrices[1], ("db1".into(), Matrix::new(1, 1, [-0.5])));
/// ```
pub fn gradient(gradients: &[LayerGradient]) -> Vec<(String, Matrix)> {
    let of_layer = |(l, of): (usize, &LayerGradient)| {
        [(format!("dW{}", l + 1), of.dw.clone()), (format!("db{}", l + 1), of.db.clone())]
    };
    gradients.iter().enumerate().flat_map(of_layer).collect()
}

/// The backward pass at layer l.
struct Pass<'a> {
    problem: &'a Problem,
    cache: &'a Cache,
    planted: &'a [Planted],
    l: usize,
}

impl Pass<'_> {
    fn has(&self, mistake: Mistake) -> bool {
        self.planted.contains(&Planted { mistake, layer: self.l })
    }

    fn layer(&self) -> &Layer {
        &self.problem.layers[self.l]
    }

    fn examples(&self) -> f64 {
        self.problem.examples() as f64
    }

    /// dZ = A − Y.
    fn dz_of_output(&self) -> Matrix {
        let (a, y) = (&self.cache.a[self.l], &self.problem.y);
        Matrix::from_fn(a.rows(), a.cols(), |i, j| {
            let (a, y) = (a.at(i, j), y.at(i, j));
            let error = if self.has(Mistake::Sign) { y - a } else { a - y };
            match () {
                () if self.has(Mistake::OutputDerivative) => error * a * (1.0 - a),
                () if self.has(Mistake::LossDoubled) => 2.0 * error,
                () => error,
            }
        })
    }

    /// Wᵀ dZ of the next layer.
    fn da_behind_mask(&self, next_dz: &Matrix) -> Matrix {
        let w = &self.problem.layers[self.l + 1].w;
        // W can stand there without being turned only where it is square.
        let weight =
            |from: usize, to: usize| match self.has(Mistake::WeightsNotTransposed) && w.rows() == w.cols() {
                true => w.at(to, from),
                false => w.at(from, to),
            };
        let into = |i: usize, j: usize| (0..w.rows()).map(|k| weight(k, i) * next_dz.at(k, j)).sum::<f64>();
        Matrix::from_fn(w.cols(), next_dz.cols(), into)
    }

    /// dA, masked as the outputs were.
    fn da(&self, behind: &Matrix) -> Matrix {
        let Some(dropout) = &self.layer().dropout else { return behind.clone() };
        let mask = self.mask(dropout);
        let scale = match () {
            () if self.has(Mistake::MaskNotScaled) => 1.0,
            () if self.has(Mistake::MaskScaledTwice) => dropout.keep * dropout.keep,
            () => dropout.keep,
        };
        Matrix::from_fn(behind.rows(), behind.cols(), |i, j| match self.has(Mistake::MaskMissing) {
            true => behind.at(i, j),
            false if self.has(Mistake::MaskInverted) => behind.at(i, j) * (1.0 - mask.at(i, j)) / scale,
            false => behind.at(i, j) * mask.at(i, j) / scale,
        })
    }

    /// The mask of the forward pass; planted, that of another layer which has the same shape.
    fn mask<'a>(&'a self, own: &'a Dropout) -> &'a Matrix {
        let is_like = |mask: &Matrix| (mask.rows(), mask.cols()) == (own.mask.rows(), own.mask.cols());
        let masks = self.problem.layers.iter().filter_map(|layer| layer.dropout.as_ref());
        let mut others =
            masks.map(|dropout| &dropout.mask).filter(|mask| **mask != own.mask && is_like(mask));
        match self.has(Mistake::MaskOfAnotherLayer) {
            true => others.next().unwrap_or(&own.mask),
            false => &own.mask,
        }
    }

    /// dZ = dA ∘ g′(Z), of a hidden layer.
    fn dz(&self, da: &Matrix) -> Matrix {
        let activated = match self.has(Mistake::DerivativeAfterMask) {
            true => &self.cache.a[self.l],
            false => &self.cache.activated[self.l],
        };
        Matrix::from_fn(da.rows(), da.cols(), |i, j| {
            let (a, da) = (activated.at(i, j), da.at(i, j));
            da * match () {
                () if self.has(Mistake::DerivativeMissing) => 1.0,
                () if self.has(Mistake::DerivativeOfSigmoid) => a * (1.0 - a),
                () if self.has(Mistake::DerivativeNotSquared) => 1.0 - a,
                () if self.has(Mistake::DerivativeOfOutput) => 1.0 - a.tanh().powi(2),
                () if self.has(Mistake::ReluOfGradient) => f64::from(u8::from(da > 0.0)),
                () => derivative(self.layer().activation, a),
            }
        })
    }

    /// dW = 1/m · dZ A_beforeᵀ + λ/m · W.
    fn dw(&self, dz: &Matrix) -> Matrix {
        let (w, m, l2) = (&self.layer().w, self.examples(), self.problem.l2);
        let input = self.input();
        let sum = |i: usize, k: usize| (0..dz.cols()).map(|j| dz.at(i, j) * input.at(k, j)).sum::<f64>();
        let mean = match () {
            () if self.has(Mistake::MeanMissing) => 1.0,
            () if self.has(Mistake::MeanTwice) => m * m,
            () => m,
        };
        let penalty = match () {
            () if self.has(Mistake::PenaltyMissing) => 0.0,
            () if self.has(Mistake::PenaltyNotDivided) => l2,
            () if self.has(Mistake::PenaltyDoubled) => 2.0 * l2 / m,
            () if self.has(Mistake::PenaltyHalved) => l2 / (2.0 * m),
            () if self.has(Mistake::PenaltySign) => -l2 / m,
            () => l2 / m,
        };
        let dw = Matrix::from_fn(w.rows(), w.cols(), |i, k| sum(i, k) / mean + penalty * w.at(i, k));
        match () {
            () if self.has(Mistake::NeverComputed) => dw.map(|_| 0.0),
            () if self.has(Mistake::Factor) => dw.map(|dw| 2.0 * dw),
            () if self.has(Mistake::Transposed) => dw.transposed(),
            () => dw,
        }
    }

    /// What the layer got.
    fn input(&self) -> &Matrix {
        match self.l.checked_sub(1) {
            Some(before) if self.has(Mistake::InputBeforeActivation) => &self.cache.z[before],
            Some(before) if self.has(Mistake::InputBeforeMask) => &self.cache.activated[before],
            _ => self.problem.input(self.l, self.cache),
        }
    }

    /// db = 1/m · Σ dZ over the examples.
    fn db(&self, dz: &Matrix) -> Matrix {
        let (b, m) = (&self.layer().b, self.examples());
        let mean = if self.has(Mistake::BiasMeanMissing) { 1.0 } else { m };
        let penalty = if self.has(Mistake::PenaltyOfBiases) { self.problem.l2 / m } else { 0.0 };
        match () {
            () if self.has(Mistake::BiasOtherAxis) => {
                Matrix::from_fn(1, dz.cols(), |_, j| (0..dz.rows()).map(|i| dz.at(i, j)).sum::<f64>() / mean)
            }
            () if self.has(Mistake::BiasSumMissing) => dz.map(|dz| dz / mean),
            () => Matrix::from_fn(b.rows(), 1, |i, _| {
                dz.row(i).iter().sum::<f64>() / mean + penalty * b.at(i, 0)
            }),
        }
    }
}

/// g′(z), by the output a = g(z).
///
/// ```
/// use nablab_by_hand::derivative;
/// use nablab_engine::Activation;
/// assert_eq!((derivative(Activation::Tanh, 0.5), derivative(Activation::Relu, 0.0)), (0.75, 0.0));
/// ```
pub fn derivative(activation: Activation, a: f64) -> f64 {
    match activation {
        Activation::Relu => f64::from(u8::from(a > 0.0)),
        Activation::LeakyRelu { slope } => {
            if a > 0.0 {
                1.0
            } else {
                slope
            }
        }
        Activation::Tanh => 1.0 - a * a,
        Activation::Sigmoid => a * (1.0 - a),
        Activation::Identity => 1.0,
    }
}
