//! Markers: each class has a shape of its own, so that black and white tells them apart, too.

use super::drawing::Point;

/// The shape of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Triangle,
    Square,
    Diamond,
    /// A triangle on its tip.
    Wedge,
    Cross,
}

impl Marker {
    /// Of the points of a class.
    pub(super) fn of_class(class: u32) -> Self {
        const ALL: [Marker; 6] =
            [Marker::Circle, Marker::Triangle, Marker::Square, Marker::Diamond, Marker::Wedge, Marker::Cross];
        ALL[class as usize % ALL.len()]
    }

    /// Its corners around a point, as large as a circle of this radius; none of a circle.
    pub(super) fn corners(self, (x, y): Point, radius: f64) -> Vec<Point> {
        let corners: &[Point] = match self {
            Self::Circle => &[],
            // Of the area of the circle, whose middle is where three quarters of it are above the base.
            Self::Triangle => &[(0.0, -1.45), (1.3, 0.8), (-1.3, 0.8)],
            Self::Square => &[(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
            Self::Diamond => &[(0.0, -1.3), (1.3, 0.0), (0.0, 1.3), (-1.3, 0.0)],
            Self::Wedge => &[(0.0, 1.45), (-1.3, -0.8), (1.3, -0.8)],
            Self::Cross => &[
                (-0.45, -1.2),
                (0.45, -1.2),
                (0.45, -0.45),
                (1.2, -0.45),
                (1.2, 0.45),
                (0.45, 0.45),
                (0.45, 1.2),
                (-0.45, 1.2),
                (-0.45, 0.45),
                (-1.2, 0.45),
                (-1.2, -0.45),
                (-0.45, -0.45),
            ],
        };
        corners.iter().map(|(u, v)| (x + u * radius, y + v * radius)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// No class looks larger than another: the shapes have about the area of the circle (shoelace formula).
    #[test]
    fn markers_are_of_one_size() {
        for class in 1..6 {
            let corners = Marker::of_class(class).corners((3.0, 4.0), 1.0);
            let next = corners.iter().cycle().skip(1);
            let area = corners.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>().abs() / 2.0;
            assert!((area / std::f64::consts::PI - 1.0).abs() < 0.15, "{class}: {area}");
        }
        assert_eq!(Marker::of_class(0), Marker::of_class(6));
    }
}
