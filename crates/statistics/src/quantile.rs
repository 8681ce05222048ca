//! Quantiles of numbers.

/// The quantile at `share` in [0, 1], interpolated linearly between order statistics (NumPy's default).
/// Infinite values sort at the ends; `None` without values or with one that is no number.
///
/// ```
/// use nablab_statistics::quantile;
/// // np.quantile([1, 2, 3, 4, 10], [0.25, 0.5])
/// assert_eq!(quantile(&[10.0, 1.0, 2.0, 4.0, 3.0], 0.25), Some(2.0));
/// assert_eq!(quantile(&[3.0, 1.0], 0.25), Some(1.5));
/// assert_eq!(quantile(&[], 0.5), None);
/// ```
pub fn quantile(values: &[f64], share: f64) -> Option<f64> {
    if values.is_empty() || values.iter().any(|v| v.is_nan()) {
        return None;
    }
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    Some(quantile_of_sorted(&sorted, share))
}

/// The same of values that are there, are numbers and rise.
///
/// # Panics
/// Without values.
///
/// ```
/// use nablab_statistics::quantile_of_sorted;
/// assert_eq!(quantile_of_sorted(&[1.0, 2.0, 3.0, 4.0, 10.0], 0.75), 4.0);
/// ```
pub fn quantile_of_sorted(sorted: &[f64], share: f64) -> f64 {
    let place = share.clamp(0.0, 1.0) * (sorted.len() - 1) as f64;
    let (below, fraction) = (place.floor() as usize, place.fract());
    let low = sorted[below];
    // Between an infinity and its neighbour there is nothing to interpolate.
    if fraction == 0.0 { low } else { low + fraction * (sorted[below + 1] - low) }
}
