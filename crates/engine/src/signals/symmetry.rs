//! Symmetry: units that are copies of each other, and stay so.

use std::collections::HashMap;

use crate::{Float, Network};

/// Of each layer, how many hidden units are copies of another one: the same weights from every input, the same bias, and
/// the same weights to every unit of the next layer. Their gradients are then equal, too, so that plain descent never
/// tells them apart: they are one unit (Goodfellow, Bengio & Courville 2016, section 8.4).
///
/// ```
/// use nablab_engine::{Hidden, Loss, Network, signals::symmetric_units};
/// let network = Network::new(1, &[Hidden::relu(3)], 1, Loss::SquaredError);
/// //   W1             b1             W2             b2
/// let params = [0.5, 0.5, 0.5, 0.0, 0.0, 0.0, 2.0, 2.0, 1.0, 0.0];
/// assert_eq!(symmetric_units(&network, &params), [2, 0]); // the third speaks more softly
/// ```
pub fn symmetric_units<F: Float>(network: &Network, params: &[F]) -> Vec<usize> {
    let layout = network.layout();
    let layers = network.hidden().len();
    let of_layer = |l: usize| {
        let (w, b) = layout.layer(l, params);
        let (next, _) = layout.layer(l + 1, params);
        let gamma = network.hidden()[l].batch_norm.then(|| layout.normalization(l, params)[0]);
        let mut alike: HashMap<Vec<u64>, usize> = HashMap::new();
        for unit in 0..w.rows() {
            let around = w.row(unit).iter().chain([&b[unit]]).chain(gamma.map(|gamma| &gamma[unit]));
            // −0 and 0 are the same weight.
            let bits = |v: F| (v.to_f64() + 0.0).to_bits();
            let mut all: Vec<u64> = around.map(|&v| bits(v)).collect();
            all.extend((0..next.rows()).map(|k| bits(next.at(k, unit))));
            *alike.entry(all).or_default() += 1;
        }
        alike.into_values().filter(|&count| count > 1).sum()
    };
    (0..layers).map(of_layer).chain([0]).collect()
}
