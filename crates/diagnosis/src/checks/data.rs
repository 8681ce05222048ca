//! What is wrong with the data, as far as a training shows it.

use crate::thresholds::{GIVES_AWAY, SHARED, SIZES, SUSPECTS};
use crate::{Column, Evidence, Finding};

fn size(column: &Column) -> f64 {
    (column.mean * column.mean + column.deviation * column.deviation).sqrt()
}

/// Features far from the size 1, beside others that are not.
pub(super) fn unscaled_inputs(evidence: &Evidence) -> Vec<Finding> {
    let numbers = || evidence.columns.iter().filter(|c| !c.is_indicator && size(c) > 0.0);
    let largest = numbers().max_by(|a, b| size(a).total_cmp(&size(b)));
    let least = numbers().map(size).fold(f64::INFINITY, f64::min);
    let off = largest.filter(|column| size(column) > SIZES);
    off.map(|column| Finding::UnscaledInputs { column: column.name.clone(), size: size(column), least })
        .into_iter()
        .collect()
}

pub(super) fn constant_inputs(evidence: &Evidence) -> Vec<Finding> {
    let constant = evidence.columns.iter().filter(|c| c.deviation == 0.0);
    constant.map(|column| Finding::ConstantInput { column: column.name.clone() }).collect()
}

pub(super) fn leaking_features(evidence: &Evidence) -> Vec<Finding> {
    let strongest = evidence.columns.iter().filter(|c| c.alone >= GIVES_AWAY);
    let strongest = strongest.max_by(|a, b| a.alone.total_cmp(&b.alone));
    // Where all features do, the task is just easy.
    let many = evidence.columns.iter().filter(|c| c.alone >= 0.95).count();
    let alone = strongest.filter(|_| evidence.columns.len() > 1 && many * 2 <= evidence.columns.len());
    alone
        .map(|column| Finding::LeakingFeature { column: column.name.clone(), alone: column.alone })
        .into_iter()
        .collect()
}

pub(super) fn shared_rows(evidence: &Evidence) -> Vec<Finding> {
    let rows = evidence.validation.map_or(0, |validation| validation.rows);
    let shared = evidence.shared_rows;
    let many = shared > 0 && shared as f64 > SHARED * rows as f64;
    if many { vec![Finding::SharedRows { shared, rows }] } else { Vec::new() }
}

pub(super) fn suspect_labels(evidence: &Evidence) -> Vec<Finding> {
    let (fewest, times) = SUSPECTS;
    let (count, unsure) = (evidence.suspects.len(), evidence.unsure_rows);
    // A network that is wrong often has no business to suspect labels.
    let is_good = evidence.train.is_some_and(|train| train.metric > 0.8);
    if count >= fewest && count as f64 > times * unsure as f64 && is_good {
        return vec![Finding::SuspectLabels { suspects: evidence.suspects.clone(), unsure }];
    }
    Vec::new()
}
