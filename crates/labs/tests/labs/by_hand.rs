//! The passes by hand: right by central differences and by the engine, and with each mistake planted something else.

use nablab_engine::gradcheck::NetworkCheck;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Loss, MatRef, Network, Penalty};
use nablab_labs::by_hand::{Dropout, Layer, Matrix, Mistake, Planted, Problem, backward, gradient};
use nablab_report::Lang;

/// 4-3-3-1 on five examples: square weights, two masks of one shape, a penalty, so that each mistake has a place.
fn problem(activations: [Activation; 2], dropout: bool) -> Problem {
    let mut rng = NumpyRng::new(7);
    let sizes = [4, 3, 3, 1];
    let mut draw = |rows: usize, cols: usize| {
        Matrix::new(rows, cols, (0..rows * cols).map(|_| rng.gaussian()).collect::<Vec<_>>())
    };
    let x = draw(4, 5);
    let masks =
        [[1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1], [1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1]];
    let layers = (0..3).map(|l| {
        let activation = activations.get(l).copied().unwrap_or(Activation::Sigmoid);
        let mask = |mask: &[i32; 15]| Matrix::new(3, 5, mask.map(f64::from));
        let dropout = masks.get(l).filter(|_| dropout).map(|m| Dropout { mask: mask(m), keep: 0.8 });
        Layer { w: draw(sizes[l + 1], sizes[l]), b: draw(sizes[l + 1], 1), activation, dropout }
    });
    let layers = layers.collect();
    Problem { x, y: Matrix::new(1, 5, [1.0, 0.0, 1.0, 1.0, 0.0]), layers, l2: 0.4 }
}

fn of(problem: &Problem, planted: &[Planted]) -> Vec<(String, Matrix)> {
    gradient(&backward(problem, &problem.forward(), planted))
}

/// The cost with one parameter moved.
fn moved(problem: &Problem, i: usize, by: f64) -> f64 {
    let mut parameters = problem.parameters();
    parameters[i] += by;
    let problem = problem.with_parameters(&parameters);
    problem.cost(&problem.forward())
}

#[test]
fn the_gradient_is_the_central_difference() {
    let leaky = Activation::LeakyRelu { slope: 0.1 };
    for hidden in [[Activation::Tanh, Activation::Relu], [Activation::Sigmoid, leaky]] {
        for dropout in [false, true] {
            let problem = problem(hidden, dropout);
            let gradient = of(&problem, &[]);
            let entries =
                gradient.iter().flat_map(|(name, matrix)| matrix.entries().iter().map(move |g| (name, g)));
            for (i, (name, analytic)) in entries.enumerate() {
                let numeric = (moved(&problem, i, 1e-5) - moved(&problem, i, -1e-5)) / 2e-5;
                assert!((analytic - numeric).abs() < 1e-9, "{name}, parameter {i}: {analytic} {numeric}");
            }
        }
    }
}

#[test]
fn the_engine_says_the_same() {
    let problem = problem([Activation::Tanh, Activation::Relu], false);
    let hidden = [Hidden { activation: Activation::Tanh, ..Hidden::relu(3) }, Hidden::relu(3)];
    let network = Network::new(4, &hidden, 1, Loss::SigmoidCrossEntropy);
    let flat = |matrices: Vec<&Matrix>| -> Vec<f64> {
        matrices.into_iter().flat_map(|matrix| matrix.entries()).copied().collect()
    };
    let params = problem.parameters();
    let (x, y) = (MatRef::new(problem.x.entries(), 4, 5), MatRef::new(problem.y.entries(), 1, 5));
    let penalty = Penalty { l2: problem.l2, l1: 0.0 };
    let mut engine = NetworkCheck::new(&network, &params, x, y, penalty, &mut NumpyRng::new(0));
    let ours = of(&problem, &[]);
    let ours = flat(ours.iter().map(|(_, matrix)| matrix).collect());
    let apart = engine.gradient().iter().zip(&ours).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-14, "{apart}");
}

/// So the numbers themselves say which mistake was made.
#[test]
fn every_mistake_makes_other_numbers() {
    let mut seen = Vec::new();
    for hidden in [[Activation::Relu, Activation::Relu], [Activation::Tanh, Activation::Tanh]] {
        let problem = problem(hidden, true);
        let right = of(&problem, &[]);
        let mut made: Vec<(Planted, Vec<(String, Matrix)>)> = Vec::new();
        for planted in Mistake::places(&problem) {
            let wrong = of(&problem, &[planted]);
            assert_ne!(wrong, right, "{} changes nothing", planted.words(Lang::En));
            if let Some((same, _)) = made.iter().find(|(_, numbers)| *numbers == wrong) {
                panic!("{} is {}", planted.words(Lang::En), same.words(Lang::En));
            }
            seen.push(planted.mistake);
            made.push((planted, wrong));
        }
    }
    for mistake in Mistake::ALL {
        assert!(seen.contains(mistake), "{} has no place", mistake.key());
    }
}
