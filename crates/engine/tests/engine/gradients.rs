//! Every activation × loss × penalty × dropout × batch normalisation against central differences.

use nablab_engine::gradcheck::{NetworkCheck, Verdict};
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Init, Loss, MatRef, Network, Penalty, Role};

const ACTIVATIONS: [Activation; 5] = [
    Activation::Relu,
    Activation::LeakyRelu { slope: 0.1 },
    Activation::Tanh,
    Activation::Sigmoid,
    Activation::Identity,
];
const LOSSES: [Loss; 5] = [
    Loss::SigmoidCrossEntropy,
    Loss::SigmoidCrossEntropyDirect,
    Loss::SoftmaxCrossEntropy,
    Loss::SquaredError,
    Loss::Poisson,
];
const PENALTIES: [Penalty; 4] = [
    Penalty { l2: 0.0, l1: 0.0 },
    Penalty { l2: 0.7, l1: 0.0 },
    Penalty { l2: 0.0, l1: 0.3 },
    Penalty { l2: 0.5, l1: 0.2 },
];

const INPUTS: usize = 3;
const EXAMPLES: usize = 7;

/// A network with random weights *and* biases, examples, and targets that fit the loss.
struct Case {
    network: Network,
    params: Vec<f64>,
    x: Vec<f64>,
    y: Vec<f64>,
}

impl Case {
    fn new(
        activation: Activation,
        loss: Loss,
        (dropout, batch_norm): (f64, bool),
        outputs: usize,
        seed: u32,
    ) -> Self {
        let hidden = [5, 4].map(|units| Hidden { units, activation, dropout, batch_norm });
        let network = Network::new(INPUTS, &hidden, outputs, loss);
        let mut rng = NumpyRng::new(seed);
        let mut params = vec![0.0; network.layout().len()];
        Init::Xavier.fill(network.layout(), &mut rng, &mut params);
        for slot in
            network.layout().slots().iter().filter(|slot| matches!(slot.role, Role::Bias | Role::Gain))
        {
            params[slot.range.clone()].iter_mut().for_each(|b| *b += 0.3 * rng.gaussian());
        }
        let x = (0..INPUTS * EXAMPLES).map(|_| rng.gaussian()).collect();
        let mut y = vec![0.0; outputs * EXAMPLES];
        for j in 0..EXAMPLES {
            match loss {
                Loss::SoftmaxCrossEntropy => y[rng.up_to(outputs as u32 - 1) as usize * EXAMPLES + j] = 1.0,
                Loss::SquaredError => (0..outputs).for_each(|k| y[k * EXAMPLES + j] = rng.gaussian()),
                Loss::Poisson => (0..outputs).for_each(|k| y[k * EXAMPLES + j] = f64::from(rng.up_to(4))),
                _ => (0..outputs).for_each(|k| y[k * EXAMPLES + j] = f64::from(rng.up_to(1))),
            }
        }
        Self { network, params, x, y }
    }

    fn check(&self, penalty: Penalty) -> NetworkCheck<'_> {
        let (x, y) =
            (MatRef::new(&self.x, INPUTS, EXAMPLES), MatRef::new(&self.y, self.network.outputs(), EXAMPLES));
        NetworkCheck::new(&self.network, &self.params, x, y, penalty, &mut NumpyRng::new(1))
    }
}

#[test]
fn every_combination_is_right() {
    let mut checked = 0;
    for activation in ACTIVATIONS {
        for loss in LOSSES {
            for penalty in PENALTIES {
                for kind in [(0.0, false), (0.3, false), (0.0, true), (0.3, true)] {
                    for seed in [1, 2] {
                        let outputs = if loss == Loss::SoftmaxCrossEntropy { 3 } else { seed as usize };
                        let case = Case::new(activation, loss, kind, outputs, seed);
                        let mut check = case.check(penalty);
                        let gradient = check.gradient();
                        let report = check.compare(&gradient).unwrap();
                        let what = format!(
                            "{activation:?} {loss:?} {penalty:?} (dropout, norm) {kind:?} seed {seed}"
                        );
                        assert!(report.findings.is_empty(), "{what}: {}", report.findings[0]);
                        assert!(report.difference < 1e-6, "{what}: {}", report.difference);
                        // Too many components set aside would make the check empty.
                        let set_aside = report.count(Verdict::Kink);
                        assert!(set_aside * 10 <= gradient.len(), "{what}: {set_aside} kinks");
                        checked += 1;
                    }
                }
            }
        }
    }
    assert_eq!(checked, 5 * 5 * 4 * 4 * 2);
}

