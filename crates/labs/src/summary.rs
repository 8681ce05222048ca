//! Variants side by side: the table of a lab, its ranking, and what every lab says of failed trainings.

use nablab_report::{Block, Cell, Lang, Table, number};
use serde_json::{Map, json};

use crate::experiment::{Experiment, Outcome};
use crate::lead::Lead;
use crate::pairs::{Pair, pairs};
use crate::record::{Number, Summary};
use crate::seeds;
use crate::strip_plot::strip_figure;
use crate::variant::{Run, Variant};
use crate::verdict::Verdict;
use nablab_statistics::quantile;

/// Two final costs nearer than this share are called the same.
pub(crate) const SAME_COST: f64 = 0.01;
/// So are two accuracies nearer than half a point.
const SAME_ACCURACY: f64 = 0.005;
/// A training blew up if it ends at a cost above its start and this many times that of not knowing, ln 2.
const BLOWN_UP: f64 = 10.0;

/// What a lab judges its variants by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// Higher is better.
    TestAccuracy,
    /// Higher is better.
    TrainAccuracy,
    /// Training minus test accuracy; no lab judges by it.
    Gap,
    /// Mean loss on the training set; lower is better.
    Cost,
}

impl Measure {
    /// Accuracy, on the test set where there is one.
    pub(crate) fn accuracy(experiment: &Experiment) -> Self {
        if experiment.test().is_some() { Self::TestAccuracy } else { Self::TrainAccuracy }
    }

    /// In JSON.
    pub(crate) fn key(self) -> &'static str {
        match self {
            Self::TestAccuracy => "test_accuracy",
            Self::TrainAccuracy => "train_accuracy",
            Self::Gap => "gap",
            Self::Cost => "cost",
        }
    }

    pub(crate) fn name(self, lang: Lang) -> &'static str {
        match self {
            Self::TestAccuracy => lang.choose("test accuracy", "测试准确率"),
            Self::TrainAccuracy => lang.choose("training accuracy", "训练准确率"),
            Self::Gap => lang.choose("gap (training − test)", "差距（训练 − 测试）"),
            Self::Cost => lang.choose("final cost", "最终代价"),
        }
    }

    pub(crate) fn of(self, outcome: &Outcome) -> Option<f64> {
        match self {
            Self::TestAccuracy => outcome.test_accuracy,
            Self::TrainAccuracy => Some(outcome.train_accuracy),
            Self::Gap => outcome.test_accuracy.map(|test| outcome.train_accuracy - test),
            Self::Cost => Some(outcome.cost),
        }
    }

    /// Turned so that higher is better.
    pub(crate) fn score(self, value: f64) -> f64 {
        if self == Self::Cost { -value } else { value }
    }

    /// Is a difference from `reference` too small to matter?
    pub(crate) fn is_negligible(self, difference: f64, reference: f64) -> bool {
        match self {
            Self::Cost => difference.abs() < SAME_COST * reference.abs(),
            _ => difference.abs() < SAME_ACCURACY,
        }
    }

    /// A difference from `reference`, the median of `whose`, in words: points of an accuracy, a cost and its share.
    pub(crate) fn amount(self, difference: f64, reference: f64, whose: &str, lang: Lang) -> String {
        let points = 100.0 * difference.abs();
        match self {
            Self::Cost => {
                let (difference, share) = (number(difference.abs(), 2), number(points / reference.abs(), 2));
                lang.choose(
                    format!("{difference}, which is {share} % of the median of **{whose}**"),
                    format!("{difference}，即**{whose}**中位数的 {share} %"),
                )
            }
            _ => lang
                .choose(format!("{} points", number(points, 2)), format!("{} 个百分点", number(points, 2))),
        }
    }
}

/// The variants that are compared, with their runs and seeds.
pub(crate) fn compared(experiment: &Experiment) -> impl Iterator<Item = (&Variant, &Run, &[Outcome])> {
    experiment
        .compared()
        .map(|i| (&experiment.variants[i], &experiment.runs[i], experiment.seeds[i].as_slice()))
}

/// The summary of a lab: `statements` from the lab itself, of which the first says it in one line; then failed
/// trainings, and what the seeds show; the tables and figures.
pub(crate) fn summarize(
    experiment: &Experiment,
    measure: Measure,
    statements: Vec<String>,
    figures: Vec<Block>,
    lang: Lang,
) -> Summary {
    let statements = with_blow_ups(experiment, statements, lang);
    let mut summary = Summary { best: best(experiment, measure, lang), statements, ..Summary::default() };
    for (variant, run, seeds) in compared(experiment) {
        summary.variants.insert(variant.key.clone(), json_of(variant, run, seeds));
    }
    let pairs = pairs(experiment, measure);
    summary.pairs = pairs.iter().map(Pair::json).collect();
    summary.statements.extend(seeds::statements(experiment, measure, &pairs, lang));
    summary.blocks.push(Block::List(summary.statements.clone()));
    summary.blocks.push(Block::Table(run_table(experiment, lang)));
    let said: Vec<_> =
        compared(experiment).flat_map(|(v, run, _)| Verdict::of(v, run).sentences(lang)).collect();
    if !said.is_empty() {
        summary.blocks.push(Block::List(said));
    }
    if !pairs.is_empty() {
        let variants: Vec<_> = compared(experiment).map(|(variant, _, seeds)| (variant, seeds)).collect();
        summary.blocks.push(Block::Table(seeds::table(&variants, lang)));
        summary.blocks.push(Block::Figures(vec![strip_figure(experiment.lab, &variants, measure, lang)]));
    }
    summary.blocks.extend(figures);
    summary
}

