//! What a block reads and writes, with its places checked once for the whole block.

use super::Simd;
use crate::Float;

/// R rows of so many registers each, one after the other.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rows<'a, M, const R: usize> {
    registers: &'a [M],
    width: usize,
}

impl<'a, M, const R: usize> Rows<'a, M, R> {
    /// The first R rows of these registers.
    #[inline(always)]
    pub(crate) fn new(registers: &'a [M], width: usize) -> Self {
        Self { registers: &registers[..R * width], width }
    }

    /// Register `t` of each row.
    #[inline(always)]
    pub(crate) fn column(&self, t: usize) -> [&'a M; R] {
        assert!(t < self.width, "a register of each row");
        let mut column = [&self.registers[0]; R];
        for (r, register) in column.iter_mut().enumerate() {
            // SAFETY: there are R · width registers, and t is below width.
            *register = unsafe { self.registers.get_unchecked(r * self.width + t) };
        }
        column
    }
}

/// The same, to be written.
#[derive(Debug)]
pub(crate) struct RowsMut<'a, M, const R: usize> {
    registers: &'a mut [M],
    width: usize,
}

impl<'a, M, const R: usize> RowsMut<'a, M, R> {
    /// The first R rows of these registers.
    #[inline(always)]
    pub(crate) fn new(registers: &'a mut [M], width: usize) -> Self {
        Self { registers: &mut registers[..R * width], width }
    }

    /// Registers in a row.
    #[inline(always)]
    pub(crate) fn width(&self) -> usize {
        self.width
    }

    /// Register `t` of row `r`.
    #[inline(always)]
    pub(crate) fn at(&mut self, r: usize, t: usize) -> &mut M {
        assert!(r < R && t < self.width, "a register of a row");
        // SAFETY: there are R · width registers.
        unsafe { self.registers.get_unchecked_mut(r * self.width + t) }
    }
}

/// The terms of the chains of R rows and N registers: weights that lie apart by one stride from row to row and by
/// another from term to term, and registers that lie apart by a third.
#[derive(Debug)]
pub(crate) struct Terms<'a, F, M, const R: usize, const N: usize> {
    weights: &'a [F],
    strides: (usize, usize),
    registers: &'a [M],
    stride: usize,
    /// Terms that are left, and where the next one begins.
    left: usize,
    weight: usize,
    register: usize,
}

impl<'a, F: Float, M, const R: usize, const N: usize> Terms<'a, F, M, R, N> {
    /// So many terms, from the first weight and the first register on.
    #[inline(always)]
    pub(crate) fn new(
        count: usize,
        (weights, strides): (&'a [F], (usize, usize)),
        (registers, stride): (&'a [M], usize),
    ) -> Self {
        let last = count.saturating_sub(1);
        assert!((R - 1) * strides.0 + last * strides.1 < weights.len(), "a weight of each row and term");
        assert!(last * stride + N <= registers.len(), "registers of each term");
        Self { weights, strides, registers, stride, left: count, weight: 0, register: 0 }
    }

    /// The next term: its registers, and its weights row by row.
    #[inline(always)]
    pub(crate) fn next(&mut self) -> Option<(&'a [M; N], Weights<'a, F>)> {
        self.left = self.left.checked_sub(1)?;
        let weights = Weights { numbers: self.weights, place: self.weight, stride: self.strides.0, left: R };
        // SAFETY: the places of the last term were checked, and this is not beyond it.
        let registers = unsafe { &*self.registers.as_ptr().add(self.register).cast() };
        self.weight += self.strides.1;
        self.register += self.stride;
        Some((registers, weights))
    }
}

/// The weights of a term, row by row.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Weights<'a, F> {
    numbers: &'a [F],
    place: usize,
    stride: usize,
    left: usize,
}

impl<F: Float> Weights<'_, F> {
    /// That of the next row, in all lanes.
    #[inline(always)]
    pub(crate) fn next<S: Simd<F>>(&mut self, s: S) -> S::V {
        assert!(self.left > 0, "a row of the block");
        // SAFETY: the weight of the last row of the last term was checked, and this is not beyond it.
        let weight = unsafe { *self.numbers.get_unchecked(self.place) };
        self.place += self.stride;
        self.left -= 1;
        s.splat(weight)
    }

    /// The next weight is fetched [after](Simd::after) this vector is computed.
    #[inline(always)]
    pub(crate) fn wait_for<S: Simd<F>>(&mut self, s: S, v: S::V) {
        self.place = s.after(v, self.place);
    }
}
