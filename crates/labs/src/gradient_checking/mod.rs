//! Gradient checking: of one number, and of a network with two planted bugs, before and after their repair.

mod bug;
mod network;

use nablab_data::{Dataset, Parts};
use nablab_diagnosis::Finding as Diagnosed;
use nablab_engine::gradcheck::{self, EPSILON, Report, THRESHOLD, THRESHOLD_FIRST, Verdict};
use nablab_engine::{Layout, Loss};
use nablab_report::{Block, Cell, Kind, Lang, Table, number};

use crate::by_hand::finding;
use crate::experiment::Experiment;
use crate::record::{Item, LabRecord, Number, Summary, note};
use crate::{Lab, verdict};
pub use bug::Bug;
use network::SEED;
pub(crate) use network::{SIZES, Spoil, check, multiply, problem};

/// Nothing is trained here.
pub(crate) fn plan(bug: Option<Bug>) -> Experiment {
    let nothing = Dataset::from_rows(1, &[], Vec::new()).expect("no rows, no labels");
    let nothing = Parts { train: nothing, test: None };
    Experiment { bug, ..Experiment::new(Lab::GradientChecking, nothing, Vec::new(), Vec::new()) }
}

/// The two items of the course, and the summary.
pub(crate) fn record(experiment: &Experiment, lang: Lang) -> LabRecord {
    let (first, difference) = one_dimension(lang);
    let checks = NetworkChecks::run();
    let planted = experiment.bug.map(|bug| bug::item(bug, lang));
    let mut statements = statements(difference, &checks, lang);
    // What was asked for comes first.
    statements.splice(..0, planted.iter().map(|(_, statement)| statement.clone()));
    let blocks = vec![Block::List(statements.clone()), Block::Table(checks.table(lang))];
    let mut summary = Summary { statements, blocks, ..Summary::default() };
    for (key, report) in
        [("with_bugs", &checks.with_bugs), ("repaired", &checks.repaired), ("stable", &checks.stable)]
    {
        let of = |verdict| report.count(verdict);
        let counts = serde_json::json!({
            "difference": report.difference, "agree": of(Verdict::Agrees), "round_off": of(Verdict::RoundOff),
            "kink": of(Verdict::Kink), "wrong": of(Verdict::Wrong),
            "findings": verdict::of_gradient(report).iter().map(Diagnosed::code).collect::<Vec<_>>(),
        });
        summary.variants.insert(key.to_owned(), counts);
    }
    let mut items = vec![first, checks.item(lang)];
    items.extend(planted.map(|(item, _)| item));
    LabRecord::new(experiment, items, summary, lang)
}

/// J(θ) = x θ with x = 2 at θ = 4.
fn one_dimension(lang: Lang) -> (Item, f64) {
    let title = lang.choose("One-dimensional gradient check", "一维梯度检验");
    let mut item = Item::new("gradient-checking.1", title, true);
    let (x, theta) = (2.0, 4.0);
    let cost = |theta: f64| x * theta;
    let dtheta = x;
    let layout = Layout::vector("theta", 1);
    let report = gradcheck::check(&layout, &[theta], &[dtheta], |theta| cost(theta[0]))
        .expect("a product is the same twice and finite");
    let values = [
        ("J", "J(θ)", report.value),
        ("dtheta", "dθ", dtheta),
        ("J_plus", "J(θ + ε)", cost(theta + EPSILON)),
        ("J_minus", "J(θ − ε)", cost(theta - EPSILON)),
        ("gradapprox", "(J(θ + ε) − J(θ − ε)) / 2ε", report.components[0].numeric),
        ("difference", "|dθ − ĝ| / (|dθ| + |ĝ|)", report.difference),
    ];
    item.paragraph(lang.choose(
        "J(θ) = x θ, with x = 2, θ = 4 and ε = 1e-7. The derivative is x; the central difference must say the same.",
        "J(θ) = x θ，x = 2，θ = 4，ε = 1e-7。导数为 x；中心差分应当给出同样的结果。",
    ));
    let mut rows = Vec::new();
    for (name, shown, value) in values {
        item.number(name, value);
        rows.push(vec![Cell::text(shown), Cell::Number(value, 17)]);
    }
    item.blocks.push(table(["", lang.choose("Value", "值")], rows));
    (item, report.difference)
}

fn table<const N: usize>(columns: [&str; N], rows: Vec<Vec<Cell>>) -> Block {
    let columns = columns.map(str::to_owned).to_vec();
    Block::Table(Table { caption: String::new(), columns, rows })
}

/// The course's network, checked three times.
struct NetworkChecks {
    cost: f64,
    /// dW2 doubled, db1 with 4/m.
    with_bugs: Report,
    repaired: Report,
    /// Repaired, and the cost in the form that loses no digits.
    stable: Report,
}

