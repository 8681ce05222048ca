//! What is wrong with the data, as far as a training shows it.

use std::collections::BTreeSet;

use crate::{Column, Evidence, Finding, Fit, Like, Lookalike, Thresholds};

fn size(column: &Column) -> f64 {
    (column.mean * column.mean + column.deviation * column.deviation).sqrt()
}

/// Features far from the size 1, beside others that are not.
pub(super) fn unscaled_inputs(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let numbers = || evidence.columns.iter().filter(|c| !c.is_indicator && size(c) > 0.0);
    let largest = numbers().max_by(|a, b| size(a).total_cmp(&size(b)));
    let least = numbers().map(size).fold(f64::INFINITY, f64::min);
    let off = largest.filter(|column| size(column) > by.unscaled_inputs_size);
    off.map(|column| Finding::UnscaledInputs { column: column.name.clone(), size: size(column), least })
        .into_iter()
        .collect()
}

pub(super) fn constant_inputs(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let kept = evidence.columns.iter().filter(|column| column.deviation == 0.0);
    let kept: Vec<String> = kept.map(|column| column.name.clone()).collect();
    let all = [(evidence.constant_columns.clone(), true), (kept, false)];
    let found = all.into_iter().filter(|(columns, _)| !columns.is_empty());
    found.map(|(columns, is_left_out)| Finding::ConstantInput { columns, is_left_out }).collect()
}

/// Ids and dates that are learned from as what they are not.
pub(super) fn lookalikes(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let finding = |lookalike: &Lookalike| match lookalike.like {
        Like::RunningNumber { .. } | Like::Names { .. } => {
            Finding::IdAsFeature { lookalike: lookalike.clone() }
        }
        Like::Date { .. } => Finding::DateAsNumber { lookalike: lookalike.clone() },
    };
    evidence.lookalikes.iter().map(finding).collect()
}

pub(super) fn leaking_features(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let strongest = evidence.columns.iter().filter(|c| c.alone >= by.leaking_feature_alone);
    let strongest = strongest.max_by(|a, b| a.alone.total_cmp(&b.alone));
    // Where all columns of the table do, the task is just easy.
    let sources = |least: f64| {
        let telling = evidence.columns.iter().filter(|c| c.alone >= least);
        telling.map(|c| &c.source).collect::<BTreeSet<_>>().len()
    };
    let (many, all) = (sources(by.leaking_feature_others), sources(0.0));
    let alone = strongest.filter(|_| all > 1 && many * 2 <= all);
    alone
        .map(|column| Finding::LeakingFeature { column: column.source.clone(), alone: column.alone })
        .into_iter()
        .collect()
}

pub(super) fn shared_rows(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let rows = evidence.validation.map_or(0, |validation| validation.rows);
    let shared = evidence.shared_rows;
    let many = shared as f64 >= by.shared_rows_fewest && shared as f64 > by.shared_rows_share * rows as f64;
    if many { vec![Finding::SharedRows { shared, rows }] } else { Vec::new() }
}

/// Trainings that end no better than with the targets given to other rows.
pub(super) fn no_better_than_shuffled(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let shown = evidence.shuffled.filter(|s| s.least_gain <= 0.0 && s.least_gain_of_loss <= 0.0);
    let score = evidence.score();
    let found = shown.map(|s| Finding::NoBetterThanShuffled {
        score,
        metric: s.metric,
        shuffled: s.shuffled,
        seeds: s.seeds,
    });
    found.into_iter().collect()
}

pub(super) fn suspect_labels(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    // Of a class that the network does not find, it doubts every label.
    let is_found = |label: &str| {
        evidence.classes.iter().all(|class| class.name != label || class.right >= by.class_found * class.rows)
    };
    let listed = &evidence.suspects;
    let suspects: Vec<_> = listed.iter().filter(|suspect| is_found(&suspect.label)).cloned().collect();
    let rows = evidence.suspect_rows - (listed.len() - suspects.len()).min(evidence.suspect_rows);
    let unsure = evidence.unsure_rows;
    let is_good = |fit: Fit| fit.metric > by.suspect_labels_accuracy;
    let is_good = evidence.train.is_some_and(is_good) && evidence.validation.is_none_or(is_good);
    let are_many =
        rows as f64 >= by.suspect_labels_fewest && rows as f64 > by.suspect_labels_per_unsure * unsure as f64;
    if are_many && is_good && !suspects.is_empty() {
        return vec![Finding::SuspectLabels { suspects, rows, unsure }];
    }
    Vec::new()
}
