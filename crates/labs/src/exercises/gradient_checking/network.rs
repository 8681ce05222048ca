//! The lab's network under the checker: how many entries are wrong, and what the number says of them.

use nablab_engine::gradcheck::{Component, Report, Verdict};
use nablab_engine::{Activation, Layout, Loss};
use nablab_report::number;

use crate::by_hand::{Matrix, Mistake, Planted};
use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{lab_command, python, small_problem};
use crate::exercises::planted::bug;
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};
use crate::gradient_checking::{SIZES, check, multiply};

/// The first seed from one on that does.
fn seed_from<T>(first: u32, make: impl Fn(u32) -> Option<T>) -> (u32, T) {
    (0..u32::MAX)
        .map(|step| first.wrapping_add(step))
        .find_map(|seed| make(seed).map(|made| (seed, made)))
        .expect("one seed in a few does")
}

/// 3.6
pub(super) fn wrong_entries(draw: &mut Draw) -> (Question, Work) {
    let (first, second) = draw.pick(
        (("W2", 2.0), ("b1", 4.0)),
        &[
            (("W1", 2.0), ("b2", 3.0)),
            (("W2", 0.5), ("b2", 2.0)),
            (("W1", 3.0), ("b1", 2.0)),
            (("W2", 3.0), ("b1", 0.5)),
        ],
    );
    let spoil = move |layout: &Layout, gradient: &mut [f64]| {
        multiply(first.0, first.1)(layout, gradient);
        multiply(second.0, second.1)(layout, gradient);
    };
    let slots: Vec<_> = Layout::dense(&SIZES).slots().to_vec();
    let is_spoiled = move |name: &str| name == first.0 || name == second.0;
    let moving = {
        let slots = slots.clone();
        move |right: &[f64]| {
            let spoiled = slots.iter().filter(|slot| is_spoiled(&slot.name));
            spoiled.flat_map(|slot| &right[slot.range.clone()]).filter(|entry| **entry != 0.0).count()
        }
    };
    // A seed of which the checker sees all that the numbers show, and where some entries are 0 on both sides.
    let (seed, right) = seed_from(draw.seed(1), |seed| {
        let (report, right) = check(seed, Loss::SigmoidCrossEntropyDirect, &spoil).ok()?;
        let wrong = report.count(Verdict::Wrong);
        let all: usize =
            slots.iter().filter(|slot| is_spoiled(&slot.name)).map(|slot| slot.range.len()).sum();
        (wrong > 0 && wrong == moving(&right) && wrong < all).then_some(right)
    });
    let matrix = |slot: &nablab_engine::Slot| {
        python(&format!("d{}", slot.name), &Matrix::new(slot.rows, slot.cols, &right[slot.range.clone()]), 3)
    };
    let question = Question {
        title: Text::new("How many entries are wrong", "有多少个分量错误"),
        text: Text::new(
            format!(
                "Below is the right gradient of the lab's network 4-5-3-1, 47 entries. Someone's backward pass multiplies d{} by {} and d{} by {}. \
                 How many of the 47 entries does a check entry by entry find wrong?",
                first.0, first.1, second.0, second.1
            ),
            format!(
                "下面是实验中网络 4-5-3-1 的正确梯度，共 47 个分量。某人的反向传播把 d{} 乘以 {}，把 d{} 乘以 {}。\
                 逐个分量检验会发现 47 个中有多少个错误？",
                first.0, first.1, second.0, second.1
            ),
        ),
        given: slots.iter().map(matrix).collect::<Vec<_>>().join("\n"),
        hint: Text::new(
            "What is 2 · 0? A relu unit that is silent for all examples has no gradient.",
            "2 · 0 是多少？对所有样本都不激活的 relu 单元没有梯度。",
        ),
        command: match (seed, first.0) {
            (1, "W2") => lab_command(
                "gradient-checking",
                "N-dimensional gradient check: wrong of the others",
                "N 维梯度检验：其余中错误的",
            ),
            _ => format!("np.count_nonzero(d{}) + np.count_nonzero(d{})", first.0, second.0).into(),
        },
        expects: Expects::Number { unit: Unit::of("entries", "分量个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let (report, _) =
            check(seed, Loss::SigmoidCrossEntropyDirect, &spoil).expect("the seed was chosen so");
        let wrong = report.count(Verdict::Wrong);
        let entries =
            |name: &str| slots.iter().find(|slot| slot.name == name).map_or(0, |slot| slot.range.len());
        let (a, b) = (entries(first.0), entries(second.0));
        let of = |name: &str| {
            let here =
                report.components.iter().filter(|c| c.name.starts_with(name) && c.verdict == Verdict::Wrong);
            here.count()
        };
        let (wrong_a, wrong_b) = (of(first.0), of(second.0));
        let difference = number(report.difference, 3);
        Ok(Solution::number(wrong as f64)
            .because(
                format!("{wrong_a} of the {a} entries of d{} and {wrong_b} of the {b} of d{}; the others are 0, and stay 0.", first.0, second.0),
                format!("d{} 的 {a} 个分量中有 {wrong_a} 个，d{} 的 {b} 个中有 {wrong_b} 个；其余为 0，乘了仍为 0。", first.0, second.0),
            )
            .because(
                format!("The one number, {difference}, says only that something is wrong."),
                format!("而单独一个数 {difference} 只能说明有错。"),
            )
            .not((a + b) as f64, "These are all entries of both matrices; some are 0 on both sides, which any factor leaves right.", "这是两个矩阵的全部分量；其中有些两侧均为 0，乘以任何数仍然正确。")
            .not(wrong_a as f64, format!("That is d{} alone.", first.0), format!("这只是 d{}。", first.0))
            .not(wrong_b as f64, format!("That is d{} alone.", second.0), format!("这只是 d{}。", second.0))
            .not(47.0, "That is all of them: mistakes in dW and db do not spread to other layers; one in dZ would.", "这是全部：dW、db 中的错误不会传到其他层，dZ 中的才会。")
            .not(2.0, "Two matrices are wrong; the question is how many entries.", "这是出错的矩阵数；问的是分量数。")
            .not((47 - wrong) as f64, "So many are right.", "这是正确的分量数。"))
    });
    (question, work)
}

/// What may be the matter in 3.9.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Case {
    RoundOff,
    OneEntry,
    WholeMatrix,
}

