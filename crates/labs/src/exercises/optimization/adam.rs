//! Adam's first step, with and without the corrections, and how soon it overtakes.

use nablab_engine::Layout;
use nablab_engine::optim::{Adam, AdamForm, apply};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{lab_command, trained};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};
use crate::{Knobs, Lab, LabError};

const EPSILON: f64 = 1e-8;

/// Adam before its first step.
fn adam(beta1: f64, beta2: f64) -> Adam<f64> {
    Adam::new(1, beta1, beta2, EPSILON)
}

/// How far a rule's first step moves a weight, at a rate.
fn moved(mut rule: Adam<f64>, gradient: f64, rate: f64) -> f64 {
    let (mut w, mut direction) = ([0.0], [gradient]);
    rule.update(&Layout::vector("w", 1), &w, &mut direction);
    apply(&mut w, &direction, rate);
    w[0].abs()
}

/// v / √s after one gradient: what the first step would be without any correction.
fn bare(beta1: f64, beta2: f64, gradient: f64) -> f64 {
    let mut rule = adam(beta1, beta2);
    rule.update(&Layout::vector("w", 1), &[0.0], &mut [gradient]);
    rule.first_moment()[0].abs() / (rule.second_moment()[0].sqrt() + EPSILON)
}

/// 4.5
pub(super) fn first_step(draw: &mut Draw) -> (Question, Work) {
    let rate = draw.pick(0.01, &[0.001, 0.002, 0.005, 0.02, 0.0007]);
    let gradient = draw.pick(250.0, &[0.003, 0.08, 4.0, 40.0, 1200.0]);
    let question = Question {
        title: Text::new("Adam's first step", "Adam 的第一步"),
        text: Text::new(
            format!(
                "Adam (β₁ = 0.9, β₂ = 0.999, ε = 1e-8) makes its first step at a learning rate of {rate}. A weight has the gradient {gradient}. How far does it move?"
            ),
            format!(
                "Adam（β₁ = 0.9，β₂ = 0.999，ε = 1e-8）以学习率 {rate} 走第一步。某个权重的梯度为 {gradient}。它移动多远？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "After one gradient g, corrected: v̂ = g and ŝ = g². What is v̂ / √ŝ?",
            "一个梯度 g 之后，修正后 v̂ = g，ŝ = g²。v̂ / √ŝ 是多少？",
        ),
        command: format!(
            "g = {gradient}; v = 0.1 * g; s = 0.001 * g ** 2\n{rate} * (v / (1 - 0.9)) / (np.sqrt(s / (1 - 0.999)) + 1e-8)"
        ).into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let (beta1, beta2) = (0.9, 0.999);
        let way = moved(adam(beta1, beta2), gradient, rate);
        let other = moved(adam(beta1, beta2), 1000.0 * gradient, rate);
        let [shown, other_shown] = [way, other].map(|v| number(v, 4));
        let uncorrected = moved(adam(beta1, beta2).with_form(AdamForm::Uncorrected), gradient, rate);
        Ok(Solution::number(way)
            .because(
                format!("v̂ / √ŝ = g / |g| = 1, so the first step is the rate: {shown}. With a gradient a thousand times as large it is {other_shown}."),
                format!("v̂ / √ŝ = g / |g| = 1，所以第一步就等于学习率：{shown}。梯度大一千倍时为 {other_shown}。"),
            )
            .because(
                "Each gradient is divided by its own size, so all parameters make steps of about the same length. That is why Adam is fast where gradients differ a lot in size.",
                "每个梯度都除以自身的大小，所以各参数的步长大致相同。因此当各梯度大小悬殊时，Adam 仍然很快。",
            )
            .not(rate * gradient, "That is gradient descent's step; Adam divides by √ŝ, the size of the gradient.", "这是梯度下降的一步；Adam 还要除以 √ŝ，即梯度的大小。")
            .not(
                rate * (1.0 - beta1) * gradient,
                "That is momentum's first step; Adam divides by √ŝ, the size of the gradient.",
                "这是动量法的第一步；Adam 还要除以 √ŝ，即梯度的大小。",
            )
            .not(
                uncorrected,
                "s is not corrected here: it started at 0 and is much too small, so the step is much too long.",
                "这里 s 没有修正：它从 0 开始，小得多，于是步子大得多。",
            )
            .not(
                rate * bare(beta1, beta2, gradient),
                "Neither v nor s is corrected here: both started at 0.",
                "这里 v 和 s 都没有修正：两者都从 0 开始。",
            )
            .not(
                rate * (1.0 - beta1),
                "v is not corrected here: divide it by 1 − β₁ᵗ.",
                "这里 v 没有修正：应除以 1 − β₁ᵗ。",
            )
            .not(1.0, "That is the direction v̂ / √ŝ; the step is the rate times it.", "这是方向 v̂ / √ŝ；步长还要乘以学习率。"))
    });
    (question, work)
}

