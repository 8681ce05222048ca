//! The tester tested: each planted bug must be found, in the right slots, under the right name.

use nablab_engine::gradcheck::{self, CheckError, Mistake, NetworkCheck, Report};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Init, Layout, Loss, MatRef, Network, Penalty};

const M: usize = 6;
const PENALTY: Penalty = Penalty { l2: 0.8, l1: 0.0 };
/// Two square layers, so that a transpose and a swap of slots are possible.
const UNITS: usize = 4;

struct Setup {
    network: Network,
    params: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Setup {
    fn new(activation: Activation, dropout: f64) -> Self {
        let hidden = [UNITS; 2].map(|units| Hidden { units, activation, dropout, batch_norm: false });
        let network = Network::new(UNITS, &hidden, 1, Loss::SigmoidCrossEntropy);
        let mut rng = NumpyRng::new(5);
        let mut params = vec![0.0; network.layout().len()];
        Init::Normal { scale: 0.7 }.fill(network.layout(), &mut rng, &mut params);
        for slot in network.layout().slots().iter().filter(|slot| slot.cols == 1) {
            params[slot.range.clone()].iter_mut().for_each(|b| *b = 0.3 + 0.1 * rng.gaussian());
        }
        let x = (0..UNITS * M).map(|_| rng.gaussian()).collect();
        let y = (0..M).map(|j| f64::from(j % 2 == 0)).collect();
        Self { network, params, x, y }
    }

    fn check(&self, penalty: Penalty) -> NetworkCheck<'_> {
        let (x, y) = (MatRef::new(&self.x, UNITS, M), MatRef::new(&self.y, 1, M));
        NetworkCheck::new(&self.network, &self.params, x, y, penalty, &mut NumpyRng::new(2))
    }
}

/// Plant a bug in the engine's gradient and check it.
fn report(setup: &Setup, penalty: Penalty, plant: impl Fn(&Layout, &[f64], &mut [f64])) -> Report {
    let mut check = setup.check(penalty);
    let mut gradient = check.gradient();
    assert!(check.compare(&gradient).unwrap().findings.is_empty(), "the gradient is right before");
    plant(setup.network.layout(), &setup.params, &mut gradient);
    check.compare(&gradient).unwrap()
}

fn slots(report: &Report) -> Vec<&str> {
    report.findings.iter().map(|f| f.slot.as_str()).collect()
}

fn mistakes(report: &Report) -> Vec<&Mistake> {
    report.findings.iter().map(|f| &f.mistake).collect()
}

fn scale(slot: &'static str, factor: f64) -> impl Fn(&Layout, &[f64], &mut [f64]) {
    move |layout, _, g| g[layout.slot(slot).unwrap().range.clone()].iter_mut().for_each(|g| *g *= factor)
}

#[test]
fn factors_are_named_with_their_number() {
    let setup = Setup::new(Activation::Tanh, 0.0);
    for slot in ["W1", "b1", "W2", "b2", "W3"] {
        for (factor, words) in [
            (2.0, "2.00 × numeric in all"),
            (0.5, "0.50 × numeric in all"),
            (-1.0, "a wrong sign"),
            (M as f64, "mean over 6 examples is missing"),
            (1.0 / M as f64, "divided by the 6 examples twice"),
            (0.0, "never computed"),
        ] {
            let report = report(&setup, Penalty::default(), scale(slot, factor));
            assert_eq!(slots(&report), [slot], "factor {factor}");
            let text = report.findings[0].to_string();
            assert!(text.contains(words) && text.starts_with(slot), "{text}");
        }
    }
}

