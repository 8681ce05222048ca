//! The course's network under the check: by the engine with its gradient spoiled, or as a problem for whoever computes by hand.

use nablab_engine::gradcheck::{CheckError, NetworkCheck, Report};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Layout, Loss, MatRef, Network, Penalty};

use crate::by_hand::{Layer, Matrix, Problem};

/// The course's network, on three examples.
pub(crate) const SIZES: [usize; 4] = [4, 5, 3, 1];
const Y: [f64; 3] = [1.0, 1.0, 0.0];
/// The course's seed of X and the parameters.
pub(super) const SEED: u32 = 1;

/// X and the parameters of a network of these sizes: Gaussian numbers of a seed.
fn inputs(seed: u32, sizes: &[usize]) -> (Vec<f64>, Vec<f64>) {
    let mut rng = NumpyRng::new(seed);
    let mut draw = |n| (0..n).map(|_| rng.gaussian()).collect();
    (draw(sizes[0] * Y.len()), draw(Layout::dense(sizes).len()))
}

/// The course's network for whoever computes it by hand.
pub(crate) fn problem() -> Problem {
    problem_of(SEED, &SIZES)
}

/// A network of relu units and a sigmoid, its inputs and parameters of a seed.
pub(super) fn problem_of(seed: u32, sizes: &[usize]) -> Problem {
    let (x, params) = inputs(seed, sizes);
    let layout = Layout::dense(sizes);
    let layers = (0..sizes.len() - 1).map(|l| {
        let (w, b) = layout.layer(l, &params);
        let activation = if l + 2 == sizes.len() { Activation::Sigmoid } else { Activation::Relu };
        let w = Matrix::from_fn(sizes[l + 1], sizes[l], |i, k| w.at(i, k));
        Layer { w, b: Matrix::new(sizes[l + 1], 1, b), activation, dropout: None }
    });
    let (x, y) = (Matrix::new(sizes[0], Y.len(), x), Matrix::new(1, Y.len(), Y));
    Problem { x, y, layers: layers.collect(), loss: Loss::SigmoidCrossEntropy, l2: 0.0 }
}

/// A change of the gradient of the course's network.
pub(crate) type Spoil<'a> = &'a dyn Fn(&Layout, &mut [f64]);

/// Multiplies a slot.
pub(crate) fn multiply(name: &str, by: f64) -> impl Fn(&Layout, &mut [f64]) {
    move |layout, gradient| {
        let slot = layout.slot(name).expect("a slot of the network");
        gradient[slot.range.clone()].iter_mut().for_each(|entry| *entry *= by);
    }
}

/// The course's network with X and parameters of a seed, its gradient spoiled and checked; with the gradient as it was before.
///
/// # Errors
/// [`CheckError`] where the cost is infinite, which few seeds make it.
pub(crate) fn check(seed: u32, loss: Loss, spoil: Spoil<'_>) -> Result<(Report, Vec<f64>), CheckError> {
    let [features, first, second, outputs] = SIZES;
    let (x, params) = inputs(seed, &SIZES);
    let (x, y) = (MatRef::new(&x, features, Y.len()), MatRef::new(&Y, outputs, Y.len()));
    let network = Network::new(features, &[Hidden::relu(first), Hidden::relu(second)], outputs, loss);
    let mut check = NetworkCheck::new(&network, &params, x, y, Penalty::default(), &mut NumpyRng::new(0));
    let right = check.gradient();
    let mut gradient = right.clone();
    spoil(network.layout(), &mut gradient);
    Ok((check.compare(&gradient)?, right))
}
