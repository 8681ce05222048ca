//! How a set is cut into mini-batches, and how much their costs scatter.

use nablab_engine::batches::Batches;
use nablab_engine::rng::NumpyRng;
use nablab_engine::{MatRef, Seed};
use nablab_report::number;

use crate::exercises::draw::Draw;
use crate::exercises::exercise::Work;
use crate::exercises::{Expects, Question, Solution, Text, Tolerance, Unit};
use crate::{Knobs, Lab};

/// The sizes of the batches that the library cuts m examples into.
fn sizes(m: usize, size: usize) -> Vec<usize> {
    let zeros = vec![0.0; m];
    let examples = MatRef::new(&zeros, 1, m);
    let seed = Seed::Course { weights: 0, dropout: 0, shuffle: 0 };
    let mut batches = Batches::<f64>::new(examples, examples, Some(size), seed);
    batches.start_epoch(0);
    (0..batches.count()).map(|k| batches.batch(k).m()).collect()
}

/// Sets that no batch size divides.
const CUTS: [(usize, usize); 7] =
    [(300, 64), (211, 32), (500, 128), (1000, 96), (130, 25), (275, 60), (640, 150)];

/// The command that shows it.
fn cut(m: usize, size: usize) -> String {
    format!("[min({size}, {m} - k) for k in range(0, {m}, {size})]")
}

