//! What a wrong matrix looks like by itself, where no known mistake makes it.

use nablab_data::named_arrays::NamedArray;
use nablab_engine::gradcheck::{Context, Mistake, recognise};
use nablab_engine::{Role, Slot};
use nablab_report::number;

use super::Text;
use crate::by_hand::Matrix;

/// What was handed in as a matrix of this name, beside the right one; nothing where no pattern is seen.
pub(super) fn like(
    name: &str,
    got: &NamedArray,
    right: &Matrix,
    terms: f64,
    examples: Option<usize>,
) -> Option<Text> {
    words(&recognised(name, got, right, terms, examples)?, got.values.len())
}

/// The same, if it makes every entry of what was handed in, and not only says which are wrong.
pub(super) fn whole(
    name: &str,
    got: &NamedArray,
    right: &Matrix,
    terms: f64,
    examples: Option<usize>,
) -> Option<Text> {
    let mistake = recognised(name, got, right, terms, examples)?;
    let is_whole = !matches!(mistake, Mistake::Rows { .. } | Mistake::Entries { .. });
    words(&mistake, got.values.len()).filter(|_| is_whole)
}

fn recognised(
    name: &str,
    got: &NamedArray,
    right: &Matrix,
    terms: f64,
    examples: Option<usize>,
) -> Option<Mistake> {
    let (rows, cols) = (right.rows(), right.cols());
    let role = if cols == 1 { Role::Bias } else { Role::Weight };
    let slot = Slot { name: name.to_owned(), role, rows, cols, range: 0..rows * cols };
    // Written digits are as uncertain as the last of them.
    let rounding = got.rounding.iter().fold(0.0_f64, |most, &rounding| most.max(rounding));
    let largest = right.entries().iter().fold(terms, |most, value| most.max(value.abs()));
    let context = Context { examples, penalty: None };
    recognise(&slot, &got.values, right.entries(), 1e-6 * largest + rounding, context)
}

fn words(mistake: &Mistake, entries: usize) -> Option<Text> {
    let list = |rows: &[usize]| rows.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    Some(match mistake {
        Mistake::Missing => Text::new("it is 0 everywhere", "全部为 0"),
        Mistake::Sign => Text::new("it is −1 times what is right", "恰为正确值的 −1 倍"),
        Mistake::MissingMean { examples } => Text::new(
            format!("it is {examples} times what is right, as many as there are examples"),
            format!("恰为正确值的 {examples} 倍，即样本数"),
        ),
        Mistake::ExtraMean { examples } => Text::new(
            format!("it is what is right divided by {examples}, as many as there are examples"),
            format!("恰为正确值除以 {examples}，即样本数"),
        ),
        // Of a single number any other is a multiple, and at some distance.
        Mistake::Factor { .. } | Mistake::Offset { .. } if entries == 1 => return None,
        Mistake::Factor { ratio } => {
            let ratio = number(*ratio, 5);
            Text::new(format!("it is {ratio} times what is right"), format!("恰为正确值的 {ratio} 倍"))
        }
        Mistake::Transposed => Text::new("it is the transpose", "是转置后的矩阵"),
        Mistake::Offset { offset } => {
            let offset = number(*offset, 5);
            Text::new(
                format!("every entry is off by the same number, {offset}"),
                format!("每个元素都差同一个数 {offset}"),
            )
        }
        Mistake::Rows { rows } => Text::new(
            format!("only these rows are wrong: {}", list(rows)),
            format!("只有这些行不对：{}", list(rows)),
        ),
        Mistake::Entries { names } => {
            Text::new(format!("only {} wrong", names.join(", ")), format!("只有 {} 不对", names.join("、")))
        }
        Mistake::Penalty { .. } | Mistake::Unrecognised { .. } => return None,
    })
}
