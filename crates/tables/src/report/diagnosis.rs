//! What is wrong with the training, what may help, and what cannot be told.

use nablab_diagnosis::{Advice, Certainty, Evidence, Finding, all_clear, diagnose};
use nablab_report::{Block, Kind, Lang, Section};

use super::section;

/// The findings, with what may help in the words of a door.
pub(super) fn findings(evidence: &Evidence, lang: Lang, worded: &dyn Fn(&Advice) -> String) -> Section {
    let findings = diagnose(evidence);
    let mut blocks: Vec<Block> =
        findings.iter().map(|finding| note(finding, evidence, lang, worded)).collect();
    let questions = evidence.open_questions();
    if let Some((is_health, text)) = all_clear(&findings, &questions, lang) {
        let (kind, title) = match is_health {
            true => (Kind::Good, lang.choose("Nothing wrong", "没有问题")),
            false => (Kind::Info, lang.choose("Nothing found", "没有发现")),
        };
        let text = lang.choose(format!("{}.", capital(&text)), format!("{text}。"));
        blocks.insert(0, Block::Note { kind, title: title.into(), text });
    }
    for question in questions {
        let title = lang.choose("What cannot be told", "无法判断的").into();
        let text = question.sentence(lang);
        let text = lang.choose(format!("{}.", capital(&text)), format!("{text}。"));
        blocks.push(Block::Note { kind: Kind::Info, title, text });
    }
    if !findings.is_empty() {
        blocks.push(Block::Paragraph(
            lang.choose(
                "The handbook explains each of these names: `docs/handbook/diagnosis.md`.",
                "手册逐一解释了这些名称：`docs/handbook/diagnosis.zh.md`。",
            )
            .into(),
        ));
    }
    section("diagnosis", lang.choose("Diagnosis", "诊断"), blocks)
}

fn note(finding: &Finding, evidence: &Evidence, lang: Lang, worded: &dyn Fn(&Advice) -> String) -> Block {
    let mut text = finding.sentence(lang);
    let advice: Vec<String> =
        finding.advice(evidence).iter().map(|advice| format!("`{}`", worded(advice))).collect();
    if !advice.is_empty() {
        text += &lang.choose(
            format!(" May help: {}.", advice.join(" or ")),
            format!("可尝试：{}。", advice.join(" 或 ")),
        );
    }
    let code = finding.code();
    let title = lang.choose(code.to_owned(), format!("{}（{code}）", finding.chinese()));
    let kind = if finding.certainty() == Certainty::Note { Kind::Info } else { Kind::Bad };
    Block::Note { kind, title, text }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |first| first.to_uppercase().chain(chars).collect())
}