/// 4.1
pub(super) fn count(draw: &mut Draw) -> (Question, Work) {
    let (m, size) = draw.pick((148, 64), &CUTS);
    let question = Question {
        title: Text::new("How many mini-batches", "小批量的个数"),
        text: Text::new(
            format!(
                "{m} examples are shuffled and cut into mini-batches of {size}. How many updates does an epoch of gradient descent make?"
            ),
            format!("把 {m} 个样本打乱，按每批 {size} 个划分成小批量。梯度下降的一轮（epoch）有多少次更新？"),
        ),
        given: String::new(),
        hint: Text::new(
            "Every example is seen once in an epoch; each mini-batch makes one update.",
            "一轮中每个样本出现一次；每个小批量更新一次。",
        ),
        command: cut(m, size).into(),
        expects: Expects::Number { unit: Unit::of("updates", "更新次数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let sizes = sizes(m, size);
        let (count, last) = (sizes.len(), sizes.last().copied().unwrap_or(0));
        Ok(Solution::number(count as f64)
            .because(
                format!("The batches hold {sizes:?}: the rest makes a smaller batch of {last}."),
                format!("各批的大小为 {sizes:?}：剩余的样本组成较小的一批，共 {last} 个。"),
            )
            .not(
                (m / size) as f64,
                format!("Here the rest is lost: {last} examples would never be seen in this epoch."),
                format!("这样就丢掉了剩余部分：有 {last} 个样本在这一轮中不会出现。"),
            )
            .not(
                m as f64 / size as f64,
                "There is no part of an update: the rest is a batch, too.",
                "更新次数没有小数：剩余部分也是一批。",
            )
            .not(size as f64, "That is how many examples an update takes.", "这是每次更新所用的样本数。")
            .not(
                m as f64,
                "That is one update for each example: mini-batches of 1.",
                "这是每个样本更新一次：批大小为 1。",
            )
            .not(1.0, "One update for all examples is a full batch.", "用全部样本更新一次，是整批梯度下降。"))
    });
    (question, work)
}

/// 4.2
pub(super) fn last(draw: &mut Draw) -> (Question, Work) {
    let (m, size) = draw.pick((148, 64), &CUTS);
    let question = Question {
        title: Text::new("The last mini-batch", "最后一个小批量"),
        text: Text::new(
            format!(
                "{m} examples are cut into mini-batches of {size}, as in the course. How many examples has the last one?"
            ),
            format!("像课程中那样，把 {m} 个样本按每批 {size} 个划分成小批量。最后一批有多少个样本？"),
        ),
        given: String::new(),
        hint: Text::new(
            "The full batches are cut from the left. What is left over?",
            "从左边起依次划分整批。还剩多少？",
        ),
        command: cut(m, size).into(),
        expects: Expects::Number { unit: Unit::of("examples", "样本个数"), tolerance: Tolerance::EXACT },
    };
    let work = Work::new(move || {
        let sizes = sizes(m, size);
        let full = sizes.len() - 1;
        let last = sizes[full];
        Ok(Solution::number(last as f64)
            .because(
                format!("{full} full batches hold {full} · {size} = {} examples; {m} − {} = {last} are left.", full * size, full * size),
                format!("{full} 个整批共 {full} · {size} = {} 个样本；剩下 {m} − {} = {last} 个。", full * size, full * size),
            )
            .because(
                "Its cost is the mean over fewer examples and scatters more than the others: the lab's cost curve zigzags.",
                "它的代价是更少样本的平均，比其他批次波动更大：实验中的代价曲线因此呈锯齿状。",
            )
            .not(size as f64, "The last batch is full only where the size divides the examples.", "只有整除时，最后一批才是满的。")
            .not((m - size) as f64, "That is what one batch leaves; more full batches are cut from it.", "这是划出一批之后剩下的；其中还能划出更多整批。")
            .not((size - last) as f64, "So many are missing to a full batch.", "这是距离满一批还差的个数。")
            .not(m as f64 / sizes.len() as f64, "The batches are not cut evenly: the full ones first, then the rest.", "不是平均划分：先划整批，最后是剩余部分。"))
    });
    (question, work)
}

/// Batches drawn to see how much their costs scatter.
const DRAWS: usize = 20_000;

/// 4.8
pub(super) fn scatter(draw: &mut Draw) -> (Question, Work) {
    let (large, small) =
        draw.pick((64, 16), &[(64, 4), (128, 8), (90, 10), (100, 4), (32, 8), (64, 32), (80, 5)]);
    let epochs = draw.pick(0, &[100, 300, 1000]);
    let seed = draw.seed(0);
    let when = match epochs {
        0 => ("before its first update".to_owned(), "在第一次更新之前".to_owned()),
        _ => (format!("after {epochs} epochs"), format!("在 {epochs} 轮之后")),
    };
    let question = Question {
        title: Text::new("Small batches scatter more", "小批量的波动"),
        text: Text::new(
            format!(
                "The lab's network {} costs each of its 300 examples something else. The cost of a mini-batch is the mean over its \
                 examples, drawn at random (with replacement). By which factor is the standard deviation of that cost larger with mini-batches of \
                 {small} than with mini-batches of {large}?",
                when.0
            ),
            format!(
                "实验中的网络{}对 300 个样本的损失各不相同。小批量的代价是其中随机抽取（有放回）的样本的平均损失。\
                 批大小为 {small} 时，该代价的标准差是批大小为 {large} 时的多少倍？",
                when.1
            ),
        ),
        given: String::new(),
        hint: Text::new(
            "The variance of a mean of B independent numbers is the variance of one of them, over B.",
            "B 个独立的数的平均，其方差是单个数的方差除以 B。",
        ),
        command: Text::by(|lang| {
            let losses = lang.choose("losses: any 300 numbers", "losses：任意 300 个数");
            format!(
                "scatter = lambda B: np.random.choice(losses, (10000, B)).mean(axis=1).std()        # {losses}\n\
                 scatter({small}) / scatter({large})"
            )
        }),
        expects: Expects::Number { unit: Unit::None, tolerance: Tolerance::Relative(0.04) },
    };
    let work = Work::new(move || {
        let lab = Lab::Optimization.plan(None, &Knobs::default())?;
        let mut training = lab.training("gd")?;
        while training.epochs_done() < epochs && training.epoch() {}
        let run = training.run();
        let deviation = run.train.deviation;
        let of_batches = |size: usize| deviation / (size as f64).sqrt();
        let ratio = of_batches(small) / of_batches(large);
        let train = &lab.data.train;
        let losses: Vec<f64> = run
            .predict(train.x())
            .iter()
            .zip(train.labels())
            .map(|(&p, &label)| -(if label == 1 { p } else { 1.0 - p }).ln())
            .collect();
        let mut rng = NumpyRng::new(seed);
        let measured = measure(&losses, small, &mut rng) / measure(&losses, large, &mut rng);
        let [deviation, of_small, of_large, ratio_shown, measured] =
            [deviation, of_batches(small), of_batches(large), ratio, measured].map(|v| number(v, 3));
        Ok(Solution::number(ratio)
            .because(
                format!(
                    "The losses of single examples have a standard deviation of {deviation}; the mean of B of them has it over √B: \
                     {of_small} with B = {small}, {of_large} with B = {large}, a factor of {ratio_shown}."
                ),
                format!(
                    "单个样本损失的标准差为 {deviation}；B 个的平均则除以 √B：B = {small} 时为 {of_small}，B = {large} 时为 {of_large}，\
                     相差 {ratio_shown} 倍。"
                ),
            )
            .because(
                format!("{DRAWS} mini-batches of each size, drawn now, say {measured}."),
                format!("实际各抽取 {DRAWS} 个小批量，得到 {measured}。"),
            )
            .not(
                large as f64 / small as f64,
                "That is the factor of the variances; the standard deviation has its root.",
                "这是方差的倍数；标准差的倍数是它的平方根。",
            )
            .not(
                1.0 / ratio,
                "It is the other way round: fewer examples, more scatter.",
                "反了：样本越少，波动越大。",
            )
            .not(
                small as f64 / large as f64,
                "It is the other way round, and the root is missing.",
                "反了，而且漏掉了平方根。",
            )
            .not(1.0, "The mean stays the same with any size; its scatter does not.", "期望值与批大小无关，波动却有关。"))
    });
    (question, work)
}

/// The standard deviation of the mean of `size` losses, measured.
fn measure(losses: &[f64], size: usize, rng: &mut NumpyRng) -> f64 {
    let most = losses.len() as u32 - 1;
    let mut mean = || (0..size).map(|_| losses[rng.up_to(most) as usize]).sum::<f64>() / size as f64;
    let means: Vec<f64> = (0..DRAWS).map(|_| mean()).collect();
    let center = means.iter().sum::<f64>() / DRAWS as f64;
    (means.iter().map(|mean| (mean - center).powi(2)).sum::<f64>() / DRAWS as f64).sqrt()
}
