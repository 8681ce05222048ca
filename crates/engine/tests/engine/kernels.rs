//! The fast paths against the naive ones, on every instruction set the machine has.

use nablab_engine::dense::{dense_backward, dense_forward};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, Float, Hidden, Isa, Loss, MatMut, MatRef, Optimizer, Settings, Tiles, TilesRef, Trainer,
};
use nablab_kernel::{Kernels, Then, naive_product};

/// Around the sizes at which kernels take another turn; up to wide layers.
const SHAPES: &[(usize, usize, usize)] = &[
    (1, 1, 1),
    (1, 7, 2),
    (7, 1, 63),
    (8, 9, 64),
    (9, 8, 65),
    (17, 300, 211),
    (300, 17, 65),
    (6, 4, 33),
    (5, 10, 300),
    (2048, 3, 2),
    (3, 2048, 17),
    (97, 193, 100),
];

fn gaussians<F: Float>(n: usize, seed: u32) -> Vec<F> {
    let mut rng = NumpyRng::new(seed);
    (0..n).map(|_| F::from_f64(rng.gaussian())).collect()
}

fn zeros<F: Float>(rows: usize, m: usize) -> Vec<F::Line> {
    Tiles::<F>::zeros(rows, m).view().lines().to_vec()
}

/// The products have one chain per entry: the same bits as three loops.
fn products_are_the_naive_ones<F: Float>() {
    for &(n_out, n_in, m) in SHAPES {
        let (w, x, dz, b) = (
            gaussians(n_out * n_in, 1),
            gaussians(n_in * m, 2),
            gaussians(n_out * m, 3),
            gaussians(n_out, 4),
        );
        let w = MatRef::new(&w, n_out, n_in);
        let (x, dz) = (MatRef::new(&x, n_in, m), MatRef::new(&dz, n_out, m));
        let mut z: Vec<F> = b.iter().flat_map(|&b| std::iter::repeat_n(b, m)).collect();
        naive_product(w, x, &mut MatMut::new(&mut z, n_out, m));
        let mut dx = vec![F::ZERO; n_in * m];
        naive_product(MatRef::new(&w.transposed(), n_in, n_out), dz, &mut MatMut::new(&mut dx, n_in, m));
        let (x, dz) = (Tiles::from_matrix(x), Tiles::from_matrix(dz));
        for isa in Isa::available() {
            let what = format!("({n_out}, {n_in}, {m}) on {isa}");
            let mut got = zeros::<F>(n_out, m);
            F::set_w_x_plus_b(isa, w, x.view(), &b, Then::Nothing, &mut got);
            assert_eq!(TilesRef::<F>::new(&got, n_out, m).to_vec(), z, "Z {what}");
            F::set_w_x_plus_b(isa, w, x.view(), &b, Then::Relu, &mut got);
            let relu: Vec<F> = z.iter().map(|z| z.max(F::ZERO)).collect();
            assert_eq!(TilesRef::<F>::new(&got, n_out, m).to_vec(), relu, "relu Z {what}");
            let mut got = zeros::<F>(n_in, m);
            F::set_wt_dz(isa, w, dz.view(), None, &mut got);
            assert_eq!(TilesRef::<F>::new(&got, n_in, m).to_vec(), dx, "dX {what}");
            F::set_wt_dz(isa, w, dz.view(), Some((x.view().lines(), F::ONE)), &mut got);
            let gated: Vec<F> = dx
                .iter()
                .zip(x.view().to_vec())
                .map(|(&dx, x)| if x > F::ZERO { dx } else { F::ZERO })
                .collect();
            assert_eq!(TilesRef::<F>::new(&got, n_in, m).to_vec(), gated, "gated dX {what}");
        }
    }
}

#[test]
fn products_of_doubles_are_the_naive_ones() {
    products_are_the_naive_ones::<f64>();
}

#[test]
fn products_of_singles_are_the_naive_ones() {
    products_are_the_naive_ones::<f32>();
}

