//! What is wrong with each training of a lab, by the same checks as of any other training.

use nablab_diagnosis::{Certainty, Checked, EpochLosses, Evidence, Finding, Fit, diagnose};
use nablab_engine::gradcheck::Report;
use nablab_report::Lang;

use crate::variant::{Fit as LabFit, Run, Variant};

/// What is found, without notes.
pub(crate) fn findings(variant: &Variant, run: &Run) -> Vec<Finding> {
    let all = diagnose(&evidence(variant, run));
    all.into_iter().filter(|finding| finding.certainty() > Certainty::Note).collect()
}

/// What is found of a gradient alone.
pub(crate) fn of_gradient(report: &Report) -> Vec<Finding> {
    diagnose(&Evidence { gradient: Some(Checked::from(report)), ..Evidence::default() })
}

fn evidence(variant: &Variant, run: &Run) -> Evidence {
    let fit = |fit: &LabFit| Fit {
        rows: fit.predictions.len(),
        loss: fit.cost,
        deviation: fit.deviation,
        metric: fit.accuracy,
    };
    let losses = |(epoch, cost): (u64, f64)| EpochLosses {
        epoch: epoch + 1,
        cost,
        train_loss: f64::NAN,
        validation_loss: f64::NAN,
        validation_metric: f64::NAN,
    };
    Evidence {
        settings: Some((*variant.recipe).clone()),
        rows: run.train.predictions.len(),
        epochs: run.readings.last().map_or(0, |reading| reading.epoch),
        ignorant: Some(std::f64::consts::LN_2),
        // The labs' classes are of equal size, or nearly.
        constant: Some(std::f64::consts::LN_2),
        history: run.mean_costs().into_iter().map(losses).collect(),
        signals: run.readings.clone(),
        diverged: run.divergence.as_ref().map(|at| (at.step, at.place.to_string())),
        is_finished: run.divergence.is_none(),
        train: Some(fit(&run.train)),
        validation: run.test.as_ref().map(fit),
        ..Evidence::default()
    }
}

/// In a cell: the names of what is found.
pub(crate) fn words(found: &[Finding], lang: Lang) -> String {
    match found.is_empty() {
        true => lang.choose("healthy", "健康").to_owned(),
        false => found.iter().map(|finding| format!("`{}`", finding.code())).collect::<Vec<_>>().join(", "),
    }
}

/// Each finding of each training in a sentence.
pub(crate) fn sentences(variant: &Variant, run: &Run, lang: Lang) -> Vec<String> {
    let name = variant.name(lang);
    let say = |finding: &Finding| format!("**{name}**, `{}`: {}", finding.code(), finding.sentence(lang));
    findings(variant, run).iter().map(say).collect()
}
