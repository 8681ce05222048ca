//! What is wrong with the data, as far as a training shows it.

use crate::{Column, Evidence, Finding, Fit, Thresholds};

fn size(column: &Column) -> f64 {
    (column.mean * column.mean + column.deviation * column.deviation).sqrt()
}

/// Features far from the size 1, beside others that are not.
pub(super) fn unscaled_inputs(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let numbers = || evidence.columns.iter().filter(|c| !c.is_indicator && size(c) > 0.0);
    let largest = numbers().max_by(|a, b| size(a).total_cmp(&size(b)));
    let least = numbers().map(size).fold(f64::INFINITY, f64::min);
    let off = largest.filter(|column| size(column) > by.sizes);
    off.map(|column| Finding::UnscaledInputs { column: column.name.clone(), size: size(column), least })
        .into_iter()
        .collect()
}

pub(super) fn constant_inputs(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let left_out = evidence.constant_columns.iter().map(|name| (name, true));
    let kept = evidence.columns.iter().filter(|column| column.deviation == 0.0);
    let all = left_out.chain(kept.map(|column| (&column.name, false)));
    all.map(|(name, is_left_out)| Finding::ConstantInput { column: name.clone(), is_left_out }).collect()
}

pub(super) fn leaking_features(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let strongest = evidence.columns.iter().filter(|c| c.alone >= by.gives_away);
    let strongest = strongest.max_by(|a, b| a.alone.total_cmp(&b.alone));
    // Where all features do, the task is just easy.
    let many = evidence.columns.iter().filter(|c| c.alone >= by.tells).count();
    let alone = strongest.filter(|_| evidence.columns.len() > 1 && many * 2 <= evidence.columns.len());
    alone
        .map(|column| Finding::LeakingFeature { column: column.name.clone(), alone: column.alone })
        .into_iter()
        .collect()
}

pub(super) fn shared_rows(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let rows = evidence.validation.map_or(0, |validation| validation.rows);
    let shared = evidence.shared_rows;
    let many = shared > 0 && shared as f64 > by.shared * rows as f64;
    if many { vec![Finding::SharedRows { shared, rows }] } else { Vec::new() }
}

pub(super) fn suspect_labels(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let (rows, unsure) = (evidence.suspect_rows, evidence.unsure_rows);
    let is_good = |fit: Fit| fit.metric > by.accuracy_to_suspect;
    let is_good = evidence.train.is_some_and(is_good) && evidence.validation.is_none_or(is_good);
    if rows as f64 >= by.suspects && rows as f64 > by.suspects_per_unsure * unsure as f64 && is_good {
        return vec![Finding::SuspectLabels { suspects: evidence.suspects.clone(), rows, unsure }];
    }
    Vec::new()
}
