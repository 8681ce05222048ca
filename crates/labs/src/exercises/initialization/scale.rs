//! How large the first weights are, and what becomes of that layer by layer.

use nablab_engine::rng::NumpyRng;
use nablab_engine::{Activation, Init, Layout};
use nablab_report::number;

use crate::by_hand::Matrix;
use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::initialized;
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

/// The standard deviation that an initialiser gives to the weights from n_in to n_out: the first weight, over the number of
/// deviation 1 that it is made of.
fn deviation_of(init: Init, n_in: usize, n_out: usize) -> f64 {
    let layout = Layout::dense(&[n_in, n_out]);
    let first = |init: Init| {
        let mut params = vec![0.0; layout.len()];
        init.fill(&layout, &mut NumpyRng::new(1), &mut params);
        params[0]
    };
    first(init) / first(Init::Normal { scale: 1.0 })
}

/// 2.7
pub(super) fn deviation(draw: &mut Draw) -> (Question, Work) {
    let (n_in, n_out) = draw.pick((10, 5), &[(20, 3), (50, 10), (8, 4), (100, 20), (32, 12), (25, 6)]);
    let question = Question {
        title: Text::new("He: the standard deviation", "He 初始化的标准差"),
        text: Text::new(
            format!(
                "A layer gets {n_in} inputs and has {n_out} units with relu. What is the standard deviation of its weights with He's initialization?"
            ),
            format!(
                "某一层有 {n_in} 个输入、{n_out} 个单元（relu）。用 He 初始化时，它的权重的标准差是多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "He keeps the mean square of the signal: n_in weights add up, and relu takes half away. A deviation is the root of a variance.",
            "He 初始化使信号的均方保持不变：n_in 个权重相加，relu 又去掉一半。标准差是方差的平方根。",
        ),
        command: format!("W = np.random.randn({n_out}, {n_in}) * np.sqrt(2 / n)\nW.std()").into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let he = deviation_of(Init::He, n_in, n_out);
        Ok(Solution::number(he)
            .because(
                format!("Variance 2 / n_in = 2 / {n_in}, and its root is {}.", number(he, 4)),
                format!("方差为 2 / n_in = 2 / {n_in}，其平方根为 {}。", number(he, 4)),
            )
            .not(he * he, "That is the variance; the standard deviation is its root.", "这是方差；标准差是它的平方根。")
            .not(
                deviation_of(Init::He, n_out, n_in),
                format!("That is with the {n_out} units; what counts is how many inputs add up in a unit: {n_in}."),
                format!("这里用了单元数 {n_out}；应当用一个单元中相加的输入数 {n_in}。"),
            )
            .not(
                deviation_of(Init::Lecun, n_in, n_out),
                "That is 1/√n_in, LeCun's, for layers without relu: relu halves the mean square, so He has 2 in the numerator.",
                "这是 1/√n_in（LeCun），适用于没有 relu 的层：relu 使均方减半，所以 He 的分子是 2。",
            )
            .not(
                deviation_of(Init::Xavier, n_in, n_out),
                "That is Xavier's √(2/(n_in + n_out)), for tanh.",
                "这是 Xavier 的 √(2/(n_in + n_out))，适用于 tanh。",
            )
            .not(
                2.0 / (n_in as f64).sqrt(),
                "The 2 belongs under the root as well.",
                "2 也应当在根号之内。",
            ))
    });
    (question, work)
}

fn mean_square(matrix: &Matrix) -> f64 {
    matrix.entries().iter().map(|a| a * a).sum::<f64>() / matrix.entries().len() as f64
}

