//! What the lab's trainings come to: how well without regularisation, how strong a penalty, what dropout with fixed masks leaves.

use std::sync::Arc;

use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{Remembered, lab_command, trained};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Trial, Unit};
use crate::{Knobs, Lab, LabError};

/// 1.1
pub(super) fn accuracy(draw: &mut Draw) -> (Question, Work) {
    let epochs = draw.pick(30_000, &[5_000, 8_000, 10_000, 15_000, 20_000]);
    let (a, b) = draw.pick((20, 3), &[(20, 3), (16, 4), (24, 5), (12, 3)]);
    let knobs = Knobs { epochs: Some(epochs), hidden: Some(vec![a, b]), ..Knobs::default() };
    let question = Question {
        title: Text::new("Without regularization: the training accuracy", "无正则化的训练准确率"),
        text: Text::new(
            format!(
                "The lab trains a network 2-{a}-{b}-1 without regularization on the points of its football pitch, for {epochs} iterations. Predict \
                 before you run: on which share of the training points is it right at the end?"
            ),
            format!(
                "实验用足球场数据训练网络 2-{a}-{b}-1，无正则化，{epochs} 次迭代。先预测再运行：结束时它在训练集上答对的比例是多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Some points lie on the wrong side of the border: that is noise. How many of them can so small a network learn by heart?",
            "有些点落在边界的另一侧：那是噪声。这样小的网络能记住其中多少？",
        ),
        command: lab_command(
            &format!("regularization{}", draw.flags(&format!("--epochs {epochs} --hidden {a},{b}"))),
            "the run of each variant: No regularization with these settings, training accuracy",
            "各方案的一次训练：这一设置下的无正则化，训练准确率",
        ),
        expects: Expects::Number { unit: Unit::Share, tolerance: Tolerance::Absolute(0.01) },
    };
    let work = Work::new(move || {
        let lab = Lab::Regularization.plan(None, &Knobs::default())?;
        let run = trained(Lab::Regularization, &knobs, "none")?;
        let (train, test) = (run.train.accuracy, run.test.as_ref().map_or(f64::NAN, |test| test.accuracy));
        let counts = [&run.train.predictions, &run.test.as_ref().unwrap_or(&run.train).predictions];
        let variance = |share: f64, predictions: &str| share * (1.0 - share) / predictions.len() as f64;
        let error = (variance(train, counts[0]) + variance(test, counts[1])).sqrt();
        // Chance rarely makes a gap of twice its standard error.
        let learned_noise = train - test > 2.0 * error;
        let [gap, error] = [train - test, error].map(|share| number(100.0 * share, 2));
        let [shown, shown_test] = [train, test].map(|share| number(100.0 * share, 3));
        let why = match learned_noise {
            true => Text::new(
                "That is more than chance explains: what it has learned of the noise holds for the training points only. It overfits.",
                "这超出了偶然的范围：它从噪声中学到的东西只对训练集有效，这就是过拟合。",
            ),
            false => Text::new(
                "Chance may explain that: no overfitting to be seen.",
                "这可以用偶然解释：看不出过拟合。",
            ),
        };
        Ok(Solution::number(train)
            .because(
                format!(
                    "It is right on {shown} % of the training points and {shown_test} % of the test points: a gap of {gap} points, with a \
                     standard error of {error}."
                ),
                format!("训练集上答对 {shown} %，测试集上答对 {shown_test} %：相差 {gap} 个百分点，标准误为 {error}。"),
            )
            .because(why.en, why.zh)
            .not(test, "That is the test accuracy; the training accuracy is another.", "这是测试准确率；问的是训练准确率。")
            .not(
                1.0,
                "Overfitting does not mean that every point is learned: the network is too small for that.",
                "过拟合并不意味着记住每一个点：网络没有那么大。",
            )
            .not(
                lab.majority(),
                "That is what one gets by always giving the same answer.",
                "这是总给出同一个回答时的准确率。",
            ))
    });
    (question, work)
}

/// λ beyond these makes no sense here.
const STRENGTHS: (f64, f64) = (1e-3, 1e3);

fn squares(l2: f64) -> Result<f64, LabError> {
    let run = trained(Lab::Regularization, &Knobs { l2: Some(l2), ..Knobs::default() }, "l2")?;
    Ok(if run.divergence.is_none() { run.squared_weights() } else { f64::INFINITY })
}

/// λ of two digits with which the squares add up to between low and high, and their sum: by halving the interval until two digits
/// have no other λ in it. None where it is not found.
fn strong_enough(
    (low, high): (f64, f64),
    squares: impl Fn(f64) -> Result<f64, LabError>,
) -> Result<Option<(f64, f64)>, LabError> {
    let (mut weak, mut strong) = STRENGTHS;
    let mut tried = f64::NAN;
    loop {
        let middle = (weak * strong).sqrt();
        let l2 = number(middle, 2).parse().unwrap_or(middle);
        if l2 == tried {
            return Ok(None);
        }
        let sum = squares(l2)?;
        match () {
            () if (low..=high).contains(&sum) => return Ok(Some((l2, sum))),
            () if sum < low => strong = middle,
            () => weak = middle,
        }
        tried = l2;
    }
}

/// Where the sum of squares shall be.
const SUMS: [(f64, f64); 5] = [(30.0, 40.0), (14.0, 20.0), (40.0, 55.0), (22.0, 27.0), (16.0, 24.0)];

/// 1.9
pub(super) fn strength(draw: &mut Draw) -> (Question, Work) {
    let (low, high) = draw.pick((20.0, 30.0), &SUMS);
    let question = Question {
        title: Text::new("How strong must the penalty be", "惩罚要多强"),
        text: Text::new(
            format!(
                "A penalty keeps weights small. With which λ do the squares of all weights of the lab's network add up at the end to between \
                 {low} and {high}? Every λ that does this is right; your answer is tried."
            ),
            format!(
                "惩罚使权重保持较小（权重衰减）。λ 取多少时，实验中网络所有权重的平方和最终在 {low} 与 {high} 之间？凡满足这一点的 λ 都算正确；\
                 你的答案会被实际训练检验。"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Try one, and read the sum of squared weights in the table of the runs. A larger λ makes it smaller.",
            "先试一个，再看结果表中的“权重平方和”。λ 越大，它越小。",
        ),
        command: lab_command(
            "regularization --l2 0.1",
            "the run of each variant: L2 regularization with this λ, sum of squared weights",
            "各方案的一次训练：用这个 λ 的 L2 正则化，权重平方和",
        ),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Tried },
    };
    let sums = Arc::new(Remembered::new(squares));
    let known = Arc::clone(&sums);
    let solve = move || {
        let squares = |l2| known.of(l2);
        let none = || LabError::NoAnswer {
            why: format!("no λ of two digits makes a sum of squares between {low} and {high}"),
        };
        let (l2, sum) = strong_enough((low, high), squares)?.ok_or_else(none)?;
        let (sum, twice, none) = (number(sum, 3), number(squares(2.0 * l2)?, 3), number(squares(0.0)?, 3));
        let m = Lab::Regularization.plan(None, &Knobs::default())?.data.train.examples();
        Ok(Solution::number(l2)
            .because(
                format!("With λ = {l2} the sum is {sum}, with twice that {twice}, without a penalty {none}."),
                format!("λ = {l2} 时平方和为 {sum}，λ 加倍时为 {twice}，没有惩罚时为 {none}。"),
            )
            .because(
                "Each step multiplies every weight by 1 − αλ/m and adds what the loss wants: small weights make a smooth boundary.",
                "每一步都把每个权重乘以 1 − αλ/m，再加上损失的部分：小权重使边界平滑（权重衰减）。",
            )
            .not(0.0, "Without a penalty nothing holds the weights small.", "没有惩罚，权重就不受约束。")
            .not(
                l2 / 10.0,
                "That is a tenth of what is needed: the weights stay larger.",
                "这只有所需的十分之一：权重仍然太大。",
            )
            .not(
                l2 * m as f64,
                format!("That is λ times m: the cost has λ / 2m, and the division by the {m} examples is there already."),
                format!("这是 λ 乘以 m：代价中是 λ / 2m，已经除以了 {m} 个样本。"),
            )
            .not(
                l2 / m as f64,
                "That is λ / m, the factor of W in the gradient; the question is λ itself.",
                "这是 λ / m，即梯度中 W 的系数；问的是 λ 本身。",
            ))
    };
    (question, Work::new(solve).tried(move |l2| try_strength(l2, (low, high), |l2| sums.of(l2))))
}

/// Train with λ.
fn try_strength(
    l2: f64,
    (low, high): (f64, f64),
    squares: impl Fn(f64) -> Result<f64, LabError>,
) -> Result<Trial, LabError> {
    if !(0.0..=STRENGTHS.1).contains(&l2) {
        let most = STRENGTHS.1;
        let seen = Text::new(
            format!("Here λ lies from 0 to {most}; a negative one would make the weights grow."),
            format!("这里 λ 在 0 到 {most} 之间；负的 λ 会使权重越来越大。"),
        );
        return Ok(Trial { passed: false, nearly: false, seen });
    }
    let sum = squares(l2)?;
    let passed = (low..=high).contains(&sum);
    let nearly = !passed && (0.9 * low..=1.1 * high).contains(&sum);
    let shown = number(sum, 3);
    let seen = match () {
        () if sum > high => Text::new(
            format!("Tried: the squares add up to {shown}, more than {high}. The penalty is too weak."),
            format!("实际训练：平方和为 {shown}，大于 {high}。惩罚太弱。"),
        ),
        () if sum < low => Text::new(
            format!("Tried: the squares add up to {shown}, less than {low}. The penalty is too strong."),
            format!("实际训练：平方和为 {shown}，小于 {low}。惩罚太强。"),
        ),
        () => Text::new(
            format!("Tried: the squares add up to {shown}."),
            format!("实际训练：平方和为 {shown}。"),
        ),
    };
    Ok(Trial { passed, nearly, seen })
}

/// 1.10
pub(super) fn whole_network(draw: &mut Draw) -> (Question, Work) {
    let rate = draw.pick(0.14, &[0.05, 0.08, 0.1, 0.12, 0.18, 0.2]);
    let knobs = Knobs { dropout: Some(rate), ..Knobs::default() };
    let keep = number(1.0 - rate, 4);
    let question = Question {
        title: Text::new("Dropout off: what the whole network costs", "关闭 dropout 后整个网络的代价"),
        text: Text::new(
            format!(
                "The lab trains with dropout, keep probability {keep}, and draws the same masks in every iteration, as the course does. The cost it prints \
                 while training ends very low. What does the same network cost on the training set at the end with dropout off?"
            ),
            format!(
                "实验用 dropout（随机失活）训练，保留概率 {keep}，并像课程那样每次迭代使用相同的掩码。训练中打印的代价最后很低。\
                 训练结束时关闭 dropout，同一个网络在训练集上的代价是多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Masks that never change train one thinned network for each example. Whoever predicts uses the whole network, which was never trained.",
            "从不改变的掩码为每个样本训练一个稀疏的网络。预测时用的是整个网络，而它从未被训练过。",
        ),
        command: lab_command(
            &format!("regularization{}", draw.flags(&format!("--dropout {rate}"))),
            "the run of each variant: Dropout with this rate, cost",
            "各方案的一次训练：这一丢弃率的 dropout 正则化，代价",
        ),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Relative(0.02) },
    };
    let work = Work::new(move || {
        let (dropout, none) =
            (trained(Lab::Regularization, &knobs, "dropout")?, trained(Lab::Regularization, &knobs, "none")?);
        let printed = dropout.costs().last().map_or(f64::NAN, |&(_, cost)| cost);
        let test = dropout.test.as_ref().map_or(f64::NAN, |test| test.cost);
        let cost = dropout.train.cost;
        let [shown, shown_printed] = [cost, printed].map(|cost| number(cost, 3));
        Ok(Solution::number(cost)
            .because(
                format!("With its masks on the network costs {shown_printed}; with dropout off {shown}."),
                format!("带掩码时代价为 {shown_printed}；关闭 dropout 后为 {shown}。"),
            )
            .because(
                "The training fitted the thinned network that each example meets, not the whole one. Dropout as it is meant draws the masks afresh in each \
                 iteration.",
                "训练拟合的是每个样本所遇到的稀疏网络，而不是整个网络。真正的 dropout 在每次迭代重新抽取掩码。",
            )
            .not(
                printed,
                "That is the cost printed while training, with the masks on.",
                "这是训练中打印的代价，带着掩码。",
            )
            .not(
                none.train.cost,
                "That is the network trained without regularization.",
                "这是无正则化训练的网络的代价。",
            )
            .not(test, "That is the cost on the test set.", "这是测试集上的代价。")
            .not(
                printed * (1.0 - rate),
                "The division by the keep probability is for activations, not for costs.",
                "除以或乘以保留概率是对激活值而言的，不是对代价。",
            ))
    });
    (question, work)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_ends_with_what_it_looks_for_or_with_nothing() {
        let falls = |l2: f64| Ok(10.0 / l2);
        let (l2, sum) = strong_enough((20.0, 30.0), falls).unwrap().unwrap();
        assert!((20.0..=30.0).contains(&sum) && sum == 10.0 / l2, "{l2} {sum}");
        assert_eq!(strong_enough((20.0, 30.0), |_| Ok(50.0)).unwrap(), None, "always too large");
        assert_eq!(strong_enough((20.0, 30.0), |_| Ok(f64::NAN)).unwrap(), None, "no number");
        let jumps = |l2: f64| Ok(if l2 < 1.0 { 50.0 } else { 10.0 });
        assert_eq!(strong_enough((20.0, 30.0), jumps).unwrap(), None, "it jumps over what is asked for");
    }
}
