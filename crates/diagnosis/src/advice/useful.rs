//! Which changes would change something in a training.

use nablab_engine::{Activation, Clip, Hidden, Init, Optimizer, Schedule, Settings};

use super::Advice;
use crate::{Column, Evidence, Thresholds};

/// Advice for a training of which this is known. Each change comes only where it would change something, and where the update
/// rule has a use for it.
pub(crate) struct UsefulAdvice<'a> {
    pub(crate) evidence: &'a Evidence,
    /// Its own; the defaults where those are not known.
    pub(crate) settings: Settings,
}

impl<'a> UsefulAdvice<'a> {
    pub(crate) fn of(evidence: &'a Evidence) -> Self {
        Self { evidence, settings: evidence.settings.clone().unwrap_or_default() }
    }

    /// L-BFGS searches its own steps, on full batches, of a cost that does not change.
    pub(crate) fn takes_steps(&self) -> bool {
        !matches!(self.settings.optimizer, Optimizer::LBfgs { .. })
    }

    pub(crate) fn has(&self, all: impl Fn(&Hidden) -> bool) -> bool {
        self.settings.hidden.iter().all(all)
    }

    /// He's weights for relu, Xavier's for units with two ends.
    pub(crate) fn init(&self) -> Option<Advice> {
        let is_bounded = |l: &Hidden| matches!(l.activation, Activation::Tanh | Activation::Sigmoid);
        let of_bounded = !self.settings.hidden.is_empty() && self.has(is_bounded);
        let (advice, is_used) = match of_bounded {
            true => (Advice::Xavier, matches!(self.settings.init, Init::Xavier | Init::XavierUniform)),
            false => (Advice::He, matches!(self.settings.init, Init::He | Init::HeUniform)),
        };
        (!is_used).then_some(advice)
    }

    pub(crate) fn relu(&self) -> Option<Advice> {
        let is_relu = self.has(|l| matches!(l.activation, Activation::Relu | Activation::LeakyRelu { .. }));
        (!is_relu).then_some(Advice::Relu)
    }

    pub(crate) fn leaky_relu(&self) -> Option<Advice> {
        let is_used = self.has(|l| matches!(l.activation, Activation::LeakyRelu { .. }));
        (!is_used).then_some(Advice::LeakyRelu(0.01))
    }

    pub(crate) fn batch_norm(&self) -> Option<Advice> {
        (self.takes_steps() && !self.has(|l| l.batch_norm)).then_some(Advice::BatchNorm)
    }

    pub(crate) fn find_rate(&self) -> Option<Advice> {
        self.takes_steps().then_some(Advice::FindLearningRate)
    }

    pub(crate) fn rate(&self, rate: f64) -> Option<Advice> {
        let rate = digits(rate);
        let is_one = rate.is_finite() && rate > 0.0 && rate != self.settings.learning_rate;
        (self.takes_steps() && is_one).then_some(Advice::LearningRate(rate))
    }

    pub(crate) fn adam(&self) -> Option<Advice> {
        let is_used = matches!(self.settings.optimizer, Optimizer::Adam { .. } | Optimizer::AdamW { .. });
        (!is_used).then_some(Advice::Adam(0.001))
    }

    pub(crate) fn cosine(&self) -> Option<Advice> {
        let is_constant = self.settings.schedule == Schedule::Constant;
        (self.takes_steps() && is_constant).then_some(Advice::Cosine)
    }

    /// The loss is well below that of a constant answer. Where it is not, smaller steps at the end only settle on that answer.
    pub(crate) fn has_come_down(&self) -> bool {
        let losses = self.evidence.train.map(|fit| fit.loss).zip(self.evidence.constant);
        losses.is_none_or(|(loss, constant)| loss < Thresholds::default().too_strong_loss * constant)
    }

    pub(crate) fn clip(&self) -> Option<Advice> {
        let is_unclipped = self.settings.clip == Clip::None;
        (self.takes_steps() && is_unclipped).then_some(Advice::ClipNorm(1.0))
    }

    /// Ten times as much as there is, and 1 at least; but no more than a step of so many examples bears.
    pub(crate) fn more_l2(&self) -> Option<Advice> {
        const BEARABLE: f64 = 0.03;
        let now = self.settings.penalty.l2;
        let most = BEARABLE * self.evidence.penalty_examples();
        let more = digits((10.0 * now).max(1.0).min(most));
        (more > now).then_some(Advice::L2(more))
    }

