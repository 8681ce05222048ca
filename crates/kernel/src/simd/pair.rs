//! A line of two registers, for sets whose registers hold half of one.

use super::{MOST_LANES, Simd};
use crate::Float;

/// Both halves of a line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair<H>(pub(super) H);

/// Methods that do the same to each half.
macro_rules! both {
    ($($name:ident($($arg:ident),+);)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: Self::V),+) -> Self::V {
            [self.0.$name($($arg[0]),+), self.0.$name($($arg[1]),+)]
        }
    )+};
}

/// Makes lines of a type of number out of halves.
macro_rules! pair {
    ($t:ty) => {
        impl<H: Simd<$t>> Simd<$t> for Pair<H> {
            type V = [H::V; 2];
            type Memory = <$t as Float>::Line;
            both! {
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
                [self.0.splat(a); 2]
            }
            #[inline(always)]
            fn load(self, line: &Self::Memory) -> Self::V {
                let halves = super::registers::<$t, H>(std::slice::from_ref(line));
                [self.0.load(&halves[0]), self.0.load(&halves[1])]
            }
            #[inline(always)]
            fn load_start(self, numbers: &[$t]) -> Self::V {
                let (first, second) = numbers.split_at(numbers.len().min(H::WIDTH));
                [self.0.load_start(first), self.0.load_start(second)]
            }
            #[inline(always)]
            fn store(self, v: Self::V, line: &mut Self::Memory) {
                let halves = super::registers_mut::<$t, H>(std::slice::from_mut(line));
                self.0.store(v[0], &mut halves[0]);
                self.0.store(v[1], &mut halves[1]);
            }
            #[inline(always)]
            fn keep(self, bits: u16, v: Self::V) -> Self::V {
                [self.0.keep(bits, v[0]), self.0.keep(bits >> H::WIDTH, v[1])]
            }
            #[inline(always)]
            fn transpose(self, lines: &mut [Self::V; MOST_LANES]) {
                // Quarter by quarter: what stood in half k of the lines of half h comes into half h of those of half k.
                for (h, k) in [(0, 0), (0, 1), (1, 1)] {
                    let (rows, columns) = (h * H::WIDTH, k * H::WIDTH);
                    let (mut here, mut there) = ([lines[0][0]; MOST_LANES], [lines[0][0]; MOST_LANES]);
                    for l in 0..H::WIDTH {
                        (here[l], there[l]) = (lines[rows + l][k], lines[columns + l][h]);
                    }
                    self.0.transpose(&mut here);
                    self.0.transpose(&mut there);
                    for l in 0..H::WIDTH {
                        (lines[columns + l][h], lines[rows + l][k]) = (here[l], there[l]);
                    }
                }
            }
            #[inline(always)]
            fn sum(self, v: Self::V) -> $t {
                self.0.sum(self.0.add(v[0], v[1]))
            }
        }
    };
}

pair!(f64);
pair!(f32);
