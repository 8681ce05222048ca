//! Checking exactly this network, loss, penalty and dropout, on exactly these examples.

use super::{CheckError, Context, Report, check_with};
use crate::rng::NumpyRng;
use crate::{Gradient, MatRef, Network, Pass, Penalty, Targets, Tiles, Workspace, YRef};

/// A network at a point, with examples, a penalty and dropout masks drawn once and replayed.
///
/// ```
/// use nablab_engine::gradcheck::NetworkCheck;
/// use nablab_engine::{Hidden, Init, Loss, MatRef, Network, Penalty, rng::NumpyRng};
/// let network = Network::new(2, &[Hidden::relu(3)], 1, Loss::SigmoidCrossEntropy);
/// let mut params = vec![0.0; network.layout().len()];
/// Init::He.fill(network.layout(), &mut NumpyRng::new(3), &mut params);
/// let (x, y) = ([0.3, -1.0, 0.8, 0.5], [1.0, 0.0]);
/// let (x, y) = (MatRef::new(&x, 2, 2), MatRef::new(&y, 1, 2));
/// let mut check = NetworkCheck::new(&network, &params, x, y, Penalty { l2: 0.1, l1: 0.0 }, &mut NumpyRng::new(1));
/// let mut gradient = check.gradient();
/// assert!(check.compare(&gradient)?.is_correct());
/// gradient[network.layout().slot("W2").unwrap().range.clone()].iter_mut().for_each(|g| *g *= 2.0);
/// assert_eq!(check.compare(&gradient)?.findings[0].slot, "W2");
/// # Ok::<(), nablab_engine::gradcheck::CheckError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetworkCheck<'a> {
    network: &'a Network,
    params: &'a [f64],
    x: Tiles<f64>,
    y: Tiles<f64>,
    weights: Option<Tiles<f64>>,
    penalty: Penalty,
    penalty_examples: f64,
    work: Workspace<f64>,
    gradient: Gradient<f64>,
}

impl<'a> NetworkCheck<'a> {
    /// X (inputs, m), Y (outputs, m); the masks are drawn here.
    pub fn new<'y>(
        network: &'a Network,
        params: &'a [f64],
        x: MatRef<'_, f64>,
        y: impl Into<YRef<'y, f64>>,
        penalty: Penalty,
        masks: &mut NumpyRng,
    ) -> Self {
        let mut work = Workspace::new(network, x.cols());
        work.draw_masks(network, x.cols(), masks);
        let gradient = Gradient::new(network);
        let (x, y) = (Tiles::from_matrix(x), y.into().to_tiles());
        let penalty_examples = x.view().m() as f64;
        Self { network, params, x, y, weights: None, penalty, penalty_examples, work, gradient }
    }

    /// With another number than the examples' to divide the penalty's strength by: that of a training of which these are a
    /// part ([`crate::Settings::penalty_examples`]).
    pub fn with_penalty_examples(self, penalty_examples: f64) -> Self {
        Self { penalty_examples, ..self }
    }

    /// With a weight for each example.
    ///
    /// # Panics
    /// If there is not one for each.
    pub fn with_weights(self, weights: &[f64]) -> Self {
        let weights = Tiles::from_matrix(MatRef::new(weights, 1, self.x.view().m()));
        Self { weights: Some(weights), ..self }
    }

    fn targets(&self) -> Targets<'_, f64> {
        Targets { y: self.y.view(), weights: self.weights.as_ref().map(Tiles::view) }
    }

    /// The cost: mean loss plus penalty.
    pub fn cost(&mut self, params: &[f64]) -> f64 {
        self.network.forward(params, self.x.view(), Pass::Train, &mut self.work);
        self.network.cost(self.targets(), &self.work)
            + self.penalty.value(self.network.layout(), params, self.penalty_examples)
    }

    /// The gradient the engine computes.
    pub fn gradient(&mut self) -> Vec<f64> {
        let mut grads = vec![0.0; self.params.len()];
        let (x, m) = (self.x.view(), self.x.view().m());
        let targets = Targets { y: self.y.view(), weights: self.weights.as_ref().map(Tiles::view) };
        self.network.forward(self.params, x, Pass::Train, &mut self.work);
        self.network.backward(self.params, targets, &mut self.work);
        self.gradient.add(x, &self.work);
        self.gradient.take(1.0 / m as f64, &mut grads);
        self.penalty.add_gradient(self.network.layout(), self.params, self.penalty_examples, &mut grads);
        grads
    }

    /// Compare any gradient with the central differences of the cost.
    ///
    /// # Errors
    /// [`CheckError`] if something is not finite.
    pub fn compare(&mut self, analytic: &[f64]) -> Result<Report, CheckError> {
        let (layout, params, m) = (self.network.layout(), self.params, self.x.view().m());
        let mut penalty = vec![0.0; params.len()];
        self.penalty.add_gradient(layout, params, self.penalty_examples, &mut penalty);
        let context = Context { examples: Some(m), penalty: Some(&penalty) };
        check_with(layout, params, analytic, context, |theta| (self.cost(theta), self.pieces(theta)))
    }

    /// Fingerprint of the linear pieces: which units with a corner, and which weights under an L1 penalty, are
    /// above 0.
    fn pieces(&self, theta: &[f64]) -> u64 {
        let mut hash = Fingerprint::default();
        for l in 0..self.network.hidden().len() {
            if self.network.activation(l).has_kink() {
                self.work.output(l).to_vec().iter().for_each(|&a| hash.bit(a > 0.0));
            }
        }
        if self.penalty.l1 > 0.0 {
            self.network.layout().weights().flat_map(|range| &theta[range]).for_each(|&w| hash.bit(w > 0.0));
        }
        hash.0
    }
}

/// FNV-1a over bits.
struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    fn bit(&mut self, bit: bool) {
        self.0 = (self.0 ^ u64::from(bit)).wrapping_mul(0x0100_0000_01b3);
    }
}
