//! The errors promised in `math.rs`, on every instruction set: doubles against 60 digits (tests/elementary.py prints
//! them), singles against doubles.

use rand_mt::Mt;

use crate::Float;
use crate::math;
use crate::simd::{Dispatch, Isa, Kernel, Set};

#[derive(Clone, Copy, Debug, PartialEq)]
enum Function {
    Exp,
    Sigmoid,
    Tanh,
}

struct Apply<'a, F: Float>(Function, &'a mut F::Line);

impl<F: Float> Kernel<F> for Apply<'_, F> {
    type Output = ();

    #[inline(always)]
    fn run<S: Set<F>>(self, s: S) {
        let x = s.load(self.1);
        let y = match self.0 {
            Function::Exp => math::exp(s, x),
            Function::Sigmoid => math::sigmoid(s, x),
            Function::Tanh => math::tanh(s, x),
        };
        s.store(y, self.1);
    }
}

/// The function of many numbers, the same on every set.
fn apply<F: Float>(function: Function, x: &[F]) -> Vec<F> {
    let on = |isa: Isa| {
        let mut results = Vec::new();
        for x in x.chunks(F::LANES) {
            let mut line = F::ZERO_LINE;
            line.as_mut()[..x.len()].copy_from_slice(x);
            F::run_on(isa, Apply(function, &mut line));
            results.extend_from_slice(&line.as_ref()[..x.len()]);
        }
        results
    };
    let expected = on(Isa::PORTABLE);
    for isa in Isa::available() {
        assert_eq!(on(isa), expected, "{function:?} on {isa}");
    }
    expected
}

/// Rows of the file for a function: x, the value rounded, what rounding took.
fn rows(name: &str) -> Vec<[f64; 3]> {
    let text = include_str!("../tests/elementary.csv");
    let rows = text.lines().map(|line| line.split_once(',').expect("a name"));
    let numbers = |row: &str| -> Vec<f64> { row.split(',').map(|n| n.parse().expect("a number")).collect() };
    rows.filter(|(n, _)| *n == name).map(|(_, row)| numbers(row).try_into().expect("three")).collect()
}

/// Distance in units of the last place of the value.
fn ulps(got: f64, [_, value, rest]: [f64; 3]) -> f64 {
    let ulp = f64::from_bits(value.abs().to_bits() + 1) - value.abs();
    ((got - value) - rest).abs() / ulp
}

fn worst(name: &str, results: &[f64]) -> f64 {
    let rows = rows(name);
    assert!(rows.len() >= 300, "{name}");
    rows.iter().zip(results).map(|(row, &got)| ulps(got, *row)).fold(0.0, f64::max)
}

fn xs(name: &str) -> Vec<f64> {
    rows(name).iter().map(|row| row[0]).collect()
}

#[test]
fn doubles_keep_their_bounds() {
    for (function, name, bound) in
        [(Function::Exp, "exp", 1.0), (Function::Sigmoid, "sigmoid", 1.0), (Function::Tanh, "tanh", 2.0)]
    {
        let error = worst(name, &apply(function, &xs(name)));
        assert!(error <= bound, "{name}: {error} ulp");
    }
    for (function, name, bound) in [(math::ln as fn(f64) -> f64, "ln", 1.0), (math::ln_1p, "ln_1p", 2.0)] {
        let results: Vec<f64> = xs(name).into_iter().map(function).collect();
        let error = worst(name, &results);
        assert!(error <= bound, "{name}: {error} ulp");
    }
}

#[test]
#[expect(clippy::disallowed_methods, reason = "ours are compared with the system's")]
fn singles_keep_their_bounds() {
    let mut rng = Mt::new(1);
    let mut uniform = || f64::from(rng.next_u32()) / 2.0_f64.powi(32);
    for (function, reference, bound, low, high) in [
        (Function::Exp, f64::exp as fn(f64) -> f64, 1.0, -86.6, 88.7),
        (Function::Sigmoid, |x: f64| 1.0 / (1.0 + (-x).exp()), 1.0, -86.6, 20.0),
        (Function::Tanh, f64::tanh, 2.0, -12.0, 12.0),
    ] {
        for narrow in [1.0, 0.1, 0.001] {
            let x: Vec<f32> =
                (0..200_000).map(|_| ((low + (high - low) * uniform()) * narrow) as f32).collect();
            for (x, got) in x.iter().zip(apply(function, &x)) {
                let exact = reference(f64::from(*x));
                let ulp = f64::from(f32::from_bits((exact.abs() as f32).to_bits() + 1) - exact.abs() as f32);
                let error = (f64::from(got) - exact).abs() / ulp;
                assert!(error <= bound, "{function:?} of {x}: {got}, not {exact} ({error} ulp)");
            }
        }
    }
}

#[test]
fn the_ends_are_right() {
    let nan = f64::NAN;
    let x = [f64::INFINITY, f64::NEG_INFINITY, nan, 0.0, 1e300, -1e300, 709.9, -0.0];
    let exp = apply_with_nan(Function::Exp, x);
    assert_eq!(
        (exp[0], exp[3], exp[4], exp[6], exp[7]),
        (f64::INFINITY, 1.0, f64::INFINITY, f64::INFINITY, 1.0)
    );
    assert!(exp[1] == exp[5] && exp[1] > 0.0 && exp[1] < 1e-300 && exp[2].is_nan());
    let sigmoid = apply_with_nan(Function::Sigmoid, x);
    assert_eq!((sigmoid[0], sigmoid[3], sigmoid[4], sigmoid[7]), (1.0, 0.5, 1.0, 0.5));
    assert!(sigmoid[1] > 0.0 && sigmoid[1] < 1e-300 && sigmoid[2].is_nan());
    let tanh = apply_with_nan(Function::Tanh, x);
    assert_eq!((tanh[0], tanh[1], tanh[3], tanh[4]), (1.0, -1.0, 0.0, 1.0));
    assert!(tanh[2].is_nan());
    assert_eq!(
        (math::ln(0.0), math::ln(f64::INFINITY), math::ln(1.0)),
        (f64::NEG_INFINITY, f64::INFINITY, 0.0)
    );
    assert!(math::ln(-1.0).is_nan() && math::ln(nan).is_nan());
}

/// As `apply`, whose comparison of sets not-a-number would fail.
fn apply_with_nan(function: Function, x: [f64; 8]) -> Vec<f64> {
    let mut results = Vec::new();
    for isa in Isa::available() {
        let mut line = crate::Line(x);
        f64::run_on(isa, Apply(function, &mut line));
        let bits = line.0.map(|v| if v.is_nan() { u64::MAX } else { v.to_bits() });
        results.push((bits, line.0));
    }
    assert!(results.iter().all(|(bits, _)| *bits == results[0].0), "{function:?}");
    results[0].1.to_vec()
}
