//! Every point of a space is a recipe, or there is one clear error before anything is trained.

use nablab_tables::Error;

use super::{Point, Space, Template};

impl Template {
    /// A recipe's ranges are those of single values, and what excludes another is a matter of two; so the ends of each
    /// range, and those of any two together, speak for all points.
    pub(super) fn check(&self, space: &Space) -> Result<(), Error> {
        self.try_with(space, &Point::new())?;
        let single = |i: usize| {
            let parameter = &space.parameters[i];
            parameter.domain.extremes().into_iter().map(move |value| (parameter.name.clone(), value))
        };
        for i in 0..space.parameters.len() {
            for first in single(i) {
                self.try_with(space, &Point::from([first.clone()]))?;
                for second in (i + 1..space.parameters.len()).flat_map(single) {
                    self.try_with(space, &Point::from([first.clone(), second]))?;
                }
            }
        }
        Ok(())
    }

    /// The recipe of a point with these values.
    fn try_with(&self, space: &Space, wanted: &Point) -> Result<(), Error> {
        let Some(point) = space.around(wanted) else { return Ok(()) };
        match self.settings(space, &point) {
            Ok(_) => Ok(()),
            Err(Error::Recipe { place, what, hint }) if !wanted.is_empty() => {
                let shown = |(name, &value): (&String, &f64)| {
                    let value = space.parameter(name).map_or_else(String::new, |p| p.domain.show(value));
                    format!("{name} = {value}")
                };
                let with: Vec<_> = wanted.iter().map(shown).collect();
                Err(Error::Recipe { place, what: format!("{}: {what}", with.join(", ")), hint })
            }
            Err(error) => Err(error),
        }
    }
}

impl Space {
    /// Points at the ends of each range and with each choice, all else as in the first point: what they have in common with those
    /// of another space, the spaces have.
    pub(crate) fn corners(&self) -> Vec<Point> {
        let ends = self.parameters.iter().flat_map(|parameter| {
            let name = &parameter.name;
            parameter.domain.extremes().into_iter().map(move |value| Point::from([(name.clone(), value)]))
        });
        std::iter::once(Point::new()).chain(ends).filter_map(|wanted| self.around(&wanted)).collect()
    }

    /// A point with these values, and with the first of each other parameter that they do not depend on; nothing where they are
    /// never there together.
    fn around(&self, wanted: &Point) -> Option<Point> {
        let mut given = wanted.clone();
        // What a condition asks for may have conditions itself, further out.
        let mut names: Vec<String> = wanted.keys().cloned().collect();
        while let Some(name) = names.pop() {
            let conditions = self.parameter(&name).map(|parameter| &parameter.when);
            for (parent, values) in conditions.into_iter().flatten() {
                if !given.contains_key(parent) {
                    names.push(parent.clone());
                }
                let value = given.entry(parent.clone()).or_insert(values[0]);
                if !values.contains(value) {
                    return None;
                }
            }
        }
        Some(self.draw(&given, &mut |parameter| parameter.domain.first()))
    }
}
