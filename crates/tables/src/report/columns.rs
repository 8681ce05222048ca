//! How columns become features, and what is predicted.

use nablab_data::prepare::{Encoding, Input, LeftOut, Part, Reason, Scaling, Target};
use nablab_data::readable;
use nablab_diagnosis::Untaught;
use nablab_report::{Block, Cell, Lang, Section, counted};

use super::words::{names, seen};
use super::{cell, shown, table};
use crate::Model;
use crate::run::{Record, Summary};

/// Longer tables are folded away.
const MANY: usize = 30;
/// A page with more rows opens slowly.
const MOST: usize = 500;

pub(super) fn section(record: &Record, model: &Model, lang: Lang) -> Section {
    let inputs = model.inputs.columns();
    let of = |is: fn(&Encoding) -> bool| inputs.iter().filter(|i| is(&i.encoding)).collect::<Vec<&Input>>();
    let numbers = of(|encoding| matches!(encoding, Encoding::Number { .. }));
    let categories = of(|encoding| matches!(encoding, Encoding::Category { .. }));
    let dates = of(|encoding| matches!(encoding, Encoding::Date(_)));
    let (columns, features) = (inputs.len(), model.inputs.width());
    let mut blocks = vec![Block::Paragraph(lang.choose(
        format!(
            "{} become {}. What is subtracted, divided by and filled in was found from the training rows alone.",
            counted(columns as u64, "column"),
            counted(features as u64, "feature")
        ),
        format!("{columns} 列编码为 {features} 个特征。平移、缩放和填充所用的数值均只由训练行得出。"),
    ))];
    let scaling = model.settings.data.scaling;
    blocks.extend(folded(&numbers, lang, |shown| numbers_table(shown, numbers.len(), scaling, lang)));
    blocks.extend(folded(&categories, lang, |shown| categories_table(shown, categories.len(), lang)));
    blocks.extend(folded(&dates, lang, |shown| dates_table(shown, dates.len(), lang)));
    blocks.extend(left_out(&record.summary.left_out, lang));
    blocks.extend(said(&record.summary, lang));
    blocks.push(target(&model.target, lang));
    if let without @ 1.. = record.summary.without_target {
        blocks.push(Block::Paragraph(lang.choose(
            format!("{without} rows without a target are left out."),
            format!("{without} 行没有目标值，已略去。"),
        )));
    }
    blocks.extend(untaught(&record.summary.untaught, lang));
    super::section("columns", lang.choose("Columns", "数据列"), blocks)
}

/// A table of the inputs, if there are any; behind a line if there are many.
fn folded(inputs: &[&Input], lang: Lang, table: impl Fn(&[&Input]) -> Block) -> Option<Block> {
    match inputs.len() {
        0 => None,
        n if n <= MANY => Some(table(inputs)),
        n => {
            let mut blocks = vec![table(&inputs[..n.min(MOST)])];
            if n > MOST {
                blocks.push(Block::Paragraph(lang.choose(
                    format!("The other {} are in `model.safetensors`.", n - MOST),
                    format!("其余 {} 列见 `model.safetensors`。", n - MOST),
                )));
            }
            Some(Block::Details {
                summary: lang.choose(format!("All {n}"), format!("全部 {n} 列")), blocks
            })
        }
    }
}

/// What became of missing values.
fn missing(indicator: bool, fill: Option<f64>, lang: Lang) -> Cell {
    Cell::text(match (indicator, fill) {
        (false, _) => lang.choose("none".into(), "无".into()),
        (true, Some(fill)) => lang.choose(
            format!("filled with {}, and marked", shown(fill)),
            format!("以 {} 填充并标记", shown(fill)),
        ),
        (true, None) => lang.choose("a feature of their own".into(), "单独作为一个特征".into()),
    })
}

