//! Names for mistakes: what a wrong gradient looks like tells what was forgotten.

use std::fmt;

use serde::Serialize;

use super::{Component, Context, NOISE_MARGIN, RELATIVE, Verdict};
use crate::{Layout, Role, Slot};

/// A mistake in one slot of the gradient.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Finding {
    /// `W2`, `b1`, …
    pub slot: String,
    /// Entries that are wrong.
    pub wrong: usize,
    /// Entries of the slot.
    pub entries: usize,
    /// Of these, entries that are 0 on both sides, which any pattern explains.
    pub silent: usize,
    /// What it looks like.
    pub mistake: Mistake,
}

/// What a wrong slot looks like.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mistake {
    /// All entries are 0 and should not be: never computed.
    Missing,
    /// Analytic = −numeric.
    Sign,
    /// Analytic = m × numeric: the mean over m examples was forgotten.
    MissingMean {
        /// m.
        examples: usize,
    },
    /// Analytic = numeric / m: divided twice.
    ExtraMean {
        /// m.
        examples: usize,
    },
    /// Analytic = ratio × numeric.
    Factor {
        /// The factor.
        ratio: f64,
    },
    /// The entries are those of the transposed matrix.
    Transposed,
    /// Off by a multiple of the penalty's gradient: −1 means it was left out, 1 that it was added twice.
    Penalty {
        /// The multiple.
        multiple: f64,
    },
    /// Off by the same number in every entry.
    Offset {
        /// The number.
        offset: f64,
    },
    /// Only these rows (units) are wrong.
    Rows {
        /// From 0.
        rows: Vec<usize>,
    },
    /// Only these entries are wrong.
    Entries {
        /// `W1[0, 2]`, …; the first few.
        names: Vec<String>,
    },
    /// No pattern.
    Unrecognised {
        /// Wrongest entry.
        name: String,
        /// Its analytic value.
        analytic: f64,
        /// Its numeric value.
        numeric: f64,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { slot, wrong, entries, silent, mistake } = self;
        let extent = match entries - silent {
            all if *silent == 0 => format!("all {all} entries"),
            some => format!("all {some} entries that are not 0 on both sides"),
        };
        match mistake {
            Mistake::Missing => write!(f, "{slot}: analytic is 0 in {extent} (never computed)"),
            Mistake::Sign => write!(f, "{slot}: analytic is −1 × numeric in {extent} (a wrong sign)"),
            Mistake::MissingMean { examples } => write!(
                f,
                "{slot}: analytic is {examples} × numeric in {extent} (the mean over {examples} examples is missing)"
            ),
            Mistake::ExtraMean { examples } => write!(
                f,
                "{slot}: analytic is numeric / {examples} in {extent} (divided by the {examples} examples twice)"
            ),
            Mistake::Factor { ratio } => {
                write!(f, "{slot}: analytic is {ratio:.2} × numeric in {extent} (a constant factor)")
            }
            Mistake::Transposed => write!(f, "{slot}: the entries are those of the transposed matrix"),
            Mistake::Penalty { multiple } if *multiple < 0.0 => {
                write!(f, "{slot}: the gradient of the penalty is missing")
            }
            Mistake::Penalty { multiple } => {
                write!(f, "{slot}: the gradient of the penalty is in it {:.2} times", multiple + 1.0)
            }
            Mistake::Offset { offset } => {
                write!(f, "{slot}: analytic is numeric + {} in {extent}", plain(*offset, 4))
            }
            Mistake::Rows { rows } => {
                write!(f, "{slot}: only row(s) {rows:?} are wrong, all other units are right")
            }
            Mistake::Entries { names } => write!(f, "{slot}: only {} wrong", names.join(", ")),
            Mistake::Unrecognised { name, analytic, numeric } => write!(
                f,
                "{slot}: {wrong} of {entries} entries are wrong, most {name}: analytic {}, numeric {}",
                plain(*analytic, 7),
                plain(*numeric, 7)
            ),
        }
    }
}

