//! What turned knobs change: each training with turned knobs beside the course's, with the settings that differ, the
//! numbers, and over seeds whether the difference is more than luck.

mod changes;
mod figures;
mod twin;

use nablab_report::{Block, Cell, Lang, Table};
use serde::Serialize;

use crate::experiment::Experiment;
use crate::pairs::Judgement;
use crate::seeds;
use crate::strip_plot::strip_figure;
use crate::summary::{self, Measure};
use crate::variant::{Run, Variant};
use crate::verdict::Verdict;
use twin::{Twin, twins};

/// What turned knobs change in a lab.
#[derive(Clone, Debug, Serialize)]
pub struct Turned {
    /// What the lab judges by.
    pub measure: &'static str,
    /// Sentences computed from the runs and the seeds: first one per training whether it is better, worse, or cannot be told.
    pub statements: Vec<String>,
    /// Per training with turned knobs: the one beside it, the settings that differ, the numbers of both, and what the seeds say.
    pub trainings: Vec<serde_json::Value>,
    /// How the report shows it.
    #[serde(skip)]
    pub blocks: Vec<Block>,
}

/// What turned knobs change, told with the lab's own statements; none where none is turned.
pub(crate) fn turned(
    experiment: &Experiment,
    measure: Measure,
    statements: fn(&Experiment, Lang) -> Vec<String>,
    lang: Lang,
) -> Option<Turned> {
    let twins = twins(experiment, measure, lang);
    if twins.is_empty() {
        return None;
    }
    let told = |twin: &Twin<'_>| [Some(twin.headline(lang)), twin.exceptions(lang)];
    let told = twins.iter().flat_map(told).flatten();
    let headlines: Vec<_> = in_one_line(&twins, measure, lang).into_iter().chain(told).collect();
    let over_seeds = over_seeds(&twins, lang);
    // The lab's own sentences with the turned trainings in their places; what the course's say, too, is no news.
    let all = |lab: &Experiment| summary::with_blow_ups(lab, statements(lab, lang), lang);
    let known = all(experiment);
    let of_lab: Vec<_> =
        all(&experiment.turned()).into_iter().filter(|statement| !known.contains(statement)).collect();

    let mut blocks = vec![Block::List(headlines.clone()), Block::Table(run_table(experiment, &twins, lang))];
    let found = twins.iter().flat_map(|twin| Verdict::of(twin.turned.0, twin.turned.1).sentences(lang));
    let lists = [of_lab.clone(), found.collect()].into_iter().filter(|list| !list.is_empty());
    blocks.extend(lists.map(Block::List));
    blocks.extend(twins.iter().flat_map(|twin| figures::of(twin, experiment, lang)));
    if !over_seeds.is_empty() {
        let rows: Vec<_> = twins
            .iter()
            .flat_map(|twin| [twin.course, twin.turned])
            .map(|(v, _, seeds)| (v, seeds))
            .collect();
        blocks.push(Block::List(over_seeds.clone()));
        blocks.push(Block::Table(seeds::table(&rows, lang)));
        blocks.push(Block::Figures(vec![strip_figure(experiment.lab, &rows, measure, lang)]));
    }
    Some(Turned {
        measure: measure.key(),
        statements: [headlines, of_lab, over_seeds].concat(),
        trainings: twins.iter().map(Twin::json).collect(),
        blocks,
    })
}

/// Several trainings by what the knobs have made of them, by the lab's own measure; nothing without seeds.
fn in_one_line(twins: &[Twin<'_>], measure: Measure, lang: Lang) -> Option<String> {
    let of = |wanted: Judgement| -> Option<String> {
        let is = |twin: &&Twin<'_>| twin.judgement(0) == Some(wanted);
        let names: Vec<_> = twins.iter().filter(is).map(|twin| twin.course.0.name(lang)).collect();
        let names = names.join(lang.choose(", ", "、"));
        let word = wanted.words(lang);
        (!names.is_empty()).then(|| lang.choose(format!("{word}: {names}"), format!("{word}：{names}")))
    };
    let all = [
        Judgement::Better,
        Judgement::Worse,
        Judgement::Negligible,
        Judgement::Same,
        Judgement::CannotBeTold,
    ];
    let parts: Vec<_> = all.into_iter().filter_map(of).collect();
    let (what, parts) = (measure.name(lang), parts.join(lang.choose("; ", "；")));
    (twins.len() > 1 && !parts.is_empty()).then(|| {
        lang.choose(
            format!("What the knobs make of the trainings, by {what}: {parts}."),
            format!("调整设置后各方案的{what}：{parts}。"),
        )
    })
}

/// What the seeds say of each pair.
fn over_seeds(twins: &[Twin<'_>], lang: Lang) -> Vec<String> {
    let Some(level) = twins[0].pairs.first().map(|pair| pair.level) else { return Vec::new() };
    let count = twins[0].turned.2.len();
    if let Some(few) = seeds::too_few(count, level, lang) {
        return vec![few];
    }
    let variants: Vec<_> = twins.iter().flat_map(|twin| [twin.course.0, twin.turned.0]).collect();
    let comparisons = twins.iter().map(|twin| twin.pairs.len()).sum();
    let what = lang.choose(
        "each training with turned knobs is compared with the course's by each measure",
        "每个调整后的方案与课程的方案按每项指标",
    );
    let mut statements = vec![seeds::introduction(&variants, what, count, comparisons, lang)];
    statements.extend(twins.iter().flat_map(|twin| &twin.pairs).map(|pair| pair.statement(lang)));
    statements
}

/// The course's run, the turned one, and the difference of each.
fn run_table(experiment: &Experiment, twins: &[Twin<'_>], lang: Lang) -> Table {
    let mut columns = summary::columns(experiment, lang);
    columns.insert(1, lang.choose("Settings", "设置").to_owned());
    let row = |variant: &Variant, run: &Run, settings: String| {
        let mut row = summary::row(variant, run, lang);
        row.insert(1, Cell::text(settings));
        row
    };
    let rows = twins.iter().flat_map(|twin| {
        let ((course, before, _), (turned, after, _)) = (twin.course, twin.turned);
        let settings = |of: fn(&changes::Change) -> &String| {
            let all = twin.changes.iter().map(|change| format!("{} {}", change.name, of(change)));
            all.collect::<Vec<_>>().join(lang.choose(", ", "、"))
        };
        let (first, second) = (
            row(course, before, settings(|change| &change.course)),
            row(turned, after, settings(|change| &change.turned)),
        );
        let difference = first.iter().zip(&second).enumerate().map(|(i, cells)| match cells {
            (Cell::Number(before, _), Cell::Number(after, _)) => Cell::Number(after - before, 3),
            _ if i == 0 => Cell::text(lang.choose("difference", "差值")),
            _ => Cell::text(""),
        });
        let difference = difference.collect();
        [first, second, difference]
    });
    let with_seed = lang.choose(
        "The course's run and the one with turned knobs, both with the course's seed (cost: mean loss on the training set \
         after training, dropout off)",
        "课程的训练与调整后的训练，使用相同的课程种子（代价：训练结束后训练集上的平均损失，关闭 dropout）",
    );
    Table { caption: with_seed.to_owned(), columns, rows: rows.collect() }
}