/// dW as a large network computes it, in blocks of examples, row by row.
fn gradient_in_tiles<F: Float>(isa: Isa, dz: TilesRef<'_, F>, x: TilesRef<'_, F>, block: usize) -> Vec<F> {
    let (n_out, n_in) = (dz.rows(), x.rows());
    let mut dw = zeros::<F>(n_out, n_in);
    for (tile, dw) in dw.chunks_mut(4 * n_out).enumerate() {
        for first in (0..x.m()).step_by(block) {
            F::add_dz_xt(isa, dz.examples(first, block), x.examples(first, block), tile, first == 0, dw);
        }
    }
    TilesRef::<F>::new(&dw, n_out, n_in).to_vec()
}

/// dW and db in one go and in blocks, on every set: one result, near the naive one.
fn gradients_are_near_the_naive_ones<F: Float>() {
    let tile = 4 * F::LANES;
    for &(n_out, n_in, m) in SHAPES {
        let (x, dz): (Vec<F>, Vec<F>) = (gaussians(n_in * m, 2), gaussians(n_out * m, 3));
        let (x, dz) = (MatRef::new(&x, n_in, m), MatRef::new(&dz, n_out, m));
        let mut dw = vec![F::ZERO; n_out * n_in];
        naive_product(dz, MatRef::new(&x.transposed(), m, n_in), &mut MatMut::new(&mut dw, n_out, n_in));
        let db = (0..n_out).map(|o| dz.row(o).iter().copied().sum());
        let naive: Vec<F> = dw.iter().copied().chain(db).collect();
        let (x, dz) = (Tiles::from_matrix(x), Tiles::from_matrix(dz));
        let gradient = |isa: Isa, block: usize| {
            let mut lanes = zeros::<F>(n_out * n_in + n_out, 1);
            for first in (0..m).step_by(block) {
                let (dw, db) = lanes.split_at_mut(n_out * n_in);
                let (dz, x) = (dz.view().examples(first, block), x.view().examples(first, block));
                F::add_dz_xt_lanes(isa, dz, x, dw, db);
            }
            let mut joined = vec![F::ZERO; lanes.len()];
            F::set_joined(isa, &lanes, F::ONE, &mut joined);
            joined
        };
        let expected = gradient(Isa::PORTABLE, m.next_multiple_of(tile));
        for (g, &n) in expected.iter().zip(&naive) {
            let tolerance = 20.0 * m as f64 * F::EPSILON.to_f64();
            assert!((*g - n).abs().to_f64() <= tolerance, "({n_out}, {n_in}, {m}): {g} is not {n}");
        }
        for isa in Isa::available() {
            for block in [tile, 2 * tile, m.next_multiple_of(tile)] {
                assert_eq!(
                    gradient(isa, block),
                    expected,
                    "({n_out}, {n_in}, {m}) on {isa} in blocks of {block}"
                );
                assert_eq!(
                    gradient_in_tiles(isa, dz.view(), x.view(), block),
                    dw,
                    "dW ({n_out}, {n_in}, {m}) as a product on {isa} in blocks of {block}"
                );
            }
        }
    }
}

#[test]
fn gradients_of_doubles_are_near_the_naive_ones() {
    gradients_are_near_the_naive_ones::<f64>();
}

#[test]
fn gradients_of_singles_are_near_the_naive_ones() {
    gradients_are_near_the_naive_ones::<f32>();
}

/// A whole training, with everything in it that has a kernel: the same parameters on every set.
fn trainings_are_the_same_bits<F: Float>() {
    let m = 150;
    let x = gaussians::<F>(3 * m, 5);
    for (loss, outputs) in
        [(Loss::SigmoidCrossEntropy, 2), (Loss::SoftmaxCrossEntropy, 3), (Loss::SquaredError, 1)]
    {
        let y: Vec<F> =
            (0..outputs * m).map(|i| if i % m % outputs == i / m { F::ONE } else { F::ZERO }).collect();
        for activation in
            [Activation::Relu, Activation::LeakyRelu { slope: 0.1 }, Activation::Tanh, Activation::Sigmoid]
        {
            let hidden = vec![
                Hidden { units: 11, activation, dropout: 0.2, batch_norm: false },
                Hidden { units: 7, activation, dropout: 0.0, batch_norm: false },
                Hidden { units: 9, activation, dropout: 0.3, batch_norm: true },
            ];
            let settings = Settings {
                hidden,
                loss,
                optimizer: Optimizer::ADAM,
                batch_size: Some(64),
                epochs: 5,
                ..Settings::default()
            };
            let recipe = settings.check().unwrap();
            let (x, y) = (MatRef::new(&x, 3, m), MatRef::new(&y, outputs, m));
            let train = |isa| Trainer::new(&recipe, x, y).unwrap().with_isa(isa).run(&mut ()).params;
            let expected = train(Isa::PORTABLE);
            for isa in Isa::available() {
                assert_eq!(train(isa), expected, "{loss:?} {activation:?} on {isa}");
            }
        }
    }
}

