//! The lessons of the lab's data and trainings.

use nablab_engine::{Optimizer, Recipe};
use nablab_report::{Block, Lang, number};

use crate::experiment::Experiment;
use crate::lesson::{Code, Lesson};
use crate::optimization::jump;

/// `optimization.6`
pub(super) fn data(experiment: &Experiment, lang: Lang) -> Lesson {
    let m = experiment.data.train.examples();
    let size = experiment.run("gd").0.recipe.batch_of(m);
    let steps = m.div_ceil(size);
    let full = steps - 1;
    let last = m - full * size;
    let look_at = match experiment.has_own_data() {
        true => lang.choose(
            "Where do the two classes overlap? There no method brings the cost to 0 with a smooth boundary.",
            "两类在哪里重叠？在那里，用平滑的边界，任何方法都无法把代价降到 0。",
        ),
        false => lang.choose(
            "The half circles overlap a little: no method can bring the cost to 0 with a smooth boundary.",
            "两个半圆略有重叠：用平滑的边界，任何方法都无法把代价降到 0。",
        ),
    };
    Lesson {
        question: lang.choose(
            format!("{m} points in batches of {size}: how many steps has an epoch, and how large is the last batch?"),
            format!("{m} 个点，每批 {size} 个：一轮有几步？最后一批有多大？"),
        ),
        formulas: vec![r"\lceil m / B \rceil,\qquad m - B\,(\lceil m / B \rceil - 1)"],
        computation: vec![Block::Formulas(vec![
            format!(r"\lceil {m} / {size} \rceil = {steps}"),
            format!(r"{m} - {full}\cdot {size} = {last}"),
        ])],
        look_at: look_at.into(),
        ..Lesson::default()
    }
}

/// `optimization.7`
pub(super) fn gradient_descent(experiment: &Experiment, lang: Lang) -> Lesson {
    let recipe = &experiment.run("gd").0.recipe;
    let (rate, epochs) = (recipe.learning_rate, recipe.epochs);
    let steps = steps(experiment, recipe);
    let way = number(rate * steps as f64, 3);
    training(
        &lang.choose(
            format!("Gradient descent with a rate of {rate}: how far does a parameter get in {epochs} epochs?"),
            format!("学习率为 {rate} 的梯度下降：{epochs} 轮之后参数能走多远？"),
        ),
        vec![r"W \leftarrow W - \alpha\,\mathrm{d}W"],
        &lang.choose(
            format!(
                "{steps} steps of {rate} times a gradient: {way} times the mean of its gradients, which are small near the end. Then look at \
                 the end of the curve. Where it is still falling, the training has not converged: it has run out of epochs."
            ),
            format!(
                "共 {steps} 步，每步为梯度的 {rate} 倍：合起来是其梯度平均值的 {way} 倍，而训练后期的梯度很小。再看曲线的末尾：\
                 如果仍在下降，训练就没有收敛，只是轮数用完了。"
            ),
        ),
    )
}

/// `optimization.9`
pub(super) fn adam(experiment: &Experiment, lang: Lang) -> Lesson {
    let rate = experiment.run("adam").0.recipe.learning_rate;
    let of_any = lang.choose(
        format!("As long as its gradient keeps its sign a parameter moves by about α a step, however small the gradient is; where the sign changes it moves by less. For Adam {rate} is itself the length of a step, for gradient descent it is only the factor of a gradient."),
        format!("只要梯度不变号，无论它多小，参数每步都移动约 α；梯度变号时则移动得更少。对 Adam，{rate} 本身就是步长；对梯度下降，它只是梯度的系数。"),
    );
    let course = match experiment.has_own_data() {
        true => "",
        false => lang.choose(
            " That, not a better direction, is most of the difference here.",
            "这里的差别主要来自步长，而不是更好的方向。",
        ),
    };
    training(
        &lang.choose(
            format!("Adam divides each parameter's step by the size of its gradients. What does a rate of {rate} mean now?"),
            format!("Adam 把每个参数的步长除以其梯度的大小。现在 {rate} 的学习率意味着什么？"),
        ),
        vec![r"W \leftarrow W - \alpha\,\frac{\hat v}{\sqrt{\hat s} + \varepsilon}"],
        &(of_any + course),
    )
}

/// `optimization.8`: lower, or only smoother? By the numbers of both runs.
pub(super) fn momentum(experiment: &Experiment, lang: Lang) -> Lesson {
    let [plain, momentum] = ["gd", "momentum"].map(|key| experiment.run(key).1);
    let ends = [plain, momentum].map(|run| number(run.train.cost, 3));
    let jumps = [plain, momentum].map(|run| format!("{:.0} %", 100.0 * jump(run)));
    let recipe = &experiment.run("momentum").0.recipe;
    let beta = if let Optimizer::Momentum { beta } = recipe.optimizer { beta } else { 0.0 };
    let [averaged, delay] = [1.0 / (1.0 - beta), beta / (1.0 - beta)].map(|steps| number(steps, 3));
    let steps = steps(experiment, recipe);
    training(
        lang.choose(
            "Momentum follows a mean of about ten past gradients. Will its curve be lower, or only smoother?",
            "动量法沿着最近约十个梯度的平均前进。它的曲线会更低，还是只是更平滑？",
        ),
        vec![r"v \leftarrow \beta v + (1-\beta)\,\mathrm{d}W,\qquad W \leftarrow W - \alpha v"],
        &lang.choose(
            format!(
                "Gradient descent ends at a cost of {}, momentum at {}; the printed cost changes from record to record by {} and {}. Each \
                 gradient is used in full, spread over the steps that follow: (1 − β)(1 + β + β² + …) = 1. So momentum takes the same steps as \
                 gradient descent, on average β / (1 − β) = {delay} steps later: v averages about 1 / (1 − β) = {averaged} gradients, of which the newest is \
                 not late at all. What gradient descent has reached, momentum reaches {delay} steps later, and in a training of {steps} steps that \
                 is not seen, whatever the rate. The curves part where the rate is so large that the gradient turns from step to step: there an average \
                 of gradients is another step.",
                ends[0], ends[1], jumps[0], jumps[1]
            ),
            format!(
                "梯度下降的最终代价为 {}，动量法为 {}；打印的代价相邻两次平均变化 {} 与 {}。每个梯度都被用足，只是分摊到其后的各步：\
                 (1 − β)(1 + β + β² + …) = 1。因此动量法走的是与梯度下降相同的步子，只是平均晚 β / (1 − β) = {delay} 步：v 约平均 1 / (1 − β) = {averaged} 个梯度，其中最新的一个不晚。\
                 梯度下降到达之处，动量法晚 {delay} 步到达；在共 {steps} 步的训练中，无论学习率多大，这都看不出来。只有学习率大到梯度在相邻两步之间反向时，两条曲线才会分开：这时若干梯度的平均就是另一种步子。",
                ends[0], ends[1], jumps[0], jumps[1]
            ),
        ),
    )
}

/// How many steps a training takes.
fn steps(experiment: &Experiment, recipe: &Recipe) -> u64 {
    let m = experiment.data.train.examples();
    recipe.epochs * m.div_ceil(recipe.batch_of(m)) as u64
}

fn training(question: &str, formulas: Vec<&'static str>, look_at: &str) -> Lesson {
    Lesson {
        question: question.into(),
        formulas,
        look_at: look_at.into(),
        code: Some(Code { function: "step", file: "crates/engine/src/train/step.rs" }),
        maths: Some("optim"),
        ..Lesson::default()
    }
}
