//! A recipe in one line, for whoever reads a figure and asks what made it.

use nablab_engine::{Activation, Init, Optimizer, Precision, Recipe, Seed};
use nablab_report::{Lang, counted, number};

use crate::experiment::Experiment;
use crate::variant::Variant;

/// Layers, loss, initialiser, rule, length, batches, penalty, dropout and seeds of a variant.
pub(crate) fn settings_line(variant: &Variant, experiment: &Experiment, lang: Lang) -> String {
    let (recipe, train) = (&variant.recipe, &experiment.data.train);
    let hidden = || recipe.hidden.iter();
    let sizes = std::iter::once(train.features()).chain(hidden().map(|h| h.units)).chain([train.outputs()]);
    let sizes = sizes.map(|size| size.to_string()).collect::<Vec<_>>().join("-");
    let activations = distinct(hidden().map(|h| activation(h.activation)));
    let mut parts = vec![
        lang.choose(format!("network {sizes}"), format!("网络 {sizes}")),
        activations,
        lang.choose("sigmoid output with cross-entropy", "sigmoid 输出与交叉熵").to_owned(),
        lang.choose(
            format!("weights {}", weights(recipe.init, lang)),
            match recipe.init {
                Init::Zeros => "权重为 0".to_owned(),
                init => format!("权重为{}", weights(init, lang)),
            },
        ),
        rule(recipe, lang),
    ];
    let (epochs, examples) = (recipe.epochs, train.examples());
    parts.push(match recipe.batch_size {
        None => lang.choose(
            format!("{} on all {}", counted(epochs, "iteration"), counted(examples as u64, "example")),
            format!("{epochs} 次迭代，每次使用全部 {examples} 个样本"),
        ),
        Some(size) => lang.choose(
            format!("{} of mini-batches of {size}", counted(epochs, "epoch")),
            format!("{epochs} 轮，小批量大小为 {size}"),
        ),
    });
    if recipe.penalty.l2 > 0.0 {
        let l2 = number(recipe.penalty.l2, 4);
        parts.push(lang.choose(format!("L2 penalty λ = {l2}"), format!("L2 惩罚 λ = {l2}")));
    }
    let keep = distinct(hidden().filter(|h| h.dropout > 0.0).map(|h| number(1.0 - h.dropout, 4)));
    if !keep.is_empty() {
        parts.push(lang.choose(format!("keep probability {keep}"), format!("保留概率 {keep}")));
    }
    if recipe.precision == Precision::F32 {
        parts.push(lang.choose("single precision (f32)", "单精度（f32）").to_owned());
    }
    parts.push(seeds(recipe, lang));
    let line = parts.join(lang.choose("; ", "；"));
    lang.choose(format!("Settings: {line}."), format!("设置：{line}。"))
}

/// Each text once, in order.
fn distinct(texts: impl Iterator<Item = String>) -> String {
    let mut texts: Vec<_> = texts.collect();
    texts.dedup();
    texts.join(", ")
}

/// An activation with its constant.
pub(crate) fn activation(activation: Activation) -> String {
    match activation {
        Activation::Relu => "relu".to_owned(),
        Activation::LeakyRelu { slope } => format!("leaky relu ({slope})"),
        Activation::Tanh => "tanh".to_owned(),
        Activation::Sigmoid => "sigmoid".to_owned(),
        Activation::Identity => "identity".to_owned(),
    }
}

/// Initial weights; n is a layer's inputs, m its units.
pub(crate) fn weights(init: Init, lang: Lang) -> String {
    let gaussian = |deviation: &str| {
        lang.choose(
            format!("Gaussian, standard deviation {deviation}"),
            format!("高斯随机数，标准差 {deviation}"),
        )
    };
    let uniform = |deviation: &str| {
        lang.choose(
            format!("uniform, standard deviation {deviation}"),
            format!("均匀随机数，标准差 {deviation}"),
        )
    };
    match init {
        Init::Zeros => "0".to_owned(),
        Init::Normal { scale } => gaussian(&number(scale, 4)),
        Init::He => gaussian("√(2/n)"),
        Init::HeUniform => uniform("√(2/n)"),
        Init::Xavier => gaussian("√(2/(n + m))"),
        Init::XavierUniform => uniform("√(2/(n + m))"),
        Init::Lecun => gaussian("1/√n"),
        Init::LecunUniform => uniform("1/√n"),
        Init::Orthogonal { gain } => {
            let gain = number(gain, 4);
            lang.choose(format!("orthogonal, times {gain}"), format!("正交矩阵，乘以 {gain}"))
        }
    }
}

