//! Two variants over the same seeds: which is better, how often, by how much, and whether by chance.

use nablab_report::{Lang, number};
use serde::Serialize;
use serde_json::json;

use crate::experiment::{Experiment, Outcome};
use crate::record::Number;
use crate::seeds::{spread, values};
use crate::summary::{Measure, compared};
use crate::variant::Variant;
use nablab_statistics::{quantile, share_of_wins, wilcoxon};

/// Two variants differ if chance alone would differ as much in fewer than one of twenty labs, the pairs of a
/// lab counted together (Bonferroni).
pub(crate) const SIGNIFICANCE: f64 = 0.05;

/// Two variants over the same seeds, the one that wins more often first.
pub(crate) struct Pair<'a> {
    pub(crate) winner: &'a Variant,
    pub(crate) loser: &'a Variant,
    better: Vec<f64>,
    worse: Vec<f64>,
    /// Share of the seeds, ties counting half.
    wins: f64,
    /// None if the two are the same with every seed, or both infinite with one.
    p: Option<f64>,
    /// What p must be below.
    pub(crate) level: f64,
    measure: Measure,
}

/// All pairs of an experiment's variants; none without seeds, or where these are for what knobs change.
pub(crate) fn pairs(experiment: &Experiment, measure: Measure) -> Vec<Pair<'_>> {
    if experiment.twins().next().is_some() {
        return Vec::new();
    }
    let all: Vec<_> = compared(experiment).map(|(variant, _, seeds)| (variant, seeds)).collect();
    let chosen = (0..all.len()).flat_map(|a| (a + 1..all.len()).map(move |b| (a, b)));
    let chosen: Vec<_> = chosen.filter(|&(a, _)| !all[a].1.is_empty()).collect();
    let level = SIGNIFICANCE / chosen.len() as f64;
    chosen.iter().map(|&(a, b)| Pair::new([all[a], all[b]], measure, level)).collect()
}

impl<'a> Pair<'a> {
    /// Two variants with their seeds; p counts below the level.
    pub(crate) fn new(two: [(&'a Variant, &[Outcome]); 2], measure: Measure, level: f64) -> Self {
        let [(a, first), (b, second)] = two.map(|(variant, seeds)| (variant, values(seeds, measure)));
        let scores = |values: &[f64]| -> Vec<f64> { values.iter().map(|&v| measure.score(v)).collect() };
        let wins = share_of_wins(&scores(&first), &scores(&second));
        let ((winner, better), (loser, worse), wins) = match wins >= 0.5 {
            true => ((a, first), (b, second), wins),
            false => ((b, second), (a, first), 1.0 - wins),
        };
        let p = wilcoxon(&better, &worse);
        Self { winner, loser, better, worse, wins, p, level, measure }
    }

    /// The medians over the seeds: of the one of this key, and of the other.
    pub(crate) fn medians(&self, variant: &Variant) -> Option<[f64; 2]> {
        let [better, worse] = [&self.better, &self.worse].map(|values| quantile(values, 0.5));
        let (of, other) = if self.winner.key == variant.key { (better, worse) } else { (worse, better) };
        Some([of?, other?])
    }

    /// How a variant, one of the two, compares with the other.
    pub(crate) fn judge(&self, variant: &Variant) -> Judgement {
        match self.p {
            _ if self.better.iter().zip(&self.worse).all(|(a, b)| a == b) => Judgement::Same,
            Some(p) if p < self.level && self.is_negligible() => Judgement::Negligible,
            Some(p) if p < self.level && self.winner.key == variant.key => Judgement::Better,
            Some(p) if p < self.level => Judgement::Worse,
            _ => Judgement::CannotBeTold,
        }
    }
}

/// How one of two variants does beside the other, over the seeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Judgement {
    /// Beyond chance.
    Better,
    /// Beyond chance.
    Worse,
    /// Beyond chance, but too little to matter.
    Negligible,
    /// The same number with every seed.
    Same,
    /// Chance may explain the difference, or there are too few seeds.
    CannotBeTold,
}

impl Judgement {
    pub(crate) fn words(self, lang: Lang) -> &'static str {
        match self {
            Self::Better => lang.choose("better", "更好"),
            Self::Worse => lang.choose("worse", "更差"),
            Self::Negligible => lang.choose("negligibly different", "差异可以忽略"),
            Self::Same => lang.choose("the same", "相同"),
            Self::CannotBeTold => lang.choose("better or worse cannot be told", "无法判断好坏"),
        }
    }
}

impl Pair<'_> {
    /// Median of the differences, winner minus loser; 0 where there is none.
    fn difference(&self) -> f64 {
        let differences: Vec<f64> = self.better.iter().zip(&self.worse).map(|(a, b)| a - b).collect();
        quantile(&differences, 0.5).unwrap_or(0.0)
    }

    /// Real, but too small to matter.
    fn is_negligible(&self) -> bool {
        self.measure.is_negligible(self.difference(), quantile(&self.worse, 0.5).unwrap_or(0.0))
    }

    /// The winner is better beyond chance, and by an amount that matters.
    pub(crate) fn is_decided(&self) -> bool {
        self.p.is_some_and(|p| p < self.level) && !self.is_negligible()
    }

    /// In JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        json!({
            "winner": self.winner.key, "loser": self.loser.key, "measure": self.measure.key(),
            "wins": self.wins, "median_difference": Number(self.difference()), "p": self.p, "level": self.level,
        })
    }

    /// In words.
    pub(crate) fn statement(&self, lang: Lang) -> String {
        let what = self.measure.name(lang);
        let (winner, loser) = (self.winner.name(lang), self.loser.name(lang));
        let (better, worse) = (spread(&self.better), spread(&self.worse));
        if self.judge(self.winner) == Judgement::Same {
            return lang.choose(
                format!("**{winner}** and **{loser}** have the same {what} every time."),
                format!("**{winner}**与**{loser}**的{what}每次都相同。"),
            );
        }
        let p = self.p.unwrap_or(1.0);
        let wins = number(100.0 * self.wins, 3);
        let by =
            self.measure.amount(self.difference(), quantile(&self.worse, 0.5).unwrap_or(0.0), loser, lang);
        let p_text = number(p, 2);
        if p >= self.level {
            return lang.choose(
                format!(
                    "**{winner}** and **{loser}** cannot be told apart by their {what}: {better} and {worse} \
                     (p = {p_text})."
                ),
                format!("从{what}无法区分**{winner}**与**{loser}**：{better} 与 {worse}（p = {p_text}）。"),
            );
        }
        let verdict = match self.is_negligible() {
            true => lang.choose(" The difference is real but negligible.", "差异真实存在，但可以忽略。"),
            false => "",
        };
        lang.choose(
            format!(
                "**{winner}** has the better {what} than **{loser}** with {wins} % of the seeds, ties counting half: \
                 {better} against {worse}, a median difference of {by} (p = {p_text}).{verdict}"
            ),
            format!(
                "**{winner}**的{what}优于**{loser}**，胜率 {wins} %（平局各计一半）：{better} 对 {worse}，\
                 差值的中位数为 {by}（p = {p_text}）。{verdict}"
            ),
        )
    }
}
