//! Sentences of the page.

use nablab_report::Lang;

use super::Told;
use crate::trial::State;

/// How many trials came to which end.
pub(super) fn counts(told: &Told<'_>, lang: Lang) -> String {
    let parts = [
        (State::Complete, "to the end", "完成"),
        (State::Pruned, "given up early", "提前终止"),
        (State::Fail, "failed", "失败"),
        (State::Running, "running", "进行中"),
        (State::Waiting, "waiting", "等待"),
    ];
    let said: Vec<String> = parts
        .into_iter()
        .map(|(state, en, zh)| (told.count(state), en, zh))
        .filter(|(count, ..)| *count > 0)
        .map(|(count, en, zh)| lang.choose(format!("{count} {en}"), format!("{zh} {count} 次")))
        .collect();
    match said.is_empty() {
        true => lang.choose("No trials", "尚无试验").into(),
        false => {
            let trials = lang.choose("Trials: ", "试验：");
            trials.to_owned() + &said.join(lang.choose(", ", "，"))
        }
    }
}