fn numbers_table(inputs: &[&Input], all: usize, scaling: Scaling, lang: Lang) -> Block {
    let (center, scale) = match scaling {
        Scaling::Standard => lang.choose(("mean", "standard deviation"), ("均值", "标准差")),
        Scaling::MinMax => lang.choose(("least", "range"), ("最小值", "极差")),
        Scaling::Robust => lang.choose(("median", "interquartile range"), ("中位数", "四分位距")),
        Scaling::None => lang.choose(("subtracted", "divided by"), ("平移", "缩放")),
    };
    let row = |input: &&Input| match input.encoding {
        Encoding::Number { fill, center, scale, indicator, learned } => Some(vec![
            Cell::text(format!("`{}`", input.name)),
            cell(learned.map(|learned| learned.low)),
            cell(learned.map(|learned| learned.high)),
            cell(Some(center)),
            cell(Some(scale)),
            missing(indicator, Some(fill), lang),
        ]),
        _ => None,
    };
    let caption = match scaling {
        Scaling::None => {
            lang.choose(format!("Numbers ({all}), as they are"), format!("数值列（{all}），不缩放"))
        }
        _ => lang.choose(
            format!("Numbers ({all}): x becomes (x − {center}) / {scale}"),
            format!("数值列（{all}）：x 变为 (x − {center}) / {scale}"),
        ),
    };
    let [column, low, high, missing] =
        lang.choose(["column", "from", "to", "missing values"], ["列", "从", "到", "缺失值"]);
    let columns = [column, low, high, center, scale, missing];
    table(caption, &columns, inputs.iter().filter_map(row).collect())
}

fn categories_table(inputs: &[&Input], all: usize, lang: Lang) -> Block {
    let row = |input: &&Input| match &input.encoding {
        Encoding::Category { levels, indicator } => Some(vec![
            Cell::text(format!("`{}`", input.name)),
            Cell::Number(levels.len() as f64, 17),
            Cell::text(names(levels, lang)),
            missing(*indicator, None, lang),
        ]),
        _ => None,
    };
    let caption = lang.choose(
        format!("Categories ({all}): a feature for each level, 1 where the value is that (one-hot)"),
        format!("类别列（{all}）：每个取值对应一个特征，取该值时为 1（独热编码）"),
    );
    let columns =
        lang.choose(["column", "levels", "which", "missing values"], ["列", "取值数", "取值", "缺失值"]);
    table(caption, &columns, inputs.iter().filter_map(row).collect())
}

fn dates_table(inputs: &[&Input], all: usize, lang: Lang) -> Block {
    let part = |part: &Part| match part {
        Part::Month => lang.choose("month", "月份"),
        Part::Weekday => lang.choose("weekday", "星期"),
        Part::Hour => lang.choose("hour", "小时"),
    };
    let row = |input: &&Input| {
        let Encoding::Date(dates) = &input.encoding else { return None };
        let [first, last] = dates.span();
        let parts: Vec<_> = dates.parts.iter().map(part).collect();
        let name = Cell::text(format!("`{}`", input.name));
        let texts = [dates.form.example().to_owned(), first, last, parts.join(lang.choose(", ", "、"))];
        let missing = missing(dates.indicator, None, lang);
        Some([name].into_iter().chain(texts.map(Cell::text)).chain([missing]).collect())
    };
    let caption = lang.choose(
        format!("Dates ({all}): days, scaled as numbers are, and sine and cosine of each part"),
        format!("日期列（{all}）：天数（与数值列同样缩放），以及各部分的正弦和余弦"),
    );
    let columns = lang.choose(
        ["column", "written as", "from", "to", "parts", "missing values"],
        ["列", "写法", "从", "到", "部分", "缺失值"],
    );
    table(caption, &columns, inputs.iter().filter_map(row).collect())
}

