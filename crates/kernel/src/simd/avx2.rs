//! AVX2 and FMA: a line is two registers.

use std::arch::x86_64::*;

use super::{EXPONENT_F32, EXPONENT_F64, Kernel, Simd};
use crate::Float;

/// Says that the processor has the set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx2(());

/// Run a kernel compiled for this set.
///
/// # Safety
/// The processor has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) fn run<F: Float, K: Kernel<F>>(kernel: K) -> K::Output
where
    Avx2: Simd<F>,
{
    kernel.run(Avx2(()))
}

/// Methods that are one instruction on each half.
macro_rules! both {
    ($($name:ident($($arg:ident),+) = $instruction:ident;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: Self::V),+) -> Self::V {
            // SAFETY: the token says that the processor has the set.
            unsafe { [$instruction($($arg[0]),+), $instruction($($arg[1]),+)] }
        }
    )+};
}

impl Simd<f64> for Avx2 {
    type V = [__m256d; 2];
    const GROUP: usize = 1;
    both! {
        add(a, b) = _mm256_add_pd;
        sub(a, b) = _mm256_sub_pd;
        mul(a, b) = _mm256_mul_pd;
        div(a, b) = _mm256_div_pd;
        mul_add(a, b, c) = _mm256_fmadd_pd;
        neg_mul_add(a, b, c) = _mm256_fnmadd_pd;
        max(a, b) = _mm256_max_pd;
        min(a, b) = _mm256_min_pd;
    }
    #[inline(always)]
    fn splat(self, a: f64) -> Self::V {
        unsafe { [_mm256_set1_pd(a); 2] }
    }
    #[inline(always)]
    fn load(self, line: &<f64 as Float>::Line) -> Self::V {
        let (halves, _) = line.0.as_chunks::<4>();
        unsafe { [_mm256_load_pd(halves[0].as_ptr()), _mm256_load_pd(halves[1].as_ptr())] }
    }
    #[inline(always)]
    fn store(self, v: Self::V, line: &mut <f64 as Float>::Line) {
        let (halves, _) = line.0.as_chunks_mut::<4>();
        unsafe {
            _mm256_store_pd(halves[0].as_mut_ptr(), v[0]);
            _mm256_store_pd(halves[1].as_mut_ptr(), v[1]);
        }
    }
    #[inline(always)]
    fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V {
        unsafe {
            [if_positive_f64(test[0], then[0], otherwise[0]), if_positive_f64(test[1], then[1], otherwise[1])]
        }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { [keep_f64(bits, v[0]), keep_f64(bits >> 4, v[1])] }
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        let sign: Self::V = self.splat(-0.0_f64);
        unsafe { [_mm256_andnot_pd(sign[0], a[0]), _mm256_andnot_pd(sign[1], a[1])] }
    }
    #[inline(always)]
    fn exp2_whole(self, n: Self::V) -> Self::V {
        unsafe { [exp2_whole_f64(n[0]), exp2_whole_f64(n[1])] }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f64 {
        unsafe { sum_f64(_mm256_add_pd(v[0], v[1])) }
    }
}

impl Simd<f32> for Avx2 {
    type V = [__m256; 2];
    const GROUP: usize = 1;
    both! {
        add(a, b) = _mm256_add_ps;
        sub(a, b) = _mm256_sub_ps;
        mul(a, b) = _mm256_mul_ps;
        div(a, b) = _mm256_div_ps;
        mul_add(a, b, c) = _mm256_fmadd_ps;
        neg_mul_add(a, b, c) = _mm256_fnmadd_ps;
        max(a, b) = _mm256_max_ps;
        min(a, b) = _mm256_min_ps;
    }
    #[inline(always)]
    fn splat(self, a: f32) -> Self::V {
        unsafe { [_mm256_set1_ps(a); 2] }
    }
    #[inline(always)]
    fn load(self, line: &<f32 as Float>::Line) -> Self::V {
        let (halves, _) = line.0.as_chunks::<8>();
        unsafe { [_mm256_load_ps(halves[0].as_ptr()), _mm256_load_ps(halves[1].as_ptr())] }
    }
    #[inline(always)]
    fn store(self, v: Self::V, line: &mut <f32 as Float>::Line) {
        let (halves, _) = line.0.as_chunks_mut::<8>();
        unsafe {
            _mm256_store_ps(halves[0].as_mut_ptr(), v[0]);
            _mm256_store_ps(halves[1].as_mut_ptr(), v[1]);
        }
    }
    #[inline(always)]
    fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V {
        unsafe {
            [if_positive_f32(test[0], then[0], otherwise[0]), if_positive_f32(test[1], then[1], otherwise[1])]
        }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { [keep_f32(bits, v[0]), keep_f32(bits >> 8, v[1])] }
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        let sign: Self::V = self.splat(-0.0_f32);
        unsafe { [_mm256_andnot_ps(sign[0], a[0]), _mm256_andnot_ps(sign[1], a[1])] }
    }
    #[inline(always)]
    fn exp2_whole(self, n: Self::V) -> Self::V {
        unsafe { [exp2_whole_f32(n[0]), exp2_whole_f32(n[1])] }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f32 {
        unsafe { sum_f32(_mm256_add_ps(v[0], v[1])) }
    }
}

// What the methods do to one half. Functions, because a closure may stay a call and is then not compiled for the set.

#[target_feature(enable = "avx2")]
#[inline]
fn if_positive_f64(test: __m256d, then: __m256d, otherwise: __m256d) -> __m256d {
    _mm256_blendv_pd(otherwise, then, _mm256_cmp_pd::<_CMP_GT_OQ>(test, _mm256_setzero_pd()))
}

#[target_feature(enable = "avx2")]
#[inline]
fn if_positive_f32(test: __m256, then: __m256, otherwise: __m256) -> __m256 {
    _mm256_blendv_ps(otherwise, then, _mm256_cmp_ps::<_CMP_GT_OQ>(test, _mm256_setzero_ps()))
}

#[target_feature(enable = "avx2")]
#[inline]
fn keep_f64(bits: u16, v: __m256d) -> __m256d {
    let lane = _mm256_set_epi64x(8, 4, 2, 1);
    let here = _mm256_and_si256(_mm256_set1_epi64x(i64::from(bits)), lane);
    _mm256_and_pd(v, _mm256_castsi256_pd(_mm256_cmpeq_epi64(here, lane)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn keep_f32(bits: u16, v: __m256) -> __m256 {
    let lane = _mm256_set_epi32(128, 64, 32, 16, 8, 4, 2, 1);
    let here = _mm256_and_si256(_mm256_set1_epi32(i32::from(bits)), lane);
    _mm256_and_ps(v, _mm256_castsi256_ps(_mm256_cmpeq_epi32(here, lane)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn exp2_whole_f64(n: __m256d) -> __m256d {
    let biased = _mm256_add_pd(n, _mm256_set1_pd(EXPONENT_F64));
    _mm256_castsi256_pd(_mm256_slli_epi64::<52>(_mm256_castpd_si256(biased)))
}

#[target_feature(enable = "avx2")]
#[inline]
fn exp2_whole_f32(n: __m256) -> __m256 {
    let biased = _mm256_add_ps(n, _mm256_set1_ps(EXPONENT_F32));
    _mm256_castsi256_ps(_mm256_slli_epi32::<23>(_mm256_castps_si256(biased)))
}

/// Four numbers by halves.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sum_f64(v: __m256d) -> f64 {
    let pair = _mm_add_pd(_mm256_castpd256_pd128(v), _mm256_extractf128_pd::<1>(v));
    _mm_cvtsd_f64(_mm_add_sd(pair, _mm_unpackhi_pd(pair, pair)))
}

/// Eight numbers by halves.
#[target_feature(enable = "avx2")]
#[inline]
pub(super) fn sum_f32(v: __m256) -> f32 {
    let four = _mm_add_ps(_mm256_castps256_ps128(v), _mm256_extractf128_ps::<1>(v));
    let pair = _mm_add_ps(four, _mm_movehl_ps(four, four));
    _mm_cvtss_f32(_mm_add_ss(pair, _mm_shuffle_ps::<1>(pair, pair)))
}
