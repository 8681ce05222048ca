//! What is wrong with the columns that are learned from.

use std::collections::BTreeSet;

use nablab_report::Lang;
use serde::{Deserialize, Serialize};

use crate::advice::UsefulAdvice;
use crate::finding::Describe;
use crate::words::{n, name};
use crate::{Advice, Certainty, Column, Evidence, Finding, Like, Lookalike, Thresholds, number};

fn size(column: &Column) -> f64 {
    (column.mean * column.mean + column.deviation * column.deviation).sqrt()
}

/// Features far from the size 1, beside others that are not.
pub(super) fn unscaled_inputs(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let numbers = || evidence.columns.iter().filter(|c| !c.is_indicator && size(c) > 0.0);
    let largest = numbers().max_by(|a, b| size(a).total_cmp(&size(b)));
    let least = numbers().map(size).fold(f64::INFINITY, f64::min);
    let off = largest.filter(|column| size(column) > by.unscaled_inputs_size);
    off.map(|column| UnscaledInputs { column: column.name.clone(), size: size(column), least }.into())
        .into_iter()
        .collect()
}

/// Features of very different sizes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnscaledInputs {
    /// The feature with the largest numbers.
    pub column: String,
    /// The size of its numbers.
    #[serde(with = "number")]
    pub size: f64,
    /// The size of the smallest feature's.
    #[serde(with = "number")]
    pub least: f64,
}

impl Describe for UnscaledInputs {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "LeCun et al. 1998, Efficient BackProp"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { column, size, least } = self;
        lang.choose(
            format!(
                "Feature `{}` has numbers of the size {}, the smallest feature of {}; a network starts out for numbers of \
                 about 1, and large ones decide every step.",
                name(column),
                n(*size),
                n(*least)
            ),
            format!(
                "特征 `{}` 的数值大小约 {}，最小的特征约 {}；网络的初始权重适合约为 1 的数值，大的数值决定每一步。",
                name(column),
                n(*size),
                n(*least)
            ),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.scale()]
    }
}

pub(super) fn constant_inputs(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let kept = evidence.columns.iter().filter(|column| column.deviation == 0.0);
    let kept: Vec<String> = kept.map(|column| column.name.clone()).collect();
    let all = [(evidence.constant_columns.clone(), true), (kept, false)];
    let found = all.into_iter().filter(|(columns, _)| !columns.is_empty());
    found.map(|(columns, is_left_out)| ConstantInput { columns, is_left_out }.into()).collect()
}

/// Features that are the same in all rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConstantInput {
    /// Their names.
    pub columns: Vec<String>,
    /// They are not learned from.
    pub is_left_out: bool,
}

impl Describe for ConstantInput {
    fn certainty(&self) -> Certainty {
        if self.is_left_out { Certainty::Note } else { Certainty::Certain }
    }

    fn source(&self) -> &'static str {
        "LeCun et al. 1998, Efficient BackProp"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { columns, is_left_out } = self;
        const SHOWN: usize = 8;
        let mut shown: Vec<String> =
            columns.iter().take(SHOWN).map(|column| format!("`{}`", name(column))).collect();
        if columns.len() > SHOWN {
            shown.push("…".to_owned());
        }
        let (en, zh) = match is_left_out {
            true => ("left out", "已略去"),
            false => ("nothing can be learned from them", "从中学不到东西"),
        };
        lang.choose(
            format!(
                "Features that are the same in all rows learned from: {}, {} in all; {en}.",
                shown.join(", "),
                columns.len()
            ),
            format!("在所有训练行中都相同的特征：{}，共 {} 个；{zh}。", shown.join("、"), columns.len()),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        if self.is_left_out { Vec::new() } else { vec![useful.ignore(&self.columns)] }
    }
}

/// Ids and dates that are learned from as what they are not.
pub(super) fn lookalikes(evidence: &Evidence, _: &Thresholds) -> Vec<Finding> {
    let finding = |lookalike: &Lookalike| match lookalike.like {
        Like::RunningNumber { .. } | Like::Names { .. } => {
            IdAsFeature { lookalike: lookalike.clone() }.into()
        }
        Like::Date { .. } => DateAsNumber { lookalike: lookalike.clone() }.into(),
    };
    evidence.lookalikes.iter().map(finding).collect()
}

/// A column that looks like the ids of the rows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IdAsFeature {
    /// The column, and what it looks like.
    pub lookalike: Lookalike,
}

impl Describe for IdAsFeature {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Kaufman et al. 2012, Leakage in data mining; of independent draws equal ones are half as frequent as neighbours"
    }

    fn sentence(&self, lang: Lang) -> String {
        self.lookalike.sentence(lang)
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.ignore_among_others(&self.lookalike.column)]
    }
}

/// A column that looks like dates, and is taken for numbers or categories.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DateAsNumber {
    /// The column, and what it looks like.
    pub lookalike: Lookalike,
}

impl Describe for DateAsNumber {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "scikit-learn's Time-related feature engineering; fastai's add_datepart"
    }

    fn sentence(&self, lang: Lang) -> String {
        self.lookalike.sentence(lang)
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.date(&self.lookalike.column)]
    }
}

pub(super) fn leaking_features(evidence: &Evidence, by: &Thresholds) -> Vec<Finding> {
    let strongest = evidence.columns.iter().filter(|c| c.alone >= by.leaking_feature_alone);
    let strongest = strongest.max_by(|a, b| a.alone.total_cmp(&b.alone));
    // Where all columns of the table do, the task is just easy.
    let sources = |least: f64| {
        let telling = evidence.columns.iter().filter(|c| c.alone >= least);
        telling.map(|c| &c.source).collect::<BTreeSet<_>>().len()
    };
    let (many, all) = (sources(by.leaking_feature_others), sources(0.0));
    let alone = strongest.filter(|_| all > 1 && many * 2 <= all);
    alone
        .map(|column| LeakingFeature { column: column.source.clone(), alone: column.alone }.into())
        .into_iter()
        .collect()
}

/// A single feature that tells the target.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LeakingFeature {
    /// The column.
    pub column: String,
    /// How well it alone tells the target; 1 is perfect.
    #[serde(with = "number")]
    pub alone: f64,
}

impl Describe for LeakingFeature {
    fn certainty(&self) -> Certainty {
        Certainty::Likely
    }

    fn source(&self) -> &'static str {
        "Kaufman et al. 2012, Leakage in data mining"
    }

    fn sentence(&self, lang: Lang) -> String {
        let Self { column, alone } = self;
        lang.choose(
            format!(
                "Feature `{}` alone all but tells the target ({} where 1 is perfect). Will it be known when predictions are wanted?",
                name(column),
                nablab_report::number(*alone, 4)
            ),
            format!("仅凭特征 `{}` 几乎就能得知目标（{}，1 为完全）。预测时真的能知道它吗？", name(column), nablab_report::number(*alone, 4)),
        )
    }

    fn advice(&self, useful: &UsefulAdvice<'_>) -> Vec<Option<Advice>> {
        vec![useful.ignore(std::slice::from_ref(&self.column))]
    }
}
