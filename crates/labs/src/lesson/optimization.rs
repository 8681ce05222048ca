//! The lessons of the optimisation lab.

use nablab_report::{Block, Cell, Lang, Table, number};

use super::spelled::{steps, term};
use super::{Code, DIGITS, Lesson, Wrong};
use crate::experiment::Experiment;
use crate::optimization::jump;
use crate::optimization::test_cases::{BETA1, BETA2, EPSILON, RATE, inputs, layout};
use crate::record::{matrix_rows, matrix_table};
use nablab_engine::MatRef;

pub(super) fn lesson(id: &str, experiment: &Experiment, lang: Lang) -> Lesson {
    match id {
        "optimization.1" => gradient_descent(lang),
        "optimization.2" => mini_batches(lang),
        "optimization.3" => momentum(lang),
        "optimization.4" => adam_start(lang),
        "optimization.5" => adam(lang),
        "optimization.6" => Lesson {
            question: lang
                .choose(
                    "300 points in batches of 64: how many steps has an epoch, and how large is the last batch?",
                    "300 个点，每批 64 个：一轮有几步？最后一批有多大？",
                )
                .into(),
            formulas: vec![r"\lceil m / 64 \rceil,\qquad m - 64\,\lfloor m / 64 \rfloor"],
            computation: vec![Block::Formulas(
                [r"\lceil 300 / 64 \rceil = 5", r"300 - 4\cdot 64 = 44"].map(str::to_owned).to_vec(),
            )],
            look_at: lang
                .choose(
                    "The half circles overlap a little: no method can bring the cost to 0 with a smooth boundary.",
                    "两个半圆略有重叠：用平滑的边界，任何方法都无法把代价降到 0。",
                )
                .into(),
            ..Lesson::default()
        },
        "optimization.7" => training(
            lang.choose(
                "Gradient descent with a rate of 0.0007: how far does a parameter get in 10000 epochs?",
                "学习率为 0.0007 的梯度下降：10000 轮之后参数能走多远？",
            ),
            vec![r"W \leftarrow W - \alpha\,\mathrm{d}W"],
            lang.choose(
                "The end of the curve. Where it is still falling, the training has not converged: it has run out of epochs.",
                "曲线的末尾。如果仍在下降，训练就没有收敛，只是轮数用完了。",
            ),
        ),
        "optimization.8" => momentum_training(experiment, lang),
        "optimization.9" => training(
            lang.choose(
                "Adam divides each parameter's step by the size of its gradients. What does a rate of 0.0007 mean now?",
                "Adam 把每个参数的步长除以其梯度的大小。现在 0.0007 的学习率意味着什么？",
            ),
            vec![r"W \leftarrow W - \alpha\,\frac{\hat v}{\sqrt{\hat s} + \varepsilon}"],
            lang.choose(
                "A parameter moves by about α a step, however small its gradient is. So 0.0007 is a large step for Adam where it is a tiny one for gradient \
                 descent: that, not a better direction, is most of the difference here.",
                "无论梯度多小，参数每步都移动约 α。因此 0.0007 对梯度下降是极小的一步，对 Adam 却不小：这里的差别主要来自步长，而不是更好的方向。",
            ),
        ),
        _ => {
            debug_assert!(experiment.variants.is_empty(), "{id} has no lesson");
            Lesson::default()
        }
    }
}

