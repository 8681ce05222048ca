//! What is written of a landscape: figures, and the numbers behind them; and what is said of it.

use std::fmt::Write as _;

use nablab_report::File;

use super::{Cell, Directions, Landscape, LandscapeError, LandscapePlan, Surface, figures};

/// Pixels per unit of a figure's 700 × 400.
const SCALE: f32 = 2.0;

/// A number, or nothing where there is none.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

fn finite(loss: f64) -> String {
    or_empty(Some(loss).filter(|loss| loss.is_finite()))
}

impl Landscape {
    /// `loss` and `steps` as SVG and PNG, and `cells.csv`. The initialisation lab's own weights are marked where it is its
    /// network.
    ///
    /// # Errors
    /// [`LandscapeError::Png`].
    pub fn files(&self, plan: &LandscapePlan, is_lab: bool) -> Result<Vec<File>, LandscapeError> {
        let mut files = Vec::new();
        for figure in figures::landscape(self, plan, is_lab) {
            files.extend(figure.files(SCALE)?);
        }
        let header = [&plan.x.name, &plan.y.name, "loss", "reached_after", "diverged_at"];
        let row = |cell: &Cell| {
            let Cell { x, y, loss, reached, diverged } = *cell;
            [x.to_string(), y.to_string(), finite(loss), or_empty(reached), or_empty(diverged)]
        };
        files.push(File::csv("cells.csv", header, self.cells.iter().map(row)));
        Ok(files)
    }

    /// How much of the plane learns, how much diverges, and where the loss is lowest.
    pub fn text(&self, plan: &LandscapePlan) -> String {
        let share = |is: fn(&Cell) -> bool| {
            100.0 * self.cells.iter().filter(|cell| is(cell)).count() as f64 / self.cells.len() as f64
        };
        let mut text = format!("{} trainings, {} × {} cells\n", self.trainings, self.size, self.size);
        let _ = writeln!(
            text,
            "loss {:.3} reached on {:.1} % of the plane, diverged on {:.1} %",
            self.reach,
            share(|cell| cell.diverged.is_none() && cell.reached.is_some()),
            share(|cell| cell.diverged.is_some())
        );
        let usable = self.cells.iter().filter(|cell| cell.loss.is_finite());
        if let Some(best) = usable.min_by(|a, b| a.loss.total_cmp(&b.loss)) {
            let (x, y) = (&plan.x.name, &plan.y.name);
            let _ = writeln!(text, "lowest loss {:.3e} at {x} {:.4}, {y} {:.4}", best.loss, best.x, best.y);
        }
        text
    }
}

impl Surface {
    /// `surface` as SVG and PNG, `surface.csv`, and the ways in `paths.csv`.
    ///
    /// # Errors
    /// [`LandscapeError::Png`].
    pub fn files(&self, directions: Directions) -> Result<Vec<File>, LandscapeError> {
        let (labels, title) = match directions {
            Directions::Path => {
                (["first principal direction", "second principal direction"], "The ways over the loss")
            }
            Directions::Random(_) => {
                (["first random direction", "second random direction"], "The loss around the end")
            }
        };
        let mut files = figures::surface(self, labels, title).files(SCALE)?.to_vec();
        let at = |i: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / self.size as f64;
        let row = |(i, &loss): (usize, &f64)| {
            [at(i % self.size, self.a).to_string(), at(i / self.size, self.b).to_string(), finite(loss)]
        };
        files.push(File::csv("surface.csv", ["a", "b", "loss"], self.losses.iter().enumerate().map(row)));
        let steps = self.paths.iter().flat_map(|path| {
            path.points.iter().zip(&path.losses).zip(&path.epochs).map(|((&(a, b), loss), epoch)| {
                [path.name.clone(), epoch.to_string(), a.to_string(), b.to_string(), loss.to_string()]
            })
        });
        files.push(File::csv("paths.csv", ["path", "epoch", "a", "b", "loss"], steps));
        Ok(files)
    }

    /// What each way brought, and how much of the ways lies in the plane.
    pub fn text(&self) -> String {
        let mut text = String::new();
        for path in &self.paths {
            if let (Some(first), Some(last)) = (path.losses.first(), path.losses.last()) {
                let _ = writeln!(text, "{}: loss {first:.4} to {last:.4}", path.name);
            }
        }
        let _ = writeln!(text, "{:.0} % of the ways lie in this plane", 100.0 * self.explained);
        text
    }
}
