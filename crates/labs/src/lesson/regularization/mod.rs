//! The lessons of the regularisation lab.

mod dropout;
mod l2;

use std::cmp::Ordering;

use nablab_report::{Block, Lang, number};

use super::spelled::{of_examples, of_units};
use super::{Code, Lesson, Wrong, on_the_wrong_side};
use crate::boundary::length;
use crate::by_hand::{Cache, Mistake, Planted, Problem, backward};
use crate::experiment::Experiment;

pub(super) fn lesson(id: &str, experiment: &Experiment, lang: Lang) -> Lesson {
    match id {
        "regularization.1" => data(experiment, lang),
        "regularization.2" => training(
            lang.choose(
                "A network of 2-20-3-1 units is trained on the points without any regularisation. How much better is it on the \
                 points it has seen than on new ones?",
                "用 2-20-3-1 网络在这些点上训练，不加任何正则化。它在见过的点上比在新的点上好多少？",
            ),
            vec![r"J = -\frac{1}{m}\sum_j \bigl(y_j \ln a_j + (1-y_j)\ln(1-a_j)\bigr)"],
            lang.choose(
                "The two accuracies. The gap between them is what the network has learned of the noise; it says something only \
                 beside its standard error (see “What this lab shows”).",
                "两个准确率。两者之差就是网络从噪声中学到的部分；要连同它的标准误一起看（见“本实验说明了什么”）。",
            ),
            None,
        ),
        "regularization.3" => boundary(experiment, "none", 
            lang.choose(
                "Where does the boundary bend around single points?",
                "决策边界在哪里绕着单个的点弯曲？",
            ),
            lang,
        ),
        "regularization.4" => l2::cost(lang),
        "regularization.5" => l2::gradients(lang),
        "regularization.6" => training(
            &lang.choose(
                format!(
                    "The cost now also has the weights in it, with λ = {}. What becomes of the weights, of the training accuracy, and \
                     of the test accuracy?",
                    strength(experiment)
                ),
                format!("现在代价里还包含权重，λ = {}。权重、训练准确率和测试准确率各会怎样？", strength(experiment)),
            ),
            vec![
                lang.choose(
                r"J = \text{cross-entropy} + \frac{\lambda}{2m}\sum_l\sum_{i,k} \bigl(W^{[l]}_{ik}\bigr)^2",
                r"J = \text{交叉熵} + \frac{\lambda}{2m}\sum_l\sum_{i,k} \bigl(W^{[l]}_{ik}\bigr)^2"),
                lang.choose(
                r"W \leftarrow W - \alpha\,\mathrm{d}W = \Bigl(1 - \frac{\alpha\lambda}{m}\Bigr) W - \alpha\,(\text{gradient of the cross-entropy})",
                r"W \leftarrow W - \alpha\,\mathrm{d}W = \Bigl(1 - \frac{\alpha\lambda}{m}\Bigr) W - \alpha\,(\text{交叉熵的梯度})"),
            ],
            lang.choose(
                "Each step first multiplies all weights by a number a little below 1: that is why L2 is also called weight decay. Compare \
                 both accuracies with those without the penalty: what counts is the test accuracy.",
                "每一步都先把所有权重乘以一个略小于 1 的数：所以 L2 也叫权重衰减。把两个准确率与不加惩罚时比较：要看的是测试准确率。",
            ),
            Some("penalty"),
        ),
        "regularization.7" => boundary(experiment, "l2", 
            lang.choose(
                "The same network with small weights: what has become of the bends?",
                "同样的网络，权重变小之后，那些弯曲怎样了？",
            ),
            lang,
        ),
        "regularization.8" => dropout::forward(lang),
        "regularization.9" => dropout::backward(lang),
        "regularization.10" => training(
            &lang.choose(
                format!(
                    "In each iteration each hidden unit is dropped for some examples: it is kept with probability {}. Which cost \
                     does the training lower, and which one counts?",
                    keep(experiment)
                ),
                format!(
                    "每次迭代中，每个隐藏单元对一部分样本被丢弃：保留概率为 {}。训练降低的是哪个代价？真正要看的又是哪个？",
                    keep(experiment)
                ),
            ),
            vec![
                lang.choose(
                r"A^{[l]} \leftarrow A^{[l]} \circ D^{[l]} / k \quad\text{while training}",
                r"A^{[l]} \leftarrow A^{[l]} \circ D^{[l]} / k \quad\text{训练时}"),
                lang.choose(
                r"A^{[l]} \leftarrow A^{[l]} \quad\text{while predicting}",
                r"A^{[l]} \leftarrow A^{[l]} \quad\text{预测时}"),
            ],
            lang.choose(
                "The cost that is printed is that of the thinned network. The accuracies are those of the whole network: while \
                 predicting, no unit is dropped and nothing is divided.",
                "打印的代价是稀疏网络的代价；准确率则是完整网络的：预测时不丢弃任何单元，也不做除法。",
            ),
            Some("dropout"),
        ),
        "regularization.11" => boundary(experiment, "dropout", 
            lang.choose(
                "Dropout: is this boundary simpler than the one without regularisation?",
                "dropout：这条边界比不加正则化的更简单吗？",
            ),
            lang,
        ),
        _ => {
            debug_assert!(experiment.variants.is_empty(), "{id} has no lesson");
            Lesson::default()
        }
    }
}

