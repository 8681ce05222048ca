//! The penalty: what it adds to the cost, and to each gradient.

use nablab_report::Lang;

use super::{inputs, parameters, wrongs};
use crate::by_hand::{Mistake, Planted, backward};
use crate::lesson::spelled::{of_examples, products, steps, term};
use crate::lesson::{Code, Lesson, Wrong};
use crate::regularization::test_cases;

/// `regularization.4`
pub(super) fn cost(lang: Lang) -> Lesson {
    let (problem, cache) = test_cases::l2_cost_problem();
    let (a, m) = (&cache.a[2], problem.examples() as f64);
    let squares = |l: usize| problem.layers[l].w.entries().iter().map(|w| w * w).sum::<f64>();
    let all: f64 = (0..3).map(squares).sum();
    let biases: f64 = problem.layers.iter().flat_map(|layer| layer.b.entries()).map(|b| b * b).sum();
    let losses = (0..a.cols()).map(|j| {
        let (a, y) = (a.at(0, j), problem.y.at(0, j));
        (if y == 1.0 { "ln " } else { "ln(1 − " }.to_owned() + &term(a)) + if y == 1.0 { "" } else { ")" }
    });
    let losses = format!("−1/{m} · ({})", losses.collect::<Vec<_>>().join(" + "));
    let sums: Vec<_> = (0..3).map(|l| term(squares(l))).collect();
    let cross_entropy = problem.mean_loss(&cache);
    let right = cross_entropy + problem.penalty();
    let wrong = |mistake: &str, penalty: f64| Wrong {
        mistake: mistake.to_owned(),
        name: "cost".into(),
        right,
        wrong: cross_entropy + penalty,
    };
    Lesson {
        question: lang
            .choose(
                "Two networks predict the same. One has weights ten times as large. Which one does the L2 cost prefer, and by how much?",
                "两个网络的预测相同，其中一个的权重是另一个的十倍。L2 代价偏好哪一个？相差多少？",
            )
            .into(),
        given: vec![
            of_examples(
                lang.choose(
                    "Predictions and labels; in the course's test case the predictions do not come from these weights",
                    "预测值与标签；课程的算例中，预测值并非由这些权重算出",
                ),
                &[("A3", a), ("Y", &problem.y)],
                lang,
            ),
            parameters(&problem, lang),
        ],
        formulas: vec![
            lang.choose(
                r"J = \underbrace{-\frac{1}{m}\sum_j \bigl(y_j \ln a_j + (1-y_j)\ln(1-a_j)\bigr)}_{\text{cross-entropy}} + \underbrace{\frac{\lambda}{2m}\sum_l\sum_{i,k} \bigl(W^{[l]}_{ik}\bigr)^2}_{\text{L2}}",
                r"J = \underbrace{-\frac{1}{m}\sum_j \bigl(y_j \ln a_j + (1-y_j)\ln(1-a_j)\bigr)}_{\text{交叉熵}} + \underbrace{\frac{\lambda}{2m}\sum_l\sum_{i,k} \bigl(W^{[l]}_{ik}\bigr)^2}_{\text{L2}}"),
        ],
        computation: vec![steps(
            lang.choose("Step by step", "逐步计算"),
            vec![
                (lang.choose("cross-entropy", "交叉熵").into(), r"-\tfrac{1}{m}\sum \ldots", losses, cross_entropy),
                (
                    lang.choose("squares of all weights", "所有权重的平方和").into(),
                    r"\sum W^2",
                    sums.join(" + "),
                    all,
                ),
                (
                    lang.choose("penalty", "惩罚").into(),
                    r"\tfrac{\lambda}{2m}\sum W^2",
                    format!("{} / (2 · {m}) · {}", problem.l2, term(all)),
                    problem.penalty(),
                ),
            ],
            lang,
        )],
        look_at: lang
            .choose(
                "The penalty does not ask what the network predicts. With ten times the weights it is a hundred times as large.",
                "惩罚项不问网络预测了什么。权重变为十倍，惩罚变为一百倍。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("λ/m in place of λ/2m", "把 λ/2m 写成 λ/m"), 2.0 * problem.penalty()),
            wrong(lang.choose("the biases are penalised, too", "偏置也受惩罚"), problem.l2 / (2.0 * m) * (all + biases)),
            wrong(lang.choose("not divided by m", "没有除以 m"), problem.l2 / 2.0 * all),
        ],
        code: Some(Code { function: "value", file: "crates/engine/src/penalty.rs" }),
        maths: Some("penalty"),
    }
}