/// Up to so many wrong entries are a few.
const FEW: usize = 3;

/// 3.9
pub(super) fn verdict(draw: &mut Draw) -> (Question, Work) {
    let case = draw.pick(Case::RoundOff, &[Case::RoundOff, Case::OneEntry, Case::WholeMatrix]);
    let spoil = move |layout: &Layout, gradient: &mut [f64]| match case {
        Case::RoundOff => {}
        // The smallest entry that is one: it hides best.
        Case::OneEntry => {
            let entries = gradient.iter_mut().filter(|entry| entry.abs() > 1e-4);
            if let Some(smallest) = entries.min_by(|a, b| a.abs().total_cmp(&b.abs())) {
                *smallest *= 1.01;
            }
        }
        Case::WholeMatrix => multiply("W2", 1.0001)(layout, gradient),
    };
    let expected = move |report: &Report| match (case, report.count(Verdict::Wrong)) {
        (Case::RoundOff, 0) => true,
        (Case::OneEntry, wrong) => wrong == 1,
        (Case::WholeMatrix, wrong) => wrong > FEW,
        _ => false,
    };
    let (seed, report) = seed_from(draw.seed(1), |seed| {
        let (report, _) = check(seed, Loss::SigmoidCrossEntropyDirect, &spoil).ok()?;
        expected(&report).then_some(report)
    });
    let difference = number(report.difference, 3);
    let choices = vec![
        Text::new("the gradient is right, and the difference is round-off", "梯度正确，差别只是舍入误差"),
        Text::new("a few entries are wrong, and all others are right", "少数分量错误，其余都正确"),
        Text::new("a whole matrix of it is wrong", "其中一整个矩阵都错误"),
    ];
    let question = Question {
        title: Text::new("What the relative difference says", "相对差说明了什么"),
        text: Text::new(
            format!(
                "The gradient of the lab's network was checked: relative difference {difference}, where the course's first edition demands less than 1e-7. These are \
                 the entries furthest off, with central differences of two widths. What is the matter?"
            ),
            format!(
                "检验实验中网络的梯度：相对差 {difference}，课程第一版要求小于 1e-7。下面是相差最大的分量，及两种宽度的中心差分。是怎么回事？"
            ),
        ),
        given: furthest_off(&report),
        hint: Text::new(
            "Round-off falls a hundredfold where ε grows a hundredfold; a mistake stays. And how many entries agree to five digits?",
            "ε 增大一百倍，舍入误差减小约一百倍；错误则不变。再看有多少分量五位数字一致。",
        ),
        command: match (seed, case) {
            (1, Case::RoundOff) => lab_command(
                "gradient-checking",
                "N-dimensional gradient check: repaired",
                "N 维梯度检验：修复之后",
            ),
            _ => "abs(analytic - numeric) / abs(numeric)".to_owned().into(),
        },
        expects: Expects::Choice(choices),
    };
    let work = Work::new(move || {
        let (report, _) =
            check(seed, Loss::SigmoidCrossEntropyDirect, &spoil).expect("the seed was chosen so");
        Ok(said_of(&report))
    });
    (question, work)
}

