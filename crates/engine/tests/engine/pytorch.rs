//! PyTorch as the oracle: losses, gradients, batch normalisation, update rules, schedules, clipping (tests/pytorch.py prints the numbers).

use nablab_engine::dropout::Mask;
use nablab_engine::optim::apply;
use nablab_engine::{
    Activation, Clip, CostHistory, Gradient, Hidden, Layout, Loss, MatRef, Network, Optimizer, Pass, Penalty,
    Schedule, Settings, State, Tiles, Trainer, Workspace,
};
use serde::Deserialize;

#[derive(Deserialize)]
struct PyTorch {
    networks: Vec<NetworkCase>,
    normalized: Vec<NormalizedCase>,
    minima: Vec<MinimumCase>,
    rules: Vec<RuleCase>,
    schedules: Vec<ScheduleCase>,
    clips: Vec<ClipCase>,
}

#[derive(Deserialize)]
struct NetworkCase {
    activation: Activation,
    loss: Loss,
    l2: f64,
    l1: f64,
    outputs: usize,
    x: Vec<f64>,
    y: Vec<f64>,
    params: Vec<f64>,
    masks: Vec<Vec<f64>>,
    logits: Vec<f64>,
    cost: f64,
    gradient: Vec<f64>,
}

#[derive(Deserialize)]
struct NormalizedCase {
    activation: Activation,
    loss: Loss,
    outputs: usize,
    x: Vec<f64>,
    y: Vec<f64>,
    start: Vec<f64>,
    costs: Vec<f64>,
    end: Vec<f64>,
    logits: Vec<f64>,
}

#[derive(Deserialize)]
struct MinimumCase {
    loss: Loss,
    l2: f64,
    outputs: usize,
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    logits: Vec<f64>,
    cost: f64,
}

#[derive(Deserialize)]
struct RuleCase {
    rule: Optimizer,
    points: Vec<Vec<f64>>,
}

#[derive(Deserialize)]
struct ScheduleCase {
    schedule: Schedule,
    epochs: u32,
    factors: Vec<f64>,
}

#[derive(Deserialize)]
struct ClipCase {
    clip: Clip,
    gradient: Vec<f64>,
}

fn pytorch() -> PyTorch {
    serde_json::from_str(include_str!("../pytorch.json")).expect("the script's output")
}

fn assert_close(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (i, (g, e)) in got.iter().zip(expected).enumerate() {
        assert!((g - e).abs() <= tolerance * e.abs().max(1.0), "{what}[{i}]: {g} is not {e}");
    }
}

#[test]
fn costs_and_gradients() {
    for case in pytorch().networks {
        let dropout = if case.masks.is_empty() { 0.0 } else { 0.3 };
        let hidden =
            [5, 4].map(|units| Hidden { units, activation: case.activation, dropout, batch_norm: false });
        let network = Network::new(3, &hidden, case.outputs, case.loss);
        let m = case.x.len() / 3;
        let x = Tiles::from_matrix(MatRef::new(&case.x, 3, m));
        let y = Tiles::from_matrix(MatRef::new(&case.y, case.outputs, m));
        let (x, y) = (x.view(), y.view());
        let what = format!("{:?} {:?}", case.activation, case.loss);

        let mut work = Workspace::new(&network, m);
        for (l, mask) in case.masks.iter().enumerate() {
            let units = hidden[l].units;
            work.set_mask(l, &Mask::from_fn::<f64>(units, m, |unit, j| mask[unit * m + j] > 0.0), 0);
        }
        network.forward(&case.params, x, Pass::Train, &mut work);
        assert_close(&work.logits().to_vec(), &case.logits, 1e-13, &format!("{what}: logits"));

        let penalty = Penalty { l2: case.l2, l1: case.l1 };
        let cost = network.cost(y, &work) + penalty.value(network.layout(), &case.params, m as f64);
        assert_close(&[cost], &[case.cost], 1e-13, &format!("{what}: cost"));
        let (mut sums, mut gradient) = (Gradient::new(&network), vec![0.0; case.params.len()]);
        network.backward(&case.params, y, &mut work);
        sums.add(x, &work);
        sums.take(1.0 / m as f64, &mut gradient);
        penalty.add_gradient(network.layout(), &case.params, m as f64, &mut gradient);
        assert_close(&gradient, &case.gradient, 1e-12, &format!("{what}: gradient"));
    }
}

