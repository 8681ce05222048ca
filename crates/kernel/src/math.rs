//! exp, tanh, the logistic function and the logarithm by our own polynomials: the same bits on every processor
//! and system, and vectors where a training step needs them.
//!
//! | function | largest error | where |
//! | --- | --- | --- |
//! | [`exp`] | 1 ulp | x ≥ −707.7 (`f32`: −86.6) |
//! | [`sigmoid`] | 1 ulp | the same |
//! | [`tanh`] | 2 ulp | everywhere |
//! | [`ln`], [`ln_1p`] | 1 ulp, 2 ulp | x > 0; [`ln_1p`]: 0 ≤ x ≤ 1 |
//!
//! Below their limit [`exp`] and [`sigmoid`] stay at 4e-308 (2e-38): results that are not subnormal keep the
//! arithmetic behind them fast, and no gradient notices.
//!
//! `accuracy.rs` holds these bounds. Derivations: `docs/maths/elementary.md`.

use crate::Float;
use crate::simd::Simd;

/// The numbers of [`exp`] for one type.
#[derive(Debug)]
pub struct Constants<F: 'static> {
    /// 1 / ln 2
    log2_e: F,
    /// ln 2 rounded, and the rest of it
    ln_2: [F; 2],
    /// 1.5 · 2^(bits of the mantissa): adding and subtracting it rounds to a whole number
    round: F,
    /// Coefficients of (eʳ − 1 − r) / r² for |r| ≤ ln 2 / 2, the highest power first
    exp: &'static [F],
    /// Below, eˣ stays what it is there
    lowest: F,
    /// Above, eˣ is infinite
    highest: F,
    /// Above, tanh x is 1
    tanh_is_one: F,
}

pub(crate) const F64: Constants<f64> = Constants {
    log2_e: std::f64::consts::LOG2_E,
    ln_2: [std::f64::consts::LN_2, 2.319_046_813_846_299_6e-17],
    round: 6_755_399_441_055_744.0,
    exp: &[
        2.092_689_477_311_079e-9,
        2.511_224_023_723_967e-8,
        2.755_723_352_346_323e-7,
        2.755_723_423_553_526_4e-6,
        2.480_158_737_353_968e-5,
        0.000_198_412_698_970_603_6,
        0.001_388_888_888_885_855_1,
        0.008_333_333_333_316_737,
        0.041_666_666_666_666_73,
        0.166_666_666_666_666_85,
        0.5,
    ],
    lowest: -707.7,
    highest: 710.0,
    tanh_is_one: 20.0,
};

pub(crate) const F32: Constants<f32> = Constants {
    log2_e: std::f32::consts::LOG2_E,
    ln_2: [std::f32::consts::LN_2, -1.904_654_2e-9],
    round: 12_582_912.0,
    exp: &[0.001_395_049_2, 0.008_368_89, 0.041_666_206, 0.166_665_18, 0.5],
    lowest: -86.64,
    highest: 89.0,
    tanh_is_one: 10.0,
};

/// x = n ln 2 + r with whole n: n and eʳ − 1. Not a number stays one.
#[inline(always)]
fn reduce<F: Float, S: Simd<F>>(s: S, x: S::V) -> (S::V, S::V) {
    let c = &F::MATH;
    let round = s.splat(c.round);
    let n = s.sub(s.mul_add(x, s.splat(c.log2_e), round), round);
    let near = s.neg_mul_add(n, s.splat(c.ln_2[0]), x);
    let r = s.neg_mul_add(n, s.splat(c.ln_2[1]), near);
    // What rounding took from r: a quarter of a unit of the result's last place.
    let r_rest = s.neg_mul_add(n, s.splat(c.ln_2[1]), s.sub(near, r));
    let mut q = s.splat(c.exp[0]);
    for &coefficient in &c.exp[1..] {
        q = s.mul_add(q, r, s.splat(coefficient));
    }
    (n, s.add(r, s.mul_add(s.mul(r, r), q, r_rest)))
}

/// eˣ.
#[inline(always)]
pub(crate) fn exp<F: Float, S: Simd<F>>(s: S, x: S::V) -> S::V {
    let one = s.splat(F::ONE);
    let x = s.min(s.splat(F::MATH.highest), s.max(s.splat(F::MATH.lowest), x));
    let (n, t) = reduce(s, x);
    // 2ⁿ may be too large where 2ⁿ⁻¹ is not.
    let scale = s.exp2_whole(s.sub(n, one));
    s.mul(s.mul_add(t, s.splat(F::from_f64(2.0)), s.splat(F::from_f64(2.0))), scale)
}

