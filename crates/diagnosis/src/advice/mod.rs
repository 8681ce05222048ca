//! What may help: a setting that is to be another one.

mod flags;

pub use flags::{item, quoted};
use nablab_engine::{Activation, Clip, Hidden, Init, Optimizer, Schedule, Settings};

use crate::checks::FEWEST_EPOCHS;
use crate::{Column, Evidence, Finding, Misfit, Thresholds};

/// A change of a training's settings that may help. A door shows it in its own words: [`Advice::flags`] are the command's.
#[derive(Clone, Debug, PartialEq)]
pub enum Advice {
    /// He's initial weights.
    He,
    /// Xavier's initial weights.
    Xavier,
    /// Relu in the hidden layers, and He's initial weights, which fit it.
    Relu,
    /// Leaky relu of this slope in the hidden layers.
    LeakyRelu(f64),
    /// Hidden units normalised over each batch.
    BatchNorm,
    /// The learning rate that a range test finds.
    FindLearningRate,
    /// This learning rate.
    LearningRate(f64),
    /// Adam, with this learning rate.
    Adam(f64),
    /// A learning rate that falls as a cosine.
    Cosine,
    /// A gradient of at most this norm.
    ClipNorm(f64),
    /// This L2 penalty.
    L2(f64),
    /// This L1 penalty.
    L1(f64),
    /// This weight decay, of AdamW.
    WeightDecay(f64),
    /// This share of the hidden units silenced.
    Dropout(f64),
    /// Hidden layers of so many units; none makes a linear model.
    Layers(Vec<usize>),
    /// Stop after so many epochs without a lower validation loss.
    EarlyStopping(u64),
    /// So many epochs.
    Epochs(u64),
    /// So many rows a step.
    BatchSize(usize),
    /// Every class counts the same.
    BalancedClasses,
    /// The rare class is predicted from the probability on that makes the balanced accuracy high.
    BalancedThreshold,
    /// Numbers scaled to mean 0 and variance 1.
    Scaled,
    /// These columns are not learned from.
    Ignore(Vec<String>),
    /// These columns have these types: the column, and number, category or date.
    Types(Vec<(String, String)>),
    /// This share of each class's target goes to all classes alike.
    LabelSmoothing(f64),
    /// The target is one of two classes.
    Binary,
    /// The target is a number.
    Regression,
    /// A cross-validation in so many folds.
    Folds(usize),
}

pub(crate) fn advice(finding: &Finding, evidence: &Evidence) -> Vec<Advice> {
    let known = Known::of(evidence);
    let all: Vec<Option<Advice>> = match finding {
        Finding::SymmetricUnits { .. }
        | Finding::InitialLoss { .. }
        | Finding::SaturatedOutput { .. }
        | Finding::LargeWeights { .. } => vec![known.init()],
        Finding::VanishingGradients { .. } | Finding::ExplodingGradients { .. } => {
            vec![known.relu().or_else(|| known.init()), known.batch_norm()]
        }
        Finding::WrongGradient { .. } | Finding::SharedRows { .. } | Finding::NoBetterThanShuffled { .. } => {
            Vec::new()
        }
        Finding::DeadUnits { .. } => vec![known.leaky_relu(), known.init()],
        Finding::SaturatedUnits { .. } => vec![known.init(), known.batch_norm()],
        Finding::Diverged { .. } => vec![known.find_rate(), known.clip(), known.scale()],
        // How much too high, only a range test says: a tenth of 10 is still 1.
        Finding::LearningRateTooHigh { .. } => {
            vec![known.find_rate(), known.cosine().filter(|_| known.has_come_down())]
        }
        Finding::LearningRateTooLow { could_be, .. } => vec![known.rate(*could_be), known.adam()],
        Finding::EdgeOfStability { edge, .. } => vec![known.rate(edge / 2.0), known.cosine()],
        Finding::StoppedTooEarly { epochs, .. } => vec![Some(Advice::Epochs(2 * epochs))],
        // Of a loss that has never fallen, fewer epochs are no remedy.
        Finding::Plateau { since, .. } => {
            let sooner = (*since as usize >= FEWEST_EPOCHS).then_some(Advice::Epochs(*since));
            vec![known.cosine(), sooner]
        }
        Finding::Overfitting { .. } => vec![known.more_l2(), known.more_dropout()],
        Finding::NoSkill { .. } => vec![known.more_l2(), known.linear()],
        Finding::RisingValidationLoss { patience, .. } => vec![known.early_stopping(*patience)],
        Finding::Underfitting { .. } => vec![known.find_rate(), known.wider()],
        Finding::PenaltyTooStrong { l2, l1, weight_decay, .. } => {
            let of = |make: fn(f64) -> Advice, strength: &f64| (make(digits(strength / 100.0)), *strength);
            let each = [of(Advice::L2, l2), of(Advice::L1, l1), of(Advice::WeightDecay, weight_decay)];
            let strongest = each.into_iter().max_by(|a, b| a.1.total_cmp(&b.1)).map(|(advice, _)| advice);
            // Weight decay belongs to AdamW.
            let decays = matches!(known.settings.optimizer, Optimizer::AdamW { .. });
            vec![strongest.filter(|advice| !matches!(advice, Advice::WeightDecay(_)) || decays)]
        }
        // A hundredth of a weight a step is a strong penalty, and a steady one.
        Finding::PenaltyOvershoots { strength, step, .. } => {
            let strength = digits(0.01 * strength / step);
            vec![Some(match known.settings.optimizer {
                Optimizer::AdamW { .. } => Advice::WeightDecay(strength),
                _ => Advice::L2(strength),
            })]
        }
        Finding::DropoutTooStrong { .. } => vec![known.less_dropout()],
        Finding::PenaltyWithoutEffect { l2, l1, .. } => {
            vec![Some(if l2 > l1 { Advice::L2(digits(100.0 * l2)) } else { Advice::L1(digits(100.0 * l1)) })]
        }
        // More of it, in so few units, would do harm: a layer of 16 loses much with 0.3.
        Finding::DropoutWithoutEffect { .. } => vec![known.no_dropout()],
        Finding::UntaughtClass { .. } => Vec::new(),
        Finding::ClassCollapse { .. } => vec![known.balance()],
        Finding::ClassImbalance { .. } => vec![known.balance(), known.threshold()],
        Finding::UnscaledInputs { .. } => vec![known.scale()],
        Finding::ConstantInput { is_left_out: true, .. } => Vec::new(),
        Finding::ConstantInput { columns, .. } => vec![known.ignore(columns)],
        Finding::IdAsFeature { lookalike } => vec![known.ignore_among_others(&lookalike.column)],
        Finding::DateAsNumber { lookalike } => vec![known.date(&lookalike.column)],
        Finding::LeakingFeature { column, .. } => vec![known.ignore(std::slice::from_ref(column))],
        Finding::SuspectLabels { .. } => vec![known.smooth_labels()],
        Finding::UnfittingLoss { misfit, .. } => match misfit {
            Misfit::TwoValues { .. } => vec![Some(Advice::Binary)],
            Misfit::Beyond { .. } | Misfit::ManyClasses { .. } => vec![Some(Advice::Regression)],
        },
        Finding::BatchTooSmall { batch, .. } => {
            vec![Some(Advice::BatchSize((4 * batch).min(evidence.rows)))]
        }
        Finding::ValidationTooSmall { .. } => vec![known.folds()],
    };
    all.into_iter().flatten().collect()
}

