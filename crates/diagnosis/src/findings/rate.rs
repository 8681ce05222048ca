//! The learning rate: steps so long that the training diverges or jumps about, or so short that it crawls.

use nablab_engine::{Clip, Optimizer};
use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use super::curve::Curve;
use super::regularisation::is_penalised;
use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, percent};
use crate::{Advice, Certainty, Evidence, Finding, Thresholds, number};

pub(super) fn diverged(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let diverged = evidence.diverged.clone().map(|(step, place)| Diverged { step, place }.into());
    diverged.into_iter().collect()
}

/// A gradient was no number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Diverged {
    /// The update that was not made.
    pub step: u64,
    /// The parameter, or the running statistic.
    pub place: String,
}

impl Describe for Diverged {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "a gradient or a running statistic is no finite number"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { step, place } = self;
        // Batch normalisation's statistics have no gradient.
        let is_statistic = place.starts_with("mean") || place.starts_with("variance");
        let (en, zh) = match is_statistic {
            true => (format!("the running statistic {place}"), format!("滑动统计量 {place}")),
            false => (format!("the gradient of {place}"), format!("{place} 的梯度")),
        };
        lang.choose(
            format!("At step {step} {en} was no finite number any more: the training diverged."),
            format!("第 {step} 步时，{zh}不再是有限的数：训练发散。"),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.find_rate(), useful.clip(), useful.scale()]
    }
}

/// The rate, where it has a say.
pub(super) fn rate(evidence: &Evidence) -> Option<f64> {
    let settings = evidence.settings.as_ref()?;
    (!matches!(settings.optimizer, Optimizer::LBfgs { .. })).then_some(settings.learning_rate)
}

/// The loss has risen again, or jumps about as widely as it has come down, or is above where it began.
pub(super) fn too_high(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of_learning(evidence)) else { return Vec::new() };
    let (lowest, end) = (curve.lowest(), curve.end());
    let before = evidence.start().map(|start| start.signals.loss).filter(|loss| loss.is_finite());
    let start = before.unwrap_or(curve.tenths[0]).max(curve.tenths[0]);
    let scale = evidence.ignorant.unwrap_or(start);
    let descent = (start - lowest).max(by.least_descent * scale);
    // The labs' evidence has the mean cost of the batches, which dropout and small batches make jump by themselves.
    let is_above = |share: f64| evidence.constant.is_none_or(|constant| end > share * constant);
    let signs = [
        (
            end > by.learning_rate_too_high_rise * lowest && end - lowest > by.least_descent * scale,
            Sign::Rose,
        ),
        (
            curve.jumps > by.learning_rate_too_high_jumps * descent
                && curve.jumps > by.learning_rate_too_high_jumps_of_itself * end,
            Sign::Jumps,
        ),
        (
            before.is_some_and(|before| end > by.learning_rate_too_high_above_start * before.max(scale)),
            Sign::Leapt,
        ),
        (
            furthest_moved(evidence) > by.learning_rate_too_high_thrown && is_above(by.too_strong_loss),
            Sign::Thrown,
        ),
    ];
    // A penalty that shrinks weights puts units to sleep, too; and of little, any step is a large part.
    let is_free = !is_penalised(evidence, by);
    let stride = stride(evidence, by).filter(|_| is_free).map(|share| Sign::Stride { share });
    let died = died(evidence, by).filter(|_| is_free && is_above(by.come_down));
    let sign = signs.into_iter().find_map(|(is_seen, sign)| is_seen.then_some(sign));
    let sign = sign.or(stride).or(died.map(|units| Sign::Died { units }));
    sign.map(|sign| LearningRateTooHigh { rate, lowest, end, sign }.into()).into_iter().collect()
}

/// How far a layer was ever from its start, as a share of its size there.
fn furthest_moved(evidence: &Evidence) -> f64 {
    let layers = evidence.signals.iter().flat_map(|at| &at.signals.layers);
    layers.map(|layer| layer.moved).fold(0.0, f64::max)
}

