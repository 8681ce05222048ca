//! Plain Rust: a line is an array. What the compiler makes of it for the target's baseline; NEON on AArch64.

use super::{EXPONENT_F32, EXPONENT_F64, MOST_LANES, Set, Shapes, Simd};
use crate::Float;

/// No instructions beyond the target's baseline. With `WIDE` in the blocks of AVX-512, so that they can be tested on a
/// processor that has no such registers.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Portable<const WIDE: bool>;

/// Halves a line until one number is left.
fn sum_by_halves<F: Float>(lanes: &mut [F]) -> F {
    let mut n = lanes.len();
    while n > 1 {
        n /= 2;
        for l in 0..n {
            lanes[l] += lanes[l + n];
        }
    }
    lanes[0]
}

impl<F: Float, const WIDE: bool> Set<F> for Portable<WIDE>
where
    Self: Simd<F, Memory = F::Line>,
{
    type Register = Self;
    const SHAPES: Shapes = if WIDE { Shapes::Wide } else { Shapes::Portable };

    #[inline(always)]
    fn register(self) -> Self {
        self
    }
}

macro_rules! portable {
    ($t:ident, $bits:ty, $n:literal, $mantissa:literal, $bias:ident) => {
        impl<const WIDE: bool> Simd<$t> for Portable<WIDE> {
            type V = [$t; $n];
            type Memory = <$t as Float>::Line;

            #[inline(always)]
            fn splat(self, a: $t) -> Self::V {
                [a; $n]
            }
            #[inline(always)]
            fn load(self, line: &<$t as Float>::Line) -> Self::V {
                line.0
            }
            #[inline(always)]
            fn load_start(self, numbers: &[$t]) -> Self::V {
                let mut v = [0.0; $n];
                v.iter_mut().zip(numbers).for_each(|(lane, &number)| *lane = number);
                v
            }
            #[inline(always)]
            fn store(self, v: Self::V, line: &mut <$t as Float>::Line) {
                line.0 = v;
            }
            #[inline(always)]
            fn add(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| a[l] + b[l])
            }
            #[inline(always)]
            fn sub(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| a[l] - b[l])
            }
            #[inline(always)]
            fn mul(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| a[l] * b[l])
            }
            #[inline(always)]
            fn div(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| a[l] / b[l])
            }
            #[inline(always)]
            fn mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
                std::array::from_fn(|l| a[l].mul_add(b[l], c[l]))
            }
            #[inline(always)]
            fn neg_mul_add(self, a: Self::V, b: Self::V, c: Self::V) -> Self::V {
                std::array::from_fn(|l| (-a[l]).mul_add(b[l], c[l]))
            }
            #[inline(always)]
            fn max(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| if a[l] > b[l] { a[l] } else { b[l] })
            }
            #[inline(always)]
            fn min(self, a: Self::V, b: Self::V) -> Self::V {
                std::array::from_fn(|l| if a[l] < b[l] { a[l] } else { b[l] })
            }
            #[inline(always)]
            fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V {
                std::array::from_fn(|l| if test[l] > 0.0 { then[l] } else { otherwise[l] })
            }
            #[inline(always)]
            fn keep(self, bits: u16, v: Self::V) -> Self::V {
                std::array::from_fn(|l| if bits >> l & 1 == 1 { v[l] } else { 0.0 })
            }
            #[inline(always)]
            fn abs(self, a: Self::V) -> Self::V {
                a.map(|a| a.abs())
            }
            #[inline(always)]
            fn exp2_whole(self, n: Self::V) -> Self::V {
                n.map(|n| <$t>::from_bits((n + $bias).to_bits() << $mantissa))
            }
            #[inline(always)]
            fn transpose(self, vectors: &mut [Self::V; MOST_LANES]) {
                for k in 0..$n {
                    for l in 0..k {
                        (vectors[k][l], vectors[l][k]) = (vectors[l][k], vectors[k][l]);
                    }
                }
            }
            #[inline(always)]
            fn sum(self, mut v: Self::V) -> $t {
                sum_by_halves(&mut v)
            }
        }
    };
}

portable!(f64, u64, 8, 52, EXPONENT_F64);
portable!(f32, u32, 16, 23, EXPONENT_F32);
