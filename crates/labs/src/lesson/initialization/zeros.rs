//! What becomes of a network whose weights begin at 0.

use nablab_data::Dataset;
use nablab_engine::{Activation, Init};
use nablab_report::{Block, Cell, Lang, Table};

use super::network;
use crate::by_hand::{Matrix, Problem, backward};
use crate::lesson::{Code, DIGITS, Lesson};

/// Points on which zeros are tried: an odd number, so that one label is more frequent and something can move at all.
const TRIED_ON: usize = 25;
/// Steps of gradient descent from zeros, at the lab's rate times ten: enough to see what will never change.
const STEPS: usize = 200;
const RATE: f64 = 0.1;

/// `initialization.2`: what the gradients are from zeros, and what becomes of the units, by activation.
pub(super) fn zeros(train: &Dataset, lang: Lang) -> Lesson {
    let points = TRIED_ON.min(train.examples());
    let row = |(name, activation): (&str, Activation), last: Init| {
        let mut problem = network(train, points, &[2, 3, 1], activation, Init::Zeros);
        problem.layers[1].w = network(train, points, &[2, 3, 1], activation, last).layers[1].w.clone();
        let weights =
            |problem: &Problem| problem.layers.iter().map(|layer| layer.w.clone()).collect::<Vec<_>>();
        let before = weights(&problem);
        let start = backward(&problem, &problem.forward(), &[]);
        (0..STEPS).for_each(|_| problem.descend(RATE));
        let largest = |matrix: &Matrix| matrix.entries().iter().fold(0.0, |max: f64, e| max.max(e.abs()));
        let moved = weights(&problem) != before;
        let different = problem.layers[0].different_units();
        let verdict = match (moved, different) {
            (false, _) => lang.choose("no weight has moved", "没有一个权重移动过"),
            (true, 1) => lang.choose("all three units are the same", "三个单元完全相同"),
            (true, _) => lang.choose("units differ", "单元互不相同"),
        };
        let mut cells = vec![Cell::text(format!("`{name}`"))];
        cells.extend(
            [&start[0].dw, &start[0].db, &start[1].dw, &start[1].db]
                .map(|g| Cell::Number(largest(g), DIGITS)),
        );
        cells.push(Cell::Verdict(moved && different > 1, verdict.into()));
        cells
    };
    let rows = [("relu", Activation::Relu), ("tanh", Activation::Tanh), ("sigmoid", Activation::Sigmoid)];
    let after = lang.choose(format!("After {STEPS} steps"), format!("{STEPS} 步之后"));
    let columns = lang.choose(
        [
            "Hidden units",
            "largest \\(|\\mathrm{d}W_1|\\)",
            "\\(|\\mathrm{d}b_1|\\)",
            "\\(|\\mathrm{d}W_2|\\)",
            "\\(|\\mathrm{d}b_2|\\)",
            &after,
        ],
        [
            "隐藏单元",
            "最大的 \\(|\\mathrm{d}W_1|\\)",
            "\\(|\\mathrm{d}b_1|\\)",
            "\\(|\\mathrm{d}W_2|\\)",
            "\\(|\\mathrm{d}b_2|\\)",
            &after,
        ],
    );
    let table = |caption: String, last: Init| {
        Block::Table(Table {
            caption,
            columns: columns.map(str::to_owned).to_vec(),
            rows: rows.into_iter().map(|of| row(of, last)).collect(),
        })
    };
    Lesson {
        question: lang
            .choose(
                "If all weights are 0, which gradients are exactly 0? Does the answer depend on the activation?",
                "如果所有权重都是 0，哪些梯度恰好为 0？答案与激活函数有关吗？",
            )
            .into(),
        formulas: vec![
            r"\mathrm{d}W_2 = \tfrac1m\,\mathrm{d}Z_2\,A_1^{\mathsf T},\qquad \mathrm{d}Z_1 = W_2^{\mathsf T}\,\mathrm{d}Z_2 \circ g'(Z_1),\qquad \mathrm{d}W_1 = \tfrac1m\,\mathrm{d}Z_1\,X^{\mathsf T}",
        ],
        computation: vec![
            table(
                lang.choose(
                    format!("The first gradients of another small network, 2-3-1, all of whose weights are 0, on the first {points} points of the training set"),
                    format!("另一个小网络 2-3-1，权重全为 0：在训练集前 {points} 个点上的第一次梯度"),
                ),
                Init::Zeros,
            ),
            table(
                lang.choose(
                    "The same network with \\(W_2\\) drawn at random: only layer 1 begins at 0",
                    "同一个网络，但 \\(W_2\\) 随机取值：只有第 1 层从 0 开始",
                )
                .to_owned(),
                Init::He,
            ),
        ],
        look_at: lang
            .choose(
                "Because \\(W_2 = 0\\), nothing comes back to layer 1, whatever the activation. With relu and tanh the outputs \\(A_1\\) are 0, too, so \
                 \\(\\mathrm{d}W_2\\) is 0 and only the last bias can move. With sigmoid the outputs are ½: weights move, but all units get the \
                 same gradient and remain copies of each other (with as many points of either label the errors cancel, and nothing moves there either). Random first weights break this symmetry. \
                 relu and tanh differ once \\(W_2\\) is not 0, as in the second table: an error comes back to layer 1, and there it meets the slope at \\(Z_1 = 0\\). That of tanh is 1, so \
                 layer 1 learns; that of relu is taken as 0 there, so it never does.",
                "因为 \\(W_2 = 0\\)，无论什么激活函数，都没有梯度传回第 1 层。relu 与 tanh 的输出 \\(A_1\\) 也是 0，因此 \\(\\mathrm{d}W_2 = 0\\)，只有最后的偏置能动。\
                 sigmoid 的输出为 ½：权重会动，但所有单元得到相同的梯度，始终是彼此的副本（若两类各占一半，误差互相抵消，那里也不会动）。随机的初始权重打破了这种对称性。\
                 relu 与 tanh 的差别要到 \\(W_2\\) 不为 0 时才看得出（第二张表）：误差传回第 1 层，乘上 \\(Z_1 = 0\\) 处的斜率。tanh 在 0 处的斜率为 1，第 1 层会学习；relu 在 0 处的斜率按 0 计，第 1 层永远不动。",
            )
            .into(),
        code: Some(Code { function: "fill", file: "crates/engine/src/init.rs" }),
        maths: Some("init"),
        ..Lesson::default()
    }
}
