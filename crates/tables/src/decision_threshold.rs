//! From which probability on the second of two classes is predicted.

use std::fmt;

use nablab_data::prepare::Target;
use nablab_engine::Float;
use nablab_report::Lang;
use serde::de::{IntoDeserializer, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use crate::Error;
use crate::metrics::{Scored, falling, has_nan, totals};
use crate::prepared::Part;

/// Where nothing else is said, the more probable class is predicted.
pub(crate) const HALF: f64 = 0.5;

/// 0 and 1 leave one of the classes without a prediction.
pub(crate) fn is_inside(threshold: f64) -> bool {
    threshold > 0.0 && threshold < 1.0
}

/// How the probability is found from which on the second of two classes is predicted.
///
/// ```
/// use nablab_tables::{Goal, Settings, Threshold};
/// let of = |text: &str| Settings::from_toml(text, "r.toml").map(|settings| settings.validation.threshold);
/// assert_eq!(of("[validation]\nthreshold = 0.3")?, Some(Threshold::At(0.3)));
/// assert_eq!(of("[validation]\nthreshold = \"f1\"")?, Some(Threshold::Best(Goal::F1)));
/// assert!(of("[validation]\nthreshold = \"f2\"").unwrap_err().to_string().contains("did you mean `f1`"));
/// # Ok::<(), nablab_tables::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Threshold {
    /// It is given, in (0, 1).
    At(f64),
    /// It is where a metric is highest on the rows held out.
    Best(Goal),
}

impl Threshold {
    /// It lies between two classes, and is chosen by rows of both.
    pub(crate) fn check<F: Float>(self, target: &Target, judged: Option<&Part<F>>) -> Result<(), Error> {
        let refused = |expected: String| {
            let got = match self {
                Self::At(at) => at.to_string(),
                Self::Best(goal) => goal.name().into(),
            };
            Err(Error::Setting { field: "validation.threshold", expected: expected.into(), got })
        };
        let levels = match target {
            Target::Classes { levels, .. } => &levels[..],
            _ => &[],
        };
        let [first, second] = levels else {
            let has = match levels.len() {
                0 => "is not one class among several".to_owned(),
                classes => format!("has {classes}"),
            };
            return refused(format!("left away: it lies between two classes, and the target {has}"));
        };
        let (Self::Best(_), Some(part)) = (self, judged) else { return Ok(()) };
        let counts = |j: usize| part.weights.get(j).is_none_or(|&w| w > 0.0);
        let absent = |class: F| !(0..part.m).any(|j| counts(j) && part.y().at(0, j) == class);
        match [(F::ZERO, first), (F::ONE, second)].into_iter().find(|&(class, _)| absent(class)) {
            Some((_, name)) => refused(format!(
                "a number where no row of class {name} is held out: rows of both classes choose it"
            )),
            None => Ok(()),
        }
    }
}

impl<'de> Deserialize<'de> for Threshold {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrGoal;
        impl Visitor<'_> for NumberOrGoal {
            type Value = Threshold;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "a number between 0 and 1, or what is to be high, such as \"f1\"")
            }

            fn visit_f64<E: serde::de::Error>(self, at: f64) -> Result<Threshold, E> {
                Ok(Threshold::At(at))
            }

            fn visit_i64<E: serde::de::Error>(self, at: i64) -> Result<Threshold, E> {
                Ok(Threshold::At(at as f64))
            }

            fn visit_str<E: serde::de::Error>(self, goal: &str) -> Result<Threshold, E> {
                let goal: serde::de::value::StrDeserializer<'_, E> = goal.into_deserializer();
                Goal::deserialize(goal).map(Threshold::Best)
            }
        }
        deserializer.deserialize_any(NumberOrGoal)
    }
}

/// What a threshold is to make as high as possible.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Goal {
    /// F1 of the second class: 2 tp / (2 tp + fp + fn).
    F1,
    /// The mean of both recalls.
    BalancedAccuracy,
}

impl Goal {
    /// As in a recipe.
    pub fn name(self) -> &'static str {
        match self {
            Self::F1 => "f1",
            Self::BalancedAccuracy => "balanced-accuracy",
        }
    }

    /// In a sentence.
    pub fn title(self, lang: Lang) -> &'static str {
        match self {
            Self::F1 => "F1",
            Self::BalancedAccuracy => lang.choose("balanced accuracy", "平衡准确率"),
        }
    }

    /// The metric, by the weights of true and false positives and of all members of both classes.
    fn value(self, [hit, false_alarm]: [f64; 2], [positives, negatives]: [f64; 2]) -> f64 {
        match self {
            Self::F1 => 2.0 * hit / (hit + false_alarm + positives),
            Self::BalancedAccuracy => (hit / positives + 1.0 - false_alarm / negatives) / 2.0,
        }
    }
}

