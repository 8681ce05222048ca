//! What is wrong with the rows and their targets, as far as a training shows it.

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::{Advice, Certainty, Evidence, Finding, Fit, Score, Suspect, Thresholds, number};

pub(super) fn shared_rows(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let rows = evidence.validation.map_or(0, |validation| validation.rows);
    let shared = evidence.shared_rows;
    let many = shared as f64 >= by.shared_rows_fewest && shared as f64 > by.shared_rows_share * rows as f64;
    if many { vec![SharedRows { shared, rows }.into()] } else { Vec::new() }
}

/// Rows held out that were learned from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SharedRows {
    /// Rows held out that have the same features as a row learned from.
    pub shared: usize,
    /// Rows held out.
    pub rows: usize,
}

impl Describe for SharedRows {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Kaufman et al. 2012, Leakage in data mining"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { shared, rows } = self;
        lang.choose(
            format!(
                "{shared} of the {rows} rows held out have the same features as a row learned from: on them memory counts as skill. \
                 Remove copies, or hold them out together, as a group."
            ),
            format!(
                "{rows} 个留出行中有 {shared} 行的特征与某个训练行相同：在这些行上，记忆被当成了能力。请去掉重复行，或作为一组一起留出。"
            ),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        Vec::new()
    }
}

/// Trainings that end no better than with the targets given to other rows.
pub(super) fn no_better_than_shuffled(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let shown = evidence.shuffled.filter(|s| s.least_gain <= 0.0 && s.least_gain_of_loss <= 0.0);
    let score = evidence.score();
    let found = shown.map(|s| {
        NoBetterThanShuffled { score, metric: s.metric, shuffled: s.shuffled, seeds: s.seeds }.into()
    });
    found.into_iter().collect()
}

/// No more is learned than from targets that were given to other rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoBetterThanShuffled {
    /// What the two metrics are.
    pub score: Score,
    /// On the rows held out, a mean over the seeds.
    #[serde(with = "number")]
    pub metric: f64,
    /// The same with the targets shuffled among the rows.
    #[serde(with = "number")]
    pub shuffled: f64,
    /// Trainings of each.
    pub seeds: usize,
}

impl Describe for NoBetterThanShuffled {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Ojala & Garriga 2010, Permutation tests for studying classifier performance"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { score, metric, shuffled, seeds } = self;
        lang.choose(
            format!(
                "Over {seeds} seeds, {} on the rows held out is {} with the targets as they are and {} with the targets shuffled among \
                 the rows, and the loss is no lower: nothing was found in the features that tells the target.",
                score.name(lang),
                score.number(*metric),
                score.number(*shuffled)
            ),
            format!(
                "{seeds} 个随机种子下，留出行上的{}在原来的目标上为 {}，在打乱的目标上为 {}，损失也没有更低：没有发现特征能说明目标。",
                score.name(lang),
                score.number(*metric),
                score.number(*shuffled)
            ),
        )
    }

    fn advice(&self, _: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        Vec::new()
    }
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
        return vec![SuspectLabels { suspects, rows, unsure }.into()];
    }
    Vec::new()
}

/// Labels that the network, right otherwise, finds all but impossible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SuspectLabels {
    /// The least probable first; of very many, some.
    pub suspects: Vec<Suspect>,
    /// How many there are.
    pub rows: usize,
    /// Other rows whose label is less probable than is usual of its class.
    pub unsure: usize,
}

impl Describe for SuspectLabels {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Northcutt et al. 2021, Confident learning; our corpus"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { suspects, rows, unsure } = self;
        const SHOWN: usize = 20;
        let mut shown: Vec<usize> = suspects.iter().take(SHOWN).map(|s| s.row).collect();
        shown.sort_unstable();
        let shown: Vec<String> = shown.iter().map(usize::to_string).collect();
        let is_all = *rows == shown.len();
        let (en, zh) = match suspects.iter().filter(|s| !s.is_held_out).count() {
            0 => ("", ""),
            n if n == suspects.len() => (
                " The network has learned from these rows, so that others may be learned by heart: a deep diagnosis asks networks that have not.",
                "网络学习过这些行，因此可能还有别的错误标签已被记住：深入诊断用没有学过这些行的网络来判断。",
            ),
            _ => (
                " It has learned from most of the rows, so that others may be learned by heart: a deep diagnosis asks networks that have not.",
                "网络学习过其中大部分行，因此可能还有别的错误标签已被记住：深入诊断用没有学过这些行的网络来判断。",
            ),
        };
        lang.choose(
            format!(
                "{rows} rows have a label that the network, good otherwise, finds improbable, while it is as sure of another class as it \
                 usually is (it is unsure of {unsure} others): rows {}{}. Look at them.{en}",
                shown.join(", "),
                if is_all { "" } else { ", …" }
            ),
            format!(
                "有 {rows} 行的标签在（其他方面表现良好的）网络看来不大可能，而它对另一类别的把握与平常一样大（另有 {unsure} 行它不确定）：\
                 第 {} 行{}。请检查。{zh}",
                shown.join("、"),
                if is_all { "" } else { "等" }
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.smooth_labels()]
    }
}
