//! From formulas and what was handed in to what is said of it.

use nablab_data::named_arrays::NamedArray;

use super::error::shape;
use super::formulas::{Formulas, Slip};
use super::handed::{Handed, entry, fits};
use super::judgement::{Judged, Judgement, Made, Way, Worst};
use super::search::{Candidate, Found, Search};
use super::{HandInError, Text, looks, order};
use crate::by_hand::Matrix;

/// More mistakes than this that each explain a matrix say nothing.
const MOST_ALIKE: usize = 4;

/// Judge what was handed in.
///
/// # Errors
/// What cannot be judged: names, shapes, numbers that are none.
pub(super) fn judge(
    formulas: &dyn Formulas,
    arrays: &[NamedArray],
    given: &[String],
) -> Result<Judgement, HandInError> {
    let handed = Handed::new(arrays, &formulas.quantities(), given)?;
    let order = order::of_examples(formulas, &handed);
    let handed = match &order {
        Some(order) => order.put_back(handed),
        None => handed,
    };
    let mut search = Search::new(formulas, &handed);
    check_shapes(&search, &handed)?;
    let found = search.find().or_else(|| {
        search.measure();
        search.find()
    });
    if found.is_none() {
        check_digits(&search, &handed)?;
    }
    let right = found.as_ref().is_some_and(|found| found.ways.iter().any(Vec::is_empty));
    let convention = found.as_ref().map_or_else(|| search.nearest_convention(), |found| found.convention);
    let others =
        found.as_ref().map_or_else(|| search.in_other_form(convention, &[]), |found| found.others.clone());
    let written = Written { convention, others };
    let ways = match right {
        true => Vec::new(),
        false => found.iter().flat_map(|found| ways(&search, found)).collect::<Vec<_>>(),
    };
    let alone = !right && ways.is_empty();
    let parts = (0..search.quantities.len())
        .filter_map(|k| Some(judged(&search, &handed, handed.arrays[k].as_ref()?, k, &written, alone)))
        .collect();
    let mut notes = handed.notes.clone();
    notes.extend(order.map(|order| order.said));
    notes.extend(right.then(|| unseen(&search)).flatten());
    if alone {
        let is_right = search.right_in(convention, true);
        let of = |(k, is_right): (usize, bool)| handed.arrays[k].as_ref().map(|_| is_right);
        notes.push(formulas.where_to_begin(&is_right.into_iter().enumerate().map(of).collect::<Vec<_>>()));
    }
    let convention = written.said(&search);
    Ok(Judgement { right, exact: true, parts, convention, ways, notes })
}

/// In which way it is written.
struct Written {
    convention: usize,
    /// The quantities that are in their other form.
    others: Vec<usize>,
}

impl Written {
    /// What is right of a quantity.
    fn right<'a>(&self, search: &'a Search<'_>, k: usize) -> &'a Matrix {
        let form = self.others.contains(&k).then(|| search.formulas.other_form(k)).flatten();
        &search.right[form.unwrap_or(k)]
    }

    /// Where it is another than that of the formulas.
    fn said(&self, search: &Search<'_>) -> Option<Text> {
        let convention = (self.convention > 0).then(|| search.conventions[self.convention].said.clone());
        let names: Vec<&str> = self.others.iter().map(|&k| &search.quantities[k].name[..]).collect();
        let other = (!names.is_empty()).then(|| search.formulas.other_form_said(&names.join(", ")));
        match (convention, other) {
            (Some(convention), Some(other)) => Some(Text::new(
                format!("{}; and {}", convention.en, other.en),
                format!("{}；并且 {}", convention.zh, other.zh),
            )),
            (convention, other) => convention.or(other),
        }
    }
}

/// Every shape is the right one, or one that a mistake makes.
fn check_shapes(search: &Search<'_>, handed: &Handed) -> Result<(), HandInError> {
    for (k, array) in handed.arrays.iter().enumerate() {
        let Some(array) = array else { continue };
        let right = &search.right[k];
        let made = |candidate: &Candidate| candidate.makes_shape(k, &array.shape);
        if !fits(&array.shape, right) && !search.candidates.iter().any(made) {
            let name = search.quantities[k].name.clone();
            let (expected, got) = (shape(&[right.rows(), right.cols()]), shape(&array.shape));
            return Err(HandInError::Shape { name, expected, got });
        }
    }
    Ok(())
}

/// What is not right must not be so only because it is written with few digits.
fn check_digits(search: &Search<'_>, handed: &Handed) -> Result<(), HandInError> {
    let coarse = |convention: usize| {
        let (near, exact) = (search.right_in(convention, false), search.right_in(convention, true));
        let all_near = near.iter().all(|&fits| fits);
        all_near.then(|| exact.iter().position(|&fits| !fits)).flatten()
    };
    match (0..search.conventions.len()).find_map(coarse) {
        Some(k) if handed.arrays[k].is_some() => {
            Err(HandInError::TooFewDigits { name: search.quantities[k].name.clone() })
        }
        _ => Ok(()),
    }
}

