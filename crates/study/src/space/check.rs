//! Every point of a space is a recipe, or there is one clear error before anything is trained.

use nablab::Error;

use super::{Point, Space};

impl Space {
    /// A recipe's ranges are those of single values, and what excludes another is a matter of two; so the ends of each
    /// range, and those of any two together, speak for all points.
    pub(super) fn check(&self) -> Result<(), Error> {
        self.try_with(&Point::new())?;
        let single = |i: usize| {
            let parameter = &self.parameters[i];
            parameter.domain.extremes().into_iter().map(move |value| (parameter.name.clone(), value))
        };
        for i in 0..self.parameters.len() {
            for first in single(i) {
                self.try_with(&Point::from([first.clone()]))?;
                for second in (i + 1..self.parameters.len()).flat_map(single) {
                    self.try_with(&Point::from([first.clone(), second]))?;
                }
            }
        }
        Ok(())
    }

    /// The recipe with these values, and with the first of each other parameter that they do not depend on.
    fn try_with(&self, wanted: &Point) -> Result<(), Error> {
        let mut given = wanted.clone();
        for name in wanted.keys() {
            let conditions = self.parameter(name).map(|parameter| &parameter.when);
            for (parent, values) in conditions.into_iter().flatten() {
                let value = given.entry(parent.clone()).or_insert(values[0]);
                if !values.contains(value) {
                    // The two are never there together.
                    return Ok(());
                }
            }
        }
        let point = self.draw(&given, &mut |parameter| parameter.domain.first());
        match self.recipe(&point) {
            Ok(_) => Ok(()),
            Err(Error::Recipe { place, what, hint }) if !wanted.is_empty() => {
                let shown = |(name, &value): (&String, &f64)| {
                    let value = self.parameter(name).map_or_else(String::new, |p| p.domain.show(value));
                    format!("{name} = {value}")
                };
                let with: Vec<_> = wanted.iter().map(shown).collect();
                Err(Error::Recipe { place, what: format!("{}: {what}", with.join(", ")), hint })
            }
            Err(error) => Err(error),
        }
    }
}
