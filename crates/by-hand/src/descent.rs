//! Gradient descent, and what becomes of the units by it.

use crate::{Layer, Matrix, Problem, backward};

impl Problem {
    /// A step of gradient descent: W ← W − α dW, b ← b − α db.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 1, [0.0]), Matrix::new(1, 1, [0.0]));
    /// let output = Layer { w, b, activation: Activation::Sigmoid, dropout: None };
    /// let (x, y) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [1.0]));
    /// let mut problem = Problem { x, y, layers: vec![output], loss: Loss::SigmoidCrossEntropy, l2: 0.0 };
    /// problem.descend(0.5);
    /// assert_eq!(problem.parameters(), [0.5, 0.25]); // dz = ½ − 1: dW = −1, db = −½
    /// ```
    pub fn descend(&mut self, rate: f64) {
        let gradients = backward(self, &self.forward(), &[]);
        let step = |from: &Matrix, along: &Matrix| {
            Matrix::from_fn(from.rows(), from.cols(), |i, k| from.at(i, k) - rate * along.at(i, k))
        };
        for (layer, of) in self.layers.iter_mut().zip(&gradients) {
            (layer.w, layer.b) = (step(&layer.w, &of.dw), step(&layer.b, &of.db));
        }
    }
}

impl Layer {
    /// How many units are not copies of one before them: those with the same weights and bias count once.
    ///
    /// ```
    /// use nablab_engine::Activation;
    /// use nablab_by_hand::{Layer, Matrix};
    /// let w = Matrix::new(3, 2, [1.0, 2.0, 1.0, 2.0, 1.0, 2.0]);
    /// let b = Matrix::new(3, 1, [0.0, 0.0, 0.5]);
    /// assert_eq!(Layer { w, b, activation: Activation::Tanh, dropout: None }.different_units(), 2);
    /// ```
    pub fn different_units(&self) -> usize {
        let same = |i: usize, j: usize| self.w.row(i) == self.w.row(j) && self.b.row(i) == self.b.row(j);
        (0..self.w.rows()).filter(|&i| (0..i).all(|j| !same(i, j))).count()
    }
}
