//! Losses on logits Z (outputs, m): what they predict, how far that is from the targets, and what it costs.
//!
//! The derivative of each of them by Z is prediction − target: one function serves all.

use std::iter::StepBy;
use std::marker::PhantomData;
use std::ops::Range;

use crate::Float;
use crate::math::{self, each_lane};
use crate::simd::{Isa, Kernel, Set, map};
use crate::tiles::{TILE, TilesRef, lanes_in_use, line_index};

/// The numbers of the lines of the same examples: one of each row.
type Column = StepBy<Range<usize>>;

/// For each line of a row, where the lines of the same examples lie.
#[inline(always)]
fn columns(rows: usize, lines_per_row: usize) -> impl Iterator<Item = Column> {
    (0..lines_per_row).map(move |k| {
        let tile = k - k % TILE;
        let width = TILE.min(lines_per_row - tile);
        (line_index(rows, lines_per_row, 0, k)..(tile + width) * rows).step_by(width)
    })
}

/// The largest logit of each example: subtracted, so that no exponential overflows.
#[inline(always)]
fn largest<F: Float, S: Set<F>>(s: S, z: &[F::Line], column: Column) -> S::V {
    let mut largest = s.splat(F::from_f64(f64::NEG_INFINITY));
    for k in column {
        largest = s.max(s.load(&z[k]), largest);
    }
    largest
}

pub(crate) fn softmax<F: Float>(isa: Isa, z: &mut [F::Line], outputs: usize) {
    F::run_on(isa, Softmax { z, outputs });
}

struct Softmax<'a, F: Float> {
    z: &'a mut [F::Line],
    outputs: usize,
}

impl<F: Float> Kernel<F> for Softmax<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { z, outputs } = self;
        for column in columns(outputs, z.len() / outputs) {
            let largest = largest(s, z, column.clone());
            let mut total = s.splat(F::ZERO);
            for k in column.clone() {
                let e = math::exp(s, s.sub(s.load(&z[k]), largest));
                total = s.add(total, e);
                s.store(e, &mut z[k]);
            }
            for k in column {
                s.store(s.div(s.load(&z[k]), total), &mut z[k]);
            }
        }
    }
}

/// eᶻ in place of the logits.
pub(crate) fn exponential<F: Float>(isa: Isa, z: &mut [F::Line]) {
    F::run_on(isa, Exponential { z });
}

struct Exponential<'a, F: Float> {
    z: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Exponential<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        for line in self.z {
            s.store(math::exp(s, s.load(line)), line);
        }
    }
}

pub(crate) fn set_errors<F: Float>(
    isa: Isa,
    y: TilesRef<'_, F>,
    weights: Option<TilesRef<'_, F>>,
    p: &mut [F::Line],
) {
    assert_eq!(p.len(), y.lines().len(), "a prediction for each target");
    F::run_on(isa, Errors { y, weights, p });
}

struct Errors<'a, F: Float> {
    y: TilesRef<'a, F>,
    weights: Option<TilesRef<'a, F>>,
    p: &'a mut [F::Line],
}

impl<F: Float> Kernel<F> for Errors<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { y, weights, p } = self;
        let (zero, least) = (s.splat(F::ZERO), s.splat(F::LEAST_ERROR));
        // Not a number is kept: a diverged training must not look like a finished one.
        map!(s, y.lines(), p, |y, p| {
            let error = s.sub(p, y);
            s.if_positive(s.sub(least, s.abs(error)), zero, error)
        });
        if let Some(weights) = weights {
            for (column, weight) in columns(y.rows(), y.lines_per_row()).zip(weights.lines()) {
                for k in column {
                    s.store(s.mul(s.load(&p[k]), s.load(weight)), &mut p[k]);
                }
            }
        }
        let bits = lanes_in_use::<F>(y.m());
        if let Some(last) = columns(y.rows(), y.lines_per_row()).last() {
            for k in last {
                s.store(s.keep(bits, s.load(&p[k])), &mut p[k]);
            }
        }
    }
}

/// The loss of an example: a sum of terms, one for each output.
trait Terms<F: Float> {
    /// What the outputs of an example share.
    #[inline(always)]
    fn shared<S: Set<F>>(s: S, _: &[F::Line], _: Column) -> S::V {
        s.splat(F::ZERO)
    }
    /// The terms of logits z and targets y.
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, shared: S::V) -> S::V;
}

/// Makes a loss of its terms.
macro_rules! losses {
    ($($name:ident: $terms:ident;)+) => {$(
        pub(crate) fn $name<F: Float>(
            isa: Isa,
            z: TilesRef<'_, F>,
            y: TilesRef<'_, F>,
            weights: Option<TilesRef<'_, F>>,
            total: &mut F::Line,
        ) {
            F::run_on(isa, Add { z, y, weights, total, terms: PhantomData::<$terms> });
        }
    )+};
}

