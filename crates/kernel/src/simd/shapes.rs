//! Which blocks exist for which instruction set, and why.
//!
//! A block is what is kept in registers while its chains run: R rows of N registers in a product, R × C entries in a sum
//! over examples. Every shape is compiled in full, so there are only those that pay:
//!
//! | set | registers | R × N | R × C | why |
//! | --- | --- | --- | --- | --- |
//! | AVX-512 | 32 | up to 6 × 4 | up to 25, 6 either way | a register is a line, and a tile is four |
//! | AVX2 | 16 | 1 × 8, 3 × 4, 6 × 2 | up to 12, 6 either way | 12 sums, the two factors, and one to spare |
//! | WebAssembly | 16 of the machine below, if it has AVX | as AVX2 | as AVX2 | likewise |
//! | portable | 32 of AArch64 | 4 × 1, 1 × 1 | up to 2 × 2 | a line is an array, which takes four of them |
//!
//! The bits do not depend on the shape: each entry is a chain of its own.

use std::ops::Range;

use crate::parts::even_parts;

/// What the registers of a set hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shapes {
    /// AVX-512.
    Wide,
    /// AVX2, WebAssembly.
    Narrow,
    /// No set: what the compiler finds.
    Portable,
}

impl Shapes {
    /// The most rows of a block of a product.
    pub(crate) const ROWS: usize = 6;

    /// Rows of a product in blocks.
    #[inline(always)]
    pub(crate) fn rows(self, n: usize) -> impl Iterator<Item = Range<usize>> {
        let most = if self == Self::Portable { 4 } else { Self::ROWS };
        // Where there is nothing between a block of rows and a single one, the rest is single ones.
        let even = if self == Self::Portable { n - n % most } else { n };
        even_parts(even, most).chain((even..n).map(|row| row..row + 1))
    }

    /// The most rows, and with so many rows the most columns, of a block of a sum over examples.
    #[inline(always)]
    pub(crate) const fn most_rows(self) -> usize {
        match self {
            Self::Wide => 6,
            Self::Narrow => 4,
            Self::Portable => 2,
        }
    }

    /// The most columns of a block of a sum over examples that has so many rows.
    #[inline(always)]
    pub(crate) const fn most_columns(self, rows: usize) -> usize {
        match (self, rows) {
            (Self::Wide, 1..=4) => 6,
            (Self::Wide, 5) => 5,
            (Self::Wide, _) => 4,
            (Self::Narrow, 1 | 2) => 6,
            (Self::Narrow, _) => 12 / rows,
            (Self::Portable, _) => 2,
        }
    }
}
