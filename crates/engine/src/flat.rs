//! The flat part of a step: from the summed gradient to moved parameters, component by component.
//!
//! Two sweeps over the flat buffers, in pieces that stay in the caches and go to whatever thread is free. Between them
//! lies the one decision that needs the whole gradient: whether it is finite, and how long.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::gradient::Gradient;
use crate::optim::Rule;
use crate::threads::Threads;
use crate::{Float, Isa, Layout, Penalty};

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

    /// Set `grads` to the gradient of the cost: what was summed times `mean`, plus that of the penalty, its strength divided
    /// by `penalty_examples`. Tells whether all of it is finite and can be squared.
    pub(crate) fn mean_gradient<F: Float>(
        &self,
        (threads, isa): (&Threads, Isa),
        sums: &mut Gradient<F>,
        (penalty, penalty_examples): (&Penalty, f64),
        (layout, params): (&Layout, &[F]),
        mean: F,
        grads: &mut [F],
    ) -> bool {
        let is_tame = AtomicBool::new(true);
        let written = &*sums;
        let pieces = self.pieces.iter().zip(cut(&self.pieces, grads));
        threads.each(pieces, |(piece, grads)| {
            written.write(mean, piece.start, grads);
            penalty.add_gradient_from(
                isa,
                layout,
                piece.start,
                &params[piece.clone()],
                penalty_examples,
                grads,
            );
            if !F::settle(isa, grads) {
                is_tame.store(false, Ordering::Relaxed);
            }
        });
        sums.clear();
        is_tame.into_inner()
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
        let (step, rate) = rule.step(rate);
        let [first, second] = rule.state().map(|state| cut(&self.pieces, state));
        let buffers = cut(&self.pieces, params).zip(cut(&self.pieces, grads)).zip(first.zip(second));
        threads.each(self.pieces.iter().zip(buffers), |(piece, buffers)| {
            let ((mut params, mut grads), (mut first, mut second)) = buffers;
            let mut start = piece.start;
            // A few at a time, so that the direction is still in the first-level cache when it is gone along.
            while !params.is_empty() {
                let params = take_start(&mut params);
                let grads = take_start(&mut grads);
                let state = [take_start(&mut first), take_start(&mut second)];
                step.run(isa, layout, start, params, grads, state);
                F::add_scaled(isa, -rate, grads, params);
                start += params.len();
            }
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

/// The next few components of a buffer, which may be empty.
#[inline(always)]
fn take_start<'a, F>(buffer: &mut &'a mut [F]) -> &'a mut [F] {
    const FEW: usize = 1024;
    let len = buffer.len().min(FEW);
    buffer.split_off_mut(..len).expect("no more than there are")
}
