//! The lessons of the optimisation lab: the rules, step by step.

mod trainings;

use nablab_report::{Block, Cell, Lang, Table, number};

use super::spelled::{steps, term};
use super::{Code, DIGITS, Lesson, Wrong};
use crate::experiment::Experiment;
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
        "optimization.6" => trainings::data(experiment, lang),
        "optimization.7" => trainings::gradient_descent(experiment, lang),
        "optimization.8" => trainings::momentum(experiment, lang),
        "optimization.9" => trainings::adam(experiment, lang),
        _ => {
            debug_assert!(experiment.variants.is_empty(), "{id} has no lesson");
            Lesson::default()
        }
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

/// 1 − β, as it is written.
fn rest(beta: f64) -> String {
    number(1.0 - beta, 3)
}

/// How many times as long Adam's step is at t where neither mean is corrected: (1 − β₁ᵗ) / √(1 − β₂ᵗ).
fn uncorrected(t: i32) -> String {
    number((1.0 - BETA1.powi(t)) / (1.0 - BETA2.powi(t)).sqrt(), 3)
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
        formulas: vec![r"W \leftarrow W - \alpha\,\mathrm{d}W,\qquad b \leftarrow b - \alpha\,\mathrm{d}b"],
        computation: vec![steps(
            &lang.choose(format!("One entry, with α = {RATE}"), format!("一个元素，α = {RATE}")),
            vec![("`W1[0, 0]`".into(), r"w - \alpha\,\mathrm{d}w", format!("{} − {RATE} · {}", term(w), term(dw)), right)],
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
    let last = m - size * (batches - 1.0);
    Lesson {
        question: lang
            .choose(
                format!("{m} examples do not divide into batches of {size}. What happens to the rest, and why must X and Y be shuffled by the same permutation?"),
                format!("{m} 个样本不能被 {size} 整除。剩下的怎么办？为什么 X 与 Y 必须按同一个排列打乱？"),
            ),
        formulas: vec![
            lang.choose(
                r"\text{batches} = \lceil m / B \rceil,\qquad \text{examples in the last} = m - B\,(\lceil m / B \rceil - 1)",
                r"\text{批数} = \lceil m / B \rceil,\qquad \text{最后一批的样本数} = m - B\,(\lceil m / B \rceil - 1)",
            ),
            lang.choose(
                r"X \leftarrow X_{\cdot\,\pi},\quad Y \leftarrow Y_{\cdot\,\pi}\quad\text{with one permutation } \pi",
                r"X \leftarrow X_{\cdot\,\pi},\quad Y \leftarrow Y_{\cdot\,\pi}\quad\text{同一个排列 } \pi"),
        ],
        computation: vec![Block::Formulas(vec![
            format!(r"\lceil {m} / {size} \rceil = {batches}"),
            format!(r"{m} - {size}\cdot {} = {last}", batches - 1.0),
        ])],
        look_at: lang
            .choose(
                format!("The last batch is smaller, and its mean is over its own {last} examples. Permuted apart, X and Y would no longer belong together: \
                 the network would learn labels of other examples, without any error message."),
                format!("最后一批较小，它的平均是对自己的 {last} 个样本取的。若 X 与 Y 分别打乱，它们就不再对应：网络会学习别的样本的标签，而不会有任何报错。"),
            ),
        if_wrong: vec![
            wrong(lang.choose("the last batch is dropped", "丢掉最后一批"), lang.choose("examples seen", "用到的样本"), m, 2.0 * size),
            wrong(lang.choose("⌊m / B⌋ batches", "⌊m / B⌋ 批"), lang.choose("steps per epoch", "每轮步数"), batches, (m / size).floor()),
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
    const MANY: i32 = 20;
    let after = number(100.0 * (1.0 - BETA1.powi(MANY)), 2);
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
            r"v \leftarrow \beta v + (1-\beta)\,\mathrm{d}W,\qquad W \leftarrow W - \alpha v",
        ],
        computation: vec![
            steps(
                &lang.choose(format!("One entry, with β = {BETA1}, α = {RATE}"), format!("一个元素，β = {BETA1}，α = {RATE}")),
                vec![
                    (
                        "`v.dW1[0, 0]`".into(),
                        r"\beta v + (1-\beta)\,\mathrm{d}w",
                        format!("{BETA1} · 0 + {} · {}", rest(BETA1), term(dw)),
                        v,
                    ),
                    ("`W1[0, 0]`".into(), r"w - \alpha v", format!("{} − {RATE} · {}", term(w), term(v)), right),
                ],
                lang,
            ),
            Block::Formulas(vec![
                lang.choose(
                    r"v_k = (1-\beta)\sum_{i=0}^{k-1} \beta^i\,\mathrm{d}W_{k-i} = (1-\beta^k)\,\mathrm{d}W \quad\text{if all gradients are equal}",
                    r"v_k = (1-\beta)\sum_{i=0}^{k-1} \beta^i\,\mathrm{d}W_{k-i} = (1-\beta^k)\,\mathrm{d}W \quad\text{若所有梯度相同}",
                )
                .to_owned(),
            ]),
            Block::Table(Table {
                caption: lang.choose("The velocity after k equal gradients", "k 个相同梯度之后的速度").into(),
                columns: ["k", "\\(v_k / \\mathrm{d}W = 1 - \\beta^k\\)"].map(str::to_owned).to_vec(),
                rows: [1, 2, 5, 10, MANY, 50].into_iter().map(row).collect(),
            }),
        ],
        look_at: lang
            .choose(
                format!("The first step is {} of gradient descent's; after {MANY} equal gradients the velocity is at {after} % of the gradient, and it never exceeds it. Where gradients point \
                 back and forth they cancel in v: that is what momentum is for.", rest(BETA1)),
                format!("第一步只有梯度下降的 {} 倍；{MANY} 个相同的梯度之后速度达到梯度的 {after} %，而且永远不会超过它。若梯度来回摆动，它们在 v 中互相抵消：这正是动量的用处。", rest(BETA1)),
            ),
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
    let (of_v, of_s, longer) = (rest(BETA1), rest(BETA2), uncorrected(1));
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
            format!(
                r"\frac{{v}}{{\sqrt s}} = \frac{{1-\beta_1}}{{\sqrt{{1-\beta_2}}}}\cdot\frac{{\mathrm{{d}}W}}{{|\mathrm{{d}}W|}} = \pm\frac{{{of_v}}}{{\sqrt{{{of_s}}}}} \approx \pm {longer}"
            ),
            r"\frac{\hat v}{\sqrt{\hat s}} = \frac{v/(1-\beta_1)}{\sqrt{s/(1-\beta_2)}} = \pm 1".into(),
        ])],
        look_at: lang
            .choose(
                format!("Not corrected, the first step would be {longer} times the rate, whatever the gradient is; corrected, it is the rate itself. Both means are kept for \
                 every parameter, so Adam keeps two numbers more for each parameter than gradient descent."),
                format!("不作修正时，无论梯度多大，第一步都是学习率的 {longer} 倍；修正之后恰好是学习率。每个参数都要保存这两个平均值，因此 Adam 为每个参数比梯度下降多保存两个数。"),
            ),
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
    let [short_v, short_s] = [BETA1, BETA2].map(|beta| number(1.0 - beta.powi(2), 2));
    let root = number((1.0 - BETA2.powi(2)).sqrt(), 2);
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
            &lang.choose(
                format!("One entry, with β₁ = {BETA1}, β₂ = {BETA2}, ε = {EPSILON:e}, α = {RATE}"),
                format!("一个元素，β₁ = {BETA1}，β₂ = {BETA2}，ε = {EPSILON:e}，α = {RATE}"),
            ),
            vec![
                ("`v.dW1[0, 0]`".into(), r"\beta_1 v + (1-\beta_1)\,\mathrm{d}w", format!("{BETA1} · 0 + {} · {}", rest(BETA1), term(dw)), v),
                ("`s.dW1[0, 0]`".into(), r"\beta_2 s + (1-\beta_2)\,\mathrm{d}w^2", format!("{BETA2} · 0 + {} · {}²", rest(BETA2), term(dw)), s),
                ("v̂".into(), r"v / (1-\beta_1^t)", format!("{} / (1 − {BETA1}²)", term(v)), v_hat),
                ("ŝ".into(), r"s / (1-\beta_2^t)", format!("{} / (1 − {BETA2}²)", term(s)), s_hat),
                (
                    "`W1[0, 0]`".into(),
                    r"w - \alpha\,\hat v / (\sqrt{\hat s} + \varepsilon)",
                    format!("{} − {RATE} · {} / (√{} + {EPSILON:e})", term(w), term(v_hat), term(s_hat)),
                    right,
                ),
            ],
            lang,
        )],
        look_at: lang
            .choose(
                format!("The course's test case sets t = 2 while v and s are still 0; in a training the first step has t = 1. Not corrected, v is too small by the factor \
                 {short_v} and s by {short_s}, whose root is {root}: at t = 2 the step would be {short_v} / {root} = {} times as long, at t = 1 {} times. \
                 Divided by √ŝ, the gradient's size is gone: every parameter moves by about the rate.", uncorrected(2), uncorrected(1)),
                format!("课程的算例在 v 与 s 仍为 0 时取 t = 2；真正训练时第一步是 t = 1。不作修正时，v 只有应有值的 {short_v} 倍，s 只有 {short_s} 倍，其平方根为 {root}：t = 2 时步长变为 {short_v} / {root} = {} 倍，t = 1 时为 {} 倍。除以 √ŝ 之后梯度的大小就消失了：每个参数移动约一个学习率。", uncorrected(2), uncorrected(1)),
            ),
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
