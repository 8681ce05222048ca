//! A line of several registers, for sets whose registers hold a part of one.
#![allow(clippy::needless_range_loop, reason = "indices of several arrays at once read better here")]

use super::{MOST_LANES, Simd};
use crate::Float;

/// The N parts of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Joined<R, const N: usize>(pub(super) R);

/// Methods that do the same to each part. Loops rather than closures, which may stay calls.
macro_rules! each {
    ($($name:ident($first:ident $(, $more:ident)*);)+) => {$(
        #[inline(always)]
        fn $name(self, $first: Self::V $(, $more: Self::V)*) -> Self::V {
            let mut out = $first;
            for part in 0..N {
                out[part] = self.0.$name($first[part] $(, $more[part])*);
            }
            out
        }
    )+};
}

/// Makes lines of a type of number out of parts.
macro_rules! joined {
    ($t:ty) => {
        impl<R: Simd<$t>, const N: usize> Simd<$t> for Joined<R, N> {
            type V = [R::V; N];
            type Memory = <$t as Float>::Line;
            each! {
                add(a, b);
                sub(a, b);
                mul(a, b);
                div(a, b);
                mul_add(a, b, c);
                neg_mul_add(a, b, c);
                max(a, b);
                min(a, b);
                if_positive(test, then, otherwise);
                abs(a);
                exp2_whole(n);
            }
            #[inline(always)]
            fn splat(self, a: $t) -> Self::V {
                [self.0.splat(a); N]
            }
            #[inline(always)]
            fn load(self, line: &Self::Memory) -> Self::V {
                let parts = super::registers::<$t, R>(std::slice::from_ref(line));
                let mut v = [self.0.load(&parts[0]); N];
                for part in 1..N {
                    v[part] = self.0.load(&parts[part]);
                }
                v
            }
            #[inline(always)]
            fn load_start(self, numbers: &[$t]) -> Self::V {
                let mut v = [self.0.load_start(numbers); N];
                for part in 1..N {
                    v[part] = self.0.load_start(numbers.get(part * R::WIDTH..).unwrap_or(&[]));
                }
                v
            }
            #[inline(always)]
            fn store(self, v: Self::V, line: &mut Self::Memory) {
                let parts = super::registers_mut::<$t, R>(std::slice::from_mut(line));
                for part in 0..N {
                    self.0.store(v[part], &mut parts[part]);
                }
            }
            #[inline(always)]
            fn keep(self, bits: u16, v: Self::V) -> Self::V {
                let mut out = v;
                for part in 0..N {
                    out[part] = self.0.keep(bits >> (part * R::WIDTH), v[part]);
                }
                out
            }
            #[inline(always)]
            fn transpose(self, lines: &mut [Self::V; MOST_LANES]) {
                // Block by block: what stood in part k of the lines of part h comes into part h of those of part k.
                for h in 0..N {
                    for k in h..N {
                        let (rows, columns) = (h * R::WIDTH, k * R::WIDTH);
                        let (mut here, mut there) = ([lines[0][0]; MOST_LANES], [lines[0][0]; MOST_LANES]);
                        for l in 0..R::WIDTH {
                            (here[l], there[l]) = (lines[rows + l][k], lines[columns + l][h]);
                        }
                        self.0.transpose(&mut here);
                        self.0.transpose(&mut there);
                        for l in 0..R::WIDTH {
                            (lines[columns + l][h], lines[rows + l][k]) = (here[l], there[l]);
                        }
                    }
                }
            }
            #[inline(always)]
            fn sum(self, mut v: Self::V) -> $t {
                let mut parts = N;
                while parts > 1 {
                    parts /= 2;
                    for part in 0..parts {
                        v[part] = self.0.add(v[part], v[part + parts]);
                    }
                }
                self.0.sum(v[0])
            }
        }
    };
}

joined!(f64);
joined!(f32);