/// `regularization.5`
pub(super) fn gradients(lang: Lang) -> Lesson {
    let (problem, cache) = test_cases::l2_gradients_problem();
    let right = backward(&problem, &cache, &[]);
    let (dz, m) = (&right[0].dz, problem.examples());
    let plain = backward(&problem, &cache, &[Planted { mistake: Mistake::PenaltyMissing, layer: 0 }]);
    let (data, w) = (plain[0].dw.at(0, 0), problem.layers[0].w.at(0, 0));
    let pull = problem.l2 / m as f64 * w;
    let sum = products((0..m).map(|j| (dz.at(0, j), problem.x.at(0, j))));
    Lesson {
        question: lang
            .choose(
                "The cost has one term more. Which gradients change, by how much, and why do the biases' not?",
                "代价多了一项。哪些梯度会变？变多少？为什么偏置的梯度不变？",
            )
            .into(),
        given: inputs(&problem, &cache, lang),
        formulas: vec![
            r"\mathrm{d}W^{[l]} = \frac{1}{m}\,\mathrm{d}Z^{[l]} A^{[l-1]\mathsf T} + \frac{\lambda}{m}\,W^{[l]}",
            r"\mathrm{d}b^{[l]} = \frac{1}{m}\sum_j \mathrm{d}Z^{[l]}_{\cdot j}",
        ],
        computation: vec![
            of_examples(
                lang.choose("On the way: dZ of each layer", "中间结果：各层的 dZ"),
                &[("dZ1", dz), ("dZ2", &right[1].dz), ("dZ3", &right[2].dz)],
                lang,
            ),
            steps(
                lang.choose("One entry, dW1[0, 0]: the data's part and the penalty's", "一个元素 dW1[0, 0]：数据部分与惩罚部分"),
                vec![
                    (
                        lang.choose("from the data", "来自数据").into(),
                        r"\tfrac{1}{m}\sum_j \mathrm{d}z_{0j}\,x_{0j}",
                        format!("1/{m} · ({sum})"),
                        data,
                    ),
                    (
                        lang.choose("from the penalty", "来自惩罚").into(),
                        r"\tfrac{\lambda}{m}\,w_{00}",
                        format!("{} / {m} · {}", problem.l2, term(w)),
                        pull,
                    ),
                    (
                        lang.choose("together", "合计").into(),
                        r"\mathrm{d}W_{00}",
                        format!("{} + {}", term(data), term(pull)),
                        right[0].dw.at(0, 0),
                    ),
                ],
                lang,
            ),
        ],
        look_at: lang
            .choose(
                "The penalty's part has the sign of the weight itself: that part alone makes every weight smaller at each step, whatever the data \
                 says. Whether the weight becomes smaller in the end depends on the data's part, too. The penalty has no bias in it, so db is as before.",
                "惩罚部分与权重同号：单看这一部分，每一步都使权重变小，与数据无关；合起来变大还是变小，还要看数据部分。惩罚中没有偏置，因此 db 不变。",
            )
            .into(),
        if_wrong: wrongs(
            &problem,
            &cache,
            0,
            &[Mistake::PenaltyMissing, Mistake::PenaltyHalved, Mistake::PenaltyNotDivided, Mistake::PenaltySign],
            lang,
        ),
        code: Some(Code { function: "add_gradient", file: "crates/engine/src/penalty.rs" }),
        maths: Some("penalty"),
    }
}
