//! What momentum averages, and why it hardly moved the lab's result.

use nablab_engine::optim::{Momentum, apply};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{lab_command, trained};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};
use crate::{Knobs, Lab};

/// The velocity after gradients of these sizes.
fn velocity_after(beta: f64, gradients: impl IntoIterator<Item = f64>) -> f64 {
    let mut rule = Momentum::<f64>::new(1, beta, false);
    gradients.into_iter().for_each(|gradient| rule.update(&mut [gradient]));
    rule.velocity()[0]
}

/// 4.3
pub(super) fn averaged(draw: &mut Draw) -> (Question, Work) {
    let beta = draw.pick(0.9, &[0.75, 0.8, 0.95, 0.98, 0.99]);
    let question = Question {
        title: Text::new("How many gradients momentum averages", "动量平均了多少个梯度"),
        text: Text::new(
            format!(
                "Momentum: v ← β v + (1 − β) dW with β = {beta}. About how many gradients does v average? Count those that add up to a \
                 weight of 1, if each had the weight of the newest, 1 − β."
            ),
            format!(
                "动量：v ← β v + (1 − β) dW，β = {beta}。v 大约平均了多少个梯度（假如每个梯度的权重都与最新的那个相同）？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "All weights together are 1. What is the weight of the newest gradient in v?",
            "全部权重之和为 1。最新的梯度在 v 中的权重是多少？",
        ),
        command: format!("v = 0\nv = {beta} * v + (1 - {beta}) * 1").into(),
        expects: Expects::Number {
            unit: Unit::of("gradients", "梯度个数"), tolerance: Tolerance::ROUNDED
        },
    };
    let work = Work::new(move || {
        let newest = velocity_after(beta, [1.0]);
        let count = 1.0 / newest;
        let half = 0.5f64.ln() / beta.ln();
        let older = velocity_after(beta, [1.0, 0.0]);
        let [newest, older, shown] = [newest, older, count].map(|v| number(v, 4));
        Ok(Solution::number(count)
            .because(
                format!("One gradient of 1 gives v = 1 − β = {newest}, one step later it still has {older}: the weights fall slowly, and 1 / (1 − β) = {shown}."),
                format!("一个大小为 1 的梯度使 v = 1 − β = {newest}，一步之后仍有 {older}：权重缓慢衰减，1 / (1 − β) = {shown}。"),
            )
            .not(
                beta / (1.0 - beta),
                "That is β / (1 − β): the mean age of the gradients in v, in steps.",
                "这是 β / (1 − β)：v 中梯度的平均“年龄”（步数）。",
            )
            .not(
                1.0 / beta,
                "That is 1 / β; the newest gradient has the weight 1 − β, not β.",
                "这是 1 / β；最新梯度的权重是 1 − β，不是 β。",
            )
            .not(
                half,
                "After so many steps the weight of a gradient has fallen to half of what it was; the average reaches further back.",
                "这是一个梯度的权重减半所需的步数；平均还包含更早的梯度。",
            )
            .not(1.0, "That is plain gradient descent, β = 0.", "那是普通的梯度下降，β = 0。"))
    });
    (question, work)
}

/// 4.4
pub(super) fn velocity(draw: &mut Draw) -> (Question, Work) {
    let beta = draw.pick(0.9, &[0.8, 0.9, 0.95, 0.98]);
    let steps: u32 = draw.pick(5, &[3, 4, 6, 8, 10]);
    let question = Question {
        title: Text::new("Momentum from rest", "从静止开始的动量"),
        text: Text::new(
            format!(
                "v starts at 0, and v ← β v + (1 − β) dW with β = {beta}. The gradient dW is 1 in each of the first {steps} steps. How large is v then?"
            ),
            format!(
                "v 从 0 开始，v ← β v + (1 − β) dW，β = {beta}。前 {steps} 步的梯度 dW 都是 1。此时 v 有多大？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "How far is v from 1 after a step, as a share of how far it was before?",
            "每一步之后，v 与 1 的距离是原来的多少倍？",
        ),
        command: format!("v = 0\nfor _ in range({steps}): v = {beta} * v + {} * 1", number(1.0 - beta, 4))
            .into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let ones = |steps: u32| std::iter::repeat_n(1.0, steps as usize);
        let v = velocity_after(beta, ones(steps));
        let shown = number(v, 4);
        Ok(Solution::number(v)
            .because(
                format!("The distance from 1 shrinks by β in each step: v = 1 − β^{steps} = 1 − {beta}^{steps} = {shown}."),
                format!("每一步与 1 的距离都乘以 β：v = 1 − β^{steps} = 1 − {beta}^{steps} = {shown}。"),
            )
            .because(
                "The first steps are too short, for v starts at 0. Adam divides by 1 − βᵗ to correct that.",
                "因为 v 从 0 开始，最初几步偏小。Adam 除以 1 − βᵗ 来修正。",
            )
            .not(1.0 - v, "That is how far v still is from the gradient: β^k.", "这是 v 与梯度还差多少：β^k。")
            .not(1.0, "That is where v goes; it starts at 0 and takes its time.", "这是 v 的极限；它从 0 开始，需要时间。")
            .not(
                v / (1.0 - beta),
                "That is without the factor 1 − β before the gradient, as PyTorch has it.",
                "这是梯度前没有因子 1 − β 的写法（如 PyTorch）。",
            )
            .not(
                velocity_after(beta, ones(1)) * f64::from(steps),
                "v does not grow by the same amount in each step: the old v shrinks by β.",
                "v 每一步的增量并不相同：旧的 v 会乘以 β。",
            )
            .not(velocity_after(beta, ones(1)), "That is v after the first step.", "这是第一步之后的 v。")
            .not(velocity_after(beta, ones(steps - 1)), "That is one step too few.", "少算了一步。")
            .not(velocity_after(beta, ones(steps + 1)), "That is one step too many.", "多算了一步。"))
    });
    (question, work)
}

/// 4.7
pub(super) fn way(draw: &mut Draw) -> (Question, Work) {
    let rate = draw.pick(0.0007, &[0.0003, 0.0005, 0.001, 0.0014, 0.002]);
    let beta = 0.9;
    let question = Question {
        title: Text::new("Why momentum hardly moved", "动量为什么几乎不起作用"),
        text: Text::new(
            format!(
                "In the lab momentum (β = {beta}) and gradient descent at a learning rate of {rate} end at nearly the same cost. Momentum averages \
                 over 1 / (1 − β) gradients. How far do as many steps move a parameter, in multiples of its gradient, while that \
                 stays the same?"
            ),
            format!(
                "在实验中，学习率为 {rate} 时，动量法（β = {beta}）与梯度下降的最终代价几乎相同。动量约平均 1 / (1 − β) 个梯度。\
                 假如梯度不变，这么多步使一个参数移动其梯度的多少倍？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "A step moves a parameter by the rate times its gradient.",
            "一步使参数移动“学习率 × 梯度”。",
        ),
        command: lab_command(
            &format!("optimization{}", draw.flags(&format!("--learning-rate {rate}"))),
            "the final costs of both at this rate",
            "两者在该学习率下的最终代价",
        ),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let knobs = Knobs { learning_rate: Some(rate), ..Knobs::default() };
        let [plain, momentum] =
            [trained(Lab::Optimization, &knobs, "gd")?, trained(Lab::Optimization, &knobs, "momentum")?];
        let apart = (momentum.train.cost - plain.train.cost).abs() / plain.train.cost;
        let steps = (1.0 / velocity_after(beta, [1.0])).round() as usize;
        let mut w = [0.0];
        (0..steps).for_each(|_| apply(&mut w, &[1.0], rate));
        let way = w[0].abs();
        let [shown, percent] = [way, 100.0 * apart].map(|v| number(v, 3));
        let epochs = plain.epochs as f64;
        Ok(Solution::number(way)
            .because(
                format!("{steps} steps of {rate} times the gradient: {shown}."),
                format!("{steps} 步，每步 {rate} 倍梯度：{shown}。"),
            )
            .because(
                format!(
                    "Momentum uses each gradient in full, only spread over the steps that follow: 1 / (1 − β) of them, which makes it one less, β / (1 − β), late on average, for the newest is not late. On so short a way that delay changes nothing. The \
                     two trainings, run now, end at costs {percent} % apart."
                ),
                format!("动量用足每个梯度，只是分摊到约 1 / (1 − β) 步中；最新的一个不晚，因此平均晚的步数少一，即 β / (1 − β)。在这样短的路程上，这点延迟没有影响。实际训练两者，最终代价相差 {percent} %。"),
            )
            .not(rate, "That is one step; v averages over more.", "这只是一步；v 平均了更多步。")
            .not(
                steps as f64,
                "That is how many gradients are averaged; each moves the parameter by the rate times the gradient.",
                "这是所平均的梯度个数；每个使参数移动“学习率 × 梯度”。",
            )
            .not(
                rate * (1.0 - beta),
                "That is the part of one gradient in one step; the steps before bring theirs, too.",
                "这是一个梯度在一步中的部分；之前的步也有各自的部分。",
            )
            .not(
                rate * epochs,
                format!("That is the way of {epochs} steps, not of the {steps} over which v averages."),
                format!("这是 {epochs} 步的路程，不是 v 所平均的 {steps} 步。"),
            )
            .not(rate / beta, "That is α / β; v averages 1 / (1 − β) gradients.", "这是 α / β；v 平均的是 1 / (1 − β) 个梯度。"))
    });
    (question, work)
}
