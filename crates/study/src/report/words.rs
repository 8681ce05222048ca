//! Sentences of the page.

use nablab_report::Lang;

use crate::trial::{State, Trial};

/// How many trials came to which end.
pub fn counts(trials: &[Trial], lang: Lang) -> String {
    let parts = [
        (State::Complete, "completed", "完成"),
        (State::Pruned, "pruned", "提前终止"),
        (State::Fail, "failed", "失败"),
        (State::Running, "running", "进行中"),
        (State::Waiting, "waiting", "等待"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .map(|(state, en, zh)| (trials.iter().filter(|trial| trial.state == state).count(), en, zh))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, en, zh)| lang.choose(format!("{count} {en}"), format!("{zh} {count} 次")))
        .collect();
    match said.is_empty() {
        true => lang.choose("no trials", "尚无试验").into(),
        false => said.join(lang.choose(", ", "，")),
    }
}