/// A number as people write it, to so many significant digits: with a power of ten only where it is very large or small.
fn plain(value: f64, digits: usize) -> String {
    let scientific = format!("{value:.*e}", digits - 1);
    let exponent = scientific.split_once('e').and_then(|(_, power)| power.parse::<i32>().ok());
    match exponent.filter(|exponent| (-5..15).contains(exponent)) {
        None => scientific,
        Some(exponent) => {
            let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
            let fixed = format!("{value:.decimals$}");
            match fixed.contains('.') {
                true => fixed.trim_end_matches('0').trim_end_matches('.').to_owned(),
                false => fixed,
            }
        }
    }
}

/// The wrong slots, each with a name for what is wrong, in the order of the layout.
pub(super) fn find(
    layout: &Layout,
    components: &[Component],
    params: &[f64],
    context: Context<'_>,
) -> Vec<Finding> {
    debug_assert_eq!(params.len(), components.len());
    layout
        .slots()
        .iter()
        .filter_map(|slot| {
            let entries = &components[slot.range.clone()];
            let wrong = entries.iter().filter(|c| c.verdict == Verdict::Wrong).count();
            let penalty = context.penalty.map(|p| &p[slot.range.clone()]);
            (wrong > 0).then(|| Finding {
                slot: slot.name.clone(),
                wrong,
                entries: entries.len(),
                silent: entries.iter().filter(|c| c.analytic == 0.0 && c.wide == 0.0).count(),
                mistake: name(slot, entries, wrong, context.examples, penalty),
            })
        })
        .collect()
}

/// What a matrix looks like whose right entries are known, each to within `uncertainty`; nothing where no entry is wrong. The slot's
/// range does not matter.
///
/// ```
/// use nablab_engine::gradcheck::{Context, Mistake, recognise};
/// use nablab_engine::{Role, Slot};
/// let slot = Slot { name: "dW1".into(), role: Role::Weight, rows: 1, cols: 2, range: 0..2 };
/// let context = Context { examples: Some(5), penalty: None };
/// let found = recognise(&slot, &[0.5, -1.0], &[0.1, -0.2], 1e-9, context);
/// assert_eq!(found, Some(Mistake::MissingMean { examples: 5 }));
/// assert_eq!(recognise(&slot, &[0.1, -0.2], &[0.1, -0.2], 1e-9, context), None);
/// ```
///
/// # Panics
/// If there are not as many entries as the slot has.
pub fn recognise(
    slot: &Slot,
    got: &[f64],
    right: &[f64],
    uncertainty: f64,
    context: Context<'_>,
) -> Option<Mistake> {
    assert_eq!((got.len(), right.len()), (slot.rows * slot.cols, slot.rows * slot.cols), "entries");
    let component = |i: usize| {
        let (analytic, numeric) = (got[i], right[i]);
        let near = RELATIVE * analytic.abs().max(numeric.abs()) + uncertainty;
        let verdict = if (analytic - numeric).abs() <= near { Verdict::Agrees } else { Verdict::Wrong };
        let name = format!("{}[{}, {}]", slot.name, i / slot.cols, i % slot.cols);
        Component { name, analytic, numeric, wide: numeric, uncertainty: uncertainty / NOISE_MARGIN, verdict }
    };
    let entries: Vec<Component> = (0..got.len()).map(component).collect();
    let wrong = entries.iter().filter(|c| c.verdict == Verdict::Wrong).count();
    (wrong > 0).then(|| name(slot, &entries, wrong, context.examples, context.penalty))
}

