//! A dense (fully connected) layer: forward and backward, free functions over views.
//!
//! Shapes, here and everywhere in the engine: m examples, n_in inputs, n_out units;
//! X (n_in, m), W (n_out, n_in), b (n_out), Z (n_out, m). `dw` is the gradient of `w`.

use crate::dropout::dropout_backward;
use crate::kernel::simd::Isa;
use crate::tiles::TilesRef;
use crate::{Activation, Float, MatRef};

/// A = g(W·X + b).
///
/// Keeps nothing but A: the backward pass needs X and W besides, which the caller has.
///
/// ```
/// use nablab_engine::{Activation, Isa, Line, MatRef, Tiles, dense::dense_forward};
/// let (w, b, x) = ([1.0, 2.0], [0.5], [3.0, 4.0, 5.0, 6.0]); // two examples: (3, 5) and (4, 6)
/// let x = Tiles::from_matrix(MatRef::new(&x, 2, 2));
/// let mut a = [Line([0.0; 8])];
/// dense_forward(Isa::best(), MatRef::new(&w, 1, 2), &b, x.view(), Activation::Identity, &mut a);
/// assert_eq!(a[0].0[..2], [13.5, 16.5]);
/// ```
pub fn dense_forward<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    b: &[F],
    x: TilesRef<'_, F>,
    activation: Activation,
    a: &mut [F::Line],
) {
    // relu is one instruction, done while the sums are still in registers.
    let relu = activation == Activation::Relu;
    F::set_w_x_plus_b(isa, w, x, b, relu, a);
    if !relu {
        activation.forward::<F>(isa, a);
    }
}

/// The gradients of the *sum* of the losses over examples, from dZ (n_out, m), which is 0 beyond the last example:
/// dW += dZ·Xᵀ (n_out, n_in) and db += Σⱼ dZ[:, j] (n_out), a line of partial sums for each entry. They accumulate, so
/// that a batch can be cut; joining the lanes and dividing by m is the caller's, once, over the whole flat gradient.
pub fn dense_backward<F: Float>(
    isa: Isa,
    x: TilesRef<'_, F>,
    dz: TilesRef<'_, F>,
    dw: &mut [F::Line],
    db: &mut [F::Line],
) {
    // z = w·x + b
    F::add_dz_xt_lanes(isa, dz, x, dw, db);
}

/// The same towards the inputs X = g(U), which are the output of the layer before: dU = g′(U) ∘ Wᵀ·dZ (n_in, m).
/// With a mask between the two layers, X = g(U) ∘ mask, it comes between the two factors.
pub fn dense_backward_input<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    dz: TilesRef<'_, F>,
    (activation, g): (Activation, &[F::Line]),
    mask: Option<(&[u16], f64)>,
    du: &mut [F::Line],
) {
    let relu = activation == Activation::Relu && mask.is_none();
    F::set_wt_dz(isa, w, dz, relu.then_some(g), du);
    if let Some((mask, rate)) = mask {
        dropout_backward::<F>(isa, mask, rate, du);
    }
    if !relu {
        activation.backward::<F>(isa, g, du);
    }
}
