//! The records as a deck for a lecture: each item's question, its computation, its result and what to look at, a slide each.

use nablab_report::{Block, Cell, Deck, Lang, Slide};

use crate::record::{Item, LabRecord};

/// Sentences of a summary on one slide.
const SENTENCES: usize = 3;

/// The deck of the records.
///
/// ```
/// use std::num::NonZeroUsize;
/// use nablab_labs::{Lab, Labs, Options, document::deck};
/// use nablab_report::Lang;
/// let mut labs = Labs::new(&Options { labs: vec![Lab::GradientChecking], ..Options::default() })?;
/// labs.train(NonZeroUsize::MIN, &())?;
/// let deck = deck(&labs.records(Lang::En, NonZeroUsize::MIN, &())?, Lang::En);
/// assert_eq!((deck.slides[0].title.as_str(), deck.slides[1].title.as_str()), ("Gradient checking", "One-dimensional gradient check"));
/// # Ok::<(), nablab_labs::LabError>(())
/// ```
pub fn deck(records: &[LabRecord], lang: Lang) -> Deck {
    let slides = records.iter().flat_map(|record| lab(record, lang)).collect();
    Deck { lang, title: lang.choose("nablab: the labs", "nablab 实验").into(), slides }
}

fn lab(record: &LabRecord, lang: Lang) -> Vec<Slide> {
    let part = record.lab.title(lang);
    let mut slides = vec![Slide { title: part.into(), ..Slide::default() }];
    slides.extend(record.items.iter().flat_map(|item| of_item(item, part, lang)));
    let title = lang.choose("What this lab shows", "本实验说明了什么");
    let sentences = record.summary.statements.chunks(SENTENCES);
    slides.extend(sentences.map(|some| slide(title, part, vec![Block::List(some.to_vec())])));
    let shown =
        record.summary.blocks.iter().filter(|block| matches!(block, Block::Figures(_) | Block::Table(_)));
    slides.extend(shown.map(|block| slide(title, part, vec![block.clone()])));
    slides
}

fn of_item(item: &Item, part: &str, lang: Lang) -> Vec<Slide> {
    let lesson = &item.lesson;
    let mut question = vec![Block::Paragraph(lesson.question.clone())];
    if !lesson.formulas.is_empty() {
        question.push(lesson.formulas());
    }
    let mut ideas = vec![question];
    ideas.extend(lesson.computation.iter().map(|block| vec![block.clone()]));
    ideas.extend(result(item));
    let look_at = Block::Paragraph(lesson.look_at.clone());
    match (ideas.last_mut(), lesson.wrong_symbols(lang)) {
        // Beneath the figure that it is about.
        (Some(last), None) if last.iter().any(|block| matches!(block, Block::Figures(_))) => {
            last.push(look_at)
        }
        (_, wrong) => ideas.push([look_at].into_iter().chain(wrong).collect()),
    }
    ideas.into_iter().map(|blocks| slide(&item.title, part, blocks)).collect()
}

/// What an item comes to: its figures, with the sentence that has the numbers; else its notes and its first table, unless all
/// of that is 0.
fn result(item: &Item) -> Vec<Vec<Block>> {
    let of = |is: fn(&Block) -> bool| item.blocks.iter().filter(move |block| is(block)).cloned();
    let figures: Vec<_> = of(|block| matches!(block, Block::Figures(_))).collect();
    let numbers = of(|block| matches!(block, Block::Paragraph(text) if text.contains("**")));
    if let Some((first, others)) = figures.split_first() {
        let with_numbers = numbers.chain([first.clone()]).collect();
        return std::iter::once(with_numbers).chain(others.iter().map(|block| vec![block.clone()])).collect();
    }
    let notes = of(|block| matches!(block, Block::Note { .. }));
    let tables = of(|block| matches!(block, Block::Table(_))).filter(says_something).take(1);
    notes.chain(tables).map(|block| vec![block]).collect()
}

/// A table of zeros is no result to look at.
fn says_something(block: &Block) -> bool {
    let Block::Table(table) = block else { return true };
    let numbers = table.rows.iter().flatten().filter_map(|cell| match cell {
        Cell::Number(value, _) => Some(*value),
        _ => None,
    });
    let numbers: Vec<f64> = numbers.collect();
    numbers.is_empty() || numbers.iter().any(|value| *value != 0.0)
}

fn slide(title: &str, part: &str, blocks: Vec<Block>) -> Slide {
    Slide { title: title.to_owned(), part: part.to_owned(), blocks }
}
