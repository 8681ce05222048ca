//! The course's small test cases of this lab: L2 cost and gradients, dropout forward and backward.

use nablab_engine::dense::{dense_backward, dense_backward_input};
use nablab_engine::dropout::Mask;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{
    Activation, Hidden, Isa, Kernels, Layout, Line, Loss, MatRef, Network, Pass, Penalty, Tiles, TilesRef,
    Workspace,
};
use nablab_report::{Lang, number};

use crate::by_hand::{self, Dropout, Layer, Matrix, Problem};
use crate::record::{Item, example, matrix_rows, matrix_table};

/// Examples of every test case here.
const M: usize = 5;
/// Inputs, hidden units, hidden units, output.
const SIZES: [usize; 4] = [3, 2, 3, 1];
/// Y of every test case here.
const Y: [f64; M] = [1.0, 1.0, 0.0, 1.0, 0.0];

/// What a forward pass left behind, as the course's test file has it: constants of 8 decimals.
struct Cache {
    a1: [f64; 2 * M],
    a2: [f64; 3 * M],
    a3: [f64; M],
    /// Masks of 0 and 1, where there is dropout.
    masks: Option<([f64; 2 * M], [f64; 3 * M])>,
}

const L2_CACHE: Cache = Cache {
    a1: [0.0, 3.32524635, 2.13994541, 2.60700654, 0.0, 0.0, 4.1600994, 0.79051021, 1.46493512, 0.0],
    a2: [
        0.53035547, 5.94892323, 2.31780174, 3.16005701, 0.53035547, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0,
        0.0, 0.0,
    ],
    a3: [0.40682402, 0.01629284, 0.16722898, 0.10118111, 0.40682402],
    masks: None,
};