/// 1 / (1 + e⁻ᶻ).
///
/// With q = e^−|z|, which cannot overflow, it is 1 / (1 + q) or q / (1 + q). What rounding takes from q and from
/// 1 + q is carried along and put back with one step of Newton's method. Nothing on the way is subnormal.
#[inline(always)]
pub(crate) fn sigmoid<F: Float, S: Simd<F>>(s: S, z: S::V) -> S::V {
    let (one, zero) = (s.splat(F::ONE), s.splat(F::ZERO));
    let (n, t) = reduce(s, s.max(s.splat(F::MATH.lowest), s.sub(zero, s.abs(z))));
    let scale = s.exp2_whole(n);
    // q = (high + low) 2ⁿ
    let high = s.add(one, t);
    let low = s.add(s.sub(one, high), t);
    let q = s.mul(high, scale);
    let d = s.add(one, q);
    let d_rest = s.mul_add(low, scale, s.add(s.sub(one, d), q));
    let r = s.div(one, d);
    let r_rest = s.mul(s.neg_mul_add(d_rest, r, s.neg_mul_add(d, r, one)), r);
    let right = s.add(r, r_rest);
    // q r with the rests of both.
    let right_rest = s.add(s.sub(r, right), r_rest);
    let left = s.mul_add(high, right, s.mul_add(low, right, s.mul(high, right_rest)));
    s.if_positive(z, right, s.mul(left, scale))
}

/// tanh x = m / (m + 2) with m = e^2|x| − 1, and the sign of x. (With e^−2|x| errors of m would count twice.)
///
/// What rounding takes from m and from m + 2 is carried along and put back with one step of Newton's method.
#[inline(always)]
pub(crate) fn tanh<F: Float, S: Simd<F>>(s: S, x: S::V) -> S::V {
    let (one, two, zero) = (s.splat(F::ONE), s.splat(F::from_f64(2.0)), s.splat(F::ZERO));
    let size = s.min(s.splat(F::MATH.tanh_is_one), s.abs(x));
    let (n, t) = reduce(s, s.add(size, size));
    let scale = s.exp2_whole(n);
    let whole = s.sub(scale, one);
    let m = s.mul_add(scale, t, whole);
    let m_rest = s.mul_add(scale, t, s.sub(whole, m));
    let d = s.add(m, two);
    let d_rest = s.add(s.sub(m, s.sub(d, two)), m_rest);
    let r = s.div(one, d);
    let y = s.mul(m, r);
    let error = s.neg_mul_add(y, d_rest, s.add(s.neg_mul_add(y, d, m), m_rest));
    let y = s.mul_add(error, r, y);
    s.if_positive(x, y, s.sub(zero, y))
}

/// ln x, for costs. Without a branch and not fused, so that the compiler can make vectors of it on every set and the bits
/// stay the same.
///
/// x = m 2ᵏ with m in [√½, √2); ln m = 2 artanh s with s = (m − 1) / (m + 1), put together as in fdlibm so that
/// m − 1, which is exact, carries the result.
#[inline(always)]
pub(crate) fn ln(x: f64) -> f64 {
    const LN_2_HIGH: f64 = 0.693_147_180_369_123_8; // its last 32 bits are 0, so k times it is exact
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    // (2 artanh s − 2 s) / s³ in powers of s², the highest first.
    const ARTANH: [f64; 8] = [
        0.130_892_192_438_593_96,
        0.132_685_162_484_873_97,
        0.153_862_496_841_270_49,
        0.181_817_954_481_757_42,
        0.222_222_223_936_051_9,
        0.285_714_285_707_947_6,
        0.400_000_000_000_008_9,
        0.666_666_666_666_666_6,
    ];
    // Subnormal numbers are moved among the normal ones first, by 2⁵⁴.
    let is_tiny = x < f64::MIN_POSITIVE;
    let scaled = if is_tiny { x * 18_014_398_509_481_984.0 } else { x };
    let shift = if is_tiny { 54.0 } else { 0.0 };
    // Adding the distance from √½ to 1 to the bits carries into the exponent exactly where m ≥ √2.
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const ONE: u64 = 0x3ff0_0000_0000_0000;
    let bits = scaled.to_bits().wrapping_add(ONE - SQRT_HALF);
    // Behind the bits of 2⁵², a whole number becomes a floating-point one without a conversion.
    const WHOLE: f64 = 4_503_599_627_370_496.0;
    let k = f64::from_bits(WHOLE.to_bits() | (bits >> 52)) - WHOLE - 1023.0 - shift;
    let m = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) + SQRT_HALF);
    let f = m - 1.0;
    let s = f / (2.0 + f);
    let square = s * s;
    let mut artanh = ARTANH[0];
    for c in &ARTANH[1..] {
        artanh = artanh * square + c;
    }
    let half = 0.5 * f * f;
    let ln = k * LN_2_HIGH - ((half - (s * (half + square * artanh) + k * LN_2_LOW)) - f);
    // Infinity and not-a-number stay what they are.
    let ln = if x < f64::INFINITY { ln } else { x };
    let ln = if x == 0.0 { f64::NEG_INFINITY } else { ln };
    if x < 0.0 { f64::NAN } else { ln }
}

/// ln(1 + x) for 0 ≤ x ≤ 1. What rounding takes from 1 + x is put back.
#[inline(always)]
pub(crate) fn ln_1p(x: f64) -> f64 {
    let sum = 1.0 + x;
    ln(sum) + (x - (sum - 1.0)) / sum
}

/// A function of one number in all lanes of a vector. Macro, because a closure may stay a call, and then it is not compiled
/// for the instruction set.
macro_rules! each_lane {
    ($s:ident, $v:expr, $f:expr) => {{
        let mut line = F::ZERO_LINE;
        $s.store($v, &mut line);
        for lane in line.as_mut() {
            *lane = F::from_f64($f(lane.to_f64()));
        }
        $s.load(&line)
    }};
}
pub(crate) use each_lane;