#[test]
fn trainings_in_doubles_are_the_same_bits_on_every_set() {
    trainings_are_the_same_bits::<f64>();
}

#[test]
fn trainings_in_singles_are_the_same_bits_on_every_set() {
    trainings_are_the_same_bits::<f32>();
}

/// Lanes beyond the last example do not leak: the same batch, surrounded by other numbers, gives the same gradient.
#[test]
fn examples_beyond_the_last_do_not_count() {
    let (m, extra) = (13, 50);
    let x: Vec<f64> = gaussians(4 * extra, 1);
    let w: Vec<f64> = gaussians(20, 2);
    let gradient = |x: &Tiles<f64>| {
        let mut a = zeros::<f64>(5, m);
        dense_forward(
            Isa::best(),
            MatRef::new(&w, 5, 4),
            &[1e3; 5],
            x.view(),
            Activation::Relu,
            &mut a,
            None,
        );
        let dz = Tiles::from_matrix(MatRef::new(&vec![0.5; m], 1, m));
        let mut lanes = zeros::<f64>(6, 1);
        let (dw, db) = lanes.split_at_mut(5);
        dense_backward(Isa::best(), TilesRef::new(&a, 5, m), dz.view(), dw, db);
        let mut joined = vec![0.0; 6];
        f64::set_joined(Isa::best(), &lanes, 1.0, &mut joined);
        joined
    };
    let mut used = Tiles::from_matrix(MatRef::new(&x, 4, extra));
    let columns: Vec<usize> = (0..m).collect();
    let rows = MatRef::new(&x, 4, extra).transposed();
    used.gather(Isa::best(), MatRef::new(&rows, extra, 4), &columns);
    let mut fresh = Tiles::zeros(4, m);
    fresh.gather(Isa::best(), MatRef::new(&rows, extra, 4), &columns);
    assert_eq!(gradient(&used), gradient(&fresh));
}

/// A logit that is no number is an error that is no number, whatever the loss: a diverged training must not look quiet.
#[test]
fn not_a_number_passes_through_every_loss_and_activation() {
    let z = Tiles::from_matrix(MatRef::new(&[1.0, f64::NAN, 2.0, 3.0, 4.0, 5.0], 2, 3));
    let y = Tiles::from_matrix(MatRef::new(&[0.0; 6], 2, 3));
    for isa in Isa::available() {
        for loss in [
            Loss::SigmoidCrossEntropy,
            Loss::SigmoidCrossEntropyDirect,
            Loss::SoftmaxCrossEntropy,
            Loss::SquaredError,
            Loss::Poisson,
        ] {
            let mut dz = zeros::<f64>(2, 3);
            loss.backward(isa, z.view(), y.view(), &mut dz);
            assert!(dz[0].0[1].is_nan() && !dz[0].0[0].is_nan(), "{loss:?} on {isa}: {:?}", dz[0]);
        }
        for activation in
            [Activation::Relu, Activation::LeakyRelu { slope: 0.1 }, Activation::Tanh, Activation::Sigmoid]
        {
            let mut a = z.view().lines().to_vec();
            activation.forward::<f64>(isa, &mut a);
            assert!(a[0].0[1].is_nan() && !a[0].0[0].is_nan(), "{activation:?} on {isa}: {:?}", a[0]);
        }
    }
}
