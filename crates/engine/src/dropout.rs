//! Inverted dropout: forward and backward are one product with the same mask.
//!
//! An entry of the mask is 1 / keep with probability keep = 1 − rate, else 0. Scaling while training means
//! that prediction needs no dropout at all, and that the expected input of the next layer is unchanged
//! (Srivastava et al. 2014, JMLR 15; scaled as in the course, PyTorch and Keras).
//!
//! The mask is kept in the workspace for the backward pass; a gradient check replays it.

use crate::Float;
use crate::rng::NumpyRng;

/// Fill `mask` with 1 / keep where a uniform number is below keep = 1 − rate, else 0, entry by entry.
///
/// ```
/// use nablab_engine::{dropout::draw_mask, rng::NumpyRng};
/// let mut mask = [0.0; 5];
/// draw_mask(0.3, &mut NumpyRng::new(1), &mut mask);
/// // np.random.seed(1); np.random.rand(5) < 0.7
/// assert_eq!(mask.map(|scale| scale > 0.0), [true, false, true, true, true]);
/// assert_eq!(mask[0], 1.0 / 0.7);
/// ```
pub fn draw_mask<F: Float>(rate: f64, rng: &mut NumpyRng, mask: &mut [F]) {
    let keep = 1.0 - rate;
    let scale = F::from_f64(1.0 / keep);
    for entry in mask {
        *entry = if rng.uniform() < keep { scale } else { F::ZERO };
    }
}

/// d = a ∘ mask. Keeps `mask`, and `a` itself for the derivative of the activation.
pub fn dropout_forward<F: Float>(a: &[F], mask: &[F], d: &mut [F]) {
    for ((d, &a), &mask) in d.iter_mut().zip(a).zip(mask) {
        *d = a * mask;
    }
}

/// da = dd ∘ mask in place, the derivative of `d = a * mask`.
pub fn dropout_backward<F: Float>(mask: &[F], dd: &mut [F]) {
    for (dd, &mask) in dd.iter_mut().zip(mask) {
        *dd *= mask;
    }
}
