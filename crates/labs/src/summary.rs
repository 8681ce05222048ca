//! Variants side by side: the table of a lab, and over many seeds medians, quartiles and paired tests.

use nablab_report::{Block, Cell, Lang, Table, number};
use serde_json::{Map, json};

use crate::experiment::{Run, Variant};
use crate::record::{Number, Summary};
use crate::statistics::{quantile, share_of_wins, wilcoxon};
use crate::study::{Outcome, Study};

/// Two variants differ if chance alone would differ as much in fewer than one of twenty labs, the pairs of a
/// lab counted together (Bonferroni).
const SIGNIFICANCE: f64 = 0.05;

/// What a lab judges its variants by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Higher is better.
    TestAccuracy,
    /// Higher is better.
    TrainAccuracy,
    /// Mean loss on the training set; lower is better.
    Cost,
}

impl Measure {
    fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::TestAccuracy => lang.choose("test accuracy", "测试准确率"),
            Self::TrainAccuracy => lang.choose("training accuracy", "训练准确率"),
            Self::Cost => lang.choose("final cost", "最终代价"),
        }
    }

    fn of(self, outcome: &Outcome) -> Option<f64> {
        match self {
            Self::TestAccuracy => outcome.test_accuracy,
            Self::TrainAccuracy => Some(outcome.train_accuracy),
            Self::Cost => Some(outcome.cost),
        }
    }

    /// Turned so that higher is better.
    fn score(self, value: f64) -> f64 {
        if self == Self::Cost { -value } else { value }
    }
}

/// The variants that are compared, with their runs and seeds.
pub(crate) fn compared(study: &Study) -> impl Iterator<Item = (&Variant, &Run, &[Outcome])> {
    let runs = study.variants.iter().zip(&study.runs).zip(&study.seeds);
    runs.map(|((variant, run), seeds)| (variant, run, seeds.as_slice()))
        .filter(|(variant, ..)| !variant.aside)
}

/// The summary of a lab: `statements` from the lab itself, then what the seeds show; the tables and figures.
pub(crate) fn summarize(
    study: &Study,
    measure: Measure,
    statements: Vec<String>,
    figures: Vec<Block>,
    lang: Lang,
) -> Summary {
    let mut summary = Summary { statements, ..Summary::default() };
    for (variant, run, seeds) in compared(study) {
        summary.variants.insert(variant.key.to_owned(), json_of(run, seeds));
    }
    summary.statements.extend(pair_statements(study, measure, lang));
    summary.blocks.push(Block::Table(run_table(study, lang)));
    if compared(study).any(|(_, _, seeds)| !seeds.is_empty()) {
        summary.blocks.push(Block::Table(seed_table(study, lang)));
    }
    summary.blocks.push(Block::List(summary.statements.clone()));
    summary.blocks.extend(figures);
    summary
}

fn json_of(run: &Run, seeds: &[Outcome]) -> serde_json::Value {
    let mut map = Map::new();
    map.insert("cost".into(), Number(run.train.cost).into());
    map.insert("train_accuracy".into(), run.train.accuracy.into());
    map.insert("test_accuracy".into(), run.test.as_ref().map(|fit| fit.accuracy).into());
    map.insert("squared_weights".into(), Number(run.squared_weights()).into());
    if !seeds.is_empty() {
        let spread = |measure: Measure| {
            let values = values(seeds, measure);
            let at = |share| quantile(&values, share).map(|v| serde_json::Value::from(Number(v)));
            json!({ "median": at(0.5), "quartiles": [at(0.25), at(0.75)] })
        };
        let mut over_seeds = Map::new();
        over_seeds.insert("count".into(), seeds.len().into());
        over_seeds.insert("cost".into(), spread(Measure::Cost));
        over_seeds.insert("train_accuracy".into(), spread(Measure::TrainAccuracy));
        if run.test.is_some() {
            over_seeds.insert("test_accuracy".into(), spread(Measure::TestAccuracy));
        }
        map.insert("seeds".into(), over_seeds.into());
    }
    map.into()
}

fn values(seeds: &[Outcome], measure: Measure) -> Vec<f64> {
    seeds.iter().filter_map(|outcome| measure.of(outcome)).collect()
}

/// The course's own run of each variant.
fn run_table(study: &Study, lang: Lang) -> Table {
    let with_test = study.test().is_some();
    let mut columns =
        lang.choose(vec!["Variant", "Cost", "Training accuracy"], vec!["方案", "代价", "训练准确率"]);
    if with_test {
        columns.extend(lang.choose(["Test accuracy", "Gap"], ["测试准确率", "差距"]));
    }
    columns.push(lang.choose("Sum of squared weights", "权重平方和"));
    let row = |(variant, run, _): (&Variant, &Run, &[Outcome])| {
        let accuracy = |value| Cell::Number(value, 4);
        let mut row = vec![
            Cell::text(variant.name(lang)),
            Cell::Number(run.train.cost, 5),
            accuracy(run.train.accuracy),
        ];
        if let Some(test) = &run.test {
            row.extend([accuracy(test.accuracy), Cell::Number(run.train.accuracy - test.accuracy, 2)]);
        }
        row.push(Cell::Number(run.squared_weights(), 5));
        row
    };
    Table {
        caption: lang
            .choose(
                "The run of each variant (cost: mean loss on the training set after training, dropout off)",
                "各方案的一次训练（代价：训练结束后训练集上的平均损失，关闭 dropout）",
            )
            .into(),
        columns: columns.into_iter().map(str::to_owned).collect(),
        rows: compared(study).map(row).collect(),
    }
}

