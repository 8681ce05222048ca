//! What is wrong with each training of a lab, by the same checks as of any other training.

use nablab_diagnosis::{Certainty, Checked, EpochLosses, Evidence, Finding, Fit, diagnose};
use nablab_engine::gradcheck::Report;
use nablab_report::Lang;

use crate::few_epochs::FewEpochs;
use crate::masks::FittedMasks;
use crate::variant::{Fit as LabFit, Run, Variant};

/// What is found of a training: by the diagnosis, without notes, and what only a lab can see. The words of a lab say nothing else.
pub(crate) struct Verdict<'a> {
    variant: &'a Variant,
    found: Vec<Finding>,
    few: Option<FewEpochs>,
    masks: Option<FittedMasks>,
}

impl<'a> Verdict<'a> {
    pub(crate) fn of(variant: &'a Variant, run: &Run) -> Self {
        let mut found = diagnose(&evidence(variant, run));
        found.retain(|finding| finding.certainty() > Certainty::Note);
        let few = FewEpochs::in_place_of(&mut found, variant, run);
        Self { variant, found, few, masks: FittedMasks::of(variant, run) }
    }

    /// In JSON.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        self.found.iter().map(Finding::code).chain(self.of_the_lab().map(|[code, _]| code)).collect()
    }

    /// Code and Chinese name of what only a lab can see.
    fn of_the_lab(&self) -> impl Iterator<Item = [&'static str; 2]> {
        let few = self.few.as_ref().map(|_| [FewEpochs::CODE, FewEpochs::ZH]);
        let masks = self.masks.as_ref().map(|_| [FittedMasks::CODE, FittedMasks::ZH]);
        few.into_iter().chain(masks)
    }

    /// In a cell.
    pub(crate) fn words(&self, lang: Lang) -> String {
        let of_the_lab = self.of_the_lab().map(|[code, zh]| named(code, zh, lang));
        all(self.found.iter().map(|found| name(found, lang)).chain(of_the_lab), lang)
    }

    /// Is this found?
    pub(crate) fn has(&self, code: &str) -> bool {
        self.codes().contains(&code)
    }

    /// Each finding in a sentence.
    pub(crate) fn sentences(&self, lang: Lang) -> Vec<String> {
        let name = self.variant.name(lang);
        let found = self.found.iter().map(|found| (self::name(found, lang), found.sentence(lang)));
        let few =
            self.few.iter().map(|few| (named(FewEpochs::CODE, FewEpochs::ZH, lang), few.sentence(lang)));
        let masks = self
            .masks
            .iter()
            .map(|masks| (named(FittedMasks::CODE, FittedMasks::ZH, lang), masks.sentence(lang)));
        let said = |(what, sentence)| {
            lang.choose(format!("**{name}**, {what}: {sentence}"), format!("**{name}**，{what}：{sentence}"))
        };
        found.chain(few).chain(masks).map(said).collect()
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
    all(found.iter().map(|found| name(found, lang)), lang)
}

fn name(found: &Finding, lang: Lang) -> String {
    named(found.code(), found.chinese(), lang)
}

/// The code, by which a command and the handbook know it; in Chinese behind a name.
fn named(code: &str, zh: &str, lang: Lang) -> String {
    lang.choose(format!("`{code}`"), format!("{zh} `{code}`"))
}

fn all(names: impl Iterator<Item = String>, lang: Lang) -> String {
    let names = names.collect::<Vec<_>>().join(lang.choose(", ", "，"));
    if names.is_empty() { lang.choose("healthy", "未发现问题").to_owned() } else { names }
}
