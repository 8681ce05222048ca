//! `Z = W·X + b`, `dX = Wᵀ·dZ` and `dW += dZ·Xᵀ`: one kernel, which broadcasts the left factor over lines of the right.
//!
//! Every entry is one chain: it starts at the bias, at 0 or at what is there, and adds its terms from left to right,
//! each product fused with its addition. So its bits depend neither on how the work is cut nor on the instruction set, and
//! equal those of the naive product.
//!
//! `chains.rs` runs the chains, over what `factor.rs` reads and into what `finish.rs` makes of a finished sum.

mod chains;
mod factor;
mod finish;

use crate::simd::{Isa, Kernel, MOST_LANES, Simd, numbers};
use crate::tiles::{TILE, TilesRef};
use crate::transpose::{Panel, panel_width};
use crate::{Float, MatRef};
use chains::{Product, Start};
use factor::{Plain, Transposed};
use finish::{AsIs, Gate, Relu, ReluDropout};

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
    let (factor, start) = (Plain(w), Start::Bias(b));
    match then {
        Then::Nothing => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: z }),
        Then::Relu => F::run_on(isa, Product { factor, x, start, finish: Relu, out: z }),
        Then::ReluDropout(mask, scale) => {
            assert_eq!(mask.len(), z.len(), "a word for each line of Z");
            F::run_on(isa, Product { factor, x, start, finish: ReluDropout(mask, scale), out: z });
        }
    }
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
    let (factor, x, start) = (Transposed(w), dz, Start::Zero);
    match gate {
        Some((gate, scale)) => {
            assert_eq!(gate.len(), dx.len(), "lines of the gate and dX");
            F::run_on(isa, Product { factor, x, start, finish: Gate::<F>(gate, scale), out: dx });
        }
        None => F::run_on(isa, Product { factor, x, start, finish: AsIs, out: dx }),
    }
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
    F::run_on(isa, Gradient { dz, x, tile, fresh, dw });
}

struct Gradient<'a, F: Float> {
    dz: TilesRef<'a, F>,
    x: TilesRef<'a, F>,
    tile: usize,
    fresh: bool,
    dw: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Gradient<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, s: S) {
        let (n_out, width) = (self.dz.rows(), panel_width::<F>(self.x.rows(), self.tile));
        let mut panel = [F::ZERO_LINE; TILE * TILE * MOST_LANES];
        for first in (0..self.x.m()).step_by(TILE * F::LANES) {
            let (dz, x) = (self.dz.examples(first, TILE * F::LANES), self.x.examples(first, TILE * F::LANES));
            Panel { x, tile: self.tile, panel: &mut panel }.run(s);
            // A tile of dZ is a row-major matrix of its examples.
            let factor = Plain(MatRef::new(numbers::<F>(dz.lines()), n_out, dz.lines_per_row() * F::LANES));
            let x = TilesRef::new(&panel[..x.m() * width], x.m(), width * F::LANES);
            let start = if self.fresh && first == 0 { Start::Zero } else { Start::Out };
            Product { factor, x, start, finish: AsIs, out: &mut *self.dw }.run(s);
        }
    }
}