/// A matrix beside the right one.
fn judged(
    search: &Search<'_>,
    handed: &Handed,
    array: &NamedArray,
    k: usize,
    written: &Written,
    alone: bool,
) -> Judged {
    let convention = written.convention;
    let (right, factor) = (written.right(search, k), search.conventions[convention].factors[k]);
    let name = search.quantities[k].name.clone();
    let size = shape(&[right.rows(), right.cols()]);
    if !fits(&array.shape, right) {
        let got = shape(&array.shape);
        let extent = Text::new(format!("shape {got}, expected {size}"), format!("形状为 {got}，应为 {size}"));
        let looks_like = if alone { alike(search, k, convention) } else { Vec::new() };
        return Judged { name, right: false, extent, worst: None, looks_like };
    }
    let is_near = handed.near(array, right, factor, search.terms[k], true);
    let off: Vec<usize> = (0..array.values.len()).filter(|&i| !is_near(i)).collect();
    if off.is_empty() {
        return Judged {
            name,
            right: true,
            extent: Text::new(size.clone(), size),
            worst: None,
            looks_like: Vec::new(),
        };
    }
    let expected = |i: usize| factor * right.entries()[i];
    let distance = |i: &usize| (array.values[*i] - expected(*i)).abs();
    let worst = off.iter().copied().max_by(|a, b| distance(a).total_cmp(&distance(b))).unwrap_or_default();
    let of = if right.cols() == 1 { vec![right.rows()] } else { vec![right.rows(), right.cols()] };
    let entry = if right.entries().len() == 1 { String::new() } else { entry(&of, worst) };
    let worst = Worst { entry, got: array.values[worst], expected: expected(worst) };
    let (wrong, all) = (off.len(), array.values.len());
    let extent = Text::new(
        format!("{size}, {wrong} of {all} entries"),
        format!("{size}，{all} 个元素中有 {wrong} 个不对"),
    );
    let looks_like = match alone {
        true if alike(search, k, convention).is_empty() => {
            let right = Matrix::from_fn(right.rows(), right.cols(), |i, j| factor * right.at(i, j));
            looks::like(&name, array, &right, search.terms[k], search.formulas.examples())
                .into_iter()
                .collect()
        }
        true => alike(search, k, convention),
        false => Vec::new(),
    };
    Judged { name, right: false, extent, worst: Some(worst), looks_like }
}

/// Mistakes that would explain this matrix, if not the others.
fn alike(search: &Search<'_>, k: usize, convention: usize) -> Vec<Text> {
    let right: Vec<bool> = search.right_in(convention, true);
    let is_right: Vec<bool> = (0..right.len()).map(|k| search.is_handed(k) && right[k]).collect();
    let explaining = search.candidates.iter().filter(|candidate| candidate.explains(k, convention));
    let explaining: Vec<&Candidate> =
        explaining.filter(|candidate| candidate.slips.len() == 1 && candidate.may_be(&is_right)).collect();
    if explaining.len() > MOST_ALIKE {
        return Vec::new();
    }
    let said = |candidate: &&Candidate| {
        let Text { en, zh } = made(search, candidate).said;
        Text::new(
            format!("by itself explained by this mistake in {en}"),
            format!("单看它，可由这个错误解释：{zh}"),
        )
    };
    explaining.iter().map(said).collect()
}

fn ways(search: &Search<'_>, found: &Found) -> Vec<Way> {
    let way = |way: &Vec<usize>| Way {
        mistakes: way.iter().map(|&i| made(search, &search.candidates[i])).collect(),
    };
    found.ways.iter().map(way).collect()
}

/// A candidate in words: the places, and what is wrong there.
fn made(search: &Search<'_>, candidate: &Candidate) -> Made {
    let slips: Vec<&Slip> = candidate.slips.iter().map(|&i| &search.slips[i]).collect();
    let places: Vec<String> = slips.iter().map(|slip| slip.place.clone()).collect();
    let is_one = slips.iter().all(|slip| slip.what == slips[0].what);
    let said = match is_one {
        true => Text::new(
            format!("{}: {}", places.join(", "), slips[0].what.en),
            format!("{}：{}", places.join("、"), slips[0].what.zh),
        ),
        false => {
            let each = |slip: &&Slip| {
                let Text { en, zh } = &slip.what;
                (format!("{}: {en}", slip.place), format!("{}：{zh}", slip.place))
            };
            let (en, zh): (Vec<_>, Vec<_>) = slips.iter().map(each).unzip();
            Text::new(en.join("; "), zh.join("；"))
        }
    };
    Made { mistake: slips[0].key.to_owned(), places, said }
}

/// What these numbers cannot tell, because it would change none of them.
fn unseen(search: &Search<'_>) -> Option<Text> {
    let unseen =
        search.candidates.iter().filter(|candidate| candidate.slips.len() == 1 && candidate.is_unseen());
    let unseen: Vec<Text> = unseen.map(|candidate| made(search, candidate).said).collect();
    let (en, zh): (Vec<String>, Vec<String>) = unseen.into_iter().map(|said| (said.en, said.zh)).unzip();
    (!en.is_empty()).then(|| {
        Text::new(
            format!(
                "here these mistakes would make the same numbers, so they are not ruled out:\n  {}",
                en.join("\n  ")
            ),
            format!("在这道题里，下面的错误会得出同样的数，因此不能排除：\n  {}", zh.join("\n  ")),
        )
    })
}