const DROPOUT_CACHE: Cache = Cache {
    a1: [0.0, 0.0, 4.27989081, 5.21401307, 0.0, 0.0, 8.32019881, 1.58102041, 2.92987024, 0.0],
    a2: [1.06071093, 0.0, 8.21049603, 0.0, 1.06071093, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0],
    a3: [0.32266394, 0.49683389, 0.00348883, 0.49683389, 0.32266394],
    masks: Some((
        [1.0, 0.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
        [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0],
    )),
};

/// W1, b1, W2, b2, W3, b3 of both caches.
const CACHED_PARAMS: [f64; 21] = [
    -1.09989127,
    -0.17242821,
    -0.87785842,
    0.04221375,
    0.58281521,
    -1.10061918, // W1
    1.14472371,
    0.90159072, // b1
    0.50249434,
    0.90085595,
    -0.68372786,
    -0.12289023,
    -0.93576943,
    -0.26788808, // W2
    0.53035547,
    -0.69166075,
    -0.39675353, // b2
    -0.6871727,
    -0.84520564,
    -0.67124613, // W3
    -0.0126646,  // b3
];

/// λ of item 5.
const L2: f64 = 0.7;
/// Keep probability of item 8.
const KEEP: f64 = 0.7;

/// n Gaussian numbers.
fn randn(rng: &mut NumpyRng, n: usize) -> Vec<f64> {
    (0..n).map(|_| rng.gaussian()).collect()
}

/// The problem of item 4 for whoever computes it by hand: Gaussian parameters, and what the forward pass left.
pub(crate) fn l2_cost_problem() -> (Problem, by_hand::Cache) {
    let params = randn(&mut NumpyRng::new(1), CACHED_PARAMS.len());
    (problem(&params, inputs(), [None, None], 0.1), cached(&L2_CACHE))
}

/// The problem of item 5.
pub(crate) fn l2_gradients_problem() -> (Problem, by_hand::Cache) {
    (problem(&CACHED_PARAMS, inputs(), [None, None], L2), cached(&L2_CACHE))
}

/// The problem of item 8, with the masks that seed 1 draws.
pub(crate) fn dropout_forward_problem() -> Problem {
    let mut rng = NumpyRng::new(1);
    let (x, params) = (randn(&mut rng, SIZES[0] * M), randn(&mut rng, CACHED_PARAMS.len()));
    let mut rng = NumpyRng::new(1);
    let mut draw = |units| {
        Matrix::new(
            units,
            M,
            (0..units * M).map(|_| f64::from(u8::from(rng.uniform() < KEEP))).collect::<Vec<_>>(),
        )
    };
    let masks = [SIZES[1], SIZES[2]].map(|units| Some(Dropout { mask: draw(units), keep: KEEP }));
    problem(&params, x, masks, 0.0)
}

/// The problem of item 9.
pub(crate) fn dropout_backward_problem() -> (Problem, by_hand::Cache) {
    let (d1, d2) = DROPOUT_CACHE.masks.expect("its forward pass had masks");
    let masks = [Matrix::new(SIZES[1], M, d1), Matrix::new(SIZES[2], M, d2)];
    let masks = masks.map(|mask| Some(Dropout { mask, keep: 0.8 }));
    let problem = problem(&CACHED_PARAMS, inputs(), masks, 0.0);
    let cached = cached(&DROPOUT_CACHE);
    // What the units said before dropout is not in the course's file; the mask decides there, whatever the later layers got.
    let cache = before_dropout(&problem, &cached);
    (problem, cache)
}

/// X of the items that come with a cache.
fn inputs() -> Vec<f64> {
    randn(&mut NumpyRng::new(1), SIZES[0] * M)
}

fn problem(params: &[f64], x: Vec<f64>, dropout: [Option<Dropout>; 2], l2: f64) -> Problem {
    let layout = Layout::dense(&SIZES);
    let mut dropout = dropout.into_iter();
    let layer = |l: usize| {
        let (w, b) = layout.layer(l, params);
        let w = Matrix::from_fn(SIZES[l + 1], SIZES[l], |i, k| w.at(i, k));
        let activation = if l < 2 { Activation::Relu } else { Activation::Sigmoid };
        Layer { w, b: Matrix::new(SIZES[l + 1], 1, b), activation, dropout: dropout.next().flatten() }
    };
    Problem {
        x: Matrix::new(SIZES[0], M, x),
        y: Matrix::new(1, M, Y),
        layers: (0..3).map(layer).collect(),
        loss: Loss::SigmoidCrossEntropy,
        l2,
    }
}

/// The same with Z and relu(Z) of the layers, from the inputs that each of them got.
fn before_dropout(problem: &Problem, cached: &by_hand::Cache) -> by_hand::Cache {
    let z: Vec<_> = (0..3).map(|l| problem.z(l, cached)).collect();
    let activated = z.iter().map(|z| z.map(|z| z.max(0.0))).collect();
    by_hand::Cache { z, activated, a: cached.a.clone() }
}

/// The constants of the course's test file. They have A only, which has the sign of Z where a unit spoke.
fn cached(cache: &Cache) -> by_hand::Cache {
    let a = vec![
        Matrix::new(SIZES[1], M, cache.a1),
        Matrix::new(SIZES[2], M, cache.a2),
        Matrix::new(1, M, cache.a3),
    ];
    by_hand::Cache { z: a.clone(), activated: a.clone(), a }
}

/// `regularization.4`: cross-entropy plus the penalty, λ = 0.1.
pub(super) fn l2_cost(lang: Lang) -> Item {
    let mut item =
        Item::new("regularization.4", lang.choose("L2: cost of a test case", "L2：小算例的代价"), true);
    let layout = Layout::dense(&SIZES);
    let params = randn(&mut NumpyRng::new(1), layout.len());
    // The losses take logits: z = ln(a / (1 − a)).
    let logits = L2_CACHE.a3.map(|a| (a / (1.0 - a)).ln());
    let (z, y) = (tiles(&logits, 1), tiles(&Y, 1));
    let loss = Loss::SigmoidCrossEntropyDirect.value(Isa::best(), z.view(), y.view());
    let cross_entropy = loss / M as f64;
    let penalty = Penalty { l2: 0.1, l1: 0.0 }.value(&layout, &params, M as f64);
    item.number("cross_entropy", cross_entropy);
    item.value("penalty", penalty.into());
    item.number("cost", cross_entropy + penalty);
    item.paragraph(lang.choose(
        "cost = cross-entropy + (λ / 2m) · Σ W², with λ = 0.1 and m = 5. Biases are not penalised.",
        "代价 = 交叉熵 + (λ / 2m) · Σ W²，λ = 0.1，m = 5。偏置不受惩罚。",
    ));
    let [cost, cross_entropy, penalty] =
        [cross_entropy + penalty, cross_entropy, penalty].map(|v| number(v, 12));
    item.paragraph(lang.choose(
        format!("cost **{cost}** = {cross_entropy} + {penalty}"),
        format!("代价 **{cost}** = {cross_entropy} + {penalty}"),
    ));
    item
}

/// Gradients from a cache, by the engine's own passes; with dropout also dA1 and dA2.
struct Backward {
    layout: Layout,
    grads: Vec<f64>,
    da1: Vec<f64>,
    da2: Vec<f64>,
}

/// dZ3 = A3 − Y; dW = dZ·Aᵀ / m; dA = Wᵀ·dZ, masked where there is dropout; dZ = dA ∘ (A > 0).
fn backward(cache: &Cache, keep: f64, penalty: Penalty) -> Backward {
    let (layout, isa) = (Layout::dense(&SIZES), Isa::best());
    let x = inputs();
    let inputs = [tiles(&x, SIZES[0]), tiles(&cache.a1, SIZES[1]), tiles(&cache.a2, SIZES[2])];
    let masks = cache.masks.as_ref().map(|(d1, d2)| [mask(d1, SIZES[1]), mask(d2, SIZES[2])]);

    let errors: Vec<f64> = cache.a3.iter().zip(&Y).map(|(a, y)| a - y).collect();
    let mut dz = tiles(&errors, 1).view().lines().to_vec();
    let (mut grads, mut da) = (Vec::new(), Vec::new());
    for l in (0..3).rev() {
        let (n_in, n_out) = (SIZES[l], SIZES[l + 1]);
        let error = TilesRef::new(&dz, n_out, M);
        let mut lanes = vec![Line([0.0; 8]); n_out * n_in + n_out];
        let (dw, db) = lanes.split_at_mut(n_out * n_in);
        dense_backward(isa, inputs[l].view(), error, dw, db);
        let mut gradient = vec![0.0; lanes.len()];
        f64::set_joined(isa, &lanes, 1.0, &mut gradient);
        grads.splice(..0, gradient.iter().map(|g| g / M as f64));
        if l > 0 {
            let (w, _) = layout.layer(l, &CACHED_PARAMS);
            let input = inputs[l].view().lines();
            let mask = masks.as_ref().map(|masks| (masks[l - 1].words(), 1.0 - keep));
            let mut before = vec![Line([0.0; 8]); n_in];
            dense_backward_input(isa, w, error, (Activation::Identity, input), mask, &mut before);
            da.insert(0, TilesRef::<f64>::new(&before, n_in, M).to_vec());
            Activation::Relu.backward::<f64>(isa, input, &mut before);
            dz = before;
        }
    }
    penalty.add_gradient(&layout, &CACHED_PARAMS, M as f64, &mut grads);
    let [da1, da2] = da.try_into().expect("two hidden layers");
    Backward { layout, grads, da1, da2 }
}

fn tiles(data: &[f64], rows: usize) -> Tiles<f64> {
    Tiles::from_matrix(MatRef::new(data, rows, M))
}

/// A mask of the cache, of 0 and 1.
fn mask(entries: &[f64], units: usize) -> Mask {
    Mask::from_fn::<f64>(units, M, |unit, j| entries[unit * M + j] > 0.0)
}

/// `regularization.5`: gradients with λ = [`L2`].
pub(super) fn l2_gradients(lang: Lang) -> Item {
    let title = lang.choose("L2: gradients of a test case", "L2：小算例的梯度");
    let mut item = Item::new("regularization.5", title, true);
    let Backward { layout, grads, .. } = backward(&L2_CACHE, 1.0, Penalty { l2: L2, l1: 0.0 });
    item.paragraph(lang.choose(
        format!("Each dW gains (λ / m) · W, with λ = {L2}: every step also pulls the weights towards 0."),
        format!("每个 dW 增加 (λ / m) · W，λ = {L2}：每一步都把权重向 0 拉一点。"),
    ));
    item.parameters(lang.choose("Gradients", "梯度"), "d", &layout, &grads);
    item
}

/// `regularization.8`: activations with keep probability [`KEEP`], generator seeded with 1.
pub(super) fn dropout_forward(lang: Lang) -> Item {
    let title = lang.choose("Dropout: forward pass of a test case", "dropout：小算例的前向传播");
    let mut item = Item::new("regularization.8", title, true);
    let hidden = [SIZES[1], SIZES[2]].map(|units| Hidden { dropout: 1.0 - KEEP, ..Hidden::relu(units) });
    let network = Network::new(SIZES[0], &hidden, 1, Loss::SigmoidCrossEntropy);
    let mut rng = NumpyRng::new(1);
    let x = randn(&mut rng, SIZES[0] * M);
    let params = randn(&mut rng, network.layout().len());
    let mut work = Workspace::new(&network, M);
    work.draw_masks(&network, M, &mut NumpyRng::new(1));
    network.forward(&params, tiles(&x, SIZES[0]).view(), Pass::Train, &mut work);
    let mut a3 = work.logits().lines().to_vec();
    network.loss().predict::<f64>(Isa::best(), &mut a3, 1);
    let [a1, a2, a3] = [work.output(0), work.output(1), TilesRef::<f64>::new(&a3, 1, M)]
        .map(|matrix| (matrix.rows(), matrix.to_vec()));

    item.paragraph(lang.choose(
        format!(
            "A = relu(Z), then A ∘ mask / keep, with keep = {KEEP}; an entry of the mask is 1 where a uniform number is \
             below keep. Dividing by keep leaves the expected input of the next layer unchanged."
        ),
        format!(
            "A = relu(Z)，然后 A ∘ 掩码 / keep，keep = {KEEP}（保留概率）；均匀随机数小于 keep 处掩码为 1。\
             除以 keep 使下一层输入的期望值不变。"
        ),
    ));
    let mut rows = Vec::new();
    for (name, (units, data)) in [("A1", &a1), ("A2", &a2), ("A3", &a3)] {
        let matrix = MatRef::new(data, *units, M);
        item.matrix(name, matrix);
        rows.extend(matrix_rows(name, matrix));
    }
    item.blocks.push(matrix_table(lang.choose("Activations", "激活值"), rows, |j| example(j, lang)));
    item
}

/// `regularization.9`: gradients with keep probability 0.8 and the masks of the cache.
pub(super) fn dropout_backward(lang: Lang) -> Item {
    let title = lang.choose("Dropout: backward pass of a test case", "dropout：小算例的反向传播");
    let mut item = Item::new("regularization.9", title, true);
    let Backward { layout, grads, da1, da2 } = backward(&DROPOUT_CACHE, 0.8, Penalty::default());
    item.paragraph(lang.choose(
        "The same masks and the same division apply to dA: a unit that was silent learns nothing. keep = 0.8.",
        "对 dA 使用相同的掩码和相同的除法：被丢弃的单元什么也学不到。keep = 0.8。",
    ));
    let mut rows = Vec::new();
    for (name, data, units) in [("dA1", &da1, SIZES[1]), ("dA2", &da2, SIZES[2])] {
        let matrix = MatRef::new(data, units, M);
        item.matrix(name, matrix);
        rows.extend(matrix_rows(name, matrix));
    }
    item.blocks.push(matrix_table(
        lang.choose("Gradients of the activations", "激活值的梯度"),
        rows,
        |j| example(j, lang),
    ));
    item.parameters(lang.choose("Gradients of the parameters", "参数的梯度"), "d", &layout, &grads);
    item
}