/// What is known of the training that is to be changed. Each flag comes only where it would change something, and where the
/// update rule has a use for it.
struct Known<'a> {
    evidence: &'a Evidence,
    settings: Settings,
}

impl<'a> Known<'a> {
    fn of(evidence: &'a Evidence) -> Self {
        Self { evidence, settings: evidence.settings.clone().unwrap_or_default() }
    }

    /// L-BFGS searches its own steps, on full batches, of a cost that does not change.
    fn takes_steps(&self) -> bool {
        !matches!(self.settings.optimizer, Optimizer::LBfgs { .. })
    }

    fn has(&self, all: impl Fn(&Hidden) -> bool) -> bool {
        self.settings.hidden.iter().all(all)
    }

    /// He's weights for relu, Xavier's for units with two ends.
    fn init(&self) -> Option<Advice> {
        let is_bounded = |l: &Hidden| matches!(l.activation, Activation::Tanh | Activation::Sigmoid);
        let of_bounded = !self.settings.hidden.is_empty() && self.has(is_bounded);
        let (advice, is_used) = match of_bounded {
            true => (Advice::Xavier, matches!(self.settings.init, Init::Xavier | Init::XavierUniform)),
            false => (Advice::He, matches!(self.settings.init, Init::He | Init::HeUniform)),
        };
        (!is_used).then_some(advice)
    }

    fn relu(&self) -> Option<Advice> {
        let is_relu = self.has(|l| matches!(l.activation, Activation::Relu | Activation::LeakyRelu { .. }));
        (!is_relu).then_some(Advice::Relu)
    }

    fn leaky_relu(&self) -> Option<Advice> {
        let is_used = self.has(|l| matches!(l.activation, Activation::LeakyRelu { .. }));
        (!is_used).then_some(Advice::LeakyRelu(0.01))
    }

    fn batch_norm(&self) -> Option<Advice> {
        (self.takes_steps() && !self.has(|l| l.batch_norm)).then_some(Advice::BatchNorm)
    }

    fn find_rate(&self) -> Option<Advice> {
        self.takes_steps().then_some(Advice::FindLearningRate)
    }

    fn rate(&self, rate: f64) -> Option<Advice> {
        let rate = digits(rate);
        let is_one = rate.is_finite() && rate > 0.0 && rate != self.settings.learning_rate;
        (self.takes_steps() && is_one).then_some(Advice::LearningRate(rate))
    }

