//! Which rows to learn from and which to judge on.

use std::collections::BTreeMap;

use nablab_engine::rng::NumpyRng;

use crate::DataError;

/// Rows of a table, each in one of two parts, in the order of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// To learn from.
    pub train: Vec<usize>,
    /// To judge on.
    pub validation: Vec<usize>,
}

/// Hold out a share of the rows.
///
/// `kinds` has a number for each row. Rows that are to stay `together` (a patient's, say) go to one side; else the rows
/// of each kind (class) are split in the same proportion, so that a rare class is on both sides.
///
/// ```
/// use nablab_data::prepare::hold_out;
/// use nablab_engine::rng::Stream;
/// let classes = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1];
/// let split = hold_out(&classes, 0.25, false, &mut Stream::Split.rng(0))?;
/// let held_out = |class| split.validation.iter().filter(|&&row| classes[row] == class).count();
/// assert_eq!((held_out(0), held_out(1), split.train.len()), (2, 1, 9));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Parameter`] if one of the parts would be empty.
pub fn hold_out(kinds: &[usize], share: f64, together: bool, rng: &mut NumpyRng) -> Result<Split, DataError> {
    let wanted = ((kinds.len() as f64 * share).round() as usize).max(1);
    let mut is_out = vec![false; kinds.len()];
    let mut parts = parts(kinds);
    if together {
        rng.shuffle(&mut parts);
        let mut out = 0;
        // Not more than half a group too many: of the last one, whatever is nearer.
        for rows in parts {
            if out > 0 && (out + rows.len()).abs_diff(wanted) > wanted.abs_diff(out) {
                break;
            }
            out += rows.len();
            rows.iter().for_each(|&row| is_out[row] = true);
        }
    } else {
        let quotas = quotas(&parts, share, wanted);
        for (mut rows, quota) in parts.into_iter().zip(quotas) {
            rng.shuffle(&mut rows);
            rows[..quota].iter().for_each(|&row| is_out[row] = true);
        }
    }
    let (validation, train): (Vec<usize>, Vec<usize>) = (0..kinds.len()).partition(|&row| is_out[row]);
    let (what, of) = if together { ("groups", "group") } else { ("rows", "row") };
    if train.is_empty() || validation.is_empty() {
        return Err(DataError::Parameter {
            name: "validation",
            expected: format!("0 (none), or a share that leaves a {of} to learn from and one to judge on"),
            got: format!("{share} of {} {what}", count(kinds, together)),
        });
    }
    Ok(Split { train, validation })
}

/// Cut the rows into `k` parts; each is judged on once, by what was learned from the others.
///
/// `kinds` and `together` as in [`hold_out`].
///
/// # Errors
/// [`DataError::Parameter`] if k is below 2 or above the number of rows, or of groups that stay together.
pub fn folds(kinds: &[usize], k: usize, together: bool, rng: &mut NumpyRng) -> Result<Vec<Split>, DataError> {
    let most = count(kinds, together);
    if !(2..=most).contains(&k) {
        let what = if together { "groups" } else { "rows" };
        let (expected, got) = (format!("from 2 to {most}, the number of {what}"), k.to_string());
        return Err(DataError::Parameter { name: "folds", expected, got });
    }
    let mut fold = vec![0; kinds.len()];
    let mut parts = parts(kinds);
    if together {
        rng.shuffle(&mut parts);
        // The largest first, each to the fold that has least.
        parts.sort_by_key(|rows| std::cmp::Reverse(rows.len()));
        let mut sizes = vec![0; k];
        for rows in parts {
            let smallest = (0..k).min_by_key(|&f| sizes[f]).unwrap_or_default();
            sizes[smallest] += rows.len();
            rows.iter().for_each(|&row| fold[row] = smallest);
        }
    } else {
        // Dealt like cards, one kind after the other: sizes differ by one at most, of each kind and of all.
        let mut next = 0;
        for mut rows in parts {
            rng.shuffle(&mut rows);
            for row in rows {
                fold[row] = next % k;
                next += 1;
            }
        }
    }
    let split = |f| {
        let (validation, train) = (0..kinds.len()).partition(|&row| fold[row] == f);
        Split { train, validation }
    };
    Ok((0..k).map(split).collect())
}

