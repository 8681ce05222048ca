//! Coins for dropout masks: bits that are 1 with a given probability, a lot of 512 at a time.
//!
//! The words come from eight xoshiro256++ generators (Blackman & Vigna 2019) side by side, which differ in their
//! seeds. A bit compares a uniform number u = 0.u₁u₂u₃… in binary with its probability p = 0.b₁b₂b₃…, digit by digit:
//! where they first differ, u < p if it has the 0. Half of the coins are decided by each digit, so a lot of them takes
//! about 11 words instead of a number for each coin; p is honoured to 32 digits.

use crate::simd::{Dispatch, Isa, Kernel, Set};

/// Generators side by side: a register of AVX-512, and eight independent chains on any processor.
pub const GENERATORS: usize = 8;
/// Bytes of a lot, with eight coins each.
pub const LOT: usize = 8 * GENERATORS;
/// Binary digits of the probability that are honoured.
pub const DIGITS: u32 = 32;

/// Word i of the state of all generators.
pub type Generators = [[u64; GENERATORS]; 4];

/// Toss the next lot of coins, whose probability begins with these binary digits.
#[inline(never)]
pub fn toss(isa: Isa, digits: u32, generators: &mut Generators, lot: &mut [u8; LOT]) {
    f64::run_on(isa, Toss { digits, generators, lot });
}

struct Toss<'a> {
    digits: u32,
    generators: &'a mut Generators,
    lot: &'a mut [u8; LOT],
}

/// A kernel for the sake of the generators, whose lanes the compiler makes vectors of.
impl Kernel<f64> for Toss<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<f64>>(self, _: S) {
        let mut state = *self.generators;
        let (mut less, mut open) = ([0; GENERATORS], [u64::MAX; GENERATORS]);
        let mut digits = self.digits;
        // Beyond the last 1, an open u can only be p itself or more.
        while digits != 0 {
            let coins = next(&mut state);
            // All ones where the digit is 1.
            let digit = u64::from(digits >> (DIGITS - 1)).wrapping_neg();
            let mut any = 0;
            for l in 0..GENERATORS {
                less[l] |= open[l] & !coins[l] & digit;
                open[l] &= !(coins[l] ^ digit);
                any |= open[l];
            }
            if any == 0 {
                break;
            }
            digits <<= 1;
        }
        *self.generators = state;
        for (bytes, less) in self.lot.as_chunks_mut().0.iter_mut().zip(less) {
            *bytes = less.to_le_bytes();
        }
    }
}

/// A step of xoshiro256++ in each lane.
#[inline(always)]
fn next([a, b, c, d]: &mut Generators) -> [u64; GENERATORS] {
    let mut result = [0; GENERATORS];
    for l in 0..GENERATORS {
        result[l] = a[l].wrapping_add(d[l]).rotate_left(23).wrapping_add(a[l]);
        let t = b[l] << 17;
        c[l] ^= a[l];
        d[l] ^= b[l];
        b[l] ^= c[l];
        a[l] ^= d[l];
        c[l] ^= t;
        d[l] = d[l].rotate_left(45);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first words of the reference implementation (prng.di.unimi.it/xoshiro256plusplus.c) from state 1, 2, 3, 4.
    #[test]
    fn words_are_those_of_the_reference() {
        let mut state = std::array::from_fn(|i| [i as u64 + 1; GENERATORS]);
        for expected in [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386] {
            assert_eq!(next(&mut state), [expected; GENERATORS]);
        }
    }
}
