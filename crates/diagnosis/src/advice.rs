//! What may help: flags of `nablab train`, ready to be pasted behind the command.

use nablab_engine::{Activation, Clip, Hidden, Init, Optimizer, Schedule, Settings};

use crate::checks::FEWEST_EPOCHS;
use crate::{Column, Evidence, Finding, Misfit, Thresholds};

pub(crate) fn flags(finding: &Finding, evidence: &Evidence) -> Vec<String> {
    let known = Known::of(evidence);
    let all: Vec<Option<String>> = match finding {
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
        Finding::StoppedTooEarly { epochs, .. } => vec![Some(format!("--epochs {}", 2 * epochs))],
        // Of a loss that has never fallen, fewer epochs are no remedy.
        Finding::Plateau { since, .. } => {
            let sooner = (*since as usize >= FEWEST_EPOCHS).then(|| format!("--epochs {since}"));
            vec![known.cosine(), sooner]
        }
        Finding::Overfitting { .. } => vec![known.more_l2(), known.more_dropout()],
        Finding::NoSkill { .. } => vec![known.more_l2(), known.linear()],
        Finding::RisingValidationLoss { patience, .. } => vec![known.early_stopping(*patience)],
        Finding::Underfitting { .. } => vec![known.find_rate(), known.wider()],
        Finding::PenaltyTooStrong { l2, l1, weight_decay, .. } => {
            let each = [("--l2", l2), ("--l1", l1), ("--weight-decay", weight_decay)];
            let strongest = each.into_iter().max_by(|a, b| a.1.total_cmp(b.1));
            // Weight decay belongs to AdamW.
            let decays = matches!(known.settings.optimizer, Optimizer::AdamW { .. });
            let strongest = strongest.filter(|(flag, _)| *flag != "--weight-decay" || decays);
            vec![strongest.map(|(flag, strength)| format!("{flag} {}", digits(strength / 100.0)))]
        }
        // A hundredth of a weight a step is a strong penalty, and a steady one.
        Finding::PenaltyOvershoots { strength, step, .. } => {
            let flag = match known.settings.optimizer {
                Optimizer::AdamW { .. } => "--weight-decay",
                _ => "--l2",
            };
            vec![Some(format!("{flag} {}", digits(0.01 * strength / step)))]
        }
        Finding::DropoutTooStrong { .. } => vec![known.less_dropout()],
        Finding::PenaltyWithoutEffect { l2, l1, .. } => {
            let (flag, strength) = if l2 > l1 { ("--l2", l2) } else { ("--l1", l1) };
            vec![Some(format!("{flag} {}", digits(100.0 * strength)))]
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
            Misfit::TwoValues { .. } => vec![Some("--task binary".into())],
            Misfit::Beyond { .. } | Misfit::ManyClasses { .. } => vec![Some("--task regression".into())],
        },
        Finding::BatchTooSmall { batch, .. } => {
            vec![Some(format!("--batch-size {}", (4 * batch).min(evidence.rows)))]
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
    fn init(&self) -> Option<String> {
        let is_bounded = |l: &Hidden| matches!(l.activation, Activation::Tanh | Activation::Sigmoid);
        let of_bounded = !self.settings.hidden.is_empty() && self.has(is_bounded);
        let (name, is_used) = match of_bounded {
            true => ("xavier", matches!(self.settings.init, Init::Xavier | Init::XavierUniform)),
            false => ("he", matches!(self.settings.init, Init::He | Init::HeUniform)),
        };
        (!is_used).then(|| format!("--init {name}"))
    }

    fn relu(&self) -> Option<String> {
        let is_relu = self.has(|l| matches!(l.activation, Activation::Relu | Activation::LeakyRelu { .. }));
        (!is_relu).then(|| "--activation relu --init he".into())
    }

    fn leaky_relu(&self) -> Option<String> {
        let is_used = self.has(|l| matches!(l.activation, Activation::LeakyRelu { .. }));
        (!is_used).then(|| "--activation '{ leaky-relu = { slope = 0.01 } }'".into())
    }

    fn batch_norm(&self) -> Option<String> {
        (self.takes_steps() && !self.has(|l| l.batch_norm)).then(|| "--batch-norm".into())
    }

    fn find_rate(&self) -> Option<String> {
        self.takes_steps().then(|| "--learning-rate find".into())
    }

    fn rate(&self, rate: f64) -> Option<String> {
        let rate = digits(rate);
        let is_one = rate.is_finite() && rate > 0.0 && rate != self.settings.learning_rate;
        (self.takes_steps() && is_one).then(|| format!("--learning-rate {rate}"))
    }

    fn adam(&self) -> Option<String> {
        let is_used = matches!(self.settings.optimizer, Optimizer::Adam { .. } | Optimizer::AdamW { .. });
        (!is_used).then(|| "--optimizer adam --learning-rate 0.001".into())
    }

    fn cosine(&self) -> Option<String> {
        let is_constant = self.settings.schedule == Schedule::Constant;
        (self.takes_steps() && is_constant).then(|| "--schedule cosine".into())
    }

    /// The loss is well below that of a constant answer. Where it is not, smaller steps at the end only settle on that answer.
    fn has_come_down(&self) -> bool {
        let losses = self.evidence.train.map(|fit| fit.loss).zip(self.evidence.constant);
        losses.is_none_or(|(loss, constant)| loss < Thresholds::default().held_back * constant)
    }

    fn clip(&self) -> Option<String> {
        let is_unclipped = self.settings.clip == Clip::None;
        (self.takes_steps() && is_unclipped).then(|| "--clip '{ norm = { max = 1 } }'".into())
    }

    /// Ten times as much as there is, and 1 at least; but no more than a step of so many examples bears.
    fn more_l2(&self) -> Option<String> {
        const BEARABLE: f64 = 0.03;
        let now = self.settings.penalty.l2;
        let most = BEARABLE * self.evidence.penalty_examples();
        let more = digits((10.0 * now).max(1.0).min(most));
        (more > now).then(|| format!("--l2 {more}"))
    }

    fn more_dropout(&self) -> Option<String> {
        let is_of_use = self.takes_steps() && !self.settings.hidden.is_empty();
        let more = [0.3, 0.5].into_iter().find(|&rate| !self.has(|l| l.dropout >= rate));
        more.filter(|_| is_of_use).map(|rate| format!("--dropout {rate}"))
    }

    fn less_dropout(&self) -> Option<String> {
        (!self.has(|l| l.dropout <= 0.2)).then(|| "--dropout 0.2".into())
    }

    fn no_dropout(&self) -> Option<String> {
        (!self.has(|l| l.dropout == 0.0)).then(|| "--dropout 0".into())
    }

    fn linear(&self) -> Option<String> {
        (!self.settings.hidden.is_empty()).then(|| "--layers none".into())
    }

    /// The default's layers, where those in use have fewer units.
    fn wider(&self) -> Option<String> {
        let units: usize = self.settings.hidden.iter().map(|l| l.units).sum();
        (units < 128 + 64).then(|| "--layers 128,64".into())
    }

    fn early_stopping(&self, patience: Option<u64>) -> Option<String> {
        let now = self.evidence.handling.patience;
        let sooner = patience.filter(|&patience| now == 0 || patience < now);
        sooner.map(|patience| format!("--early-stopping {patience}"))
    }

    fn balance(&self) -> Option<String> {
        (!self.evidence.handling.is_balanced).then(|| "--class-weight balanced".into())
    }

    /// Of two classes, the rare one is predicted from a lower probability on; which, rows held out tell.
    fn threshold(&self) -> Option<String> {
        let (evidence, handling) = (self.evidence, &self.evidence.handling);
        let are_two = evidence.classes.len() == 2 && evidence.classes.iter().all(|class| class.rows > 0.0);
        let is_of_use = are_two && evidence.validation.is_some() && !handling.has_threshold;
        (is_of_use && !handling.is_balanced).then(|| "--threshold balanced-accuracy".into())
    }

    fn scale(&self) -> Option<String> {
        (!self.evidence.handling.is_scaled).then(|| "--scaling standard".into())
    }

    /// The columns that features were made of, beside those that are left away already.
    fn ignore(&self, features: &[String]) -> Option<String> {
        let columns = &self.evidence.columns;
        let of = |column: &&Column, feature: &String| column.name == *feature || column.source == *feature;
        let source = |feature: &String| Some(&columns.iter().find(|column| of(column, feature))?.source);
        let mut names: Vec<&String> = self.evidence.handling.ignored.iter().collect();
        names.extend(features.iter().filter_map(source));
        names.dedup();
        let can_be_typed = |name: &&String| !name.chars().any(char::is_control);
        let is_more = names.len() > self.evidence.handling.ignored.len();
        let names = names.iter().all(can_be_typed).then_some(names).filter(|_| is_more)?;
        let names: Vec<String> = names.into_iter().map(|name| item(name)).collect();
        Some(format!("--ignore={}", quoted(&names.join(","))))
    }

    /// Where there are others to learn from.
    fn ignore_among_others(&self, column: &String) -> Option<String> {
        let has_others = self.evidence.columns.iter().any(|other| other.source != *column);
        self.ignore(std::slice::from_ref(column)).filter(|_| has_others)
    }

    /// Beside the types that were given already.
    fn date(&self, column: &str) -> Option<String> {
        let types = &self.evidence.handling.types;
        let own = format!("{column}=");
        let others = types.iter().filter(|of| !of.starts_with(&own)).cloned();
        let all: Vec<String> = others.chain([format!("{column}=date")]).collect();
        let typed = |one: &String| match one.rsplit_once('=') {
            Some((column, of)) => format!("{}={of}", item(column)),
            None => item(one),
        };
        let all: Vec<String> = all.iter().map(typed).collect();
        let can_be_typed = |one: &String| !one.chars().any(char::is_control);
        all.iter().all(can_be_typed).then(|| format!("--types {}", quoted(&all.join(","))))
    }

    fn smooth_labels(&self) -> Option<String> {
        (self.evidence.handling.label_smoothing < 0.1).then(|| "--label-smoothing 0.1".into())
    }

    fn folds(&self) -> Option<String> {
        (!self.evidence.handling.has_own_validation).then(|| "--folds 5".into())
    }
}

fn digits(v: f64) -> f64 {
    format!("{v:.1e}").parse().unwrap_or(v)
}

/// A name among others in a flag, which separates them by commas: one that has a comma stands in quotes, as in CSV.
///
/// ```
/// use nablab_diagnosis::item;
/// assert_eq!([item("a"), item("a,b"), item("\"a")], ["a", "\"a,b\"", "\"\"\"a\""]);
/// ```
pub fn item(name: &str) -> String {
    match name.contains(',') || name.starts_with('"') {
        true => format!("\"{}\"", name.replace('"', "\"\"")),
        false => name.to_owned(),
    }
}

/// As a shell takes it.
///
/// ```
/// assert_eq!(nablab_diagnosis::quoted("column 1"), "'column 1'");
/// ```
pub fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_-.,=".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
