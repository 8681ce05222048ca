//! The flat part of a step, component by component: what an update rule does to a gradient and to what it remembers.
//!
//! Plain loops, of which the compiler makes vectors for each instruction set. No multiply-add is fused here, and so the
//! bits are the same on all of them.

use crate::Float;
use crate::simd::{Isa, Kernel, Set};

/// The numbers of one update with momentum: v ← β v + (1 − β) g; the direction is v, or with Nesterov's look-ahead
/// β v + (1 − β) g.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MomentumStep<F> {
    /// β
    pub beta: F,
    /// 1 − β
    pub one_minus_beta: F,
    /// Look ahead.
    pub nesterov: bool,
}

/// The numbers of one update with RMSProp: s ← ρ s + (1 − ρ) g²; the direction is g / (√s + ε).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RmsPropStep<F> {
    /// ρ
    pub rho: F,
    /// 1 − ρ
    pub one_minus_rho: F,
    /// ε
    pub epsilon: F,
}

/// The numbers of one update with Adam: m ← β₁ m + (1 − β₁) g and v ← β₂ v + (1 − β₂) g²; the direction is
/// c₁ m / (√(c₂ v + inside) + outside).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamStep<F> {
    /// β₁
    pub beta1: F,
    /// 1 − β₁
    pub one_minus_beta1: F,
    /// β₂
    pub beta2: F,
    /// 1 − β₂
    pub one_minus_beta2: F,
    /// c₁, a factor, since a division takes as long as ten multiplications
    pub correct1: F,
    /// c₂
    pub correct2: F,
    /// What is added under the root.
    pub inside: F,
    /// What is added to the root.
    pub outside: F,
}

/// Makes functions of loops that need no more of an instruction set than to be compiled for it.
macro_rules! loops {
    ($(fn $name:ident($($arg:ident: $ty:ty),+) -> $out:ty $body:block)+) => {$(
        pub(crate) fn $name<'a, F: Float>(isa: Isa, $($arg: $ty),+) -> $out {
            struct Loop<'a, F: Float> {
                $($arg: $ty),+
            }
            impl<'a, F: Float> Kernel<F> for Loop<'a, F> {
                type Output = $out;
                #[inline(always)]
                fn run<S: Set<F>>(self, _: S) -> $out {
                    let Self { $($arg),+ } = self;
                    $body
                }
            }
            F::run_on(isa, Loop { $($arg),+ })
        }
    )+};
}

loops! {
    fn add_scaled(factor: F, x: &'a [F], y: &'a mut [F]) -> () {
        for (y, &x) in y.iter_mut().zip(x) {
            *y += factor * x;
        }
    }

    fn add_signs(factor: F, x: &'a [F], y: &'a mut [F]) -> () {
        for (y, &x) in y.iter_mut().zip(x) {
            *y += factor * sign(x);
        }
    }

    fn settle(grads: &'a mut [F]) -> bool {
        // Without an early exit, which would keep the compiler from making vectors of it.
        let mut is_tame = true;
        for g in grads.iter_mut() {
            is_tame &= g.abs() <= F::LARGEST_GRADIENT;
            *g = g.or_zero_below(F::LEAST_GRADIENT);
        }
        is_tame
    }

    fn momentum(step: MomentumStep<F>, velocity: &'a mut [F], grads: &'a mut [F]) -> () {
        for (v, g) in velocity.iter_mut().zip(grads) {
            *v = faded(step.beta * *v + step.one_minus_beta * *g);
            *g = if step.nesterov { step.beta * *v + step.one_minus_beta * *g } else { *v };
        }
    }

    fn rms_prop(step: RmsPropStep<F>, mean_square: &'a mut [F], grads: &'a mut [F]) -> () {
        for (s, g) in mean_square.iter_mut().zip(grads) {
            *s = faded(step.rho * *s + step.one_minus_rho * (*g * *g));
            *g /= s.sqrt() + step.epsilon;
        }
    }

    fn adam(step: AdamStep<F>, first: &'a mut [F], second: &'a mut [F], grads: &'a mut [F]) -> () {
        for ((m, v), g) in first.iter_mut().zip(second).zip(grads) {
            *m = faded(step.beta1 * *m + step.one_minus_beta1 * *g);
            *v = faded(step.beta2 * *v + step.one_minus_beta2 * (*g * *g));
            *g = (*m * step.correct1) / ((*v * step.correct2 + step.inside).sqrt() + step.outside);
        }
    }
}

/// What fades away without gradients is 0 in the end, not a subnormal number for ever.
#[inline(always)]
fn faded<F: Float>(moment: F) -> F {
    moment.or_zero_below(F::LEAST_ERROR)
}

/// −1, 0 or 1; the subgradient 0 at the corner of |x|.
#[inline(always)]
fn sign<F: Float>(x: F) -> F {
    if x > F::ZERO {
        F::ONE
    } else if x < F::ZERO {
        -F::ONE
    } else {
        F::ZERO
    }
}