losses! {
    add_sigmoid_cross_entropy: Sigmoid;
    add_sigmoid_cross_entropy_direct: SigmoidDirect;
    add_softmax_cross_entropy: SoftmaxCrossEntropy;
    add_squared_error: SquaredError;
    add_poisson_deviance: PoissonDeviance;
}

/// max(z, 0) − z y + ln(1 + e^−|z|), which cannot overflow.
struct Sigmoid;

impl<F: Float> Terms<F> for Sigmoid {
    #[inline(always)]
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, _: S::V) -> S::V {
        let zero = s.splat(F::ZERO);
        let exp = math::exp(s, s.sub(zero, s.abs(z)));
        s.add(s.sub(s.max(z, zero), s.mul(z, y)), each_lane!(s, exp, math::ln_1p))
    }
}

/// −y ln p − (1 − y) ln(1 − p) with p = 1 / (1 + e^−z): as printed, not as accurate as can be. The course's gradient
/// check shows its round-off.
struct SigmoidDirect;

impl<F: Float> Terms<F> for SigmoidDirect {
    #[inline(always)]
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, _: S::V) -> S::V {
        let one = s.splat(F::ONE);
        let exp = math::exp(s, s.sub(s.splat(F::ZERO), z));
        let p = s.div(one, s.add(one, exp));
        s.add(log_term(s, y, p), log_term(s, s.sub(one, y), s.sub(one, p)))
    }
}

/// −weight · ln p, where 0 · ∞ is 0 (the course sums with `nansum`).
#[inline(always)]
fn log_term<F: Float, S: Set<F>>(s: S, weight: S::V, p: S::V) -> S::V {
    let zero = s.splat(F::ZERO);
    let term = s.mul(s.sub(zero, each_lane!(s, p, math::ln)), weight);
    // Not-a-number times 0 stays what it is.
    s.if_positive(s.abs(weight), term, s.mul(weight, zero))
}

/// y (ln Σ eᶻ − z)
struct SoftmaxCrossEntropy;

impl<F: Float> Terms<F> for SoftmaxCrossEntropy {
    /// ln Σ eᶻ
    #[inline(always)]
    fn shared<S: Set<F>>(s: S, z: &[F::Line], column: Column) -> S::V {
        let largest = largest(s, z, column.clone());
        let mut total = s.splat(F::ZERO);
        for k in column {
            total = s.add(total, math::exp(s, s.sub(s.load(&z[k]), largest)));
        }
        s.add(largest, each_lane!(s, total, math::ln))
    }
    #[inline(always)]
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, log_sum: S::V) -> S::V {
        s.mul(y, s.sub(log_sum, z))
    }
}

/// ½ (z − y)²
struct SquaredError;

impl<F: Float> Terms<F> for SquaredError {
    #[inline(always)]
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, _: S::V) -> S::V {
        let error = s.sub(z, y);
        s.mul(s.mul(s.splat(F::from_f64(0.5)), error), error)
    }
}

/// y ln y − y + eᶻ − z y, half the deviance, where 0 · ln 0 is 0.
struct PoissonDeviance;

impl<F: Float> Terms<F> for PoissonDeviance {
    #[inline(always)]
    fn term<S: Set<F>>(s: S, z: S::V, y: S::V, _: S::V) -> S::V {
        let linear = s.add(y, s.mul(z, y));
        s.sub(s.sub(math::exp(s, z), linear), log_term(s, y, y))
    }
}

struct Add<'a, F: Float, T> {
    z: TilesRef<'a, F>,
    y: TilesRef<'a, F>,
    weights: Option<TilesRef<'a, F>>,
    total: &'a mut F::Line,
    terms: PhantomData<T>,
}

impl<F: Float, T: Terms<F>> Kernel<F> for Add<'_, F, T> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let Self { z: logits, y: targets, weights, total, terms: _ } = self;
        let (z, y) = (logits.lines(), targets.lines());
        let weights = weights.map(|weights| weights.lines());
        let count = logits.lines_per_row();
        for (number, column) in columns(logits.rows(), count).enumerate() {
            let mut sums = s.splat(F::ZERO);
            let shared = T::shared(s, z, column.clone());
            for k in column {
                sums = s.add(sums, T::term(s, s.load(&z[k]), s.load(&y[k]), shared));
            }
            if let Some(weights) = weights {
                sums = s.mul(sums, s.load(&weights[number]));
            }
            // Beyond the last example nothing means anything.
            if number + 1 == count {
                sums = s.keep(lanes_in_use::<F>(logits.m()), sums);
            }
            s.store(s.add(s.load(total), sums), total);
        }
    }
}