#[test]
fn a_transpose_is_recognised_square_or_not() {
    let transpose = |name: &'static str| {
        move |layout: &Layout, _: &[f64], g: &mut [f64]| {
            let slot = layout.slot(name).unwrap();
            let original = g[slot.range.clone()].to_vec();
            for (i, g) in g[slot.range.clone()].iter_mut().enumerate() {
                *g = original[(i % slot.rows) * slot.cols + i / slot.rows];
            }
        }
    };
    let setup = Setup::new(Activation::Sigmoid, 0.0);
    assert_eq!(mistakes(&report(&setup, Penalty::default(), transpose("W2"))), [&Mistake::Transposed]);

    // (3, 4): a rectangular dW written in the order of its transpose.
    let layout = Layout::dense(&[4, 3]);
    let weights: Vec<f64> = (0..15).map(|i| 0.1 + f64::from(i) * 0.07).collect();
    let function = |w: &[f64]| w.iter().enumerate().map(|(i, w)| (i as f64 + 1.0) * w * w).sum::<f64>();
    let mut gradient: Vec<f64> =
        weights.iter().enumerate().map(|(i, w)| 2.0 * (i as f64 + 1.0) * w).collect();
    transpose("W1")(&layout, &weights, &mut gradient);
    let report = gradcheck::check(&layout, &weights, &gradient, function).unwrap();
    assert_eq!(mistakes(&report), [&Mistake::Transposed]);
}

#[test]
fn a_forgotten_or_doubled_penalty_is_named() {
    let setup = Setup::new(Activation::Tanh, 0.0);
    for (penalty, times, words) in [
        (PENALTY, -1.0, "penalty is missing"),
        (PENALTY, 1.0, "penalty is in it 2.00 times"),
        (Penalty { l2: 0.0, l1: 0.5 }, -1.0, "penalty is missing"),
        // λ w instead of (λ / m) w.
        (PENALTY, M as f64 - 1.0, "penalty is in it 6.00 times"),
    ] {
        for slot in ["W1", "W2", "W3"] {
            let report = report(&setup, penalty, |layout, params, g| {
                let mut term = vec![0.0; g.len()];
                penalty.add_gradient(layout, params, M as f64, &mut term);
                layout.slot(slot).unwrap().range.clone().for_each(|i| g[i] += times * term[i]);
            });
            assert_eq!(slots(&report), [slot]);
            let text = report.findings[0].to_string();
            assert!(text.contains(words), "{text}");
        }
    }
}

#[test]
fn one_row_or_one_entry_is_named() {
    let setup = Setup::new(Activation::Tanh, 0.0);
    let report_row =
        report(&setup, Penalty::default(), |_, _, g| g[8..12].iter_mut().for_each(|g| *g += 0.1));
    assert_eq!(mistakes(&report_row), [&Mistake::Rows { rows: vec![2] }]);
    let report_entry = report(&setup, Penalty::default(), |_, _, g| g[7] += 0.05);
    assert_eq!(mistakes(&report_entry), [&Mistake::Entries { names: vec!["W1[1, 3]".into()] }]);
    let offset = report(&setup, Penalty::default(), |_, _, g| g[..16].iter_mut().for_each(|g| *g += 0.05));
    assert!(matches!(mistakes(&offset)[..], [Mistake::Offset { offset }] if (offset - 0.05).abs() < 1e-6));
}

#[test]
fn swapped_layers_and_several_bugs_at_once_are_all_named() {
    let setup = Setup::new(Activation::Tanh, 0.0);
    let swapped = report(&setup, Penalty::default(), |layout, _, g| {
        let (first, second) =
            (layout.slot("W1").unwrap().range.clone(), layout.slot("W2").unwrap().range.clone());
        let kept = g[first.clone()].to_vec();
        g.copy_within(second.clone(), first.start);
        g[second].copy_from_slice(&kept);
    });
    assert_eq!(slots(&swapped), ["W1", "W2"]);
    let both = report(&setup, Penalty::default(), |layout, params, g| {
        scale("W2", 2.0)(layout, params, g);
        scale("b1", 4.0)(layout, params, g);
        scale("W3", -1.0)(layout, params, g);
    });
    let (b1, w2) = (&both.findings[0].mistake, &both.findings[1].mistake);
    assert_eq!(slots(&both), ["b1", "W2", "W3"]);
    assert!(matches!(b1, Mistake::Factor { ratio } if (ratio - 4.0).abs() < 1e-4));
    assert!(matches!(w2, Mistake::Factor { ratio } if (ratio - 2.0).abs() < 1e-4));
    assert_eq!(both.findings[2].mistake, Mistake::Sign);
}

