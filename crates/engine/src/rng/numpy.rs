//! NumPy's legacy generator, `np.random.RandomState`: Mersenne Twister, polar Gaussians, legacy shuffle.

use rand_mt::Mt;

/// Draws the numbers `np.random.seed(s)` makes NumPy draw, bit for bit.
///
/// The bits of a Gaussian are NumPy's where the logarithm of this system is that of the C library NumPy uses
/// (Linux with glibc); elsewhere the last bit may differ, as NumPy's own does from system to system.
#[derive(Clone, Debug)]
pub struct NumpyRng {
    words: Mt,
    /// The polar method makes two Gaussians at a time; the second waits here. Only seeding clears it.
    waiting: Option<f64>,
}

impl NumpyRng {
    /// `np.random.seed(seed)`.
    pub fn new(seed: u32) -> Self {
        Self { words: Mt::new(seed), waiting: None }
    }

    /// `np.random.seed(key)` with a list of words. An empty key counts as `[0]`.
    pub fn from_key(key: &[u32]) -> Self {
        let key = if key.is_empty() { &[0][..] } else { key };
        Self { words: Mt::new_with_key(key.iter().copied()), waiting: None }
    }

    /// The next 32 bits of the Mersenne Twister itself.
    pub(super) fn word(&mut self) -> u32 {
        self.words.next_u32()
    }

    /// `np.random.rand()`: uniform in [0, 1), 53 bits from two words.
    #[inline]
    pub fn uniform(&mut self) -> f64 {
        let high = f64::from(self.words.next_u32() >> 5);
        let low = f64::from(self.words.next_u32() >> 6);
        (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
    }

    /// `np.random.randn()`: standard Gaussian by Marsaglia's polar method.
    #[expect(clippy::disallowed_methods, reason = "NumPy takes the system's logarithm")]
    pub fn gaussian(&mut self) -> f64 {
        if let Some(gaussian) = self.waiting.take() {
            return gaussian;
        }
        loop {
            let x1 = 2.0 * self.uniform() - 1.0;
            let x2 = 2.0 * self.uniform() - 1.0;
            // Two roundings, not one: a fused multiply-add here would change the bits.
            let r2 = x1 * x1 + x2 * x2;
            if r2 < 1.0 && r2 != 0.0 {
                let factor = (-2.0 * r2.ln() / r2).sqrt();
                self.waiting = Some(factor * x1);
                return factor * x2;
            }
        }
    }

    /// A whole number in 0..=`max` by masked rejection: NumPy's legacy `interval`. Draws nothing for 0.
    pub fn up_to(&mut self, max: u32) -> u32 {
        if max == 0 {
            return 0;
        }
        let mask = u32::MAX >> max.leading_zeros();
        loop {
            let word = self.words.next_u32() & mask;
            if word <= max {
                return word;
            }
        }
    }

    /// `np.random.shuffle(items)`.
    ///
    /// # Panics
    /// If there are more than 2³² items.
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let max = u32::try_from(i).expect("at most 2^32 items");
            items.swap(i, self.up_to(max) as usize);
        }
    }

    /// `np.random.permutation(n)`.
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order = vec![0; n];
        self.permutation_into(&mut order);
        order
    }

    /// `np.random.permutation(order.len())` without allocating.
    pub fn permutation_into(&mut self, order: &mut [usize]) {
        for (i, place) in order.iter_mut().enumerate() {
            *place = i;
        }
        self.shuffle(order);
    }
}
