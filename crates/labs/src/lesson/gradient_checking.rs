//! The lessons of the gradient-checking lab.

use nablab_engine::gradcheck::EPSILON;
use nablab_report::figure::{Axis, CURVE, Figure, Layer, Stroke};
use nablab_report::{Block, Cell, Lang, Table, number};

use super::spelled::{beside, of_examples, of_units, steps_to};
use super::{Code, Lesson, Wrong};
use crate::by_hand::{Mistake, Planted, Problem, backward, gradient, relative_difference};
use crate::gradient_checking::problem;

pub(super) fn lesson(id: &str, lang: Lang) -> Lesson {
    match id {
        "gradient-checking.1" => one_dimension(lang),
        "gradient-checking.2" => network(lang),
        "gradient-checking.bug" => Lesson {
            question: lang
                .choose(
                    "Somebody's backward pass is checked. Which formula is wrong, and how do the numbers show it?",
                    "检验某人的反向传播。哪个公式错了？数值是怎样显示出来的？",
                )
                .into(),
            look_at: lang
                .choose(
                    "The mistake lies in the wrong matrix that is nearest to the output: what comes after it in the backward pass is computed from it. Then look at the ratio of both columns: the same for all entries, for a row, or for none.",
                    "错误位于最靠近输出层的那个错误矩阵：反向传播中在它之后的都由它算出。再看两列之比：所有分量相同、某一行相同，还是毫无规律。",
                )
                .into(),
            maths: Some("gradcheck"),
            ..Lesson::default()
        },
        _ => Lesson::default(),
    }
}

/// `gradient-checking.1`: J(θ) = x θ with x = 2 at θ = 4.
fn one_dimension(lang: Lang) -> Lesson {
    let (x, theta) = (2.0, 4.0);
    let (plus, minus) = (x * (theta + EPSILON), x * (theta - EPSILON));
    let numeric = (plus - minus) / (2.0 * EPSILON);
    let difference = |derivative: f64| relative_difference(&[derivative], &[numeric]);
    let wrong = |mistake: &str, derivative: f64| Wrong {
        mistake: mistake.into(),
        name: lang.choose("relative difference", "相对差").into(),
        right: difference(x),
        wrong: difference(derivative),
    };
    Lesson {
        question: lang
            .choose(
                "You have derived dJ/dθ on paper. How can the function J alone tell whether you are right?",
                "你在纸上推出了 dJ/dθ。只靠函数 J 本身，怎样判断推得对不对？",
            )
            .into(),
        formulas: vec![
            r"J(\theta) = x\,\theta,\qquad \frac{\mathrm{d}J}{\mathrm{d}\theta} = x,\qquad \hat g = \frac{J(\theta+\varepsilon) - J(\theta-\varepsilon)}{2\varepsilon}",
            lang.choose(
                r"\text{relative difference} = \frac{\lVert g - \hat g\rVert}{\lVert g\rVert + \lVert\hat g\rVert}",
                r"\text{相对差} = \frac{\lVert g - \hat g\rVert}{\lVert g\rVert + \lVert\hat g\rVert}"),
        ],
        computation: vec![steps_to(
            12,
            lang.choose("Step by step, with x = 2, θ = 4, ε = 1e-7", "逐步计算：x = 2，θ = 4，ε = 1e-7"),
            vec![
                ("J₊".into(), r"J(\theta+\varepsilon)", "2 · 4.0000001".into(), plus),
                ("J₋".into(), r"J(\theta-\varepsilon)", "2 · 3.9999999".into(), minus),
                ("ĝ".into(), r"(J_+ - J_-)/2\varepsilon", format!("({} − {}) / 2e-7", number(plus, 9), number(minus, 9)), numeric),
                (
                    lang.choose("relative difference", "相对差").into(),
                    r"|g-\hat g|/(|g|+|\hat g|)",
                    format!("|2 − {}| / (2 + {})", number(numeric, 12), number(numeric, 12)),
                    difference(x),
                ),
            ],
            lang,
        )],
        look_at: lang
            .choose(
                "J is linear, so the central difference would be exactly 2 without rounding. What is left, some 1e-10, is round-off: J is known to \
                 16 digits, and the difference of two nearly equal numbers loses seven of them.",
                "J 是线性的，不考虑舍入时中心差分恰好等于 2。剩下的约 1e-10 是舍入误差：J 只有 16 位有效数字，两个几乎相等的数相减会损失其中七位。",
            )
            .into(),
        if_wrong: vec![
            wrong(lang.choose("dJ/dθ = θ: the derivative with respect to x", "dJ/dθ = θ：对 x 求了导"), theta),
            wrong(lang.choose("dJ/dθ = 2x", "dJ/dθ = 2x"), 2.0 * x),
            wrong(lang.choose("dJ/dθ = −x", "dJ/dθ = −x"), -x),
        ],
        code: Some(Code { function: "check", file: "crates/engine/src/gradcheck/mod.rs" }),
        maths: Some("gradcheck"),
        ..Lesson::default()
    }
}

