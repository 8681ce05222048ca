//! A recipe of a network and its data, and the gradient at its initial weights against finite differences.

use std::path::{Path, PathBuf};

use nablab_data::{Dataset, Generator, load};
use nablab_engine::gradcheck::{NetworkCheck, Report};
use nablab_engine::{EngineError, Loss, MatRef, Network, Recipe};
use serde::Deserialize;

use crate::Error;
use crate::recipe::Document;

/// A recipe of a network with the data that it learns from: generated, or points in a file.
#[derive(Clone, Debug)]
pub struct RecipeWithData {
    /// The network and its training.
    pub recipe: Recipe,
    /// Its data.
    pub data: Dataset,
}

/// The other kind of table `[data]` than a generator's.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct InFile {
    file: PathBuf,
}

impl RecipeWithData {
    /// Read a recipe with a table `[data]`: `source` names a generator and its parameters, or `file` a file that lies `beside`.
    ///
    /// ```
    /// use nablab_tables::RecipeWithData;
    /// let text = "hidden = [{ units = 3 }]\ninit = \"he\"\n[data]\nsource = \"moons\"\nsamples = 20";
    /// let recipe = RecipeWithData::parse(text, "recipe.toml", std::path::Path::new(""))?;
    /// let (report, network) = recipe.check_gradient(20)?;
    /// assert!(report.is_correct() && network.layout().len() == 13);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::Recipe`] with line and column; [`Error::Data`] for a file that is none.
    pub fn parse(text: &str, name: &str, beside: &Path) -> Result<Self, Error> {
        let mut document = Document::parse(text, name)?;
        // The data's table is not part of the training's settings: take it out before those are read.
        let Some(data) = document.take("data") else {
            let what =
                "expected a table [data], such as `source = \"moons\"` in it, or `file = \"points.csv\"`";
            return Err(document.error(0, what.into()));
        };
        let recipe = document.training()?.check()?;
        if data.get_ref().as_table().is_some_and(|table| table.contains_key("file")) {
            let InFile { file } = document.read(data)?;
            return Ok(Self { recipe, data: load(&beside.join(file))?.train });
        }
        let generator: Generator = document.read_tagged(data.clone(), "source")?;
        let data = generator.generate().map_err(|error| document.parameter(&error, &data))?;
        Ok(Self { recipe, data })
    }

    /// The gradient at the initial weights, on the first examples, beside central differences; and the network.
    ///
    /// # Errors
    /// [`Error::Engine`] for a network that does not fit the data, [`Error::Check`] for a cost that is not finite.
    pub fn check_gradient(&self, examples: usize) -> Result<(Report, Network), Error> {
        let Self { recipe, data } = self;
        if recipe.loss == Loss::SoftmaxCrossEntropy && data.outputs() == 1 {
            let expected = "sigmoid-cross-entropy for two classes: softmax-cross-entropy needs three or more";
            let got = "softmax-cross-entropy".into();
            return Err(EngineError::Setting { field: "loss".into(), expected, got }.into());
        }
        let (x, y, m) = first(data, examples);
        let (x, y) = (MatRef::new(&x, data.features(), m), MatRef::new(&y, data.outputs(), m));
        let network = Network::of::<f64>(recipe, data.features(), data.outputs(), m)?;
        network.check_shapes(x, y)?;
        let mut params = vec![0.0; network.layout().len()];
        recipe.init.fill(network.layout(), &mut recipe.seed.weights(), &mut params);
        let mut check =
            NetworkCheck::new(&network, &params, x, y, recipe.penalty, &mut recipe.seed.dropout());
        let gradient = check.gradient();
        let report = check.compare(&gradient)?;
        Ok((report, network))
    }
}

/// X, Y and the number of the first examples.
fn first(data: &Dataset, examples: usize) -> (Vec<f64>, Vec<f64>, usize) {
    let (all, m) = (data.examples(), examples.min(data.examples()));
    let first = |flat: &[f64]| flat.chunks_exact(all.max(1)).flat_map(|row| &row[..m]).copied().collect();
    (first(data.x()), first(&data.targets()), m)
}
