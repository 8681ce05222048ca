//! What is wrong with each training of a lab, by the same checks as of any other training.

use nablab_diagnosis::{Certainty, Checked, EpochLosses, Evidence, Finding, Fit, diagnose};
use nablab_engine::gradcheck::Report;
use nablab_report::Lang;

use crate::masks::FittedMasks;
use crate::variant::{Fit as LabFit, Run, Variant};

/// What is found of a training: by the diagnosis, without notes, and what only a lab can see. The words of a lab say nothing else.
pub(crate) struct Verdict<'a> {
    variant: &'a Variant,
    found: Vec<Finding>,
    masks: Option<FittedMasks>,
}

impl<'a> Verdict<'a> {
    pub(crate) fn of(variant: &'a Variant, run: &Run) -> Self {
        let mut found = diagnose(&evidence(variant, run));
        found.retain(|finding| finding.certainty() > Certainty::Note);
        Self { variant, found, masks: FittedMasks::of(variant, run) }
    }

    /// In JSON.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        let masks = self.masks.as_ref().map(|_| FittedMasks::CODE);
        self.found.iter().map(Finding::code).chain(masks).collect()
    }

    /// In a cell.
    pub(crate) fn words(&self, lang: Lang) -> String {
        of_codes(&self.codes(), lang)
    }

    /// Is this found?
    pub(crate) fn has(&self, code: &str) -> bool {
        self.codes().contains(&code)
    }

    /// Each finding in a sentence.
    pub(crate) fn sentences(&self, lang: Lang) -> Vec<String> {
        let name = self.variant.name(lang);
        let found = self.found.iter().map(|finding| (finding.code(), finding.sentence(lang)));
        let masks = self.masks.iter().map(|masks| (FittedMasks::CODE, masks.sentence(lang)));
        found.chain(masks).map(|(code, sentence)| format!("**{name}**, `{code}`: {sentence}")).collect()
    }
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
    of_codes(&found.iter().map(Finding::code).collect::<Vec<_>>(), lang)
}

fn of_codes(codes: &[&str], lang: Lang) -> String {
    match codes {
        [] => lang.choose("healthy", "未发现问题").to_owned(),
        codes => codes.iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(", "),
    }
}