/// The update rule with its learning rate, where that has a say.
fn rule(recipe: &Recipe, lang: Lang) -> String {
    let name = optimizer(recipe.optimizer, lang);
    if matches!(recipe.optimizer, Optimizer::LBfgs { .. }) {
        return name;
    }
    let rate = number(recipe.learning_rate, 6);
    lang.choose(format!("{name}, learning rate {rate}"), format!("{name}，学习率 {rate}"))
}

/// An update rule with its constants.
pub(crate) fn optimizer(optimizer: Optimizer, lang: Lang) -> String {
    let adam = |name: &str, beta1: f64, beta2: f64, epsilon: f64| {
        lang.choose(
            format!("{name} with β₁ = {beta1}, β₂ = {beta2}, ε = {epsilon:e}"),
            format!("{name}，β₁ = {beta1}，β₂ = {beta2}，ε = {epsilon:e}"),
        )
    };
    match optimizer {
        Optimizer::GradientDescent => lang.choose("gradient descent", "梯度下降").to_owned(),
        Optimizer::Momentum { beta } => {
            lang.choose(format!("momentum with β = {beta}"), format!("动量法，β = {beta}"))
        }
        Optimizer::Nesterov { beta } => lang
            .choose(format!("Nesterov's momentum with β = {beta}"), format!("Nesterov 动量法，β = {beta}")),
        Optimizer::HeavyBall { beta, nesterov } => {
            let (look_ahead, in_chinese) =
                if nesterov { (", Nesterov's", "，Nesterov 形式") } else { ("", "") };
            lang.choose(
                format!("a heavy ball with β = {beta}{look_ahead}"),
                format!("重球法，β = {beta}{in_chinese}"),
            )
        }
        Optimizer::RmsProp { rho, epsilon } => lang.choose(
            format!("RMSProp with ρ = {rho}, ε = {epsilon:e}"),
            format!("RMSProp，ρ = {rho}，ε = {epsilon:e}"),
        ),
        Optimizer::Adam { beta1, beta2, epsilon, .. } => adam("Adam", beta1, beta2, epsilon),
        Optimizer::AdamW { beta1, beta2, epsilon, weight_decay } => {
            adam("AdamW", beta1, beta2, epsilon)
                + &lang.choose(format!(", decay {weight_decay}"), format!("，权重衰减 {weight_decay}"))
        }
        Optimizer::LBfgs { memory } => {
            lang.choose(format!("L-BFGS with {memory} steps remembered"), format!("L-BFGS，记住 {memory} 步"))
        }
    }
}

/// The seeds that are used: a training without dropout has no masks, one without mini-batches no order.
fn seeds(recipe: &Recipe, lang: Lang) -> String {
    let (weights, dropout, shuffle) = match recipe.seed {
        Seed::Streams(seed) => {
            return lang.choose(format!("seed {seed}"), format!("随机种子 {seed}"));
        }
        Seed::Course { weights, dropout, shuffle } => (weights, dropout, shuffle),
    };
    let mut parts = vec![lang.choose(format!("weights {weights}"), format!("权重 {weights}"))];
    if recipe.hidden.iter().any(|h| h.dropout > 0.0) {
        parts.push(lang.choose(
            format!("masks {dropout}, set anew in each iteration"),
            format!("掩码 {dropout}（每次迭代相同）"),
        ));
    }
    if recipe.batch_size.is_some() {
        parts.push(lang.choose(format!("shuffling {shuffle} + epoch"), format!("打乱 {shuffle} + 轮次")));
    }
    let parts = parts.join(lang.choose(", ", "、"));
    lang.choose(format!("random seeds: {parts}"), format!("随机种子：{parts}"))
}
