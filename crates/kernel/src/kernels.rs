//! All functions of this crate, compiled once for each type of number.
//!
//! A generic function is compiled again in every crate that calls it, and these are large: three instruction sets,
//! blocks of several shapes. Methods of a trait that is implemented for `f32` and `f64` are compiled here alone, and
//! generic code above finds them at its `F`.

use crate::batch_norm::{NormSums, Normalized};
use crate::product::Then;
use crate::rules::{AdamStep, MomentumStep, RmsPropStep};
use crate::simd::Isa;
use crate::{Float, MatRef, TilesRef};
use crate::{activation, batch_norm, lanes, loss, mask, product, rules, sums, transpose};

/// Makes methods of the functions of the modules.
macro_rules! kernels {
    ($($(#[$doc:meta])* $module:ident::$name:ident($($arg:ident: $ty:ty),+ $(,)?) $(-> $out:ty)?;)+) => {
        /// The kernels of a type of number: a supertrait of [`Float`].
        ///
        /// n_in inputs, n_out units, m examples: W (n_out, n_in), b (n_out), X and dX (n_in, m), Z and dZ (n_out, m).
        /// Functions panic if their arguments' shapes do not fit each other.
        pub trait Kernels: Sized {
            $($(#[$doc])* fn $name($($arg: $ty),+) $(-> $out)? where Self: Float;)+
        }
        impl Kernels for f32 {
            $(#[inline(never)] fn $name($($arg: $ty),+) $(-> $out)? { $module::$name::<Self>($($arg),+) })+
        }
        impl Kernels for f64 {
            $(#[inline(never)] fn $name($($arg: $ty),+) $(-> $out)? { $module::$name::<Self>($($arg),+) })+
        }
    };
}

/// Lines of a type of number.
type Lines<F> = [<F as Float>::Line];

kernels! {
    /// `Z = W·X + b`, and what then happens to Z.
    product::set_w_x_plus_b(
        isa: Isa,
        w: MatRef<'_, Self>,
        x: TilesRef<'_, Self>,
        b: &[Self],
        then: Then<'_, Self>,
        z: &mut Lines<Self>,
    );
    /// `dX = Wᵀ·dZ`. With a gate and a factor, dX is 0 wherever the gate is not above 0, and multiplied elsewhere: the
    /// derivative of relu, with the factor of its mask.
    product::set_wt_dz(
        isa: Isa,
        w: MatRef<'_, Self>,
        dz: TilesRef<'_, Self>,
        gate: Option<(&Lines<Self>, Self)>,
        dx: &mut Lines<Self>,
    );
    /// `dW += dZ·Xᵀ` for the inputs of tile `tile` of Xᵀ, in the layout of a tile whose lanes are inputs. `fresh` sets
    /// dW instead.
    product::add_dz_xt(
        isa: Isa,
        dz: TilesRef<'_, Self>,
        x: TilesRef<'_, Self>,
        tile: usize,
        fresh: bool,
        dw: &mut Lines<Self>,
    );
    /// Rows of dW (rows, columns) from all its tiles, from row `first` on, times a factor: as many as `out` holds.
    transpose::set_rows(
        isa: Isa,
        lines: &Lines<Self>,
        shape: (usize, usize),
        first: usize,
        factor: Self,
        out: &mut [Self],
    );
    /// `dW += dZ·Xᵀ` (n_out · n_in lines) and `db += Σ dZ` (n_out lines, or none where that is not wanted), a line of
    /// partial sums for each entry. Lanes beyond the last example must be 0 in dZ.
    lanes::add_dz_xt_lanes(
        isa: Isa,
        dz: TilesRef<'_, Self>,
        x: TilesRef<'_, Self>,
        dw: &mut Lines<Self>,
        db: &mut Lines<Self>,
    );
    /// `out = factor · Σ lanes`, entry by entry.
    lanes::set_joined(isa: Isa, lines: &Lines<Self>, factor: Self, out: &mut [Self]);
    /// The tiles of some examples, in this order, from a matrix (m, features) with an example per row.
    transpose::set_gathered(isa: Isa, rows: MatRef<'_, Self>, examples: &[usize], lines: &mut Lines<Self>);

    /// z ← max(0, z). Not a number stays.
    activation::relu(isa: Isa, z: &mut Lines<Self>);
    /// da ← da where a > 0, else 0.
    activation::relu_backward(isa: Isa, a: &Lines<Self>, da: &mut Lines<Self>);
    /// z ← z where z > 0, else slope · z.
    activation::leaky_relu(isa: Isa, slope: Self, z: &mut Lines<Self>);
    /// da ← da where a > 0, else slope · da.
    activation::leaky_relu_backward(isa: Isa, slope: Self, a: &Lines<Self>, da: &mut Lines<Self>);
    /// z ← tanh z.
    activation::tanh(isa: Isa, z: &mut Lines<Self>);
    /// da ← da · (1 − a²).
    activation::tanh_backward(isa: Isa, a: &Lines<Self>, da: &mut Lines<Self>);
    /// z ← 1 / (1 + e⁻ᶻ).
    activation::sigmoid(isa: Isa, z: &mut Lines<Self>);
    /// da ← da · a (1 − a).
    activation::sigmoid_backward(isa: Isa, a: &Lines<Self>, da: &mut Lines<Self>);
    /// Lanes whose bit is set times a factor, 0 in the others: a word of the mask for each line.
    mask::multiply_by_mask(isa: Isa, mask: &[u16], scale: Self, lines: &mut Lines<Self>);

    /// Ẑ = (Z − μ) / √(σ² + ε) with the statistics of these m examples, and γ Ẑ + β in place of Z; `affine` is γ, β.
    batch_norm::normalize(
        isa: Isa,
        affine: [&[Self]; 2],
        epsilon: Self,
        m: usize,
        z: &mut Lines<Self>,
        kept: Normalized<'_, Self>,
    );
    /// γ / √(σ² + ε) · (dU − Σ dU / m − Ẑ Σ (dU ∘ Ẑ) / m) in place of dU, which is 0 beyond the last example;
    /// `kept` is Ẑ and 1 / √(σ² + ε).
    batch_norm::normalize_backward(
        isa: Isa,
        gamma: &[Self],
        m: usize,
        kept: (&Lines<Self>, &[Self]),
        sums: NormSums<'_, Self>,
        du: &mut Lines<Self>,
    );
    /// γ (Z − μ) / √(σ² + ε) + β in place of Z, where `statistics` are μ, σ².
    batch_norm::normalize_by(
        isa: Isa,
        affine: [&[Self]; 2],
        statistics: [&[Self]; 2],
        epsilon: Self,
        m: usize,
        z: &mut Lines<Self>,
    );

    /// eᶻ / Σ eᶻ over so many outputs, in place of the logits.
    loss::softmax(isa: Isa, z: &mut Lines<Self>, outputs: usize);
    /// eᶻ in place of the logits.
    loss::exponential(isa: Isa, z: &mut Lines<Self>);
    /// (p − y) · w in place of the predictions p; 0 beyond the last example, and where the error is below
    /// [`Float::LEAST_ERROR`]. Y (outputs, m); w (1, m), or 1.
    loss::set_errors(isa: Isa, y: TilesRef<'_, Self>, weights: Option<TilesRef<'_, Self>>, p: &mut Lines<Self>);
    /// Add Σ max(z, 0) − z y + ln(1 + e^−|z|) of each example, times its weight, to the lanes of `total`.
    loss::add_sigmoid_cross_entropy(
        isa: Isa,
        z: TilesRef<'_, Self>,
        y: TilesRef<'_, Self>,
        weights: Option<TilesRef<'_, Self>>,
        total: &mut <Self as Float>::Line,
    );
    /// Likewise Σ −y ln p − (1 − y) ln(1 − p) with p = 1 / (1 + e⁻ᶻ), where 0 · ∞ is 0.
    loss::add_sigmoid_cross_entropy_direct(
        isa: Isa,
        z: TilesRef<'_, Self>,
        y: TilesRef<'_, Self>,
        weights: Option<TilesRef<'_, Self>>,
        total: &mut <Self as Float>::Line,
    );
    /// Likewise Σ y (ln Σ eᶻ − z).
    loss::add_softmax_cross_entropy(
        isa: Isa,
        z: TilesRef<'_, Self>,
        y: TilesRef<'_, Self>,
        weights: Option<TilesRef<'_, Self>>,
        total: &mut <Self as Float>::Line,
    );
    /// Likewise ½ Σ (z − y)².
    loss::add_squared_error(
        isa: Isa,
        z: TilesRef<'_, Self>,
        y: TilesRef<'_, Self>,
        weights: Option<TilesRef<'_, Self>>,
        total: &mut <Self as Float>::Line,
    );
    /// Likewise Σ y ln y − y + eᶻ − z y, where 0 · ln 0 is 0.
    loss::add_poisson_deviance(
        isa: Isa,
        z: TilesRef<'_, Self>,
        y: TilesRef<'_, Self>,
        weights: Option<TilesRef<'_, Self>>,
        total: &mut <Self as Float>::Line,
    );
    /// The sum over the lanes of a line.
    lanes::sum_of_lanes(isa: Isa, line: &<Self as Float>::Line) -> Self;

    /// y ← y + factor · x, each product rounded.
    rules::add_scaled(isa: Isa, factor: Self, x: &[Self], y: &mut [Self]);
    /// y ← y + factor · sign(x), where sign(0) = 0.
    rules::add_signs(isa: Isa, factor: Self, x: &[Self], y: &mut [Self]);
    /// Components below [`Float::LEAST_GRADIENT`] become 0. Tells whether all are finite and none is above
    /// [`Float::LARGEST_GRADIENT`].
    rules::settle(isa: Isa, grads: &mut [Self]) -> bool;
    /// Gradient in, direction out, and the velocity moved on.
    rules::momentum(isa: Isa, step: MomentumStep<Self>, velocity: &mut [Self], grads: &mut [Self]);
    /// Gradient in, direction out, and the mean square moved on.
    rules::rms_prop(isa: Isa, step: RmsPropStep<Self>, mean_square: &mut [Self], grads: &mut [Self]);
    /// Gradient in, direction out, and both moments moved on.
    rules::adam(
        isa: Isa,
        step: AdamStep<Self>,
        first: &mut [Self],
        second: &mut [Self],
        grads: &mut [Self],
    );

    /// Σ aⱼ bⱼ.
    sums::dot(a: &[Self], b: &[Self]) -> Self;
    /// Σ |aⱼ|.
    sums::sum_of_magnitudes(a: &[Self]) -> Self;
    /// Σ aⱼ bⱼ in double precision.
    sums::wide_dot(a: &[Self], b: &[Self]) -> f64;
    /// Σ |aⱼ| in double precision.
    sums::wide_sum_of_magnitudes(a: &[Self]) -> f64;
}
