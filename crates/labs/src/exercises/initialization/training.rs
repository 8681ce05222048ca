//! What the trainings of the lab come to.

use nablab_data::{Dataset, Parts};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::material::{lab_command, trained, trained_on};
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};
use crate::{Knobs, Lab, LabError};

/// 2.3
pub(super) fn accuracy_of_zeros(draw: &mut Draw) -> (Question, Work) {
    let (m, ones) =
        draw.pick((300, 150), &[(200, 90), (250, 160), (120, 45), (160, 100), (300, 190), (80, 26)]);
    let command = match m == 2 * ones {
        true => lab_command(
            "initialization",
            "Training: Zeros, training accuracy",
            "训练：全零初始化，训练准确率",
        ),
        false => {
            format!("y = np.array([1] * {ones} + [0] * {})\nmax(y.mean(), 1 - y.mean())", m - ones).into()
        }
    };
    let question = Question {
        title: Text::new("Zeros: the accuracy", "全零初始化的准确率"),
        text: Text::new(
            format!(
                "All weights of the lab's network start at 0. It is trained on {m} points, of which {ones} have label 1. \
                 Predict before you run: what is its training accuracy at the end?"
            ),
            format!(
                "实验中网络的所有权重从 0 开始，在 {m} 个点上训练，其中 {ones} 个标签为 1。先预测再运行：训练结束时训练准确率是多少？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Every unit outputs 0 for every point. Can the network tell two points apart?",
            "对任何点，每个单元都输出 0。网络能区分两个点吗？",
        ),
        command,
        expects: Expects::Number { unit: Unit::Share, tolerance: Tolerance::Absolute(0.005) },
    };
    let work = Work::new(move || {
        // Where the labels are as many as in the lab, its own data; elsewhere points on a line, which would be easy to learn.
        let mut lab = Lab::Initialization.plan(None, &Knobs::default())?;
        if m != 2 * ones {
            let rows: Vec<f64> = (0..m).flat_map(|i| [i as f64 / m as f64 - 0.5, 1.0]).collect();
            let labels = (0..m).map(|i| u32::from(i < ones)).collect();
            lab.data = Parts { train: Dataset::from_rows(2, &rows, labels)?, test: None };
        }
        let run = trained_on(&lab, &Knobs { epochs: Some(2000), ..Knobs::default() }, "zeros")?;
        let (accuracy, ones_said) = (run.train.accuracy, run.train.predictions.contains('1'));
        let said = u8::from(ones_said);
        Ok(Solution::number(accuracy)
            .because(
                format!(
                    "The network gives all points the same answer, {said}, and is right where that is the label: {} %.",
                    number(100.0 * accuracy, 4)
                ),
                format!("网络对所有点给出同一个回答 {said}，只在标签恰为 {said} 处正确：{} %。", number(100.0 * accuracy, 4)),
            )
            .because(
                "With weights of 0 the gradient of every weight is 0 too; only the last bias can learn.",
                "权重为 0 时，每个权重的梯度也为 0；只有最后一层的偏置能学习。",
            )
            .not(
                1.0 - accuracy,
                "That is the share of the smaller class; the last bias learns which class is the larger.",
                "这是较小一类所占的比例；最后一层的偏置会学到哪一类更大。",
            )
            .not(
                1.0,
                "It cannot even tell two points apart: all of them get the same answer.",
                "它连两个点都区分不了：所有点得到同一个回答。",
            )
            .not(
                0.0,
                "One answer for all points is right for those that have this label.",
                "对所有点给出同一个回答，总会答对具有该标签的点。",
            )
            .not(
                0.5,
                "A coin would be right on half of the points; the last bias learns the larger class.",
                "抛硬币才是一半；最后一层的偏置会学到较大的一类。",
            ))
    });
    (question, work)
}

/// 2.10
pub(super) fn below_half(draw: &mut Draw) -> (Question, Work) {
    let rate = draw.pick(0.01, &[0.006, 0.007, 0.008, 0.012, 0.015, 0.02, 0.025]);
    let knobs = Knobs { learning_rate: Some(rate), ..Knobs::default() };
    let question = Question {
        title: Text::new("He: how long until half of ln 2", "He 初始化：多久降到 ln 2 的一半"),
        text: Text::new(
            format!(
                "The lab trains with He's weights at a learning rate of {rate} and prints the cost every 1000 iterations. At which \
                 printed iteration is the cost for the first time no more than half of ln 2?"
            ),
            format!(
                "实验用 He 初始化、学习率 {rate} 训练，每 1000 次迭代打印一次代价。在打印出的哪一次迭代，代价首次不超过 ln 2 的一半？"
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "Half of ln 2 is 0.347. A rate half as large takes about twice as long.",
            "ln 2 的一半是 0.347。学习率减半，所需时间约加倍。",
        ),
        command: lab_command(
            &format!("initialization{}", draw.flags(&format!("--learning-rate {rate}"))),
            "the costs of He at this rate: as a table or a curve",
            "He 初始化在该学习率下的代价：代价表或曲线",
        ),
        expects: Expects::Number {
            unit: Unit::of("iterations", "迭代次数"), tolerance: Tolerance::EXACT
        },
    };
    let work = Work::new(move || {
        let (he, random) =
            (trained(Lab::Initialization, &knobs, "he")?, trained(Lab::Initialization, &knobs, "random")?);
        let costs = he.costs();
        let first = |below: f64| costs.iter().find(|(_, cost)| *cost <= below).map(|&(at, _)| at as f64);
        let chance = 2f64.ln();
        let never = || LabError::NoAnswer { why: format!("at a rate of {rate} the cost never comes so low") };
        let at = first(chance / 2.0).ok_or_else(never)?;
        let last = costs.last().map_or(0, |&(epoch, _)| epoch);
        let cost = |at: f64| {
            number(costs.iter().find(|(epoch, _)| *epoch as f64 == at).map_or(f64::NAN, |&(_, cost)| cost), 3)
        };
        let (before, then) = (cost(at - 1000.0), cost(at));
        let least = random.costs().iter().map(|&(_, cost)| cost).fold(f64::INFINITY, f64::min);
        let least = number(least, 3);
        let solution = Solution::number(at)
            .because(
                format!("The cost is {before} at iteration {} and {then} at iteration {at}.", at - 1000.0),
                format!("第 {} 次迭代的代价为 {before}，第 {at} 次为 {then}。", at - 1000.0),
            )
            .because(
                format!("With weights ten times as large as a standard Gaussian's the lowest cost printed is {least}."),
                format!("而用 10 倍标准高斯随机权重时，打印出的最低代价为 {least}。"),
            )
            .not(
                last as f64,
                "That is the end of the training; the cost was low enough before.",
                "那是训练的终点；代价在此之前已经足够低。",
            );
        let also = [
            (
                first(chance),
                "There the cost is first below ln 2: the network only begins to know something.",
                "那是代价首次低于 ln 2 之处：网络才刚开始学到东西。",
            ),
            (
                first(chance / 4.0),
                "There the cost is first below a quarter of ln 2.",
                "那是代价首次低于 ln 2 的四分之一之处。",
            ),
        ];
        // What the training never comes to is no answer that somebody could read off.
        let reached = also.into_iter().filter_map(|(at, en, zh)| Some((at?, en, zh)));
        Ok(reached.fold(solution, |solution, (at, en, zh)| solution.not(at, en, zh)))
    });
    (question, work)
}
