//! The one number ‖g − ĝ‖ / (‖g‖ + ‖ĝ‖), and what it does not see.

use nablab_report::number;

use crate::by_hand::relative_difference;
use crate::exercises::draw::{Draw, rounded};
use crate::exercises::exercise::Work;
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};

fn norm(vector: &[f64]) -> f64 {
    vector.iter().map(|v| v * v).sum::<f64>().sqrt()
}

fn listed(vector: &[f64]) -> String {
    let entries: Vec<_> = vector.iter().map(ToString::to_string).collect();
    format!("np.array([{}])", entries.join(", "))
}

/// 3.3
pub(super) fn difference(draw: &mut Draw) -> (Question, Work) {
    let off = draw.pick(0.4, &[0.3, 0.5, 0.6, 0.8]);
    let numeric: Vec<f64> = (0..3).map(|_| rounded(0.3 + 2.0 * draw.rng().uniform(), 1)).collect();
    let mut analytic = numeric.clone();
    let entry = draw.below(3);
    analytic[entry] = rounded(analytic[entry] + off, 1);
    let question = Question {
        title: Text::new("The relative difference", "相对差"),
        text: Text::new(
            "g is the gradient from backpropagation, h that from central differences. What is the course's relative difference of the two?",
            "g 是反向传播得到的梯度，h 是中心差分得到的梯度。课程所用的相对差是多少？",
        ),
        given: format!("g = {}\nh = {}", listed(&analytic), listed(&numeric)),
        hint: Text::new(
            "‖g − h‖ / (‖g‖ + ‖h‖), with ‖v‖ = √Σv².",
            "公式：‖g − h‖ / (‖g‖ + ‖h‖)，其中 ‖v‖ = √Σv²。",
        ),
        command: "norm = np.linalg.norm\nnorm(g - h) / (norm(g) + norm(h))".to_owned().into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let difference = relative_difference(&analytic, &numeric);
        let apart: Vec<f64> = analytic.iter().zip(&numeric).map(|(a, b)| a - b).collect();
        let (above, of_g, of_h) = (norm(&apart), norm(&analytic), norm(&numeric));
        let sizes = |vector: &[f64]| vector.iter().map(|v| v.abs()).sum::<f64>();
        let [shown, above_shown, g, h] = [difference, above, of_g, of_h].map(|v| number(v, 4));
        Ok(Solution::number(difference)
            .because(
                format!("{above_shown} / ({g} + {h}) = {shown}."),
                format!("结果：{above_shown} / ({g} + {h}) = {shown}。"),
            )
            .because(
                "It is 0 where both agree, and never more than 1. The course asks for less than 1e-7.",
                "两者一致时为 0，最大为 1。课程要求小于 1e-7。",
            )
            .not(
                above,
                "That is ‖g − h‖, not yet divided: it would grow with the gradient.",
                "这是 ‖g − h‖，还没有除：它会随梯度的大小变化。",
            )
            .not(
                above / of_g,
                "That is divided by ‖g‖ alone; the course has the sum of both norms.",
                "这里只除以 ‖g‖；课程除以两个范数之和。",
            )
            .not(
                above / of_h,
                "That is divided by ‖h‖ alone; the course has the sum of both norms.",
                "这里只除以 ‖h‖；课程除以两个范数之和。",
            )
            .not(
                above * above / (of_g * of_g + of_h * of_h),
                "These are the squares of the norms; their roots are missing.",
                "这里用了范数的平方；没有开方。",
            )
            .not(
                sizes(&apart) / (sizes(&analytic) + sizes(&numeric)),
                "That adds up sizes; the norm is the root of the sum of squares.",
                "这是绝对值之和；范数是平方和的平方根。",
            )
            .not(
                2.0 * difference,
                "That is divided by the mean of both norms, not by their sum.",
                "这是除以两个范数的平均，而不是它们的和。",
            ))
    });
    (question, work)
}

/// 3.4
pub(super) fn factor(draw: &mut Draw) -> (Question, Work) {
    let factor = draw.pick(2.0, &[3.0, 4.0, 5.0, 0.5, 0.25, 1.5, 10.0]);
    let numeric: Vec<f64> = (0..4).map(|_| rounded(draw.rng().gaussian() + 0.05, 2)).collect();
    let question = Question {
        title: Text::new("A whole gradient off by a factor", "整个梯度相差一个倍数"),
        text: Text::new(
            format!(
                "A backward pass gives every entry of the gradient {factor} times as large as it should be. What is the relative difference of the check?"
            ),
            format!("某个反向传播使梯度的每个分量都是应有值的 {factor} 倍。检验的相对差是多少？"),
        ),
        given: String::new(),
        hint: Text::new("g = c h. The norm of h cancels out.", "令 g = c h，h 的范数可以约去。"),
        command: format!("g, h = {factor}, 1.0\nabs(g - h) / (abs(g) + abs(h))").into(),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::ROUNDED },
    };
    let work = Work::new(move || {
        let analytic: Vec<f64> = numeric.iter().map(|h| factor * h).collect();
        let difference = relative_difference(&analytic, &numeric);
        let off = (factor - 1.0).abs();
        Ok(Solution::number(difference)
            .because(
                format!("|c − 1| / (c + 1) = {off} / {} = {}, whatever the gradient.", factor + 1.0, number(difference, 4)),
                format!("|c − 1| / (c + 1) = {off} / {} = {}，与梯度本身无关。", factor + 1.0, number(difference, 4)),
            )
            .because(
                "So a difference of a third is the mark of a factor of 2 everywhere, and one of 1 of a sign that is turned everywhere.",
                "所以相对差为三分之一是“处处差 2 倍”的标志，相对差为 1 是“处处符号相反”的标志。",
            )
            .not(off, "That is divided by ‖h‖ alone; the course has the sum of both norms.", "这里只除以 ‖h‖；课程除以两个范数之和。")
            .not(off / factor, "That is divided by ‖g‖ alone; the course has the sum of both norms.", "这里只除以 ‖g‖；课程除以两个范数之和。")
            .not(2.0 * difference, "That is divided by the mean of both norms, not by their sum.", "这是除以两个范数的平均，而不是它们的和。")
            .not(1.0, "It is 1 only where one of the two is 0 or has the opposite sign everywhere.", "只有当其中之一为 0，或处处符号相反时，它才为 1。")
            .not(factor, "That is the factor itself.", "这是倍数本身。"))
    });
    (question, work)
}

