//! A dense (fully connected) layer: forward and backward, free functions over views.
//!
//! Shapes, here and everywhere in the engine: m examples, n_in inputs, n_out units;
//! X (n_in, m), W (n_out, n_in), b (n_out), Z (n_out, m). `dw` is the gradient of `w`.

use crate::kernel::{add_dz_xt, set_w_x_plus_b, set_wt_dz};
use crate::{Float, MatMut, MatRef};

/// Z = W·X + b.
///
/// Keeps nothing: the backward pass needs X and W, which the caller has.
///
/// ```
/// use nablab_engine::{MatMut, MatRef, dense::dense_forward};
/// let (w, b, x) = ([1.0, 2.0], [0.5], [3.0, 4.0, 5.0, 6.0]); // two examples: (3, 5) and (4, 6)
/// let mut z = [0.0; 2];
/// dense_forward(MatRef::new(&w, 1, 2), &b, MatRef::new(&x, 2, 2), &mut MatMut::new(&mut z, 1, 2));
/// assert_eq!(z, [13.5, 16.5]);
/// ```
pub fn dense_forward<F: Float>(w: MatRef<'_, F>, b: &[F], x: MatRef<'_, F>, z: &mut MatMut<'_, F>) {
    set_w_x_plus_b(w, x, b, z);
}

/// The gradients of the *sum* of the losses over examples, from dZ (n_out, m):
///
/// - dW += dZ·Xᵀ (n_out, n_in) and db += Σⱼ dZ[:, j] (n_out): accumulated, so that a batch can be cut;
/// - dX = Wᵀ·dZ (n_in, m): set, and left out for the first layer, whose inputs are data.
///
/// Dividing by m is the caller's, once, over the whole flat gradient.
pub fn dense_backward<F: Float>(
    w: MatRef<'_, F>,
    x: MatRef<'_, F>,
    dz: MatRef<'_, F>,
    dw: &mut MatMut<'_, F>,
    db: &mut [F],
    dx: Option<&mut MatMut<'_, F>>,
) {
    // z = w·x + b
    add_dz_xt(dz, x, dw, db);
    if let Some(dx) = dx {
        set_wt_dz(w, dz, dx);
    }
}
