//! The L2 penalty: what it is on, what it adds to the cost and to the gradient.

use nablab_engine::{Activation, Hidden, Loss, Network};
use nablab_report::number;

use crate::by_hand::{Mistake, Planted, backward};
use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{mask, python, shortened, small_problem};
use crate::exercises::planted::{bug, mistaken, telling_entry, with_mistakes};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

/// 1.2
pub(super) fn penalized(draw: &mut Draw) -> (Question, Work) {
    let (a, b) = draw.pick((20, 3), &[(10, 4), (15, 5), (8, 3), (25, 2), (12, 6)]);
    let question = Question {
        title: Text::new("What the penalty is on", "惩罚作用于哪些参数"),
        text: Text::new(
            format!(
                "On how many parameters of a network 2-{a}-{b}-1 is the course's L2 penalty λ/2m · Σ W²?"
            ),
            format!("在网络 2-{a}-{b}-1 中，课程的 L2 惩罚 λ/2m · Σ W² 作用于多少个参数？"),
        ),
        given: String::new(),
        hint: Text::new("The sum is over W1, W2 and W3.", "求和遍及 W1、W2 和 W3。"),
        command: format!("n = [2, {a}, {b}, 1]\nsum(n_out * n_in for n_in, n_out in zip(n, n[1:]))").into(),
        expects: Expects::Number {
            unit: Unit::of("parameters", "参数个数"), tolerance: Tolerance::EXACT
        },
    };
    let work = Work::new(move || {
        let network = Network::new(2, &[Hidden::relu(a), Hidden::relu(b)], 1, Loss::SigmoidCrossEntropy);
        let layout = network.layout();
        let counts: Vec<usize> = layout.weights().map(|range| range.len()).collect();
        let weights: usize = counts.iter().sum();
        let biases = layout.len() - weights;
        let sum = counts.iter().map(ToString::to_string).collect::<Vec<_>>().join(" + ");
        Ok(Solution::number(weights as f64)
            .because(format!("The weights: {sum} = {weights}."), format!("权重个数：{sum} = {weights}。"))
            .because(
                format!("The {biases} biases are free: they only shift, and a shift does not make a boundary less smooth."),
                format!("{biases} 个偏置不受惩罚：它们只起平移作用，不会使边界变得不平滑。"),
            )
            .not(layout.len() as f64, "That counts the biases, too; they are not penalised.", "把偏置也算上了；偏置不受惩罚。")
            .not(biases as f64, "These are the biases; the penalty is on the weights.", "这是偏置的个数；惩罚作用于权重。")
            .not(counts[0] as f64, "That is W1 alone; W2 and W3 are in the sum as well.", "这只是 W1；求和还包括 W2 和 W3。")
            .not((weights - counts[2]) as f64, "W3, of the output layer, is in the sum as well.", "输出层的 W3 也在求和之中。"))
    });
    (question, work)
}

/// 1.5
pub(super) fn cost(draw: &mut Draw) -> (Question, Work) {
    let l2 = draw.pick(0.7, &[0.5, 0.8, 1.2, 2.0, 3.0]);
    let m = draw.pick(5, &[4, 6, 8, 10]);
    let mut problem = small_problem(draw.rng(), &[2, 3, 1], m, Activation::Relu);
    problem.l2 = l2;
    let cross_entropy = problem.cost(&problem.forward()) - problem.penalty();
    let shown = number(cross_entropy, 4);
    let layers = &problem.layers;
    let question = Question {
        title: Text::new("The cost with a penalty", "带惩罚的代价"),
        text: Text::new(
            format!(
                "The cross-entropy of a network 2-3-1 on m = {m} examples is {shown}. What is its cost with the course's L2 penalty, λ = {l2}?"
            ),
            format!(
                "网络 2-3-1 在 m = {m} 个样本上的交叉熵为 {shown}。加上课程的 L2 惩罚（λ = {l2}）之后，代价是多少？"
            ),
        ),
        given: [
            python("W1", &layers[0].w, 4),
            python("b1", &layers[0].b, 4),
            python("W2", &layers[1].w, 4),
            python("b2", &layers[1].b, 4),
        ]
        .join("\n"),
        hint: Text::new(
            "cost = cross-entropy + λ/2m · Σ W², over all weights.",
            "代价 = 交叉熵 + λ/2m · Σ W²，对所有权重求和。",
        ),
        command: format!("{shown} + {l2} / (2 * {m}) * (np.sum(W1 ** 2) + np.sum(W2 ** 2))").into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let penalty = problem.penalty();
        let cost = problem.cost(&problem.forward());
        let cross_entropy = cost - penalty;
        let entries = |biases: bool| {
            let layers = problem.layers.iter();
            layers.flat_map(move |layer| if biases { layer.b.entries() } else { layer.w.entries() })
        };
        let squares: f64 = entries(false).map(|w| w * w).sum();
        let of_biases: f64 = entries(true).map(|b| b * b).sum();
        let sizes: f64 = entries(false).map(|w| w.abs()).sum();
        let factor = penalty / squares;
        let [all, shown_squares, shown_penalty] = [cost, squares, penalty].map(|v| number(v, 5));
        Ok(Solution::number(cost)
            .because(
                format!(
                    "Σ W² = {shown_squares}, λ/2m · Σ W² = {shown_penalty}; with the cross-entropy {all}."
                ),
                format!("Σ W² = {shown_squares}，λ/2m · Σ W² = {shown_penalty}；加上交叉熵得 {all}。"),
            )
            .not(
                cross_entropy + 2.0 * penalty,
                "That is with λ/m: the cost has λ/2m; λ/m · W is its derivative.",
                "这里用了 λ/m：代价中是 λ/2m；λ/m · W 是它的导数。",
            )
            .not(
                cross_entropy + factor * (squares + of_biases),
                "That counts the biases, too; they are not penalised.",
                "把偏置也算上了；偏置不受惩罚。",
            )
            .not(
                cross_entropy + penalty * m as f64,
                "The division by m is missing: that is λ/2 · Σ W².",
                "没有除以 m：这是 λ/2 · Σ W²。",
            )
            .not(
                cross_entropy + factor * sizes,
                "That sums the sizes of the weights; L2 sums their squares.",
                "这是对权重的绝对值求和；L2 是对平方求和。",
            )
            .not(
                cross_entropy + factor * squares.sqrt(),
                "That has the norm of the weights; the penalty has its square.",
                "这里用了权重的范数；惩罚用的是范数的平方。",
            )
            .not(
                penalty,
                "That is the penalty alone; the cost has the cross-entropy as well.",
                "这只是惩罚项；代价还包括交叉熵。",
            )
            .not(cross_entropy - penalty, "The penalty is added, not taken off.", "惩罚项是加上，不是减去。"))
    });
    (question, work)
}

