//! How many parameters a network has, and what it costs before it has learned anything.

use nablab_engine::{Activation, Hidden, Init, Loss, Network};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{initialized, lab_command};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

/// 2.1
pub(super) fn parameters(draw: &mut Draw) -> (Question, Work) {
    let (a, b) = draw.pick((10, 5), &[(8, 4), (12, 6), (7, 3), (20, 3), (16, 8), (9, 2)]);
    let question = Question {
        title: Text::new("How many parameters", "参数个数"),
        text: Text::new(
            format!(
                "A dense network has 2 inputs, hidden layers of {a} and {b} units, and one output. How many parameters does it learn?"
            ),
            format!(
                "一个全连接网络有 2 个输入、两个隐藏层（分别为 {a} 和 {b} 个单元）和 1 个输出。它要学习多少个参数？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "A layer has a weight for each pair of input and unit, and a bias for each unit.",
            "每一层中，每一对“输入—单元”有一个权重，每个单元有一个偏置。",
        ),
        command: format!("n = [2, {a}, {b}, 1]\nsum(n_out * n_in + n_out for n_in, n_out in zip(n, n[1:]))")
            .into(),
        expects: Expects::Number {
            unit: Unit::of("parameters", "参数个数"), tolerance: Tolerance::EXACT
        },
    };
    let work = Work::new(move || {
        let network = Network::new(2, &[Hidden::relu(a), Hidden::relu(b)], 1, Loss::SigmoidCrossEntropy);
        let (layout, sizes) = (network.layout(), [2, a, b, 1]);
        let sizes: Vec<_> =
            sizes.windows(2).map(|size| format!("({} · {} + {})", size[1], size[0], size[1])).collect();
        let (all, sum) = (layout.len(), sizes.join(" + "));
        let weights: usize = layout.weights().map(|range| range.len()).sum();
        let last = b + 1;
        Ok(Solution::number(all as f64)
            .because(
                format!("Layer by layer, weights and biases: {sum} = {all}."),
                format!("逐层计算权重与偏置：{sum} = {all}。"),
            )
            .not(
                weights as f64,
                "These are the weights alone: each unit also has a bias.",
                "这只是权重的个数：每个单元还有一个偏置。",
            )
            .not(
                (weights + 3) as f64,
                "That is one bias for each layer: each unit has its own.",
                "这是每层只算一个偏置：每个单元都有自己的偏置。",
            )
            .not(
                (all - last) as f64,
                format!("The output layer is missing: it has {b} weights and a bias."),
                format!("漏掉了输出层：它有 {b} 个权重和 1 个偏置。"),
            )
            .not(
                (2 + a + b + 1) as f64,
                "These are the inputs and units: the parameters are on the connections between them.",
                "这是输入与单元的个数：参数在它们之间的连接上。",
            ))
    });
    (question, work)
}

/// 2.2
pub(super) fn cost_of_zeros(draw: &mut Draw) -> (Question, Work) {
    let m = draw.pick(300, &[60, 90, 120, 150, 240]);
    let (a, b) = draw.pick((10, 5), &[(8, 4), (6, 3), (12, 2)]);
    let activation = draw.pick(Activation::Relu, &[Activation::Relu, Activation::Tanh]);
    let name = activation_name(activation);
    let question = Question {
        title: Text::new("What not knowing costs", "“完全不知道”的代价"),
        text: Text::new(
            format!(
                "All weights and biases of a network 2-{a}-{b}-1 ({name}, sigmoid output) are 0. What is its cost on \
                 {m} examples before the first update: the mean cross-entropy, with the natural logarithm?"
            ),
            format!(
                "网络 2-{a}-{b}-1（{name}，sigmoid 输出）的所有权重和偏置都为 0。在第一次更新之前，它在 {m} 个样本上的代价\
                 （平均交叉熵，自然对数）是多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "What does the sigmoid give for 0? Both labels then cost the same.",
            "sigmoid 在 0 处的输出是多少？此时两种标签的损失相同。",
        ),
        command: lab_command(
            "initialization",
            "Training: Zeros, costs as a table, iteration 0",
            "训练：全零初始化，代价表，第 0 次迭代",
        ),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let problem = initialized(Init::Zeros, 1, &[2, a, b, 1], m, activation);
        let cache = problem.forward();
        let (cost, output) = (problem.cost(&cache), cache.a[2].at(0, 0));
        Ok(Solution::number(cost)
            .because(
                format!(
                    "With weights of 0 the logit of every example is 0 and its probability {output}. Either label then \
                     costs −ln {output} = {}.",
                    number(cost, 6)
                ),
                format!(
                    "权重为 0 时，每个样本的 logit 都为 0，概率为 {output}。无论标签是什么，损失都是 −ln {output} = {}。",
                    number(cost, 6)
                ),
            )
            .not(
                cost * m as f64,
                format!("That is the sum over the {m} examples; the cost is their mean: divide by m."),
                format!("这是 {m} 个样本之和；代价是平均值：要除以 m。"),
            )
            .not(
                cost / 2f64.ln(),
                "That is with the logarithm to base 2; the course uses the natural one.",
                "这里用了以 2 为底的对数；课程用的是自然对数。",
            )
            .not(
                output,
                format!("{output} is the probability of label 1; the cost is its −ln."),
                format!("{output} 是标签 1 的概率；代价是它的 −ln。"),
            )
            .not(
                0.0,
                "Only an answer that is sure and right costs 0. This network knows nothing.",
                "只有既确定又正确的回答代价才为 0。这个网络什么也不知道。",
            ))
    });
    (question, work)
}

pub(super) fn activation_name(activation: Activation) -> &'static str {
    match activation {
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        _ => "relu",
    }
}
