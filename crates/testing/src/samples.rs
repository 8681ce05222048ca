//! A finding of each kind.

use nablab_diagnosis::findings::*;
use nablab_diagnosis::{Checked, Finding, Like, Lookalike, Score, Suspect};

/// One of each kind, in the order of [`Finding::CODES`], and beside them one of each way in which some of them show.
pub fn samples() -> Vec<Finding> {
    let suspect =
        Suspect { row: 7, label: "a".into(), predicted: "b".into(), probability: 0.01, is_held_out: true };
    let checked = Checked {
        difference: 0.3,
        wrong: 10,
        components: 47,
        mistakes: vec!["W2: analytic = 2.00 × numeric".into()],
    };
    let too_high =
        |sign| Finding::from(LearningRateTooHigh { rate: 0.3, lowest: 0.1, end: f64::INFINITY, sign });
    let unfitting = |misfit| Finding::from(UnfittingLoss { misfit, loss: "squared-error".into() });
    let column = || "width, in \"mm\"".to_owned();
    let like = |like| Lookalike { column: column(), like };
    let running = |is_in_order| Like::RunningNumber {
        low: 1.0,
        high: 300.0,
        different: if is_in_order { 300 } else { 298 },
        rows: 300,
        is_in_order,
    };
    vec![
        SymmetricUnits { layer: 1, symmetric: 4, units: 4 }.into(),
        InitialLoss { loss: f64::NAN, expected: 0.69 }.into(),
        SaturatedOutput { share: 0.5 }.into(),
        LargeWeights { layer: 1, gain: 10.0 }.into(),
        VanishingGradients { first: 1e-9, last: 0.1, layers: 9 }.into(),
        ExplodingGradients { first: 1e9, last: 0.1, layers: 9 }.into(),
        WrongGradient { checked }.into(),
        DeadUnits { layer: 2, dead: 9, units: 10, since: 4 }.into(),
        SaturatedUnits { layer: 2, saturated: 9, units: 10, since: 0 }.into(),
        Diverged { step: 3, place: "W1[0, 2]".into() }.into(),
        too_high(Sign::Rose),
        LearningRateTooLow { rate: 1e-6, could_be: 1e-3, allowed: Allowed::Curvature, fall: 0.1 }.into(),
        EdgeOfStability { rate: 1.0, curvature: 4.0, edge: 0.5 }.into(),
        StoppedTooEarly { fall: 0.1, epochs: 20 }.into(),
        Plateau { since: 10, epochs: 50, loss: 0.4 }.into(),
        Overfitting {
            score: Score::Accuracy,
            train_loss: 0.01,
            validation_loss: 0.9,
            train: 1.0,
            validation: 0.8,
        }
        .into(),
        NoSkill { score: Score::R2, metric: -5.0, constant: 0.0 }.into(),
        RisingValidationLoss { best_epoch: 30, rise: 0.4, patience: Some(10) }.into(),
        Underfitting { loss: 0.69, constant: 0.69 }.into(),
        PenaltyTooStrong { l2: 100.0, l1: 0.0, weight_decay: 0.0, loss: 0.69, constant: 0.69 }.into(),
        PenaltyOvershoots { strength: 900.0, rate: 0.1, step: 2.8 }.into(),
        DropoutTooStrong { rate: 0.95, loss: 0.6, constant: 0.69 }.into(),
        PenaltyWithoutEffect { l2: 1e-6, l1: 0.0, share: 1e-5 }.into(),
        DropoutWithoutEffect { rate: 0.01, silenced: 0.1 }.into(),
        UntaughtClass { class: "w".into(), judged: 134 }.into(),
        ClassCollapse { class: "c".into(), rows: 30.0, recall: 0.0, is_held_out: true }.into(),
        ClassImbalance { class: "c".into(), share: 0.05, recall: 0.2, others: 0.99, is_held_out: false }
            .into(),
        UnscaledInputs { column: column(), size: 5000.0, least: 1.0 }.into(),
        ConstantInput { columns: vec![column()], is_left_out: false }.into(),
        IdAsFeature { lookalike: like(running(true)) }.into(),
        DateAsNumber {
            lookalike: like(Like::Date { example: "20240131".into(), date: "2024-01-31".into() }),
        }
        .into(),
        LeakingFeature { column: column(), alone: 1.0 }.into(),
        SharedRows { shared: 30, rows: 100 }.into(),
        NoBetterThanShuffled { score: Score::R2, metric: -0.1, shuffled: -0.2, seeds: 5 }.into(),
        SuspectLabels { suspects: vec![suspect], rows: 5, unsure: 1 }.into(),
        unfitting(Misfit::TwoValues { low: 0.0, high: 1.0 }),
        BatchTooSmall { batch: 1, noise_scale: 900.0 }.into(),
        ValidationTooSmall { score: Score::Accuracy, rows: 15, margin: 0.2 }.into(),
        too_high(Sign::Jumps),
        too_high(Sign::Leapt),
        too_high(Sign::Thrown),
        too_high(Sign::Stride { share: 0.3 }),
        too_high(Sign::Died { units: 7 }),
        Plateau { since: 0, epochs: 50, loss: 0.4 }.into(),
        ValidationTooSmall { score: Score::R2, rows: 15, margin: 0.2 }.into(),
        NoSkill { score: Score::Accuracy, metric: 0.5, constant: 0.5 }.into(),
        PenaltyTooStrong { l2: 0.0, l1: 0.0, weight_decay: 50.0, loss: 0.69, constant: 0.69 }.into(),
        ConstantInput { columns: vec![column(); 12], is_left_out: true }.into(),
        IdAsFeature { lookalike: like(running(false)) }.into(),
        IdAsFeature { lookalike: like(Like::Names { example: "C00017".into(), different: 299, rows: 300 }) }
            .into(),
        unfitting(Misfit::Beyond { low: -1.0, high: 9.0 }),
        unfitting(Misfit::ManyClasses { classes: 90, rows: 100 }),
    ]
}
