//! A problem of a network in words: what is to be computed, in which formulas.

use nablab_engine::{Activation, Loss};
use nablab_report::number;

use super::Text;
use super::formulas::Formulas;
use super::network::Pass;
use super::task::{Instructions, wanted_of};
use crate::by_hand::Problem;

/// What a student reads.
pub(super) fn text(pass: Pass, problem: &Problem, formulas: &dyn Formulas) -> Instructions {
    let formulas_of_pass = forward(problem);
    let (title, what) = match pass {
        Pass::Forward | Pass::Activations | Pass::Cost => (
            Text::new("The forward pass of a network", "网络的前向传播"),
            Text::new(
                "Compute the forward pass and the cost. `A1` is what the next layer gets.",
                "计算前向传播和代价。`A1` 是传给下一层的值。",
            ),
        ),
        Pass::Gradient | Pass::MeanGradient | Pass::GradientByOutput => (
            Text::new("The gradient of a network", "网络的梯度"),
            Text::new(
                "Compute the gradient of the cost J by a backward pass: `dW1` is ∂J/∂W1, `db1` is ∂J/∂b1, and so on. If you hand in dZ or \
                 dA as well, the place of a mistake is found more exactly: they are of each example by itself, so that 1/m comes in only \
                 with dW and db.",
                "用反向传播计算代价 J 的梯度：`dW1` 即 ∂J/∂W1，`db1` 即 ∂J/∂b1，依此类推。若把 dZ 或 dA 一并交上，就能更准确地定位错误：\
                 它们是每个样本各自的量，因子 1/m 到 dW 和 db 才乘上。",
            ),
        ),
    };
    let what = match (pass, masked(problem)) {
        (Pass::Gradient, Some(masked)) => {
            Text::new(format!("{}\n\n{}", what.en, masked.en), format!("{}\n\n{}", what.zh, masked.zh))
        }
        _ => what,
    };
    let formulas_text =
        |what: &str, sizes: &str| format!("{what}\n\n{sizes}\n\n```text\n{formulas_of_pass}```");
    let m = problem.examples();
    let formulas_said = Text::new(
        formulas_text(
            &what.en,
            &format!(
                "An example is a column; m = {m} is the number of examples, ∘ is the product entry by entry."
            ),
        ),
        formulas_text(&what.zh, &format!("每列是一个样本；m = {m} 是样本数，∘ 表示逐元素相乘。")),
    );
    Instructions { title, formulas: formulas_said, given: given(problem), wanted: wanted_of(formulas) }
}

/// What dA is the derivative with respect to, by the example of the first layer with a mask, which lies on either side of it.
fn masked(problem: &Problem) -> Option<Text> {
    let l = problem.layers.iter().position(|layer| layer.dropout.is_some())?;
    let (n, next) = (l + 1, l + 2);
    let activation = hidden(problem.layers[l].activation, n);
    Some(Text::new(
        format!(
            "`dA{n}` is the derivative with respect to {activation}, before the mask: dA{n} = (W{next}ᵀ dZ{next}) ∘ D{n} / keep{n}. The \
             derivative with respect to A{n}, behind the mask, is W{next}ᵀ dZ{next} alone; it is accepted as well."
        ),
        format!(
            "`dA{n}` 是对 {activation}（乘掩码之前）的导数：dA{n} = (W{next}ᵀ dZ{next}) ∘ D{n} / keep{n}。\
             对 A{n}（乘掩码之后）的导数只是 W{next}ᵀ dZ{next}，这样交也可以。"
        ),
    ))
}

/// The formulas of the forward pass and the cost, with this problem's functions.
fn forward(problem: &Problem) -> String {
    let mut text = String::new();
    let last = problem.layers.len();
    for (l, layer) in problem.layers.iter().enumerate() {
        let n = l + 1;
        let input = if l == 0 { "X".to_owned() } else { format!("A{l}") };
        text += &format!("Z{n} = W{n} {input} + b{n}\n");
        let activation = if n == last { output(problem.loss, n) } else { hidden(layer.activation, n) };
        let mask = if layer.dropout.is_some() { format!(" ∘ D{n} / keep{n}") } else { String::new() };
        text += &format!("A{n} = {activation}{mask}\n");
    }
    let loss = match problem.loss {
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => {
            format!("−1/m · Σ (Y ∘ ln A{last} + (1 − Y) ∘ ln(1 − A{last}))")
        }
        Loss::SoftmaxCrossEntropy => format!("−1/m · Σ Y ∘ ln A{last}"),
        Loss::Poisson => format!("1/m · Σ (Y ln (Y / A{last}) − Y + A{last})"),
        Loss::SquaredError => format!("1/2m · Σ (A{last} − Y)²"),
    };
    let weights: Vec<String> = (1..=last).map(|n| format!("Σ W{n}²")).collect();
    text + &format!("J  = {loss} + λ/2m · ({})\n", weights.join(" + "))
}

fn hidden(activation: Activation, n: usize) -> String {
    match activation {
        Activation::Relu => format!("relu(Z{n})"),
        Activation::LeakyRelu { slope } => format!("leaky_relu(Z{n}, slope {})", number(slope, 17)),
        Activation::Tanh => format!("tanh(Z{n})"),
        Activation::Sigmoid => format!("sigmoid(Z{n})"),
        Activation::Identity => format!("Z{n}"),
    }
}

fn output(loss: Loss, n: usize) -> String {
    match loss {
        Loss::SigmoidCrossEntropy | Loss::SigmoidCrossEntropyDirect => format!("sigmoid(Z{n})"),
        Loss::SoftmaxCrossEntropy => format!("softmax(Z{n}) of each column"),
        Loss::SquaredError => format!("Z{n}"),
        Loss::Poisson => format!("e^Z{n}"),
    }
}

/// What each given array is, in the order in which they are given.
fn given(problem: &Problem) -> Vec<Text> {
    let mut said = vec![
        Text::new("inputs: (features, m)", "输入：(特征数, m)"),
        Text::new("what is to come out: (outputs, m)", "目标：(输出数, m)"),
    ];
    for layer in &problem.layers {
        said.extend([Text::new("weights", "权重"), Text::new("biases", "偏置")]);
        if layer.dropout.is_some() {
            said.extend([
                Text::new(
                    "mask: 0 where a unit is silent for an example",
                    "掩码：0 表示该单元对该样本被丢弃",
                ),
                Text::new("the probability of 1 in the mask", "掩码取 1 的概率"),
            ]);
        }
    }
    said.push(Text::new("λ, the strength of the penalty", "λ，惩罚强度"));
    said
}