/// `gradient-checking.2`
fn network(lang: Lang) -> Lesson {
    let problem = problem();
    let right = flat(&problem, &[]);
    let count = right.len();
    let numeric = |epsilon: f64| problem.numeric_gradient(epsilon);
    let at_course = numeric(EPSILON);
    let agrees = relative_difference(&right, &at_course);
    let wrong = |planted: Planted| Wrong {
        mistake: planted.words(lang),
        name: lang.choose("relative difference", "相对差").into(),
        right: agrees,
        wrong: relative_difference(&flat(&problem, &[planted]), &at_course),
    };
    let at = |mistake, layer| wrong(Planted { mistake, layer });
    let [l1, l2, l3] = [0, 1, 2].map(|l| &problem.layers[l]);
    let layers = [("W1", &l1.w, "b1", &l1.b), ("W2", &l2.w, "b2", &l2.b), ("W3", &l3.w, "b3", &l3.b)];
    Lesson {
        question: lang
            .choose(
                format!("A network has {count} parameters. The check gives one number for all of them. What can that number hide?"),
                format!("网络有 {count} 个参数，而检验只给出一个数。这个数可能掩盖什么？"),
            ),
        given: vec![
            of_examples(lang.choose("Examples", "样本"), &[("X", &problem.x), ("Y", &problem.y)], lang),
            of_units(lang.choose("Parameters, a row per unit", "参数，每行一个单元"), &layers, lang),
        ],
        formulas: vec![
            r"\hat g_i = \frac{J(\theta + \varepsilon e_i) - J(\theta - \varepsilon e_i)}{2\varepsilon},\qquad i = 1, \ldots, n",
            lang.choose(
                r"\text{relative difference} = \frac{\lVert g - \hat g\rVert_2}{\lVert g\rVert_2 + \lVert\hat g\rVert_2}",
                r"\text{相对差} = \frac{\lVert g - \hat g\rVert_2}{\lVert g\rVert_2 + \lVert\hat g\rVert_2}"),
        ],
        computation: vec![
            beside(
                &[
                    (
                        r"Z^{[1]} = W^{[1]}X + b^{[1]}",
                        r"\mathrm{d}W^{[1]} = \tfrac1m\,\mathrm{d}Z^{[1]}X^{\mathsf T},\quad \mathrm{d}b^{[1]} = \tfrac1m\sum_j \mathrm{d}Z^{[1]}_{\cdot j}",
                    ),
                    (
                        r"A^{[1]} = \operatorname{relu}(Z^{[1]})",
                        r"\mathrm{d}Z^{[1]} = W^{[2]\mathsf T}\mathrm{d}Z^{[2]} \circ [\,Z^{[1]} > 0\,]",
                    ),
                    (
                        r"Z^{[2]} = W^{[2]}A^{[1]} + b^{[2]}",
                        r"\mathrm{d}W^{[2]} = \tfrac1m\,\mathrm{d}Z^{[2]}A^{[1]\mathsf T},\quad \mathrm{d}b^{[2]} = \tfrac1m\sum_j \mathrm{d}Z^{[2]}_{\cdot j}",
                    ),
                    (
                        r"A^{[2]} = \operatorname{relu}(Z^{[2]})",
                        r"\mathrm{d}Z^{[2]} = W^{[3]\mathsf T}\mathrm{d}Z^{[3]} \circ [\,Z^{[2]} > 0\,]",
                    ),
                    (
                        r"Z^{[3]} = W^{[3]}A^{[2]} + b^{[3]}",
                        r"\mathrm{d}W^{[3]} = \tfrac1m\,\mathrm{d}Z^{[3]}A^{[2]\mathsf T},\quad \mathrm{d}b^{[3]} = \tfrac1m\sum_j \mathrm{d}Z^{[3]}_{\cdot j}",
                    ),
                    (r"A^{[3]} = \sigma(Z^{[3]})", r"\mathrm{d}Z^{[3]} = A^{[3]} - Y"),
                ],
                lang,
            ),
            the_loop(&problem, lang),
            Block::Figures(vec![error_over_epsilon(&right, &numeric, lang)]),
        ],
        look_at: lang
            .choose(
                "Here a right gradient lies above 1e-7. Elsewhere a wrong one lies below, where the wrong entries are small beside all others: so no threshold on one number \
                 fits all. A check of each component says \
                 where the mistake is and what it does: a factor, a sign, a transposed matrix.",
                "这里一个正确的梯度高于 1e-7。在别处，如果错误的分量与其余相比很小，一个错误的梯度也会低于它：所以对这一个数没有适合一切的阈值。逐个分量检验才能说出错在哪里、错成什么样：多了因子、反了符号、转置了矩阵。",
            )
            .into(),
        if_wrong: vec![
            at(Mistake::MeanMissing, 1),
            at(Mistake::BiasMeanMissing, 0),
            at(Mistake::BiasMeanMissing, 2),
            at(Mistake::Sign, 2),
            at(Mistake::OutputDerivative, 2),
            at(Mistake::DerivativeMissing, 0),
            at(Mistake::ReluOfGradient, 1),
            at(Mistake::InputBeforeActivation, 1),
        ],
        code: Some(Code { function: "check", file: "crates/engine/src/gradcheck/mod.rs" }),
        maths: Some("gradcheck"),
    }
}

