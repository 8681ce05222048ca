//! Every combination of values, once.

use crate::space::{Domain, Parameter, Point, Space};

/// The values of a parameter in a grid: with steps that were asked for all of them, or so many as are too many.
fn values(domain: &Domain, points: usize, most: usize) -> Vec<f64> {
    let enough = if domain.has_steps() || domain.is_choice() { most } else { points.min(most) };
    if let Some(values) = domain.values(enough) {
        return values;
    }
    let last = enough.max(2) - 1;
    let Domain::Float { low, high, log, step: None } = *domain else {
        // Whole numbers, evenly over their range; two that round to the same are one.
        let mut values: Vec<f64> = (0..=last).map(|i| domain.at_unit(i as f64 / last as f64)).collect();
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

/// The ranges of whole numbers of which a grid leaves values out: name, values taken, values there are.
pub(super) fn thinned<'s>(space: &'s Space, points: usize) -> Vec<(&'s str, usize, i64)> {
    let cut = |Parameter { name, domain, .. }: &'s Parameter| match *domain {
        Domain::Integer { low, high, step: None, .. } => {
            let (all, taken) = (high - low + 1, values(domain, points, usize::MAX).len());
            (all > taken as i64).then_some((name.as_str(), taken, all))
        }
        _ => None,
    };
    space.parameters().iter().filter_map(cut).collect()
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

/// All points of a grid, or so many of them.
pub(super) fn all(space: &Space, points: usize, most: usize) -> Vec<Point> {
    walk(space, |domain| values(domain, points, most)).take(most).collect()
}

/// All points of a space; none of one that has more, or too many to be counted.
pub(super) fn countable(space: &Space, most: usize) -> Vec<Point> {
    if space.parameters().iter().any(|parameter| parameter.domain.values(most).is_none()) {
        return Vec::new();
    }
    let points = walk(space, |domain| domain.values(most).unwrap_or_default());
    let points: Vec<Point> = points.take(most + 1).collect();
    if points.len() > most { Vec::new() } else { points }
}

fn walk(space: &Space, values: impl Fn(&Domain) -> Vec<f64>) -> Points<'_> {
    let values = space.parameters().iter().map(|parameter| values(&parameter.domain)).collect();
    Points { space, values, digits: Some(Vec::new()) }
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
