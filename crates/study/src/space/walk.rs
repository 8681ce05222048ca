//! Points of a space, and the recipe of a point.

use nablab_tables::recipe::{Document, Value};
use nablab_tables::{Error, Settings};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::read::LAYERS;
use super::{Domain, Node, Parameter, Point, Space};

/// The table of a study's file that is no part of its recipe.
pub(crate) const STUDY: &str = "study";

impl Space {
    /// Make a point: for each parameter that is there, its value in `given`, or else the one that is chosen. Those a
    /// parameter depends on come before it.
    pub fn draw(&self, given: &Point, choose: &mut dyn FnMut(&Parameter) -> f64) -> Point {
        let mut point = Point::new();
        self.visit(&self.root, &mut point, &mut |parameter| {
            let given = given.get(&parameter.name).copied();
            given.filter(|&value| parameter.domain.contains(value)).unwrap_or_else(|| choose(parameter))
        });
        point
    }

    fn visit(&self, node: &Node, point: &mut Point, choose: &mut dyn FnMut(&Parameter) -> f64) {
        let mut value = |number: usize, point: &mut Point| {
            let parameter = &self.parameters[number];
            match point.get(&parameter.name) {
                Some(&value) => value,
                None => {
                    let value = parameter.domain.nearest(choose(parameter));
                    point.insert(parameter.name.clone(), value);
                    value
                }
            }
        };
        match node {
            Node::Fixed => {}
            Node::Number(number) => {
                value(*number, point);
            }
            Node::Choice(number, options) => {
                let chosen = value(*number, point) as usize;
                self.visit(&options[chosen], point, choose);
            }
            Node::Table(fields) => fields.iter().for_each(|(_, node)| self.visit(node, point, choose)),
            Node::Array(items) => items.iter().for_each(|node| self.visit(node, point, choose)),
            Node::Layers(number, layers) => {
                let count = value(*number, point) as usize;
                layers[..count].iter().for_each(|node| self.visit(node, point, choose));
            }
        }
    }

    /// The recipe of a point that has a value for each parameter that is there.
    ///
    /// ```
    /// use nablab_study::{Point, Space};
    /// let text = "hidden = { layers = { low = 1, high = 2 }, units = { low = 4, high = 8 } }\n[data]\ntarget = [\"y\"]";
    /// let space = Space::parse(text, "study.toml")?;
    /// let largest = space.draw(&Point::new(), &mut |parameter| parameter.domain.at_unit(0.99));
    /// let settings = space.recipe(&largest)?;
    /// assert_eq!(settings.training.hidden.iter().map(|layer| layer.units).collect::<Vec<_>>(), [8, 8]);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column if the recipe is none: of a checked space, only for a point that is not of it.
    pub fn recipe(&self, point: &Point) -> Result<Settings, Error> {
        if let Some(missing) = self.missing(point) {
            return Err(Error::Recipe {
                place: self.name.clone(),
                what: format!("{missing} has no value of this space"),
                hint: Some("the trial was made by another program, or for another space"),
            });
        }
        let written: Vec<String> = self.parameters.iter().map(|p| written(p, point)).collect();
        let mut document = Document::parse(&self.text, &self.name)?;
        document.take(STUDY);
        let mut root = document.root().clone();
        fill_table(&self.root, &mut root, &written);
        Document::of(root, &self.text, &self.name).settings()
    }
}

impl Space {
    /// The first parameter that a point ought to have a value for, and has not.
    pub fn missing(&self, point: &Point) -> Option<String> {
        let mut missing = None;
        // Ends of ranges may have moved; choices and numbers of layers are what others depend on.
        let mut value_of = |parameter: &Parameter| {
            let value = point.get(&parameter.name).copied().filter(|value| value.is_finite());
            let counts = parameter.domain.is_choice() || parameter.name == LAYERS;
            let value = value.filter(|&value| !counts || parameter.domain.contains(value));
            value.unwrap_or_else(|| {
                missing.get_or_insert_with(|| parameter.name.clone());
                parameter.domain.first()
            })
        };
        self.draw(&Point::new(), &mut value_of);
        missing
    }
}

/// A value as a recipe has it; of a choice its number.
fn written(parameter: &Parameter, point: &Point) -> String {
    let value = point.get(&parameter.name).copied().unwrap_or_else(|| parameter.domain.first());
    match parameter.domain {
        // With a point or an exponent: a number and no whole one.
        Domain::Float { .. } => format!("{value:?}"),
        Domain::Integer { .. } | Domain::Choice(_) => format!("{}", value as i64),
    }
}

/// Put values in the place of ranges and choices.
fn fill<'t>(node: &Node, value: &mut Value<'t>, written: &'t [String]) {
    let span = value.span();
    match (node, value.get_mut()) {
        (Node::Number(number), _) => {
            let parsed = DeValue::parse(&written[*number]).expect("a number is written as TOML has it");
            *value = Spanned::new(span, parsed.into_inner());
        }
        (Node::Choice(number, options), DeValue::Table(table)) => {
            let chosen = chosen(&written[*number]);
            let mut option =
                table["choices"].get_ref().as_array().expect("it was read as one")[chosen].clone();
            fill(&options[chosen], &mut option, written);
            *value = option;
        }
        (Node::Table(_), DeValue::Table(table)) => fill_table(node, table, written),
        (Node::Array(items), DeValue::Array(array)) => {
            items.iter().zip(array.iter_mut()).for_each(|(node, value)| fill(node, value, written));
        }
        (Node::Layers(number, layers), DeValue::Table(table)) => {
            table.remove("layers");
            let mut array = DeArray::new();
            for layer in &layers[..chosen(&written[*number])] {
                let mut table = table.clone();
                fill_table(layer, &mut table, written);
                array.push(Spanned::new(span.clone(), DeValue::Table(table)));
            }
            *value = Spanned::new(span, DeValue::Array(array));
        }
        _ => {}
    }
}

fn fill_table<'t>(node: &Node, table: &mut DeTable<'t>, written: &'t [String]) {
    let Node::Table(fields) = node else { return };
    for (key, node) in fields {
        if let Some(value) = table.get_mut(key.as_str()) {
            fill(node, value, written);
        }
    }
}

fn chosen(written: &str) -> usize {
    written.parse().expect("the number of a choice")
}
