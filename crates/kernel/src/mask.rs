//! Masks of dropout: a bit for each lane, a word for each line.

use crate::Float;
use crate::simd::{Isa, Kernel, Set};

pub(crate) fn multiply_by_mask<F: Float>(isa: Isa, mask: &[u16], scale: F, lines: &mut [F::Line]) {
    assert_eq!(mask.len(), lines.len(), "a word of the mask for each line");
    F::run_on(isa, Multiply { mask, scale, lines });
}

struct Multiply<'a, F: Float> {
    mask: &'a [u16],
    scale: F,
    lines: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Multiply<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let scale = s.splat(self.scale);
        for (line, &bits) in self.lines.iter_mut().zip(self.mask) {
            s.store(s.keep(bits, s.mul(s.load(line), scale)), line);
        }
    }
}
