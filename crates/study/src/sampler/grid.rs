//! Every combination of values, once.

use super::Known;
use crate::space::{Domain, Point, Space};

/// The values of a parameter in a grid.
fn values(domain: &Domain, points: usize) -> Vec<f64> {
    match domain.values(domain.choices().unwrap_or(points)) {
        Some(values) => values,
        _ => {
            let last = points.max(2) - 1;
            let Domain::Float { low, high, log, .. } = *domain else {
                // Whole numbers, evenly over their range; two that round to the same are one.
                let mut values: Vec<f64> =
                    (0..=last).map(|i| domain.at_unit(i as f64 / last as f64)).collect();
                values.dedup();
                return values;
            };
            let (start, end) = if log { (low.ln(), high.ln()) } else { (low, high) };
            let at = |i: usize| match i {
                0 => low,
                i if i == last => high,
                i => {
                    let position = start + (end - start) * i as f64 / last as f64;
                    domain.nearest(if log { position.exp() } else { position })
                }
            };
            (0..=last).map(at).collect()
        }
    }
}

/// Points one after the other, as an odometer counts: the last parameter fastest.
struct Points<'s> {
    space: &'s Space,
    /// Of each parameter, by its number.
    values: Vec<Vec<f64>>,
    /// Which value of each parameter, of those that are there; nothing after the last point.
    digits: Option<Vec<usize>>,
}

impl Iterator for Points<'_> {
    type Item = Point;

    fn next(&mut self) -> Option<Point> {
        let mut digits = self.digits.take()?;
        let (mut at, mut sizes) = (0, Vec::new());
        let point = self.space.draw(&Point::new(), &mut |parameter| {
            let number = self.space.parameters().iter().position(|p| p.name == parameter.name);
            let values = &self.values[number.unwrap_or_default()];
            if at == digits.len() {
                digits.push(0);
            }
            sizes.push(values.len());
            at += 1;
            values[digits[at - 1]]
        });
        // Those after the digit that counts on depend on it and begin anew.
        while let Some(last) = digits.pop() {
            if last + 1 < sizes[digits.len()] {
                digits.push(last + 1);
                self.digits = Some(digits);
                break;
            }
        }
        Some(point)
    }
}

/// All points, or so many of them.
pub(super) fn all(space: &Space, points: usize, most: usize) -> Vec<Point> {
    let values =
        space.parameters().iter().map(|parameter| values(&parameter.domain, points.min(most))).collect();
    Points { space, values, digits: Some(Vec::new()) }.take(most).collect()
}

/// After the last point the grid begins anew.
pub(super) fn point(known: &Known<'_>, number: u64, given: &Point) -> Point {
    let point = known.grid.get((number % known.grid.len().max(1) as u64) as usize);
    known.space.draw(given, &mut |parameter| {
        let value = point.and_then(|point| point.get(&parameter.name)).copied();
        value.unwrap_or_else(|| parameter.domain.first())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_combination_comes_once_and_only_with_what_it_depends_on() {
        let text = "learning_rate = { low = 0.01, high = 1.0, log = true }\n\
                    optimizer = { choices = [\"adam\", { momentum = { beta = { low = 0.5, high = 0.9 } } }] }\n\
                    hidden = { layers = { low = 0, high = 2 }, units = { low = 4, high = 5 } }";
        let space = Space::parse(text, "study.toml").unwrap();
        let points = all(&space, 3, 1000);
        // Three rates; adam or three betas; no layer, one of two sizes, or two of them.
        assert_eq!(points.len(), 3 * (1 + 3) * (1 + 2 + 4));
        let texts: std::collections::BTreeSet<String> = points.iter().map(|p| format!("{p:?}")).collect();
        assert_eq!(texts.len(), points.len());
        let rates: Vec<f64> = points.iter().map(|p| p["learning_rate"]).collect();
        assert!([0.01, 0.1, 1.0].iter().all(|&rate| rates.iter().any(|r| (r - rate).abs() < 1e-12)));
        let with_beta = points.iter().filter(|p| p.contains_key("optimizer.momentum.beta")).count();
        assert_eq!(with_beta, 3 * 3 * 7);
    }
}
