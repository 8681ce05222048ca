//! Small multiples: several views of one plane side by side, without ticks. Their titles tell them apart.

use super::Figure;
use super::axis::Scale;
use super::drawing::{Color, Drawing, Pen, Rect, Shape, Style};
use super::font::width;
use super::label::{Anchor, Label};
use super::layers::{xs, ys};
use super::plot::{Frame, heading, inside};
use super::style::{EDGE, GAP, ROW, TEXT, TITLE, WIDTH};

/// Height of a panel over its width.
const SHAPE: f64 = 0.8;

pub(super) fn lay_out(figure: &Figure) -> Drawing {
    let panels = &figure.panels;
    let n = panels.len() as f64;
    let side = (WIDTH - 2.0 * EDGE - (n - 1.0) * GAP) / n;
    let over = EDGE + if figure.title.is_some() { TITLE + GAP } else { 0.0 };
    let top = over + ROW;
    let bottom = top + SHAPE * side;
    let has_names = panels.iter().any(|panel| panel.x.label.is_some());
    let height = bottom + if has_names { ROW } else { 0.0 } + EDGE;
    let paper = Rect { left: 0.0, top: 0.0, width: WIDTH, height };
    let mut shapes = vec![Shape::Rect(paper, Style::filled(Color::Paper))];
    shapes.extend(figure.title.as_ref().map(|title| Shape::Label(heading(title, WIDTH / 2.0))));
    for (k, panel) in panels.iter().enumerate() {
        let left = EDGE + k as f64 * (side + GAP);
        let frame = Frame { left, right: left + side, top, bottom };
        let x = Scale::new(&panel.x, panel.layers.iter().flat_map(xs), frame.left, frame.right);
        let y = Scale::new(&panel.y, panel.layers.iter().flat_map(ys), bottom, top);
        shapes.push(inside(panel, frame, &x, &y));
        shapes.push(Shape::Rect(frame.rect(), Style::outlined(Pen::thin(Color::Frame))));
        let words = [(&panel.title, top - GAP), (&panel.x.label, bottom + TEXT)];
        for (text, base) in words {
            let Some(text) = text else { continue };
            // Smaller, where it would reach into the next panel.
            let size = TEXT * (side / width(text, TEXT)).min(1.0);
            shapes.push(Shape::Label(Label::new(text, (left + side / 2.0, base), size, Anchor::Middle)));
        }
    }
    Drawing { width: WIDTH, height, shapes }
}
