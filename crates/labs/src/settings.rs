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
    let activations = distinct(hidden().map(|h| activation(h.activation).to_owned()));
    let mut parts = vec![
        lang.choose(format!("network {sizes}"), format!("网络 {sizes}")),
        activations,
        lang.choose("sigmoid output with cross-entropy", "sigmoid 输出与交叉熵").to_owned(),
        weights(recipe.init, lang),
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

fn activation(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "relu",
        Activation::LeakyRelu { .. } => "leaky relu",
        Activation::Tanh => "tanh",
        Activation::Sigmoid => "sigmoid",
        Activation::Identity => "identity",
    }
}

fn weights(init: Init, lang: Lang) -> String {
    let gaussian = |deviation: &str| {
        lang.choose(
            format!("weights Gaussian, standard deviation {deviation}"),
            format!("权重为高斯随机数，标准差 {deviation}"),
        )
    };
    match init {
        Init::Zeros => lang.choose("weights 0", "权重为 0").to_owned(),
        Init::Normal { scale } => gaussian(&number(scale, 4)),
        Init::He => gaussian("√(2/n)"),
        Init::Lecun => gaussian("1/√n"),
        other => format!("{other:?}"),
    }
}

fn rule(recipe: &Recipe, lang: Lang) -> String {
    let name = match recipe.optimizer {
        Optimizer::GradientDescent => lang.choose("gradient descent", "梯度下降").to_owned(),
        Optimizer::Momentum { beta } => {
            lang.choose(format!("momentum with β = {beta}"), format!("动量法，β = {beta}"))
        }
        Optimizer::Adam { beta1, beta2, epsilon, .. } => {
            lang.choose("Adam with ", "Adam，").to_owned()
                + &format!("β₁ = {beta1}, β₂ = {beta2}, ε = {epsilon:e}")
        }
        other => format!("{other:?}"),
    };
    let rate = number(recipe.learning_rate, 6);
    lang.choose(format!("{name}, learning rate {rate}"), format!("{name}，学习率 {rate}"))
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
        parts.push(
            lang.choose(
                format!("masks {dropout} in each iteration"),
                format!("掩码 {dropout}（每次迭代相同）"),
            ),
        );
    }
    if recipe.batch_size.is_some() {
        parts.push(lang.choose(format!("shuffling {shuffle} + epoch"), format!("打乱 {shuffle} + 轮次")));
    }
    let parts = parts.join(lang.choose(", ", "、"));
    lang.choose(format!("random seeds: {parts}"), format!("随机种子：{parts}"))
}
