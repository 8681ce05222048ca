//! Dropout: how much a mask silences, what becomes of what it keeps, and of the gradient of what it silences.

use nablab_engine::Activation;
use nablab_engine::rng::NumpyRng;
use nablab_report::number;

use crate::by_hand::{Dropout, Layer, Matrix, Planted, Problem, backward};
use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{largest, mask, python, shortened, small_problem};
use crate::exercises::planted::{mistaken, with_mistakes};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

/// 1.3
pub(super) fn silenced(draw: &mut Draw) -> (Question, Work) {
    let keep = draw.pick(0.86, &[0.7, 0.75, 0.8, 0.9, 0.65]);
    let (n, m) = draw.pick((20, 211), &[(10, 300), (20, 150), (16, 211), (25, 120), (12, 250)]);
    let seed = draw.seed(1);
    let question = Question {
        title: Text::new("How much a mask silences", "掩码使多少单元失活"),
        text: Text::new(
            format!(
                "A layer of {n} units has dropout with keep probability {keep} on {m} examples; its mask D has an entry for each unit and \
                 example. How many entries of D are 0 on average?"
            ),
            format!(
                "某一层有 {n} 个单元，在 {m} 个样本上使用 dropout（随机失活），保留概率 {keep}；掩码 D 对每个单元、每个样本有一个元素。平均有多少个元素为 0？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Kept with probability keep; silenced with the rest of it.",
            "以保留概率保留；其余的被丢弃。",
        ),
        command: format!("D = np.random.rand({n}, {m}) < {keep}\nnp.sum(D == 0)").into(),
        expects: Expects::Number { unit: Unit::of("entries", "元素个数"), tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let all = (n * m) as f64;
        let mut rng = NumpyRng::new(seed);
        let drawn = (0..n * m).filter(|_| rng.uniform() >= keep).count();
        let share = 1.0 - keep;
        let silent = all * share;
        let [share_shown, shown] = [share, silent].map(|v| number(v, 5));
        Ok(Solution::number(silent)
            .because(
                format!("{n} · {m} · (1 − {keep}) = {all} · {share_shown} = {shown}. A mask drawn now, with seed {seed}, silences {drawn}."),
                format!("{n} · {m} · (1 − {keep}) = {all} · {share_shown} = {shown}。用种子 {seed} 实际抽取的一个掩码使 {drawn} 个失活。"),
            )
            .not(
                all * keep,
                "That is how many are kept: keep is the probability of 1.",
                "这是保留的个数：保留概率是元素为 1 的概率。",
            )
            .not(
                n as f64 * share,
                format!("That is for one example; each of the {m} examples has a mask of its own."),
                format!("这是一个样本的个数；{m} 个样本各有自己的掩码。"),
            )
            .not(
                m as f64 * share,
                format!("That is for one unit; the layer has {n}."),
                format!("这是一个单元的个数；这一层有 {n} 个单元。"),
            )
            .not(share, "That is the share; the question is how many entries.", "这是比例；问的是个数。")
            .not(
                all * share / keep,
                "Dividing by keep is for the activations that are left; it does not change how many there are.",
                "除以保留概率是对留下的激活值而言的，不改变个数。",
            ))
    });
    (question, work)
}

/// 1.4
pub(super) fn kept(draw: &mut Draw) -> (Question, Work) {
    let keep = draw.pick(0.86, &[0.7, 0.75, 0.8, 0.6, 0.5]);
    let a = draw.number(1.72, 0.8, 4.5, 2);
    let question = Question {
        title: Text::new("What is left of a unit that is kept", "被保留的单元的输出"),
        text: Text::new(
            format!(
                "A unit's activation is {a}. Dropout (inverted, as in the course) has keep probability {keep}, and the unit's mask is 1. What does the next layer get?"
            ),
            format!(
                "某个单元的激活值为 {a}。dropout（inverted，如课程所用）的保留概率为 {keep}，该单元的掩码为 1。下一层得到多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "On average over masks the next layer is to get what it gets without dropout.",
            "对掩码取平均，下一层应得到与没有 dropout 时相同的输入。",
        ),
        command: format!("A, D = {a}, 1\nA * D / {keep}").into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let one = |entry: f64| Matrix::new(1, 1, [entry]);
        let mut problem = small_problem(&mut NumpyRng::new(1), &[1, 1, 1], 1, Activation::Relu);
        let dropout = Some(Dropout { mask: one(1.0), keep });
        problem.x = one(a);
        problem.layers[0] = Layer { w: one(1.0), b: one(0.0), activation: Activation::Relu, dropout };
        let left = problem.forward().a[0].at(0, 0);
        let [shown, mean] = [left, left * keep].map(|v| number(v, 4));
        Ok(Solution::number(left)
            .because(
                format!("{a} / {keep} = {shown}. On average over masks that is {keep} · {shown} = {mean}, as without dropout."),
                format!("{a} / {keep} = {shown}。对掩码取平均为 {keep} · {shown} = {mean}，与没有 dropout 时相同。"),
            )
            .because(
                "So nothing needs to be changed when the network predicts.",
                "因此预测时什么也不用改。",
            )
            .not(
                a,
                "It is not divided by the keep probability: the next layer would get less on average than when predicting.",
                "没有除以保留概率：平均而言，下一层得到的会比预测时少。",
            )
            .not(a * keep, "It is divided by the keep probability, not multiplied.", "应当除以保留概率，而不是乘。")
            .not(
                a / (1.0 - keep),
                "That is divided by the probability to be silenced; what counts is the probability to be kept.",
                "这是除以丢弃概率；应当除以保留概率。",
            )
            .not(0.0, "That is a unit whose mask is 0; this one is kept.", "掩码为 0 的单元才如此；这个单元被保留。")
            .not(left / keep, "It is divided by the keep probability twice.", "除了两次保留概率。"))
    });
    (question, work)
}

/// 1.7
pub(super) fn masked(draw: &mut Draw) -> (Question, Work) {
    let keep = draw.pick(0.8, &[0.5, 0.6, 0.7]);
    let (n, m) = (3, 4);
    let (problem, i) = loop {
        let mut problem = small_problem(draw.rng(), &[2, n, 2, 1], m, Activation::Tanh);
        let dropout = mask(draw.rng(), n, m, keep);
        // The unit that would have most to answer for where it was silent.
        let without = backward(&problem, &problem.forward(), &[]).swap_remove(0).da;
        let silenced = Matrix::from_fn(n, m, |i, j| without.at(i, j) * (1.0 - dropout.mask.at(i, j)));
        let (i, _) = largest(&silenced);
        problem.layers[0].dropout = Some(dropout);
        if tells(&problem, i) {
            break (problem, i);
        }
    };
    let dz2 = backward(&problem, &problem.forward(), &[]).swap_remove(1).dz;
    let given = |dropout: &Dropout| {
        let lines = [("W2", &problem.layers[1].w), ("dZ2", &shortened(&dz2, 4)), ("D1", &dropout.mask)];
        lines.map(|(name, matrix)| python(name, matrix, 4)).join("\n")
    };
    let question = Question {
        title: Text::new("The gradients of a unit that was silent at times", "时而失活的单元的梯度"),
        text: Text::new(
            format!(
                "Row {i} of D1 (counted from 0) says for which of {m} examples unit {i} of layer 1 spoke, and for which it was silent. Keep \
                 probability {keep}. What is the sum of the gradients of its activation over the examples, dA1[{i}, 0] + … + dA1[{i}, {}], \
                 after dropout's backward pass?",
                m - 1
            ),
            format!(
                "D1 的第 {i} 行（从 0 开始计数）说明第 1 层的第 {i} 个单元对 {m} 个样本中的哪些有输出、对哪些失活。保留概率 {keep}。\
                 经过 dropout 的反向传播之后，它的激活值的梯度对各样本之和 dA1[{i}, 0] + … + dA1[{i}, {}] 是多少？",
                m - 1
            ),
        ),
        given: problem.layers[0].dropout.as_ref().map(given).unwrap_or_default(),
        hint: Text::new(
            "dA1 = W2ᵀ dZ2 ∘ D1 / keep: the mask of the forward pass again. Could the cost change if the unit spoke louder where it was silent?",
            "dA1 = W2ᵀ dZ2 ∘ D1 / keep：再用一次前向传播的掩码。在它失活的样本上，如果它的输出再大一点，代价会变吗？",
        ),
        command: format!("dA1 = W2.T @ dZ2 * D1 / {keep}\ndA1[{i}].sum()").into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let right = backward(&problem, &problem.forward(), &[]).swap_remove(0).da;
        let terms: Vec<String> = right.row(i).iter().map(|&entry| term(entry)).collect();
        let [terms, sum] = [terms.join(" + "), number(sum_of_row(&right, i), 4)];
        let solution = Solution::number(sum_of_row(&right, i))
            .because(
                "Where the unit was silent the cost does not depend on it, so its gradient is 0: it learns nothing from these examples.",
                "在单元失活的样本上，代价与它无关，所以梯度为 0：它从这些样本什么也学不到。",
            )
            .because(
                format!("Where it spoke, the gradient is divided by {keep}, as its output was: {terms} = {sum}."),
                format!("在它有输出的样本上，梯度与输出一样要除以 {keep}：{terms} = {sum}。"),
            );
        Ok(with_mistakes(solution, &mistaken_sums(&problem, i), (0, 0)))
    });
    (question, work)
}

