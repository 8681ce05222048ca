//! The three products of a dense layer, written so that the compiler turns them into vector code.
//!
//! | pass | product | sum runs over |
//! | --- | --- | --- |
//! | forward | `Z = W·X + b` | inputs of the layer |
//! | backward, to the parameters | `dW += dZ·Xᵀ` | examples |
//! | backward, to the inputs | `dX = Wᵀ·dZ` | units of the layer |
//!
//! Every sum has a fixed shape: over inputs and units from left to right, one chain per entry; over examples
//! in [`LANES`] interleaved partial sums joined by a fixed tree. None depends on the processor's vector width
//! or on threads, and no multiply-add is fused, so a result is the same bits wherever IEEE-754 holds.
//! The same code is compiled for several vector widths; `pulp` picks the widest at run time.
//! Faster kernels come in here, behind the same signatures.

use pulp::{Arch, NullaryFnOnce};

use crate::{Float, MatMut, MatRef};

/// Partial sums kept side by side in a sum over examples.
pub const LANES: usize = 8;

/// `Z = W·X + b`: W (n_out, n_in), X (n_in, m), b (n_out), Z (n_out, m). Each entry is b, then the terms added
/// from left to right.
pub fn set_w_x_plus_b<F: Float>(w: MatRef<'_, F>, x: MatRef<'_, F>, b: &[F], z: &mut MatMut<'_, F>) {
    assert_eq!((w.rows(), w.cols(), x.cols()), (z.rows(), x.rows(), z.cols()), "shapes of W·X");
    assert_eq!(b.len(), w.rows(), "one bias per unit");
    Arch::new().dispatch(SetWXPlusB { w, x, b, z });
}

/// `dX = Wᵀ·dZ`: W (n_out, n_in), dZ (n_out, m), dX (n_in, m).
pub fn set_wt_dz<F: Float>(w: MatRef<'_, F>, dz: MatRef<'_, F>, dx: &mut MatMut<'_, F>) {
    assert_eq!((w.rows(), w.cols(), dz.cols()), (dz.rows(), dx.rows(), dx.cols()), "shapes of Wᵀ·dZ");
    Arch::new().dispatch(SetWtDz { w, dz, dx });
}

/// `dW += dZ·Xᵀ` and `db += Σ dZ` over examples: dZ (n_out, m), X (n_in, m), dW (n_out, n_in), db (n_out).
pub fn add_dz_xt<F: Float>(dz: MatRef<'_, F>, x: MatRef<'_, F>, dw: &mut MatMut<'_, F>, db: &mut [F]) {
    assert_eq!((dz.rows(), x.rows(), dz.cols()), (dw.rows(), dw.cols(), x.cols()), "shapes of dZ·Xᵀ");
    assert_eq!(dz.rows(), db.len(), "one bias per unit");
    Arch::new().dispatch(AddDzXt { dz, x, dw, db });
}

// A kernel is a struct rather than a closure because only then is its body certain to be inlined into, and so
// compiled for, each instruction set.

struct SetWXPlusB<'a, 'z, F> {
    w: MatRef<'a, F>,
    x: MatRef<'a, F>,
    b: &'a [F],
    z: &'a mut MatMut<'z, F>,
}

impl<F: Float> NullaryFnOnce for SetWXPlusB<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (o, &b) in self.b.iter().enumerate() {
            let w = self.w.row(o);
            set_combination(b, |i| w[i], self.x, self.z.row(o));
        }
    }
}

struct SetWtDz<'a, 'x, F> {
    w: MatRef<'a, F>,
    dz: MatRef<'a, F>,
    dx: &'a mut MatMut<'x, F>,
}

impl<F: Float> NullaryFnOnce for SetWtDz<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for i in 0..self.w.cols() {
            set_combination(F::ZERO, |o| self.w.at(o, i), self.dz, self.dx.row(i));
        }
    }
}

struct AddDzXt<'a, 'w, F> {
    dz: MatRef<'a, F>,
    x: MatRef<'a, F>,
    dw: &'a mut MatMut<'w, F>,
    db: &'a mut [F],
}