/// 2.8
pub(super) fn layers_of_relu(draw: &mut Draw) -> (Question, Work) {
    let layers = draw.pick(3, &[2, 4, 5, 6]);
    let width = draw.pick(20, &[12, 16, 24, 30]);
    let seed = draw.seed(3);
    let question = Question {
        title: Text::new("He or Xavier under relu", "relu 下的 He 与 Xavier"),
        text: Text::new(
            format!(
                "{layers} relu layers of {width} units each follow on {width} inputs. One network starts with He's weights, one with \
                 Xavier's, made of the same random numbers; all biases are 0. By which factor does the mean square of the last \
                 layer's activations with Xavier differ from that with He? (Xavier / He)"
            ),
            format!(
                "{width} 个输入之后有 {layers} 个 relu 层，每层 {width} 个单元。一个网络用 He 初始化，另一个用 Xavier 初始化，\
                 所用的随机数相同，偏置都为 0。最后一层激活值的均方，Xavier 是 He 的多少倍？（Xavier / He）"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Variances: He 2/n_in, Xavier 2/(n_in + n_out). What is their ratio where n_in = n_out, and how often does it act?",
            "方差：He 为 2/n_in，Xavier 为 2/(n_in + n_out)。n_in = n_out 时两者之比是多少？它起作用几次？",
        ),
        command: format!(
            "for _ in range({layers}): A = np.maximum(0, np.random.randn({width}, {width}) * np.sqrt(variance) @ A)\n(A ** 2).mean()"
        ).into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Relative(0.02) },
    };
    let work = Work::new(move || {
        let sizes = [vec![width; layers + 1], vec![1]].concat();
        let squares = |init| {
            let cache = initialized(init, seed, &sizes, 12, Activation::Relu).forward();
            cache.activated[..layers].iter().map(mean_square).collect::<Vec<_>>()
        };
        let (he, xavier) = (squares(Init::He), squares(Init::Xavier));
        let ratios: Vec<f64> = xavier.iter().zip(&he).map(|(x, h)| x / h).collect();
        let (first, ratio) = (ratios[0], ratios[layers - 1]);
        let shown = ratios.iter().map(|ratio| number(*ratio, 4)).collect::<Vec<_>>();
        Ok(Solution::number(ratio)
            .because(
                format!("Layer by layer the factor is {}: Xavier's variance is half of He's, and each layer multiplies.", shown.join(", ")),
                format!("逐层的倍数为 {}：Xavier 的方差是 He 的一半，每一层都再乘一次。", shown.join("、")),
            )
            .because(
                "He's 2 is there because relu sets half of the signal to 0: with it the mean square neither fades nor grows.",
                "He 的 2 正是因为 relu 把一半信号置 0：有了它，均方既不衰减也不增长。",
            )
            .not(first, "That is one layer; each layer multiplies once more.", "这只是一层；每一层都要再乘一次。")
            .not(
                ratio.sqrt(),
                "That is the factor of the activations themselves; the mean square has its square.",
                "这是激活值本身的倍数；均方的倍数是它的平方。",
            )
            .not(1.0 / ratio, "That is He / Xavier.", "这是 He / Xavier。")
            .not(
                first * layers as f64,
                "The factors multiply; they do not add up.",
                "各层的倍数是相乘，不是相加。",
            )
            .not(1.0, "Xavier is made for tanh: it does not know that relu takes half away.", "Xavier 是为 tanh 设计的：它没有考虑 relu 去掉的一半。"))
    });
    (question, work)
}

/// 2.9
pub(super) fn times_ten(draw: &mut Draw) -> (Question, Work) {
    let factor = draw.pick(10.0, &[2.0, 3.0, 4.0, 5.0, 20.0]);
    let hidden = draw.pick(2, &[1, 2, 3]);
    let seed = draw.seed(3);
    let matrices = hidden + 1;
    let question = Question {
        title: Text::new("All weights multiplied", "所有权重放大"),
        text: Text::new(
            format!(
                "A network has {hidden} hidden layers with relu, an output layer, and biases of 0: {matrices} weight matrices. All \
                 weights are multiplied by {factor}. By which factor does the logit of every example grow, the number \
                 that goes into the last sigmoid?"
            ),
            format!(
                "一个网络有 {hidden} 个 relu 隐藏层和一个输出层，偏置都为 0，共 {matrices} 个权重矩阵。所有权重都乘以 {factor}。\
                 每个样本的 logit（进入最后的 sigmoid 的数）变为原来的多少倍？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "relu(c z) = c relu(z) for c > 0. What goes into the second layer when the first one's weights grow?",
            "当 c > 0 时 relu(c z) = c relu(z)。第一层的权重变大时，进入第二层的是什么？",
        ),
        command: format!(
            "logit = lambda c: c * W3 @ np.maximum(0, c * W2 @ np.maximum(0, c * W1 @ x))        # {matrices} matrices\nlogit({factor}) / logit(1)"
        ).into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let sizes = [vec![2], vec![10; hidden], vec![1]].concat();
        // The largest logit: with some weights an example has none that is not 0.
        let logits = |scale| {
            let cache = initialized(Init::Normal { scale }, seed, &sizes, 30, Activation::Relu).forward();
            cache.z[hidden].entries().iter().fold(0.0, |largest: f64, z| largest.max(z.abs()))
        };
        let (small, large) = (logits(1.0), logits(factor));
        let ratio = large / small;
        let [shown, small, large] = [ratio, small, large].map(|v| number(v, 4));
        Ok(Solution::number(ratio)
            .because(
                format!("Each of the {matrices} matrices multiplies by {factor}: {shown}. The largest logit of an example grows from {small} to {large}."),
                format!("{matrices} 个矩阵各乘一次 {factor}：{shown}。某个样本最大的 logit 从 {small} 变为 {large}。"),
            )
            .because(
                "So large a logit makes the output exactly 0 or 1 for the computer: the network is sure, and where it is wrong the cost \
                 can be infinite.",
                "logit 这样大时，输出对计算机来说恰为 0 或 1：网络非常自信，一旦答错，代价可能为无穷大。",
            )
            .not(
                factor,
                "That is one matrix; the signal passes through all of them.",
                "这只是一个矩阵；信号要经过所有矩阵。",
            )
            .not(
                factor * matrices as f64,
                "The factors multiply from layer to layer; they do not add up.",
                "各层的倍数是相乘，不是相加。",
            )
            .not(
                factor.powi(hidden as i32),
                "The output layer has weights, too.",
                "输出层也有权重。",
            )
            .not(1.0, "relu does not limit what is positive: it hands the factor on.", "relu 不限制正数：它会把倍数传下去。"))
    });
    (question, work)
}
