//! L-BFGS: the direction of Newton's method, guessed from the last few steps.

use std::collections::VecDeque;

use crate::Float;

/// d = H g, with H an estimate of the inverse of the second derivatives: γ I, corrected by the last steps s and the
/// changes y of the gradient along them, so that H y = s for each (Nocedal & Wright 2006, algorithm 7.4; γ = s·y / y·y).
///
/// Good for full batches alone: of changing batches, y says more about the batches than about the cost. How far to go
/// along d is for the training loop to find.
///
/// ```
/// use nablab_engine::optim::Lbfgs;
/// let mut rule = Lbfgs::new(10);
/// let mut g = [8.0]; // of 2 w² at 2
/// rule.update(&[2.0], &mut g);
/// assert_eq!(g, [8.0]); // nothing is known yet
/// let mut g = [4.0]; // at 1
/// rule.update(&[1.0], &mut g);
/// assert_eq!(g, [1.0]); // Newton's step: w − 1 is the minimum
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Lbfgs<F> {
    memory: usize,
    /// Where the last direction was taken, and the gradient there.
    last: Option<[Vec<F>; 2]>,
    /// s and y, oldest first.
    pairs: VecDeque<[Vec<F>; 2]>,
    /// Room for what `turn` took away along each y; empty between updates.
    shares: Vec<f64>,
}

impl<F: Float> Lbfgs<F> {
    /// Knows nothing yet, and will remember so many steps. It makes room for each as it comes, so that a large memory
    /// costs a short training nothing; once as many are remembered, an update allocates nothing.
    pub fn new(memory: usize) -> Self {
        Self { memory, last: None, pairs: VecDeque::new(), shares: Vec::new() }
    }

    /// Remember the step to `params`, and turn the gradient there into the direction, in place.
    pub fn update(&mut self, params: &[F], grads: &mut [F]) {
        let mut room = [Vec::new(), Vec::new()];
        if let Some([mut s, mut y]) = self.last.take() {
            s.iter_mut().zip(params).for_each(|(s, &w)| *s = w - *s);
            y.iter_mut().zip(&*grads).for_each(|(y, &g)| *y = g - *y);
            // Where the cost does not curve upwards along the step, there is no such H.
            if dot(&s, &y) > F::EPSILON.to_f64() * dot(&y, &y) {
                if self.pairs.len() == self.memory {
                    room = self.pairs.pop_front().unwrap_or(room);
                }
                self.pairs.push_back([s, y]);
            } else {
                room = [s, y];
            }
        }
        for (room, now) in room.iter_mut().zip([params, grads]) {
            room.clear();
            room.extend_from_slice(now);
        }
        self.last = Some(room);
        self.turn(grads);
    }

    /// Gradient into direction, in place: from the newest pair to the oldest, and back.
    fn turn(&mut self, q: &mut [F]) {
        let Some([s, y]) = self.pairs.back() else { return };
        let gamma = F::from_f64(dot(s, y) / dot(y, y));
        for [s, y] in self.pairs.iter().rev() {
            let share = dot(s, q) / dot(s, y);
            add(q, y, -share);
            self.shares.push(share);
        }
        q.iter_mut().for_each(|q| *q = gamma * *q);
        for ([s, y], share) in self.pairs.iter().zip(self.shares.drain(..).rev()) {
            add(q, s, share - dot(y, q) / dot(s, y));
        }
    }

    /// The gradient the last direction was made of.
    pub(crate) fn gradient(&self) -> &[F] {
        self.last.as_ref().map_or(&[], |[_, gradient]| gradient)
    }

    /// Forget all steps but where the last one led, and give the gradient there: the direction is that of steepest
    /// descent again. Nothing if there is nothing to forget.
    pub(crate) fn forget(&mut self) -> Option<&[F]> {
        if self.pairs.is_empty() {
            return None;
        }
        self.pairs.clear();
        Some(self.gradient())
    }

    /// The first step to try along the direction: the whole of it, or, of a bare gradient, so much that no parameter moves
    /// by more than 1.
    pub(crate) fn first_step(&self, direction: &[F]) -> f64 {
        match self.pairs.is_empty() {
            true => 1.0_f64.min(1.0 / F::wide_sum_of_magnitudes(direction)),
            false => 1.0,
        }
    }

    /// All that is remembered: w and g of the last direction, then s and y, oldest first.
    pub(super) fn moments(&self) -> impl Iterator<Item = &[F]> {
        self.last.iter().chain(&self.pairs).flatten().map(Vec::as_slice)
    }

    /// Go on with what was remembered then.
    pub(super) fn resume(&mut self, moments: Vec<Vec<F>>) {
        let mut moments = moments.into_iter();
        let mut pairs = std::iter::from_fn(|| Some([moments.next()?, moments.next()?]));
        self.last = pairs.next();
        self.pairs = pairs.collect();
    }

    /// So many moments may be what such a rule remembers.
    pub(super) fn may_remember(&self, moments: usize) -> bool {
        moments.is_multiple_of(2) && moments / 2 <= self.memory + 1
    }
}

/// Σ aⱼ bⱼ, in double precision: the products of many small numbers decide where to go.
pub(crate) fn dot<F: Float>(a: &[F], b: &[F]) -> f64 {
    F::wide_dot(a, b)
}

/// a += factor · b
fn add<F: Float>(a: &mut [F], b: &[F], factor: f64) {
    let factor = F::from_f64(factor);
    a.iter_mut().zip(b).for_each(|(a, &b)| *a += factor * b);
}
