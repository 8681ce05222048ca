//! A recipe in which values may be ranges: what is searched is taken out of it, and a point put in.

use nablab_tables::recipe::{Document, Value};
use nablab_tables::{Error, Settings};
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use super::read::LAYERS;
use super::{Domain, Parameter, Point, Space};

/// The table of a study's file that is no part of its recipe.
pub(crate) const STUDY: &str = "study";

/// A recipe in which values may be ranges. What they may be is a [`Space`], of which every point is a recipe.
#[derive(Clone, Debug)]
pub struct Template {
    pub(super) text: String,
    pub(super) name: String,
    pub(super) root: Node,
}

/// Where in a recipe the parameters are.
#[derive(Clone, Debug)]
pub(super) enum Node {
    /// None here.
    Fixed,
    /// A parameter that is a range, by its number.
    Number(usize),
    /// A parameter that is a choice, and what is inside of each.
    Choice(usize, Vec<Node>),
    Table(Vec<(String, Node)>),
    Array(Vec<Node>),
    /// How many of these layers there are.
    Layers(usize, Vec<Node>),
}

impl Template {
    /// The recipe of a point that has a value for each parameter that is there.
    ///
    /// ```
    /// use nablab_study::{Point, space::Template};
    /// let text = "hidden = { layers = { low = 1, high = 2 }, units = { low = 4, high = 8 } }\n[data]\ntarget = [\"y\"]";
    /// let (template, space) = Template::parse(text, "study.toml")?;
    /// let largest = space.draw(&Point::new(), &mut |parameter| parameter.domain.at_unit(0.99));
    /// let settings = template.settings(&space, &largest)?;
    /// assert_eq!(settings.training.hidden.iter().map(|layer| layer.units).collect::<Vec<_>>(), [8, 8]);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column if the recipe is none: of a checked space, only for a point that is not of it.
    pub fn settings(&self, space: &Space, point: &Point) -> Result<Settings, Error> {
        if let Some(missing) = Self::missing(space, point) {
            return Err(Error::Recipe {
                place: self.name.clone(),
                what: format!("{missing} has no value of this space"),
                hint: Some("the trial was made by another program, or for another space"),
            });
        }
        let written: Vec<String> = space.parameters.iter().map(|p| written(p, point)).collect();
        let mut document = Document::parse(&self.text, &self.name)?;
        document.take(STUDY);
        let mut root = document.root().clone();
        fill_table(&self.root, &mut root, &written);
        Document::of(root, &self.text, &self.name).settings()
    }

    fn missing(space: &Space, point: &Point) -> Option<String> {
        // A number of layers counts also where nothing of them is to be found.
        let counts = |name: &str| {
            let domain = space.parameter(name).map(|parameter| &parameter.domain);
            domain.zip(point.get(name)).is_some_and(|(domain, &value)| !domain.contains(value))
        };
        space.missing(point).or_else(|| counts(LAYERS).then(|| LAYERS.to_owned()))
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