impl NetworkChecks {
    fn run() -> Self {
        let bugs = |layout: &Layout, gradient: &mut [f64]| {
            multiply("W2", 2.0)(layout, gradient);
            multiply("b1", 4.0)(layout, gradient);
        };
        let check = |loss, spoil: Spoil<'_>| {
            check(SEED, loss, spoil).expect("the network is deterministic and finite here").0
        };
        let nothing = |_: &Layout, _: &mut [f64]| {};
        let with_bugs = check(Loss::SigmoidCrossEntropyDirect, &bugs);
        let repaired = check(Loss::SigmoidCrossEntropyDirect, &nothing);
        let stable = check(Loss::SigmoidCrossEntropy, &nothing);
        Self { cost: repaired.value, with_bugs, repaired, stable }
    }

    fn item(&self, lang: Lang) -> Item {
        let title = lang.choose("N-dimensional gradient check", "N 维梯度检验");
        let mut item = Item::new("gradient-checking.2", title, true);
        item.number("cost", self.cost);
        item.number("difference_with_bugs", self.with_bugs.difference);
        item.number("difference_fixed", self.repaired.difference);
        item.value("difference_stable", Number(self.stable.difference).into());
        let findings = &self.with_bugs.findings;
        item.value("findings", findings.iter().map(ToString::to_string).collect());

        let parameters = self.with_bugs.components.len();
        item.paragraph(lang.choose(
            format!(
                "A network 4-5-3-1 on three examples has {parameters} parameters. Its backward pass holds two planted bugs: dW2 \
                 is multiplied by 2, and db1 uses 4/m where 1/m belongs."
            ),
            format!(
                "一个 4-5-3-1 网络，三个样本，共 {parameters} 个参数。它的反向传播里埋有两个错误：dW2 被乘以 2；\
                 db1 应为 1/m 却写成 4/m。"
            ),
        ));
        let difference = number(self.with_bugs.difference, 9);
        let title = lang.choose(
            format!("With the bugs: relative difference {difference}"),
            format!("含错误时：相对差 {difference}"),
        );
        item.blocks.push(note(
            Kind::Bad,
            &title,
            lang.choose("nablab names them: ", "nablab 指出错误：").to_owned()
                + &findings
                    .iter()
                    .map(|f| finding(f, lang))
                    .collect::<Vec<_>>()
                    .join(lang.choose("; ", "；"))
                + lang.choose(".", "。"),
        ));
        item.blocks.push(slot_table(&self.with_bugs, &Layout::dense(&SIZES), lang));
        let difference = number(self.repaired.difference, 9);
        let title = lang.choose(
            format!("Repaired: relative difference {difference}"),
            format!("修复之后：相对差 {difference}"),
        );
        let (agree, all) = (self.repaired.count(Verdict::Agrees), self.repaired.components.len());
        let round_off = self.repaired.count(Verdict::RoundOff);
        let wrong = self.repaired.count(Verdict::Wrong);
        let kind = if self.repaired.is_correct() { Kind::Good } else { Kind::Bad };
        item.blocks.push(note(
            kind,
            &title,
            lang.choose(
                format!(
                    "Of {all} components {agree} agree to five digits, beyond which the difference is round-off; {round_off} have \
                     fewer digits to agree in, and {wrong} are wrong."
                ),
                format!("{all} 个分量中，{agree} 个有五位数字一致（其后的差别是舍入误差），{round_off} 个可比的数字更少，{wrong} 个错误。"),
            ),
        ));
        let stable = number(self.stable.difference, 3);
        let thresholds = [THRESHOLD_FIRST, THRESHOLD].map(|t| number(t, 2));
        let [first, later] = &thresholds;
        item.note(
            lang.choose("“There is a mistake”: the course's threshold", "“存在错误”：课程的阈值"),
            lang.choose(
                format!(
                    "The course's first edition demands less than {first} and therefore still reports a mistake \
                     after the repair; later editions demand less than {later}. The {difference} is round-off and \
                     nothing else: one output is 0.99887, and ln(1 − a) loses digits there. In exact arithmetic it \
                     is 1.6e-16. With the same cost written so that no digits are lost it is {stable}, below either edition's \
                     threshold."
                ),
                format!(
                    "课程第一版要求小于 {first}，因此修复之后仍然报告“存在错误”；后来的版本改为 {later}。{difference} \
                     完全来自舍入误差：有一个输出为 0.99887，ln(1 − a) 在那里损失了有效数字；在精确算术下只有 1.6e-16。\
                     若把同一代价写成不损失有效数字的形式，则为 {stable}，比两个版本的阈值都低。"
                ),
            ),
        );
        item
    }

    fn table(&self, lang: Lang) -> Table {
        let row = |name: &str, report: &Report| {
            let below = |threshold: f64| {
                let below = report.difference < threshold;
                Cell::Verdict(
                    below,
                    lang.choose(if below { "yes" } else { "no" }, if below { "是" } else { "否" }).into(),
                )
            };
            let correct = report.is_correct();
            let word =
                if correct { lang.choose("correct", "正确") } else { lang.choose("wrong", "错误") };
            vec![
                Cell::text(name),
                Cell::Number(report.difference, 9),
                below(THRESHOLD_FIRST),
                below(THRESHOLD),
                Cell::Verdict(correct, word.into()),
                Cell::text(verdict::words(&verdict::of_gradient(report), lang)),
            ]
        };
        let columns = lang.choose(
            [
                "Gradient",
                "Relative difference",
                "Below 1e-7",
                "Below 2e-7",
                "Verdict by component",
                "Diagnosis",
            ],
            ["梯度", "相对差", "低于 1e-7", "低于 2e-7", "按分量判断", "诊断"],
        );
        Table {
            caption: lang.choose("The network's gradient, three times", "网络梯度的三次检验").into(),
            columns: columns.map(str::to_owned).to_vec(),
            rows: vec![
                row(lang.choose("with the bugs", "含错误"), &self.with_bugs),
                row(lang.choose("repaired", "修复后"), &self.repaired),
                row(lang.choose("repaired, stable cost", "修复后，数值稳定的代价"), &self.stable),
            ],
        }
    }
}

