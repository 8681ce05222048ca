//! The gradient of a trained network, on rows it learned from, against finite differences.

use std::num::NonZeroUsize;

use nablab_data::DataError;
use nablab_data::table::Table;
use nablab_engine::MatRef;
use nablab_engine::gradcheck::{NetworkCheck, Report};

use crate::label_smoothing::smoothed;
use crate::model::{Model, Params};
use crate::prepared::{Prepared, TableSummary};
use crate::{Error, Tables};

impl Model {
    /// Compare the gradient with central differences of the cost: of exactly this network at exactly these parameters,
    /// with the dropout, penalty, weights and smoothed targets of its training, on the first `examples` rows of the
    /// training part. In double precision, whatever the training computed in.
    ///
    /// # Errors
    /// Whatever does not fit the table, and a cost that is not finite.
    pub fn check_gradient(&self, tables: &Tables<'_>, examples: usize) -> Result<Report, Error> {
        let prepared = Prepared::<f64>::new(&self.settings, tables, NonZeroUsize::MIN)?;
        self.check_same_shape(&prepared.found, &tables.table)?;
        let (recipe, part) = (&prepared.recipe, &prepared.train);
        let m = examples.min(part.m);
        let first = |all: &[f64]| -> Vec<f64> {
            all.chunks_exact(part.m).flat_map(|row| &row[..m]).copied().collect()
        };
        let x = first(&part.x);
        let y = smoothed(&part.y, &self.target, self.settings.data.label_smoothing);
        let y = y.of_examples(part.m, &(0..m).collect::<Vec<_>>());
        let (x, y) = (MatRef::new(&x, x.len() / m, m), y.view(m));
        let params: Vec<f64> = match &self.params {
            Params::F32(params) => params.iter().copied().map(f64::from).collect(),
            Params::F64(params) => params.clone(),
        };
        self.network.check_shapes(x, y)?;
        let masks = &mut recipe.seed.dropout();
        // The penalty is that of the training, beside the mean loss of these rows; weights are relative to their mean.
        let penalty_examples = recipe.penalty_examples(part.count());
        let mut check = NetworkCheck::new(&self.network, &params, x, y, recipe.penalty, masks)
            .with_penalty_examples(penalty_examples);
        if !part.loss_weights.is_empty() {
            let relative = part.loss_weights[..m].iter().map(|w| w * part.m as f64 / part.count());
            check = check.with_weights(&relative.collect::<Vec<_>>());
        }
        let gradient = check.gradient();
        Ok(check.compare(&gradient)?)
    }

    /// What was found in the table has the shape of what was learned from: another table may have not.
    fn check_same_shape(&self, found: &TableSummary, table: &Table) -> Result<(), DataError> {
        let numbers = [
            ("features", self.inputs.width(), found.inputs.width()),
            ("outputs", self.target.outputs(), found.target.outputs()),
        ];
        match numbers.into_iter().find(|(_, learned, got)| learned != got) {
            None => Ok(()),
            Some((what, learned, got)) => {
                let expected = format!("{learned} {what}, as in the training");
                let hint = "the gradient is checked on the table that was learned from";
                Err(table.error("columns", expected, got.to_string(), hint))
            }
        }
    }
}
