//! The fast paths: products, sums over examples, elementary functions, on whatever vectors the processor has.
//!
//! | pass | product | sum runs over | file |
//! | --- | --- | --- | --- |
//! | forward | `Z = W·X + b` | inputs of the layer | `product/` |
//! | backward, to the inputs | `dX = Wᵀ·dZ` | units of the layer | `product/` |
//! | backward, to the parameters | `dW += dZ·Xᵀ` | examples | `gradient.rs` (small networks), `product/` (large ones) |
//!
//! Every sum has a fixed shape. Over inputs and units it goes from left to right, one chain per entry; over examples
//! likewise in a large network, and in a small one in [`Float::LANES`] interleaved chains joined by a fixed tree.
//! Multiply-adds are fused. So a result is the same bits on every instruction set ([`simd`]), on any number of threads,
//! and however the examples are cut into blocks.

#[cfg(test)]
mod accuracy;
mod compiled;
pub mod gradient;
pub(crate) mod math;
pub mod product;
pub mod simd;
pub(crate) mod transpose;

use std::ops::Range;

use crate::Float;
pub use compiled::Products;
pub use product::Then;

/// Partial sums kept side by side in a sum over parameters.
const CHAINS: usize = 8;

/// Σ aⱼ bⱼ with eight interleaved chains.
pub fn dot<F: Float>(a: &[F], b: &[F]) -> F {
    sum_by(a.len().min(b.len()), |i| a[i] * b[i])
}

/// Σ term(j) for j in 0..n with eight interleaved chains.
#[inline]
pub fn sum_by<F: Float>(n: usize, term: impl Fn(usize) -> F) -> F {
    let mut chains = [F::ZERO; CHAINS];
    for j in 0..n {
        chains[j % CHAINS] += term(j);
    }
    let r = chains;
    ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
}

/// 0..n cut into as few ranges of at most `most` as will do, of lengths that differ by one at most: 10 by 6 is 5 and
/// 5, which keeps more chains busy than 6 and 4.
#[inline(always)]
pub(crate) fn even_parts(n: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let parts = n.div_ceil(most);
    // A division takes longer than a small block.
    let (least, longer) = if parts <= 1 { (n, 0) } else { (n / parts, n % parts) };
    let mut start = 0;
    (0..parts).map(move |i| {
        let part = start..start + least + usize::from(i < longer);
        start = part.end;
        part
    })
}
