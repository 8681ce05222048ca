//! The central difference: what it is, what it costs, how wide it should be, and where it fails.

use nablab_engine::gradcheck::{self, Context, EPSILON, Verdict};
use nablab_engine::{Layout, Role};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

fn central_difference(j: impl Fn(f64) -> f64, theta: f64, epsilon: f64) -> f64 {
    (j(theta + epsilon) - j(theta - epsilon)) / (2.0 * epsilon)
}

/// 3.1
pub(super) fn central(draw: &mut Draw) -> (Question, Work) {
    let power = draw.pick(3, &[3, 4]);
    let theta = draw.pick(2.0, &[1.0, 1.5, 2.0, 2.5]);
    let epsilon = draw.pick(0.5, &[0.4, 0.5, 0.8, 1.0]);
    let question = Question {
        title: Text::new("A central difference", "中心差分"),
        text: Text::new(
            format!(
                "J(θ) = θ^{power} at θ = {theta}. What is the central difference with ε = {epsilon}, as a gradient check computes it?"
            ),
            format!("J(θ) = θ^{power}，θ = {theta}。梯度检验所用的中心差分（ε = {epsilon}）是多少？"),
        ),
        given: String::new(),
        hint: Text::new(
            "(J(θ + ε) − J(θ − ε)) / 2ε. With so wide an ε it is not quite the derivative.",
            "(J(θ + ε) − J(θ − ε)) / 2ε。ε 这样大时，它与导数略有不同。",
        ),
        command: format!(
            "J = lambda theta: theta ** {power}\n(J({theta} + {epsilon}) - J({theta} - {epsilon})) / (2 * {epsilon})"
        ).into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Relative(0.003) },
    };
    let work = Work::new(move || {
        let j = |theta: f64| theta.powi(power);
        let difference = central_difference(j, theta, epsilon);
        let slope = f64::from(power) * theta.powi(power - 1);
        let [above, below, shown, error] =
            [j(theta + epsilon), j(theta - epsilon), difference, difference - slope].map(|v| number(v, 6));
        let tenth = central_difference(j, theta, epsilon / 10.0) - slope;
        Ok(Solution::number(difference)
            .because(
                format!("({above} − {below}) / {} = {shown}.", 2.0 * epsilon),
                format!("({above} − {below}) / {} = {shown}。", 2.0 * epsilon),
            )
            .because(
                format!("The derivative is {slope}; the difference is off by {error}. With a tenth of ε it would be off by {}: a hundredth.", number(tenth, 3)),
                format!("导数为 {slope}，相差 {error}。ε 取十分之一时只差 {}：约为百分之一。", number(tenth, 3)),
            )
            .not(slope, "That is the derivative, which the central difference is to be compared with.", "这是导数，是中心差分要与之比较的值。")
            .not(
                (j(theta + epsilon) - j(theta)) / epsilon,
                "That is the one-sided difference; the central one goes to both sides and is far more exact.",
                "这是单侧差分；中心差分取两侧，精确得多。",
            )
            .not(
                (j(theta) - j(theta - epsilon)) / epsilon,
                "That is the one-sided difference, to the left; the central one goes to both sides.",
                "这是向左的单侧差分；中心差分取两侧。",
            )
            .not(
                2.0 * difference,
                "The 2 is missing: from θ − ε to θ + ε it is 2ε.",
                "漏掉了 2：从 θ − ε 到 θ + ε 的距离是 2ε。",
            )
            .not(
                2.0 * epsilon * difference,
                "That is J(θ + ε) − J(θ − ε), not yet divided by 2ε.",
                "这是 J(θ + ε) − J(θ − ε)，还没有除以 2ε。",
            ))
    });
    (question, work)
}

