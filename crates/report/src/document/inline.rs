//! What a line of text may hold besides letters.

use super::formula::{Place, mathml};
use crate::figure::escape;

/// Escaped text with `**strong**`, `` `code` ``, `\\(formulas\\)` and `[links](https://…)`; marks without a partner stay as they are.
pub(super) fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(marked) = Marked::first(rest) {
        out += &escape(&rest[..marked.start]);
        out += &marked.html();
        rest = &rest[marked.end..];
    }
    out + &escape(rest)
}

/// A part of a text that is shown in another way.
struct Marked<'a> {
    start: usize,
    end: usize,
    inside: &'a str,
    mark: Mark<'a>,
}

enum Mark<'a> {
    Strong,
    Code,
    Formula,
    Link(&'a str),
}

impl<'a> Marked<'a> {
    /// The first of a text.
    fn first(text: &'a str) -> Option<Self> {
        let between = |open: &str, close: &str, mark: Mark<'a>| {
            let start = text.find(open)?;
            let inside = start + open.len();
            let length = text[inside..].find(close)?;
            let end = inside + length + close.len();
            Some(Self { start, end, inside: &text[inside..inside + length], mark })
        };
        let marks = [
            between("**", "**", Mark::Strong),
            between("`", "`", Mark::Code),
            between(r"\(", r"\)", Mark::Formula),
            Self::link(text),
        ];
        marks.into_iter().flatten().min_by_key(|marked| marked.start)
    }

    /// `[text](https://…)`; other brackets are text.
    fn link(text: &'a str) -> Option<Self> {
        let middle = text.find("](https://")?;
        let start = text[..middle].rfind('[')?;
        let address = middle + "](".len();
        let length = text[address..].find(')')?;
        let mark = Mark::Link(&text[address..address + length]);
        Some(Self { start, end: address + length + 1, inside: &text[start + 1..middle], mark })
    }

    fn html(&self) -> String {
        let inside = escape(self.inside);
        match self.mark {
            Mark::Strong => format!("<strong>{inside}</strong>"),
            // A flag is not broken behind its dashes.
            Mark::Code if inside.starts_with("--") => format!("<code class=\"flag\">{inside}</code>"),
            Mark::Code => format!("<code>{inside}</code>"),
            Mark::Formula => mathml(self.inside, Place::Line),
            Mark::Link(address) => format!("<a href=\"{}\">{inside}</a>", escape(address)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::inline;

    #[test]
    fn marks_become_tags_and_all_else_is_escaped() {
        assert_eq!(inline("a **b < c** `d & e` f"), "a <strong>b &lt; c</strong> <code>d &amp; e</code> f");
        assert_eq!(inline("2 ** 3 and `"), "2 ** 3 and `");
        assert_eq!(
            inline("[a] (b) [c](https://d.e/f?g&h)."),
            "[a] (b) <a href=\"https://d.e/f?g&amp;h\">c</a>."
        );
        assert!(inline(r"dA \(\circ\) D").starts_with("dA <math"));
        assert_eq!(inline("<script>alert(1)</script>"), "&lt;script&gt;alert(1)&lt;/script&gt;");
    }
}
