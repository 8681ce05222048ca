//! AVX2 and FMA: a line is two registers.

use std::arch::asm;
use std::arch::x86_64::*;

use super::joined::Joined;
use super::{EXPONENT_F32, EXPONENT_F64, Kernel, MOST_LANES, Set, Shapes, Simd, one};
use crate::Float;

/// A register, and the word that the processor has the set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Half(());

impl<F: Float> Set<F> for Joined<Half, 2>
where
    Half: Simd<F>,
    Self: Simd<F, Memory = F::Line>,
{
    type Register = Half;
    const SHAPES: Shapes = Shapes::Narrow;

    #[inline(always)]
    fn register(self) -> Half {
        self.0
    }
}

/// Run a kernel compiled for this set.
///
/// # Safety
/// The processor has AVX2 and FMA.
#[target_feature(enable = "avx2,fma")]
pub(super) fn run<F: Float, K: Kernel<F>>(kernel: K) -> K::Output
where
    Joined<Half, 2>: Set<F>,
{
    kernel.run(Joined(Half(())))
}

/// Half a line.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(32))]
pub(super) struct HalfLine<F, const N: usize>([F; N]);

impl Simd<f64> for Half {
    type V = __m256d;
    type Memory = HalfLine<f64, 4>;
    one! {
        add(a, b) = _mm256_add_pd;
        sub(a, b) = _mm256_sub_pd;
        mul(a, b) = _mm256_mul_pd;
        div(a, b) = _mm256_div_pd;
        mul_add(a, b, c) = _mm256_fmadd_pd;
        neg_mul_add(a, b, c) = _mm256_fnmadd_pd;
        max(a, b) = _mm256_max_pd;
        min(a, b) = _mm256_min_pd;
        if_positive(test, then, otherwise) = if_positive_f64;
        exp2_whole(n) = exp2_whole_f64;
    }
    #[inline(always)]
    fn splat(self, a: f64) -> Self::V {
        unsafe { _mm256_set1_pd(a) }
    }
    #[inline(always)]
    fn load(self, half: &Self::Memory) -> Self::V {
        unsafe { _mm256_load_pd(half.0.as_ptr()) }
    }
    #[inline(always)]
    fn load_start(self, numbers: &[f64]) -> Self::V {
        if let Some(numbers) = numbers.first_chunk::<4>() {
            return unsafe { _mm256_loadu_pd(numbers.as_ptr()) };
        }
        let mut half = HalfLine([0.0; 4]);
        half.0.iter_mut().zip(numbers).for_each(|(lane, &v)| *lane = v);
        unsafe { _mm256_load_pd(half.0.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::V, half: &mut Self::Memory) {
        unsafe { _mm256_store_pd(half.0.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { keep_f64(bits, v) }
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        unsafe { _mm256_andnot_pd(_mm256_set1_pd(-0.0), a) }
    }
    #[inline(always)]
    fn transpose(self, vectors: &mut [Self::V; MOST_LANES]) {
        unsafe { transpose_f64(vectors) }
    }
    #[inline(always)]
    fn after(self, v: Self::V, place: usize) -> usize {
        unsafe { after_f64(v, place) }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f64 {
        unsafe { sum_f64(v) }
    }
}

impl Simd<f32> for Half {
    type V = __m256;
    type Memory = HalfLine<f32, 8>;
    one! {
        add(a, b) = _mm256_add_ps;
        sub(a, b) = _mm256_sub_ps;
        mul(a, b) = _mm256_mul_ps;
        div(a, b) = _mm256_div_ps;
        mul_add(a, b, c) = _mm256_fmadd_ps;
        neg_mul_add(a, b, c) = _mm256_fnmadd_ps;
        max(a, b) = _mm256_max_ps;
        min(a, b) = _mm256_min_ps;
        if_positive(test, then, otherwise) = if_positive_f32;
        exp2_whole(n) = exp2_whole_f32;
    }
    #[inline(always)]
    fn splat(self, a: f32) -> Self::V {
        unsafe { _mm256_set1_ps(a) }
    }
    #[inline(always)]
    fn load(self, half: &Self::Memory) -> Self::V {
        unsafe { _mm256_load_ps(half.0.as_ptr()) }
    }
    #[inline(always)]
    fn load_start(self, numbers: &[f32]) -> Self::V {
        if let Some(numbers) = numbers.first_chunk::<8>() {
            return unsafe { _mm256_loadu_ps(numbers.as_ptr()) };
        }
        let mut half = HalfLine([0.0; 8]);
        half.0.iter_mut().zip(numbers).for_each(|(lane, &v)| *lane = v);
        unsafe { _mm256_load_ps(half.0.as_ptr()) }
    }
    #[inline(always)]
    fn store(self, v: Self::V, half: &mut Self::Memory) {
        unsafe { _mm256_store_ps(half.0.as_mut_ptr(), v) }
    }
    #[inline(always)]
    fn keep(self, bits: u16, v: Self::V) -> Self::V {
        unsafe { keep_f32(bits, v) }
    }
    #[inline(always)]
    fn abs(self, a: Self::V) -> Self::V {
        unsafe { _mm256_andnot_ps(_mm256_set1_ps(-0.0), a) }
    }
    #[inline(always)]
    fn transpose(self, vectors: &mut [Self::V; MOST_LANES]) {
        unsafe { transpose_f32(vectors) }
    }
    #[inline(always)]
    fn after(self, v: Self::V, place: usize) -> usize {
        unsafe { after_f32(v, place) }
    }
    #[inline(always)]
    fn sum(self, v: Self::V) -> f32 {
        unsafe { sum_f32(v) }
    }
}

// Functions, because a closure may stay a call and is then not compiled for the set.

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

#[target_feature(enable = "avx2")]
#[inline]
fn transpose_f64(v: &mut [__m256d; MOST_LANES]) {
    // Pairs of lanes, then the two halves of each vector.
    let low = [_mm256_unpacklo_pd(v[0], v[1]), _mm256_unpacklo_pd(v[2], v[3])];
    let high = [_mm256_unpackhi_pd(v[0], v[1]), _mm256_unpackhi_pd(v[2], v[3])];
    v[0] = _mm256_permute2f128_pd::<0x20>(low[0], low[1]);
    v[1] = _mm256_permute2f128_pd::<0x20>(high[0], high[1]);
    v[2] = _mm256_permute2f128_pd::<0x31>(low[0], low[1]);
    v[3] = _mm256_permute2f128_pd::<0x31>(high[0], high[1]);
}

#[target_feature(enable = "avx2")]
#[inline]
fn transpose_f32(v: &mut [__m256; MOST_LANES]) {
    // Pairs of lanes, fours of lanes, then the two halves of each vector.
    let mut fours = [_mm256_setzero_ps(); 8];
    for k in [0, 4] {
        let low = [_mm256_unpacklo_ps(v[k], v[k + 1]), _mm256_unpacklo_ps(v[k + 2], v[k + 3])];
        let high = [_mm256_unpackhi_ps(v[k], v[k + 1]), _mm256_unpackhi_ps(v[k + 2], v[k + 3])];
        fours[k] = _mm256_shuffle_ps::<0x44>(low[0], low[1]);
        fours[k + 1] = _mm256_shuffle_ps::<0xee>(low[0], low[1]);
        fours[k + 2] = _mm256_shuffle_ps::<0x44>(high[0], high[1]);
        fours[k + 3] = _mm256_shuffle_ps::<0xee>(high[0], high[1]);
    }
    for l in 0..4 {
        v[l] = _mm256_permute2f128_ps::<0x20>(fours[l], fours[4 + l]);
        v[4 + l] = _mm256_permute2f128_ps::<0x31>(fours[l], fours[4 + l]);
    }
}

#[target_feature(enable = "avx2")]
#[inline]
fn after_f64(v: __m256d, mut place: usize) -> usize {
    // SAFETY: a comment is no instruction, so nothing changes.
    unsafe {
        asm!("/* {} {} */", inout(reg) place, in(ymm_reg) v, options(pure, nomem, nostack, preserves_flags));
    }
    place
}

#[target_feature(enable = "avx2")]
#[inline]
fn after_f32(v: __m256, mut place: usize) -> usize {
    // SAFETY: a comment is no instruction, so nothing changes.
    unsafe {
        asm!("/* {} {} */", inout(reg) place, in(ymm_reg) v, options(pure, nomem, nostack, preserves_flags));
    }
    place
}
