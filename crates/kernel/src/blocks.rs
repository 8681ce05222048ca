//! The blocks of AVX-512 on any processor: the bits of the portable ones, for every number of rows and of lines.

use crate::lanes::Gradient;
use crate::product::{Factor, Finish, Product, Start};
use crate::simd::{Kernel, Portable};
use crate::{Float, Line, MatRef, Tiles};

/// Around the sizes at which blocks take another turn.
const SHAPES: [(usize, usize, usize); 7] =
    [(1, 1, 1), (2, 5, 9), (3, 7, 17), (4, 12, 32), (5, 3, 300), (13, 4, 26), (97, 193, 40)];

/// Numbers without a pattern that a wrong order of sums would keep.
#[expect(clippy::disallowed_methods, reason = "any numbers do")]
fn numbers(n: usize) -> Vec<f64> {
    (0..n).map(|i| (i as f64 * 0.7).sin()).collect()
}

fn zeros(lines: usize) -> Vec<Line<f64, 8>> {
    vec![f64::ZERO_LINE; lines]
}

#[test]
fn products_are_the_portable_ones() {
    for (n_out, n_in, m) in SHAPES {
        let (w, b, x) = (numbers(n_out * n_in), numbers(n_out), numbers(n_in * m));
        let x = Tiles::from_matrix(MatRef::new(&x, n_in, m));
        let gate = numbers(n_out * m);
        let gate = Tiles::from_matrix(MatRef::new(&gate, n_out, m));
        let mask: Vec<u16> = (0..gate.view().lines().len()).map(|i| i as u16 * 37).collect();
        let finishes = [
            Finish::AsIs,
            Finish::Relu,
            Finish::ReluDropout(&mask, 2.0),
            Finish::Gate(gate.view().lines(), 3.0),
        ];
        for finish in finishes {
            for (start, factor) in [
                (Start::Bias(&b), Factor::plain(MatRef::new(&w, n_out, n_in))),
                (Start::Out, Factor::transposed(MatRef::new(&w, n_in, n_out))),
            ] {
                let product = |wide: bool| {
                    let mut out = zeros(gate.view().lines().len());
                    let product = Product { factor, x: x.view(), start, finish, out: &mut out };
                    if wide {
                        product.run(Portable::<true>)
                    } else {
                        product.run(Portable::<false>)
                    }
                    out
                };
                assert_eq!(product(true), product(false), "({n_out}, {n_in}, {m})");
            }
        }
    }
}

#[test]
fn sums_over_examples_are_the_portable_ones() {
    for (n_out, n_in, m) in SHAPES {
        let (dz, x) = (numbers(n_out * m), numbers(n_in * m));
        let dz = Tiles::from_matrix(MatRef::new(&dz, n_out, m));
        let x = Tiles::from_matrix(MatRef::new(&x, n_in, m));
        let sums = |wide: bool, with_db: bool| {
            let (mut dw, mut db) = (zeros(n_out * n_in), zeros(if with_db { n_out } else { 0 }));
            let sums = Gradient { dz: dz.view(), x: x.view(), dw: &mut dw, db: &mut db };
            if wide {
                sums.run(Portable::<true>)
            } else {
                sums.run(Portable::<false>)
            }
            (dw, db)
        };
        for with_db in [true, false] {
            assert_eq!(sums(true, with_db), sums(false, with_db), "({n_out}, {n_in}, {m})");
        }
    }
}