/// How much the last step changed the layer it changed most, if that is too much.
fn stride(evidence: &Evidence, by: &Thresholds) -> Option<f64> {
    let largest = evidence.end()?.signals.layers.iter().map(|layer| layer.update).fold(0.0, f64::max);
    (largest > by.learning_rate_too_high_stride).then_some(largest)
}

/// Units lost on the way by a layer that began alive: long steps carry units of relu to where no gradient leads back from.
fn died(evidence: &Evidence, by: &Thresholds) -> Option<usize> {
    let (start, end) = (evidence.start()?, evidence.end()?);
    let layers = start.signals.layers.iter().zip(&end.signals.layers);
    let lost = layers.map(|(start, end)| (end.dead.saturating_sub(start.dead), end.units));
    let many = lost.filter(|&(lost, units)| lost as f64 >= by.dead_units_share * units as f64 && lost > 0);
    many.map(|(lost, _)| lost).max()
}

/// By which sign a learning rate is too high.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Sign {
    /// The loss is well above its lowest.
    Rose,
    /// It jumps from epoch to epoch.
    Jumps,
    /// The first steps made it leap above where it began, and it never came back.
    Leapt,
    /// Weights moved to several times their initial size, while nothing was learned.
    Thrown,
    /// The last step alone changed a layer's weights by this share of their size.
    Stride {
        /// ‖ΔW‖ / ‖W‖.
        #[serde(with = "number")]
        share: f64,
    },
    /// So many units of a layer died on the way.
    Died {
        /// How many.
        units: usize,
    },
}

/// The cost jumps or has risen.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningRateTooHigh {
    /// Learning rate.
    #[serde(with = "number")]
    pub rate: f64,
    /// The lowest loss on the way.
    #[serde(with = "number")]
    pub lowest: f64,
    /// The loss at the end.
    #[serde(with = "number")]
    pub end: f64,
    /// How that is seen.
    pub sign: Sign,
}

impl Describe for LearningRateTooHigh {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 11.4; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { rate, lowest, end, sign } = *self;
        let (lowest, end) = (n(lowest), n(end));
        let (en, zh) = match sign {
            Sign::Rose => (
                format!("the loss ends at {end}, after {lowest} on the way"),
                format!("损失最后为 {end}，途中曾低至 {lowest}"),
            ),
            Sign::Jumps => (
                format!("the loss jumps from epoch to epoch, at last around {end}"),
                format!("损失在各轮之间跳动，最后约为 {end}"),
            ),
            Sign::Leapt => (
                format!("the first steps made the loss leap above where it began; it ends at {end}"),
                format!("最初几步就使损失高于起点；最后为 {end}"),
            ),
            Sign::Thrown => (
                format!("the weights were carried far from their start, and the loss ends at {end}"),
                format!("权重远离了初始值，损失最后为 {end}"),
            ),
            Sign::Stride { share } => (
                format!(
                    "the last step alone changed a layer's weights by {} of their size (0.1 % is usual)",
                    percent(share)
                ),
                format!("仅最后一步就使某一层的权重改变了自身大小的 {}（通常约为 0.1 %）", percent(share)),
            ),
            Sign::Died { units } => (
                format!("{units} units of a layer that began alive have died, and the loss ends at {end}"),
                format!("某一层有 {units} 个原本正常的单元在训练中“死亡”，损失最后为 {end}"),
            ),
        };
        lang.choose(
            format!("With a learning rate of {rate} {en}: the steps are too long."),
            format!("学习率为 {rate} 时，{zh}：步长太大。"),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        // How much too high, only a range test says: a tenth of 10 is still 1.
        vec![useful.find_rate(), useful.cosine().filter(|_| useful.has_come_down())]
    }
}

