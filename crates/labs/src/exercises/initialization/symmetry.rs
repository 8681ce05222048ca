//! Why zeros fail, and why equal numbers fail.

use nablab_engine::{Activation, Init};
use nablab_report::number;

use super::size::activation_name;
use crate::by_hand::{Layer, Matrix, Problem, backward, gradient};
use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{initialized, small_problem};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

/// Gradient entries that are not 0, by matrix, where there are any.
fn moving(problem: &Problem) -> Vec<(String, usize)> {
    let gradients = gradient(&backward(problem, &problem.forward(), &[]));
    let moving =
        |(name, of): (String, Matrix)| (name, of.entries().iter().filter(|&&entry| entry != 0.0).count());
    gradients.into_iter().map(moving).filter(|(_, count)| *count > 0).collect()
}

fn total(moving: &[(String, usize)]) -> f64 {
    moving.iter().map(|(_, count)| *count as f64).sum()
}

/// `db3 (1), dW3 (5)`
fn listed(moving: &[(String, usize)]) -> [String; 2] {
    let parts: Vec<_> = moving.iter().map(|(name, count)| format!("{name} ({count})")).collect();
    [", ", "、"].map(|between| parts.join(between))
}

/// Examples, of which two thirds have label 1: on the mean the output is wrong, and the last bias has a gradient.
const M: usize = 9;

