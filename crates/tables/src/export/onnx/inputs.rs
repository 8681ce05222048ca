//! From columns to features.
//!
//! All columns of numbers are prepared at once, and so are all indicators: the graph of a table of a thousand columns has
//! a handful of nodes. A last `Gather` puts the features into their order.

use std::collections::BTreeMap;

use nablab_data::prepare::{Encoding, Inputs, spellings};
use nablab_data::table::csv;

use super::graph::Graph;
use super::proto::{Attribute, Element, Real, STRING};

/// Features (N, features) in the network's precision.
pub(super) fn features<F: Real>(graph: &mut Graph, inputs: &Inputs) -> String {
    let (mut numbers, mut categories) = (Numbers::default(), Categories::default());
    let mut order = Vec::new();
    for input in inputs.columns() {
        match &input.encoding {
            &Encoding::Number { fill, center, scale, indicator, .. } => {
                order.push(Place::Number(numbers.columns.len()));
                order.extend(indicator.then_some(Place::Missing(numbers.columns.len())));
                numbers.columns.push(graph.input(&input.name, f64::TYPE, "number; NaN where it is missing"));
                numbers.fill.push(fill);
                numbers.center.push(center);
                numbers.scale.push(scale);
                numbers.with_indicators |= indicator;
            }
            Encoding::Category { levels, indicator } => {
                let width = levels.len() + usize::from(*indicator);
                order.extend((categories.width..categories.width + width).map(Place::Category));
                categories.width += width;
                let column = graph.input(&input.name, STRING, "text; empty where it is missing");
                categories.encoded.push(one_hot(graph, &column, width, &places(levels, *indicator)));
            }
            Encoding::Date(_) => unreachable!("refused before"),
        }
    }
    let (width, with_indicators) = (numbers.columns.len(), numbers.with_indicators);
    let blocks = [numbers.features::<F>(graph), categories.features::<F>(graph)].concat();
    let all = graph.concat(&blocks, 1);

    let after_numbers = if with_indicators { 2 * width } else { width };
    let places: Vec<i64> = order
        .into_iter()
        .map(|place| match place {
            Place::Number(i) => i as i64,
            Place::Missing(i) => (width + i) as i64,
            Place::Category(i) => (after_numbers + i) as i64,
        })
        .collect();
    if places.len() == after_numbers + categories.width && places.is_sorted() {
        return all;
    }
    let places = graph.numbers("order", &[places.len()], &places);
    graph.node("Gather", &[&all, &places], vec![Attribute::int("axis", 1)])
}

/// The texts of a column that are 1 in a feature, and in which: as `nablab predict` takes them.
fn places(levels: &[String], indicator: bool) -> BTreeMap<String, usize> {
    let mut places = spellings(levels);
    for missing in csv::MISSING.iter().filter(|_| indicator) {
        places.entry((*missing).to_owned()).or_insert(levels.len());
    }
    places
}

/// Whether each feature is 1, (N, width); none is for a text that has no place.
fn one_hot(graph: &mut Graph, column: &str, width: usize, places: &BTreeMap<String, usize>) -> String {
    let attributes = vec![
        Attribute::strings("keys_strings", places.keys().cloned().collect()),
        Attribute::ints("values_int64s", places.values().map(|&place| place as i64).collect()),
        Attribute::int("default_int64", -1),
    ];
    let place = graph.node("LabelEncoder", &[column], attributes);
    let all =
        graph.numbers(&format!("places_of_{column}"), &[1, width], &(0..width as i64).collect::<Vec<_>>());
    graph.node("Equal", &[&place, &all], vec![])
}

/// Where a feature comes from.
enum Place {
    Number(usize),
    Missing(usize),
    Category(usize),
}

#[derive(Default)]
struct Numbers {
    columns: Vec<String>,
    fill: Vec<f64>,
    center: Vec<f64>,
    scale: Vec<f64>,
    with_indicators: bool,
}

impl Numbers {
    /// The numbers, and of each whether it is missing if that is asked for.
    fn features<F: Real>(&self, graph: &mut Graph) -> Vec<String> {
        if self.columns.is_empty() {
            return Vec::new();
        }
        let raw = graph.concat(&self.columns, 1);
        let width = [self.columns.len()];
        let fill = graph.numbers("fill", &width, &self.fill);
        let center = graph.numbers("center", &width, &self.center);
        let scale = graph.numbers("scale", &width, &self.scale);
        let missing = graph.node("IsNaN", &[&raw], vec![]);
        let filled = graph.node("Where", &[&missing, &fill, &raw], vec![]);
        let centred = graph.node("Sub", &[&filled, &center], vec![]);
        let scaled = graph.node("Div", &[&centred, &scale], vec![]);
        let mut features = vec![graph.cast(&scaled, F::TYPE)];
        if self.with_indicators {
            features.push(graph.cast(&missing, F::TYPE));
        }
        features
    }
}

#[derive(Default)]
struct Categories {
    /// (N, levels) each.
    encoded: Vec<String>,
    width: usize,
}

impl Categories {
    fn features<F: Real>(&self, graph: &mut Graph) -> Vec<String> {
        if self.encoded.is_empty() {
            return Vec::new();
        }
        let encoded = graph.concat(&self.encoded, 1);
        vec![graph.cast(&encoded, F::TYPE)]
    }
}
