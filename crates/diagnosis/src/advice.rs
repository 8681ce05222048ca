//! What may help: flags of `nablab train`, ready to be pasted.

use crate::Finding;

pub(crate) fn flags(finding: &Finding) -> Vec<String> {
    let one = |flag: String| vec![flag];
    match finding {
        Finding::SymmetricUnits { .. }
        | Finding::InitialLoss { .. }
        | Finding::SaturatedOutput { .. }
        | Finding::LargeWeights { .. } => one("--init he".into()),
        Finding::VanishingGradients { .. } | Finding::ExplodingGradients { .. } => {
            vec!["--activation relu --init he".into(), "--batch-norm".into()]
        }
        Finding::DeadUnits { .. } => {
            vec!["--activation '{ leaky-relu = { slope = 0.01 } }'".into(), "--init he".into()]
        }
        Finding::SaturatedUnits { .. } => vec!["--init xavier".into(), "--batch-norm".into()],
        Finding::Diverged { .. } => {
            vec!["--learning-rate find".into(), "--clip '{ norm = { max = 1 } }'".into()]
        }
        Finding::LearningRateTooHigh { rate, .. } => {
            vec![format!("--learning-rate {}", digits(rate / 10.0)), "--schedule cosine".into()]
        }
        Finding::LearningRateTooLow { could_be, .. } => {
            vec![
                format!("--learning-rate {}", digits(*could_be)),
                "--optimizer adam --learning-rate 0.001".into(),
            ]
        }
        Finding::StoppedTooEarly { epochs, .. } => one(format!("--epochs {}", 2 * epochs)),
        Finding::Overfitting { .. } => vec!["--l2 1".into(), "--dropout 0.3".into()],
        Finding::NoSkill { .. } => vec!["--l2 1".into(), "--layers none".into()],
        Finding::RisingValidationLoss { patience, .. } => {
            patience.map(|patience| format!("--early-stopping {patience}")).into_iter().collect()
        }
        Finding::Underfitting { .. } => vec!["--learning-rate find".into(), "--layers 128,64".into()],
        Finding::PenaltyTooStrong { l2, l1, .. } => {
            let each = [("--l2", l2), ("--l1", l1)].into_iter().filter(|(_, strength)| **strength > 0.0);
            each.map(|(flag, strength)| format!("{flag} {}", digits(strength / 100.0))).collect()
        }
        Finding::DropoutTooStrong { .. } => one("--dropout 0.2".into()),
        Finding::ClassCollapse { .. } | Finding::ClassImbalance { .. } => {
            one("--class-weight balanced".into())
        }
        Finding::UnscaledInputs { .. } => one("--scaling standard".into()),
        Finding::ConstantInput { column } | Finding::LeakingFeature { column, .. } => {
            one(format!("--ignore {}", quoted(column)))
        }
        Finding::SharedRows { .. } => Vec::new(),
        Finding::SuspectLabels { .. } => one("--label-smoothing 0.1".into()),
        Finding::BatchTooSmall { batch, .. } => one(format!("--batch-size {}", 4 * batch)),
        Finding::ValidationTooSmall { .. } => one("--folds 5".into()),
    }
}

fn digits(v: f64) -> f64 {
    format!("{v:.1e}").parse().unwrap_or(v)
}

/// As a shell takes it.
fn quoted(text: &str) -> String {
    let plain = text.chars().all(|c| c.is_alphanumeric() || "_-.".contains(c));
    if plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) }
}