/// What is allowed in 3.7.
const THRESHOLD: f64 = 1e-3;
/// Entries are off by this share.
const OFF: f64 = 0.1;

/// 3.7
pub(super) fn unnoticed(draw: &mut Draw) -> (Question, Work) {
    let numeric = loop {
        let entries: Vec<f64> = (0..6)
            .map(|place| {
                // From 1 down to 1e-4, some of them near one another.
                let power = draw.one_of(&[[0, 0], [-1, 0], [-2, -1], [-2, -3], [-3, -4], [-4, -2]][place]);
                let mantissa = rounded(1.0 + 8.0 * draw.rng().uniform(), 1);
                number(mantissa * 10_f64.powi(power), 2).parse().unwrap_or(mantissa)
            })
            .collect();
        let ratios = wrong_each(&entries).into_iter().map(|difference| difference / THRESHOLD);
        // None so near the threshold that rounding decides, some on either side.
        let clear = ratios.clone().all(|ratio| !(0.7..1.4).contains(&ratio));
        let below = ratios.filter(|ratio| *ratio < 1.0).count();
        if clear && (1..entries.len()).contains(&below) {
            break entries;
        }
    };
    let n = numeric.len();
    let question = Question {
        title: Text::new("What a threshold does not notice", "阈值发现不了的错误"),
        text: Text::new(
            format!(
                "h is the right gradient. Suppose that one of its {n} entries, and only one, is 10 % too large in g, and that the check passes where the relative \
                 difference is below {THRESHOLD}. For how many of the {n} entries would that mistake go unnoticed?"
            ),
            format!(
                "h 是正确的梯度。假设 g 中有且只有一个分量偏大 10 %，而检验在相对差小于 {THRESHOLD} 时通过。\
                 对这 {n} 个分量中的多少个，这样的错误不会被发现？"
            ),
        ),
        given: format!("h = {}", listed(&numeric)),
        hint: Text::new(
            "The difference is about 0.1 |hᵢ| / 2‖h‖: small entries hide behind large ones.",
            "相对差约为 0.1 |hᵢ| / 2‖h‖：小分量躲在大分量后面。",
        ),
        command: format!("norm = np.linalg.norm\nsum(0.1 * abs(x) / (2 * norm(h)) < {THRESHOLD} for x in h)")
            .into(),
        expects: Expects::Number { unit: Unit::of("entries", "分量个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let differences = wrong_each(&numeric);
        let hidden = differences.iter().filter(|difference| **difference < THRESHOLD).count();
        let shown = differences.iter().map(|difference| number(*difference, 2)).collect::<Vec<_>>();
        let smaller = numeric.iter().filter(|entry| entry.abs() < THRESHOLD).count();
        let loose = numeric.iter().filter(|entry| OFF * entry.abs() < THRESHOLD).count();
        Ok(Solution::number(hidden as f64)
            .because(
                format!("The differences, one for each entry that is wrong: {}.", shown.join(", ")),
                format!("各分量单独出错时的相对差依次为：{}。", shown.join("、")),
            )
            .because(
                "One number for all entries is ruled by the largest. Only a check entry by entry sees a small one that is wrong.",
                "对全部分量只用一个数，结果由最大的分量决定。只有逐个分量检验才能看到出错的小分量。",
            )
            .not((n - hidden) as f64, "So many are noticed; the question is how many are not.", "这是会被发现的个数；问的是不会被发现的。")
            .not(0.0, "10 % of a small entry is little beside the norm of the whole gradient.", "小分量的 10 % 与整个梯度的范数相比微不足道。")
            .not(n as f64, "10 % of the largest entry is noticed well.", "最大分量的 10 % 是能被发现的。")
            .not(
                loose as f64,
                "So many are off by less than the threshold; but the difference is divided by the norms.",
                "这是绝对误差小于阈值的个数；但相对差还要除以范数。",
            )
            .not(smaller as f64, "So many are themselves smaller than the threshold; what counts is how far they are off, beside the norms.", "这是本身小于阈值的分量个数；应看其误差与范数之比。"))
    });
    (question, work)
}

/// The relative difference with each entry off in turn.
fn wrong_each(numeric: &[f64]) -> Vec<f64> {
    let with = |entry: usize| {
        let off = |(i, h): (usize, &f64)| if i == entry { (1.0 + OFF) * h } else { *h };
        let analytic: Vec<f64> = numeric.iter().enumerate().map(off).collect();
        relative_difference(&analytic, numeric)
    };
    (0..numeric.len()).map(with).collect()
}