/// `optimization.8`: lower, or only smoother? By the numbers of both runs.
fn momentum_training(experiment: &Experiment, lang: Lang) -> Lesson {
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
                 gradient descent, about β / (1 − β) = 9 steps later; where nine steps move a parameter but little, the delay changes nothing.",
                ends[0], ends[1], jumps[0], jumps[1]
            ),
            format!(
                "梯度下降的最终代价为 {}，动量法为 {}；打印的代价相邻两次平均变化 {} 与 {}。每个梯度都被用足，只是分摊到其后的各步：\
                 (1 − β)(1 + β + β² + …) = 1。因此动量法走的是与梯度下降相同的步子，只是平均晚 β / (1 − β) = 9 步；如果九步之内参数几乎没动，这点延迟就没有影响。",
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

/// Parameters and gradients before the step.
fn given(lang: Lang) -> Vec<Block> {
    let layout = layout();
    let (params, grads) = inputs(&layout);
    let table = |caption: &str, prefix: &str, flat: &[f64]| {
        let rows = layout.slots().iter().flat_map(|slot| {
            let matrix = MatRef::new(&flat[slot.range.clone()], slot.rows, slot.cols);
            matrix_rows(&format!("{prefix}{}", slot.name), matrix)
        });
        matrix_table(caption, rows.collect(), |k| format!("`[:, {k}]`"))
    };
    vec![
        table(lang.choose("Parameters before the step", "更新之前的参数"), "", &params),
        table(lang.choose("Gradients", "梯度"), "d", &grads),
    ]
}

/// W1[0, 0] and dW1[0, 0], the entry that is computed step by step.
fn entry() -> (f64, f64) {
    let (params, grads) = inputs(&layout());
    (params[0], grads[0])
}

/// What a mistake makes of W1[0, 0].
fn wrong(mistake: &str, right: f64, wrong: f64) -> Wrong {
    Wrong { mistake: mistake.to_owned(), name: "W1[0, 0]".into(), right, wrong }
}

/// `optimization.1`
fn gradient_descent(lang: Lang) -> Lesson {
    let (w, dw) = entry();
    let right = w - RATE * dw;
    Lesson {
        question: lang
            .choose(
                "The gradient says in which direction the cost grows fastest. Which way does the step go, and how far?",
                "梯度指出代价增长最快的方向。这一步朝哪里走？走多远？",
            )
            .into(),
        given: given(lang),
        formulas: vec![r"W \leftarrow W - \alpha\,\mathrm{d}W,\qquad b \leftarrow b - \alpha\,\mathrm{d}b,\qquad \alpha = 0.01"],
        computation: vec![steps(
            lang.choose("One entry", "一个元素"),
            vec![("`W1[0, 0]`".into(), r"w - \alpha\,\mathrm{d}w", format!("{} − 0.01 · {}", term(w), term(dw)), right)],
            lang,
        )],
        look_at: lang
            .choose(
                "All parameters move at once, each by its own gradient times the same rate.",
                "所有参数同时移动，各自移动“自己的梯度 × 同一个学习率”。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("+ in place of −: up the slope", "把 − 写成 +：走向高处"), right, w + RATE * dw),
            wrong(lang.choose("the rate is forgotten", "忘记乘学习率"), right, w - dw),
        ],
        code: Some(Code { function: "apply", file: "crates/engine/src/optim/mod.rs" }),
        maths: Some("optim"),
    }
}

/// `optimization.2`
fn mini_batches(lang: Lang) -> Lesson {
    let (m, size) = (148.0f64, 64.0f64);
    let wrong = |mistake: &str, name: &str, right: f64, wrong: f64| Wrong {
        mistake: mistake.into(),
        name: name.into(),
        right,
        wrong,
    };
    let batches = (m / size).ceil();
    Lesson {
        question: lang
            .choose(
                "148 examples do not divide into batches of 64. What happens to the rest, and why must X and Y be shuffled by the same permutation?",
                "148 个样本不能被 64 整除。剩下的怎么办？为什么 X 与 Y 必须按同一个排列打乱？",
            )
            .into(),
        formulas: vec![
            lang.choose(
                r"\text{batches} = \lceil m / 64 \rceil,\qquad \text{examples in the last} = m - 64\,(\lceil m / 64 \rceil - 1)",
                r"\text{批数} = \lceil m / 64 \rceil,\qquad \text{最后一批的样本数} = m - 64\,(\lceil m / 64 \rceil - 1)",
            ),
            lang.choose(
 r"X \leftarrow X_{\cdot\,\pi},\quad Y \leftarrow Y_{\cdot\,\pi}\quad\text{with one permutation } \pi",
 r"X \leftarrow X_{\cdot\,\pi},\quad Y \leftarrow Y_{\cdot\,\pi}\quad\text{同一个排列 } \pi"),
        ],
        computation: vec![Block::Formulas(
            [r"\lceil 148 / 64 \rceil = 3", r"148 - 64\cdot 2 = 20"].map(str::to_owned).to_vec(),
        )],
        look_at: lang
            .choose(
                "The last batch is smaller, and its mean is over its own 20 examples. Permuted apart, X and Y would no longer belong together: \
                 the network would learn labels of other examples, without any error message.",
                "最后一批较小，它的平均是对自己的 20 个样本取的。若 X 与 Y 分别打乱，它们就不再对应：网络会学习别的样本的标签，而不会有任何报错。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("the last batch is dropped", "丢掉最后一批"), lang.choose("examples seen", "用到的样本"), m, 2.0 * size),
            wrong(lang.choose("⌊m / 64⌋ batches", "⌊m / 64⌋ 批"), lang.choose("steps per epoch", "每轮步数"), batches, (m / size).floor()),
        ],
        code: Some(Code { function: "start_epoch", file: "crates/engine/src/batches.rs" }),
        maths: Some("optim"),
        ..Lesson::default()
    }
}

/// `optimization.3`
fn momentum(lang: Lang) -> Lesson {
    let (w, dw) = entry();
    let v = (1.0 - BETA1) * dw;
    let right = w - RATE * v;
    // The velocity after k equal gradients.
    let row = |k: i32| vec![Cell::Number(f64::from(k), 3), Cell::Number(1.0 - BETA1.powi(k), DIGITS)];
    Lesson {
        question: lang
            .choose(
                "The velocity begins at 0. How long is the first step compared with gradient descent's, and how long is it after many equal gradients?",
                "速度从 0 开始。第一步与梯度下降相比有多长？遇到许多相同的梯度之后又有多长？",
            )
            .into(),
        given: given(lang),
        formulas: vec![
            r"v \leftarrow \beta v + (1-\beta)\,\mathrm{d}W,\qquad W \leftarrow W - \alpha v,\qquad \beta = 0.9,\qquad \alpha = 0.01",
            lang.choose(
 r"v_k = (1-\beta)\sum_{i=0}^{k-1} \beta^i\,\mathrm{d}W_{k-i} = (1-\beta^k)\,\mathrm{d}W \quad\text{if all gradients are equal}",
 r"v_k = (1-\beta)\sum_{i=0}^{k-1} \beta^i\,\mathrm{d}W_{k-i} = (1-\beta^k)\,\mathrm{d}W \quad\text{若所有梯度相同}"),
        ],
        computation: vec![
            steps(
                lang.choose("One entry", "一个元素"),
                vec![
                    (
                        "`v.dW1[0, 0]`".into(),
                        r"\beta v + (1-\beta)\,\mathrm{d}w",
                        format!("0.9 · 0 + 0.1 · {}", term(dw)),
                        v,
                    ),
                    ("`W1[0, 0]`".into(), r"w - \alpha v", format!("{} − 0.01 · {}", term(w), term(v)), right),
                ],
                lang,
            ),
            Block::Table(Table {
                caption: lang.choose("The velocity after k equal gradients", "k 个相同梯度之后的速度").into(),
                columns: ["k", "\\(v_k / \\mathrm{d}W = 1 - 0.9^k\\)"].map(str::to_owned).to_vec(),
                rows: [1, 2, 5, 10, 20, 50].into_iter().map(row).collect(),
            }),
        ],
        look_at: lang
            .choose(
                "The first step is a tenth of gradient descent's; after twenty equal gradients the velocity is at 88 % of the gradient, and it never exceeds it. Where gradients point \
                 back and forth they cancel in v: that is what momentum is for.",
                "第一步只有梯度下降的十分之一；二十个相同的梯度之后速度达到梯度的 88 %，而且永远不会超过它。若梯度来回摆动，它们在 v 中互相抵消：这正是动量的用处。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("1 − β is forgotten", "忘记乘 1 − β"), right, w - RATE * dw),
            wrong(lang.choose("β and 1 − β are exchanged", "β 与 1 − β 弄反"), right, w - RATE * BETA1 * dw),
        ],
        code: Some(Code { function: "update", file: "crates/engine/src/optim/momentum.rs" }),
        maths: Some("optim"),
    }
}

/// `optimization.4`
fn adam_start(lang: Lang) -> Lesson {
    Lesson {
        question: lang
            .choose(
                "Adam keeps two means, both 0 at first. What would the first step be if nothing corrected that?",
                "Adam 保存两个平均值，开始时都是 0。如果不作修正，第一步会怎样？",
            )
            .into(),
        formulas: vec![
            r"v = 0,\quad s = 0,\qquad v \leftarrow \beta_1 v + (1-\beta_1)\,\mathrm{d}W,\qquad s \leftarrow \beta_2 s + (1-\beta_2)\,\mathrm{d}W^2",
        ],
        computation: vec![Block::Formulas(vec![
            r"t = 1:\quad v = (1-\beta_1)\,\mathrm{d}W,\quad s = (1-\beta_2)\,\mathrm{d}W^2".into(),
            r"\frac{v}{\sqrt s} = \frac{1-\beta_1}{\sqrt{1-\beta_2}}\cdot\frac{\mathrm{d}W}{|\mathrm{d}W|} = \pm\frac{0.1}{\sqrt{0.001}} \approx \pm 3.16"
                .into(),
            r"\frac{\hat v}{\sqrt{\hat s}} = \frac{v/(1-\beta_1)}{\sqrt{s/(1-\beta_2)}} = \pm 1".into(),
        ])],
        look_at: lang
            .choose(
                "Not corrected, the first step would be 3.16 times the rate, whatever the gradient is; corrected, it is the rate itself. Both means are kept for \
                 every parameter, so Adam keeps two numbers more for each parameter than gradient descent.",
                "不作修正时，无论梯度多大，第一步都是学习率的 3.16 倍；修正之后恰好是学习率。每个参数都要保存这两个平均值，因此 Adam 为每个参数比梯度下降多保存两个数。",
            )
            .into(),
        code: Some(Code { function: "new", file: "crates/engine/src/optim/adam.rs" }),
        maths: Some("optim"),
        ..Lesson::default()
    }
}

/// `optimization.5`
fn adam(lang: Lang) -> Lesson {
    let (w, dw) = entry();
    let (v, s) = ((1.0 - BETA1) * dw, (1.0 - BETA2) * dw * dw);
    let corrected = |t: i32| (v / (1.0 - BETA1.powi(t)), s / (1.0 - BETA2.powi(t)));
    let step = |(v, s): (f64, f64)| w - RATE * v / (s.sqrt() + EPSILON);
    let (v_hat, s_hat) = corrected(2);
    let right = step((v_hat, s_hat));
    Lesson {
        question: lang
            .choose(
                "v and s began at 0, so they are too small. By how much, and why does it matter more for s?",
                "v 与 s 从 0 开始，因此偏小。小多少？为什么对 s 的影响更大？",
            )
            .into(),
        given: given(lang),
        formulas: vec![
            r"\hat v = \frac{v}{1-\beta_1^t},\qquad \hat s = \frac{s}{1-\beta_2^t},\qquad W \leftarrow W - \alpha\,\frac{\hat v}{\sqrt{\hat s} + \varepsilon},\qquad t = 2",
        ],
        computation: vec![steps(
            lang.choose("One entry", "一个元素"),
            vec![
                ("`v.dW1[0, 0]`".into(), r"\beta_1 v + (1-\beta_1)\,\mathrm{d}w", format!("0.9 · 0 + 0.1 · {}", term(dw)), v),
                ("`s.dW1[0, 0]`".into(), r"\beta_2 s + (1-\beta_2)\,\mathrm{d}w^2", format!("0.999 · 0 + 0.001 · {}²", term(dw)), s),
                ("v̂".into(), r"v / (1-\beta_1^t)", format!("{} / (1 − 0.9²)", term(v)), v_hat),
                ("ŝ".into(), r"s / (1-\beta_2^t)", format!("{} / (1 − 0.999²)", term(s)), s_hat),
                (
                    "`W1[0, 0]`".into(),
                    r"w - \alpha\,\hat v / (\sqrt{\hat s} + \varepsilon)",
                    format!("{} − 0.01 · {} / (√{} + 1e-8)", term(w), term(v_hat), term(s_hat)),
                    right,
                ),
            ],
            lang,
        )],
        look_at: lang
            .choose(
                "The course's test case sets t = 2 while v and s are still 0; in a training the first step has t = 1. Not corrected, v is too small by the factor \
                 0.19 and s by 0.002, whose root is 0.045: at t = 2 the step would be 0.19 / 0.045 = 4.2 times as long, at t = 1 3.16 times. \
                 Divided by √ŝ, the gradient's size is gone: every parameter moves by about the rate.",
                "课程的算例在 v 与 s 仍为 0 时取 t = 2；真正训练时第一步是 t = 1。不作修正时，v 偏小为 0.19 倍，s 偏小为 0.002 倍，其平方根为 0.045：t = 2 时步长变为 0.19 / 0.045 = 4.2 倍，t = 1 时为 3.16 倍。除以 √ŝ 之后梯度的大小就消失了：每个参数移动约一个学习率。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("nothing corrected", "都没有修正"), right, step((v, s))),
            wrong(lang.choose("s not corrected", "s 没有修正"), right, step((v_hat, s))),
            wrong(lang.choose("t counted from 0, so 1 in place of 2", "t 从 0 数起：2 成了 1"), right, step(corrected(1))),
            wrong(lang.choose("s of |dW| in place of dW²", "s 用 |dW| 而不是 dW²"), right, {
                let s = (1.0 - BETA2) * dw.abs() / (1.0 - BETA2.powi(2));
                step((v_hat, s))
            }),
            wrong(lang.choose("no root of ŝ", "ŝ 没有开方"), right, w - RATE * v_hat / (s_hat + EPSILON)),
        ],
        code: Some(Code { function: "update", file: "crates/engine/src/optim/adam.rs" }),
        maths: Some("optim"),
    }
}
