//! Formulas: LaTeX as MathML, which browsers set without a script.

use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

use crate::figure::escape;

/// A formula within a line, or on lines of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Line,
    Display,
}

/// The formula as MathML. What is no LaTeX is shown as it is written: a formula that cannot be set is better than none.
pub(super) fn mathml(latex: &str, place: Place) -> String {
    let display_mode = match place {
        Place::Line => DisplayMode::Inline,
        Place::Display => DisplayMode::Block,
    };
    let config = RenderConfig { display_mode, ..RenderConfig::default() };
    let storage = Storage::new();
    let mut out = String::new();
    // The writer goes on after an error and marks it: so all is read before anything is written.
    let is_latex = Parser::new(latex, &storage).all(|event| event.is_ok());
    match is_latex && push_mathml(&mut out, Parser::new(latex, &storage), config).is_ok() {
        true => out,
        false => format!("<code>{}</code>", escape(latex)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latex_becomes_mathml() {
        let out = mathml(r"\mathrm{d}W = \frac{1}{m}\,\mathrm{d}Z\,A^{\mathsf T}", Place::Line);
        assert!(out.starts_with("<math") && out.contains("<mfrac>") && out.ends_with("</math>"), "{out}");
    }

    #[test]
    fn what_cannot_be_set_is_shown() {
        assert_eq!(mathml(r"\frac{1}{<", Place::Display), r"<code>\frac{1}{&lt;</code>");
    }
}
