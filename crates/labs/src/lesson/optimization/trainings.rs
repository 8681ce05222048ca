//! The lessons of the lab's data and trainings.

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
    training(
        &lang.choose(
            format!("Gradient descent with a rate of {rate}: how far does a parameter get in {epochs} epochs?"),
            format!("学习率为 {rate} 的梯度下降：{epochs} 轮之后参数能走多远？"),
        ),
        vec![r"W \leftarrow W - \alpha\,\mathrm{d}W"],
        lang.choose(
            "The end of the curve. Where it is still falling, the training has not converged: it has run out of epochs.",
            "曲线的末尾。如果仍在下降，训练就没有收敛，只是轮数用完了。",
        ),
    )
}

/// `optimization.9`
pub(super) fn adam(experiment: &Experiment, lang: Lang) -> Lesson {
    let rate = experiment.run("adam").0.recipe.learning_rate;
    let of_any = lang.choose(
        format!("A parameter moves by about α a step, however small its gradient is: for Adam {rate} is itself the length of a step, for gradient descent it is only the factor of a gradient."),
        format!("无论梯度多小，参数每步都移动约 α：对 Adam，{rate} 本身就是步长；对梯度下降，它只是梯度的系数。"),
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
                 gradient descent, about β / (1 − β) steps later; where these move a parameter but little, the delay changes nothing.",
                ends[0], ends[1], jumps[0], jumps[1]
            ),
            format!(
                "梯度下降的最终代价为 {}，动量法为 {}；打印的代价相邻两次平均变化 {} 与 {}。每个梯度都被用足，只是分摊到其后的各步：\
                 (1 − β)(1 + β + β² + …) = 1。因此动量法走的是与梯度下降相同的步子，只是平均晚 β / (1 − β) 步；如果这几步之内参数几乎没动，这点延迟就没有影响。",
                ends[0], ends[1], jumps[0], jumps[1]
            ),
        ),
    )
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
