//! Classes that cannot be found, having no rows to learn from; and those that are not found: all but never, or much less often
//! than the others because they are rare.

use nablab_report::Lang;
use nablab_statistics::wilson;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, name, percent, which};
use crate::{Advice, Certainty, Class, Evidence, Finding, Thresholds, Untaught, number};

/// Classes that cannot have been learned.
pub(super) fn untaught(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let found = evidence.untaught.iter().cloned();
    found.map(|Untaught { class, judged }| UntaughtClass { class, judged }.into()).collect()
}

/// A class without a row to learn from, and how many rows that are judged on are of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UntaughtClass {
    /// Its name.
    pub class: String,
    /// Rows of it among those that are judged on.
    pub judged: usize,
}

impl Describe for UntaughtClass {
    fn certainty(&self) -> Certainty {
        Certainty::Certain
    }

    fn source(&self) -> &'static str {
        "there is nothing to learn it from"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { class, judged } = self;
        lang.choose(
            format!(
                "Class `{}`: no row to learn from, while {} of the rows judged on are of it. Other rows held out, or other groups, \
                 would leave some to learn from.",
                name(class),
                n(*judged as f64)
            ),
            format!(
                "类别 `{}`：没有训练行，而评判行中有 {} 行属于它。换一种留出方式或分组，才能留下可学的行。",
                name(class),
                n(*judged as f64)
            ),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        Vec::new()
    }
}

/// On the rows held out; of a class that has too few there, on those learned from.
pub(super) fn missed(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let is_held_out = evidence.validation.is_some();
    let one = |class: &Class| {
        let found = judge(class, &evidence.classes, is_held_out, by);
        let learned = || {
            let same = evidence.learned_classes.iter().find(|other| other.name == class.name)?;
            judge(same, &evidence.learned_classes, false, by)
        };
        found.or_else(learned)
    };
    evidence.classes.iter().filter_map(one).collect()
}

/// A class beside the others, on the same rows.
fn judge(class: &Class, all: &[Class], is_held_out: bool, by: &Thresholds) -> Option<Finding> {
    let total: f64 = all.iter().map(|class| class.rows).sum();
    let enough = |class: &Class| class.rows >= by.class_fewest_rows;
    let recall = |class: &Class| class.right / class.rows;
    if !enough(class) {
        return None;
    }
    let others = all.iter().filter(|other| enough(other) && other.name != class.name);
    let best = others.map(recall).fold(0.0, f64::max);
    let share = class.rows / total;
    let (name, rows, recall) = (class.name.clone(), class.rows, recall(class));
    let is_rare = share * (all.len() as f64) < by.class_imbalance_rare;
    if recall <= by.class_collapse_recall && best > by.class_found && !is_rare {
        return Some(ClassCollapse { class: name, rows, recall, is_held_out }.into());
    }
    let is_missed = is_rare
        && best - recall > by.class_imbalance_missed
        && wilson(recall, rows).is_some_and(|(_, high)| high < best);
    is_missed.then_some(ClassImbalance { class: name, share, recall, others: best, is_held_out }.into())
}

/// A class that is never predicted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassCollapse {
    /// Its name.
    pub class: String,
    /// Rows of it, as much as they count.
    #[serde(with = "number")]
    pub rows: f64,
    /// Share of them that are found.
    #[serde(with = "number")]
    pub recall: f64,
    /// The network has not learned from these rows.
    pub is_held_out: bool,
}

impl Describe for ClassCollapse {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "He & Garcia 2009; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { class, rows, recall, is_held_out } = self;
        lang.choose(
            format!(
                "Of the {} rows of class `{}` among those {}, {} are found: the network all but never predicts it.",
                n(*rows),
                name(class),
                which(*is_held_out, lang),
                percent(*recall)
            ),
            format!(
                "{}中类别 `{}` 共 {} 行，只找出 {}：网络几乎从不预测它。",
                which(*is_held_out, lang),
                name(class),
                n(*rows),
                percent(*recall)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.balance()]
    }
}

