//! What came of a training, as lines of text: for a terminal, or whatever shows plain text.

use nablab_report::Lang;

use crate::CrossValidation;
use crate::run::Summary;

/// A number for a column of a table; a dash where there is none.
pub(crate) fn number(value: Option<f64>) -> String {
    match value.filter(|v| !v.is_nan()) {
        None => "–".into(),
        Some(v) if v.abs() >= 1e9 => format!("{v:.3e}"),
        Some(v) if v.abs() >= 1000.0 => format!("{v:.0}"),
        Some(v) if v.abs() >= 10.0 => format!("{v:.2}"),
        Some(v) => format!("{v:.4}"),
    }
}

impl Summary {
    /// Its [metrics](Self::metrics), a line each: on the rows learned from, and on those held out where there are any.
    ///
    /// ```
    /// use nablab_tables::{Options, Settings};
    /// let table = nablab_data::table::read(b"x,y\n1,2\n2,4\n3,6\n4,8\n", "line.csv")?;
    /// let recipe = "epochs = 1\nhidden = []\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.0";
    /// let summary = Settings::from_toml(recipe, "recipe")?.fit(&table, Options::default(), &())?.record.summary;
    /// let text = summary.metrics_text();
    /// assert_eq!(text.lines().next(), Some("                        train"));
    /// assert!(text.lines().nth(1).unwrap().starts_with("R²  "));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn metrics_text(&self) -> String {
        let is_judged = self.validation.is_some();
        let row = |name: &str, train: String, validation: String| match is_judged {
            true => format!("{name:<18} {train:>10} {validation:>10}\n"),
            false => format!("{name:<18} {train:>10}\n"),
        };
        let head = row("", "train".into(), "validation".into());
        let metrics = self.metrics(Lang::En);
        let rows = metrics.iter().map(|of| row(of.name, number(of.train), number(of.validation)));
        [head].into_iter().chain(rows).collect()
    }
}

impl CrossValidation {
    /// Its [metrics](Self::metrics), a line each: of all rows at once, and their mean and standard deviation over the folds.
    ///
    /// ```
    /// use nablab_data::prepare::Task;
    /// use nablab_tables::CrossValidation;
    /// use nablab_tables::metrics::{Metrics, regression};
    /// let found = CrossValidation {
    ///     schema: "nablab.cross-validation/1".into(),
    ///     task: Task::Regression,
    ///     out_of_fold: Metrics::Regression(regression(&[1.0, 3.0], &[1.0, 2.0], 1, None)?),
    ///     folds: Vec::new(),
    /// };
    /// assert_eq!(found.metrics_text().lines().nth(3), Some("MAE                      0.5000          –          –"));
    /// # Ok::<(), nablab_tables::metrics::MetricsError>(())
    /// ```
    pub fn metrics_text(&self) -> String {
        let mut text = format!("{:<18} {:>12} {:>10} {:>10}\n", "", "out of fold", "mean", "± sd");
        for of in self.metrics(Lang::En) {
            let (all, mean, deviation) = (number(of.out_of_fold), number(of.mean), number(of.deviation));
            text += &format!("{:<18} {all:>12} {mean:>10} {deviation:>10}\n", of.name);
        }
        text
    }
}
