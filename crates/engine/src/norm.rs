//! The Euclidean norm, whatever the size of the components, and the largest of them.

use crate::Float;
use crate::optim::dot;

/// ‖v‖. Where the sum of the squares overflows, or vanishes for numbers that do not, they are taken relative to the largest:
/// a norm of infinity would scale what is divided by it to a quiet zero.
pub(crate) fn norm<F: Float>(v: &[F]) -> f64 {
    let squares = dot(v, v);
    if squares.is_nan() || squares.is_normal() {
        return squares.sqrt();
    }
    let largest = largest(v);
    if largest == 0.0 || largest.is_infinite() {
        return largest;
    }
    largest * v.iter().map(|v| (v.to_f64() / largest).powi(2)).sum::<f64>().sqrt()
}

/// The size of the largest component; not a number if one is none.
pub(crate) fn largest<F: Float>(v: &[F]) -> f64 {
    v.iter().map(|v| v.abs().to_f64()).fold(0.0, |most, v| if v > most || v.is_nan() { v } else { most })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_norm_of_3_and_4_is_5_at_any_size() {
        for size in [1e-300, 1e-160, 1.0, 1e160, 1e300] {
            let norm = norm(&[3.0 * size, -4.0 * size]);
            assert!((norm / size - 5.0).abs() < 1e-15, "{size}: {norm}");
        }
        assert_eq!(norm(&[0.0; 3]), 0.0);
        assert_eq!(norm(&[1.0, f64::INFINITY]), f64::INFINITY);
        assert!(norm(&[1.0, f64::NAN]).is_nan());
    }
}