    fn adam(&self) -> Option<Advice> {
        let is_used = matches!(self.settings.optimizer, Optimizer::Adam { .. } | Optimizer::AdamW { .. });
        (!is_used).then_some(Advice::Adam(0.001))
    }

    fn cosine(&self) -> Option<Advice> {
        let is_constant = self.settings.schedule == Schedule::Constant;
        (self.takes_steps() && is_constant).then_some(Advice::Cosine)
    }

    /// The loss is well below that of a constant answer. Where it is not, smaller steps at the end only settle on that answer.
    fn has_come_down(&self) -> bool {
        let losses = self.evidence.train.map(|fit| fit.loss).zip(self.evidence.constant);
        losses.is_none_or(|(loss, constant)| loss < Thresholds::default().too_strong_loss * constant)
    }

    fn clip(&self) -> Option<Advice> {
        let is_unclipped = self.settings.clip == Clip::None;
        (self.takes_steps() && is_unclipped).then_some(Advice::ClipNorm(1.0))
    }

    /// Ten times as much as there is, and 1 at least; but no more than a step of so many examples bears.
    fn more_l2(&self) -> Option<Advice> {
        const BEARABLE: f64 = 0.03;
        let now = self.settings.penalty.l2;
        let most = BEARABLE * self.evidence.penalty_examples();
        let more = digits((10.0 * now).max(1.0).min(most));
        (more > now).then_some(Advice::L2(more))
    }

    fn more_dropout(&self) -> Option<Advice> {
        let is_of_use = self.takes_steps() && !self.settings.hidden.is_empty();
        let more = [0.3, 0.5].into_iter().find(|&rate| !self.has(|l| l.dropout >= rate));
        more.filter(|_| is_of_use).map(Advice::Dropout)
    }

    fn less_dropout(&self) -> Option<Advice> {
        (!self.has(|l| l.dropout <= 0.2)).then_some(Advice::Dropout(0.2))
    }

    fn no_dropout(&self) -> Option<Advice> {
        (!self.has(|l| l.dropout == 0.0)).then_some(Advice::Dropout(0.0))
    }

    fn linear(&self) -> Option<Advice> {
        (!self.settings.hidden.is_empty()).then(|| Advice::Layers(Vec::new()))
    }

    /// The default's layers, where those in use have fewer units.
    fn wider(&self) -> Option<Advice> {
        let units: usize = self.settings.hidden.iter().map(|l| l.units).sum();
        (units < 128 + 64).then(|| Advice::Layers(vec![128, 64]))
    }

    fn early_stopping(&self, patience: Option<u64>) -> Option<Advice> {
        let now = self.evidence.handling.patience;
        let sooner = patience.filter(|&patience| now == 0 || patience < now);
        sooner.map(Advice::EarlyStopping)
    }

    fn balance(&self) -> Option<Advice> {
        (!self.evidence.handling.is_balanced).then_some(Advice::BalancedClasses)
    }

    /// Of two classes, the rare one is predicted from a lower probability on; which, rows held out tell.
    fn threshold(&self) -> Option<Advice> {
        let (evidence, handling) = (self.evidence, &self.evidence.handling);
        let are_two = evidence.classes.len() == 2 && evidence.classes.iter().all(|class| class.rows > 0.0);
        let is_of_use = are_two && evidence.validation.is_some() && !handling.has_threshold;
        (is_of_use && !handling.is_balanced).then_some(Advice::BalancedThreshold)
    }

    fn scale(&self) -> Option<Advice> {
        (!self.evidence.handling.is_scaled).then_some(Advice::Scaled)
    }

    /// The columns that features were made of, beside those that are left away already.
    fn ignore(&self, features: &[String]) -> Option<Advice> {
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
    fn ignore_among_others(&self, column: &String) -> Option<Advice> {
        let has_others = self.evidence.columns.iter().any(|other| other.source != *column);
        self.ignore(std::slice::from_ref(column)).filter(|_| has_others)
    }

    /// Beside the types that were given already.
    fn date(&self, column: &str) -> Option<Advice> {
        let given = self.evidence.handling.types.iter().filter_map(|of| of.rsplit_once('='));
        let others = given.filter(|(other, _)| *other != column);
        let all: Vec<(String, String)> =
            others.chain([(column, "date")]).map(|(name, of)| (name.to_owned(), of.to_owned())).collect();
        let can_be_typed = |(name, _): &(String, String)| !name.chars().any(char::is_control);
        all.iter().all(can_be_typed).then_some(Advice::Types(all))
    }

    fn smooth_labels(&self) -> Option<Advice> {
        (self.evidence.handling.label_smoothing < 0.1).then_some(Advice::LabelSmoothing(0.1))
    }

    fn folds(&self) -> Option<Advice> {
        (!self.evidence.handling.has_own_validation).then_some(Advice::Folds(5))
    }
}

fn digits(v: f64) -> f64 {
    format!("{v:.1e}").parse().unwrap_or(v)
}
