//! Losses on logits Z (outputs, m): what they predict, how far that is from the targets, and what it costs.
//!
//! The derivative of each of them by Z is prediction − target: one function serves all.

use std::iter::StepBy;
use std::marker::PhantomData;
use std::ops::Range;

use crate::Float;
use crate::math;
use crate::simd::{Isa, Kernel, Set, Simd, map};
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
///
/// Vectors compute the exponentials, beside the logits or shared by all outputs of an example; the terms themselves,
/// with their logarithms, are added a number at a time.
trait Terms<F: Float> {
    /// What the outputs of an example share.
    fn shared<S: Set<F>>(s: S, z: &[F::Line], column: Column) -> F::Line;
    /// What is computed of a logit beforehand.
    fn beside<S: Simd<F>>(s: S, z: S::V) -> S::V;
    /// The term of logit z and target y.
    fn term(z: F, y: F, beside: F, shared: F) -> F;
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
}

/// max(z, 0) − z y + ln(1 + e^−|z|), which cannot overflow.
struct Sigmoid;

impl<F: Float> Terms<F> for Sigmoid {
    #[inline(always)]
    fn shared<S: Set<F>>(_: S, _: &[F::Line], _: Column) -> F::Line {
        F::ZERO_LINE
    }
    #[inline(always)]
    fn beside<S: Simd<F>>(s: S, z: S::V) -> S::V {
        math::exp(s, s.sub(s.splat(F::ZERO), s.abs(z)))
    }
    #[inline(always)]
    fn term(z: F, y: F, exp: F, _: F) -> F {
        z.max(F::ZERO) - z * y + F::from_f64(math::ln_1p(exp.to_f64()))
    }
}

/// −y ln p − (1 − y) ln(1 − p) with p = 1 / (1 + e^−z): as printed, not as accurate as can be. The course's gradient
/// check shows its round-off.
struct SigmoidDirect;

impl<F: Float> Terms<F> for SigmoidDirect {
    #[inline(always)]
    fn shared<S: Set<F>>(_: S, _: &[F::Line], _: Column) -> F::Line {
        F::ZERO_LINE
    }
    #[inline(always)]
    fn beside<S: Simd<F>>(s: S, z: S::V) -> S::V {
        let exp = math::exp(s, s.sub(s.splat(F::ZERO), z));
        s.div(s.splat(F::ONE), s.add(s.splat(F::ONE), exp))
    }
    #[inline(always)]
    fn term(_: F, y: F, p: F, _: F) -> F {
        log_term(y, p) + log_term(F::ONE - y, F::ONE - p)
    }
}

/// −weight · ln p, where 0 · ∞ is 0 (the course sums with `nansum`).
#[inline(always)]
fn log_term<F: Float>(weight: F, p: F) -> F {
    if weight == F::ZERO { F::ZERO } else { F::from_f64(-math::ln(p.to_f64())) * weight }
}

/// y (ln Σ eᶻ − z)
struct SoftmaxCrossEntropy;

impl<F: Float> Terms<F> for SoftmaxCrossEntropy {
    /// ln Σ eᶻ
    #[inline(always)]
    fn shared<S: Set<F>>(s: S, z: &[F::Line], column: Column) -> F::Line {
        let largest = largest(s, z, column.clone());
        let mut total = s.splat(F::ZERO);
        for k in column {
            total = s.add(total, math::exp(s, s.sub(s.load(&z[k]), largest)));
        }
        let (mut log, mut sum) = (F::ZERO_LINE, F::ZERO_LINE);
        s.store(largest, &mut log);
        s.store(total, &mut sum);
        for (log, sum) in log.as_mut().iter_mut().zip(sum.as_ref()) {
            *log += F::from_f64(math::ln(sum.to_f64()));
        }
        log
    }
    #[inline(always)]
    fn beside<S: Simd<F>>(_: S, z: S::V) -> S::V {
        z
    }
    #[inline(always)]
    fn term(z: F, y: F, _: F, log_sum: F) -> F {
        y * (log_sum - z)
    }
}

/// ½ (z − y)²
struct SquaredError;

impl<F: Float> Terms<F> for SquaredError {
    #[inline(always)]
    fn shared<S: Set<F>>(_: S, _: &[F::Line], _: Column) -> F::Line {
        F::ZERO_LINE
    }
    #[inline(always)]
    fn beside<S: Simd<F>>(_: S, z: S::V) -> S::V {
        z
    }
    #[inline(always)]
    fn term(z: F, y: F, _: F, _: F) -> F {
        F::from_f64(0.5) * (z - y) * (z - y)
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
        let mut examples = logits.m();
        for (number, column) in columns(logits.rows(), logits.lines_per_row()).enumerate() {
            let mut sums = F::ZERO_LINE;
            let shared = T::shared(s, z, column.clone());
            for k in column {
                let mut beside = F::ZERO_LINE;
                s.store(T::beside(s, s.load(&z[k])), &mut beside);
                let lanes = sums.as_mut().iter_mut().take(examples).enumerate();
                for (l, sum) in lanes {
                    let (z, y) = (z[k].as_ref()[l], y[k].as_ref()[l]);
                    *sum += T::term(z, y, beside.as_ref()[l], shared.as_ref()[l]);
                }
            }
            if let Some(weights) = weights {
                // Beyond the last example a weight means nothing.
                let lanes = sums.as_mut().iter_mut().zip(weights[number].as_ref()).take(examples);
                lanes.for_each(|(sum, &weight)| *sum *= weight);
            }
            s.store(s.add(s.load(total), s.load(&sums)), total);
            examples = examples.saturating_sub(F::LANES);
        }
    }
}
