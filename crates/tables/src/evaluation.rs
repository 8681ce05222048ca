//! How good models are on a table, as plain data and in lines of text.

use nablab_data::prepare::Target;
use nablab_data::readable;
use nablab_report::Lang;
use serde_json::json;

use crate::metrics::Metrics;
use crate::report::metrics;
use crate::text::number;
use crate::{Ensemble, Predictions};

/// Of more classes the confusion matrix fits no terminal.
const MOST_CLASSES: usize = 20;

/// How good models are on a table; [`Ensemble::evaluate`] makes one.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evaluation {
    /// Predictions compared with what is so.
    pub metrics: Metrics,
    /// What is said of the rows that have a target.
    pub predictions: Predictions,
    /// Rows of the table that have none.
    pub without_target: usize,
    /// Models that predict together.
    pub models: usize,
}

impl Evaluation {
    /// The number of rows, the metrics, and the [confusion matrix](Self::confusion) where there is one.
    ///
    /// ```
    /// use nablab_tables::{Ensemble, Options, Settings};
    /// let rows: String = (0..40).map(|i| format!("{i},{}\n", ["no", "yes"][i / 20])).collect();
    /// let table = nablab_data::table::csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?;
    /// let settings = Settings::from_toml("epochs = 1\n[data]\ntarget = [\"y\"]", "recipe.toml")?;
    /// let model = Ensemble::from(settings.fit(&table, Options::default(), &())?.model);
    /// let text = model.evaluate(&table)?.text();
    /// assert!(text.starts_with("40 rows\n\naccuracy           "), "{text}");
    /// assert!(text.contains("\ntrue \\ predicted\n           no    yes\n    no"), "{text}");
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn text(&self) -> String {
        let rows = self.predictions.rows().count();
        let mut text = match self.without_target {
            0 => format!("{rows} rows\n\n"),
            without => format!("{rows} rows; {without} without a target are left out\n\n"),
        };
        for (name, value) in metrics(&self.metrics, Lang::En) {
            text += &format!("{name:<18} {:>10}\n", number(value));
        }
        text + &self.confusion().unwrap_or_default()
    }

    /// The confusion matrix of a classification, in lines; none of more than 20 classes.
    pub fn confusion(&self) -> Option<String> {
        let (Metrics::Classification(metrics), Target::Classes { levels, .. }) =
            (&self.metrics, &self.predictions.target)
        else {
            return None;
        };
        if levels.len() > MOST_CLASSES {
            return None;
        }
        let levels: Vec<String> = levels.iter().map(|level| readable(level)).collect();
        let longest = levels.iter().map(|level| level.chars().count()).max().unwrap_or(0).max(6);
        let cell = |text: &str| format!(" {text:>longest$}");
        let mut text = format!("\ntrue \\ predicted\n{}", " ".repeat(longest));
        levels.iter().for_each(|level| text += &cell(level));
        for (level, row) in levels.iter().zip(&metrics.confusion) {
            text += &format!("\n{level:>longest$}");
            row.iter().for_each(|&count| text += &cell(&count.to_string()));
        }
        Some(text + "\n")
    }

    /// All of it but the predictions.
    pub fn json(&self) -> String {
        let (rows, seen) = (self.predictions.rows().count(), &self.predictions.seen);
        let mut value = json!({ "schema": "nablab.evaluation/1", "rows": rows, "metrics": self.metrics });
        if self.models > 1 {
            value["models"] = json!(self.models);
        }
        if !seen.is_empty() {
            value["seen"] = json!(seen);
        }
        format!("{value:#}\n")
    }
}

impl Ensemble {
    /// What is to be known of predictions by several models, a sentence each: that they are averaged, and what they are compared
    /// with where each model has a threshold of its own. `name` is what the models are called.
    pub fn notes(&self, name: &str) -> Vec<String> {
        let count = self.models().len();
        let averaged = || format!("the predictions of the {count} models of {name} are averaged");
        let of_thresholds = || {
            let each: Vec<_> = self.models().map(|model| nablab_report::number(model.threshold, 3)).collect();
            format!(
                "the models have thresholds of their own ({}): the averaged probability is compared with their mean, {}",
                each.join(", "),
                nablab_report::number(self.threshold(), 3)
            )
        };
        let averaged = (count > 1).then(averaged);
        averaged.into_iter().chain(self.has_own_thresholds().then(of_thresholds)).collect()
    }
}
