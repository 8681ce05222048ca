//! Whether the parts of the evidence fit together. What was read from a file, or handed over by another program, may be anything.

use crate::{Evidence, Fit, Reading};

/// A part of the evidence that cannot be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inconsistency {
    /// Which.
    pub place: String,
    /// What it has to be.
    pub expected: String,
    /// What it is.
    pub got: String,
}

fn must(
    holds: bool,
    place: &str,
    expected: impl Into<String>,
    got: impl ToString,
) -> Result<(), Inconsistency> {
    match holds {
        true => Ok(()),
        false => Err(Inconsistency { place: place.into(), expected: expected.into(), got: got.to_string() }),
    }
}

/// It may be no number, where that could not be computed; but it is never below 0.
fn is_size(v: f64) -> bool {
    v >= 0.0 || v.is_nan()
}

impl Evidence {
    /// That its parts fit together; any of them may be missing.
    ///
    /// # Errors
    /// The first part that does not.
    ///
    /// ```
    /// use nablab_diagnosis::{Evidence, Fit};
    /// let validation = Some(Fit { rows: 5, loss: 0.1, deviation: 0.1, metric: 1.0 });
    /// let evidence = Evidence { validation, shared_rows: 6, ..Evidence::default() };
    /// let found = evidence.check().unwrap_err();
    /// assert_eq!((found.place.as_str(), found.got.as_str()), ("shared_rows", "6"));
    /// ```
    pub fn check(&self) -> Result<(), Inconsistency> {
        if let Some(settings) = &self.settings {
            let checked = settings.clone().check();
            checked.map_err(|error| Inconsistency {
                place: "settings".into(),
                expected: "those of a training".into(),
                got: error.to_string(),
            })?;
        }
        for (place, loss) in [("ignorant", self.ignorant), ("constant", self.constant)] {
            loss.map_or(Ok(()), |loss| must(is_size(loss), place, "a loss of at least 0", loss))?;
        }
        for (at, reading) in self.signals.iter().enumerate() {
            self.check_reading(&format!("signals, reading {}", at + 1), reading)?;
        }
        let epochs = self.signals.windows(2).all(|pair| pair[0].epoch < pair[1].epoch);
        must(epochs, "signals", "readings in the order of their epochs", "another order")?;
        self.train.map_or(Ok(()), |fit| check_fit("train", fit))?;
        self.validation.map_or(Ok(()), |fit| check_fit("validation", fit))?;
        let held_out = self.validation.map_or(0, |fit| fit.rows);
        must(self.shared_rows <= held_out, "shared_rows", format!("at most {held_out}"), self.shared_rows)?;
        let listed = self.suspects.len();
        must(listed <= self.suspect_rows, "suspect_rows", format!("at least {listed}"), self.suspect_rows)?;
        must(self.count() > 0.0, "count", "above 0", self.count())?;
        for class in self.classes.iter().chain(&self.learned_classes) {
            let place = format!("class {:?}", class.name);
            let counts = [class.rows, class.predicted, class.right];
            must(counts.iter().all(|&n| n >= 0.0), &place, "counts of rows", format!("{counts:?}"))?;
            let most = class.rows.min(class.predicted);
            must(class.right <= most, &place, format!("at most {most} right answers"), class.right)?;
        }
        for column in &self.columns {
            let place = format!("column {:?}", column.name);
            must(column.alone <= 1.0 || column.alone.is_nan(), &place, "at most 1, alone", column.alone)?;
            must(is_size(column.deviation), &place, "a deviation of at least 0", column.deviation)?;
        }
        Ok(())
    }

    fn check_reading(&self, place: &str, reading: &Reading) -> Result<(), Inconsistency> {
        let layers = reading.signals.layers.len();
        let expected = match (&self.settings, self.signals.first()) {
            (Some(settings), _) => settings.hidden.len() + 1,
            (None, first) => first.map_or(layers, |first| first.signals.layers.len()),
        };
        must(layers == expected, place, format!("{expected} layers"), layers)?;
        must(reading.examples > 0, place, "examples", 0)?;
        for (l, layer) in reading.signals.layers.iter().enumerate() {
            let place = format!("{place}, layer {}", l + 1);
            let most = layer.dead.max(layer.always_on).max(layer.saturated).max(layer.symmetric);
            must(most <= layer.units, &place, format!("counts up to its {} units", layer.units), most)?;
            let sizes =
                [layer.deviation, layer.largest, layer.weights, layer.gain, layer.gradient, layer.error];
            must(sizes.iter().all(|&v| is_size(v)), &place, "sizes of at least 0", format!("{sizes:?}"))?;
        }
        Ok(())
    }
}

fn check_fit(place: &str, fit: Fit) -> Result<(), Inconsistency> {
    must(fit.rows > 0, place, "rows", fit.rows)?;
    must(is_size(fit.loss), place, "a loss of at least 0", fit.loss)?;
    must(is_size(fit.deviation), place, "a deviation of at least 0", fit.deviation)?;
    let is_metric = fit.metric <= 1.0 || fit.metric.is_nan();
    must(is_metric, place, "a metric of at most 1", fit.metric)
}
