//! Columns that are learned from as numbers or categories and look like something else.

use nablab_report::{Lang, number};
use serde::{Deserialize, Serialize};

use crate::words::name;

/// A column that is learned from, and what it looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookalike {
    /// The column of the table.
    pub column: String,
    /// What it looks like.
    pub like: Like,
}

/// What a column looks like.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", deny_unknown_fields)]
pub enum Like {
    /// Whole numbers that were dealt out to the rows, one after the other.
    RunningNumber {
        /// The least.
        low: f64,
        /// The greatest.
        high: f64,
        /// How many different ones.
        different: usize,
        /// Rows with a number.
        rows: usize,
        /// They rise or fall from row to row.
        is_in_order: bool,
    },
    /// Names of the rows: nearly every row has one of its own, or had before large numbers were rounded.
    Names {
        /// One of them.
        example: String,
        /// How many different ones.
        different: usize,
        /// Rows with one.
        rows: usize,
    },
    /// Dates.
    Date {
        /// As one stands in the table.
        example: String,
        /// What it means.
        date: String,
    },
}

impl Lookalike {
    /// In a sentence.
    pub fn sentence(&self, lang: Lang) -> String {
        let column = name(&self.column);
        match &self.like {
            Like::RunningNumber { low, high, different, rows, is_in_order } => {
                let [low, high] = [low, high].map(|v| number(*v, 17));
                let (each, each_zh) = match different == rows {
                    true => ("each once".to_owned(), "各出现一次".to_owned()),
                    false => (
                        format!("{different} different in {rows} rows"),
                        format!("{rows} 行中有 {different} 个不同"),
                    ),
                };
                let (order, order_zh) = if *is_in_order {
                    (", in the order of the rows", "，按行的顺序")
                } else {
                    ("", "")
                };
                lang.choose(
                    format!(
                        "Column `{column}` looks like a running number: {low} to {high}, {each}{order}. It says which row it is, not \
                         what it is like, and later rows have numbers that nothing was learned of."
                    ),
                    format!(
                        "列 `{column}` 看起来是行的编号：{low} 到 {high}，{each_zh}{order_zh}。它只说明是哪一行，不说明这一行是什么样的；\
                         以后的行的编号从未学过。"
                    ),
                )
            }
            Like::Names { example, different, rows } => {
                let example = name(example);
                let (lost, lost_zh) = match 2 * different < *rows {
                    true => (
                        " (a number keeps 16 digits, and those behind are lost)",
                        "（数值只保留 16 位数字，其后的已丢失）",
                    ),
                    false => ("", ""),
                };
                lang.choose(
                    format!(
                        "Column `{column}` looks like the ids of the rows: {different} different in {rows} rows{lost}, such as {example}. They \
                         say which row it is, not what it is like."
                    ),
                    format!(
                        "列 `{column}` 看起来是行的标识：{rows} 行中有 {different} 个不同{lost_zh}，例如 {example}。它只说明是哪一行，不说明这一行是\
                         什么样的。"
                    ),
                )
            }
            Like::Date { example, date } => {
                let example = name(example);
                lang.choose(
                    format!(
                        "Column `{column}` looks like dates: {example} would be {date}. Taken as it is, month, weekday and hour are \
                         hidden in it, and what is later than all that was learned from is new."
                    ),
                    format!(
                        "列 `{column}` 看起来是日期：{example} 即 {date}。照原样使用时，月份、星期和小时都隐藏其中，而晚于训练数据的日期都是新的。"
                    ),
                )
            }
        }
    }
}
