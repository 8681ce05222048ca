//! What a straight line can do on points of two classes.

use nablab_data::Dataset;

/// Numbers closer than this share of the largest coordinate are the same but for round-off.
const SAME: f64 = 1e-12;

/// The share of points that the best straight line gets right, of lines in steps of half a degree. No line of a direction lies between
/// points that are equally far along it.
pub(super) fn best_line(set: &Dataset) -> f64 {
    let points: Vec<_> = set.points().zip(set.labels()).collect();
    let same = SAME * points.iter().fold(0.0, |most: f64, ((x, y), _)| most.max(x.abs()).max(y.abs()));
    let best_in = |degrees: f64| {
        let (sin, cos) = degrees.to_radians().sin_cos();
        let mut along: Vec<_> = points.iter().map(|((x, y), label)| (x * cos + y * sin, **label)).collect();
        along.sort_by(|a, b| a.0.total_cmp(&b.0));
        // Right if all before the line have label 0 and all behind it 1; the other way round by turning the line about.
        let mut right = along.iter().filter(|(_, label)| *label == 1).count();
        let mut best = right.max(along.len() - right);
        for (i, &(at, label)) in along.iter().enumerate() {
            right = if label == 0 { right + 1 } else { right - 1 };
            if along.get(i + 1).is_none_or(|next| next.0 - at > same) {
                best = best.max(right).max(points.len() - right);
            }
        }
        best
    };
    let best = (0..360).map(|half| best_in(0.5 * f64::from(half))).max().unwrap_or(0);
    best as f64 / points.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_line_lies_between_points() {
        let best =
            |rows: &[f64], labels: &[u32]| best_line(&Dataset::from_rows(2, rows, labels.to_vec()).unwrap());
        assert_eq!(best(&[0.0, 0.0, 1.0, 0.0, 2.0, 0.0], &[0, 1, 1]), 1.0);
        assert_eq!(best(&[0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0], &[0, 0, 1, 1]), 0.75);
        // The same point with either label: no line is right on both.
        assert_eq!(best(&[0.3, 0.1, 0.3, 0.1, 0.3, 0.1, 0.3, 0.1], &[0, 1, 1, 0]), 0.5);
        assert_eq!(best(&[0.3, 0.1, 0.3, 0.1, 0.9, 0.1], &[0, 1, 1]), 2.0 / 3.0);
    }
}
