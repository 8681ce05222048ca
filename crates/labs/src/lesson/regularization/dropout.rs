//! Dropout: what a dropped unit hands on, and what it gets back.

use nablab_report::{Block, Lang};

use super::{inputs, parameters, wrongs};
use crate::by_hand::{self, Dropout, Mistake, Problem};
use crate::lesson::spelled::{beside, of_examples, products, steps, struck, term};
use crate::lesson::{Code, Lesson, Wrong};
use crate::regularization::test_cases;

/// `regularization.8`
pub(super) fn forward(lang: Lang) -> Lesson {
    let problem = test_cases::dropout_forward_problem();
    let cache = problem.forward();
    let [d1, d2] = masks(&problem);
    let keep = d1.keep;
    // A unit that speaks for one example and is silent for another, where it had something to say.
    let active = |speaks: f64| {
        let places = (0..2).flat_map(|i| (0..5).map(move |j| (i, j)));
        let is = |&(i, j): &(usize, usize)| d1.mask.at(i, j) == speaks && cache.activated[0].at(i, j) > 0.0;
        places.filter(is).min()
    };
    let unit = |(i, j): (usize, usize)| {
        let (w, b) = (problem.layers[0].w.row(i), problem.layers[0].b.at(i, 0));
        let sum = products((0..3).map(|k| (w[k], problem.x.at(k, j)))) + &format!(" + {}", term(b));
        let (z, a, d) = (cache.z[0].at(i, j), cache.activated[0].at(i, j), d1.mask.at(i, j));
        let at = format!("[{i}, {j}]");
        vec![
            (format!("`Z1{at}`"), r"w\cdot x + b", sum, z),
            (format!("`A1{at}`"), r"\max(0, z)", format!("max(0, {})", term(z)), a),
            (
                format!("`A1{at}`"),
                r"a_{ij}\,D_{ij}/k",
                format!("{} · {d} / {keep}", term(a)),
                cache.a[0].at(i, j),
            ),
        ]
    };
    let lines: Vec<_> = [active(1.0), active(0.0)].into_iter().flatten().flat_map(unit).collect();
    // The same network with a mistake in the forward pass.
    let output = |change: &dyn Fn(&mut Dropout)| {
        let mut problem = problem.clone();
        problem.layers.iter_mut().filter_map(|layer| layer.dropout.as_mut()).for_each(change);
        problem.forward().a[2].at(0, 0)
    };
    let right = output(&|_| {});
    let wrong =
        |mistake: &str, wrong: f64| Wrong { mistake: mistake.into(), name: "A3[0, 0]".into(), right, wrong };
    Lesson {
        question: lang
            .choose(
                "A unit is dropped for some examples and kept for the others. What does the next layer get, and why are the outputs that are left divided by k?",
                "一个单元对某些样本被丢弃，对其余样本被保留。下一层得到的是什么？为什么剩下的值要除以 k？",
            )
            .into(),
        given: vec![
            of_examples(lang.choose("Examples", "样本"), &[("X", &problem.x)], lang),
            parameters(&problem, lang),
            of_examples(
                &lang.choose(
                    format!("Masks: 1 where a uniform number is below k = {keep}"),
                    format!("掩码：均匀随机数小于 k = {keep} 处为 1"),
                ),
                &[("D1", &d1.mask), ("D2", &d2.mask)],
                lang,
            ),
        ],
        formulas: vec![
            r"Z = W A^{[l-1]} + b,\qquad A = \operatorname{relu}(Z) = \max(0, Z)",
            r"D = [\,U < k\,],\qquad A \leftarrow A \circ D / k",
        ],
        computation: vec![
            Block::Formulas(vec![r"\mathbb{E}\,[a\,D/k] = a\,(k\cdot 1 + (1-k)\cdot 0)/k = a".to_owned()]),
            steps(
                lang.choose("One unit that is kept, one that is dropped", "一个被保留的单元，一个被丢弃的单元"),
                lines,
                lang,
            ),
            struck(
                &lang.choose(
                    format!("relu(Z) before the mask; what the mask drops is struck out, what is left is divided by {keep}"),
                    format!("掩码之前的 relu(Z)；被掩码丢弃的划去，其余除以 {keep}"),
                ),
                &[
                    ("relu(Z1)", &cache.activated[0], Some(&d1.mask)),
                    ("relu(Z2)", &cache.activated[1], Some(&d2.mask)),
                ],
                lang,
            ),
        ],
        look_at: lang
            .choose(
                "Dividing by k keeps the expected value of each output, so the next layer sees inputs of the same size with and without \
                 dropout, and nothing has to be changed for predicting.",
                "除以 k 使每个输出的期望值不变，因此无论有没有 dropout，下一层看到的输入大小相同，预测时什么都不用改。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("not divided by k", "没有除以 k"), output(&|dropout| dropout.keep = 1.0)),
            wrong(
                lang.choose("divided by 1 − k: keep and drop exchanged", "除以 1 − k：保留与丢弃的概率弄反"),
                output(&|dropout| dropout.keep = 1.0 - dropout.keep),
            ),
            wrong(
                lang.choose("the mask inverted: 1 where a unit is to be dropped", "掩码反了：该丢弃处为 1"),
                output(&|dropout| dropout.mask = dropout.mask.map(|d| 1.0 - d)),
            ),
        ],
        code: Some(Code { function: "draw_masks", file: "crates/engine/src/workspace.rs" }),
        maths: Some("dropout"),
    }
}

