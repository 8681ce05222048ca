//! Cutting a count into blocks.

use std::ops::Range;

/// 0..n cut into as few ranges of at most `most` as will do, of lengths that differ by one at most: 10 by 6 is 5 and
/// 5, which keeps more chains busy than 6 and 4.
#[inline(always)]
pub(crate) fn even_parts(n: usize, most: usize) -> impl Iterator<Item = Range<usize>> {
    let parts = n.div_ceil(most);
    // A division takes longer than a small block.
    let (least, longer) = if parts <= 1 { (n, 0) } else { (n / parts, n % parts) };
    let mut start = 0;
    (0..parts).map(move |i| {
        let part = start..start + least + usize::from(i < longer);
        start = part.end;
        part
    })
}