/// A lab's own statements, and what every lab says of trainings that failed.
pub(crate) fn with_blow_ups(experiment: &Experiment, mut statements: Vec<String>, lang: Lang) -> Vec<String> {
    statements.extend(compared(experiment).filter_map(|(variant, run, _)| blow_up(variant, run, lang)));
    statements
}

/// The variant that leads the single runs, with what it leads by and whether the test points tell it from the next; all names where none
/// leads.
pub(crate) fn best(experiment: &Experiment, measure: Measure, lang: Lang) -> String {
    let groups = groups(experiment, measure, lang);
    let Some((names, value)) = groups.first() else { return String::new() };
    let what = measure.name(lang);
    let lead = Lead::of(experiment).filter(|_| measure == Measure::TestAccuracy);
    let reservation = lead.and_then(|lead| lead.reservation(lang));
    let opening = match &reservation {
        Some(_) => lang.choose("cannot be told: ", "无法分出高下："),
        None => "",
    };
    let (by_loss, reservation) =
        (otherwise_by_loss(experiment, names, lang).unwrap_or_default(), reservation.unwrap_or_default());
    lang.choose(
        format!("{opening}{names} ({what} {value}){by_loss}{reservation}"),
        format!("{opening}{names}（{what} {value}）{by_loss}{reservation}"),
    )
}

/// The single run with the lowest mean loss on the test set, where that is not the one that leads: an accuracy does not know how sure a
/// network is.
fn otherwise_by_loss(experiment: &Experiment, leader: &str, lang: Lang) -> Option<String> {
    let losses =
        compared(experiment).map(|(variant, run, _)| Some((variant.name(lang), run.test.as_ref()?.cost)));
    let losses: Vec<_> = losses.collect::<Option<_>>()?;
    let &(name, least) = losses.iter().min_by(|a, b| a.1.total_cmp(&b.1))?;
    let &(_, of_leader) = losses.iter().find(|(name, _)| *name == leader)?;
    let [least_shown, of_leader_shown] = [least, of_leader].map(|loss| number(loss, 3));
    (least < of_leader * (1.0 - SAME_COST)).then(|| {
        lang.choose(
            format!(
                "; by mean loss on the test points {name} is best ({least_shown}, and not {of_leader_shown})"
            ),
            format!("；按测试点的平均损失则是{name}最好（{least_shown}，而前者为 {of_leader_shown}）"),
        )
    })
}

/// The single runs from best to worst, the names of those with the same number joined by `=`, with that number.
fn groups(experiment: &Experiment, measure: Measure, lang: Lang) -> Vec<(String, String)> {
    let value = |run: &Run| measure.of(&run.into());
    let mut runs: Vec<_> = compared(experiment)
        .filter_map(|(variant, run, _)| Some((variant.name(lang), value(run)?)))
        .collect();
    runs.sort_by(|a, b| measure.score(b.1).total_cmp(&measure.score(a.1)));
    let group = |same: &[(&str, f64)]| {
        let names: Vec<_> = same.iter().map(|(name, _)| *name).collect();
        (names.join(" = "), number(same[0].1, 3))
    };
    runs.chunk_by(|a, b| a.1 == b.1).map(group).collect()
}

/// The single runs from best to worst in words.
pub(crate) fn ranking(experiment: &Experiment, measure: Measure, lang: Lang) -> String {
    let groups = groups(experiment, measure, lang);
    let words = |(names, value): &(String, String)| {
        lang.choose(format!("{names} ({value})"), format!("{names}（{value}）"))
    };
    groups.iter().map(words).collect::<Vec<_>>().join(lang.choose(", ", "、"))
}

/// The order by the measure of a lab that judges by accuracy, what the cost says where that has another best, and whether the first is told
/// from the second.
pub(crate) fn ranked(experiment: &Experiment, measure: Measure, lang: Lang) -> String {
    let (what, order) = (measure.name(lang), ranking(experiment, measure, lang));
    if are_alike(experiment, measure) {
        return lang.choose(
            format!("By {what} all are alike: {order}."),
            format!("各方案的{what}都相同：{order}。"),
        );
    }
    let first =
        lang.choose(format!("By {what}, best first: {order}."), format!("按{what}从高到低：{order}。"));
    let [by_measure, by_cost] = [measure, Measure::Cost].map(|by| groups(experiment, by, lang));
    let names = |groups: &[(String, String)]| groups.first().map(|(names, _)| names.clone());
    let lead = Lead::of(experiment).filter(|_| measure == Measure::TestAccuracy);
    let lead = lead.map_or_else(String::new, |lead| lang.choose(" ", "").to_owned() + &lead.sentence(lang));
    if names(&by_measure) == names(&by_cost) {
        return first + &lead;
    }
    let costs = ranking(experiment, Measure::Cost, lang);
    let has_masks = |(variant, ..): (&Variant, &Run, &[Outcome])| {
        variant.recipe.hidden.iter().any(|hidden| hidden.dropout > 0.0)
    };
    let off = match compared(experiment).any(has_masks) {
        true => lang.choose(", with dropout off,", "（关闭 dropout）"),
        false => "",
    };
    first
        + &lang.choose(
            format!(" The final training cost{off} says otherwise: {costs}."),
            format!("而最终的训练代价{off}从低到高与此不同：{costs}。"),
        )
        + &lead
}