/// `regularization.9`
pub(super) fn backward(lang: Lang) -> Lesson {
    let (problem, cache) = test_cases::dropout_backward_problem();
    let right = by_hand::backward(&problem, &cache, &[]);
    // dA as it arrives, before dropout's own step.
    let arriving = [0, 1].map(|l| &right[l].da_behind_mask);
    let dropout = masks(&problem);
    let [d1, d2] = dropout;
    let keep = d1.keep;
    let unit = |(l, i, j): (usize, usize, usize)| {
        let (w, dz, n) = (&problem.layers[l + 1].w, &right[l + 1].dz, l + 1);
        let (into, da) = (arriving[l].at(i, j), right[l].da.at(i, j));
        let (d, at) = (dropout[l].mask.at(i, j), format!("[{i}, {j}]"));
        let sum = products((0..w.rows()).map(|r| (w.at(r, i), dz.at(r, j))));
        let slope = f64::from(u8::from(cache.z[l].at(i, j) > 0.0));
        vec![
            (format!("`dA{n}{at}`"), r"\sum_r w_{ri}\,\mathrm{d}z_{rj}", sum, into),
            (
                format!("`dA{n}{at}`"),
                r"\mathrm{d}a_{ij}\,D_{ij}/k",
                format!("{} · {d} / {keep}", term(into)),
                da,
            ),
            (
                format!("`dZ{n}{at}`"),
                r"\mathrm{d}a_{ij}\,[\,z_{ij} > 0\,]",
                format!("{} · {slope}", term(da)),
                right[l].dz.at(i, j),
            ),
        ]
    };
    // One that was kept and one that was dropped, each of which had something to say and is asked for it.
    let places =
        (0..2).flat_map(|l| (0..cache.z[l].rows()).flat_map(move |i| (0..5).map(move |j| (l, i, j))));
    let places: Vec<_> =
        places.filter(|&(l, i, j)| cache.z[l].at(i, j) > 0.0 && arriving[l].at(i, j).abs() > 0.001).collect();
    let of = |kept: f64| places.iter().copied().find(|&(l, i, j)| dropout[l].mask.at(i, j) == kept);
    let lines: Vec<_> = [of(1.0), of(0.0)].into_iter().flatten().flat_map(unit).collect();
    Lesson {
        question: lang.choose(
            format!(
                "A unit was dropped for an example. How much does the cost of that example depend on the unit's weights, and what \
                 must the backward pass therefore do? (Another test case than the forward pass: here k = {keep}, with other A.)"
            ),
            format!(
                "某个单元对一个样本被丢弃了。这个样本的代价与该单元的权重有多大关系？反向传播因此必须做什么？\
                 （这里与前向传播不是同一个算例：k = {keep}，A 也不同。）"
            ),
        ),
        given: {
            let mut given = inputs(&problem, &cache, lang);
            given.push(of_examples(
                &lang.choose(
                    format!(
                        "Masks. In the course's test case the given A come from a forward pass with k = 0.5, and its backward pass has \
                         k = {keep}; in a training both have the same k"
                    ),
                    format!("掩码。课程的算例中，已知的 A 由 k = 0.5 的前向传播得到，反向传播却用 k = {keep}；真正训练时两者是同一个 k"),
                ),
                &[("D1", &d1.mask), ("D2", &d2.mask)],
                lang,
            ));
            given
        },
        formulas: vec![
            r"\mathrm{d}Z^{[3]} = A^{[3]} - Y,\qquad \mathrm{d}A^{[l]} = W^{[l+1]\mathsf T}\,\mathrm{d}Z^{[l+1]}",
            r"\mathrm{d}A^{[l]} \leftarrow \mathrm{d}A^{[l]} \circ D^{[l]} / k,\qquad \mathrm{d}Z^{[l]} = \mathrm{d}A^{[l]} \circ [\,Z^{[l]} > 0\,]",
            r"\mathrm{d}W^{[l]} = \tfrac{1}{m}\,\mathrm{d}Z^{[l]} A^{[l-1]\mathsf T},\qquad \mathrm{d}b^{[l]} = \tfrac{1}{m}\sum_j \mathrm{d}Z^{[l]}_{\cdot j}",
        ],
        computation: vec![
            beside(
                &[
                    (r"Z = W A^{[l-1]} + b", r"\mathrm{d}W = \tfrac1m\,\mathrm{d}Z\,A^{[l-1]\mathsf T},\quad \mathrm{d}A^{[l-1]} = W^{\mathsf T}\mathrm{d}Z"),
                    (r"A = \operatorname{relu}(Z)", r"\mathrm{d}Z = \mathrm{d}A \circ [\,Z > 0\,]"),
                    (r"A \leftarrow A \circ D / k", r"\mathrm{d}A \leftarrow \mathrm{d}A \circ D / k"),
                ],
                lang,
            ),
            steps(
                lang.choose("One unit that was kept, one that was dropped", "一个被保留的单元，一个被丢弃的单元"),
                lines,
                lang,
            ),
            struck(
                &lang.choose(
                    format!(
                        "dA as it arrives; where the unit was dropped it is struck out, and the rest is divided by {keep}"
                    ),
                    format!("到达时的 dA；单元被丢弃之处划去，其余除以 {keep}"),
                ),
                &[("dA1", arriving[0], Some(&d1.mask)), ("dA2", arriving[1], Some(&d2.mask))],
                lang,
            ),
        ],
        look_at: lang
            .choose(
                "Where D is 0 the unit's output was 0 whatever its weights were: the cost did not depend on it, so its gradient is 0 and the unit \
                 learns nothing from that example. Where D is 1 the output was divided by k, so the gradient is, too.",
                "D 为 0 处，无论权重是多少，该单元的输出都是 0：代价与它无关，所以梯度为 0，单元从这个样本什么也学不到。D 为 1 处，输出除以了 k，梯度也同样除以 k。",
            )
            .into(),
        if_wrong: wrongs(
            &problem,
            &cache,
            1,
            &[Mistake::MaskMissing, Mistake::MaskNotScaled, Mistake::MaskInverted],
            lang,
        ),
        code: Some(Code { function: "dense_backward_input", file: "crates/engine/src/dense.rs" }),
        maths: Some("dropout"),
    }
}

/// The dropout of both hidden layers.
fn masks(problem: &Problem) -> [&Dropout; 2] {
    [0, 1].map(|l| problem.layers[l].dropout.as_ref().expect("a hidden layer of this problem drops units"))
}