/// A number behind a plus sign.
fn term(entry: f64) -> String {
    let shown = number(entry, 4);
    if entry < 0.0 { format!("({shown})") } else { shown }
}

fn sum_of_row(matrix: &Matrix, i: usize) -> f64 {
    matrix.row(i).iter().sum()
}

/// What each mistake in dA1 makes of the sum over the examples of unit i.
fn mistaken_sums(problem: &Problem, i: usize) -> Vec<(Planted, Matrix)> {
    let of_unit = |(planted, wrong): (Planted, Matrix)| (planted, Matrix::new(1, 1, [sum_of_row(&wrong, i)]));
    mistaken(problem, 0, "dA1", |of| &of.da).into_iter().map(of_unit).collect()
}

/// The sum for unit i is no 0, and another one with each mistake.
fn tells(problem: &Problem, i: usize) -> bool {
    // dZ2 is given with four decimals, which are to be enough for the answer.
    const LEAST: f64 = 0.2;
    const APART: f64 = 0.05;
    let right = sum_of_row(&backward(problem, &problem.forward(), &[]).swap_remove(0).da, i);
    let wrong = mistaken_sums(problem, i);
    right.abs() > LEAST && wrong.iter().all(|(_, wrong)| (wrong.at(0, 0) - right).abs() > APART * right.abs())
}
