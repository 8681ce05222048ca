//! Which findings follow from others.

use crate::Finding;

/// What ends in a network that has not learned.
const NOT_LEARNED: [&str; 6] =
    ["underfitting", "no-skill", "class-collapse", "class-imbalance", "batch-too-small", "plateau"];

/// A cause, and what follows from it beside [`NOT_LEARNED`], where that does. A cause that itself follows from one above
/// it explains nothing more.
const FOLLOWS: &[(&str, bool, &[&str])] = &[
    (
        "symmetric-units",
        true,
        &[
            "vanishing-gradients",
            "dead-units",
            "learning-rate-too-low",
            "learning-rate-too-high",
            "penalty-too-strong",
            "dropout-too-strong",
            "stopped-too-early",
        ],
    ),
    (
        "unscaled-inputs",
        true,
        &[
            "saturated-output",
            "initial-loss",
            "dead-units",
            "saturated-units",
            "learning-rate-too-high",
            "learning-rate-too-low",
            "edge-of-stability",
            "stopped-too-early",
        ],
    ),
    // What is judged on and was never there makes the rows held out look bad, whatever was learned.
    (
        "untaught-class",
        false,
        &[
            "overfitting",
            "rising-validation-loss",
            "no-skill",
            "suspect-labels",
            "class-collapse",
            "class-imbalance",
        ],
    ),
    ("large-weights", true, &["suspect-labels", "dead-units", "overfitting", "stopped-too-early"]),
    (
        "penalty-overshoots",
        true,
        &[
            "learning-rate-too-high",
            "edge-of-stability",
            "penalty-too-strong",
            "dropout-too-strong",
            "dead-units",
            "saturated-units",
            "overfitting",
            "rising-validation-loss",
            "suspect-labels",
        ],
    ),
    ("penalty-too-strong", true, &["dead-units", "learning-rate-too-high", "dropout-too-strong"]),
    ("dropout-too-strong", true, &["dead-units", "learning-rate-too-high"]),
    (
        "diverged",
        true,
        &[
            "learning-rate-too-high",
            "edge-of-stability",
            "dead-units",
            "saturated-units",
            "overfitting",
            "validation-too-small",
            "rising-validation-loss",
            "suspect-labels",
        ],
    ),
    // Weights that are far too small are moved far, as a share of their size, by any rate.
    ("vanishing-gradients", true, &["learning-rate-too-high", "learning-rate-too-low", "stopped-too-early"]),
    ("learning-rate-too-low", true, &["learning-rate-too-high", "stopped-too-early"]),
    (
        "learning-rate-too-high",
        true,
        &["stopped-too-early", "edge-of-stability", "suspect-labels", "dead-units"],
    ),
    ("dead-units", true, &["stopped-too-early"]),
    ("saturated-units", true, &["stopped-too-early"]),
    ("overfitting", false, &["suspect-labels", "plateau"]),
    ("rising-validation-loss", false, &["plateau"]),
    ("underfitting", true, &["stopped-too-early"]),
    (
        "no-better-than-shuffled",
        false,
        &["no-skill", "rising-validation-loss", "suspect-labels", "class-collapse", "class-imbalance"],
    ),
    ("class-collapse", false, &["class-imbalance", "no-skill"]),
    ("class-imbalance", false, &["no-skill"]),
];

/// Leave away what follows from something else that was found: with units that are copies of each other nothing can be
/// learned, so that the rest is no news.
pub(crate) fn keep_causes(findings: &mut Vec<Finding>) {
    for (cause, has_not_learned, rest) in FOLLOWS {
        if findings.iter().any(|finding| finding.code() == *cause) {
            let follows =
                |code: &str| rest.contains(&code) || *has_not_learned && NOT_LEARNED.contains(&code);
            findings.retain(|finding| finding.code() == *cause || !follows(finding.code()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::{Allowed, LearningRateTooLow, StoppedTooEarly, SymmetricUnits, Underfitting};

    #[test]
    fn the_names_are_those_of_findings() {
        for (cause, _, rest) in FOLLOWS {
            for code in rest.iter().chain([cause]).chain(&NOT_LEARNED) {
                assert!(Finding::CODES.contains(code), "{code}");
            }
        }
    }

    #[test]
    fn what_follows_from_a_consequence_is_kept() {
        let low = Finding::from(LearningRateTooLow {
            rate: 1e-6,
            could_be: 1e-3,
            allowed: Allowed::Usual,
            fall: 0.1,
        });
        let early = Finding::from(StoppedTooEarly { fall: 0.1, epochs: 9 });
        let copies = Finding::from(SymmetricUnits { layer: 1, symmetric: 4, units: 4 });
        let skill = Finding::from(Underfitting { loss: 1.0, constant: 1.0 });
        let mut findings = vec![copies.clone(), low.clone(), skill.clone(), early.clone()];
        keep_causes(&mut findings);
        assert_eq!(findings, [copies]);
        let mut findings = vec![low.clone(), skill, early];
        keep_causes(&mut findings);
        assert_eq!(findings, [low]);
    }
}
