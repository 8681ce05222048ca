//! The number of a variant, of a student say, as the seed of what is drawn for it.

use nablab_engine::rng::NumpyRng;

/// A variant is a seed of its own; one too large for a seed is a key of two words.
pub(crate) fn rng_of(variant: u64) -> NumpyRng {
    match u32::try_from(variant) {
        Ok(seed) => NumpyRng::new(seed),
        Err(_) => NumpyRng::from_key(&[variant as u32, (variant >> 32) as u32]),
    }
}

/// A seed that can be handed out: the variant itself, if it is none too large.
pub(crate) fn seed_of(variant: u64) -> u32 {
    u32::try_from(variant).unwrap_or_else(|_| rng_of(variant).up_to(u32::MAX))
}
