//! Which rows a training learns from and is judged on, so that none goes on with others.

use sha2::{Digest, Sha256};

use super::sealed;
use crate::model::Kept;
use crate::prepared::{Part, Prepared};

/// SHA-256 of the rows a training learns from and is judged on.
pub(crate) fn fingerprint<F: Kept>(prepared: &Prepared<F>) -> String {
    let mut hash = Sha256::new();
    let mut add = |bytes: &[u8]| {
        hash.update((bytes.len() as u64).to_le_bytes());
        hash.update(bytes);
    };
    let parts = [Some(&prepared.train), prepared.validation.as_ref()];
    for Part { x, y, loss_weights, .. } in parts.into_iter().flatten() {
        for numbers in [x, y] {
            let mut bytes = Vec::with_capacity(size_of_val(numbers.as_slice()));
            numbers.iter().for_each(|number| number.push(&mut bytes));
            add(&bytes);
        }
        add(&loss_weights.iter().flat_map(|w| w.to_le_bytes()).collect::<Vec<_>>());
    }
    sealed::hex(&hash.finalize())
}
