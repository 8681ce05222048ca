//! AVX-512 F and DQ: a line is one register.

use std::arch::x86_64::*;

use super::avx2::{sum_f32, sum_f64};
use super::{EXPONENT_F32, EXPONENT_F64, Kernel, MOST_LANES, Set, Shapes, Simd, one};
use crate::Float;

/// Says that the processor has the set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Avx512(());

impl<F: Float> Set<F> for Avx512
where
    Self: Simd<F, Memory = F::Line>,
{
    type Register = Self;
    const SHAPES: Shapes = Shapes::Wide;

    #[inline(always)]
    fn register(self) -> Self {
        self
    }
}

/// Run a kernel compiled for this set.
///
/// # Safety
/// The processor has AVX-512 F and DQ.
#[target_feature(enable = "avx512f,avx512dq,avx2,fma")]
pub(super) fn run<F: Float, K: Kernel<F>>(kernel: K) -> K::Output
where
    Avx512: Set<F>,
{
    kernel.run(Avx512(()))
}

impl Simd<f64> for Avx512 {
    type V = __m512d;
    type Memory = <f64 as Float>::Line;
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
    fn load_start(self, numbers: &[f64]) -> Self::V {
        let lanes = u16::MAX.checked_shr(16_u32.saturating_sub(numbers.len().min(8) as u32)).unwrap_or(0);
        // SAFETY: as everywhere here; and only lanes within the slice are read.
        unsafe { _mm512_maskz_loadu_pd(lanes as u8, numbers.as_ptr()) }
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
            let biased = _mm512_add_pd(n, _mm512_set1_pd(EXPONENT_F64));
            _mm512_castsi512_pd(_mm512_slli_epi64::<52>(_mm512_castpd_si512(biased)))
        }
    }
    #[inline(always)]
    fn transpose(self, lines: &mut [Self::V; MOST_LANES]) {
        unsafe {
            // Pairs of lanes, then the four quarters of each line.
            let mut pairs = [_mm512_setzero_pd(); 8];
            for k in 0..4 {
                pairs[2 * k] = _mm512_unpacklo_pd(lines[2 * k], lines[2 * k + 1]);
                pairs[2 * k + 1] = _mm512_unpackhi_pd(lines[2 * k], lines[2 * k + 1]);
            }
            for l in 0..2 {
                let [a, b, c, d] = [pairs[l], pairs[2 + l], pairs[4 + l], pairs[6 + l]];
                let even = [_mm512_shuffle_f64x2::<0x88>(a, b), _mm512_shuffle_f64x2::<0x88>(c, d)];
                let odd = [_mm512_shuffle_f64x2::<0xdd>(a, b), _mm512_shuffle_f64x2::<0xdd>(c, d)];
                lines[l] = _mm512_shuffle_f64x2::<0x88>(even[0], even[1]);
                lines[2 + l] = _mm512_shuffle_f64x2::<0x88>(odd[0], odd[1]);
                lines[4 + l] = _mm512_shuffle_f64x2::<0xdd>(even[0], even[1]);
                lines[6 + l] = _mm512_shuffle_f64x2::<0xdd>(odd[0], odd[1]);
            }
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
    type Memory = <f32 as Float>::Line;
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
    fn load_start(self, numbers: &[f32]) -> Self::V {
        let lanes = u16::MAX.checked_shr(16_u32.saturating_sub(numbers.len().min(16) as u32)).unwrap_or(0);
        // SAFETY: as everywhere here; and only lanes within the slice are read.
        unsafe { _mm512_maskz_loadu_ps(lanes, numbers.as_ptr()) }
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
            let biased = _mm512_add_ps(n, _mm512_set1_ps(EXPONENT_F32));
            _mm512_castsi512_ps(_mm512_slli_epi32::<23>(_mm512_castps_si512(biased)))
        }
    }
    #[inline(always)]
    fn transpose(self, lines: &mut [Self::V; MOST_LANES]) {
        unsafe {
            // Pairs of lanes, fours of lanes, then the four quarters of each line.
            let mut fours = [_mm512_setzero_ps(); 16];
            for k in (0..16).step_by(4) {
                let [a, b, c, d] = [lines[k], lines[k + 1], lines[k + 2], lines[k + 3]];
                let low =
                    [_mm512_castps_pd(_mm512_unpacklo_ps(a, b)), _mm512_castps_pd(_mm512_unpacklo_ps(c, d))];
                let high =
                    [_mm512_castps_pd(_mm512_unpackhi_ps(a, b)), _mm512_castps_pd(_mm512_unpackhi_ps(c, d))];
                fours[k] = _mm512_castpd_ps(_mm512_unpacklo_pd(low[0], low[1]));
                fours[k + 1] = _mm512_castpd_ps(_mm512_unpackhi_pd(low[0], low[1]));
                fours[k + 2] = _mm512_castpd_ps(_mm512_unpacklo_pd(high[0], high[1]));
                fours[k + 3] = _mm512_castpd_ps(_mm512_unpackhi_pd(high[0], high[1]));
            }
            for l in 0..4 {
                let [a, b, c, d] = [fours[l], fours[4 + l], fours[8 + l], fours[12 + l]];
                let even = [_mm512_shuffle_f32x4::<0x88>(a, b), _mm512_shuffle_f32x4::<0x88>(c, d)];
                let odd = [_mm512_shuffle_f32x4::<0xdd>(a, b), _mm512_shuffle_f32x4::<0xdd>(c, d)];
                lines[l] = _mm512_shuffle_f32x4::<0x88>(even[0], even[1]);
                lines[4 + l] = _mm512_shuffle_f32x4::<0x88>(odd[0], odd[1]);
                lines[8 + l] = _mm512_shuffle_f32x4::<0xdd>(even[0], even[1]);
                lines[12 + l] = _mm512_shuffle_f32x4::<0xdd>(odd[0], odd[1]);
            }
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
