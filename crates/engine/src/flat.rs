//! The flat part of a step: from the summed gradient to moved parameters, component by component.
//!
//! Two sweeps over the flat buffers, in pieces that stay in the caches and go to whatever thread is free. Between them
//! lies the one decision that needs the whole gradient: whether it is finite, and how long.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::gradient::Gradient;
use crate::kernel::simd::{Isa, Kernel, Simd};
use crate::optim::{Rule, Step, apply};
use crate::threads::Threads;
use crate::{Float, Layout, Penalty};

/// Components of a piece: four buffers of it fit into a second-level cache.
const PIECE: usize = 8192;

/// The flat buffers in pieces.
#[derive(Clone, Debug)]
pub(crate) struct Flat {
    pieces: Vec<Range<usize>>,
}

impl Flat {
    pub(crate) fn new(layout: &Layout) -> Self {
        Self { pieces: layout.pieces(PIECE) }
    }

    /// Set `grads` to the gradient of the cost: the mean over `m` examples of what was summed, plus the penalty's.
    /// Tells whether all of it is finite.
    pub(crate) fn mean_gradient<F: Float>(
        &self,
        (threads, isa): (&Threads, Isa),
        sums: &mut Gradient<F>,
        penalty: &Penalty,
        (layout, params): (&Layout, &[F]),
        m: usize,
        grads: &mut [F],
    ) -> bool {
        let is_finite = AtomicBool::new(true);
        let factor = F::from_f64(1.0 / m as f64);
        let written = &*sums;
        let pieces = self.pieces.iter().zip(cut(&self.pieces, grads));
        threads.each(pieces, |(piece, grads)| {
            written.write(factor, piece.start, grads);
            let (start, params) = (piece.start, &params[piece.clone()]);
            if !F::run_on(isa, Settle { penalty, layout, start, params, m, grads }) {
                is_finite.store(false, Ordering::Relaxed);
            }
        });
        sums.clear();
        is_finite.into_inner()
    }

    /// Move the parameters: the rule turns the gradient into a direction, and they go along it.
    pub(crate) fn update<F: Float>(
        &self,
        (threads, isa): (&Threads, Isa),
        rule: &mut Rule<F>,
        rate: F,
        (layout, params): (&Layout, &mut [F]),
        grads: &mut [F],
    ) {
        let step = rule.step();
        let [first, second] = rule.state().map(|state| cut(&self.pieces, state));
        let buffers = cut(&self.pieces, params).zip(cut(&self.pieces, grads)).zip(first.zip(second));
        threads.each(self.pieces.iter().zip(buffers), |(piece, ((params, grads), (first, second)))| {
            let (start, state) = (piece.start, [first, second]);
            F::run_on(isa, Move { step, rate, layout, start, params, grads, state });
        });
    }
}

/// The pieces of a buffer, which may be empty.
fn cut<'a, F: Send>(
    pieces: &'a [Range<usize>],
    mut buffer: &'a mut [F],
) -> impl Iterator<Item = &'a mut [F]> + Send {
    pieces.iter().map(move |piece| {
        let len = piece.len().min(buffer.len());
        buffer.split_off_mut(..len).expect("so many are left")
    })
}

/// The first sweep over a piece, after the mean is written. Tells whether all is finite.
struct Settle<'a, F> {
    penalty: &'a Penalty,
    layout: &'a Layout,
    start: usize,
    params: &'a [F],
    m: usize,
    grads: &'a mut [F],
}

impl<F: Float> Kernel<F> for Settle<'_, F> {
    type Output = bool;

    #[inline(always)]
    fn run<S: Simd<F>>(self, _: S) -> bool {
        self.penalty.add_gradient_from(self.layout, self.start, self.params, self.m, self.grads);
        // Without an early exit, which would keep the compiler from making vectors of it.
        let mut is_finite = true;
        for g in self.grads.iter_mut() {
            is_finite &= g.is_finite();
            *g = g.or_zero_below(F::LEAST_GRADIENT);
        }
        is_finite
    }
}

/// The second sweep over a piece.
struct Move<'a, F> {
    step: Step<F>,
    rate: F,
    layout: &'a Layout,
    start: usize,
    params: &'a mut [F],
    grads: &'a mut [F],
    state: [&'a mut [F]; 2],
}

impl<F: Float> Kernel<F> for Move<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<F>>(self, _: S) {
        let Self { step, rate, layout, mut start, mut params, mut grads, state: [mut first, mut second] } =
            self;
        // A few at a time, so that the direction is still in the first-level cache when it is gone along.
        while !params.is_empty() {
            let params = take_start(&mut params);
            let grads = take_start(&mut grads);
            step.run(layout, start, params, grads, [take_start(&mut first), take_start(&mut second)]);
            apply(params, grads, rate);
            start += params.len();
        }
    }
}

/// The next few components of a buffer, which may be empty.
#[inline(always)]
fn take_start<'a, F>(buffer: &mut &'a mut [F]) -> &'a mut [F] {
    const FEW: usize = 1024;
    let len = buffer.len().min(FEW);
    buffer.split_off_mut(..len).expect("no more than there are")
}