/// All variants have the same number.
fn are_alike(experiment: &Experiment, measure: Measure) -> bool {
    let values: Vec<_> = compared(experiment).map(|(_, run, _)| measure.of(&run.into())).collect();
    values.windows(2).all(|pair| pair[0] == pair[1])
}

/// The gradient stopped being a number, or the training ended far above its start.
pub(crate) fn blew_up(run: &Run) -> bool {
    let end = run.train.cost;
    run.divergence.is_some() || end.is_nan() || end > run.start && end > BLOWN_UP * std::f64::consts::LN_2
}

fn blow_up(variant: &Variant, run: &Run, lang: Lang) -> Option<String> {
    let [start, end, rate] = [run.start, run.train.cost, variant.recipe.learning_rate].map(|v| number(v, 3));
    blew_up(run).then(|| lang.choose(
        format!(
            "**{}** blew up: its cost was {start} at the start and is {end} at the end. A learning rate of {rate} is \
             too high for it.",
            variant.en
        ),
        format!("**{}**发散了：代价从开始时的 {start} 变为结束时的 {end}。学习率 {rate} 对它来说太大。", variant.zh),
    ))
}

pub(crate) fn json_of(variant: &Variant, run: &Run, seeds: &[Outcome]) -> serde_json::Value {
    let mut map = Map::new();
    map.insert("cost".into(), Number(run.train.cost).into());
    map.insert("train_accuracy".into(), run.train.accuracy.into());
    map.insert("test_accuracy".into(), run.test.as_ref().map(|fit| fit.accuracy).into());
    map.insert("squared_weights".into(), Number(run.squared_weights()).into());
    map.insert("findings".into(), Verdict::of(variant, run).codes().into());
    if !seeds.is_empty() {
        let mut over_seeds = Map::new();
        let mut outcomes = Map::new();
        over_seeds.insert("count".into(), seeds.len().into());
        for measure in [Measure::Cost, Measure::TrainAccuracy, Measure::TestAccuracy] {
            let values = seeds::values(seeds, measure);
            let at = |share| quantile(&values, share).map(|v| serde_json::Value::from(Number(v)));
            if !values.is_empty() {
                let spread = json!({ "median": at(0.5), "quartiles": [at(0.25), at(0.75)] });
                over_seeds.insert(measure.key().into(), spread);
                outcomes.insert(measure.key().into(), values.into_iter().map(Number).collect());
            }
        }
        over_seeds.insert("outcomes".into(), outcomes.into());
        map.insert("seeds".into(), over_seeds.into());
    }
    map.into()
}

/// The single run of each variant.
fn run_table(experiment: &Experiment, lang: Lang) -> Table {
    Table {
        caption: caption(lang).into(),
        columns: columns(experiment, lang),
        rows: compared(experiment).map(|(variant, run, _)| row(variant, run, lang)).collect(),
    }
}

/// What the numbers of a table of runs are.
pub(crate) fn caption(lang: Lang) -> &'static str {
    lang.choose(
        "The run of each variant (cost: mean loss on the training set after training, dropout off)",
        "各方案的一次训练（代价：训练结束后训练集上的平均损失，关闭 dropout）",
    )
}

/// The columns of a table of runs.
pub(crate) fn columns(experiment: &Experiment, lang: Lang) -> Vec<String> {
    let mut columns =
        lang.choose(vec!["Variant", "Cost", "Training accuracy"], vec!["方案", "代价", "训练准确率"]);
    if experiment.test().is_some() {
        columns.extend(lang.choose(["Test accuracy", "Gap"], ["测试准确率", "差距"]));
    }
    columns.extend(lang.choose(["Sum of squared weights", "Verdict"], ["权重平方和", "诊断"]));
    columns.into_iter().map(str::to_owned).collect()
}

/// The row of a run.
pub(crate) fn row(variant: &Variant, run: &Run, lang: Lang) -> Vec<Cell> {
    let accuracy = |value| Cell::Number(value, 4);
    let mut row =
        vec![Cell::text(variant.name(lang)), Cell::Number(run.train.cost, 5), accuracy(run.train.accuracy)];
    if let Some(test) = &run.test {
        row.extend([accuracy(test.accuracy), Cell::Number(run.train.accuracy - test.accuracy, 2)]);
    }
    row.extend([Cell::Number(run.squared_weights(), 5), Cell::text(Verdict::of(variant, run).words(lang))]);
    row
}