/// An error of one part in a thousand in one component is found, and is the only thing found.
#[test]
fn a_small_error_in_one_component_is_found() {
    for activation in ACTIVATIONS {
        for loss in LOSSES {
            let outputs = if loss == Loss::SoftmaxCrossEntropy { 3 } else { 1 };
            let case = Case::new(activation, loss, (0.3, false), outputs, 4);
            let mut check = case.check(PENALTIES[3]);
            let mut gradient = check.gradient();
            let largest = (0..15).max_by(|&a, &b| gradient[a].abs().total_cmp(&gradient[b].abs())).unwrap();
            gradient[largest] *= 1.001;
            let report = check.compare(&gradient).unwrap();
            let found: Vec<_> = report.findings.iter().map(|f| (f.slot.as_str(), f.wrong)).collect();
            assert_eq!(found, [("W1", 1)], "{activation:?} {loss:?}");
            assert_eq!(report.components[largest].verdict, Verdict::Wrong);
        }
    }
}

/// A unit within ε of relu's corner is told apart from a mistake.
#[test]
fn a_corner_is_not_a_mistake() {
    let network = Network::new(1, &[Hidden::relu(2)], 1, Loss::SquaredError);
    // Unit 0 has z = 1e-9 exactly at the corner; unit 1 is far from it.
    let params = [1.0, 1.0, 1e-9 - 1.0, 0.5, 2.0, 3.0, 0.1];
    let (x, y) = ([1.0], [0.0]);
    let (x, y) = (MatRef::new(&x, 1, 1), MatRef::new(&y, 1, 1));
    let mut check = NetworkCheck::new(&network, &params, x, y, Penalty::default(), &mut NumpyRng::new(0));
    let gradient = check.gradient();
    let report = check.compare(&gradient).unwrap();
    let kinks: Vec<_> =
        report.components.iter().filter(|c| c.verdict == Verdict::Kink).map(|c| c.name.as_str()).collect();
    assert_eq!(kinks, ["W1[0, 0]", "b1[0, 0]"]);
    assert!(report.is_correct());
}

/// The course's N-dimensional check. Oracle: NumPy and exact arithmetic (60 digits).
#[test]
fn the_courses_network() {
    let mut rng = NumpyRng::new(1);
    let x: Vec<f64> = (0..12).map(|_| rng.gaussian()).collect();
    let params: Vec<f64> = (0..47).map(|_| rng.gaussian()).collect();
    let (x, y) = (MatRef::new(&x, 4, 3), MatRef::new(&[1.0, 1.0, 0.0], 1, 3));
    let hidden = [Hidden::relu(5), Hidden::relu(3)];
    let difference = |loss, bugs: bool| {
        let network = Network::new(4, &hidden, 1, loss);
        let mut check = NetworkCheck::new(&network, &params, x, y, Penalty::default(), &mut NumpyRng::new(0));
        let mut gradient = check.gradient();
        if bugs {
            let range = |name| network.layout().slot(name).unwrap().range.clone();
            gradient[range("W2")].iter_mut().for_each(|g| *g *= 2.0);
            gradient[range("b1")].iter_mut().for_each(|g| *g *= 4.0);
        }
        let report = check.compare(&gradient).unwrap();
        let findings: Vec<_> = report.findings.iter().map(ToString::to_string).collect();
        (report.difference, report.is_correct(), findings)
    };
    let (with_bugs, correct, findings) = difference(Loss::SigmoidCrossEntropyDirect, true);
    assert!((with_bugs - 0.2850931567761623).abs() < 2e-8 && !correct);
    assert_eq!(
        findings,
        [
            "b1: analytic is 4.00 × numeric in all 4 entries that are not 0 on both sides (a constant factor)",
            "W2: analytic is 2.00 × numeric in all 4 entries that are not 0 on both sides (a constant factor)"
        ]
    );
    // Repaired, the difference is round-off of 1 − a alone: above the first threshold, yet no mistake.
    let (repaired, correct, findings) = difference(Loss::SigmoidCrossEntropyDirect, false);
    assert!((1.0e-7..1.4e-7).contains(&repaired) && correct && findings.is_empty(), "{repaired}");
    // The stable form of the same cost loses no digits.
    let (stable, correct, _) = difference(Loss::SigmoidCrossEntropy, false);
    assert!(stable < 1e-8 && correct);
}
