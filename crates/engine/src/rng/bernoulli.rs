//! Dropout's coins, many at a time.

use super::NumpyRng;

/// Generators side by side: a register of AVX-512, and eight independent chains on any processor.
const WIDTH: usize = 8;
/// Binary digits of the probability that are honoured.
const DIGITS: u32 = 32;

/// Coins in a lot.
const LOT: usize = 64 * WIDTH;

/// Bits that are 1 with a given probability, 512 at a time.
///
/// The words come from eight xoshiro256++ generators (Blackman & Vigna 2019) side by side, which differ in their
/// seeds. A bit compares a uniform number u = 0.u₁u₂u₃… in binary with its probability p = 0.b₁b₂b₃…, digit by digit:
/// where they first differ, u < p if it has the 0. Half of the coins are decided by each digit, so a lot of them takes
/// about 11 words instead of a number for each coin; p is honoured to 32 digits.
///
/// ```
/// use nablab_engine::rng::{Bernoulli, NumpyRng};
/// let mut coins = Bernoulli::new(0.25, &mut NumpyRng::new(1));
/// let mut words = [0; 10_000];
/// coins.fill(&mut words, 16);
/// let ones: u32 = words.iter().map(|word| word.count_ones()).sum();
/// assert!((f64::from(ones) / 160_000.0 - 0.25).abs() < 0.004); // 160 000 coins, four standard errors
/// ```
#[derive(Clone, Debug)]
pub struct Bernoulli {
    /// The first [`DIGITS`] binary digits of the probability.
    digits: u32,
    /// Word i of the state of all generators.
    state: [[u64; WIDTH]; 4],
    /// A lot, eight coins to a byte.
    ready: [u8; LOT / 8],
    /// Bytes of it already given.
    given: usize,
}

impl Bernoulli {
    /// Bits that are 1 with probability `p` in [0, 1), seeded from another generator.
    pub fn new(p: f64, seeds: &mut NumpyRng) -> Self {
        let mut word = || u64::from(seeds.word()) << 32 | u64::from(seeds.word());
        let state = std::array::from_fn(|_| std::array::from_fn(|_| word()));
        let digits = (p * 2.0_f64.powi(DIGITS as i32)).round() as u32;
        Self { digits, state, ready: [0; LOT / 8], given: LOT / 8 }
    }

    /// The generators, the lot they filled last, and how much of it is given: 41 words.
    pub(crate) fn state(&self) -> Vec<u64> {
        let ready = self.ready.as_chunks().0.iter().map(|&bytes| u64::from_le_bytes(bytes));
        self.state.iter().flatten().copied().chain(ready).chain([self.given as u64]).collect()
    }

    /// Go on from such a state, of coins of the same probability.
    pub(crate) fn set_state(&mut self, words: &[u64]) {
        let (state, rest) = words.split_at(4 * WIDTH);
        self.state.as_flattened_mut().copy_from_slice(state);
        let bytes = self.ready.as_chunks_mut().0;
        bytes.iter_mut().zip(rest).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
        self.given = rest[WIDTH].min((LOT / 8) as u64) as usize;
    }

    /// Fill words with the next `count` bits each, 8 or 16 of them.
    #[inline(always)]
    pub fn fill(&mut self, mut words: &mut [u16], count: usize) {
        let bytes = count / 8;
        while !words.is_empty() {
            if self.given == LOT / 8 {
                self.refill();
            }
            let ready = &self.ready[self.given..];
            let now =
                words.split_off_mut(..words.len().min(ready.len() / bytes)).expect("no more than there are");
            if bytes == 1 {
                now.iter_mut().zip(ready).for_each(|(word, &byte)| *word = u16::from(byte));
            } else {
                let (pairs, _) = ready.as_chunks();
                now.iter_mut().zip(pairs).for_each(|(word, &pair)| *word = u16::from_le_bytes(pair));
            }
            self.given += now.len() * bytes;
        }
    }

    #[inline(always)]
    fn refill(&mut self) {
        let mut state = self.state;
        let (mut less, mut open) = ([0; WIDTH], [u64::MAX; WIDTH]);
        let mut digits = self.digits;
        // Beyond the last 1, an open u can only be p itself or more.
        while digits != 0 {
            let coins = next(&mut state);
            // All ones where the digit is 1.
            let digit = u64::from(digits >> (DIGITS - 1)).wrapping_neg();
            let mut any = 0;
            for l in 0..WIDTH {
                less[l] |= open[l] & !coins[l] & digit;
                open[l] &= !(coins[l] ^ digit);
                any |= open[l];
            }
            if any == 0 {
                break;
            }
            digits <<= 1;
        }
        self.state = state;
        for (ready, less) in self.ready.as_chunks_mut().0.iter_mut().zip(less) {
            *ready = less.to_le_bytes();
        }
        self.given = 0;
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
            let mut words = vec![0; n as usize / 16];
            coins.fill(&mut words, 16);
            let ones: u32 = words.iter().map(|word: &u16| word.count_ones()).sum();
            let (share, error) = (f64::from(ones) / f64::from(n), (p * (1.0 - p) / f64::from(n)).sqrt());
            assert!((share - p).abs() <= 5.0 * error, "{p}: {share}");
        }
    }

    /// However they are asked for, the coins are the same.
    #[test]
    fn coins_do_not_depend_on_how_many_are_asked_for() {
        for count in [8, 16] {
            let coins = || Bernoulli::new(0.3, &mut NumpyRng::new(3));
            let mut at_once = [0; 300];
            coins().fill(&mut at_once, count);
            let mut in_parts = [0; 300];
            let mut same = coins();
            in_parts.chunks_mut(7).for_each(|part| same.fill(part, count));
            assert_eq!(in_parts, at_once);
        }
    }
}