/// The entries furthest off, at both widths, as a table.
fn furthest_off(report: &Report) -> String {
    // By how far they are off as a share, at the wider step, where round-off is small.
    let mut components: Vec<_> = report.components.iter().filter(|c| c.wide != 0.0).collect();
    let share = |analytic: f64, numeric: f64| ((analytic - numeric) / numeric).abs();
    components.sort_by(|a, b| share(b.analytic, b.wide).total_cmp(&share(a.analytic, a.wide)));
    let width = components.iter().take(FEW + 2).map(|c| c.name.len()).max().unwrap_or(8);
    let line = |c: &&Component| {
        let [analytic, numeric, wide] =
            [c.analytic, c.numeric, c.wide].map(|v| number(v, 9).replace('−', "-"));
        format!("{:width$}  {analytic:>16}  {numeric:>16}  {wide:>16}", c.name)
    };
    let header = format!("{:width$}  {:>16}  {:>16}  {:>16}", "", "analytic", "eps = 1e-7", "eps = 1e-5");
    let lines: Vec<_> = [header].into_iter().chain(components.iter().take(FEW + 2).map(line)).collect();
    lines.join("\n")
}

/// Which of the choices of 3.9 a report bears out.
fn said_of(report: &Report) -> Solution {
    let wrong = report.count(Verdict::Wrong);
    let answer = match wrong {
        0 => 0,
        wrong if wrong <= FEW => 1,
        _ => 2,
    };
    let difference = number(report.difference, 3);
    let solution = Solution::choice(answer);
    let solution = match answer {
        0 => solution
            .because(
                "With the wider ε all 47 entries agree with the gradient to five digits or to within round-off: what differs at ε = 1e-7 is round-off.",
                "用较大的 ε 时，47 个分量都与梯度一致到五位数字或只差舍入误差：ε = 1e-7 时的差别只是舍入误差。",
            )
            .because(
                format!("A threshold of 1e-7 cannot tell: the difference of this right gradient is {difference}."),
                format!("1e-7 的阈值无法判断：这个正确梯度的相对差为 {difference}。"),
            ),
        _ => solution
            .because(
                format!("Of 47 entries {wrong} are wrong: they differ as much with the wider ε."),
                format!("47 个分量中有 {wrong} 个错误：用较大的 ε 时仍然同样不一致。"),
            )
            .because(
                format!("A number as small as {difference} does not show that: it is ruled by the large entries."),
                format!("小到 {difference} 的一个数看不出这一点：它由大分量决定。"),
            ),
    };
    let why = [
        Text::new(
            format!("{wrong} entries differ as much with the wider ε: that is no round-off."),
            format!("有 {wrong} 个分量在较大的 ε 下仍然同样不一致：这不是舍入误差。"),
        ),
        match wrong {
            0 => Text::new(
                "With the wider ε all entries agree: none is wrong.",
                "用较大的 ε 时所有分量都一致：没有错误。",
            ),
            _ => Text::new(
                format!("{wrong} entries are wrong by the same share: too many to be a few."),
                format!("有 {wrong} 个分量错了同样的比例：不止少数。"),
            ),
        },
        match wrong {
            0 => Text::new(
                "With the wider ε all entries agree: none is wrong.",
                "用较大的 ε 时所有分量都一致：没有错误。",
            ),
            _ => Text::new(
                format!("Only {wrong} is wrong; its neighbours in the matrix agree."),
                format!("只有 {wrong} 个错误；同一矩阵的其他分量一致。"),
            ),
        },
    ];
    let others = why.into_iter().enumerate().filter(|(choice, _)| *choice != answer);
    others.fold(solution, |solution, (choice, sentence)| solution.not_choice(choice, sentence))
}

/// 3.10
pub(super) fn planted(draw: &mut Draw) -> (Question, Work) {
    let activation = draw.pick(Activation::Tanh, &[Activation::Tanh, Activation::Sigmoid]);
    let m = draw.pick(4, &[4, 5]);
    let make = |draw: &mut Draw| small_problem(draw.rng(), &[2, 3, 1], m, activation);
    let course = Planted { mistake: Mistake::BiasMeanMissing, layer: 0 };
    let kinds = [
        Mistake::MeanMissing,
        Mistake::MeanTwice,
        Mistake::BiasMeanMissing,
        Mistake::DerivativeMissing,
        Mistake::DerivativeOfSigmoid,
        Mistake::DerivativeNotSquared,
        Mistake::DerivativeOfOutput,
        Mistake::InputBeforeActivation,
        Mistake::OutputDerivative,
        Mistake::Sign,
        Mistake::NeverComputed,
    ];
    bug(draw, make, Text::new("Find the mistake: backpropagation", "找出错误：反向传播"), course, &kinds)
}
