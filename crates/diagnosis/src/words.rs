//! What sentences are put together of.

use nablab_report::{Lang, number};

/// A name from a table, of which a terminal takes no orders.
pub(crate) fn name(text: &str) -> String {
    let safe = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    text.chars().map(safe).collect()
}

pub(crate) fn n(v: f64) -> String {
    number(v, 3)
}

pub(crate) fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share, 3))
}

/// Which rows.
pub(crate) fn which(is_held_out: bool, lang: Lang) -> &'static str {
    match is_held_out {
        true => lang.choose("held out", "留出行"),
        false => lang.choose("learned from", "训练行"),
    }
}

/// Since when.
pub(crate) fn after(epoch: u64, lang: Lang) -> String {
    match epoch {
        0 => lang.choose("before the first step", "第一步之前就如此").to_owned(),
        _ => lang.choose(format!("epoch {epoch}"), format!("自第 {epoch} 轮起")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Finding;
    use crate::findings::LeakingFeature;

    #[test]
    fn a_name_gives_no_orders() {
        let leak: Finding = LeakingFeature { column: "a\u{1b}[31m\n".into(), alone: 1.0 }.into();
        let said = leak.sentence(Lang::En);
        assert!(!said.chars().any(char::is_control) && said.contains("\\u{1b}[31m\\n"), "{said}");
    }
}