/// Where the wrong components are.
fn slot_table(report: &Report, layout: &Layout, lang: Lang) -> Block {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    for slot in layout.slots() {
        let entries = &report.components[slot.range.clone()];
        let wrong = entries.iter().filter(|c| c.verdict == Verdict::Wrong).count();
        let worst = entries
            .iter()
            .max_by(|a, b| (a.analytic - a.wide).abs().total_cmp(&(b.analytic - b.wide).abs()))
            .expect("a slot has entries");
        // An entry that is 0 on both sides agrees with any factor.
        let silent = entries.iter().filter(|c| c.analytic == 0.0 && c.wide == 0.0).count();
        rows.push(vec![
            Cell::text(format!("`d{}`", slot.name)),
            Cell::Number(entries.len() as f64, 9),
            Cell::Number(silent as f64, 9),
            Cell::Verdict(wrong == 0, format!("{wrong} / {}", entries.len() - silent)),
            Cell::text(format!("`{}`", worst.name)),
            Cell::Number(worst.analytic, 8),
            Cell::Number(worst.wide, 8),
        ]);
    }
    let columns = lang.choose(
        [
            "Gradient",
            "Entries",
            "0 on both sides",
            "Wrong of the others",
            "Furthest off",
            "Analytic",
            "Numeric",
        ],
        ["梯度", "分量数", "解析值与数值均为 0", "其余分量中的错误数", "相差最大处", "解析值", "数值"],
    );
    table(columns, rows)
}

/// What the checks show.
fn statements(one_dimension: f64, checks: &NetworkChecks, lang: Lang) -> Vec<String> {
    let small = number(one_dimension, 4);
    let findings: Vec<_> = checks.with_bugs.findings.iter().map(|f| f.slot.clone()).collect();
    let slots = findings.join(lang.choose(" and ", " 和 "));
    let (bugs, repaired) = (number(checks.with_bugs.difference, 3), number(checks.repaired.difference, 3));
    let mut statements = vec![
        lang.choose(
            format!(
                "The course's two bugs: one number, {bugs}, says that something is wrong. The report by component says where: {slots}."
            ),
            format!("课程的两个错误：单独一个数 {bugs} 只能说明有错；按分量的报告指出错在哪里：{slots}。"),
        ),
        if one_dimension < THRESHOLD_FIRST {
            lang.choose(
                format!("In one dimension derivative and central difference agree to {small}."),
                format!("一维情形：导数与中心差分相差 {small}，一致。"),
            )
        } else {
            lang.choose(
                format!("In one dimension derivative and central difference differ by {small}."),
                format!("一维情形：导数与中心差分相差 {small}，不一致。"),
            )
        },
    ];
    if checks.repaired.is_correct() && checks.repaired.difference >= THRESHOLD_FIRST {
        statements.push(lang.choose(
            format!(
                "A threshold cannot tell a small mistake from round-off: the repaired gradient is right, yet its \
                 {repaired} lies above {}. Measuring the round-off of each component can. The other way round, that a wrong gradient passes, is counted \
                 in exercises 3.7 and 3.9.",
                number(THRESHOLD_FIRST, 2)
            ),
            format!(
                "单一阈值无法区分小错误与舍入误差：修复后的梯度是正确的，但 {repaired} 仍高于 {}。\
                 逐个分量估计舍入误差才能区分。反过来，错误的梯度也会通过检验：练习 3.7 与 3.9 会数出来。",
                number(THRESHOLD_FIRST, 2)
            ),
        ));
    }
    statements
}
