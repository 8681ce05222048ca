//! The names of marked values of x: above the frame, each over its line.

use super::axis::Scale;
use super::drawing::Shape;
use super::font::width;
use super::label::{Anchor, Label};
use super::style::{EDGE, HALF_WORD, ROW, TEXT, WIDTH};
use super::{Figure, Layer};

/// Between two names in a row.
const APART: f64 = 12.0;

/// The names, with the middle and the row of each; row 0 is next to the frame.
pub(super) struct Marks {
    names: Vec<(String, f64, usize)>,
    rows: usize,
}

impl Marks {
    /// `above_bar`: the bar of a map has its name in the row next to the frame.
    pub(super) fn of(figure: &Figure, x: &Scale, above_bar: bool) -> Self {
        let bar = usize::from(above_bar);
        // How far each row is taken; names come from left to right.
        let mut taken: Vec<f64> = Vec::new();
        let marks = figure.layers.iter().filter_map(|layer| match layer {
            Layer::Mark { at, label } if !label.is_empty() => Some((x.at(*at)?, label)),
            _ => None,
        });
        let mut marks: Vec<_> = marks.collect();
        marks.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut names = Vec::new();
        for (at, label) in marks {
            let half = width(label, TEXT) / 2.0;
            let middle = at.clamp(EDGE + half, (WIDTH - EDGE - half).max(EDGE + half));
            let free = taken.iter().position(|&end| end + APART <= middle - half);
            let row = free.unwrap_or_else(|| {
                taken.push(0.0);
                taken.len() - 1
            });
            taken[row] = middle + half;
            names.push((label.clone(), middle, row + bar));
        }
        Self { names, rows: bar + taken.len() }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Above the frame, which begins at `top`.
    pub(super) fn draw(&self, shapes: &mut Vec<Shape>, top: f64) {
        for (name, middle, row) in &self.names {
            let place = (*middle, top - HALF_WORD - *row as f64 * ROW);
            shapes.push(Shape::Label(Label::new(name, place, TEXT, Anchor::Middle)));
        }
    }
}