fn data(experiment: &Experiment, lang: Lang) -> Lesson {
    let look_at = match experiment.has_own_data() {
        true => lang.choose(
            "A point of one colour among those of the other may be noise, or a place where the classes change. A network that gets \
             every training point right bends around it either way; if it is noise, the network pays for it with new points.",
            "落在另一种颜色中间的点可能是噪声，也可能是两类真正交替的地方。把每个训练点都分对的网络都会绕着它弯曲；如果它是噪声，就会在新的点上付出代价。",
        ),
        false => lang.choose(
            "Some points of one colour lie among those of the other. They are noise: a network that gets every training point \
             right has to bend around them, and pays for it with new points.",
            "有些点落在另一种颜色的点中间，它们是噪声。网络若要把每个训练点都分对，就必须绕着它们弯曲，并在新的点上付出代价。",
        ),
    };
    Lesson {
        question: lang
            .choose("Which points would no sensible line get right?", "哪些点是任何合理的边界都分不对的？")
            .into(),
        look_at: look_at.into(),
        ..Lesson::default()
    }
}

/// λ of the training with the penalty.
fn strength(experiment: &Experiment) -> String {
    number(experiment.run("l2").0.recipe.penalty.l2, 6)
}

/// The probability with which the training with dropout keeps a unit of its first layer.
fn keep(experiment: &Experiment) -> String {
    number(1.0 - experiment.run("dropout").0.recipe.hidden[0].dropout, 6)
}

fn training(
    question: &str,
    formulas: Vec<&'static str>,
    look_at: &str,
    maths: Option<&'static str>,
) -> Lesson {
    let code = Some(Code { function: "step", file: "crates/engine/src/train/step.rs" });
    Lesson { question: question.into(), formulas, look_at: look_at.into(), code, maths, ..Lesson::default() }
}

fn boundary(experiment: &Experiment, key: &str, question: &str, lang: Lang) -> Lesson {
    let wrong = on_the_wrong_side(experiment, key, lang);
    let [own, plain] = [key, "none"].map(|key| length(experiment, key));
    let beside = (key != "none").then(|| {
        let (en, zh) = match own.cmp(&plain) {
            Ordering::Less => ("shorter: simpler", "更短，也就更简单"),
            Ordering::Equal => ("as long", "一样长"),
            Ordering::Greater => ("longer: not simpler", "更长，并不更简单"),
        };
        lang.choose(
            format!(
                " Of 33 × 33 points of the figure {own} pairs of neighbours lie on both sides of the boundary, without regularisation \
                 {plain}: it is {en}."
            ),
            format!("在图中 33 × 33 个格点里，有 {own} 对相邻格点分居边界两侧，不加正则化时为 {plain} 对：这条边界{zh}。"),
        )
    });
    Lesson {
        question: question.into(),
        look_at: wrong
            + &beside.unwrap_or_default()
            + lang.choose(
                " Look for islands and bays that are there for one or two points only.",
                "再找只为一两个点而存在的“孤岛”和“海湾”。",
            ),
        ..Lesson::default()
    }
}

/// X, Y and what the forward pass left.
fn inputs(problem: &Problem, cache: &Cache, lang: Lang) -> Vec<Block> {
    let caption = lang.choose("Examples, and what the forward pass left", "样本与前向传播留下的结果");
    let matrices =
        [("X", &problem.x), ("A1", &cache.a[0]), ("A2", &cache.a[1]), ("A3", &cache.a[2]), ("Y", &problem.y)];
    vec![of_examples(caption, &matrices, lang), parameters(problem, lang)]
}

fn parameters(problem: &Problem, lang: Lang) -> Block {
    let [l1, l2, l3] = [0, 1, 2].map(|l| &problem.layers[l]);
    let layers = [("W1", &l1.w, "b1", &l1.b), ("W2", &l2.w, "b2", &l2.b), ("W3", &l3.w, "b3", &l3.b)];
    of_units(lang.choose("Parameters, a row per unit", "参数，每行一个单元"), &layers, lang)
}

/// What mistakes in a layer make of the entry of the gradient that they change most.
fn wrongs(problem: &Problem, cache: &Cache, layer: usize, mistakes: &[Mistake], lang: Lang) -> Vec<Wrong> {
    let weights = |planted: &[Planted]| -> Vec<_> {
        backward(problem, cache, planted).into_iter().map(|gradient| gradient.dw).collect()
    };
    let right = weights(&[]);
    let wrong = |&mistake: &Mistake| {
        let planted = Planted { mistake, layer };
        let wrong = weights(&[planted]);
        let entries = right
            .iter()
            .enumerate()
            .flat_map(|(l, dw)| (0..dw.rows()).flat_map(move |i| (0..dw.cols()).map(move |k| (l, i, k))));
        let change = |&(l, i, k): &(usize, usize, usize)| (wrong[l].at(i, k) - right[l].at(i, k)).abs();
        let (l, i, k) = entries.max_by(|a, b| change(a).total_cmp(&change(b))).unwrap_or_default();
        Wrong {
            mistake: planted.words(lang),
            name: format!("dW{}[{i}, {k}]", l + 1),
            right: right[l].at(i, k),
            wrong: wrong[l].at(i, k),
        }
    };
    mistakes.iter().map(wrong).collect()
}