/// 1.6
pub(super) fn entry(draw: &mut Draw) -> (Question, Work) {
    let l2 = draw.pick(0.7, &[0.5, 0.9, 1.5, 2.0, 2.5]);
    let m = draw.pick(5, &[4, 6]);
    let mut problem = small_problem(draw.rng(), &[2, 3, 1], m, Activation::Tanh);
    problem.l2 = l2;
    let right = backward(&problem, &problem.forward(), &[]).swap_remove(0);
    let mistaken = mistaken(&problem, 0, "dW1", |of| &of.dw);
    let place @ (i, j) = telling_entry(&right.dw, &mistaken);
    let question = Question {
        title: Text::new("An entry of dW1 with a penalty", "带惩罚时 dW1 的一个元素"),
        text: Text::new(
            format!(
                "m = {m} examples, λ = {l2}. dZ1 holds the error of each example, not yet divided by m. What is dW1[{i}, {j}] (row {i}, column {j}, counted from 0)?"
            ),
            format!(
                "m = {m} 个样本，λ = {l2}。dZ1 是每个样本的误差，尚未除以 m。dW1[{i}, {j}]（第 {i} 行、第 {j} 列，从 0 开始）是多少？"
            ),
        ),
        given: [
            python("X", &problem.x, 4),
            python("W1", &problem.layers[0].w, 4),
            python("dZ1", &shortened(&right.dz, 4), 4),
        ]
        .join("\n"),
        hint: Text::new("dW1 = 1/m · dZ1 Xᵀ + λ/m · W1.", "公式：dW1 = 1/m · dZ1 Xᵀ + λ/m · W1。"),
        command: format!("dW1 = dZ1 @ X.T / {m} + {l2} / {m} * W1\ndW1[{i}, {j}]").into(),
        expects: Expects::Entry { name: format!("dW1[{i}, {j}]"), tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let dw = backward(&problem, &problem.forward(), &[]).swap_remove(0).dw;
        let penalty = l2 / m as f64 * problem.layers[0].w.at(i, j);
        let [loss, penalty, all] = [dw.at(i, j) - penalty, penalty, dw.at(i, j)].map(|v| number(v, 4));
        let solution = Solution::number(dw.at(i, j)).because(
            format!("The loss gives {loss}, the penalty λ/m · W1[{i}, {j}] = {penalty}; together {all}."),
            format!("损失给出 {loss}，惩罚给出 λ/m · W1[{i}, {j}] = {penalty}；合计 {all}。"),
        );
        Ok(with_mistakes(solution, &mistaken, place))
    });
    (question, work)
}

/// 1.8
pub(super) fn planted(draw: &mut Draw) -> (Question, Work) {
    let l2 = draw.pick(0.7, &[0.8, 1.0, 1.5]);
    let keep = draw.pick(0.8, &[0.6, 0.7, 0.75]);
    let make = |draw: &mut Draw| {
        let mut problem = small_problem(draw.rng(), &[2, 3, 1], 4, Activation::Tanh);
        problem.l2 = l2;
        problem.layers[0].dropout = Some(mask(draw.rng(), 3, 4, keep));
        problem
    };
    let title = Text::new("Find the mistake: penalty and dropout", "找出错误：惩罚与 dropout");
    let course = Planted { mistake: Mistake::PenaltyHalved, layer: 0 };
    let kinds = [
        Mistake::PenaltyMissing,
        Mistake::PenaltyHalved,
        Mistake::PenaltyDoubled,
        Mistake::PenaltyNotDivided,
        Mistake::PenaltySign,
        Mistake::PenaltyOfBiases,
        Mistake::MaskMissing,
        Mistake::MaskNotScaled,
        Mistake::MaskScaledTwice,
        Mistake::MaskInverted,
        Mistake::InputBeforeMask,
    ];
    bug(draw, make, title, course, &kinds)
}
