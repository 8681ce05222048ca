//! What there is to say of a training at its end, as facts. Which flag or argument helps is for a door to say.

use std::fmt;

use nablab_report::Lang;

use super::{Status, Summary};
use crate::report::metrics;

/// What there is to say beside how a training ended.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Remark {
    /// The largest component of the gradient at the last parameters.
    Gradient(f64),
    /// The parameters of this epoch are kept, which is not the last.
    KeptEpoch(u64),
    /// The second of two classes is predicted above this probability.
    Threshold(f64),
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Gradient(largest) => write!(f, "largest component of the gradient: {largest:.1e}"),
            Self::KeptEpoch(epoch) => write!(f, "the parameters of epoch {epoch} are kept"),
            Self::Threshold(at) => write!(f, "the second class is predicted above {at:.4}"),
        }
    }
}

/// A measure of a training.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MetricRow {
    /// What people call it.
    pub name: &'static str,
    /// On the rows learned from.
    pub train: Option<f64>,
    /// On the rows held out; none where there are none, or it is not defined on them.
    pub validation: Option<f64>,
}

impl Summary {
    /// How the training ended, after how many epochs and how much time.
    pub fn ending(&self) -> String {
        let epochs = self.epochs;
        let time = format!("({:.1} s)", self.seconds);
        match self.ended {
            Status::Finished => format!("finished after {epochs} epochs {time}"),
            Status::StoppedEarly => format!("stopped early after {epochs} epochs {time}"),
            Status::Converged => {
                format!("converged after {epochs} epochs {time}: no step to a lower cost was found")
            }
            Status::SearchFailed => format!(
                "not converged after {epochs} epochs {time}: the search found no lower cost, yet the gradient is not flat"
            ),
            Status::Interrupted => format!("interrupted after {epochs} epochs {time}"),
            Status::Diverged => {
                format!("{} {time}", self.divergence.as_deref().unwrap_or("a number was none"))
            }
        }
    }

    /// What there is to say beside that.
    pub fn remarks(&self) -> Vec<Remark> {
        let kept = self.best_epoch.filter(|&best| best != self.epochs);
        let all = [
            self.gradient.map(Remark::Gradient),
            kept.map(Remark::KeptEpoch),
            self.threshold.map(Remark::Threshold),
        ];
        all.into_iter().flatten().collect()
    }

    /// How good the model is: the measures of its task, on the rows learned from and on those held out.
    ///
    /// ```
    /// use nablab_report::Lang;
    /// use nablab_tables::{Options, Settings};
    /// let table = nablab_data::table::read(b"x,y\n1,2\n2,4\n3,6\n4,8\n5,10\n6,12\n", "line.csv")?;
    /// let settings = Settings::from_toml("epochs = 3\n[data]\ntarget = [\"y\"]\n[validation]\nshare = 0.3", "recipe")?;
    /// let summary = settings.fit(&table, Options::default(), &())?.record.summary;
    /// assert!(summary.ending().starts_with("finished after 3 epochs ("));
    /// assert_eq!(summary.remarks(), []);
    /// let rows = summary.metrics(Lang::En);
    /// assert_eq!(rows.iter().map(|row| row.name).collect::<Vec<_>>(), ["R²", "RMSE", "MAE"]);
    /// assert!(rows[1].train.is_some() && rows[1].validation.is_some() && rows[1].train != rows[1].validation);
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    pub fn metrics(&self, lang: Lang) -> Vec<MetricRow> {
        let validation: Option<Vec<_>> = self.validation.as_ref().map(|judged| metrics(judged, lang));
        let row = |(i, (name, train)): (usize, (&'static str, Option<f64>))| {
            let validation = validation.as_ref().and_then(|all| all[i].1);
            MetricRow { name, train, validation }
        };
        metrics(&self.train, lang).into_iter().enumerate().map(row).collect()
    }
}
