//! A study as a page: what was searched, what was found, what decided, and whether the best is really better.

mod confirmed;
mod figures;
mod words;

pub use words::counts;

use nablab_report::{Block, Cell, Document, Kind, Lang, Section, Table, number};

use crate::confirm::Confirmation;
use crate::importance::importances;
use crate::plan::Study;
use crate::space::Parameter;
use crate::storage::Record;
use crate::trial::{Direction, State, Trial, best, first, leaders};

/// What a page is made of.
#[derive(Clone, Copy, Debug)]
pub struct Results<'a> {
    /// How it was searched.
    pub study: &'a Study,
    /// The study as storage has it.
    pub record: &'a Record,
    /// All trials.
    pub trials: &'a [Trial],
    /// The best, trained again; nothing if nobody has.
    pub confirmation: Option<&'a Confirmation>,
}

/// Digits of a number.
const DIGITS: usize = 4;
/// Parameters that get a figure of their own.
const MOST_SLICES: usize = 8;

impl Results<'_> {
    fn direction(&self) -> Direction {
        self.record.direction()
    }

    fn metric(&self) -> &str {
        self.record.metrics.first().map_or("value", String::as_str)
    }
}

/// The page.
pub fn document(results: &Results<'_>, lang: Lang) -> Document {
    let importances = importances(&results.study.space, results.trials, results.direction());
    let mut sections = vec![overview(results, lang)];
    sections.extend(confirmed::section(results, lang));
    sections.extend(recipe(results, lang));
    sections.push(section(
        "history",
        lang.choose("How the search went", "搜索过程"),
        vec![Block::Figures(vec![figures::history(results, lang), figures::curves(results, lang)])],
    ));
    sections.extend(what_decides(results, &importances, lang));
    sections.push(table(results, lang));
    sections.push(searched(results, lang));
    let tried = results.trials.iter().filter(|trial| trial.state != State::Waiting).count();
    let metrics = results.record.metrics.join(lang.choose(" and ", "、"));
    Document {
        lang,
        title: results.record.name.clone(),
        subtitle: lang.choose(
            format!("A study: {tried} trials in search of the best {metrics}."),
            format!("超参数搜索：{tried} 次试验，目标为 {metrics}。"),
        ),
        made_by: format!("nablab {}", env!("CARGO_PKG_VERSION")),
        sections,
    }
}

fn section(id: &str, title: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.into(), title: title.into(), blocks, sections: Vec::new() }
}

fn overview(results: &Results<'_>, lang: Lang) -> Section {
    let counts = lang.choose("Trials: ", "试验：").to_owned() + &counts(results.trials, lang);
    let Some(found) = best(results.trials, &results.record.directions) else {
        let text = lang.choose("No trial has come to its end yet.", "尚无完成的试验。").to_owned();
        let note = Block::Note { kind: Kind::Info, title: counts, text };
        return section("overview", lang.choose("Overview", "概览"), vec![note]);
    };
    let value = number(found.values[0], DIGITS);
    let metric = results.metric();
    let mut text = vec![lang.choose(
        format!("The best is trial {}: {metric} {value}.", found.number),
        format!("最优为第 {} 号试验：{metric} = {value}。", found.number),
    )];
    if let Some(first) = first(results.trials).filter(|first| first.number != found.number) {
        let value = number(first.values[0], DIGITS);
        text.push(lang.choose(
            format!("Trial 0, the first one tried, has {value}."),
            format!("最先尝试的第 0 号试验为 {value}。"),
        ));
    }
    let note = Block::Note { kind: Kind::Good, title: counts, text: text.join(lang.choose(" ", "")) };
    let caution = Block::Paragraph(lang.choose(
        "The best of many was also lucky: its value here is what it was chosen by. What it is worth on other rows and with \
         other seeds is measured by `nablab study confirm`."
            .into(),
        "从众多试验中选出的最优者也有运气成分：此处的数值正是其入选依据。其在其他样本与其他随机种子上的真实水平，由 \
         `nablab study confirm` 测定。"
            .into(),
    ));
    let mut blocks = vec![note];
    if results.confirmation.is_none() {
        blocks.push(caution);
    }
    section("overview", lang.choose("Overview", "概览"), blocks)
}