/// Three steps, with costs, parameters and running statistics; then the logits by the running statistics.
#[test]
fn trainings_with_batch_normalisation() {
    for case in pytorch().normalized {
        let what = format!("{:?} {:?}", case.activation, case.loss);
        let layer = |units| Hidden { units, activation: case.activation, dropout: 0.0, batch_norm: true };
        let settings = Settings {
            hidden: [5, 4].map(layer).to_vec(),
            loss: case.loss,
            optimizer: Optimizer::GradientDescent,
            learning_rate: 0.1,
            epochs: case.costs.len() as u64,
            ..Settings::default()
        };
        let recipe = settings.check().unwrap();
        let m = case.x.len() / 3;
        let (x, y) = (MatRef::new(&case.x, 3, m), MatRef::new(&case.y, case.outputs, m));
        let mut trainer = Trainer::new(&recipe, x, y).unwrap();
        trainer.resume(State { params: case.start, ..trainer.state() }).unwrap();
        let mut costs = CostHistory::new(1, recipe.epochs);
        let end = trainer.run(&mut costs).params;
        let costs: Vec<f64> = costs.epochs.iter().map(|epoch| epoch.mean()).collect();
        assert_close(&costs, &case.costs, 1e-12, &format!("{what}: costs"));
        assert_close(&end, &case.end, 1e-11, &format!("{what}: parameters and statistics"));

        let network = trainer.network();
        let mut work = Workspace::new(network, m);
        network.forward(&end, Tiles::from_matrix(x).view(), Pass::Predict, &mut work);
        assert_close(&work.logits().to_vec(), &case.logits, 1e-11, &format!("{what}: logits"));
    }
}

/// Linear models have one minimum, and L-BFGS finds it in few steps, in both precisions.
#[test]
fn minima_of_linear_models() {
    /// A gradient of 1e-7, where it ends, over the least curvature, 0.05 / 6.
    const TOLERANCE: f64 = 2e-5;
    for case in pytorch().minima {
        let what = format!("{:?} {}", case.loss, case.l2);
        let settings = Settings {
            loss: case.loss,
            penalty: Penalty { l2: case.l2, l1: 0.0 },
            optimizer: Optimizer::LBfgs { memory: 10 },
            epochs: 100,
            ..Settings::default()
        };
        let (m, recipe) = (case.x.len() / 3, settings.check().unwrap());
        let (x, y) = (MatRef::new(&case.x, 3, m), MatRef::new(&case.y, case.outputs, m));
        let mut trainer = Trainer::new(&recipe, x, y).unwrap();
        let end = trainer.run(&mut ());
        assert!(trainer.is_converged() && end.steps < 60, "{what}: {} steps", end.steps);
        assert_close(
            &end.params[..case.weights.len()],
            &case.weights,
            TOLERANCE,
            &format!("{what}: weights"),
        );
        let mut work = Workspace::new(trainer.network(), m);
        trainer.network().forward(&end.params, Tiles::from_matrix(x).view(), Pass::Predict, &mut work);
        // A shift of all logits changes no softmax: there, the weights alone are compared.
        if case.loss != Loss::SoftmaxCrossEntropy {
            assert_close(&work.logits().to_vec(), &case.logits, TOLERANCE, &format!("{what}: logits"));
        }
        let y_tiles = Tiles::from_matrix(y);
        let cost = trainer.network().cost(y_tiles.view(), &work)
            + recipe.penalty.value(trainer.network().layout(), &end.params, m as f64);
        assert_close(&[cost], &[case.cost], 1e-12, &format!("{what}: cost"));

        let [x, y] = [&case.x, &case.y].map(|numbers| numbers.iter().map(|&v| v as f32).collect::<Vec<_>>());
        let (x, y) = (MatRef::new(&x, 3, m), MatRef::new(&y, case.outputs, m));
        let mut trainer = Trainer::new(&recipe, x, y).unwrap();
        let end = trainer.run(&mut ());
        assert!(trainer.is_converged() && end.steps < 60, "{what} in f32: {} steps", end.steps);
        let weights: Vec<f64> = end.params[..case.weights.len()].iter().map(|&w| w.into()).collect();
        assert_close(&weights, &case.weights, 5e-3, &format!("{what}: weights in f32"));
    }
}

