//! The different texts of a column, which become categories or classes.

use crate::table::{Categories, Values, too_long};

/// The texts of a column that come in these rows, and the first row without one. Numbers are in the order of their size and then of
/// how they are written, texts in that of the alphabet.
pub(super) fn levels(values: &Values, texts: &Categories, rows: &[usize]) -> (Vec<String>, Option<usize>) {
    let (mut comes, mut missing) = (vec![false; texts.levels().len()], None);
    for &row in rows {
        match texts.code(row) {
            Some(code) => comes[code] = true,
            None => missing = missing.or(Some(row)),
        }
    }
    let levels = texts.levels().iter().zip(comes).filter(|(_, comes)| *comes).map(|(level, _)| level.clone());
    let Values::Numbers(_) = values else { return (levels.collect(), missing) };
    let mut sized: Vec<(f64, String)> = levels.map(|text| (text.parse().unwrap_or(f64::NAN), text)).collect();
    sized.sort_unstable_by(|(a, a_text), (b, b_text)| a.total_cmp(b).then_with(|| a_text.cmp(b_text)));
    (sized.into_iter().map(|(_, text)| text).collect(), missing)
}

/// The first text that is too long for a category or a class: its characters and its row.
pub(super) fn longer_than_a_name(texts: &Categories, rows: &[usize]) -> Option<(usize, usize)> {
    let long: Vec<Option<usize>> = texts.levels().iter().map(|text| too_long(text)).collect();
    rows.iter().find_map(|&row| Some((long[texts.code(row)?]?, row)))
}
