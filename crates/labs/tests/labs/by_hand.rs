//! The passes by hand: right by central differences and by the engine, and with each mistake planted something else.

use nablab_engine::gradcheck::NetworkCheck;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Hidden, Loss, MatRef, Network, Penalty};
use nablab_labs::by_hand::{Dropout, Layer, Matrix, Mistake, Planted, Problem, backward, gradient};
use nablab_report::Lang;

/// 4-3-3-1 on five examples: square weights, two masks of one shape, a penalty, so that each mistake has a place. Of the softmax there are three outputs.
fn problem(loss: Loss, activations: [Activation; 2], dropout: bool) -> Problem {
    let mut rng = NumpyRng::new(7);
    let sizes = [4, 3, 3, if loss == Loss::SoftmaxCrossEntropy { 3 } else { 1 }];
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
    let y = match loss {
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => {
            Matrix::new(1, 5, [1.0, 0.0, 1.0, 1.0, 0.0])
        }
        Loss::SoftmaxCrossEntropy => {
            Matrix::from_fn(3, 5, |i, j| f64::from(u8::from(i == [2, 0, 1, 0, 2][j])))
        }
        Loss::SquaredError => Matrix::new(1, 5, [0.5, -2.0, 3.0, 0.0, 1.5]),
        Loss::Poisson => Matrix::new(1, 5, [0.0, 2.0, 3.0, 1.0, 0.0]),
    };
    Problem { x, y, layers, loss, l2: 0.4 }
}

fn of(problem: &Problem, planted: &[Planted]) -> Vec<(String, Matrix)> {
    gradient(&backward(problem, &problem.forward(), planted))
}

#[test]
fn the_gradient_is_the_central_difference() {
    let leaky = Activation::LeakyRelu { slope: 0.1 };
    for hidden in [[Activation::Tanh, Activation::Relu], [Activation::Sigmoid, leaky]] {
        let losses = [Loss::SigmoidCrossEntropy, Loss::SoftmaxCrossEntropy, Loss::SquaredError];
        for (loss, dropout) in losses.into_iter().flat_map(|loss| [(loss, false), (loss, true)]) {
            let problem = problem(loss, hidden, dropout);
            let gradient = of(&problem, &[]);
            let entries =
                gradient.iter().flat_map(|(name, matrix)| matrix.entries().iter().map(move |g| (name, g)));
            let numeric = problem.numeric_gradient(1e-5);
            for (i, ((name, analytic), numeric)) in entries.zip(&numeric).enumerate() {
                let apart = (analytic - numeric).abs() / analytic.abs().max(1.0);
                assert!(apart < 1e-9, "{loss:?} {name}, parameter {i}: {analytic} {numeric}");
            }
        }
    }
}

#[test]
fn the_engine_says_the_same() {
    for loss in [Loss::SigmoidCrossEntropy, Loss::SoftmaxCrossEntropy, Loss::SquaredError] {
        assert_engine_agrees(&problem(loss, [Activation::Tanh, Activation::Relu], false));
    }
}

fn assert_engine_agrees(problem: &Problem) {
    let hidden = [Hidden { activation: Activation::Tanh, ..Hidden::relu(3) }, Hidden::relu(3)];
    let network = Network::new(4, &hidden, problem.y.rows(), problem.loss);
    let flat = |matrices: Vec<&Matrix>| -> Vec<f64> {
        matrices.into_iter().flat_map(|matrix| matrix.entries()).copied().collect()
    };
    let params = problem.parameters();
    let (x, y) =
        (MatRef::new(problem.x.entries(), 4, 5), MatRef::new(problem.y.entries(), problem.y.rows(), 5));
    let penalty = Penalty { l2: problem.l2, l1: 0.0 };
    let mut engine = NetworkCheck::new(&network, &params, x, y, penalty, &mut NumpyRng::new(0));
    let cost = problem.cost(&problem.forward());
    assert!((engine.cost(&params) - cost).abs() < 1e-14 * cost, "{:?}", problem.loss);
    let ours = of(problem, &[]);
    let ours = flat(ours.iter().map(|(_, matrix)| matrix).collect());
    let apart = engine.gradient().iter().zip(&ours).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
    assert!(apart < 1e-13, "{:?}: {apart}", problem.loss);
}

/// So the numbers themselves say which mistake was made.
#[test]
fn every_mistake_makes_other_numbers() {
    let mut seen = Vec::new();
    let (relu, tanh) = ([Activation::Relu, Activation::Relu], [Activation::Tanh, Activation::Tanh]);
    let cross_entropy = Loss::SigmoidCrossEntropy;
    for (loss, hidden) in [(cross_entropy, relu), (cross_entropy, tanh), (Loss::SquaredError, tanh)] {
        let problem = problem(loss, hidden, true);
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