impl<F: Float> NullaryFnOnce for AddDzXt<'_, '_, F> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        for (o, db) in self.db.iter_mut().enumerate() {
            let (dz, dw) = (self.dz.row(o), self.dw.row(o));
            let mut i = 0;
            while i + 2 <= dw.len() {
                let [first, second] = dot_two(dz, self.x.row(i), self.x.row(i + 1));
                dw[i] += first;
                dw[i + 1] += second;
                i += 2;
            }
            if i < dw.len() {
                dw[i] += dot(dz, self.x.row(i));
            }
            *db += sum(dz);
        }
    }
}

/// `out = start + Σ_k weight(k) · rows[k]`, the terms added from left to right.
///
/// Four rows are taken together, so that `out` is loaded and stored once for four terms.
#[inline(always)]
fn set_combination<F: Float>(start: F, weight: impl Fn(usize) -> F, rows: MatRef<'_, F>, out: &mut [F]) {
    let first = rows.rows() % 4;
    match first {
        1 => add_rows::<F, 1>(Some(start), &weight, rows, 0, out),
        2 => add_rows::<F, 2>(Some(start), &weight, rows, 0, out),
        3 => add_rows::<F, 3>(Some(start), &weight, rows, 0, out),
        _ => out.fill(start),
    }
    for k in (first..rows.rows()).step_by(4) {
        add_rows::<F, 4>(None, &weight, rows, k, out);
    }
}

/// The N terms from row `k` on, added to `start` where there is one, else to what `out` holds.
#[inline(always)]
fn add_rows<F: Float, const N: usize>(
    start: Option<F>,
    weight: &impl Fn(usize) -> F,
    rows: MatRef<'_, F>,
    k: usize,
    out: &mut [F],
) {
    let w: [F; N] = std::array::from_fn(|n| weight(k + n));
    // Slices of one visible length let the compiler drop the bounds checks.
    let x: [&[F]; N] = std::array::from_fn(|n| &rows.row(k + n)[..out.len()]);
    for (j, out) in out.iter_mut().enumerate() {
        let mut sum = start.unwrap_or(*out);
        for n in 0..N {
            sum += w[n] * x[n][j];
        }
        *out = sum;
    }
}

/// Σ aⱼ bⱼ with [`LANES`] interleaved partial sums.
#[inline(always)]
pub fn dot<F: Float>(a: &[F], b: &[F]) -> F {
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let mut acc = [F::ZERO; LANES];
    for (a, b) in a_lanes.iter().zip(b_lanes) {
        for l in 0..LANES {
            acc[l] += a[l] * b[l];
        }
    }
    for (l, (&a, &b)) in a_rest.iter().zip(b_rest).enumerate() {
        acc[l] += a * b;
    }
    join(acc)
}

/// Two dot products with the same left factor, which is then loaded once. Same bits as two calls of [`dot`].
#[inline(always)]
fn dot_two<F: Float>(a: &[F], b: &[F], c: &[F]) -> [F; 2] {
    let (a_lanes, a_rest) = a.as_chunks::<LANES>();
    let (b_lanes, b_rest) = b.as_chunks::<LANES>();
    let (c_lanes, c_rest) = c.as_chunks::<LANES>();
    let (mut first, mut second) = ([F::ZERO; LANES], [F::ZERO; LANES]);
    for ((a, b), c) in a_lanes.iter().zip(b_lanes).zip(c_lanes) {
        for l in 0..LANES {
            first[l] += a[l] * b[l];
            second[l] += a[l] * c[l];
        }
    }
    for (l, ((&a, &b), &c)) in a_rest.iter().zip(b_rest).zip(c_rest).enumerate() {
        first[l] += a * b;
        second[l] += a * c;
    }
    [join(first), join(second)]
}

