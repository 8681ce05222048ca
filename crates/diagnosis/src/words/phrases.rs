//! What sentences are put together of.

use nablab_report::{Lang, number};

use crate::Score;

/// A name from a table, of which a terminal takes no orders.
pub(crate) fn name(text: &str) -> String {
    let safe = |c: char| if c.is_control() { c.escape_default().collect() } else { c.to_string() };
    text.chars().map(safe).collect()
}

impl Score {
    /// What it is called.
    pub fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::Accuracy => lang.choose("accuracy", "准确率"),
            Self::R2 => "R²",
        }
    }

    pub(crate) fn number(self, v: f64) -> String {
        match self {
            Self::Accuracy => percent(v),
            Self::R2 => n(v),
        }
    }
}

pub(super) fn n(v: f64) -> String {
    number(v, 3)
}

pub(super) fn percent(share: f64) -> String {
    format!("{} %", number(100.0 * share, 3))
}

/// Which rows.
pub(super) fn which(is_held_out: bool, lang: Lang) -> &'static str {
    match is_held_out {
        true => lang.choose("held out", "留出行"),
        false => lang.choose("learned from", "训练行"),
    }
}

/// Since when.
pub(super) fn after(epoch: u64, lang: Lang) -> String {
    match epoch {
        0 => lang.choose("before the first step", "第一步之前就如此").to_owned(),
        _ => lang.choose(format!("epoch {epoch}"), format!("自第 {epoch} 轮起")),
    }
}
