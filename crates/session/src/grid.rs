//! The plane of two features: where its edges are, and its cells as the network gets them.

use std::num::NonZeroUsize;

use nablab_data::prepare::{Encoding, Inputs};
use nablab_data::table::{Column, Table, Values};
use nablab_engine::Float;

use crate::SessionError;

/// The plane of the two features of a table, where it has two, and both are numbers.
#[derive(Clone, Debug)]
pub(crate) struct Plane {
    /// Left, right, lower and upper edge.
    pub(crate) edges: [f64; 4],
    /// The places of the rows on it.
    pub(crate) points: Vec<[f64; 2]>,
    names: [String; 2],
}

/// Room around the points, as a share of their range.
const MARGIN: f64 = 0.1;

impl Plane {
    /// Of a table whose columns become these inputs.
    pub(crate) fn new(table: &Table, inputs: &Inputs) -> Option<Self> {
        let [x, y] = inputs.columns() else { return None };
        let is_number = |encoding: &Encoding| matches!(encoding, Encoding::Number { indicator: false, .. });
        if !is_number(&x.encoding) || !is_number(&y.encoding) {
            return None;
        }
        let rows: Vec<usize> = (0..table.rows()).collect();
        let column = |name: &str| table.column(name)?.values.numbers_of(&rows).ok();
        let (xs, ys) = (column(&x.name)?, column(&y.name)?);
        let edges = |numbers: &[f64]| {
            let known = numbers.iter().copied().filter(|number| number.is_finite());
            let (low, high) =
                known.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), n| (low.min(n), high.max(n)));
            // A feature of one value alone has a range, too.
            let margin = if high > low { MARGIN * (high - low) } else { 0.5 };
            (low <= high).then_some([low - margin, high + margin])
        };
        let ([left, right], [lower, upper]) = (edges(&xs)?, edges(&ys)?);
        let points = xs.into_iter().zip(ys).map(|(x, y)| [x, y]).collect();
        Some(Self { edges: [left, right, lower, upper], points, names: [x.name.clone(), y.name.clone()] })
    }

    /// The middles of its cells as features, X (2, cells²): row by row, from the lower edge up.
    pub(crate) fn features<F: Float>(&self, inputs: &Inputs, cells: usize) -> Result<Vec<F>, SessionError> {
        let [left, right, lower, upper] = self.edges;
        let middle =
            |low: f64, high: f64, cell: usize| low + (high - low) * (cell as f64 + 0.5) / cells as f64;
        let all = 0..cells * cells;
        let xs = all.clone().map(|cell| middle(left, right, cell % cells));
        let ys = all.clone().map(|cell| middle(lower, upper, cell / cells));
        let [x, y] = &self.names;
        let columns = vec![
            Column { name: x.clone(), values: Values::Numbers(xs.collect()) },
            Column { name: y.clone(), values: Values::Numbers(ys.collect()) },
        ];
        let table = Table::new(columns, "the plane")?;
        let rows: Vec<usize> = all.collect();
        Ok(inputs.encode(&table, &rows, NonZeroUsize::MIN)?.0)
    }
}
