//! From columns to features.
//!
//! All columns of numbers are prepared at once, and so are all indicators: the graph of a table of a thousand columns has
//! a handful of nodes. A last `Gather` puts the features into their order.

use nablab_data::prepare::{Encoding, Inputs};

use super::graph::Graph;
use super::proto::{Attribute, Element, Real, STRING};

/// Features (N, features) in the network's precision.
pub(super) fn features<F: Real>(graph: &mut Graph, inputs: &Inputs) -> String {
    let (mut numbers, mut categories) = (Numbers::default(), Categories::default());
    let mut order = Vec::new();
    for input in inputs.columns() {
        match &input.encoding {
            &Encoding::Number { fill, center, scale, indicator } => {
                order.push(Place::Number(numbers.columns.len()));
                order.extend(indicator.then_some(Place::Missing(numbers.columns.len())));
                numbers.columns.push(graph.input(&input.name, f64::TYPE, "number; NaN where it is missing"));
                numbers.fill.push(fill);
                numbers.center.push(center);
                numbers.scale.push(scale);
                numbers.with_indicators |= indicator;
            }
            Encoding::Category { levels, indicator } => {
                let missing = indicator.then(String::new);
                let texts: Vec<String> = levels.iter().cloned().chain(missing).collect();
                order.extend((categories.width..categories.width + texts.len()).map(Place::Category));
                categories.width += texts.len();
                let column = graph.input(&input.name, STRING, "text; empty where it is missing");
                // A text that is none of the levels is 0 in all features.
                let attributes =
                    vec![Attribute::strings("cats_strings", texts.into_iter()), Attribute::int("zeros", 1)];
                categories.encoded.push(graph.node("OneHotEncoder", &[&column], attributes));
            }
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
    /// (N, 1, levels) each.
    encoded: Vec<String>,
    width: usize,
}

impl Categories {
    fn features<F: Real>(&self, graph: &mut Graph) -> Vec<String> {
        if self.encoded.is_empty() {
            return Vec::new();
        }
        let encoded = graph.concat(&self.encoded, 2);
        let axis = graph.numbers("column_axis", &[1], &[1_i64]);
        let flat = graph.node("Squeeze", &[&encoded, &axis], vec![]);
        // What is encoded comes in single precision.
        vec![if F::TYPE == f32::TYPE { flat } else { graph.cast(&flat, F::TYPE) }]
    }
}