/// Bugs *inside* a backward pass: written out for two hidden layers, with a switch for each bug.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Inside {
    Nothing,
    /// dZ = dA, the derivative of the activation forgotten, in hidden layer 2.
    NoDerivative,
    /// 1 − a instead of 1 − a².
    WrongDerivative,
    /// dA = dD, the mask of hidden layer 1 forgotten.
    NoMask,
    /// The mask applied, its scale 1 / keep forgotten.
    NoMaskScale,
    /// dW2 from the activation before dropout.
    InputBeforeDropout,
    /// dA1 = W2·dZ2 instead of W2ᵀ·dZ2.
    NotTransposed,
    /// Bias gradient from the last example only.
    BiasOfOneExample,
    /// The loss's derivative with the sign the other way round.
    OutputSign,
}

fn backward(setup: &Setup, bug: Inside, rate: f64) -> Vec<f64> {
    let (layout, n, keep) = (setup.network.layout(), UNITS, 1.0 - rate);
    let mut rng = NumpyRng::new(2);
    let mut mask = || -> Vec<f64> {
        let mut mask = vec![1.0; n * M];
        if rate > 0.0 {
            mask.iter_mut().for_each(|entry| *entry = if rng.uniform() < keep { 1.0 / keep } else { 0.0 });
        }
        mask
    };
    let (mask1, mask2) = (mask(), mask());
    let product = |a: &[f64], b: &[f64], r: usize, k: usize, c: usize| -> Vec<f64> {
        (0..r * c).map(|i| (0..k).map(|k_| a[i / c * k + k_] * b[k_ * c + i % c]).sum()).collect()
    };
    let transpose =
        |a: &[f64], r: usize, c: usize| -> Vec<f64> { (0..r * c).map(|i| a[i % r * c + i / r]).collect() };
    let times = |a: &[f64], b: &[f64]| -> Vec<f64> { a.iter().zip(b).map(|(a, b)| a * b).collect() };
    let affine = |l: usize, x: &[f64], out: usize| -> Vec<f64> {
        let (w, b) = layout.layer(l, &setup.params);
        product(w.data(), x, out, n, M).iter().enumerate().map(|(i, z)| z + b[i / M]).collect()
    };
    let a1: Vec<f64> = affine(0, &setup.x, n).iter().map(|z| z.tanh()).collect();
    let d1 = times(&a1, &mask1);
    let a2: Vec<f64> = affine(1, &d1, n).iter().map(|z| z.tanh()).collect();
    let d2 = times(&a2, &mask2);
    let p: Vec<f64> = affine(2, &d2, 1).iter().map(|z| 1.0 / (1.0 + (-z).exp())).collect();

    let sign = if bug == Inside::OutputSign { -1.0 } else { 1.0 };
    let dz3: Vec<f64> = p.iter().zip(&setup.y).map(|(p, y)| sign * (p - y)).collect();
    let (w2, w3) = (layout.layer(1, &setup.params).0.data(), layout.layer(2, &setup.params).0.data());
    let derivative = |a: &f64| if bug == Inside::WrongDerivative { 1.0 - a } else { 1.0 - a * a };
    let da2 = times(&product(&transpose(w3, 1, n), &dz3, n, 1, M), &mask2);
    let dz2 = match bug {
        Inside::NoDerivative => da2,
        _ => times(&da2, &a2.iter().map(derivative).collect::<Vec<_>>()),
    };
    let w2t = if bug == Inside::NotTransposed { w2.to_vec() } else { transpose(w2, n, n) };
    let dd1 = product(&w2t, &dz2, n, n, M);
    let da1 = match bug {
        Inside::NoMask => dd1,
        Inside::NoMaskScale => times(&dd1, &mask1.iter().map(|m| m * keep).collect::<Vec<_>>()),
        _ => times(&dd1, &mask1),
    };
    let dz1 = times(&da1, &a1.iter().map(|a| 1.0 - a * a).collect::<Vec<_>>());
    let input2 = if bug == Inside::InputBeforeDropout { &a1 } else { &d1 };

    let mut gradient = Vec::new();
    for (dz, input, out) in [(&dz1, &setup.x, n), (&dz2, input2, n), (&dz3, &d2, 1)] {
        gradient.extend(product(dz, &transpose(input, n, M), out, M, n));
        gradient.extend(dz.chunks(M).map(|row| match bug {
            Inside::BiasOfOneExample => row[M - 1],
            _ => row.iter().sum(),
        }));
    }
    gradient.iter_mut().for_each(|g| *g /= M as f64);
    gradient
}

