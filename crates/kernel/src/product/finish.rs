//! What happens to a finished sum while it is still in a register.

use crate::Float;
use crate::activation::{Activation, Relu};
use crate::simd::{RowsMut, Simd, per_line, registers};

/// What happens to finished lines on their way from the registers to memory.
#[derive(Clone, Copy)]
pub(crate) enum Finish<'a, F: Float> {
    /// Nothing.
    AsIs,
    /// max(0, z).
    Relu,
    /// The same, times a factor where a bit of the mask is set, 0 elsewhere.
    ReluDropout(&'a [u16], F),
    /// 0 where the gate is not above 0, times a factor elsewhere.
    Gate(&'a [F::Line], F),
}

impl<F: Float> Finish<'_, F> {
    /// The same for the result from line `start` on, where there are `len` lines of it.
    #[inline(always)]
    pub(crate) fn of(self, start: usize, len: usize) -> Self {
        match self {
            Self::ReluDropout(mask, scale) => Self::ReluDropout(&mask[start..start + len], scale),
            Self::Gate(gate, scale) => Self::Gate(&gate[start..start + len], scale),
            other => other,
        }
    }

    /// A block of R rows and N registers to memory, from register `j` of each row on.
    #[inline(always)]
    pub(crate) fn store<S: Simd<F>, const R: usize, const N: usize>(
        self,
        s: S,
        block: &[[S::V; N]; R],
        out: &mut RowsMut<'_, S::Memory, R>,
        j: usize,
    ) {
        let width = out.width();
        // Loops stand within the cases, so that a case is decided once for a block. A register is numbered as in the
        // lines of the result.
        macro_rules! each {
            (|$at:ident, $v:ident| $finished:expr) => {
                for i in 0..R {
                    for n in 0..N {
                        let ($at, $v) = (i * width + j + n, block[i][n]);
                        s.store($finished, out.at(i, j + n));
                    }
                }
            };
        }
        match self {
            Self::AsIs => each!(|_at, v| v),
            Self::Relu => each!(|_at, v| Relu.forward(s, v)),
            Self::ReluDropout(mask, scale) => {
                let (scale, per_line) = (s.splat(scale), per_line::<F, S>());
                each!(|at, v| {
                    let bits = mask[at / per_line] >> (at % per_line * S::WIDTH);
                    s.keep(bits, s.mul(Relu.forward(s, v), scale))
                });
            }
            Self::Gate(gate, scale) => {
                let (scale, gate) = (s.splat(scale), registers::<F, S>(gate));
                each!(|at, v| Relu.backward(s, s.load(&gate[at]), s.mul(v, scale)));
            }
        }
    }
}
