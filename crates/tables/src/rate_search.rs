//! A learning rate that holds up: what a range test suggests, tried in whole trainings beside the default.
//!
//! A range test sees 200 steps. On a small or easy table the cost is lowest at rates at which a whole training throws its
//! weights about, so that what it suggests is a first guess.

use std::num::NonZeroUsize;

use nablab_diagnosis::diagnose;
use nablab_engine::{Float, in_precision};
use serde::Serialize;

use crate::prepared::{Prepared, recipe_for};
use crate::range_test::{RangeTest, two_digits};
use crate::training::Training;
use crate::{Error, Settings, Tables, Watch};

/// A learning rate, and how it was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FoundRate {
    /// The one to train with.
    pub rate: f64,
    /// Where the search began.
    pub test: RangeTest,
    /// What was trained with, in this order.
    pub tried: Vec<TriedRate>,
}

/// A rate that was trained with.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct TriedRate {
    /// The learning rate.
    pub rate: f64,
    /// The diagnosis finds it neither too high nor too low.
    pub is_sound: bool,
    /// On the rows held out.
    pub loss: f64,
}

/// Rows learned from in a trial, at most: some seconds with the default network. Of larger tables, fewer epochs.
const MOST_ROWS: u64 = 2_000_000;
/// Held out for the comparison where the settings hold out none.
const SHARE: f64 = 0.2;
/// How much lower the next rate is.
const LOWER: f64 = 3.0;
/// A rate below is no cure for what is found.
const LEAST: f64 = 1e-6;
/// What speaks against a rate.
const TOO_HIGH: [&str; 2] = ["learning-rate-too-high", "diverged"];
const TOO_LOW: &str = "learning-rate-too-low";

/// Says only whether to stop.
struct Stops<'s>(&'s (dyn Fn() -> bool + Sync));

impl<E> Watch<E> for Stops<'_> {
    fn stop(&self) -> bool {
        (self.0)()
    }
}

/// A training by one rate.
struct Trial {
    rate: f64,
    is_too_high: bool,
    is_too_low: bool,
    /// Of each row held out, as much as it counts.
    losses: Vec<f64>,
}

impl Trial {
    fn is_sound(&self) -> bool {
        !self.is_too_high && !self.is_too_low
    }

    fn tried(&self) -> TriedRate {
        let loss = self.losses.iter().sum::<f64>() / self.losses.len() as f64;
        TriedRate { rate: self.rate, is_sound: self.is_sound(), loss }
    }

    /// The other has the lower loss by more than a standard error, row by row.
    fn is_beaten_by(&self, other: &Self) -> bool {
        let gains: Vec<f64> = self.losses.iter().zip(&other.losses).map(|(a, b)| a - b).collect();
        let n = gains.len() as f64;
        let mean = gains.iter().sum::<f64>() / n;
        let variance = gains.iter().map(|gain| (gain - mean).powi(2)).sum::<f64>() / n;
        mean > (variance / n).sqrt()
    }
}

impl Settings {
    /// Find a learning rate for these settings and this table: begin with what [a range test](Self::range_test) suggests,
    /// train, and go lower for as long as the diagnosis finds it too high; take it if it is better on the rows held out than
    /// the default, by more than a standard error, or the default is unsound.
    ///
    /// ```
    /// use std::sync::Mutex;
    /// use nablab_tables::{Settings, Tables, TriedRate, Watch};
    /// /// The rates, as they are tried.
    /// struct Rates(Mutex<Vec<f64>>);
    /// impl Watch<TriedRate> for Rates {
    ///     fn saw(&self, tried: &TriedRate) {
    ///         self.0.lock().unwrap().push(tried.rate);
    ///     }
    /// }
    /// let rows: String = (0..60).map(|i| format!("{i},{}\n", 2 * i)).collect();
    /// let tables = Tables::from(nablab_data::table::csv::read(format!("x,y\n{rows}").as_bytes(), "t.csv")?);
    /// let settings = Settings::from_toml("epochs = 5\nhidden = []\n[data]\ntarget = [\"y\"]", "recipe")?;
    /// let rates = Rates(Mutex::new(Vec::new()));
    /// let found = settings.find_rate(&tables, &rates)?;
    /// assert!(found.tried.iter().map(|tried| tried.rate).eq(rates.0.into_inner().unwrap()));
    /// # Ok::<(), nablab_tables::Error>(())
    /// ```
    ///
    /// # Errors
    /// Whatever does not fit the table; [`Error::Stopped`].
    pub fn find_rate(&self, tables: &Tables<'_>, watch: &dyn Watch<TriedRate>) -> Result<FoundRate, Error> {
        in_precision!(self.training.precision, F => self.find_in::<F>(tables, watch))
    }