/// The first pattern that explains every usable entry, from the most to the least specific.
fn name(
    slot: &Slot,
    entries: &[Component],
    wrong: usize,
    examples: Option<usize>,
    penalty: Option<&[f64]>,
) -> Mistake {
    let usable = || entries.iter().filter(|c| c.verdict != Verdict::Kink);
    if usable().all(|c| c.analytic == 0.0) {
        return Mistake::Missing;
    }
    // Analytic and explained value agree as [`super::check`] asks of a right gradient.
    let explains = |expected: &dyn Fn(usize, &Component) -> f64, tolerance: f64| {
        entries.iter().enumerate().filter(|(_, c)| c.verdict != Verdict::Kink).all(|(i, c)| {
            let e = expected(i, c);
            (c.analytic - e).abs()
                <= tolerance * e.abs() + NOISE_MARGIN * c.uncertainty * (1.0 + (e / c.wide).abs().min(1e3))
        })
    };
    let factor = projection(usable().map(|c| (c.wide, c.analytic)));
    if let Some(ratio) = factor.filter(|&ratio| explains(&|_, c| ratio * c.wide, 10.0 * RELATIVE)) {
        let is = |value: f64| (ratio / value - 1.0).abs() < 1e-3;
        return match examples {
            _ if is(-1.0) => Mistake::Sign,
            Some(m) if m > 2 && is(m as f64) => Mistake::MissingMean { examples: m },
            Some(m) if m > 2 && is(1.0 / m as f64) => Mistake::ExtraMean { examples: m },
            _ => Mistake::Factor { ratio },
        };
    }
    if let Some(penalty) = penalty {
        let indexed = entries.iter().zip(penalty).filter(|(c, _)| c.verdict != Verdict::Kink);
        let multiple = projection(indexed.map(|(c, &p)| (p, c.analytic - c.wide)));
        if let Some(k) = multiple.filter(|&k| explains(&|i, c| c.wide + k * penalty[i], 10.0 * RELATIVE)) {
            return Mistake::Penalty { multiple: k };
        }
    }
    if slot.role == Role::Weight && slot.rows > 1 && slot.cols > 1 {
        // Entry (r, c) of the transposed matrix, read row by row, is entry number c · rows + r of this one.
        let transposed = |i: usize, _: &Component| entries[(i % slot.rows) * slot.cols + i / slot.rows].wide;
        if explains(&transposed, 10.0 * RELATIVE) {
            return Mistake::Transposed;
        }
    }
    let count = usable().count() as f64;
    let offset = usable().map(|c| c.analytic - c.wide).sum::<f64>() / count;
    if entries.len() > 2 && wrong == entries.len() && explains(&|_, c| c.wide + offset, RELATIVE) {
        return Mistake::Offset { offset };
    }
    let rows: Vec<usize> = (0..slot.rows)
        .filter(|r| entries[r * slot.cols..(r + 1) * slot.cols].iter().any(|c| c.verdict == Verdict::Wrong))
        .collect();
    if slot.cols > 1 && rows.len() < slot.rows.div_ceil(2) && wrong > rows.len() {
        return Mistake::Rows { rows };
    }
    if wrong < entries.len().div_ceil(2) && wrong <= 4 {
        let names = entries.iter().filter(|c| c.verdict == Verdict::Wrong).map(|c| c.name.clone());
        return Mistake::Entries { names: names.collect() };
    }
    let error = |c: &Component| (c.analytic - c.wide).abs();
    let worst = usable().max_by(|a, b| error(a).total_cmp(&error(b))).unwrap_or(&entries[0]);
    Mistake::Unrecognised { name: worst.name.clone(), analytic: worst.analytic, numeric: worst.wide }
}

/// The k for which k · x is nearest to y; `None` if x is all zeros.
fn projection(pairs: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (xx, xy) = pairs.fold((0.0, 0.0), |(xx, xy), (x, y)| (xx + x * x, xy + x * y));
    (xx > 0.0).then(|| xy / xx)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_as_people_write_them() {
        let shown =
            [-2.425963, 0.1, 0.0, 12345678.0, 2.5e-9, -1e20, 0.000123456789].map(|value| plain(value, 7));
        assert_eq!(
            shown,
            ["-2.425963", "0.1", "0", "12345678", "2.500000e-9", "-1.000000e20", "0.0001234568"]
        );
        assert_eq!(plain(f64::NAN, 7), "NaN");
    }
}
