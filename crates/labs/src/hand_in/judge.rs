//! From formulas and what was handed in to what is said of it.

use nablab_data::named_arrays::NamedArray;

use super::error::shape;
use super::formulas::{Convention, Formulas, Slip};
use super::handed::{Handed, entry, fits};
use super::judgement::{Judged, Judgement, Made, Way, Worst};
use super::search::{Candidate, Found, Search};
use super::{HandInError, Text, looks};
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
    let search = Search::new(formulas, &handed);
    check_shapes(&search, &handed)?;
    let found = search.find();
    if found.is_none() {
        check_digits(&search, &handed)?;
    }
    let right = found.as_ref().is_some_and(|found| found.ways.iter().any(Vec::is_empty));
    let convention = match &found {
        Some(found) => found.convention,
        None => search.nearest_convention(),
    };
    let ways = match right {
        true => Vec::new(),
        false => found.iter().flat_map(|found| ways(&search, found)).collect::<Vec<_>>(),
    };
    let alone = !right && ways.is_empty();
    let parts = (0..search.quantities.len())
        .filter_map(|k| Some(judged(&search, &handed, handed.arrays[k].as_ref()?, k, convention, alone)))
        .collect();
    let mut notes = handed.notes.clone();
    notes.extend(right.then(|| unseen(&search)).flatten());
    if alone {
        let is_right = search.right_in(convention, true);
        let wrong: Vec<usize> = (0..is_right.len()).filter(|&k| !is_right[k]).collect();
        let complete = handed.arrays.iter().all(Option::is_some);
        notes.push(formulas.where_to_begin(&wrong, complete));
    }
    let convention = (convention > 0).then(|| search.conventions[convention].said.clone());
    Ok(Judgement { right, exact: true, parts, convention, ways, notes })
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
    convention: usize,
    alone: bool,
) -> Judged {
    let Convention { factors, values, .. } = &search.conventions[convention];
    let (right, factor) = (&search.right[values[k]], factors[k]);
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
    let explaining = search.candidates.iter().filter(|candidate| candidate.explains(k, convention));
    let explaining: Vec<&Candidate> = explaining.filter(|candidate| candidate.slips.len() == 1).collect();
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
