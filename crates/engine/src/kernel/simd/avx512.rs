//! AVX-512 F and DQ: a line is one register.

use std::arch::x86_64::*;

use super::avx2::{sum_f32, sum_f64};
use super::{Kernel, Simd};
use crate::Float;

/// Says that the processor has the set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

/// Run a kernel compiled for this set.
///
/// # Safety
/// The processor has AVX-512 F and DQ.
#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
pub(super) fn run<F: Float, K: Kernel<F>>(kernel: K) -> K::Output
where
    Avx512: Simd<F>,
{
    kernel.run(Avx512(()))
}

/// Methods that are one instruction.
macro_rules! one {
    ($($name:ident($($arg:ident),+) = $instruction:ident;)+) => {$(
        #[inline(always)]
        fn $name(self, $($arg: Self::V),+) -> Self::V {
            // SAFETY: the token says that the processor has the set.
            unsafe { $instruction($($arg),+) }
        }
    )+};
}

impl Simd<f64> for Avx512 {
    type V = __m512d;
    const GROUP: usize = 4;
    one! {
        add(a, b) = _mm512_add_pd;
        sub(a, b) = _mm512_sub_pd;
        mul(a, b) = _mm512_mul_pd;
        div(a, b) = _mm512_div_pd;
        mul_add(a, b, c) = _mm512_fmadd_pd;
        neg_mul_add(a, b, c) = _mm512_fnmadd_pd;
        max(a, b) = _mm512_max_pd;
        min(a, b) = _mm512_min_pd;
        abs(a) = _mm512_abs_pd;
    }
    #[inline(always)]
    fn splat(self, a: f64) -> Self::V {
        unsafe { _mm512_set1_pd(a) }
    }
    #[inline(always)]
    fn load(self, line: &<f64 as Float>::Line) -> Self::V {
        unsafe { _mm512_load_pd(line.0.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::V, line: &mut <f64 as Float>::Line) {
        unsafe { _mm512_store_pd(line.0.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V {
        unsafe {
            let positive = _mm512_cmp_pd_mask::<_CMP_GT_OQ>(test, _mm512_setzero_pd());
            _mm512_mask_blend_pd(positive, otherwise, then)
        }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { _mm512_maskz_mov_pd(bits as u8, v) }
    }
    #[inline(always)]
    fn exp2_whole(self, n: Self::V) -> Self::V {
        unsafe {
            let biased = _mm512_add_pd(n, _mm512_set1_pd(6_755_399_441_056_767.0));
            _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(biased)))
        }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f64 {
        unsafe {
            let halves = [_mm512_castpd512_pd256(v), _mm512_extractf64x4_pd::<1>(v)];
            sum_f64(_mm256_add_pd(halves[0], halves[1]))
        }
    }
}

impl Simd<f32> for Avx512 {
    type V = __m512;
    const GROUP: usize = 4;
    one! {
        add(a, b) = _mm512_add_ps;
        sub(a, b) = _mm512_sub_ps;
        mul(a, b) = _mm512_mul_ps;
        div(a, b) = _mm512_div_ps;
        mul_add(a, b, c) = _mm512_fmadd_ps;
        neg_mul_add(a, b, c) = _mm512_fnmadd_ps;
        max(a, b) = _mm512_max_ps;
        min(a, b) = _mm512_min_ps;
        abs(a) = _mm512_abs_ps;
    }
    #[inline(always)]
    fn splat(self, a: f32) -> Self::V {
        unsafe { _mm512_set1_ps(a) }
    }
    #[inline(always)]
    fn load(self, line: &<f32 as Float>::Line) -> Self::V {
        unsafe { _mm512_load_ps(line.0.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::V, line: &mut <f32 as Float>::Line) {
        unsafe { _mm512_store_ps(line.0.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn if_positive(self, test: Self::V, then: Self::V, otherwise: Self::V) -> Self::V {
        unsafe {
            let positive = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(test, _mm512_setzero_ps());
            _mm512_mask_blend_ps(positive, otherwise, then)
        }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { _mm512_maskz_mov_ps(bits, v) }
    }
    #[inline(always)]
    fn exp2_whole(self, n: Self::V) -> Self::V {
        unsafe {
            let biased = _mm512_add_ps(n, _mm512_set1_ps(12_583_039.0));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(biased)))
        }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f32 {
        unsafe {
            let halves = [_mm512_castps512_ps256(v), _mm512_extractf32x8_ps::<1>(v)];
            sum_f32(_mm256_add_ps(halves[0], halves[1]))
        }
    }
}
