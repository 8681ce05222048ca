//! A diagnosis for reading: each finding in words, with what may help in the words of whoever shows it.

use nablab_report::Lang;
use serde::Serialize;

use crate::{Advice, Certainty, Evidence, Finding, OpenQuestion, all_clear};

/// A diagnosis in a language: what was found, and what cannot be told.
///
/// ```
/// use nablab_diagnosis::{Advice, Diagnosis, Evidence, Fit, diagnose};
/// use nablab_report::Lang;
/// let fit = |rows, loss, deviation, metric| Some(Fit { rows, loss, deviation, metric });
/// let evidence = Evidence {
///     train: fit(1000, 0.01, 0.05, 1.0),
///     validation: fit(500, 0.9, 1.5, 0.8),
///     ..Evidence::default()
/// };
/// let diagnosis = Diagnosis::new(&diagnose(&evidence), &evidence, Lang::En, &Advice::flags);
/// assert_eq!(diagnosis.findings[0].code, "overfitting");
/// let text = diagnosis.text();
/// assert!(text.starts_with("overfitting (likely)\n  "), "{text}");
/// assert!(text.contains("\n  try: --") && text.contains("\ncannot be told: "), "{text}");
/// let chinese = Diagnosis::new(&diagnose(&evidence), &evidence, Lang::Zh, &Advice::flags).text();
/// assert!(chinese.starts_with("过拟合（overfitting，很可能）\n  "), "{chinese}");
/// ```
#[derive(Clone, Debug, Serialize)]
pub struct Diagnosis {
    schema: &'static str,
    /// What was found, the causes before what follows from them.
    pub findings: Vec<DescribedFinding>,
    /// What cannot be told.
    #[serde(rename = "cannot_be_told")]
    pub open_questions: Vec<DescribedQuestion>,
    /// What is said where nothing is wrong.
    #[serde(skip)]
    all_clear: Option<String>,
    #[serde(skip)]
    lang: Lang,
}

/// A finding in words.
#[derive(Clone, Debug, Serialize)]
pub struct DescribedFinding {
    /// Its name, which stays.
    pub code: &'static str,
    /// How sure it is.
    pub certainty: Certainty,
    /// What was measured, and what it means.
    pub text: String,
    /// The same as plain data.
    pub measured: Finding,
    /// What may help.
    pub advice: Vec<String>,
    /// Where the threshold comes from.
    pub source: &'static str,
    /// Where it is explained.
    pub page: String,
}

/// What cannot be told, in words.
#[derive(Clone, Debug, Serialize)]
pub struct DescribedQuestion {
    /// Its name, which stays.
    pub code: &'static str,
    /// What it is, and why it cannot be told.
    pub text: String,
}

impl Diagnosis {
    /// Of findings that were made of this evidence. `worded` says what is advised: as flags, arguments, or the words of a button.
    pub fn new(
        findings: &[Finding],
        evidence: &Evidence,
        lang: Lang,
        worded: &dyn Fn(&Advice) -> String,
    ) -> Self {
        let described = |finding: &Finding| DescribedFinding {
            code: finding.code(),
            certainty: finding.certainty(),
            text: finding.sentence(lang),
            measured: finding.clone(),
            advice: finding.advice(evidence).iter().map(worded).collect(),
            source: finding.source(),
            page: finding.page(lang),
        };
        let question = |question: &OpenQuestion| DescribedQuestion {
            code: question.code(),
            text: question.sentence(lang),
        };
        let questions = evidence.open_questions();
        Self {
            schema: "nablab.diagnosis/1",
            findings: findings.iter().map(described).collect(),
            open_questions: questions.iter().map(question).collect(),
            all_clear: all_clear(findings, &questions, lang).map(|(_, text)| text),
            lang,
        }
    }

    /// A paragraph for each finding, and a line for what cannot be told.
    pub fn text(&self) -> String {
        let clear = self.all_clear.iter().map(|text| format!("{text}\n"));
        let findings = self.findings.iter().map(|finding| finding.paragraph(self.lang));
        let cannot = self.lang.choose("cannot be told: ", "无法判断：");
        let questions = self.open_questions.iter().map(|question| format!("{cannot}{}\n", question.text));
        let parts = clear.chain(findings).chain([questions.collect()]);
        parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n")
    }
}

impl DescribedFinding {
    fn paragraph(&self, lang: Lang) -> String {
        let certainty = match self.certainty {
            Certainty::Certain => lang.choose("certain", "确定"),
            Certainty::Likely => lang.choose("likely", "很可能"),
            Certainty::Note => lang.choose("worth knowing", "供参考"),
        };
        let [tries, more] = lang.choose(["try: ", "more: "], ["可尝试：", "详见："]);
        let advice: String = self.advice.iter().map(|advice| format!("  {tries}{advice}\n")).collect();
        let (code, name) = (self.code, self.measured.chinese());
        let heading = lang.choose(format!("{code} ({certainty})"), format!("{name}（{code}，{certainty}）"));
        format!("{heading}\n  {}\n{advice}  {more}{}\n", self.text, self.page)
    }
}
