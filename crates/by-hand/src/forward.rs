//! From X to the cost.

use nablab_engine::{Activation, Loss};

use crate::Matrix;

/// A network with its parameters and examples: all that a forward and a backward pass need.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// X (features, m).
    pub x: Matrix,
    /// Y (outputs, m): zeros and ones, or numbers where the loss is the squared error.
    pub y: Matrix,
    /// From the inputs to the output, whose activation is that of the loss.
    pub layers: Vec<Layer>,
    /// What the outputs are compared with Y by; it also says what becomes of the output's Z: the sigmoid, the softmax, or Z itself.
    pub loss: Loss,
    /// λ of the penalty λ / 2m · Σ W².
    pub l2: f64,
}

/// A layer: A = g(W · A_before + b), and dropout of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// W (n_out, n_in).
    pub w: Matrix,
    /// b (n_out, 1).
    pub b: Matrix,
    /// g.
    pub activation: Activation,
    /// What is dropped of A; none in the output.
    pub dropout: Option<Dropout>,
}

/// Which outputs of a layer are dropped.
#[derive(Clone, Debug, PartialEq)]
pub struct Dropout {
    /// D (n_out, m): 1 where the unit speaks for the example, 0 where it is silent.
    pub mask: Matrix,
    /// The probability of 1, by which what is left is divided.
    pub keep: f64,
}

/// What a forward pass leaves for the backward pass, layer by layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Cache {
    /// Z = W · A_before + b.
    pub z: Vec<Matrix>,
    /// g(Z), before dropout.
    pub activated: Vec<Matrix>,
    /// A, as the next layer gets it: g(Z) ∘ D / keep.
    pub a: Vec<Matrix>,
}

impl Problem {
    /// m.
    pub fn examples(&self) -> usize {
        self.x.cols()
    }

    /// All parameters, layer by layer, W before b: the vector θ of a gradient check.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 2, [2.0, -1.0]), Matrix::new(1, 1, [0.5]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 3.0]), Matrix::new(1, 1, [0.5]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.4 };
    /// assert_eq!(problem.parameters(), [2.0, -1.0, 0.5]);
    /// ```
    pub fn parameters(&self) -> Vec<f64> {
        let matrices = self.layers.iter().flat_map(|layer| [&layer.w, &layer.b]);
        matrices.flat_map(|matrix| matrix.entries()).copied().collect()
    }

