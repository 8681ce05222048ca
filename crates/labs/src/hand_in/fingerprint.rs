//! By which a problem's file knows its numbers again.

use nablab_data::named_arrays::NamedArray;

/// FNV-1a over names, shapes, and the bits of all numbers, in hexadecimal digits.
pub(super) fn fingerprint(arrays: &[NamedArray]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
        }
    };
    for NamedArray { name, shape, values, .. } in arrays {
        // How long each is comes before it, so that no two lists of arrays are one row of bytes.
        [name.len(), shape.len()].iter().chain(shape).for_each(|&n| add(&(n as u64).to_le_bytes()));
        add(name.as_bytes());
        values.iter().for_each(|value| add(&value.to_bits().to_le_bytes()));
    }
    format!("{hash:016x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of nothing it is the published offset basis.
    #[test]
    fn numbers_and_shapes_are_told_apart() {
        assert_eq!(fingerprint(&[]), "cbf29ce484222325");
        let one = |value: f64| fingerprint(&[NamedArray::new("W1", [1], [value])]);
        assert_ne!(one(0.0), one(-0.0));
        let shaped = |shape: &[usize]| fingerprint(&[NamedArray::new("W1", shape, [1.0, 2.0])]);
        assert_ne!(shaped(&[1, 2]), shaped(&[2, 1]));
    }
}