/// 2.4
pub(super) fn gradient_of_zeros(draw: &mut Draw) -> (Question, Work) {
    let (a, b) = draw.pick((10, 5), &[(8, 4), (6, 3), (7, 2), (12, 6)]);
    let activation = draw.pick(Activation::Relu, &[Activation::Relu, Activation::Tanh, Activation::Sigmoid]);
    let (name, seed) = (activation_name(activation), draw.seed(1));
    let question = Question {
        title: Text::new("All parameters 0: which have a gradient", "参数全为 0：哪些有梯度"),
        text: Text::new(
            format!(
                "All weights and biases of a network 2-{a}-{b}-1 are 0; the hidden layers have {name}, the output the \
                 sigmoid with cross-entropy. Of its examples two thirds have label 1. How many entries of the first \
                 gradient (dW1, db1, …, db3 together) are not 0?"
            ),
            format!(
                "网络 2-{a}-{b}-1 的所有权重和偏置都为 0；隐藏层用 {name}，输出层用 sigmoid 与交叉熵。三分之二的样本标签为 1。\
                 第一次梯度（dW1、db1、……、db3 合计）中有多少个分量不为 0？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "dW = 1/m dZ Aᵀ of the layer before, dA = Wᵀ dZ of the layer behind. Where is A = 0, and where is W = 0?",
            "dW = 1/m dZ Aᵀ（A 为前一层的输出），dA = Wᵀ dZ（W、dZ 为后一层的）。哪里 A = 0，哪里 W = 0？",
        ),
        command: format!(
            "A2 = np.full(({b}, m), {})\ndW3, db3 = (A3 - Y) @ A2.T / m, np.mean(A3 - Y)",
            if activation == Activation::Sigmoid { "0.5" } else { "0.0" }
        )
        .into(),
        expects: Expects::Number { unit: Unit::of("entries", "分量个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let zeros = |activation| initialized(Init::Zeros, seed, &[2, a, b, 1], M, activation);
        let problem = zeros(activation);
        let found = moving(&problem);
        let [en, zh] = listed(&found);
        let parameters: usize =
            problem.layers.iter().map(|layer| layer.w.entries().len() + layer.b.rows()).sum();
        let sigmoid = activation == Activation::Sigmoid;
        let other = total(&moving(&zeros(if sigmoid { Activation::Relu } else { Activation::Sigmoid })));
        let why = match sigmoid {
            true => Text::new(
                "sigmoid(0) = 1/2, so the output layer gets inputs; but dA = Wᵀ dZ is 0, for W is 0. And all units of a layer \
                 stay alike.",
                "sigmoid(0) = 1/2，所以输出层有输入；但因为 W 为 0，dA = Wᵀ dZ 为 0。而且同一层的单元始终相同。",
            ),
            false => Text::new(
                format!(
                    "{name}(0) = 0, so dW = 1/m dZ Aᵀ is 0; and dA = Wᵀ dZ is 0, for W is 0. It stays so for ever."
                ),
                format!(
                    "{name}(0) = 0，所以 dW = 1/m dZ Aᵀ 为 0；又因为 W 为 0，dA = Wᵀ dZ 也为 0。此后一直如此。"
                ),
            ),
        };
        let of_other = match sigmoid {
            true => Text::new(
                "That is so with relu or tanh, which are 0 at 0; the sigmoid is 1/2 there.",
                "relu 或 tanh 才如此，它们在 0 处为 0；sigmoid 在 0 处为 1/2。",
            ),
            false => Text::new(
                format!("That is so with the sigmoid, which is 1/2 at 0; {name}(0) = 0, and so is dW3."),
                format!("sigmoid 才如此，它在 0 处为 1/2；{name}(0) = 0，所以 dW3 也为 0。"),
            ),
        };
        Ok(Solution::number(total(&found))
            .because(format!("Not 0: {en}."), format!("不为 0 的是：{zh}。"))
            .because(why.en, why.zh)
            .not(
                0.0,
                "db3 is not 0: it is the mean of A3 − Y = 1/2 − y, and the labels are not balanced.",
                "db3 不为 0：它是 A3 − Y = 1/2 − y 的平均，而标签并不均衡。",
            )
            .not(
                parameters as f64,
                "That is all of them. A factor of 0 stands in nearly every one: A of the layer before, or W of the layer behind.",
                "这是全部参数。几乎每个分量里都有一个为 0 的因子：前一层的 A，或后一层的 W。",
            )
            .not(
                (a + b + 1) as f64,
                "These are all biases. Those of the hidden layers get dA = Wᵀ dZ, and W is 0.",
                "这是全部偏置。隐藏层的偏置得到 dA = Wᵀ dZ，而 W 为 0。",
            )
            .not(other, of_other.en, of_other.zh))
    });
    (question, work)
}

/// 2.5
pub(super) fn only_the_last_layer(draw: &mut Draw) -> (Question, Work) {
    let (a, b) = draw.pick((10, 5), &[(8, 4), (6, 3), (7, 2), (9, 6)]);
    let activation = draw.pick(Activation::Tanh, &[Activation::Tanh, Activation::Relu, Activation::Sigmoid]);
    let (name, seed) = (activation_name(activation), draw.seed(1));
    let question = Question {
        title: Text::new("Hidden units at 0: what has a gradient", "隐藏单元在 0 处：哪些有梯度"),
        text: Text::new(
            format!(
                "In a network 2-{a}-{b}-1 with {name} in the hidden layers all entries of W3 are 1; W1, W2 and all biases are 0. Of its \
                 examples two thirds have label 1. How many entries of the first gradient are not 0? (The derivative \
                 of relu at 0 counts as 0.)"
            ),
            format!(
                "网络 2-{a}-{b}-1 的隐藏层用 {name}，W3 的所有元素为 1，W1、W2 和所有偏置为 0。三分之二的样本标签为 1。\
                 第一次梯度中有多少个分量不为 0？（relu 在 0 处的导数取 0。）"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "dZ2 = W3ᵀ dZ3 ∘ g′(0). How large is g′(0), and how large is g(0)?",
            "dZ2 = W3ᵀ dZ3 ∘ g′(0)。g′(0) 是多少？g(0) 又是多少？",
        ),
        command: format!(
            "dZ2 = W3.T @ (A3 - Y) * slope        # slope = {name}′(0)\ndW2, db2 = dZ2 @ A1.T / m, dZ2.mean(axis=1)"
        )
        .into(),
        expects: Expects::Number { unit: Unit::of("entries", "分量个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let of = |activation| {
            let mut problem = initialized(Init::Zeros, seed, &[2, a, b, 1], M, activation);
            let output: &mut Layer = &mut problem.layers[2];
            output.w = Matrix::from_fn(1, b, |_, _| 1.0);
            moving(&problem)
        };
        let found = of(activation);
        let [en, zh] = listed(&found);
        let slope = match activation {
            Activation::Tanh => "1",
            Activation::Sigmoid => "1/4",
            _ => "0",
        };
        let (en_way, zh_way) = match activation {
            Activation::Tanh => (
                "the error reaches the biases of the layer before, and the network can wake up",
                "误差能到达前一层的偏置，网络可以“醒来”",
            ),
            Activation::Sigmoid => (
                "the error reaches the layer before, and since sigmoid(0) = ½, the inputs of the later weights are not 0 either",
                "误差能到达前一层；又因为 sigmoid(0) = ½，后面各层权重的输入也不为 0",
            ),
            _ => ("relu at 0 lets nothing through", "relu 在 0 处什么也不让通过"),
        };
        let mut solution = Solution::number(total(&found))
            .because(format!("Not 0: {en}."), format!("不为 0 的是：{zh}。"))
            .because(
                format!("The derivative of {name} at 0 is {slope}: {en_way}."),
                format!("{name} 在 0 处的导数为 {slope}：{zh_way}。"),
            );
        for other in [Activation::Tanh, Activation::Relu, Activation::Sigmoid] {
            if other != activation {
                let (there, name_there) = (of(other), activation_name(other));
                let [en, zh] = listed(&there);
                solution = solution.not(
                    total(&there),
                    format!(
                        "So it is with {name_there}: {en}. What {name} is and how steep it is at 0 differs."
                    ),
                    format!("{name_there} 才如此：{zh}。{name} 在 0 处的值和斜率与之不同。"),
                );
            }
        }
        let parameters = 3 * a + (a + 1) * b + b + 1;
        let none = "db3, the mean of A3 − Y, is not 0.";
        Ok(solution
            .not(0.0, none, "db3 是 A3 − Y 的平均，不为 0。")
            .not((b + b + 1) as f64, "dW3 is counted too: it is dZ3 A2ᵀ.", "把 dW3 也算上了：它是 dZ3 A2ᵀ。")
            .not(
                parameters as f64,
                "That is all of them. Behind W2 = 0 nothing gets through to the first layer.",
                "这是全部参数。W2 = 0，误差传不到第一层。",
            ))
    });
    (question, work)
}

/// Steps of the training by hand, and their rate.
const STEPS: usize = 100;
const RATE: f64 = 0.5;

/// 2.6
pub(super) fn twins(draw: &mut Draw) -> (Question, Work) {
    let units = draw.pick(10, &[6, 8, 12]);
    let groups: &[f64] = draw.pick(&[0.5], &[&[0.4], &[0.5, -0.4], &[0.6, 0.2, -0.5], &[-0.3, 0.7]]);
    let activation = draw.pick(Activation::Tanh, &[Activation::Tanh, Activation::Sigmoid]);
    let (name, seed) = (activation_name(activation), draw.seed(3));
    let shown: Vec<_> = groups.iter().map(ToString::to_string).collect();
    let (first_en, first_zh) = match shown.as_slice() {
        [one] => (format!("all start at {one}"), format!("都从 {one} 开始")),
        many => (
            format!("start at {} in turn, unit by unit, the same for all weights of a unit", many.join(", ")),
            format!("逐个单元依次从 {} 开始（同一单元的所有权重相同）", many.join("、")),
        ),
    };
    let question = Question {
        title: Text::new("Units that start alike", "从相同的值开始的单元"),
        text: Text::new(
            format!(
                "A network 2-{units}-1 has {units} hidden units with {name}. Their weights {first_en}; all weights of the output are \
                 0.3, all biases 0. After {STEPS} steps of gradient descent: how many different units are there, where units with the \
                 same weights count once?"
            ),
            format!(
                "网络 2-{units}-1 有 {units} 个隐藏单元（{name}）。它们的权重{first_zh}；输出层的权重都为 0.3，偏置都为 0。\
                 经过 {STEPS} 步梯度下降之后，这 {units} 个单元中有多少种不同的单元（权重完全相同的只算一种）？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Two units with the same weights, in and out, get the same gradient. What are they after the step?",
            "输入、输出权重都相同的两个单元得到相同的梯度。更新之后它们怎样？",
        ),
        command: format!("for _ in range({STEPS}): W1 = W1 - {RATE} * dW1(W1)\nlen(np.unique(W1, axis=0))")
            .into(),
        expects: Expects::Number { unit: Unit::of("units", "单元个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let mut problem =
            small_problem(&mut nablab_engine::rng::NumpyRng::new(seed), &[2, units, 1], M, activation);
        problem.layers[0].w = Matrix::from_fn(units, 2, |i, _| groups[i % groups.len()]);
        problem.layers[1].w = Matrix::from_fn(1, units, |_, _| 0.3);
        problem.layers.iter_mut().for_each(|layer| layer.b = Matrix::from_fn(layer.b.rows(), 1, |_, _| 0.0));
        let start = problem.layers[0].w.at(0, 0);
        (0..STEPS).for_each(|_| problem.descend(RATE));
        let w = &problem.layers[0].w;
        let different = problem.layers[0].different_units();
        let [start, end] = [start, w.at(0, 0)].map(|weight| number(weight, 3));
        Ok(Solution::number(different as f64)
            .because(
                format!(
                    "The first weight moved from {start} to {end}: the units do learn. But those that start alike get the same \
                     gradient in each step and stay alike: {different} different of {units}."
                ),
                format!(
                    "第一个权重从 {start} 变为 {end}：单元确实在学习。但开始时相同的单元每一步都得到相同的梯度，始终相同：\
                     {units} 个单元中只有 {different} 个不同。"
                ),
            )
            .because(
                "Random weights are there to break this symmetry.",
                "随机初始化正是为了打破这种对称性。",
            )
            .not(
                units as f64,
                "Training does not make them differ: equal units get equal gradients.",
                "训练不会使它们变得不同：相同的单元得到相同的梯度。",
            )
            .not(
                1.0,
                "Only units that start alike stay alike: those that start at other numbers get other gradients.",
                "只有从相同的值开始的单元才始终相同：从不同的值开始的单元得到不同的梯度。",
            )
            .not(
                0.0,
                "Units that are all alike count once.",
                "全部相同的单元也算一种。",
            )
            .not(
                2.0 * different as f64,
                "The two weights of a unit may differ in the end; the question is how many units do.",
                "同一单元的两个权重最后可能不同；问的是有多少种不同的单元。",
            ))
    });
    (question, work)
}