    /// The same problem with other parameters, in the order of [`Self::parameters`].
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 2, [2.0, -1.0]), Matrix::new(1, 1, [0.5]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 3.0]), Matrix::new(1, 1, [0.5]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.4 };
    /// let moved = problem.with_parameters(&[2.0, -1.0, 0.75]);
    /// assert_eq!((moved.layers[0].b.at(0, 0), &moved.layers[0].w), (0.75, &problem.layers[0].w));
    /// ```
    ///
    /// # Panics
    /// If there are fewer of them.
    #[must_use]
    pub fn with_parameters(&self, parameters: &[f64]) -> Self {
        let mut problem = self.clone();
        let mut rest = parameters;
        for matrix in problem.layers.iter_mut().flat_map(|layer| [&mut layer.w, &mut layer.b]) {
            let (own, others) = rest.split_at(matrix.entries().len());
            *matrix = Matrix::new(matrix.rows(), matrix.cols(), own);
            rest = others;
        }
        problem
    }

    /// Z of layer l: W · A_before + b.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 2, [2.0, -1.0]), Matrix::new(1, 1, [0.5]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 3.0]), Matrix::new(1, 1, [0.5]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.4 };
    /// assert_eq!(problem.z(0, &problem.forward()).at(0, 0), -0.5); // 2 · 1 − 1 · 3 + ½
    /// ```
    pub fn z(&self, l: usize, cache: &Cache) -> Matrix {
        let (Layer { w, b, .. }, input) = (&self.layers[l], self.input(l, cache));
        Matrix::from_fn(w.rows(), self.examples(), |i, j| {
            (0..w.cols()).map(|k| w.at(i, k) * input.at(k, j)).sum::<f64>() + b.at(i, 0)
        })
    }

    /// The forward pass.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let output = Layer {
    ///     w: Matrix::new(1, 2, [1.0, -1.0]),
    ///     b: Matrix::new(1, 1, [0.5]),
    ///     activation: Activation::Sigmoid,
    ///     dropout: None,
    /// };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 1.5]), Matrix::new(1, 1, [1.0]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SigmoidCrossEntropy, l2: 0.0 };
    /// let cache = problem.forward();
    /// assert_eq!((cache.z[0].at(0, 0), cache.a[0].at(0, 0)), (0.0, 0.5));
    /// assert_eq!(problem.cost(&cache), 2f64.ln());
    /// ```
    pub fn forward(&self) -> Cache {
        let mut cache = Cache { z: Vec::new(), activated: Vec::new(), a: Vec::new() };
        for (l, layer) in self.layers.iter().enumerate() {
            let z = self.z(l, &cache);
            let is_output = l + 1 == self.layers.len();
            let activated =
                if is_output { predict(self.loss, &z) } else { z.map(|z| activate(layer.activation, z)) };
            let a = match &layer.dropout {
                None => activated.clone(),
                Some(Dropout { mask, keep }) => {
                    Matrix::from_fn(z.rows(), z.cols(), |i, j| activated.at(i, j) * mask.at(i, j) / keep)
                }
            };
            cache.z.push(z);
            cache.activated.push(activated);
            cache.a.push(a);
        }
        cache
    }

    /// What layer l gets: X, or A of the layer before.
    pub fn input<'a>(&'a self, l: usize, cache: &'a Cache) -> &'a Matrix {
        if l == 0 { &self.x } else { &cache.a[l - 1] }
    }

    /// The cost: mean loss and penalty.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 2, [2.0, -1.0]), Matrix::new(1, 1, [0.5]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 3.0]), Matrix::new(1, 1, [0.5]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.4 };
    /// assert_eq!(problem.cost(&problem.forward()), 1.5); // ½ (−½ − ½)² + 0.4 / 2 · (4 + 1)
    /// ```
    pub fn cost(&self, cache: &Cache) -> f64 {
        self.mean_loss(cache) + self.penalty()
    }

    /// 1/m · Σ over the examples and outputs of what the loss says of one output:
    ///
    /// ```text
    /// −(y ln a + (1 − y) ln(1 − a))   cross-entropy with the sigmoid
    /// −y ln a                         cross-entropy with the softmax
    /// ½ (a − y)²                      squared error
    /// ```
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [0.0]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(1, 2, [1.0, 3.0]), Matrix::new(1, 2, [1.0, 3.0]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.0 };
    /// assert_eq!(problem.mean_loss(&problem.forward()), 2.5); // (½ 1² + ½ 3²) / 2
    /// ```
    pub fn mean_loss(&self, cache: &Cache) -> f64 {
        let Some(output) = cache.a.last() else { return 0.0 };
        let of_output = |(&a, &y): (&f64, &f64)| match self.loss {
            Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => {
                -(share(y, a.ln()) + share(1.0 - y, (1.0 - a).ln()))
            }
            Loss::SoftmaxCrossEntropy => -share(y, a.ln()),
            Loss::SquaredError => 0.5 * (a - y) * (a - y),
            Loss::Poisson => share(y, (y / a).ln()) - y + a,
        };
        let all: f64 = output.entries().iter().zip(self.y.entries()).map(of_output).sum();
        all / self.examples() as f64
    }

    /// λ / 2m · Σ W².
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 2, [2.0, -1.0]), Matrix::new(1, 1, [0.5]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(2, 1, [1.0, 3.0]), Matrix::new(1, 1, [0.5]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.4 };
    /// assert_eq!(problem.penalty(), 1.0); // 0.4 / 2 · (4 + 1), with m = 1
    /// ```
    pub fn penalty(&self) -> f64 {
        let squares: f64 = self.layers.iter().flat_map(|layer| layer.w.entries()).map(|w| w * w).sum();
        self.l2 / (2 * self.examples()) as f64 * squares
    }
}

/// share · logarithm; of no share nothing, though the logarithm be infinite.
fn share(share: f64, logarithm: f64) -> f64 {
    if share == 0.0 { 0.0 } else { share * logarithm }
}

/// The output's A: what the loss makes of Z (outputs, m).
///
/// ```
/// use nablab_by_hand::{Matrix, predict};
/// use nablab_engine::Loss;
/// assert_eq!(predict(Loss::SigmoidCrossEntropy, &Matrix::new(1, 1, [0.0])).at(0, 0), 0.5);
/// assert_eq!(predict(Loss::SquaredError, &Matrix::new(1, 1, [3.0])).at(0, 0), 3.0);
/// ```
pub fn predict(loss: Loss, z: &Matrix) -> Matrix {
    match loss {
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => {
            z.map(|z| activate(Activation::Sigmoid, z))
        }
        Loss::SoftmaxCrossEntropy => softmax(z),
        Loss::SquaredError => z.clone(),
        Loss::Poisson => z.map(f64::exp),
    }
}

/// e^z over its sum, for each example. The largest Z of an example is taken off first, which changes no share and keeps e^z finite.
fn softmax(z: &Matrix) -> Matrix {
    let column = |j: usize| (0..z.rows()).map(move |i| z.at(i, j));
    let largest: Vec<f64> = (0..z.cols()).map(|j| column(j).fold(f64::NEG_INFINITY, f64::max)).collect();
    let powers = Matrix::from_fn(z.rows(), z.cols(), |i, j| (z.at(i, j) - largest[j]).exp());
    let sums: Vec<f64> = (0..z.cols()).map(|j| (0..z.rows()).map(|i| powers.at(i, j)).sum()).collect();
    Matrix::from_fn(z.rows(), z.cols(), |i, j| powers.at(i, j) / sums[j])
}

/// g(z).
///
/// ```
/// use nablab_by_hand::activate;
/// use nablab_engine::Activation;
/// assert_eq!((activate(Activation::Relu, -2.0), activate(Activation::Sigmoid, 0.0)), (0.0, 0.5));
/// ```
pub fn activate(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Relu => z.max(0.0),
        Activation::LeakyRelu { slope } => {
            if z > 0.0 {
                z
            } else {
                slope * z
            }
        }
        Activation::Tanh => z.tanh(),
        Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
        Activation::Identity => z,
    }
}
