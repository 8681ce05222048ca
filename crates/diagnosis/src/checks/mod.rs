//! The checks, by what they look at. Each is a function of the evidence; what it needs and does not find, it does not judge.

mod data;
mod fit;
mod rate;
mod rising;
mod start;
mod units;

use crate::{Evidence, Finding};

pub(crate) type Check = fn(&Evidence) -> Vec<Finding>;

/// In the order of their findings: what is wrong from the start, what went wrong on the way, what came of it.
pub(crate) const ALL: &[Check] = &[
    data::unscaled_inputs,
    data::constant_inputs,
    data::leaking_features,
    data::shared_rows,
    start::symmetric_units,
    start::large_weights,
    start::saturated_output,
    start::initial_loss,
    start::fading_errors,
    rate::diverged,
    rate::too_high,
    rate::too_low,
    units::dead_units,
    units::saturated_units,
    fit::held_back,
    fit::underfitting,
    fit::classes,
    fit::overfitting,
    fit::no_skill,
    rising::rising_validation_loss,
    data::suspect_labels,
    rate::stopped_too_early,
    rate::batch_too_small,
    fit::validation_too_small,
];

/// Leave away what follows from something else that was found: with units that are copies of each other nothing can be
/// learned, so that the rest is no news.
pub(crate) fn keep_causes(findings: &mut Vec<Finding>) {
    const FOLLOWS: &[(&str, &[&str])] = &[
        (
            "symmetric-units",
            &[
                "vanishing-gradients",
                "dead-units",
                "learning-rate-too-low",
                "learning-rate-too-high",
                "underfitting",
                "no-skill",
                "penalty-too-strong",
                "dropout-too-strong",
                "class-collapse",
                "class-imbalance",
                "stopped-too-early",
                "batch-too-small",
            ],
        ),
        (
            "diverged",
            &[
                "learning-rate-too-high",
                "underfitting",
                "no-skill",
                "dead-units",
                "saturated-units",
                "class-collapse",
                "class-imbalance",
                "penalty-too-strong",
                "dropout-too-strong",
                "overfitting",
                "batch-too-small",
            ],
        ),
        (
            "learning-rate-too-high",
            &[
                "underfitting",
                "no-skill",
                "class-collapse",
                "class-imbalance",
                "stopped-too-early",
                "batch-too-small",
                "penalty-too-strong",
                "dropout-too-strong",
            ],
        ),
        (
            "learning-rate-too-low",
            &[
                "underfitting",
                "no-skill",
                "stopped-too-early",
                "class-collapse",
                "class-imbalance",
                "batch-too-small",
                "penalty-too-strong",
                "dropout-too-strong",
            ],
        ),
        (
            "penalty-too-strong",
            &[
                "no-skill",
                "underfitting",
                "class-collapse",
                "class-imbalance",
                "dropout-too-strong",
                "batch-too-small",
            ],
        ),
        (
            "dropout-too-strong",
            &["no-skill", "underfitting", "class-collapse", "class-imbalance", "batch-too-small"],
        ),
        (
            "dead-units",
            &[
                "no-skill",
                "underfitting",
                "class-collapse",
                "class-imbalance",
                "stopped-too-early",
                "batch-too-small",
            ],
        ),
        (
            "vanishing-gradients",
            &[
                "underfitting",
                "no-skill",
                "class-collapse",
                "class-imbalance",
                "stopped-too-early",
                "learning-rate-too-low",
                "batch-too-small",
            ],
        ),
        (
            "saturated-units",
            &["no-skill", "underfitting", "class-collapse", "stopped-too-early", "batch-too-small"],
        ),
        ("class-collapse", &["class-imbalance"]),
        ("overfitting", &["no-skill"]),
        (
            "underfitting",
            &["no-skill", "class-collapse", "class-imbalance", "stopped-too-early", "batch-too-small"],
        ),
    ];
    let found: Vec<&str> = findings.iter().map(Finding::code).collect();
    let explained: Vec<&str> = FOLLOWS
        .iter()
        .filter(|(cause, _)| found.contains(cause))
        .flat_map(|(_, rest)| *rest)
        .copied()
        .collect();
    findings.retain(|finding| !explained.contains(&finding.code()));
}