/// The gradient as the check sees it: one long vector.
fn flat(problem: &Problem, planted: &[Planted]) -> Vec<f64> {
    let gradients = backward(problem, &problem.forward(), planted);
    gradient(&gradients).iter().flat_map(|(_, matrix)| matrix.entries().to_vec()).collect()
}

/// The loop over θ, shown for the weight of each layer on which the cost depends most.
fn the_loop(problem: &Problem, lang: Lang) -> Block {
    let (right, numeric) = (flat(problem, &[]), problem.numeric_gradient(EPSILON));
    let mut start = 0;
    let mut rows = Vec::new();
    for (l, layer) in problem.layers.iter().enumerate() {
        let (count, cols) = (layer.w.entries().len(), layer.w.cols());
        let steepest = (0..count).max_by(|&a, &b| right[start + a].abs().total_cmp(&right[start + b].abs()));
        let k = steepest.unwrap_or_default();
        let i = start + k;
        let name = format!("`W{}[{}, {}]` = {}", l + 1, k / cols, k % cols, number(layer.w.entries()[k], 5));
        let numbers = [
            (problem.cost_moved(i, EPSILON), 12),
            (problem.cost_moved(i, -EPSILON), 12),
            (numeric[i], 9),
            (right[i], 9),
        ];
        let cells = numbers.map(|(value, digits)| Cell::Number(value, digits));
        rows.push(std::iter::once(Cell::text(name)).chain(cells).collect());
        start += count + layer.b.entries().len();
    }
    let columns = lang.choose(
        [
            "Moved by ε = 1e-7",
            "\\(J_+\\)",
            "\\(J_-\\)",
            "\\(\\hat g_i = (J_+ - J_-)/2\\varepsilon\\)",
            "\\(g_i\\) of the backward pass",
        ],
        [
            "移动 ε = 1e-7",
            "\\(J_+\\)",
            "\\(J_-\\)",
            "\\(\\hat g_i = (J_+ - J_-)/2\\varepsilon\\)",
            "反向传播的 \\(g_i\\)",
        ],
    );
    let caption = lang
        .choose("The loop over the parameters, for one weight of each layer", "对参数的循环，每层取一个权重");
    Block::Table(Table { caption: caption.into(), columns: columns.map(str::to_owned).to_vec(), rows })
}

/// The relative difference of the right gradient over ε: truncation to the right, round-off to the left.
fn error_over_epsilon(right: &[f64], numeric: &dyn Fn(f64) -> Vec<f64>, lang: Lang) -> Figure {
    let epsilons = (0..=28).map(|k| 10f64.powf(-14.0 + 0.5 * f64::from(k)));
    let points: Vec<_> =
        epsilons.map(|epsilon| (epsilon, relative_difference(right, &numeric(epsilon)))).collect();
    let lowest = points.iter().map(|(_, error)| *error).fold(f64::INFINITY, f64::min);
    let course = relative_difference(right, &numeric(EPSILON));
    let mut layers =
        Layer::curve(Some(lang.choose("right gradient", "正确的梯度")), points, CURVE, Stroke::Solid);
    layers.push(Layer::Mark { at: EPSILON, label: "ε = 1e-7".into() });
    let axis = |label: &str| Axis { log: true, ..Axis::labelled(label) };
    Figure {
        name: "gradient-checking-epsilon".into(),
        x: axis("ε"),
        y: axis(lang.choose("relative difference", "相对差")),
        layers,
        caption: lang.choose(
            format!(
                "The same right gradient, checked with other ε. On the left round-off grows like 1/ε, on the right truncation like ε². At the \
                 course's 1e-7 it is {}; the least of all these is {}.",
                number(course, 3),
                number(lowest, 2)
            ),
            format!(
                "同一个正确的梯度，用不同的 ε 检验。左侧舍入误差按 1/ε 增长，右侧截断误差按 ε² 增长。课程的 1e-7 处为 {}；其中最小的是 {}。",
                number(course, 3),
                number(lowest, 2)
            ),
        ),
        ..Figure::default()
    }
}
