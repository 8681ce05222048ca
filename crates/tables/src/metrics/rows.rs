//! Going over what is said of many examples, whether it lies example by example or output by output.

/// Make something of the numbers `said(i, k)` of each example i, all its outputs k in their order: from `start`, by `add`, and then
/// `take` it. Output by output of some examples at a time, so that either way few of them are fetched twice.
pub(crate) fn fold_rows<A: Copy>(
    [count, outputs]: [usize; 2],
    said: impl Fn(usize, usize) -> f64,
    start: A,
    add: impl Fn(&mut A, usize, f64),
    mut take: impl FnMut(usize, A),
) {
    const AT_ONCE: usize = 256;
    let mut some = [start; AT_ONCE];
    for first in (0..count).step_by(AT_ONCE) {
        let some = &mut some[..AT_ONCE.min(count - first)];
        some.fill(start);
        for k in 0..outputs {
            some.iter_mut().zip(first..).for_each(|(made, i)| add(made, k, said(i, k)));
        }
        some.iter().zip(first..).for_each(|(made, i)| take(i, *made));
    }
}

/// The first largest of some numbers; not-a-number is larger than any number.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Top {
    pub(crate) place: usize,
    pub(crate) value: f64,
}

impl Default for Top {
    fn default() -> Self {
        Self { place: 0, value: f64::NEG_INFINITY }
    }
}

impl Top {
    pub(crate) fn add(&mut self, place: usize, value: f64) {
        if value > self.value || (value.is_nan() && !self.value.is_nan()) {
            *self = Self { place, value };
        }
    }
}

/// The place of the first largest; not-a-number is larger than any number.
pub(crate) fn argmax(row: &[f64]) -> usize {
    let mut top = Top::default();
    row.iter().enumerate().for_each(|(k, &value)| top.add(k, value));
    top.place
}