/// What is wrong lies before the bug: backward errors spread to the layers the pass reaches later.
#[test]
fn bugs_inside_the_backward_pass_are_located() {
    let before_layer_2: &[&str] = &["W1", "b1"];
    let up_to_layer_2: &[&str] = &["W1", "b1", "W2", "b2"];
    let everywhere: &[&str] = &["W1", "b1", "W2", "b2", "W3", "b3"];
    for (bug, rate, expected) in [
        (Inside::Nothing, 0.0, &[][..]),
        (Inside::Nothing, 0.4, &[]),
        (Inside::NoDerivative, 0.0, up_to_layer_2),
        (Inside::WrongDerivative, 0.0, up_to_layer_2),
        (Inside::NoMask, 0.4, before_layer_2),
        (Inside::NoMaskScale, 0.4, before_layer_2),
        (Inside::InputBeforeDropout, 0.4, &["W2"]),
        (Inside::NotTransposed, 0.0, before_layer_2),
        (Inside::BiasOfOneExample, 0.0, &["b1", "b2", "b3"]),
        (Inside::OutputSign, 0.0, everywhere),
    ] {
        let setup = Setup::new(Activation::Tanh, rate);
        let report = setup.check(Penalty::default()).compare(&backward(&setup, bug, rate)).unwrap();
        assert_eq!(slots(&report), expected, "{bug:?}");
        match bug {
            // All of a layer's masks share the scale, so it shows as a factor: 1 / 0.6 too small.
            Inside::NoMaskScale => assert!(
                mistakes(&report)
                    .iter()
                    .all(|m| matches!(m, Mistake::Factor { ratio } if (ratio - 0.6).abs() < 1e-4)),
                "{:?}",
                report.findings
            ),
            Inside::OutputSign => assert!(mistakes(&report).iter().all(|m| **m == Mistake::Sign)),
            _ => {}
        }
    }
}

#[test]
fn what_cannot_be_checked_is_refused() {
    let layout = Layout::vector("theta", 2);
    let mut calls = 0.0;
    let error = gradcheck::check(&layout, &[1.0, 2.0], &[0.0, 0.0], |_| {
        calls += 1.0;
        calls
    });
    assert!(matches!(error, Err(CheckError::NotDeterministic { first: 1.0, second: 2.0 })));
    let error = gradcheck::check(&layout, &[1.0, 2.0], &[0.0, 0.0], |_| f64::NAN);
    assert!(matches!(error, Err(CheckError::NotFinite { .. })));
    let error = gradcheck::check(&layout, &[1.0, 2.0], &[0.0, f64::INFINITY], |t| t[0]).unwrap_err();
    assert!(error.to_string().contains("analytic gradient of theta[1, 0]"), "{error}");
    let error = gradcheck::check(&layout, &[1.0], &[0.0], |t| t[0]);
    assert!(matches!(error, Err(CheckError::Length { expected: 2, got: 1 })));
}