/// Median and quartiles over the seeds.
fn seed_table(study: &Study, lang: Lang) -> Table {
    let mut measures = vec![Measure::Cost, Measure::TrainAccuracy];
    if study.test().is_some() {
        measures.push(Measure::TestAccuracy);
    }
    let count = study.seeds.first().map_or(0, Vec::len);
    let row = |(variant, _, seeds): (&Variant, &Run, &[Outcome])| {
        let cell = |&measure: &Measure| Cell::text(spread(&values(seeds, measure)));
        std::iter::once(Cell::text(variant.name(lang))).chain(measures.iter().map(cell)).collect()
    };
    let columns =
        std::iter::once(lang.choose("Variant", "方案")).chain(measures.iter().map(|m| m.name(lang)));
    Table {
        caption: lang.choose(
            format!("Over {count} seeds: median [lower quartile, upper quartile]"),
            format!("{count} 个随机种子：中位数 [下四分位数，上四分位数]"),
        ),
        columns: columns.map(str::to_owned).collect(),
        rows: compared(study).map(row).collect(),
    }
}

fn spread(values: &[f64]) -> String {
    let at = |share| quantile(values, share).map_or_else(|| "–".to_owned(), |v| number(v, 4));
    format!("{} [{}, {}]", at(0.5), at(0.25), at(0.75))
}

/// For each pair of variants, what the seeds say.
fn pair_statements(study: &Study, measure: Measure, lang: Lang) -> Vec<String> {
    let all: Vec<_> = compared(study).map(|(variant, _, seeds)| (variant, values(seeds, measure))).collect();
    let pairs: Vec<_> = (0..all.len()).flat_map(|a| (a + 1..all.len()).map(move |b| (a, b))).collect();
    let count = all.first().map_or(0, |(_, values)| values.len());
    if count == 0 {
        return Vec::new();
    }
    let level = SIGNIFICANCE / pairs.len() as f64;
    // If every pair of n goes the same way the exact test says p = 2 / 2ⁿ, and no less.
    let needed = (1..).find(|&n| 2.0_f64.powi(1 - n) < level).unwrap_or(1);
    if (count as i32) < needed {
        return vec![lang.choose(
            format!("{count} seeds are too few to tell the variants apart by a paired test: take at least {needed}."),
            format!("{count} 个种子太少，配对检验无法区分各方案：至少需要 {needed} 个。"),
        )];
    }
    pairs.iter().map(|&(a, b)| pair_statement(&all[a], &all[b], measure, level, lang)).collect()
}

fn pair_statement(
    first: &(&Variant, Vec<f64>),
    second: &(&Variant, Vec<f64>),
    measure: Measure,
    level: f64,
    lang: Lang,
) -> String {
    let scores = |values: &[f64]| -> Vec<f64> { values.iter().map(|&v| measure.score(v)).collect() };
    let wins = share_of_wins(&scores(&first.1), &scores(&second.1));
    let ((winner, better), (loser, worse), wins) =
        if wins >= 0.5 { (first, second, wins) } else { (second, first, 1.0 - wins) };
    let (count, what) = (better.len(), measure.name(lang));
    let (winner, loser) = (winner.name(lang), loser.name(lang));
    let (better_median, worse_median) = (spread(better), spread(worse));
    let percent = number(100.0 * wins, 3);
    match wilcoxon(better, worse) {
        None => lang.choose(
            format!("Over {count} seeds **{winner}** and **{loser}** have the same {what} every time."),
            format!("在 {count} 个种子上，**{winner}** 与 **{loser}** 的{what}每次都相同。"),
        ),
        Some(p) if p < level => lang.choose(
            format!(
                "Over {count} seeds **{winner}** has the better {what} than **{loser}** in {percent} % of the \
                 seeds, ties counting half: {better_median} against {worse_median} (Wilcoxon's signed-rank \
                 test: p = {}).",
                number(p, 2)
            ),
            format!(
                "在 {count} 个种子中，**{winner}** 的{what}在 {percent} % 的种子上优于 **{loser}**（平局各计一半）：\
                 {better_median} 对 {worse_median}（Wilcoxon 符号秩检验 p = {}）。",
                number(p, 2)
            ),
        ),
        Some(p) => lang.choose(
            format!(
                "Over {count} seeds **{winner}** and **{loser}** cannot be told apart by their {what}: \
                 {better_median} and {worse_median} (p = {}, where {} would be needed).",
                number(p, 2),
                number(level, 2)
            ),
            format!(
                "在 {count} 个种子上，无法从{what}区分 **{winner}** 与 **{loser}**：{better_median} 与 {worse_median}\
                 （p = {}，需小于 {}）。",
                number(p, 2),
                number(level, 2)
            ),
        ),
    }
}
