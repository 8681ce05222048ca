//! A deck: one idea a screen, in letters that are read from the last row.

use std::fmt::Write as _;

use super::Block;
use super::html::{GENERATOR, Words, block};
use super::inline::inline;
use super::style::{CSS, SLIDES_CSS, SLIDES_SCRIPT};
use crate::Lang;
use crate::figure::escape;

/// Slides, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Deck {
    /// Language of its words.
    pub lang: Lang,
    /// Name of the deck.
    pub title: String,
    /// In order.
    pub slides: Vec<Slide>,
}

/// One idea.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Slide {
    /// What it is about.
    pub title: String,
    /// In small letters beside it: where in the lecture one is.
    pub part: String,
    /// In order; a slide without any opens a part.
    pub blocks: Vec<Block>,
}

/// The whole deck as one page that needs nothing but itself. Without scripts it is read by scrolling.
///
/// ```
/// use nablab_report::{Block, Deck, Slide, slides};
/// let slide = Slide { title: "Dropout".into(), blocks: vec![Block::Paragraph("A ∘ D / k".into())], ..Slide::default() };
/// let page = slides(&Deck { title: "Regularization".into(), slides: vec![slide], ..Deck::default() });
/// assert!(page.starts_with("<!DOCTYPE html>") && page.contains("<p>A ∘ D / k</p>") && page.contains("1 / 1"));
/// ```
pub fn slides(deck: &Deck) -> String {
    let words = Words::of(deck.lang);
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n{GENERATOR}\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{}</title>\n\
         <style>{CSS}{SLIDES_CSS}</style>\n</head>\n<body>\n",
        words.lang,
        escape(&deck.title)
    );
    for (i, slide) in deck.slides.iter().enumerate() {
        let class = if slide.blocks.is_empty() { "slide title" } else { "slide" };
        let part = if slide.part.is_empty() {
            String::new()
        } else {
            format!("<small>{}</small>", escape(&slide.part))
        };
        // `slides.html#91` opens slide 91.
        let number = i + 1;
        let _ = writeln!(
            out,
            "<section id=\"{number}\" class=\"{class}\"><h2>{part}{}</h2>",
            inline(&slide.title)
        );
        slide.blocks.iter().for_each(|part| block(&mut out, part, &words));
        let _ = writeln!(out, "<span class=\"number\">{number} / {}</span></section>", deck.slides.len());
    }
    let _ = write!(out, "<script>{SLIDES_SCRIPT}</script>\n</body>\n</html>\n");
    out
}
