//! Where a grid of probabilities crosses a level: marching squares.

use super::Grid;

/// Segments along which the grid, interpolated linearly between nodes, equals `level`.
///
/// A cell with two opposite corners above is split by the mean of its corners.
pub(super) fn segments(grid: &Grid, level: f64) -> Vec<[(f64, f64); 2]> {
    let mut segments = Vec::new();
    let (dx, dy) =
        ((grid.x.1 - grid.x.0) / (grid.columns - 1) as f64, (grid.y.1 - grid.y.0) / (grid.rows - 1) as f64);
    let at = |r: usize, c: usize| grid.probability[r * grid.columns + c];
    for r in 0..grid.rows - 1 {
        for c in 0..grid.columns - 1 {
            // Corners counter-clockwise from the lower left.
            let p = [at(r, c), at(r, c + 1), at(r + 1, c + 1), at(r + 1, c)];
            let above = p.map(|p| p > level);
            let count = above.iter().filter(|a| **a).count();
            if count == 0 || count == 4 || p.iter().any(|p| !p.is_finite()) {
                continue;
            }
            let corner = [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)];
            let crossing = |k: usize| {
                let (a, b) = (k, (k + 1) % 4);
                let t = (level - p[a]) / (p[b] - p[a]);
                let between = |from: f64, to: f64| from + t * (to - from);
                let (u, v) = (between(corner[a].0, corner[b].0), between(corner[a].1, corner[b].1));
                (grid.x.0 + (c as f64 + u) * dx, grid.y.0 + (r as f64 + v) * dy)
            };
            let edges: Vec<usize> = (0..4).filter(|&k| above[k] != above[(k + 1) % 4]).collect();
            match edges[..] {
                [a, b] => segments.push([crossing(a), crossing(b)]),
                [a, b, c, d] => {
                    // A saddle: the mean decides which two corners are cut off.
                    let mean_above = p.iter().sum::<f64>() / 4.0 > level;
                    let pairs = if mean_above == above[0] { [(a, b), (c, d)] } else { [(d, a), (b, c)] };
                    segments.extend(pairs.map(|(a, b)| [crossing(a), crossing(b)]));
                }
                _ => {}
            }
        }
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The level line of x² + y² is a circle: every vertex lies on it within the error of the grid.
    #[test]
    fn a_circle_is_found() {
        let (n, limits) = (81, (-1.0, 1.0));
        let probability = Grid::nodes(limits, limits, n, n).map(|(x, y)| x * x + y * y).collect();
        let segments = segments(&Grid { x: limits, y: limits, columns: n, rows: n, probability }, 0.5);
        let length: f64 = segments.iter().map(|[a, b]| (a.0 - b.0).hypot(a.1 - b.1)).sum();
        assert!((length - std::f64::consts::TAU * 0.5_f64.sqrt()).abs() < 1e-2, "{length}");
        for (x, y) in segments.into_iter().flatten() {
            assert!((x.hypot(y) - 0.5_f64.sqrt()).abs() < 1e-3);
        }
    }

    #[test]
    fn a_flat_field_has_no_line() {
        let grid = Grid { x: (0.0, 1.0), y: (0.0, 1.0), columns: 3, rows: 3, probability: vec![0.5; 9] };
        assert!(segments(&grid, 0.5).is_empty());
    }
}
