//! The fast paths of dense networks: products, sums over examples, elementary functions, on whatever vectors the
//! processor has. Plain functions on slices, compiled once for `f32` and `f64`: [`Kernels`].
//!
//! | pass | product | sum runs over | file |
//! | --- | --- | --- | --- |
//! | forward | `Z = W·X + b` | inputs of the layer | `product/` |
//! | backward, to the inputs | `dX = Wᵀ·dZ` | units of the layer | `product/` |
//! | backward, to the parameters | `dW += dZ·Xᵀ` | examples | `lanes.rs` (small networks), `product/` (large ones) |
//!
//! Every sum has a fixed shape. Over inputs and units it goes from left to right, one chain per entry; over examples
//! likewise in a large network, and in a small one in [`Float::LANES`] interleaved chains joined by a fixed tree.
//! Multiply-adds are fused. So a result is the same bits on every instruction set ([`Isa`]), on any number of threads,
//! and however the examples are cut into blocks.
//!
//! The modules are declared in the order a newcomer should read them.

mod float;
mod matrix;
mod tiles;

mod kernels;

mod simd;

mod lanes;
mod parts;
mod product;
mod transpose;

mod activation;
mod batch_norm;
mod loss;
mod mask;
mod math;

pub mod coins;
pub mod memory;
mod rules;
mod sums;

#[cfg(test)]
mod accuracy;
#[cfg(test)]
mod blocks;

pub use batch_norm::{NormSums, Normalized};
pub use float::Float;
pub use kernels::Kernels;
pub use matrix::{MatMut, MatRef, naive_product};
pub use product::Then;
pub use rules::{AdamStep, MomentumStep, RmsPropStep};
pub use simd::Isa;
pub use tiles::{Line, TILE, Tiles, TilesRef, line_index, lines_of};
