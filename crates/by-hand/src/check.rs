//! The gradient by hand, right or with mistakes, against differences of the cost.

use nablab_engine::Layout;
use nablab_engine::gradcheck::{self, CheckError, Context, Report};

use crate::{Matrix, Planted, Problem, backward, gradient};

/// Check the gradient with these mistakes in it. None where a matrix has another shape than its parameters, so that there is nothing to
/// compare.
///
/// ```
/// use nablab_by_hand::{Layer, Matrix, Mistake, Planted, Problem, check};
/// use nablab_engine::{Activation, Loss};
/// let (w, b) = (Matrix::new(1, 1, [2.0]), Matrix::new(1, 1, [0.0]));
/// let output = Layer { w, b, activation: Activation::Identity, dropout: None };
/// let (x, y) = (Matrix::new(1, 2, [1.0, 3.0]), Matrix::new(1, 2, [1.0, 3.0]));
/// let problem = Problem { x, y, layers: vec![output], loss: Loss::SquaredError, l2: 0.0 };
/// assert!(check(&problem, &[]).unwrap()?.is_correct());
/// let planted = Planted { mistake: Mistake::MeanMissing, layer: 0 };
/// let report = check(&problem, &[planted]).unwrap()?;
/// // Two examples: without their mean it is twice as large.
/// let found = "W1: analytic is 2.00 × numeric in all 1 entries (a constant factor)";
/// assert_eq!(report.findings[0].to_string(), found);
/// # Ok::<(), nablab_engine::gradcheck::CheckError>(())
/// ```
pub fn check(problem: &Problem, planted: &[Planted]) -> Option<Result<Report, CheckError>> {
    let sizes = problem.layers.iter().map(|layer| layer.w.rows());
    let layout = Layout::dense(&std::iter::once(problem.x.rows()).chain(sizes).collect::<Vec<_>>());
    let matrices =
        |problem: &Problem, planted: &[Planted]| gradient(&backward(problem, &problem.forward(), planted));
    let wrong = matrices(problem, planted);
    let shapes = wrong.iter().map(|(_, matrix)| (matrix.rows(), matrix.cols()));
    if !layout.slots().iter().map(|slot| (slot.rows, slot.cols)).eq(shapes) {
        return None;
    }
    let without_penalty = flat(&matrices(&Problem { l2: 0.0, ..problem.clone() }, &[]));
    let right = flat(&matrices(problem, &[]));
    let penalty: Vec<f64> = right.iter().zip(without_penalty).map(|(a, b)| a - b).collect();
    let penalty = (problem.l2 > 0.0).then_some(&penalty[..]);
    let context = Context { examples: Some(problem.examples()), penalty };
    let cost = |theta: &[f64]| {
        let moved = problem.with_parameters(theta);
        let cache = moved.forward();
        // Which units with a corner are above 0: on its other side the slope differs.
        let layers = moved.layers.iter().zip(&cache.z).filter(|(layer, _)| layer.activation.has_kink());
        let signs = layers.flat_map(|(_, z)| z.entries()).map(|z| u64::from(*z > 0.0));
        (moved.cost(&cache), signs.fold(0, |bits: u64, sign| bits.rotate_left(1) ^ sign))
    };
    Some(gradcheck::check_with(&layout, &problem.parameters(), &flat(&wrong), context, cost))
}

fn flat(matrices: &[(String, Matrix)]) -> Vec<f64> {
    matrices.iter().flat_map(|(_, matrix)| matrix.entries()).copied().collect()
}
