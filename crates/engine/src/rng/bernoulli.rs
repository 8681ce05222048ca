//! Dropout's coins, many at a time.

use super::NumpyRng;

/// Generators side by side: a register of AVX-512, and eight independent chains on any processor.
const WIDTH: usize = 8;
/// Binary digits of the probability that are honoured.
const DIGITS: u32 = 32;

/// Bits that are 1 with a given probability, 512 at a time.
///
/// The words come from eight xoshiro256++ generators (Blackman & Vigna 2019) side by side, which differ in their
/// seeds. A bit of probability p = 0.b₁b₂b₃… in binary is built from the last digit to the first: where the digit
/// is 1, `bit OR coin`, where it is 0, `bit AND coin`; each step halves what came before and adds the digit. So
/// 32 words make 64 bits of a probability right to 2⁻³², and no comparison is needed.
///
/// ```
/// use nablab_engine::rng::{Bernoulli, NumpyRng};
/// let mut coins = Bernoulli::new(0.25, &mut NumpyRng::new(1));
/// let ones: u32 = (0..10_000).map(|_| coins.bits(16).count_ones()).sum();
/// assert!((f64::from(ones) / 160_000.0 - 0.25).abs() < 0.004); // 160 000 coins, four standard errors
/// ```
#[derive(Clone, Debug)]
pub struct Bernoulli {
    /// The first [`DIGITS`] binary digits of the probability.
    digits: u32,
    /// Word i of the state of all generators.
    state: [[u64; WIDTH]; 4],
    ready: [u64; WIDTH],
    /// Bits of `ready` already given.
    given: usize,
}

impl Bernoulli {
    /// Bits that are 1 with probability `p` in [0, 1), seeded from another generator.
    pub fn new(p: f64, seeds: &mut NumpyRng) -> Self {
        let mut word = || u64::from(seeds.word()) << 32 | u64::from(seeds.word());
        let state = std::array::from_fn(|_| std::array::from_fn(|_| word()));
        let digits = (p * 2.0_f64.powi(DIGITS as i32)).round() as u32;
        Self { digits, state, ready: [0; WIDTH], given: 64 * WIDTH }
    }

    /// The next `count` bits, 8 or 16 of them.
    #[inline(always)]
    pub fn bits(&mut self, count: usize) -> u16 {
        if self.given + count > 64 * WIDTH {
            self.refill();
        }
        let bits = self.ready[self.given / 64] >> (self.given % 64);
        self.given += count;
        if count == 8 { bits as u16 & 0xff } else { bits as u16 }
    }

    #[inline(always)]
    fn refill(&mut self) {
        self.given = 0;
        let mut state = self.state;
        let mut ready = [0; WIDTH];
        for digit in 0..DIGITS {
            let coins = next(&mut state);
            // All ones where the digit is 1.
            let one = u64::from(self.digits >> digit & 1).wrapping_neg();
            for l in 0..WIDTH {
                ready[l] = (ready[l] & coins[l]) | ((ready[l] | coins[l]) & one);
            }
        }
        (self.state, self.ready) = (state, ready);
    }
}

/// A step of xoshiro256++ in each lane.
#[inline(always)]
fn next([a, b, c, d]: &mut [[u64; WIDTH]; 4]) -> [u64; WIDTH] {
    let mut result = [0; WIDTH];
    for l in 0..WIDTH {
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
        let mut state = std::array::from_fn(|i| [i as u64 + 1; WIDTH]);
        for expected in [41_943_041, 58_720_359, 3_588_806_011_781_223, 3_591_011_842_654_386] {
            assert_eq!(next(&mut state), [expected; WIDTH]);
        }
    }

    /// The share of ones of each of several probabilities, within five standard errors.
    #[test]
    fn probabilities_are_kept() {
        for p in [0.0, 0.1, 0.5, 0.86, 0.999] {
            let mut coins = Bernoulli::new(p, &mut NumpyRng::new(7));
            let n = 200_000;
            let ones: u32 = (0..n / 16).map(|_| coins.bits(16).count_ones()).sum();
            let (share, error) = (f64::from(ones) / f64::from(n), (p * (1.0 - p) / f64::from(n)).sqrt());
            assert!((share - p).abs() <= 5.0 * error, "{p}: {share}");
        }
    }
}