/// Columns that became no feature, if there are any.
fn left_out(columns: &[LeftOut], lang: Lang) -> Option<Block> {
    let why = |reason: &Reason| match (reason, lang) {
        (reason, Lang::En) => reason.to_string(),
        (Reason::Missing, Lang::Zh) => "全部缺失".into(),
        (Reason::Constant(value), Lang::Zh) => format!("每一行都是 {}", readable(value)),
        (Reason::Rounded(value), Lang::Zh) => {
            format!("每一行都约为 {}：数值只保留 16 位数字，其后的已丢失", readable(value))
        }
        (Reason::Dates, Lang::Zh) => "日期不用于学习；类型设为 date 即可把它变成特征".into(),
        (Reason::Texts { different, rows }, Lang::Zh) => format!("{rows} 行中有 {different} 种不同的文本"),
        (Reason::Long { characters, row }, Lang::Zh) => {
            format!("第 {row} 行有 {characters} 个字符，作为类别太长")
        }
        (Reason::Text(text, row), Lang::Zh) => format!("第 {row} 行是 {text:?}"),
    };
    let row = |column: &LeftOut| vec![Cell::text(format!("`{}`", column.name)), Cell::text(why(&column.why))];
    let caption = lang.choose(
        format!("Left out ({}): nothing is learned from them", columns.len()),
        format!("未使用的列（{}）：不参与学习", columns.len()),
    );
    let rows: Vec<_> = columns.iter().take(MOST).map(row).collect();
    (!rows.is_empty()).then(|| table(caption, &lang.choose(["column", "why"], ["列", "原因"]), rows))
}

/// Columns that look like something else, and what is new in the rows judged on, a sentence each.
fn said(summary: &Summary, lang: Lang) -> Vec<Block> {
    let judged_on = lang.choose("the rows judged on", "评判行");
    let lookalikes = summary.lookalikes.iter().map(|lookalike| lookalike.sentence(lang));
    let seen = seen(&summary.seen, judged_on, lang);
    let seen = seen.iter().map(|said| said.clone() + lang.choose(".", "。"));
    lookalikes.chain(seen).take(MOST).map(Block::Paragraph).collect()
}

/// Classes without a row to learn from, if there are any.
fn untaught(classes: &[Untaught], lang: Lang) -> Option<Block> {
    let row = |Untaught { class, judged }: &Untaught| {
        vec![Cell::text(format!("`{}`", readable(class))), Cell::Number(*judged as f64, 17)]
    };
    let caption = lang.choose(
        "Classes without a row to learn from: they will hardly be predicted",
        "没有训练行的类别：几乎不会被预测",
    );
    let columns = lang.choose(["class", "rows judged on"], ["类别", "评判行数"]);
    let rows: Vec<_> = classes.iter().take(MOST).map(row).collect();
    (!rows.is_empty()).then(|| table(caption, &columns, rows))
}

fn target(target: &Target, lang: Lang) -> Block {
    match target {
        Target::Classes { name, levels } => Block::Paragraph(lang.choose(
            format!("**Target** `{name}`: {} classes: {}.", levels.len(), names(levels, lang)),
            format!("**目标** `{name}`：{} 个类别：{}。", levels.len(), names(levels, lang)),
        )),
        Target::Labels { names, levels } => {
            let row = |(name, [no, yes]): (&String, &[String; 2])| {
                vec![
                    Cell::text(format!("`{name}`")),
                    Cell::text(format!("`{yes}`")),
                    Cell::text(format!("`{no}`")),
                ]
            };
            let columns =
                lang.choose(["target", "counts as yes", "counts as no"], ["目标", "视为“是”", "视为“否”"]);
            table(
                lang.choose("Targets, each yes or no", "目标（各为是或否）"),
                &columns,
                names.iter().zip(levels).map(row).collect(),
            )
        }
        Target::Numbers { names, center, scale } => {
            let row = |((name, &center), &scale): ((&String, &f64), &f64)| {
                vec![Cell::text(format!("`{name}`")), cell(Some(center)), cell(Some(scale))]
            };
            let columns = lang.choose(["target", "mean", "standard deviation"], ["目标", "均值", "标准差"]);
            table(
                lang.choose(
                    "Targets, scaled for the training and scaled back in predictions",
                    "目标（训练时缩放，预测时还原）",
                ),
                &columns,
                names.iter().zip(center).zip(scale).map(row).collect(),
            )
        }
    }
}