/// The strength of a penalty is divided by the examples of a full batch, whatever is left over: mini-batches whose rate falls
/// to 0 end at the minimum of all m examples with m / batch times the strength.
#[test]
fn minima_of_mini_batches() {
    for case in pytorch().minima {
        let m = case.x.len() / 3;
        let (x, y) = (MatRef::new(&case.x, 3, m), MatRef::new(&case.y, case.outputs, m));
        for size in 1..m {
            let settings = Settings {
                loss: case.loss,
                penalty: Penalty { l2: case.l2 * size as f64 / m as f64, l1: 0.0 },
                optimizer: Optimizer::GradientDescent,
                learning_rate: 0.1,
                schedule: Schedule::Cosine { warmup: 0.0, floor: 0.0 },
                batch_size: Some(size),
                epochs: 6000,
                ..Settings::default()
            };
            let recipe = settings.check().unwrap();
            let end = Trainer::new(&recipe, x, y).unwrap().run(&mut ());
            let what = format!("{:?} {} in batches of {size}: weights", case.loss, case.l2);
            assert_close(&end.params[..case.weights.len()], &case.weights, 0.03, &what);
        }
    }
}

/// Rosenbrock's function of three numbers, differentiated by hand.
fn rosenbrock_gradient(w: &[f64]) -> [f64; 3] {
    let valley = |i: usize| w[i + 1] - w[i] * w[i];
    let floor = |i: usize| -400.0 * w[i] * valley(i) - 2.0 * (1.0 - w[i]);
    [floor(0), 200.0 * valley(0) + floor(1), 200.0 * valley(1)]
}

#[test]
fn five_steps_of_every_rule() {
    let cases = pytorch().rules;
    assert_eq!(cases.len(), 6, "a rule without PyTorch's steps");
    for RuleCase { rule, points } in cases {
        let layout = Layout::vector("w", 3);
        let mut w = [-0.7, 0.4, 1.3];
        let mut state = rule.start::<f64>(3);
        for expected in points {
            let mut g = rosenbrock_gradient(&w);
            state.update(&layout, &w, &mut g);
            apply(&mut w, &g, 0.001);
            assert_close(&w, &expected, 1e-13, &format!("{rule:?}"));
        }
    }
}

#[test]
fn factors_of_every_schedule() {
    for ScheduleCase { schedule, epochs, factors } in pytorch().schedules {
        let rate = |t| schedule.factor(f64::from(t), 1.0, f64::from(epochs));
        let got: Vec<_> = (0..epochs).map(rate).collect();
        assert_close(&got, &factors, 1e-12, &format!("{schedule:?}"));
    }
}

/// PyTorch adds 1e-6 to the norm it divides by.
#[test]
fn clipped_gradients() {
    for ClipCase { clip, gradient } in pytorch().clips {
        let mut got = [3.0, -4.0, 0.5, 12.0];
        clip.apply(&mut got);
        assert_close(&got, &gradient, 1e-6, &format!("{clip:?}"));
    }
}
