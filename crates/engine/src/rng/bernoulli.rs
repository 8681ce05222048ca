//! The random bits of dropout masks, many at a time.

use nablab_kernel::coins::{DIGITS, GENERATORS, Generators, LOT, toss};

use super::NumpyRng;
use crate::Isa;

/// Bits that are 1 with a given probability, 512 at a time.
///
/// How they are drawn, by eight generators side by side: [`nablab_kernel::coins`].
///
/// ```
/// use nablab_engine::Isa;
/// use nablab_engine::rng::{Bernoulli, NumpyRng};
/// let mut bits = Bernoulli::new(0.25, &mut NumpyRng::new(1));
/// let mut words = [0; 10_000];
/// bits.fill(Isa::best(), &mut words, 16);
/// let ones: u32 = words.iter().map(|word| word.count_ones()).sum();
/// assert!((f64::from(ones) / 160_000.0 - 0.25).abs() < 0.004); // 160 000 bits, four standard errors
/// ```
#[derive(Clone, Debug)]
pub struct Bernoulli {
    /// The first [`DIGITS`] binary digits of the probability.
    digits: u32,
    /// Word i of the state of all generators.
    state: Generators,
    /// A lot, eight bits to a byte.
    ready: [u8; LOT],
    /// Bytes of it already given.
    given: usize,
}

impl Bernoulli {
    /// Bits that are 1 with probability `p` in [0, 1), seeded from another generator.
    pub fn new(p: f64, seeds: &mut NumpyRng) -> Self {
        let mut word = || u64::from(seeds.word()) << 32 | u64::from(seeds.word());
        let state = std::array::from_fn(|_| std::array::from_fn(|_| word()));
        let digits = (p * 2.0_f64.powi(DIGITS as i32)).round() as u32;
        Self { digits, state, ready: [0; LOT], given: LOT }
    }

    /// The generators, the lot they filled last, and how much of it is given: 41 words.
    pub(crate) fn state(&self) -> Vec<u64> {
        let ready = self.ready.as_chunks().0.iter().map(|&bytes| u64::from_le_bytes(bytes));
        self.state.iter().flatten().copied().chain(ready).chain([self.given as u64]).collect()
    }

    /// Go on from such a state, of bits of the same probability.
    pub(crate) fn set_state(&mut self, words: &[u64]) {
        let (state, rest) = words.split_at(4 * GENERATORS);
        self.state.as_flattened_mut().copy_from_slice(state);
        let bytes = self.ready.as_chunks_mut().0;
        bytes.iter_mut().zip(rest).for_each(|(bytes, word)| *bytes = word.to_le_bytes());
        self.given = rest[GENERATORS].min(LOT as u64) as usize;
    }

    /// Fill words with the next `count` bits each, 8 or 16 of them.
    pub fn fill(&mut self, isa: Isa, mut words: &mut [u16], count: usize) {
        let bytes = count / 8;
        while !words.is_empty() {
            if self.given == LOT {
                toss(isa, self.digits, &mut self.state, &mut self.ready);
                self.given = 0;
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
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The share of ones of each of several probabilities, within five standard errors.
    #[test]
    fn probabilities_are_kept() {
        for p in [0.0, 0.1, 0.5, 0.86, 0.999] {
            let mut bits = Bernoulli::new(p, &mut NumpyRng::new(7));
            let n = 200_000;
            let mut words = vec![0; n as usize / 16];
            bits.fill(Isa::best(), &mut words, 16);
            let ones: u32 = words.iter().map(|word: &u16| word.count_ones()).sum();
            let (share, error) = (f64::from(ones) / f64::from(n), (p * (1.0 - p) / f64::from(n)).sqrt());
            assert!((share - p).abs() <= 5.0 * error, "{p}: {share}");
        }
    }

    /// However they are asked for, the bits are the same.
    #[test]
    fn bits_do_not_depend_on_how_many_are_asked_for() {
        for count in [8, 16] {
            let bits = || Bernoulli::new(0.3, &mut NumpyRng::new(3));
            let mut at_once = [0; 300];
            bits().fill(Isa::best(), &mut at_once, count);
            let mut in_parts = [0; 300];
            let mut same = bits();
            in_parts.chunks_mut(7).for_each(|part| same.fill(Isa::best(), part, count));
            assert_eq!(in_parts, at_once);
        }
    }
}
