//! The gradient by differences of the cost alone, and how far two gradients are apart.

use crate::Problem;

impl Problem {
    /// The gradient by central differences, in the order of [`Problem::parameters`]:
    ///
    /// ```text
    /// ĝᵢ = (J(θ + ε eᵢ) − J(θ − ε eᵢ)) / 2ε
    /// ```
    ///
    /// It needs the forward pass only, so that a wrong backward pass shows beside it.
    ///
    /// ```
    /// use nablab_engine::{Activation, Loss};
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// let (w, b) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [0.0]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(1, 2, [1.0, 3.0]), Matrix::new(1, 2, [1.0, 3.0]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.0 };
    /// // J = ½ · ½ ((w + b − 1)² + (3w + b − 3)²): dW = ½ (1 · 1 + 3 · 3) = 5, db = ½ (1 + 3) = 2.
    /// let numeric = problem.numeric_gradient(1e-4);
    /// assert!((numeric[0] - 5.0).abs() < 1e-9 && (numeric[1] - 2.0).abs() < 1e-9);
    /// ```
    pub fn numeric_gradient(&self, epsilon: f64) -> Vec<f64> {
        let of = |i| (self.cost_moved(i, epsilon) - self.cost_moved(i, -epsilon)) / (2.0 * epsilon);
        (0..self.parameters().len()).map(of).collect()
    }

    /// The cost where one parameter is moved.
    ///
    /// ```
    /// use nablab_by_hand::{Layer, Matrix, Problem};
    /// use nablab_engine::{Activation, Loss};
    /// let (w, b) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [0.0]));
    /// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
    /// let (x, y) = (Matrix::new(1, 1, [1.0]), Matrix::new(1, 1, [0.0]));
    /// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.0 };
    /// assert_eq!((problem.cost_moved(0, 0.0), problem.cost_moved(0, 2.0)), (2.0, 8.0)); // ½ w²
    /// ```
    pub fn cost_moved(&self, i: usize, by: f64) -> f64 {
        let mut parameters = self.parameters();
        parameters[i] += by;
        let moved = self.with_parameters(&parameters);
        moved.cost(&moved.forward())
    }
}

/// The one number a gradient check prints: ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖), from 0 to 1; of two that are 0 everywhere, 0.
///
/// ```
/// use nablab_by_hand::relative_difference;
/// assert_eq!(relative_difference(&[3.0, 4.0], &[0.0, 0.0]), 1.0);
/// assert_eq!(relative_difference(&[3.0, 4.0], &[9.0, 12.0]), 0.5); // 10 / (5 + 15)
/// assert_eq!(relative_difference(&[0.0], &[0.0]), 0.0);
/// ```
///
/// # Panics
/// If they are not of one length.
pub fn relative_difference(analytic: &[f64], numeric: &[f64]) -> f64 {
    assert_eq!(analytic.len(), numeric.len(), "entries of two gradients of the same parameters");
    let norm = |entries: &mut dyn Iterator<Item = f64>| entries.map(|e| e * e).sum::<f64>().sqrt();
    let apart = norm(&mut analytic.iter().zip(numeric).map(|(g, h)| g - h));
    match apart {
        0.0 => 0.0,
        apart => apart / (norm(&mut analytic.iter().copied()) + norm(&mut numeric.iter().copied())),
    }
}
