//! What is wrong with mini-batches.

use nablab_data::named_arrays::NamedArray;

use super::batches::{Batch, Batches};
use super::error::shape;
use super::judgement::Made;
use super::{HandInError, Text};
use crate::by_hand::Matrix;

/// What is wrong, and in which of the arrays.
pub(super) struct Found {
    pub(super) mistakes: Vec<Made>,
    pub(super) wrong: Vec<String>,
}

/// Numbers of one text or another count as the same up to here.
const NEAR: f64 = 1e-4;
/// Examples are named up to here.
const MOST_NAMED: usize = 8;

/// Judge batches by what is in them.
///
/// # Errors
/// Arrays that hold neither examples nor what mistakes make of them.
pub(super) fn find(problem: &Batches, batches: &[Batch<'_>]) -> Result<Found, HandInError> {
    let mut found = Found { mistakes: Vec::new(), wrong: Vec::new() };
    let names = |letter: &str| (1..=batches.len()).map(|n| format!("{letter}{n}")).collect::<Vec<_>>();
    // First the shapes: what is no column of an example cannot be looked up.
    let mut columns: Vec<(Matrix, Matrix)> = Vec::new();
    for (k, batch) in batches.iter().enumerate() {
        let [x, y] = [("X", batch.x, &problem.x), ("Y", batch.y, &problem.y)]
            .map(|(letter, array, of)| as_columns(&format!("{letter}{}", k + 1), array, of));
        let ((x, x_turned), (y, y_turned)) = (x?, y?);
        let turned = [(x_turned, "X"), (y_turned, "Y")].into_iter().filter(|(is_turned, _)| *is_turned);
        found.wrong.extend(turned.map(|(_, letter)| format!("{letter}{}", k + 1)));
        columns.push((x, y));
    }
    if !found.wrong.is_empty() {
        let places = found.wrong.clone();
        found.add(
            "examples-as-rows",
            places,
            "examples are rows; here they are columns",
            "样本成了行；这里样本是列",
        );
    }
    let places: Vec<Vec<Option<usize>>> = columns.iter().map(|(x, _)| examples(x, &problem.x)).collect();
    let strangers: Vec<usize> = (0..places.len()).filter(|&k| places[k].contains(&None)).collect();
    if !strangers.is_empty() {
        mixed(problem, &columns, &strangers, &mut found);
        return Ok(found);
    }
    let order: Vec<usize> = places.into_iter().flatten().flatten().collect();
    sizes(problem, &columns, &order, &mut found);
    let m = problem.x.cols();
    targets(problem, &columns, &order, &mut found);
    if order.len() > problem.size.min(m) / 2 && order.windows(2).all(|pair| pair[0] < pair[1]) {
        let all = [names("X"), names("Y")].concat();
        found.wrong.extend(all);
        found.add(
            "not-shuffled",
            vec!["X".into(), "Y".into()],
            "the examples stand in the order in which they are given",
            "样本还是原来的顺序，没有打乱",
        );
    }
    Ok(found)
}

impl Found {
    fn add(&mut self, key: &str, places: Vec<String>, en: &str, zh: &str) {
        let said = Text::new(format!("{}: {en}", places.join(", ")), format!("{}：{zh}", places.join("、")));
        self.mistakes.push(Made { mistake: key.into(), places, said });
    }
}

/// An array with examples as columns, and whether it had to be turned for that.
fn as_columns(name: &str, array: &NamedArray, of: &Matrix) -> Result<(Matrix, bool), HandInError> {
    let refused = || HandInError::Shape {
        name: name.to_owned(),
        expected: format!("({}, examples)", of.rows()),
        got: shape(&array.shape),
    };
    let matrix = |rows: usize, cols: usize| Matrix::new(rows, cols, array.values.clone());
    match array.shape[..] {
        [n] if of.rows() == 1 => Ok((matrix(1, n), false)),
        [rows, cols] if rows == of.rows() => Ok((matrix(rows, cols), false)),
        [rows, cols] if cols == of.rows() => Ok((matrix(rows, cols).transposed(), true)),
        _ => Err(refused()),
    }
}

/// Which example each column is.
fn examples(columns: &Matrix, all: &Matrix) -> Vec<Option<usize>> {
    let is = |j: usize, example: usize| {
        (0..all.rows()).all(|i| (columns.at(i, j) - all.at(i, example)).abs() < NEAR)
    };
    (0..columns.cols()).map(|j| (0..all.cols()).find(|&example| is(j, example))).collect()
}

/// Columns that are no examples: their numbers may be those of X all the same.
fn mixed(problem: &Batches, columns: &[(Matrix, Matrix)], strangers: &[usize], found: &mut Found) {
    let places: Vec<String> = strangers.iter().map(|k| format!("X{}", k + 1)).collect();
    let is_of_x = |value: &f64| problem.x.entries().iter().any(|x| (x - value).abs() < NEAR);
    let own_row = |x: &Matrix| {
        (0..x.rows()).all(|i| x.row(i).iter().all(|v| problem.x.row(i).iter().any(|x| (x - v).abs() < NEAR)))
    };
    found.wrong.extend(places.clone());
    match () {
        () if strangers.iter().all(|&k| own_row(&columns[k].0)) => found.add(
            "features-apart",
            places,
            "each feature is shuffled by itself, so that the columns are no examples any more",
            "各个特征分别打乱了，各列已不再是原来的样本",
        ),
        () if strangers.iter().all(|&k| columns[k].0.entries().iter().all(is_of_x)) => found.add(
            "reshaped",
            places,
            "the numbers are those of X, but rows and columns are mixed up, as by reshape in place of a slice or a transpose",
            "数都来自 X，但行和列混了，例如本该切片或转置却用了 reshape",
        ),
        () => found.add(
            "no-examples",
            places,
            "there are columns that are no examples of X",
            "有的列不是 X 中的样本",
        ),
    }
}

/// Which examples are there how often, and how many in which batch.
fn sizes(problem: &Batches, columns: &[(Matrix, Matrix)], order: &[usize], found: &mut Found) {
    let m = problem.x.cols();
    let mut counts = vec![0_usize; m];
    order.iter().for_each(|&example| counts[example] += 1);
    let with = |is: &dyn Fn(usize) -> bool| (0..m).filter(|&example| is(counts[example])).collect::<Vec<_>>();
    let (lost, twice) = (with(&|count| count == 0), with(&|count| count > 1));
    let (wanted, got) = (problem.sizes(), columns.iter().map(|(x, _)| x.cols()).collect::<Vec<_>>());
    let last = vec![format!("X{}", wanted.len()), format!("Y{}", wanted.len())];
    let rest = wanted.last().copied().unwrap_or_default();
    let is_cut = twice.is_empty() && got.len() + 1 == wanted.len() && got[..] == wanted[..got.len()];
    if is_cut && rest < problem.size {
        let (en, zh) = (
            format!("the last batch is missing: the {rest} examples that are left belong into it"),
            format!("缺少最后一批：剩下的 {rest} 个样本应放在里面"),
        );
        return found.add("last-dropped", last, &en, &zh);
    }
    let everywhere = || (1..=got.len()).flat_map(|n| [format!("X{n}"), format!("Y{n}")]).collect::<Vec<_>>();
    let whole = || vec!["X".to_owned(), "Y".to_owned()];
    if !twice.is_empty() || !lost.is_empty() {
        found.wrong.extend(everywhere());
        let list = |examples: &[usize]| {
            let shown: Vec<String> = examples.iter().take(MOST_NAMED).map(usize::to_string).collect();
            format!("{}{}", shown.join(", "), if examples.len() > MOST_NAMED { ", …" } else { "" })
        };
        // Of m draws with replacement about a third of the examples do not come.
        let is_drawn = order.len() == m && lost.len() > m / 4 && twice.len() > m / 6;
        let (key, en, zh) = match () {
            () if is_drawn => (
                "with-replacement",
                "the examples are drawn with replacement: ".to_owned(),
                "样本是有放回地抽取的：".to_owned(),
            ),
            () if twice.is_empty() => ("lost", String::new(), String::new()),
            () if lost.is_empty() => ("twice", String::new(), String::new()),
            () => ("lost-and-twice", String::new(), String::new()),
        };
        let mut parts: Vec<(String, String)> = Vec::new();
        if !lost.is_empty() {
            parts.push((
                format!("{} of the examples are in no batch ({})", lost.len(), list(&lost)),
                format!("有 {} 个样本不在任何一批里（{}）", lost.len(), list(&lost)),
            ));
        }
        if !twice.is_empty() {
            parts.push((
                format!("{} are there more than once ({})", twice.len(), list(&twice)),
                format!("有 {} 个出现了不止一次（{}）", twice.len(), list(&twice)),
            ));
        }
        let (parts_en, parts_zh): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
        return found.add(key, whole(), &(en + &parts_en.join(", ")), &(zh + &parts_zh.join("，")));
    }
    if got != wanted {
        found.wrong.extend(everywhere());
        let text = |sizes: &[usize]| sizes.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        let (en, zh) = (
            format!("the batches have {} examples; they are to have {}", text(&got), text(&wanted)),
            format!("各批有 {} 个样本；应为 {}", text(&got), text(&wanted)),
        );
        found.add("sizes", whole(), &en, &zh);
    }
}

/// Each example has its own target.
fn targets(problem: &Batches, columns: &[(Matrix, Matrix)], order: &[usize], found: &mut Found) {
    let counts_differ: Vec<String> = (0..columns.len())
        .filter(|&k| columns[k].0.cols() != columns[k].1.cols())
        .map(|k| format!("Y{}", k + 1))
        .collect();
    if !counts_differ.is_empty() {
        found.wrong.extend(counts_differ.clone());
        return found.add(
            "other-number-of-targets",
            counts_differ,
            "it has another number of columns than its X",
            "列数与对应的 X 不同",
        );
    }
    let handed: Vec<Vec<f64>> =
        columns.iter().flat_map(|(_, y)| (0..y.cols()).map(|j| column(y, j))).collect();
    let is = |at: usize, example: usize| {
        handed[at].iter().zip(column(&problem.y, example)).all(|(a, b)| (a - b).abs() < NEAR)
    };
    let off: Vec<usize> = (0..order.len()).filter(|&at| !is(at, order[at])).collect();
    if off.is_empty() {
        return;
    }
    let ends: Vec<usize> = columns
        .iter()
        .scan(0, |end, (x, _)| {
            *end += x.cols();
            Some(*end)
        })
        .collect();
    let mut places: Vec<String> =
        off.iter().map(|at| format!("Y{}", ends.iter().filter(|end| *end <= at).count() + 1)).collect();
    places.dedup();
    found.wrong.extend(places.clone());
    // Of the batches that are wrong, all targets stand where they are given.
    let batch_of = |at: usize| ends.iter().filter(|end| **end <= at).count();
    let is_in_wrong = |at: &usize| places.contains(&format!("Y{}", batch_of(*at) + 1));
    let is_as_given = (0..order.len()).filter(is_in_wrong).all(|at| at < problem.y.cols() && is(at, at));
    match is_as_given {
        true => found.add(
            "targets-not-shuffled",
            places,
            "the targets stand in the order in which they are given, while X is shuffled",
            "目标还是原来的顺序，而 X 已经打乱",
        ),
        false => {
            let (en, zh) = (
                format!(
                    "{} of {} examples have another's target: X and Y are shuffled in different ways",
                    off.len(),
                    order.len()
                ),
                format!("{} 个样本中有 {} 个配上了别的目标：X 和 Y 的打乱方式不同", order.len(), off.len()),
            );
            found.add("shuffled-differently", places, &en, &zh);
        }
    }
}

fn column(of: &Matrix, j: usize) -> Vec<f64> {
    (0..of.rows()).map(|i| of.at(i, j)).collect()
}