/// Hold out the last share of the rows by their times; rows of one time stay on one side.
///
/// ```
/// use nablab_data::prepare::hold_out_last;
/// let split = hold_out_last(&[5.0, 1.0, 4.0, 2.0, 4.0], 0.4)?;
/// assert_eq!((split.train, split.validation), (vec![1, 3], vec![0, 2, 4]));
/// # Ok::<(), nablab_data::DataError>(())
/// ```
///
/// # Errors
/// [`DataError::Parameter`] if all rows are of one time.
pub fn hold_out_last(times: &[f64], share: f64) -> Result<Split, DataError> {
    let order = in_time(times);
    let wanted = ((times.len() as f64 * share).round() as usize).max(1);
    match boundary(times, &order, times.len() - wanted.min(times.len())) {
        Some(cut) => Ok(Split::of(&order, cut, times.len())),
        None => Err(DataError::Parameter {
            name: "validation.by",
            expected: "a column with at least two different times".into(),
            got: "the same in every row".into(),
        }),
    }
}

/// Cut the rows by their times into k + 1 parts; each but the first is judged on by what was learned from all before it. As
/// scikit-learn's `TimeSeriesSplit`, but rows of one time stay on one side.
///
/// # Errors
/// [`DataError::Parameter`] if k is below 2, or so many parts do not differ in time.
pub fn folds_forward(times: &[f64], k: usize) -> Result<Vec<Split>, DataError> {
    let (n, order) = (times.len(), in_time(times));
    let different = order.windows(2).filter(|pair| times[pair[0]] < times[pair[1]]).count() + 1;
    let refused =
        |expected: String| Err(DataError::Parameter { name: "folds", expected, got: k.to_string() });
    if k < 2 || k >= different {
        let most = different - 1;
        return refused(format!(
            "from 2 to {most}: there are {different} different times, and the first is only learned from"
        ));
    }
    let size = n / (k + 1);
    let cuts: Option<Vec<usize>> =
        (0..k).map(|fold| boundary(times, &order, n - (k - fold) * size)).collect();
    let mut cuts = cuts.unwrap_or_default();
    cuts.push(n);
    if cuts.windows(2).any(|pair| pair[0] >= pair[1]) {
        return refused("fewer: too many rows are of one time for so many parts".into());
    }
    Ok(cuts.windows(2).map(|pair| Split::of(&order, pair[0], pair[1])).collect())
}

/// The rows from the first to the last; those of one time in their order.
fn in_time(times: &[f64]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..times.len()).collect();
    order.sort_by(|&a, &b| times[a].total_cmp(&times[b]));
    order
}

/// The place next to a wanted one at which the time changes; of two, the earlier.
fn boundary(times: &[f64], order: &[usize], wanted: usize) -> Option<usize> {
    let changes = |at: &usize| times[order[at - 1]] < times[order[*at]];
    (1..order.len()).filter(changes).min_by_key(|at| at.abs_diff(wanted))
}

impl Split {
    /// Learn from what is before a cut, and judge on what is from there to another one.
    fn of(order: &[usize], cut: usize, end: usize) -> Self {
        let (mut train, mut validation) = (order[..cut].to_vec(), order[cut..end].to_vec());
        train.sort_unstable();
        validation.sort_unstable();
        Self { train, validation }
    }
}

/// The rows of each kind.
fn parts(kinds: &[usize]) -> Vec<Vec<usize>> {
    let mut parts = BTreeMap::<usize, Vec<usize>>::new();
    kinds.iter().enumerate().for_each(|(row, &kind)| parts.entry(kind).or_default().push(row));
    parts.into_values().collect()
}

fn count(kinds: &[usize], together: bool) -> usize {
    if together { parts(kinds).len() } else { kinds.len() }
}

/// How many of each kind to hold out, `wanted` in all: the whole part of its share first, then one more where the rest
/// is largest. Nothing of a kind that has a single row, which is to be learned.
fn quotas(parts: &[Vec<usize>], share: f64, wanted: usize) -> Vec<usize> {
    let shares: Vec<f64> = parts.iter().map(|rows| rows.len() as f64 * share).collect();
    let mut quotas: Vec<usize> = shares.iter().map(|&share| share.floor() as usize).collect();
    let mut by_rest: Vec<usize> = (0..parts.len()).filter(|&i| parts[i].len() > 1).collect();
    by_rest.sort_by(|&a, &b| shares[b].fract().total_cmp(&shares[a].fract()));
    let left = wanted.saturating_sub(quotas.iter().sum());
    by_rest.into_iter().take(left).for_each(|i| quotas[i] += 1);
    quotas
}
