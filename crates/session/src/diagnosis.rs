//! The diagnosis of a training as it stands, with what may help as changes of its recipe.

use nablab_diagnosis::{
    Advice, Certainty, DescribedQuestion, Diagnosis, Evidence, Finding, all_clear, diagnose,
};
use nablab_report::Lang;
use nablab_tables::{Changes, Settings};
use serde::Serialize;
use serde_json::Value;

use crate::advice::worded;
use crate::change::goes_on_by;

/// What was found in a training by now, and what cannot be told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Diagnosed {
    /// Epochs that were seen.
    pub epochs: u64,
    /// More steps are to come.
    pub is_under_way: bool,
    /// What was found, the causes before what follows from them.
    pub findings: Vec<Found>,
    /// What cannot be told.
    pub open: Vec<Question>,
    /// What is to be said where no finding speaks of something wrong.
    pub all_clear: Option<AllClear>,
}

/// A finding in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Found {
    /// Its name, which stays.
    pub code: &'static str,
    /// Its name in words.
    pub name: String,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was measured, and what it means.
    pub text: String,
    /// The same as plain data.
    pub measured: Finding,
    /// What may help.
    pub advice: Vec<Advised>,
    /// Where the threshold comes from.
    pub source: &'static str,
    /// Where it is explained.
    pub page: String,
}

/// What may help.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Advised {
    /// In words, as a button says it.
    pub words: String,
    /// The keys of the recipe that change, with their new values; none where it is no change of a recipe, or takes a search.
    pub recipe: Option<Value>,
    /// It can be done in the middle of the training; else it begins anew.
    pub is_on_the_way: bool,
    /// The learning rate is to be found first: [`crate::Command::FindRate`].
    pub finds_rate: bool,
}

/// What cannot be told, in words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Question {
    /// Its name, which stays.
    pub code: &'static str,
    /// What it is, and why it cannot be told.
    pub text: String,
}

/// That nothing wrong was found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AllClear {
    /// Enough is known to call it healthy.
    pub is_health: bool,
    /// In words.
    pub text: String,
}

impl Diagnosed {
    /// Of this evidence, for a training by these settings.
    pub(crate) fn new(evidence: &Evidence, settings: &Settings, language: Lang) -> Self {
        let findings = diagnose(evidence);
        let clear = all_clear(&findings, &evidence.open_questions(), language);
        let described = Diagnosis::new(&findings, evidence, language, &|advice| worded(advice, language));
        let found = |(finding, described): (&Finding, nablab_diagnosis::DescribedFinding)| Found {
            code: finding.code(),
            name: language.choose(finding.code().replace('-', " "), finding.chinese().to_owned()),
            certainty: described.certainty,
            text: described.text,
            measured: described.measured,
            advice: finding
                .advice(evidence)
                .iter()
                .zip(described.advice)
                .map(|(advice, words)| Advised::new(advice, words, settings))
                .collect(),
            source: described.source,
            page: described.page,
        };
        let question = |DescribedQuestion { code, text }| Question { code, text };
        Self {
            epochs: evidence.epochs,
            is_under_way: evidence.is_under_way,
            findings: findings.iter().zip(described.findings).map(found).collect(),
            open: described.open_questions.into_iter().map(question).collect(),
            all_clear: clear.map(|(is_health, text)| AllClear { is_health, text }),
        }
    }
}

impl Advised {
    fn new(advice: &Advice, words: String, settings: &Settings) -> Self {
        let finds_rate = *advice == Advice::FindLearningRate;
        // What the settings refuse is no change of them.
        let changed = |changes: Changes| {
            let mut changed = settings.clone();
            changes.apply(&mut changed).ok().map(|()| changed)
        };
        let changed = Changes::of(advice).filter(|_| !finds_rate).and_then(changed);
        let is_on_the_way =
            finds_rate || changed.as_ref().is_some_and(|changed| is_for_later(settings, changed));
        Self {
            words,
            recipe: changed.map(|changed| difference(settings, &changed)),
            is_on_the_way,
            finds_rate,
        }
    }
}

/// The keys of a recipe that change, with their new values.
fn difference(before: &Settings, after: &Settings) -> Value {
    let table = |settings: &Settings| -> toml::Table {
        settings.to_toml().parse().expect("a recipe reads what it writes")
    };
    let (before, mut after) = (table(before), table(after));
    after.retain(|key, value| before.get(key) != Some(value));
    serde_json::to_value(after).expect("plain data")
}

/// It changes nothing of how a training begins.
fn is_for_later(before: &Settings, after: &Settings) -> bool {
    let start = |settings: &Settings| (settings.training.init, settings.training.seed);
    goes_on_by(before, after).is_ok() && start(before) == start(after)
}