/// 4.6
pub(super) fn uncorrected(draw: &mut Draw) -> (Question, Work) {
    let (beta1, beta2) =
        draw.pick((0.9, 0.999), &[(0.8, 0.999), (0.95, 0.999), (0.9, 0.9999), (0.5, 0.99), (0.8, 0.99)]);
    let gradient = draw.pick(2.0, &[0.5, 3.0, 10.0]);
    let question = Question {
        title: Text::new("Adam without bias correction", "没有偏差修正的 Adam"),
        text: Text::new(
            format!(
                "Somebody forgets both bias corrections: w ← w − α v / (√s + ε) with v = (1 − β₁) g and s = (1 − β₂) g² after the first \
                 gradient. β₁ = {beta1}, β₂ = {beta2}, ε = 1e-8. How many times as long as with the corrections is the first step?"
            ),
            format!(
                "有人忘了两个偏差修正：w ← w − α v / (√s + ε)，第一个梯度之后 v = (1 − β₁) g，s = (1 − β₂) g²。\
                 β₁ = {beta1}，β₂ = {beta2}，ε = 1e-8。第一步是有修正时的多少倍？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "With the corrections the first step is α. The gradient cancels out.",
            "有修正时第一步为 α。梯度会约去。",
        ),
        command: format!(
            "g = {gradient}\n({} * g) / np.sqrt({} * g ** 2)",
            number(1.0 - beta1, 4),
            number(1.0 - beta2, 4)
        )
        .into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let with = moved(adam(beta1, beta2), gradient, 1.0);
        let factor = bare(beta1, beta2, gradient) / with;
        let only_s = moved(adam(beta1, beta2).with_form(AdamForm::Uncorrected), gradient, 1.0) / with;
        let shown = number(factor, 4);
        let share = (1.0 - beta1) / (1.0 - beta2);
        Ok(Solution::number(factor)
            .because(
                format!("(1 − β₁) / √(1 − β₂) = {} / √{} = {shown}.", number(1.0 - beta1, 4), number(1.0 - beta2, 4)),
                format!("(1 − β₁) / √(1 − β₂) = {} / √{} = {shown}。", number(1.0 - beta1, 4), number(1.0 - beta2, 4)),
            )
            .because(
                "v is too small by 1 − β₁, √s by √(1 − β₂): where s remembers longer than v, the first steps are too long.",
                "v 小了 1 − β₁ 倍，√s 小了 √(1 − β₂) 倍：s 的记忆比 v 长时，最初几步就会过大。",
            )
            .not(1.0, "That is with both corrections: v̂ / √ŝ = 1.", "这是两个修正都有的情形：v̂ / √ŝ = 1。")
            .not(
                only_s,
                "Here only s is not corrected, as in some widely copied notebooks; v is too small as well.",
                "这里只有 s 没有修正（一些被广泛复制的笔记本如此）；v 也偏小。",
            )
            .not(1.0 - beta1, "Here only v is not corrected; s is too small as well.", "这里只有 v 没有修正；s 也偏小。")
            .not(share, "s stands under a root: it is √(1 − β₂).", "s 在根号之下：应为 √(1 − β₂)。")
            .not(1.0 / factor, "It is the other way round: v stands above, √s below.", "反了：v 在分子，√s 在分母。"))
    });
    (question, work)
}

