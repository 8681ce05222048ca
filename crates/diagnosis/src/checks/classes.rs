//! Classes that cannot be found, having no rows to learn from; and those that are not found: all but never, or much less often than the others because they are rare.

use super::wilson;
use crate::{Class, Evidence, Finding, Thresholds, Untaught};

/// Classes that cannot have been learned.
pub(super) fn untaught(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let found = evidence.untaught.iter().cloned();
    found.map(|Untaught { class, judged }| Finding::UntaughtClass { class, judged }).collect()
}

pub(super) fn missed(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let total: f64 = evidence.classes.iter().map(|class| class.rows).sum();
    let recall = |class: &Class| class.right / class.rows;
    let enough = |class: &&Class| class.rows >= by.fewest_of_class;
    let mut findings = Vec::new();
    for class in evidence.classes.iter().filter(enough) {
        let others = evidence.classes.iter().filter(enough).filter(|other| other.name != class.name);
        let best = others.map(recall).fold(0.0, f64::max);
        let share = class.rows / total;
        let (name, recall) = (class.name.clone(), recall(class));
        let is_rare = share * (evidence.classes.len() as f64) < by.rare;
        if recall <= by.collapsed && best > by.found && !is_rare {
            findings.push(Finding::ClassCollapse { class: name, rows: class.rows, recall });
        } else if is_rare && best - recall > by.missed && wilson(recall, class.rows).1 < best {
            findings.push(Finding::ClassImbalance { class: name, share, recall, others: best });
        }
    }
    findings
}