/// The threshold with the highest value of `goal`: half-way between the two probabilities that it separates, where no new row
/// is on the edge. Of equally good ones it is the one nearest to a half.
///
/// None where a class is missing, or a probability is no number.
pub(crate) fn best(goal: Goal, examples: Vec<Scored>) -> Option<f64> {
    let all = totals(&examples);
    if all.contains(&0.0) || has_nan(&examples) {
        return None;
    }
    let examples = falling(examples);
    let ties: Vec<&[Scored]> = examples.chunk_by(|a, b| a.score == b.score).collect();
    let (mut found, mut highest, mut above) = (HALF, f64::NEG_INFINITY, [0.0; 2]);
    // Above the threshold are the first k groups of equal probabilities.
    for k in 0..=ties.len() {
        let upper = k.checked_sub(1).map_or(1.0, |k| ties[k][0].score);
        let lower = ties.get(k).map_or(0.0, |group| group[0].score);
        let between = lower + (upper - lower) / 2.0;
        let threshold = if between < upper { between } else { lower };
        let value = goal.value(above, all);
        let is_nearer = value == highest && (threshold - HALF).abs() < (found - HALF).abs();
        if (value > highest || is_nearer) && is_inside(threshold) {
            (found, highest) = (threshold, value);
        }
        if let Some(group) = ties.get(k) {
            let [hit, false_alarm] = totals(group);
            above = [above[0] + hit, above[1] + false_alarm];
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::metrics::classification_at;

    fn scored(examples: &[(f64, bool, f64)]) -> Vec<Scored> {
        examples.iter().map(|&(score, positive, weight)| Scored::new(score, positive, weight)).collect()
    }

    /// scikit-learn's `precision_recall_curve` and `roc_curve` of these ten: above 0.2, F1 is highest, 0.8, and so is the mean recall,
    /// 0.8333.
    #[test]
    fn the_highest_value_is_found() {
        let p = [0.1, 0.4, 0.35, 0.8, 0.3, 0.2, 0.05, 0.6, 0.15, 0.25];
        let y = [0, 0, 1, 1, 0, 0, 0, 1, 0, 1];
        let examples: Vec<_> = p.iter().zip(y).map(|(&p, y)| (p, y == 1, 1.0)).collect();
        assert!((best(Goal::F1, scored(&examples)).unwrap() - 0.225).abs() < 1e-12);
        assert!((best(Goal::BalancedAccuracy, scored(&examples)).unwrap() - 0.225).abs() < 1e-12);
        // A wrong alarm that counts ten times is to be avoided.
        let heavy: Vec<_> =
            examples.iter().map(|&(p, y, _)| (p, y, if p == 0.4 { 10.0 } else { 1.0 })).collect();
        assert!((best(Goal::F1, scored(&heavy)).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(best(Goal::F1, scored(&examples[..2])), None);
        assert_eq!(best(Goal::F1, scored(&[(f64::NAN, true, 1.0), (0.5, false, 1.0)])), None);
    }

    proptest! {
        /// No probability of a row, taken as the threshold, does better.
        #[test]
        fn nothing_is_better(rows in prop::collection::vec((0_u8..=20, any::<bool>(), 1_u8..4), 2..40)) {
            let examples: Vec<_> =
                rows.iter().map(|&(p, y, w)| (f64::from(p) / 20.0, y, f64::from(w))).collect();
            for goal in [Goal::F1, Goal::BalancedAccuracy] {
                let Some(found) = best(goal, scored(&examples)) else { continue };
                let p: Vec<f64> = examples.iter().flat_map(|&(p, ..)| [1.0 - p, p]).collect();
                let y: Vec<usize> = examples.iter().map(|&(_, y, _)| usize::from(y)).collect();
                let w: Vec<f64> = examples.iter().map(|&(.., w)| w).collect();
                let value = |threshold| {
                    let metrics = classification_at(threshold, &p, &y, Some(&w)).unwrap();
                    match goal {
                        Goal::F1 => metrics.f1,
                        Goal::BalancedAccuracy => metrics.balanced_accuracy,
                    }
                };
                for other in examples.iter().map(|&(p, ..)| p).filter(|&p| p > 0.0 && p < 1.0) {
                    prop_assert!(value(found) >= value(other) - 1e-12, "{:?}: {} is worse than {}", goal, found, other);
                }
            }
        }
    }
}
