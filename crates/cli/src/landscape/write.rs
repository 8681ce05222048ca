//! The files of a landscape: figures, and the numbers behind them.

use std::fmt::Write as _;

use nablab::report::{Figure, Theme};
use nablab::study::landscape::{Directions, Landscape, LandscapePlan, Surface};

use super::{Files, figures};

/// Pixels per unit of a figure's 700 × 400.
const SCALE: f32 = 2.0;

fn drawn(figure: &Figure) -> anyhow::Result<[(String, Vec<u8>); 2]> {
    Ok([
        (format!("{}.svg", figure.name), figure.svg(Theme::Standalone).into_bytes()),
        (format!("{}.png", figure.name), figure.png(SCALE)?),
    ])
}

/// A number, or nothing where there is none.
fn or_empty(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

pub(super) fn landscape(landscape: &Landscape, plan: &LandscapePlan, is_lab: bool) -> anyhow::Result<Files> {
    let mut files = Vec::new();
    for figure in figures::landscape(landscape, plan, is_lab) {
        files.extend(drawn(&figure)?);
    }
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record([&plan.x.name, &plan.y.name, "loss", "reached_after", "diverged_at"])?;
    for cell in &landscape.cells {
        let loss = or_empty(Some(cell.loss).filter(|loss| loss.is_finite()));
        let row =
            [cell.x.to_string(), cell.y.to_string(), loss, or_empty(cell.reached), or_empty(cell.diverged)];
        out.write_record(row)?;
    }
    files.push(("cells.csv".into(), out.into_inner()?));
    let count = |what: fn(&nablab::study::landscape::Cell) -> bool| {
        100.0 * landscape.cells.iter().filter(|cell| what(cell)).count() as f64 / landscape.cells.len() as f64
    };
    let mut said =
        format!("{} trainings, {} × {} cells\n", landscape.trainings, landscape.size, landscape.size);
    let _ = writeln!(
        said,
        "loss {:.3} reached on {:.1} % of the plane, diverged on {:.1} %",
        landscape.reach,
        count(|cell| cell.diverged.is_none() && cell.reached.is_some()),
        count(|cell| cell.diverged.is_some())
    );
    let usable = landscape.cells.iter().filter(|cell| cell.loss.is_finite());
    if let Some(best) = usable.min_by(|a, b| a.loss.total_cmp(&b.loss)) {
        let _ = writeln!(
            said,
            "lowest loss {:.3e} at {} {:.4}, {} {:.4}",
            best.loss, plan.x.name, best.x, plan.y.name, best.y
        );
    }
    Ok(Files { files, said })
}

pub(super) fn surface(surface: &Surface, directions: Directions) -> anyhow::Result<Files> {
    let (labels, title) = match directions {
        Directions::Path => {
            (["first principal direction", "second principal direction"], "The ways over the loss")
        }
        Directions::Random(_) => {
            (["first random direction", "second random direction"], "The loss around the end")
        }
    };
    let mut files = drawn(&figures::surface(surface, labels, title))?.to_vec();
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["a", "b", "loss"])?;
    let at = |i: usize, (low, high): (f64, f64)| low + (high - low) * (i as f64 + 0.5) / surface.size as f64;
    for (i, loss) in surface.losses.iter().enumerate() {
        let (a, b) = (at(i % surface.size, surface.a), at(i / surface.size, surface.b));
        out.write_record([
            a.to_string(),
            b.to_string(),
            or_empty(Some(loss).filter(|loss| loss.is_finite())),
        ])?;
    }
    files.push(("surface.csv".into(), out.into_inner()?));
    let mut out = csv::Writer::from_writer(Vec::new());
    out.write_record(["path", "epoch", "a", "b", "loss"])?;
    let mut said = String::new();
    for path in &surface.paths {
        for ((&(a, b), loss), epoch) in path.points.iter().zip(&path.losses).zip(&path.epochs) {
            out.write_record([
                path.name.clone(),
                epoch.to_string(),
                a.to_string(),
                b.to_string(),
                loss.to_string(),
            ])?;
        }
        if let (Some(first), Some(last)) = (path.losses.first(), path.losses.last()) {
            let _ = writeln!(said, "{}: loss {first:.4} to {last:.4}", path.name);
        }
    }
    files.push(("paths.csv".into(), out.into_inner()?));
    let _ = writeln!(said, "{:.0} % of the ways lie in this plane", 100.0 * surface.explained);
    Ok(Files { files, said })
}
