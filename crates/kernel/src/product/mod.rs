//! `Z = W·X + b`, `dX = Wᵀ·dZ` and `dW += dZ·Xᵀ`: one kernel, which broadcasts the left factor over lines of the right.
//!
//! Every entry is one chain: it starts at the bias, at 0 or at what is there, and adds its terms from left to right,
//! each product fused with its addition. So its bits depend neither on how the work is cut nor on the instruction set, and
//! equal those of the naive product.
//!
//! `chains.rs` runs the chains, `finish.rs` is what becomes of a finished sum.

mod chains;
mod finish;

use crate::simd::{Isa, MOST_LANES, numbers};
use crate::tiles::{TILE, TilesRef};
use crate::transpose::{Panel, panel_width};
use crate::{Float, MatRef};
pub(crate) use chains::{Factor, Product, Start};
pub(crate) use finish::Finish;

/// `Z = W·X + b`; these functions are documented where they are public: [`crate::Kernels`].
pub(crate) fn set_w_x_plus_b<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    x: TilesRef<'_, F>,
    b: &[F],
    then: Then<'_, F>,
    z: &mut [F::Line],
) {
    assert_eq!((w.rows(), w.cols()), (b.len(), x.rows()), "shapes of W·X + b");
    assert_eq!(z.len(), w.rows() * x.lines_per_row(), "lines of Z");
    let (factor, start) = (Factor::plain(w), Start::Bias(b));
    let finish = match then {
        Then::Nothing => Finish::AsIs,
        Then::Relu => Finish::Relu,
        Then::ReluDropout(mask, scale) => {
            assert_eq!(mask.len(), z.len(), "a word for each line of Z");
            Finish::ReluDropout(mask, scale)
        }
    };
    F::run_on(isa, Product { factor, x, start, finish, out: z });
}

/// What happens to Z = W·X + b on its way to memory.
#[derive(Clone, Copy, Debug)]
pub enum Then<'a, F> {
    /// Nothing.
    Nothing,
    /// max(0, z).
    Relu,
    /// The same, times a factor where a bit of the mask is set (a word for each line), 0 elsewhere.
    ReluDropout(&'a [u16], F),
}

/// `dX = Wᵀ·dZ`, gated.
pub(crate) fn set_wt_dz<F: Float>(
    isa: Isa,
    w: MatRef<'_, F>,
    dz: TilesRef<'_, F>,
    gate: Option<(&[F::Line], F)>,
    dx: &mut [F::Line],
) {
    assert_eq!(w.rows(), dz.rows(), "shapes of Wᵀ·dZ");
    assert_eq!(dx.len(), w.cols() * dz.lines_per_row(), "lines of dX");
    let finish = match gate {
        Some((gate, scale)) => {
            assert_eq!(gate.len(), dx.len(), "lines of the gate and dX");
            Finish::Gate(gate, scale)
        }
        None => Finish::AsIs,
    };
    F::run_on(isa, Product { factor: Factor::transposed(w), x: dz, start: Start::Zero, finish, out: dx });
}

/// `dW += dZ·Xᵀ` for a tile of inputs.
///
/// The chains run over the examples, so X is transposed on the way, a tile of examples at a time.
pub(crate) fn add_dz_xt<F: Float>(
    isa: Isa,
    dz: TilesRef<'_, F>,
    x: TilesRef<'_, F>,
    tile: usize,
    fresh: bool,
    dw: &mut [F::Line],
) {
    assert_eq!(dz.m(), x.m(), "examples of dZ and X");
    assert_eq!(dw.len(), dz.rows() * panel_width::<F>(x.rows(), tile), "lines of dW");
    let (n_out, width) = (dz.rows(), panel_width::<F>(x.rows(), tile));
    let mut panel = [F::ZERO_LINE; TILE * TILE * MOST_LANES];
    for first in (0..x.m()).step_by(TILE * F::LANES) {
        let (dz, x) = (dz.examples(first, TILE * F::LANES), x.examples(first, TILE * F::LANES));
        F::run_on(isa, Panel { x, tile, panel: &mut panel });
        // A tile of dZ is a row-major matrix of its examples.
        let factor =
            Factor::plain(MatRef::new(numbers::<F>(dz.lines()), n_out, dz.lines_per_row() * F::LANES));
        let x = TilesRef::new(&panel[..x.m() * width], x.m(), width * F::LANES);
        let start = if fresh && first == 0 { Start::Zero } else { Start::Out };
        F::run_on(isa, Product { factor, x, start, finish: Finish::AsIs, out: dw });
    }
}
