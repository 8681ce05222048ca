//! A dense (fully connected) layer: forward and backward, free functions over views.
//!
//! Shapes, here and everywhere in the engine: m examples, n_in inputs, n_out units;
//! X (n_in, m), W (n_out, n_in), b (n_out), Z (n_out, m). `dw` is the gradient of `w`.

use nablab_kernel::Then;

use crate::dropout::{dropout_backward, dropout_forward, scale};
use crate::{Activation, Float, Isa, MatRef, TilesRef};

/// A = g(W·X + b), and with dropout D = A ∘ mask / keep.
///
/// Keeps nothing else: the backward pass needs X and W besides, which the caller has. Of relu with dropout it writes
/// D alone, which tells whether A was above 0 wherever that matters.
///
/// ```
/// use nablab_engine::{Activation, Isa, Line, MatRef, Tiles, dense::dense_forward};
/// let (w, b, x) = ([1.0, 2.0], [0.5], [3.0, 4.0, 5.0, 6.0]); // two examples: (3, 5) and (4, 6)
/// let x = Tiles::from_matrix(MatRef::new(&x, 2, 2));
/// let mut a = [Line([0.0; 8])];
/// dense_forward(Isa::best(), MatRef::new(&w, 1, 2), &b, x.view(), Activation::Identity, &mut a, None);
/// assert_eq!(a[0].0[..2], [13.5, 16.5]);
/// ```
pub fn dense_forward<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    b: &[F],
    x: TilesRef<'_, F>,
    activation: Activation,
    a: &mut [F::Line],
    dropout: Option<Dropout<'_, F>>,
) {
    // relu and its mask are a few instructions, done while the sums are still in registers.
    match (activation, dropout) {
        (Activation::Relu, None) => F::set_w_x_plus_b(isa, w, x, b, Then::Relu, a),
        (Activation::Relu, Some(Dropout { mask, rate, d })) => {
            F::set_w_x_plus_b(isa, w, x, b, Then::ReluDropout(mask, scale(rate)), d);
        }
        (_, dropout) => {
            F::set_w_x_plus_b(isa, w, x, b, Then::Nothing, a);
            activation.forward::<F>(isa, a);
            if let Some(Dropout { mask, rate, d }) = dropout {
                dropout_forward::<F>(isa, a, mask, rate, d);
            }
        }
    }
}

/// What dropout needs on the way forward: its mask, a word for each line of the output, its rate, and room for D.
#[derive(Debug)]
pub struct Dropout<'a, F: Float> {
    /// A bit for each output that stays.
    pub mask: &'a [u16],
    /// Share of the outputs that do not.
    pub rate: f64,
    /// A ∘ mask / keep, (n_out, m).
    pub d: &'a mut [F::Line],
}

/// The gradients of the *sum* of the losses over examples, from dZ (n_out, m), which is 0 beyond the last example:
/// dW += dZ·Xᵀ (n_out, n_in) and db += Σⱼ dZ[:, j] (n_out), a line of partial sums for each entry. They accumulate, so
/// that a batch can be cut (db empty where it is not wanted); joining the lanes and dividing by m is the caller's, once,
/// over the whole flat gradient.
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
/// With a mask between the two layers, X = g(U) ∘ mask / keep, it comes between the two factors; the output of relu
/// is then wanted with its mask.
pub fn dense_backward_input<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    dz: TilesRef<'_, F>,
    (activation, g): (Activation, &[F::Line]),
    mask: Option<(&[u16], f64)>,
    du: &mut [F::Line],
) {
    if activation == Activation::Relu {
        F::set_wt_dz(isa, w, dz, Some((g, mask.map_or(F::ONE, |(_, rate)| scale(rate)))), du);
        return;
    }
    F::set_wt_dz(isa, w, dz, None, du);
    if let Some((mask, rate)) = mask {
        dropout_backward::<F>(isa, mask, rate, du);
    }
    activation.backward::<F>(isa, g, du);
}