/// 3.2
pub(super) fn evaluations(draw: &mut Draw) -> (Question, Work) {
    let sizes: [usize; 4] =
        draw.pick([4, 5, 3, 1], &[[2, 10, 5, 1], [3, 4, 2, 1], [2, 20, 3, 1], [5, 6, 4, 1], [4, 8, 2, 1]]);
    let shown = sizes.map(|size| size.to_string()).join("-");
    let question = Question {
        title: Text::new("What a check costs", "一次检验的计算量"),
        text: Text::new(
            format!(
                "The gradient of a network {shown} is checked with central differences, entry by entry. How often is the cost J evaluated for them?"
            ),
            format!("用中心差分逐个分量检验网络 {shown} 的梯度。为此要计算多少次代价 J？"),
        ),
        given: String::new(),
        hint: Text::new(
            "How many parameters does it have, biases included, and how many values of J does a difference need?",
            "网络共有多少个参数（含偏置）？一次差分需要几个 J 值？",
        ),
        command: format!("n = {sizes:?}\nsum(a * b + b for a, b in zip(n, n[1:]))").into(),
        expects: Expects::Number {
            unit: Unit::of("evaluations", "计算次数"), tolerance: Tolerance::EXACT
        },
    };
    let work = Work::new(move || {
        let layout = Layout::dense(&sizes);
        let n = layout.len();
        let calls = std::cell::Cell::new(0_usize);
        let j = |theta: f64| {
            calls.set(calls.get() + 1);
            theta
        };
        for _ in 0..n {
            central_difference(j, 0.0, EPSILON);
        }
        let calls = calls.get();
        let weights: usize =
            layout.slots().iter().filter(|slot| slot.role == Role::Weight).map(|slot| slot.range.len()).sum();
        Ok(Solution::number(calls as f64)
            .because(
                format!("{n} parameters, and J(θ + ε) and J(θ − ε) for each: 2 · {n} = {calls}."),
                format!("{n} 个参数，每个都要计算 J(θ + ε) 和 J(θ − ε)：2 · {n} = {calls}。"),
            )
            .because(
                "Backpropagation needs one pass forward and one back for all of them. So one checks a small network, once, and does not train so.",
                "而反向传播只需一次前向、一次反向就得到全部。所以只在小网络上检验一次，不用它来训练。",
            )
            .not(n as f64, "That is one for each parameter; a central difference needs two.", "这是每个参数一次；中心差分需要两次。")
            .not((n + 1) as f64, "That is for one-sided differences, which share J(θ).", "这是单侧差分的次数，它们共用 J(θ)。")
            .not((2 * weights) as f64, "That leaves out the biases.", "漏掉了偏置。")
            .not(2.0, "All entries cannot be moved at once: that gives one number, not a gradient.", "不能同时移动所有分量：那样只得到一个数，而不是梯度。")
            .not((4 * n) as f64, "That is four for each; a central difference needs two.", "这是每个四次；中心差分需要两次。"))
    });
    (question, work)
}