/// 4.9
pub(super) fn overtakes(draw: &mut Draw) -> (Question, Work) {
    let rate = draw.pick(0.0007, &[0.0001, 0.0002, 0.0004, 0.001, 0.0014, 0.002, 0.003]);
    let question = Question {
        title: Text::new("How soon Adam overtakes", "Adam 多久超过梯度下降"),
        text: Text::new(
            format!(
                "At a learning rate of {rate} gradient descent needs all its epochs to come to its final mean cost. The lab keeps the mean cost of every \
                 100th epoch. At which of them is Adam's for the first time no higher than that?"
            ),
            format!(
                "学习率为 {rate} 时，梯度下降用了全部轮次才达到它最终的平均代价。实验每 100 轮保存一次整轮的平均代价。\
                 Adam 在其中的哪一轮首次不高于这个值？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Look where Adam's curve first comes as low as the end of gradient descent's; in the course's setting the lab's statements name the epoch.",
            "看 Adam 的曲线何时首次低到梯度下降的终点；在课程的设置下，实验的结论写出了这一轮。",
        ),
        command: lab_command(
            &format!("optimization{}", draw.flags(&format!("--learning-rate {rate}"))),
            "the cost curves of Adam and gradient descent at this rate",
            "Adam 与梯度下降在该学习率下的代价曲线",
        ),
        expects: Expects::Number { unit: Unit::of("epochs", "轮"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let knobs = Knobs { learning_rate: Some(rate), ..Knobs::default() };
        let [plain, adam] =
            [trained(Lab::Optimization, &knobs, "gd")?, trained(Lab::Optimization, &knobs, "adam")?];
        let never = || LabError::NoAnswer { why: format!("at a rate of {rate} Adam never comes so low") };
        let target = plain.mean_costs().last().map_or(f64::NAN, |&(_, cost)| cost);
        let first = adam.mean_costs().into_iter().find(|(_, cost)| *cost <= target);
        let (at, end) = (first.ok_or_else(never)?.0 as f64, plain.epochs as f64);
        let lab = Lab::Optimization.plan(None, &Knobs::default())?;
        let examples = lab.data.train.examples();
        let batches = examples.div_ceil(lab.variants[0].recipe.batch_of(examples)) as f64;
        let [target, last] = [target, adam.train.cost].map(|v| number(v, 3));
        Ok(Solution::number(at)
            .because(
                format!("Gradient descent ends at a mean cost of {target}; Adam is there by epoch {at}, and goes on to {last}."),
                format!("梯度下降的最终平均代价为 {target}；Adam 在第 {at} 轮就达到了，最后降到 {last}。"),
            )
            .because(
                "Its steps have the length of the rate, whatever the gradient; gradient descent's shrink with the gradient.",
                "无论梯度大小，Adam 的步长都与学习率相当；梯度下降的步长则随梯度变小。",
            )
            .not(
                at * batches,
                format!("That counts updates: an epoch has {batches} of them, one for each mini-batch."),
                format!("这是更新次数：一轮有 {batches} 次更新，每个小批量一次。"),
            )
            .not(end, "That is when gradient descent is there; Adam is much faster.", "这是梯度下降到达的时间；Adam 快得多。")
            .not(end - 1.0, "That is when gradient descent is there; Adam is much faster.", "这是梯度下降到达的时间；Adam 快得多。")
            .not(at / 100.0, "That is its place in the list; an entry stands for 100 epochs.", "这是它在列表中的位置；每一项代表 100 轮。")
            .not(at + 100.0, "There it is below already; the one before is the first.", "那时已经低于它了；前一个才是首次。"))
    });
    (question, work)
}
