//! What differs from variant to variant.

use nablab_engine::rng::NumpyRng;

use super::Id;

/// The random choices of one exercise in one variant. Variant 0 is the course's own.
pub(super) struct Draw {
    variant: u64,
    rng: NumpyRng,
}

impl Draw {
    /// Each exercise draws from its own generator, so that a change of one changes no other.
    pub(super) fn new(id: Id, variant: u64) -> Self {
        let key = [variant as u32, (variant >> 32) as u32, id.lab as u32, u32::from(id.number)];
        Self { variant, rng: NumpyRng::from_key(&key) }
    }

    /// The course's value, or one of several.
    pub(super) fn pick<T: Copy>(&mut self, course: T, others: &[T]) -> T {
        let drawn = self.one_of(others);
        if self.variant == 0 { course } else { drawn }
    }

    /// One of several, in variant 0 too.
    pub(super) fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    /// A number from 0 to `count` − 1.
    pub(super) fn below(&mut self, count: usize) -> usize {
        self.rng.up_to(count as u32 - 1) as usize
    }

    /// The course's number, or one between two others with so many decimals.
    pub(super) fn number(&mut self, course: f64, from: f64, to: f64, decimals: i32) -> f64 {
        let drawn = rounded(from + (to - from) * self.rng.uniform(), decimals);
        if self.variant == 0 { course } else { drawn }
    }

    /// Flags that turn knobs, behind a lab's name. The course's own values need none, and would be refused.
    pub(super) fn flags(&self, flags: &str) -> String {
        if self.variant == 0 { String::new() } else { format!(" {flags}") }
    }

    /// The course's seed, or another.
    pub(super) fn seed(&mut self, course: u32) -> u32 {
        let drawn = self.rng.up_to(u32::MAX);
        if self.variant == 0 { course } else { drawn }
    }

    /// The generator itself.
    pub(super) fn rng(&mut self) -> &mut NumpyRng {
        &mut self.rng
    }
}

/// To so many decimals, so that what is printed is what is computed with.
pub(super) fn rounded(value: f64, decimals: i32) -> f64 {
    let unit = 10_f64.powi(decimals);
    // A negative zero would print its sign.
    (value * unit).round() / unit + 0.0
}