/// The loss is high and still falls, or nothing has moved, and steps are a small part of what the curvature allows, or of
/// the weights.
pub(super) fn too_low(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (Some(rate), Some(curve)) = (rate(evidence), Curve::of_learning(evidence)) else { return Vec::new() };
    let (Some(settings), Some(end)) = (&evidence.settings, evidence.end()) else { return Vec::new() };
    let has_come_down = evidence.constant.is_some_and(|constant| curve.end() < by.come_down * constant);
    // A clipped step says little of the rate.
    if has_come_down || settings.clip != Clip::None {
        return Vec::new();
    }
    let fall = curve.fall();
    let could_be = match settings.optimizer {
        Optimizer::GradientDescent
        | Optimizer::Momentum { .. }
        | Optimizer::Nesterov { .. }
        | Optimizer::HeavyBall { .. } => {
            let edge = Some(2.0 / end.signals.curvature).filter(|edge| edge.is_finite() && *edge > 0.0);
            let is_on_its_way = fall > by.plateau_change / 2.0 || furthest_moved(evidence) < by.least_descent;
            edge.filter(|edge| rate < by.learning_rate_too_low_of_edge * edge && is_on_its_way)
                .map(|edge| (edge / 4.0, Allowed::Curvature))
        }
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => {
            // Of one that goes on, all that it will make.
            let epochs = evidence.epochs_to_come().map_or(evidence.epochs, |(_, of)| of);
            let steps =
                epochs as f64 * (evidence.rows as f64 / evidence.batch().unwrap_or(1).max(1) as f64).ceil();
            let weights = end.signals.layers.iter().map(|layer| layer.weights).fold(f64::INFINITY, f64::min);
            // Adam's own rate: a hundred times a tiny one is tiny.
            (rate * steps < by.learning_rate_too_low_moved * weights && fall > 0.0)
                .then_some((1e-3, Allowed::Usual))
        }
        Optimizer::LBfgs { .. } => None,
    };
    let higher = could_be.filter(|(could_be, _)| *could_be > rate);
    let found = higher.map(|(could_be, allowed)| LearningRateTooLow { rate, could_be, allowed, fall }.into());
    found.into_iter().collect()
}

/// By what it is known how large a learning rate could be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowed {
    /// A quarter of 2 / curvature, beyond which steps of descent lead uphill again.
    #[default]
    Curvature,
    /// What is usual for the rule, whose steps are about the rate.
    Usual,
}

/// The cost falls slowly although longer steps would lead down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LearningRateTooLow {
    /// Learning rate.
    #[serde(with = "number")]
    pub rate: f64,
    /// What the cost allows, about.
    #[serde(with = "number")]
    pub could_be: f64,
    /// By what that is known. Not in the records of earlier versions.
    #[serde(default)]
    pub allowed: Allowed,
    /// By what share the loss fell over the last tenth of the epochs.
    #[serde(with = "number")]
    pub fall: f64,
}

impl Describe for LearningRateTooLow {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Goodfellow, Bengio & Courville 2016, section 11.4; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { rate, could_be, allowed, fall } = self;
        let (could_be, fall) = (n(*could_be), percent(*fall));
        let (en, zh) = match allowed {
            Allowed::Curvature => (
                format!(
                    "the cost allows about {could_be}, a quarter of 2 / curvature, beyond which a step lands higher on the other side; the curvature is \
                     that at the end, and on the way there it may be larger"
                ),
                format!(
                    "代价允许约 {could_be}，即 2 / 曲率的四分之一；超过 2 / 曲率，一步就会落到对面更高处。这里的曲率是训练结束时的，途中可能更大"
                ),
            ),
            Allowed::Usual => (
                format!("about {could_be} is usual for this rule"),
                format!("这种更新规则通常约用 {could_be}"),
            ),
        };
        lang.choose(
            format!(
                "The loss is still high (it fell by {fall} over the last tenth), and the learning rate of {rate} is far too small: {en}."
            ),
            format!("损失仍然很高（最后十分之一的轮次下降 {fall}），而学习率 {rate} 太小：{zh}。"),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.rate(self.could_be), useful.adam()]
    }
}