    fn find_in<F: Float>(
        &self,
        tables: &Tables<'_>,
        watch: &dyn Watch<TriedRate>,
    ) -> Result<FoundRate, Error> {
        let stop = || watch.stop();
        let mut prepared = Prepared::<F>::new(self, tables, NonZeroUsize::MIN)?;
        let test = self.test_on(&prepared, &Stops(&stop))?;
        // Where the settings hold out none, a second training is judged.
        let mut other = match self.validation.is_wanted() {
            true => None,
            false => {
                let mut settings = self.clone();
                settings.validation.share = SHARE;
                let prepared = Prepared::<F>::new(&settings, tables, NonZeroUsize::MIN)?;
                Some((settings, prepared))
            }
        };
        let mut try_out = |rate: f64| {
            let mut trial = self.trial(rate, &mut prepared, &stop)?;
            if let Some((settings, prepared)) = &mut other {
                trial.losses = settings.trial(rate, prepared, &stop)?.losses;
            }
            watch.saw(&trial.tried());
            Ok::<_, Error>(trial)
        };
        let mut trials = vec![try_out(test.suggestion)?];
        let mut rate = test.suggestion;
        while trials.last().is_some_and(|trial| trial.is_too_high) && rate > LEAST {
            rate = two_digits(rate / LOWER);
            trials.push(try_out(rate)?);
        }
        let usual = Self::default().training.learning_rate;
        let found = trials.len() - 1;
        let default = match trials.iter().position(|trial| trial.rate == usual) {
            Some(at) => at,
            None => {
                trials.push(try_out(usual)?);
                trials.len() - 1
            }
        };
        let (a, b) = (&trials[default], &trials[found]);
        let takes_found = match (a.is_sound(), b.is_sound()) {
            (true, false) => false,
            // A rate that is too low may be the better one all the same, where the targets are noise for the most part.
            (false, true) => a.is_too_high || !b.is_beaten_by(a),
            _ => a.is_beaten_by(b),
        };
        let rate = if takes_found { b.rate } else { a.rate };
        Ok(FoundRate { rate, test, tried: trials.iter().map(Trial::tried).collect() })
    }

    /// Train with this rate on what was made ready for these settings, and have it diagnosed.
    fn trial<F: Float>(
        &self,
        rate: f64,
        prepared: &mut Prepared<F>,
        stop: &(dyn Fn() -> bool + Sync),
    ) -> Result<Trial, Error> {
        let mut settings = self.clone();
        settings.training.learning_rate = rate;
        let most = (MOST_ROWS / prepared.train.m as u64).max(1);
        settings.training.epochs = settings.training.epochs.min(most);
        prepared.recipe = recipe_for(&settings, &prepared.found.target)?;
        let mut training = Training::new(&settings, prepared, NonZeroUsize::MIN)?;
        let ended = training.finish(stop)?;
        let found = diagnose(&training.evidence(Some(&ended)));
        let is_found = |code: &str| found.iter().any(|finding| finding.code() == code);
        let part = prepared.validation.as_ref().unwrap_or(&prepared.train);
        let mut losses = training.network().losses(training.params(), part.x(), part.y());
        losses.iter_mut().zip(&part.loss_weights).for_each(|(loss, w)| *loss *= w);
        Ok(Trial {
            rate,
            is_too_high: TOO_HIGH.iter().any(|code| is_found(code)),
            is_too_low: is_found(TOO_LOW),
            losses,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trial(losses: &[f64]) -> Trial {
        Trial { rate: 0.1, is_too_high: false, is_too_low: false, losses: losses.to_vec() }
    }

    #[test]
    fn chance_beats_nobody() {
        let default = trial(&[1.0, 2.0, 3.0, 4.0]);
        assert!(default.is_beaten_by(&trial(&[0.9, 1.8, 2.9, 3.8])));
        assert!(!default.is_beaten_by(&trial(&[0.0, 3.0, 2.0, 4.9])));
        assert!(!default.is_beaten_by(&default));
        assert!(!default.is_beaten_by(&trial(&[f64::NAN; 4])));
    }
}