    pub(crate) fn more_dropout(&self) -> Option<Advice> {
        let is_of_use = self.takes_steps() && !self.settings.hidden.is_empty();
        let more = [0.3, 0.5].into_iter().find(|&rate| !self.has(|l| l.dropout >= rate));
        more.filter(|_| is_of_use).map(Advice::Dropout)
    }

    pub(crate) fn less_dropout(&self) -> Option<Advice> {
        (!self.has(|l| l.dropout <= 0.2)).then_some(Advice::Dropout(0.2))
    }

    pub(crate) fn no_dropout(&self) -> Option<Advice> {
        (!self.has(|l| l.dropout == 0.0)).then_some(Advice::Dropout(0.0))
    }

    pub(crate) fn linear(&self) -> Option<Advice> {
        (!self.settings.hidden.is_empty()).then(|| Advice::Layers(Vec::new()))
    }

    /// The default's layers, where those in use have fewer units.
    pub(crate) fn wider(&self) -> Option<Advice> {
        let units: usize = self.settings.hidden.iter().map(|l| l.units).sum();
        (units < 128 + 64).then(|| Advice::Layers(vec![128, 64]))
    }

    pub(crate) fn early_stopping(&self, patience: Option<u64>) -> Option<Advice> {
        let now = self.evidence.handling.patience;
        let sooner = patience.filter(|&patience| now == 0 || patience < now);
        sooner.map(Advice::EarlyStopping)
    }

    pub(crate) fn balance(&self) -> Option<Advice> {
        (!self.evidence.handling.is_balanced).then_some(Advice::BalancedClasses)
    }

    /// Of two classes, the rare one is predicted from a lower probability on; which, rows held out tell.
    pub(crate) fn threshold(&self) -> Option<Advice> {
        let (evidence, handling) = (self.evidence, &self.evidence.handling);
        let are_two = evidence.classes.len() == 2 && evidence.classes.iter().all(|class| class.rows > 0.0);
        let is_of_use = are_two && evidence.validation.is_some() && !handling.has_threshold;
        (is_of_use && !handling.is_balanced).then_some(Advice::BalancedThreshold)
    }

    pub(crate) fn scale(&self) -> Option<Advice> {
        (!self.evidence.handling.is_scaled).then_some(Advice::Scaled)
    }

    /// The columns that features were made of, beside those that are left away already.
    pub(crate) fn ignore(&self, features: &[String]) -> Option<Advice> {
        let columns = &self.evidence.columns;
        let of = |column: &&Column, feature: &String| column.name == *feature || column.source == *feature;
        let source = |feature: &String| Some(&columns.iter().find(|column| of(column, feature))?.source);
        let mut names: Vec<&String> = self.evidence.handling.ignored.iter().collect();
        names.extend(features.iter().filter_map(source));
        names.dedup();
        let can_be_typed = |name: &&String| !name.chars().any(char::is_control);
        let is_more = names.len() > self.evidence.handling.ignored.len();
        let names = names.iter().all(can_be_typed).then_some(names).filter(|_| is_more)?;
        Some(Advice::Ignore(names.into_iter().cloned().collect()))
    }

    /// Where there are others to learn from.
    pub(crate) fn ignore_among_others(&self, column: &String) -> Option<Advice> {
        let has_others = self.evidence.columns.iter().any(|other| other.source != *column);
        self.ignore(std::slice::from_ref(column)).filter(|_| has_others)
    }

    /// Beside the types that were given already.
    pub(crate) fn date(&self, column: &str) -> Option<Advice> {
        let given = self.evidence.handling.types.iter().filter_map(|of| of.rsplit_once('='));
        let others = given.filter(|(other, _)| *other != column);
        let all: Vec<(String, String)> =
            others.chain([(column, "date")]).map(|(name, of)| (name.to_owned(), of.to_owned())).collect();
        let can_be_typed = |(name, _): &(String, String)| !name.chars().any(char::is_control);
        all.iter().all(can_be_typed).then_some(Advice::Types(all))
    }

    pub(crate) fn smooth_labels(&self) -> Option<Advice> {
        (self.evidence.handling.label_smoothing < 0.1).then_some(Advice::LabelSmoothing(0.1))
    }

    pub(crate) fn folds(&self) -> Option<Advice> {
        (!self.evidence.handling.has_own_validation).then_some(Advice::Folds(5))
    }
}

/// A number of two digits, as someone would type it.
pub(crate) fn digits(v: f64) -> f64 {
    format!("{v:.1e}").parse().unwrap_or(v)
}
