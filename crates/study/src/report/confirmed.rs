//! Is the best really better, and how much does it hang on each value?

use nablab_report::{Block, Cell, Kind, Lang, Section, Table, number};

use super::{DIGITS, Results};
use crate::confirm::{Candidate, Confirmation, difference};

/// The top ones over new seeds, compared with the first; and the neighbours of the best.
pub(super) fn section(results: &Results<'_>, lang: Lang) -> Option<Section> {
    let confirmation = results.confirmation?;
    let best = confirmation.candidates.first()?;
    let seeds = best.values.len();
    let mut blocks = Vec::new();
    if let Some(note) = verdict(confirmation, best, lang) {
        blocks.push(note);
    }
    blocks.push(Block::Table(candidates(confirmation, best, seeds, lang)));
    if !confirmation.neighbours.is_empty() {
        blocks.push(Block::Paragraph(lang.choose(
            "Around the best: what becomes of it when one value changes. A difference whose interval holds 0 may be \
             chance."
                .into(),
            "最优配方附近的敏感性：每次仅改变一个取值。若差值的区间包含 0，则可能只是偶然。".into(),
        )));
        blocks.push(Block::Table(neighbours(confirmation, results, lang)));
    }
    Some(super::section("confirmed", lang.choose("Is the best really better?", "最优者确实更好吗？"), blocks))
}

fn from_to((low, high): (f64, f64), digits: usize) -> String {
    format!("{} … {}", number(low, digits), number(high, digits))
}

/// An interval, or a dash where there is none.
fn interval_cell(interval: Option<(f64, f64)>, digits: usize) -> Cell {
    interval.map_or_else(|| Cell::text("–"), |interval| Cell::text(from_to(interval, digits)))
}

/// Compared with the first trial.
fn verdict(confirmation: &Confirmation, best: &Candidate, lang: Lang) -> Option<Block> {
    let first = confirmation.first().filter(|first| first.trial != best.trial)?;
    let interval = difference(&best.values, &first.values)?;
    let sign = if confirmation.maximize { 1.0 } else { -1.0 };
    let worst = if confirmation.maximize { interval.0 } else { -interval.1 };
    let (by, interval) = (best.mean() - first.mean(), from_to(interval, 3));
    let (kind, title) = match (worst > 0.0, sign * by > 0.0) {
        (true, _) => (Kind::Good, lang.choose("Yes, better than the first trial.", "是的，优于首个试验。")),
        (false, true) => (
            Kind::Info,
            lang.choose("Perhaps: the difference may be chance.", "尚不能确定：差异可能出于偶然。"),
        ),
        (false, false) => (Kind::Bad, lang.choose("No: it was lucky.", "否：只是运气好。")),
    };
    let (trial, compared, seeds, by) = (best.trial, first.trial, best.values.len(), number(by, 3));
    let metric = &confirmation.metric;
    let text = lang.choose(
        format!(
            "Over {seeds} seeds that the search has not seen, trial {trial} differs from trial {compared} by {by} in {metric}; 95 % interval \
             {interval}, seed by seed."
        ),
        format!(
            "在搜索未使用过的 {seeds} 个随机种子上，第 {trial} 号试验与第 {compared} 号试验的 {metric} 相差 {by}；逐种子配对的 95% 置信区间为 {interval}。"
        ),
    );
    Some(Block::Note { kind, title: title.into(), text })
}

fn candidates(confirmation: &Confirmation, best: &Candidate, seeds: usize, lang: Lang) -> Table {
    let row = |candidate: &Candidate| {
        let to_best = difference(&best.values, &candidate.values).filter(|_| candidate.trial != best.trial);
        vec![
            Cell::Number(candidate.trial as f64, 9),
            Cell::Number(candidate.mean(), DIGITS),
            interval_cell(candidate.interval(), DIGITS),
            interval_cell(to_best, 3),
        ]
    };
    Table {
        caption: lang.choose(
            format!("{} over {seeds} new seeds, and the best minus each, seed by seed", confirmation.metric),
            format!("{seeds} 个新随机种子上的 {}，以及最优者与各试验逐种子之差", confirmation.metric),
        ),
        columns: [
            lang.choose("trial", "试验"),
            lang.choose("mean", "均值"),
            lang.choose("95 % interval", "95% 置信区间"),
            lang.choose("best minus this, 95 % interval", "最优者减去该试验，95% 置信区间"),
        ]
        .map(str::to_owned)
        .to_vec(),
        rows: confirmation.candidates.iter().map(row).collect(),
    }
}

fn neighbours(confirmation: &Confirmation, results: &Results<'_>, lang: Lang) -> Table {
    let center = confirmation.candidates.first();
    let found = results.trials.iter().find(|trial| center.is_some_and(|c| c.trial == trial.number));
    let rows = confirmation
        .neighbours
        .iter()
        .map(|neighbour| {
            let domain =
                results.study.space.parameter(&neighbour.parameter).map(|parameter| &parameter.domain);
            let show = |value| domain.map_or_else(|| number(value, DIGITS), |domain| domain.show(value));
            let before =
                found.and_then(|best| best.point.get(&neighbour.parameter)).map(|&value| show(value));
            let change = center.and_then(|c| difference(&neighbour.values, &c.values));
            vec![
                Cell::text(neighbour.parameter.clone()),
                Cell::text(format!("{} → {}", before.unwrap_or_default(), show(neighbour.value))),
                Cell::Number(neighbour.mean(), DIGITS),
                interval_cell(change, 3),
            ]
        })
        .collect();
    Table {
        caption: lang.choose("The best with one value changed", "仅改变一个取值").into(),
        columns: [
            lang.choose("parameter", "参数"),
            lang.choose("change", "变化"),
            lang.choose("mean", "均值"),
            lang.choose("difference, 95 % interval", "差值，95% 置信区间"),
        ]
        .map(str::to_owned)
        .to_vec(),
        rows,
    }
}