/// The recipe to train again.
fn recipe(results: &Results<'_>, lang: Lang) -> Option<Section> {
    let confirmed = results.confirmation.and_then(|confirmation| confirmation.candidates.first());
    let chosen = match confirmed {
        Some(candidate) => results.trials.iter().find(|trial| trial.number == candidate.trial)?,
        None => best(results.trials, &results.record.directions)?,
    };
    let settings = results.study.settings(&chosen.point).ok()?;
    let words = lang.choose(
        format!(
            "The recipe of trial {}, to be trained with `nablab train --recipe best.toml`.",
            chosen.number
        ),
        format!("第 {} 号试验的配方，可用 `nablab train --recipe best.toml` 重新训练。", chosen.number),
    );
    let blocks = vec![Block::Paragraph(words), Block::Code(settings.to_toml())];
    Some(section("recipe", lang.choose("The best recipe", "最优配方"), blocks))
}

fn what_decides(results: &Results<'_>, importances: &[(String, f64)], lang: Lang) -> Option<Section> {
    if importances.is_empty() {
        return None;
    }
    let mut blocks = vec![
        Block::Paragraph(lang.choose(
            "How much each parameter decides: where the values of the best tenth lie elsewhere than those of all trials, it \
             matters (PED-ANOVA). Shares of the whole."
                .into(),
            "各参数的重要性：若最优的十分之一试验的取值分布明显不同于全部试验，则该参数重要（PED-ANOVA）。数值为占比。".into(),
        )),
        Block::Figures(vec![figures::importances(importances, lang)]),
    ];
    let named: Vec<&str> = importances.iter().map(|(name, _)| name.as_str()).take(MOST_SLICES).collect();
    let slices: Vec<_> = named.iter().filter_map(|name| figures::slice(results, name, lang)).collect();
    blocks.push(Block::Figures(slices));
    let mut wide = vec![figures::parallel(results, &named, lang)];
    wide.extend(figures::contour(results, importances, lang));
    blocks.push(Block::Figures(wide));
    Some(section("importance", lang.choose("What decides", "参数的影响"), blocks))
}

/// The best trials.
fn table(results: &Results<'_>, lang: Lang) -> Section {
    const MOST: usize = 20;
    let several = results.record.directions.len() > 1;
    let leaders = leaders(results.trials, &results.record.directions);
    let mut columns = vec![lang.choose("trial", "试验").to_owned()];
    columns.extend(results.record.metrics.iter().cloned());
    let is_there = |parameter: &&Parameter| {
        leaders.iter().take(MOST).any(|trial| trial.point.contains_key(&parameter.name))
    };
    let parameters: Vec<&Parameter> = results.study.space.parameters().iter().filter(is_there).collect();
    columns.extend(parameters.iter().map(|parameter| parameter.name.clone()));
    let row = |trial: &&Trial| {
        let mut cells = vec![Cell::Number(trial.number as f64, 9)];
        cells.extend((0..results.record.metrics.len()).map(|k| match trial.values.get(k) {
            Some(&value) => Cell::Number(value, DIGITS),
            None => Cell::text("–"),
        }));
        cells.extend(parameters.iter().map(|parameter| match trial.point.get(&parameter.name) {
            Some(&value) if parameter.domain.is_choice() => Cell::text(parameter.domain.show(value)),
            Some(&value) => Cell::Number(value, DIGITS),
            None => Cell::text("–"),
        }));
        cells
    };
    let rows: Vec<_> = leaders.iter().take(MOST).map(row).collect();
    let caption = match several {
        true => lang.choose(
            "Trials than which no other is better in one metric and as good in all",
            "帕累托前沿：没有其他试验能在不损失任何指标的情况下更优",
        ),
        false => lang.choose("The best trials", "最优的若干试验"),
    };
    let caption = caption.to_owned();
    section("trials", lang.choose("Trials", "试验"), vec![Block::Table(Table { caption, columns, rows })])
}

/// What was searched, to search again.
fn searched(results: &Results<'_>, lang: Lang) -> Section {
    section(
        "study",
        lang.choose("What was searched", "搜索空间"),
        vec![Block::Code(results.study.text.clone())],
    )
}