/// A function with its derivative, and its name in Python.
type Known = (&'static str, fn(f64) -> f64, fn(f64) -> f64, f64);

/// 3.5
pub(super) fn best_epsilon(draw: &mut Draw) -> (Question, Work) {
    const FUNCTIONS: [Known; 4] = [
        ("np.exp", f64::exp, f64::exp, 1.0),
        ("np.sin", f64::sin, f64::cos, 0.7),
        ("np.tanh", f64::tanh, |theta| 1.0 - theta.tanh().powi(2), 0.4),
        ("np.exp", f64::exp, f64::exp, 1.7),
    ];
    const POWERS: [i32; 6] = [-1, -3, -5, -8, -11, -13];
    let (name, j, slope, theta) = draw.pick(FUNCTIONS[0], &FUNCTIONS);
    // Some of them, always with the middle one.
    let left_out = draw.pick(4, &[0, 1, 3, 4]);
    let powers: Vec<i32> = (0..POWERS.len()).filter(|&i| i != left_out).map(|i| POWERS[i]).collect();
    let words: Vec<String> = powers.iter().map(|power| format!("1e{power}")).collect();
    let question = Question {
        title: Text::new("The best ε", "最好的 ε"),
        text: Text::new(
            format!(
                "J = {name}, θ = {theta}, computed with 16 digits (float64). With which of these ε is the central difference nearest to the derivative?"
            ),
            format!(
                "J = {name}，θ = {theta}，用 16 位有效数字（float64）计算。取下列哪个 ε 时，中心差分最接近导数？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Two errors: that of the formula falls as ε², that of round-off grows as 1e-16 / ε. Where do they meet?",
            "两种误差：公式的误差随 ε² 减小，舍入误差按 1e-16 / ε 增大。两者在哪里相遇？",
        ),
        command: format!(
            "for e in [{}]:\n    print(e, ({name}({theta} + e) - {name}({theta} - e)) / (2 * e))",
            words.join(", ")
        )
        .into(),
        expects: Expects::Choice(words.iter().map(|word| Text::new(word, word)).collect()),
    };
    let work = Work::new(move || {
        let error = |power: i32| (central_difference(j, theta, 10_f64.powi(power)) - slope(theta)).abs();
        let errors: Vec<f64> = powers.iter().map(|&power| error(power)).collect();
        let best = (0..errors.len()).min_by(|&a, &b| errors[a].total_cmp(&errors[b])).unwrap_or(0);
        let shown = number(errors[best], 2);
        let mut solution = Solution::choice(best).because(
            format!("With ε = 1e{} the error is {shown}. It lies near the cube root of 1e-16, where both errors are as large.", powers[best]),
            format!("ε = 1e{} 时误差为 {shown}。它接近 1e-16 的立方根，在那里两种误差相当。", powers[best]),
        );
        for (choice, power) in powers.iter().enumerate().filter(|(choice, _)| *choice != best) {
            let there = number(errors[choice], 2);
            let sentence = match *power > powers[best] {
                true => Text::new(
                    format!(
                        "There the error is {there}: ε is so wide that the curve bends between the two points."
                    ),
                    format!("那里的误差为 {there}：ε 太大，曲线在两点之间已经弯曲。"),
                ),
                false => Text::new(
                    format!(
                        "There the error is {there}: the two values of J agree in nearly all digits, and round-off is what is left."
                    ),
                    format!("那里的误差为 {there}：两个 J 值几乎所有位都相同，剩下的主要是舍入误差。"),
                ),
            };
            solution = solution.not_choice(choice, sentence);
        }
        Ok(solution)
    });
    (question, work)
}

/// 3.8
pub(super) fn kink(draw: &mut Draw) -> (Question, Work) {
    let hundredths = draw.pick(20.0, &[-60.0, -40.0, -30.0, 30.0, 40.0, 60.0, 70.0]);
    let theta = hundredths / 100.0 * EPSILON;
    let shown = number(theta, 3).replace('−', "-");
    let question = Question {
        title: Text::new("At the corner of relu", "在 relu 的折点处"),
        text: Text::new(
            format!(
                "J(θ) = relu(θ) is checked at θ = {shown} with ε = 1e-7. What is the central difference?"
            ),
            format!("在 θ = {shown} 处检验 J(θ) = relu(θ)，ε = 1e-7。中心差分是多少？"),
        ),
        given: String::new(),
        hint: Text::new("On which side of 0 is θ − ε, on which θ + ε?", "θ − ε 在 0 的哪一侧？θ + ε 呢？"),
        command: format!(
            "relu = lambda t: max(t, 0.0)\n(relu({shown} + 1e-7) - relu({shown} - 1e-7)) / 2e-7"
        )
        .into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Absolute(0.005) },
    };
    let work = Work::new(move || {
        let relu = |theta: f64| theta.max(0.0);
        let slope = f64::from(u8::from(theta > 0.0));
        let layout = Layout::vector("theta", 1);
        let report = gradcheck::check_with(&layout, &[theta], &[slope], Context::default(), |theta| {
            (relu(theta[0]), u64::from(theta[0] > 0.0))
        })
        .expect("relu is the same twice and finite");
        let component = &report.components[0];
        let difference = component.numeric;
        let verdict = match component.verdict {
            Verdict::Kink => Text::new("a kink, where nothing can be said", "“折点”，无法判断"),
            _ => Text::new("no kink", "不是折点"),
        };
        let shown = number(difference, 3);
        Ok(Solution::number(difference)
            .because(
                format!("(relu(θ + ε) − relu(θ − ε)) / 2ε = (θ + ε − 0) / 2ε = {shown}, though the derivative is {slope}."),
                format!("(relu(θ + ε) − relu(θ − ε)) / 2ε = (θ + ε − 0) / 2ε = {shown}，而导数是 {slope}。"),
            )
            .because(
                format!("The gradient is right, and the check disagrees. nablab looks at which side each point is on and calls it {}.", verdict.en),
                format!("梯度是正确的，检验却不一致。nablab 会看两点各在哪一侧，并称之为{}。", verdict.zh),
            )
            .not(slope, "That is the derivative; the difference sees both sides of the corner.", "这是导数；差分同时看到折点的两侧。")
            .not(1.0 - slope, "That is the slope on the other side of 0.", "这是 0 另一侧的斜率。")
            .not(0.5, "That is so exactly at θ = 0.", "恰在 θ = 0 处才如此。")
            .not(
                2.0 * difference,
                "The 2 is missing: from θ − ε to θ + ε it is 2ε.",
                "漏掉了 2：从 θ − ε 到 θ + ε 的距离是 2ε。",
            )
            .not(
                1.0 - difference,
                "That is the share of the way on the side where relu is 0.",
                "这是 relu 为 0 的那一侧所占的比例。",
            ))
    });
    (question, work)
}
