//! Points of a space.

use super::{Parameter, Point, Space};

impl Space {
    /// Make a point: for each parameter that is there, its value in `given`, or else the one that is chosen. Those a
    /// parameter depends on come before it.
    pub fn draw(&self, given: &Point, choose: &mut dyn FnMut(&Parameter) -> f64) -> Point {
        let mut point = Point::new();
        for parameter in &self.parameters {
            if parameter.is_there(&point) {
                let given = given.get(&parameter.name).copied();
                let given = given.filter(|&value| parameter.domain.contains(value));
                let value = parameter.domain.nearest(given.unwrap_or_else(|| choose(parameter)));
                point.insert(parameter.name.clone(), value);
            }
        }
        point
    }

    /// The first parameter that a point ought to have a value for, and has not.
    pub fn missing(&self, point: &Point) -> Option<String> {
        let mut missing = None;
        // Ends of ranges may have moved; what others depend on may not.
        let mut value_of = |parameter: &Parameter| {
            let value = point.get(&parameter.name).copied().filter(|value| value.is_finite());
            let value = value.filter(|&value| !self.decides(parameter) || parameter.domain.contains(value));
            value.unwrap_or_else(|| {
                missing.get_or_insert_with(|| parameter.name.clone());
                parameter.domain.first()
            })
        };
        self.draw(&Point::new(), &mut value_of);
        missing
    }

    /// What others are there depends on it, or what it stands for is one of a few.
    fn decides(&self, parameter: &Parameter) -> bool {
        let depends = |other: &Parameter| other.when.iter().any(|(name, _)| *name == parameter.name);
        parameter.domain.is_choice() || self.parameters.iter().any(depends)
    }
}

impl Parameter {
    /// It has a value in a point with these others.
    fn is_there(&self, point: &Point) -> bool {
        self.when.iter().all(|(name, values)| point.get(name).is_some_and(|value| values.contains(value)))
    }
}