/// Σ aⱼ with the shape of [`dot`].
#[inline(always)]
pub fn sum<F: Float>(a: &[F]) -> F {
    let (lanes, rest) = a.as_chunks::<LANES>();
    let mut acc = [F::ZERO; LANES];
    for chunk in lanes {
        for l in 0..LANES {
            acc[l] += chunk[l];
        }
    }
    for (l, &a) in rest.iter().enumerate() {
        acc[l] += a;
    }
    join(acc)
}

/// Σ term(j) for j in 0..n with the shape of [`dot`], for terms that are not stored.
#[inline]
pub fn sum_by<F: Float>(n: usize, term: impl Fn(usize) -> F) -> F {
    let mut acc = [F::ZERO; LANES];
    for j in 0..n {
        acc[j % LANES] += term(j);
    }
    join(acc)
}

/// `a *= factor`, entry by entry.
pub fn scale<F: Float>(factor: F, a: &mut [F]) {
    a.iter_mut().for_each(|a| *a *= factor);
}

/// The fixed tree that joins the partial sums.
#[inline(always)]
fn join<F: Float>(r: [F; LANES]) -> F {
    ((r[0] + r[1]) + (r[2] + r[3])) + ((r[4] + r[5]) + (r[6] + r[7]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matrix::naive_product;
    use crate::rng::NumpyRng;

    fn gaussians(n: usize, seed: u32) -> Vec<f64> {
        let mut rng = NumpyRng::new(seed);
        (0..n).map(|_| rng.gaussian()).collect()
    }

    fn transposed(a: &[f64], rows: usize, cols: usize) -> Vec<f64> {
        (0..cols).flat_map(|j| (0..rows).map(move |i| a[i * cols + j])).collect()
    }

    fn assert_close(got: &[f64], expected: &[f64]) {
        for (g, e) in got.iter().zip(expected) {
            assert!((g - e).abs() <= 1e-12 * (1.0 + e.abs()), "{g} is not {e}");
        }
    }

    /// Every product agrees with the naive one on shapes around the unrolling and the lane count.
    #[test]
    fn products_agree_with_the_naive_product() {
        for (n_out, n_in, m) in
            [(1, 1, 1), (3, 4, 7), (5, 2, 8), (1, 7, 9), (10, 5, 64), (7, 9, 211), (17, 8, 3)]
        {
            let (w, x, dz) = (gaussians(n_out * n_in, 1), gaussians(n_in * m, 2), gaussians(n_out * m, 3));
            let (w, x, dz) =
                (MatRef::new(&w, n_out, n_in), MatRef::new(&x, n_in, m), MatRef::new(&dz, n_out, m));

            let (mut got, mut expected) = (vec![9.0; n_out * m], vec![0.5; n_out * m]);
            set_w_x_plus_b(w, x, &vec![0.5; n_out], &mut MatMut::new(&mut got, n_out, m));
            naive_product(w, x, &mut MatMut::new(&mut expected, n_out, m));
            assert_eq!(got, expected, "same order of additions, so the same bits");

            let (mut got, mut expected) = (vec![0.5; n_out * n_in], vec![0.5; n_out * n_in]);
            let mut db = vec![0.0; n_out];
            add_dz_xt(dz, x, &mut MatMut::new(&mut got, n_out, n_in), &mut db);
            let xt = transposed(x.data(), n_in, m);
            naive_product(dz, MatRef::new(&xt, m, n_in), &mut MatMut::new(&mut expected, n_out, n_in));
            assert_close(&got, &expected);

            let (mut got, mut expected) = (vec![9.0; n_in * m], vec![0.0; n_in * m]);
            set_wt_dz(w, dz, &mut MatMut::new(&mut got, n_in, m));
            let wt = transposed(w.data(), n_out, n_in);
            naive_product(MatRef::new(&wt, n_in, n_out), dz, &mut MatMut::new(&mut expected, n_in, m));
            assert_eq!(got, expected);

            let expected: Vec<f64> = (0..n_out).map(|o| dz.row(o).iter().sum()).collect();
            assert_close(&db, &expected);
        }
    }
}