/// A class with few rows, which the network misses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ClassImbalance {
    /// Its name.
    pub class: String,
    /// Its share of the rows.
    #[serde(with = "number")]
    pub share: f64,
    /// Share of its rows that are found.
    #[serde(with = "number")]
    pub recall: f64,
    /// The highest such share of another class.
    #[serde(with = "number")]
    pub others: f64,
    /// The network has not learned from these rows.
    pub is_held_out: bool,
}

impl Describe for ClassImbalance {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "He & Garcia 2009; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { class, share, recall, others, is_held_out } = self;
        lang.choose(
            format!(
                "Class `{}` has {} of the rows {}; {} of them are found, of the best class {}.",
                name(class),
                percent(*share),
                which(*is_held_out, lang),
                percent(*recall),
                percent(*others)
            ),
            format!(
                "类别 `{}` 占{}的 {}，其中 {} 被找出；最好的类别为 {}。",
                name(class),
                which(*is_held_out, lang),
                percent(*share),
                percent(*recall),
                percent(*others)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.balance(), useful.threshold()]
    }
}

/// Classes of which too few rows are held out to say whether they are found, and of which those learned from say nothing
/// bad: each may still be learned by heart.
pub(crate) fn too_few_held_out(evidence: &Evidence, by: &Thresholds) -> Vec<String> {
    let few = evidence.classes.iter().filter(|class| class.rows < by.class_fewest_rows);
    let told = missed(evidence, by).into_iter().chain(untaught(evidence, by));
    let told: Vec<String> = told.filter_map(|finding| class_of(&finding)).collect();
    few.map(|class| class.name.clone()).filter(|name| !told.contains(name)).collect()
}

/// The class that a finding of this family speaks of.
fn class_of(finding: &Finding) -> Option<String> {
    match finding {
        Finding::UntaughtClass(UntaughtClass { class, .. })
        | Finding::ClassCollapse(ClassCollapse { class, .. })
        | Finding::ClassImbalance(ClassImbalance { class, .. }) => Some(class.clone()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Fit;

    /// Rows and right answers of two classes, held out and learned from.
    fn of(held_out: [[f64; 2]; 2], learned: [[f64; 2]; 2]) -> Evidence {
        let classes = |counts: [[f64; 2]; 2]| {
            let named = ["often", "rare"].into_iter().zip(counts);
            named
                .map(|(name, [rows, right])| Class { name: name.into(), rows, predicted: rows, right })
                .collect()
        };
        let validation = Some(Fit { rows: 100, loss: 0.1, deviation: 0.1, metric: 0.97 });
        Evidence {
            validation,
            classes: classes(held_out),
            learned_classes: classes(learned),
            ..Evidence::default()
        }
    }

    #[test]
    fn rows_learned_from_prove_it_where_too_few_are_held_out() {
        let by = Thresholds::default();
        let missed_there = of([[97.0, 97.0], [3.0, 0.0]], [[873.0, 873.0], [27.0, 0.0]]);
        let [Finding::ClassImbalance(ClassImbalance { class, recall: 0.0, is_held_out: false, .. })] =
            &missed(&missed_there, &by)[..]
        else {
            panic!("{:?}", missed(&missed_there, &by))
        };
        assert_eq!(class, "rare");
        assert_eq!(too_few_held_out(&missed_there, &by), [""; 0]);
        // Learned by heart, perhaps: nothing is known of other rows.
        let found_there = of([[97.0, 97.0], [3.0, 0.0]], [[873.0, 873.0], [27.0, 27.0]]);
        assert_eq!(missed(&found_there, &by), []);
        assert_eq!(too_few_held_out(&found_there, &by), ["rare"]);
        let found = of([[80.0, 79.0], [20.0, 18.0]], [[800.0, 790.0], [200.0, 190.0]]);
        assert_eq!((missed(&found, &by), too_few_held_out(&found, &by)), (Vec::new(), Vec::new()));
    }
}
